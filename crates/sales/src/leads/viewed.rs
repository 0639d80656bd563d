//! Leads by conditions that people put together: the fields there are, and a list in an order of its own.

use db::filter::{
    Asked, Field, Finder, Group, Kind, Of, RowKey, Sort, SortBy, SortKey, beyond, in_order, passes,
};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{LeadId, Page, Paging, text};

use super::model::{DisqualifiedReason, Lead, LeadSource, LeadStatus};
use super::store::LeadRow;
use crate::schema::leads;

/// What conditions on leads may be about.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "words", kind: Kind::Words { key: "leads.search_key", finder: NAMED } },
    Field { name: "company_name", kind: Kind::Text { key: "leads.company_key", finder: Some(NAMED) } },
    Field { name: "state", kind: Kind::Word { column: "leads.state", words: states } },
    Field { name: "source", kind: Kind::Word { column: "leads.source", words: sources } },
    Field { name: "owner", kind: Kind::Choice { column: "leads.owner_id", of: Of::People } },
    Field { name: "answer_by", kind: Kind::Day { column: "leads.answer_by" } },
    Field { name: "next_action_on", kind: Kind::Day { column: "leads.next_action_on" } },
    Field { name: "contacted_at", kind: Kind::Moment { column: "leads.contacted_at" } },
    Field { name: "asked_on", kind: Kind::Day { column: "leads.asked_on" } },
    Field { name: "created_at", kind: Kind::Moment { column: "leads.created_at" } },
    Field { name: "reason", kind: Kind::Word { column: "leads.disqualified_reason", words: reasons } },
    Field { name: "email", kind: Kind::Blank { column: "leads.email" } },
    Field { name: "phone", kind: Kind::Blank { column: "leads.phone" } },
];

/// What finds leads by what they are searched by, the company's name among it.
const NAMED: Finder = Finder { id: ID, function: "search_lead_ids" };

fn states() -> Vec<&'static str> {
    LeadStatus::ALL.iter().map(|one| one.as_str()).collect()
}

fn sources() -> Vec<&'static str> {
    LeadSource::ALL.iter().map(|one| one.as_str()).collect()
}

fn reasons() -> Vec<&'static str> {
    DisqualifiedReason::ALL.iter().map(|one| one.as_str()).collect()
}

/// The orders they may stand in; the first is the usual one.
pub(crate) const SORTS: &[Sort] = &[
    Sort { name: "created", column: "leads.created_at", by: SortBy::Moment, descending: true },
    Sort { name: "next_action", column: NEXT_ACTION, by: SortBy::Day, descending: false },
    Sort { name: "answer_by", column: ANSWER_BY, by: SortBy::Day, descending: false },
    Sort { name: "company", column: "leads.company_key", by: SortBy::Text, descending: false },
];

const ID: &str = "leads.id";
const NEXT_ACTION: &str = "COALESCE(leads.next_action_on, '9999-12-31'::date)";
const ANSWER_BY: &str = "COALESCE(leads.answer_by, '9999-12-31'::date)";

fn place(sort: &Sort, lead: &Lead) -> RowKey {
    let place = match sort.name {
        "next_action" => SortKey::day(lead.next.as_ref().map(|next| next.next_action_on)),
        "answer_by" => SortKey::day(lead.answer_by),
        "company" => SortKey::Text(text::search_key(&lead.company_name)),
        _ => SortKey::Moment(lead.created_at),
    };
    RowKey(place, lead.id.0)
}

/// Leads that pass `tree`, in the order of `sort`.
pub(crate) fn viewed(
    tx: &mut Tx<'_>,
    tree: &Group,
    sort: &Sort,
    paging: &Paging<RowKey>,
) -> Result<Page<Lead, RowKey>, DbError> {
    let mut query = leads::table
        .filter(passes(tree, Asked::of(tx)))
        .order(in_order(sort, ID))
        .limit(paging.probe())
        .select(LeadRow::as_select())
        .into_boxed();
    if let Some(key) = &paging.after {
        query = query.filter(beyond(sort, ID, key));
    }
    let rows: Vec<LeadRow> = query.load(tx.conn())?;
    let leads: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(leads, paging, |lead| place(sort, lead)))
}

/// How many pass `tree`.
pub(crate) fn count_viewed(tx: &mut Tx<'_>, tree: &Group) -> Result<i64, DbError> {
    Ok(leads::table.filter(passes(tree, Asked::of(tx))).count().get_result(tx.conn())?)
}

/// The ids of those that pass `tree`, the oldest first; at most `most`.
pub(crate) fn ids_viewed(tx: &mut Tx<'_>, tree: &Group, most: i64) -> Result<Vec<LeadId>, DbError> {
    let passing = leads::table.filter(passes(tree, Asked::of(tx)));
    Ok(passing.order(leads::id).limit(most).select(leads::id).load(tx.conn())?)
}
