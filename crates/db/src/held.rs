//! Connections as the pool holds them: one that turned out to be dead is thrown away instead of being lent again.
//!
//! diesel's own manager only notices a connection whose transaction could not be rolled back. One that died while it
//! lay idle (the server restarted, an administrator ended it) fails at BEGIN, looks healthy afterwards, and would fail
//! every caller until its age ends it.

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::r2d2::R2D2Connection as _;
use r2d2::ManageConnection;

use crate::door::PoolSettings;

/// A pooled connection.
pub(crate) struct Held {
    pub(crate) conn: PgConnection,
    dead: bool,
}

impl Held {
    /// After a failure: asks the server whether the connection still answers, and gives it up when it does not; whether it is
    /// dead.
    pub(crate) fn doubt(&mut self) -> bool {
        self.dead = self.conn.batch_execute("SELECT 1").is_err();
        self.dead
    }
}

/// Makes the pool's connections.
#[derive(Debug)]
pub(crate) struct Connector {
    pub(crate) url: String,
    pub(crate) settings: PoolSettings,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Refused(#[from] diesel::ConnectionError),
    #[error(transparent)]
    Unprepared(#[from] diesel::result::Error),
}

impl ManageConnection for Connector {
    type Connection = Held;
    type Error = ConnectError;

    fn connect(&self) -> Result<Held, ConnectError> {
        let mut conn = PgConnection::establish(&watchful(&self.url))?;
        self.settings.prepare(&mut conn)?;
        Ok(Held { conn, dead: false })
    }

    fn is_valid(&self, held: &mut Held) -> Result<(), ConnectError> {
        Ok(held.conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, held: &mut Held) -> bool {
        held.dead || std::thread::panicking() || held.conn.is_broken()
    }
}

/// The URL with keep-alives on, so that a connection whose other end vanished is noticed within 30 seconds. They mean
/// nothing on a unix socket. A connection string that is no URL is left as it is.
pub fn watchful(url: &str) -> String {
    if !url.contains("://") {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!(
        "{url}{joint}connect_timeout=10&keepalives=1&keepalives_idle=10&keepalives_interval=5&keepalives_count=3\
         &tcp_user_timeout=25000"
    )
}
