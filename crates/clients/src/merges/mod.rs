//! Making one of two (統合): two companies, or two contacts of one company, that turn out to be the same; and taking that
//! back.
//!
//! The one merged away keeps its row, and everything that was said and agreed there; it points to the one kept, which
//! lists, searches, look-alikes and mails show from now on. What it was the client of moves: contacts, leads, deals,
//! orders, deliveries, mails. Tables of other crates are moved by their own verbs, which callers hand in: one
//! transaction makes all of it true.
//!
//! Invariants: taking a merge back leaves every row as it was but for versions, which only count up, so that no form from
//! before or between writes over what moved
//! (`a_merge_taken_back_leaves_every_row_as_it_was`); a refusal of either is a refusal of the one kept, and nobody gains a
//! consent (`who_refused_calls_stays_off_the_call_list`); of two merges at once one wins
//! (`of_two_merges_at_once_one_wins`).

mod companies;
mod contacts;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, MergeId};

pub use companies::merge_companies;
pub use contacts::merge_contacts;
pub use lists::{find, of_company, of_contact};
pub use model::{
    CompanyMergeInput, ContactMergeInput, FieldChoice, Hindrance, Merge, Moved, Pair, Side, company_choices,
    contact_choices,
};

/// Why two were not made one, or one not two again. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Fields that cannot be accepted.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// One of the two was merged into another before.
    #[error("one of the two was merged away before")]
    AlreadyMerged,
    /// The contacts belong to two companies: those are merged first.
    #[error("the contacts are of two companies")]
    TwoCompanies,
    /// Somebody changed one of the two since it was read.
    #[error("one of the two was changed meanwhile")]
    Stale,
    /// What happened since forbids taking the merge back.
    #[error("the merge stands: {0}")]
    Stands(Hindrance, Box<[FieldProblem; 1]>),
    /// The database failed, or this town has no such company, contact or merge.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Hindrance> for MergeError {
    fn from(hindrance: Hindrance) -> Self {
        Self::Stands(hindrance, Box::new([FieldProblem::new(hindrance.as_str(), Code::MergeStands)]))
    }
}

impl Coded for MergeError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::AlreadyMerged => Code::AlreadyMerged,
            Self::TwoCompanies => Code::TwoCompanies,
            Self::Stale => Code::Stale,
            Self::Stands(..) => Code::MergeStands,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Stands(_, problems) => problems.as_slice(),
            _ => &[],
        }
    }
}

/// Takes a merge back, unless what happened since forbids it. `back` gives the rows of other crates back to the one that
/// was merged away and says which it moved; it may refuse.
pub fn undo(
    tx: &mut Tx<'_>,
    id: MergeId,
    back: impl FnOnce(&mut Tx<'_>, &Merge) -> Result<Moved, MergeError>,
) -> Result<Merge, MergeError> {
    let merge = find(tx, id)?;
    // First, so that of two who take it back at once the second finds it done.
    if !store::set_undone(tx, id)? {
        return Err(Hindrance::Undone.into());
    }
    match merge.pair {
        Pair::Companies { kept, merged } => companies::part(tx, &merge, (kept, merged), back)?,
        Pair::Contacts { kept, merged } => contacts::part(tx, &merge, (kept, merged), back)?,
    }
    Ok(find(tx, id)?)
}

fn same() -> Invalid {
    Invalid::field("other", Code::SameOne)
}
