//! Partner towns (提携自治体): one asks another on the same server, the other agrees, and either ends it.
//!
//! Each town keeps its own row of the other and changes no row but its own. What one does reaches the other as a task
//! ([`TellTown`]) that reads how the row stands and writes it down in the other's scope, as the system: so row-level
//! security stays as plain as everywhere, and no town's audit trail names another's people.
//!
//! Invariants: orders are shared only while both want it (`two_towns_share_only_while_both_want_it`); whatever is done on
//! both sides at once and however often it is told, both come to say the same (`both_sides_come_to_the_same`).

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::organizations::{self, TownEntry};
use db::{Db, DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, OrganizationId, Scope};
use queue::{Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

pub(crate) use lists::of_town;
pub use lists::{agreed, find, list};
pub use model::{AskPartnerInput, Partner, PartnerId, PartnerKey, Standing};

use crate::shares;
use events::PartnerHeard;
use model::Word;
use store::Wishes;

/// Why nothing changed between two towns.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// Fields that cannot be accepted, among them a town that is not there; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not as the two stand.
    #[error("the partnership is {0}")]
    Stands(Standing),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for PartnerError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Stands(_) => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// One of this town's, kept as it stands until the transaction ends; none where it has none of that id.
pub(crate) fn hold_known(tx: &mut Tx<'_>, id: PartnerId) -> Result<Option<Partner>, DbError> {
    match store::hold(tx, id) {
        Ok(partner) => Ok(Some(partner)),
        Err(DbError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks another town to work together; where that one has asked already, this agrees.
pub fn ask(tx: &mut Tx<'_>, input: &AskPartnerInput) -> Result<Partner, PartnerError> {
    let other = town_called(tx, &input.checked()?)?;
    let partner = store::hold_town(tx, other.id, &other.slug, &other.name)?;
    match partner.standing {
        standing @ (Standing::Asked | Standing::Agreed) => Err(PartnerError::Stands(standing)),
        Standing::AskedBy | Standing::Ended => Ok(want(tx, &partner)?),
    }
}

/// A town of this installation to which one may turn: another, and real or invented as this one is.
fn town_called(tx: &mut Tx<'_>, slug: &str) -> Result<TownEntry, PartnerError> {
    let own = organizations::find(tx)?;
    let found = organizations::by_slug(tx, slug)?.filter(|other| other.kind == own.kind);
    let other = found.ok_or_else(|| Invalid::field("town", Code::NoSuchTown))?;
    if other.id == own.id {
        return Err(Invalid::field("town", Code::SameOne).into());
    }
    Ok(other)
}

/// Says yes to a town that has asked.
pub fn agree(tx: &mut Tx<'_>, id: PartnerId) -> Result<Partner, PartnerError> {
    let partner = store::hold(tx, id)?;
    match partner.standing {
        Standing::AskedBy => Ok(want(tx, &partner)?),
        standing => Err(PartnerError::Stands(standing)),
    }
}

/// Ends it, takes the question back or says no. What is shared already goes on; what nobody has answered is taken back.
pub fn end(tx: &mut Tx<'_>, id: PartnerId) -> Result<Partner, PartnerError> {
    let partner = store::hold(tx, id)?;
    if partner.standing == Standing::Ended {
        return Err(PartnerError::Stands(partner.standing));
    }
    let heard_version = partner.heard_version;
    let wishes = Wishes { ours: false, theirs: false, is_said: true, heard_version };
    let partner = say(tx, &partner, &wishes)?;
    shares::void_open(tx, partner.id)?;
    Ok(partner)
}

fn want(tx: &mut Tx<'_>, partner: &Partner) -> Result<Partner, DbError> {
    let theirs = partner.standing == Standing::AskedBy;
    let wishes = Wishes { ours: true, theirs, is_said: true, heard_version: partner.heard_version };
    say(tx, partner, &wishes)
}

fn say(tx: &mut Tx<'_>, partner: &Partner, wishes: &Wishes) -> Result<Partner, DbError> {
    let partner = store::write(tx, partner, wishes)?;
    queue::enqueue(tx, &TellTown { partner: partner.id })?;
    Ok(partner)
}

/// Tells another town how this one stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellTown {
    /// Which one.
    pub partner: PartnerId,
}

impl Task for TellTown {
    const KIND: &'static str = "partners.tell";
}

/// Registers the handler of [`TellTown`].
pub fn register(registry: &mut Registry) {
    registry.detached::<TellTown>(|db, town, _attempt, task| tell(db, town, task.partner));
}

fn tell(db: &Db, town: OrganizationId, partner: PartnerId) -> Result<(), TaskError> {
    let word = db.run_blocking(Scope::system(town), move |tx| word(tx, partner))?;
    let to = word.to;
    db.run_blocking(Scope::system(to), move |tx| hear(tx, &word))?;
    Ok(())
}

fn word(tx: &mut Tx<'_>, partner: PartnerId) -> Result<Word, DbError> {
    let own = organizations::find(tx)?;
    let partner = find(tx, partner)?;
    Ok(Word {
        to: partner.town,
        from: own.id,
        slug: own.slug,
        name: own.name,
        wants: partner.standing.is_ours(),
        knows: matches!(partner.standing, Standing::AskedBy | Standing::Agreed),
        version: partner.version,
    })
}

/// Writes down what another town says. What was heard before, or is older than what was, changes nothing; whoever hears that
/// the other does not want it any more does not want it either, and says so where they had wanted it. Whoever wants it and
/// hears that the other does not know so says it once more.
fn hear(tx: &mut Tx<'_>, word: &Word) -> Result<(), DbError> {
    let partner = store::hold_town(tx, word.from, &word.slug, &word.name)?;
    if word.version <= partner.heard_version {
        return Ok(());
    }
    let wanted = partner.standing.is_ours();
    let wishes = Wishes {
        ours: wanted && word.wants,
        theirs: word.wants,
        is_said: wanted && !(word.wants && word.knows),
        heard_version: word.version,
    };
    let before = partner.standing;
    let partner =
        if wishes.is_said { say(tx, &partner, &wishes)? } else { store::write(tx, &partner, &wishes)? };
    if partner.standing == before {
        return Ok(());
    }
    if partner.standing == Standing::Ended {
        shares::void_open(tx, partner.id)?;
    }
    queue::record(
        tx,
        &PartnerHeard { partner: partner.id, name: partner.name.clone(), standing: partner.standing },
    )?;
    Ok(())
}
