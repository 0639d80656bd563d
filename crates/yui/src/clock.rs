//! The check of the machine's clock that every long-running command and `doctor` begin with.

use db::Moments;

use crate::Stop;

/// Stops with what to do when the clock was set back behind what is recorded; otherwise what it says.
pub(crate) fn check(owner_url: &str) -> Result<String, Stop> {
    let moments = Moments::read(owner_url).map_err(Stop::failed)?.check().map_err(Stop::not_ready)?;
    Ok(moments.now.to_rfc3339())
}
