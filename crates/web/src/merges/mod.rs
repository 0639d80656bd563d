//! Making one of two companies or two contacts, and taking it back: what each crate moves, joined in one transaction.

pub(crate) mod api;
pub(crate) mod pages;
mod preview;
pub(crate) mod show;
#[cfg(test)]
mod tests;

use clients::contacts;
use clients::merges::{
    self, CompanyMergeInput, ContactMergeInput, Hindrance, Merge, MergeError, Moved, Pair,
};
use db::{DbError, Tx};
use kernel::{CompanyId, ContactId, MergeId};
use notifier::{consents, messages};

/// The advertising that a merge of two contacts put aside.
const HELD: &str = "held_mails";

/// Makes one of two companies, with whatever every crate has of the one merged away; see
/// [`clients::merges::merge_companies`].
pub fn merge_companies(
    tx: &mut Tx<'_>,
    kept: CompanyId,
    version: i32,
    input: &CompanyMergeInput,
) -> Result<Merge, MergeError> {
    merges::merge_companies(tx, kept, version, input, |tx, from, into| move_company(tx, from, into, None))
}

fn merge_contacts(
    tx: &mut Tx<'_>,
    kept: ContactId,
    version: i32,
    input: &ContactMergeInput,
) -> Result<Merge, MergeError> {
    let others = |tx: &mut Tx<'_>, from, into| -> Result<Moved, DbError> {
        let mut moved = move_contact(tx, from, into, None)?;
        moved.note(HELD, consents::hold_unwanted(tx, from, into)?);
        Ok(moved)
    };
    let merge = merges::merge_contacts(tx, kept, version, input, others)?;
    if let Pair::Contacts { kept, merged } = merge.pair {
        consents::take_over_refusal(tx, merge.id, merged, kept)?;
    }
    Ok(merge)
}

fn undo(tx: &mut Tx<'_>, id: MergeId) -> Result<Merge, MergeError> {
    merges::undo(tx, id, |tx, merge| match merge.pair {
        Pair::Companies { kept, merged } => give_back(tx, merge, kept, merged),
        Pair::Contacts { kept, merged } => {
            consents::let_go(tx, merge.id)?;
            let moved = move_contact(tx, kept, merged, Some(merge.moved()))?;
            for contact in [kept, merged] {
                consents::give_back_held(tx, contact, merge.moved().of(HELD))?;
            }
            Ok(moved)
        }
    })
}

fn give_back(
    tx: &mut Tx<'_>,
    merge: &Merge,
    kept: CompanyId,
    merged: CompanyId,
) -> Result<Moved, MergeError> {
    let moved = move_company(tx, kept, merged, Some(merge.moved()))?;
    let people = contacts::ids_of_company(tx, merged)?;
    let entangled = sales::merging::are_entangled(tx, merged, &people, kept)?
        || fulfillment::merging::are_entangled(tx, merged, &people, kept)?;
    if entangled { Err(Hindrance::Entangled.into()) } else { Ok(moved) }
}

fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let sold = sales::merging::move_company(tx, from, into, only)?;
    Ok(sold.and(fulfillment::merging::move_company(tx, from, into, only)?))
}

fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let sold = sales::merging::move_contact(tx, from, into, only)?;
    let mut moved = sold.and(fulfillment::merging::move_contact(tx, from, into, only)?);
    moved.note("messages", messages::move_contact(tx, from, into, only.map(|only| only.of("messages")))?);
    Ok(moved)
}
