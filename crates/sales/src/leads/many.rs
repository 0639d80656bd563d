//! Many leads at once, for imports: found by what they may be recognised by, entered by the rules of one, corrected, taken
//! back while nobody has touched them.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use kernel::{Invalid, LeadId, PersonId, date_in_japan};

use super::model::{Lead, LeadFields, LeadInput};
use super::store::{self, LeadRow};
use super::{LeadError, at_version};
use crate::about::About;
use crate::assigning;
use crate::colleagues;
use crate::schema::leads;

/// Those of `ids` that this town has.
pub(crate) fn find_many(tx: &mut Tx<'_>, ids: &[LeadId]) -> Result<Vec<Lead>, DbError> {
    let rows: Vec<LeadRow> =
        leads::table.filter(leads::id.eq_any(ids)).select(LeadRow::as_select()).load(tx.conn())?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// Leads whose company's name folds to one of `keys` ([`kernel::text::search_key`]); of each at most `most`, the newest.
pub(crate) fn of_names(tx: &mut Tx<'_>, keys: &[String], most: i64) -> Result<Vec<Lead>, DbError> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        id: LeadId,
    }
    let found: Vec<Found> = diesel::sql_query(
        "SELECT named.id FROM (SELECT DISTINCT key FROM unnest($1) AS names (key)) asked CROSS JOIN LATERAL ( \
             SELECT l.id FROM leads l WHERE l.company_key = asked.key ORDER BY l.id DESC LIMIT $2) named",
    )
    .bind::<Array<Text>, _>(keys)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    find_many(tx, &found.into_iter().map(|one| one.id).collect::<Vec<_>>())
}

/// Enters all of `inputs` in one statement and in their order. The first that cannot be accepted refuses them all. What
/// was brought from elsewhere is no inquiry of today, so no [`LeadEntered`](crate::events::LeadEntered) is told.
pub(crate) fn enter_many(tx: &mut Tx<'_>, inputs: &[LeadInput]) -> Result<Vec<Lead>, LeadError> {
    let (person, today) = (tx.actor().person(), date_in_japan(tx.now()));
    let fields: Vec<LeadFields> =
        inputs.iter().map(|input| input.checked(person, today)).collect::<Result<_, Invalid>>()?;
    store::insert_many(tx, &fields)
}

/// Corrects what was entered for a lead that was read at `version` and is not closed. Where no owner is named, theirs it
/// stays. A new owner hears of it.
pub fn correct(tx: &mut Tx<'_>, id: LeadId, version: i32, input: &LeadInput) -> Result<Lead, LeadError> {
    let before = super::find(tx, id)?.owner_id;
    let lead = correct_quietly(tx, id, version, input)?;
    if let Some(owner) = lead.owner_id.filter(|owner| Some(*owner) != before) {
        assigning::tell(tx, About::Lead(id), owner)?;
    }
    Ok(lead)
}

/// [`correct`] of which nobody is told: what a file brings, and what is told of many at once.
pub(crate) fn correct_quietly(
    tx: &mut Tx<'_>,
    id: LeadId,
    version: i32,
    input: &LeadInput,
) -> Result<Lead, LeadError> {
    let current = at_version(tx, id, version)?;
    current.must_be_alive()?;
    let fields = input.checked(current.owner_id, date_in_japan(tx.now()))?;
    may_have(tx, fields.owner_id, &current)?;
    let lead = Lead {
        company_name: fields.company_name,
        contact_name: fields.contact_name,
        email: fields.email,
        phone: fields.phone,
        source: fields.source,
        need: fields.need,
        company_id: fields.company_id,
        owner_id: fields.owner_id,
        asked_on: fields.asked_on,
        ..current
    };
    store::update(tx, &lead)?.ok_or(LeadError::Stale)
}

/// Gives a lead that was read at `version` and is not closed to `owner`, or to nobody.
pub(crate) fn hand_to(
    tx: &mut Tx<'_>,
    id: LeadId,
    version: i32,
    owner: Option<PersonId>,
) -> Result<Lead, LeadError> {
    let current = at_version(tx, id, version)?;
    current.must_be_alive()?;
    may_have(tx, owner, &current)?;
    store::update(tx, &Lead { owner_id: owner, ..current })?.ok_or(LeadError::Stale)
}

fn may_have(tx: &mut Tx<'_>, owner: Option<PersonId>, current: &Lead) -> Result<(), LeadError> {
    match owner {
        Some(owner) => colleagues::check_owner(tx, owner, current.owner_id),
        None => Ok(()),
    }
}

/// Removes those of `ids` that are as they were entered; gives back which. One that something refers to refuses them all
/// ([`DbError::is_still_referenced`]).
pub(crate) fn take_back(tx: &mut Tx<'_>, ids: &[LeadId]) -> Result<Vec<LeadId>, DbError> {
    store::delete_new(tx, ids)
}
