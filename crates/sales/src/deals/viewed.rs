//! Deals by conditions that people put together: the fields there are, and a list in an order of its own.

use clients::companies::{FINDER, TAGGED};
use db::filter::{
    Asked, Field, Finder, Group, Kind, Of, RowKey, Sort, SortBy, SortKey, beyond, in_order, passes,
};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{DealId, Page, Paging};

use super::board::{Card, CardRow, dressed};
use super::lists::{DealTotals, SUM, UNDECIDED};
use super::model::{DealStatus, LostReason};
use crate::schema::deals;

/// What conditions on deals may be about.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "title", kind: Kind::Text { key: "deals.title_key", finder: Some(TITLED) } },
    Field { name: "company", kind: Kind::Found { column: "deals.company_id", function: FINDER } },
    Field { name: "tag", kind: Kind::Choices { column: "deals.company_id", query: TAGGED, of: Of::Tags } },
    Field { name: "state", kind: Kind::Word { column: "deals.state", words: states } },
    Field { name: "stage", kind: Kind::Choice { column: "deals.stage_id", of: Of::Stages } },
    Field { name: "owner", kind: Kind::Choice { column: "deals.owner_id", of: Of::People } },
    Field { name: "amount", kind: Kind::Yen { column: "deals.amount" } },
    Field { name: "next_action_on", kind: Kind::Day { column: "deals.next_action_on" } },
    Field { name: "expected_close_on", kind: Kind::Day { column: "deals.expected_close_on" } },
    Field { name: "moved_at", kind: Kind::Moment { column: "deals.moved_at" } },
    Field { name: "created_at", kind: Kind::Moment { column: "deals.created_at" } },
    Field { name: "lost_reason", kind: Kind::Word { column: "deals.lost_reason", words: lost_reasons } },
];

/// What finds deals by their titles.
const TITLED: Finder = Finder { id: ID, function: "search_deal_ids" };

fn states() -> Vec<&'static str> {
    DealStatus::ALL.iter().map(|one| one.as_str()).collect()
}

fn lost_reasons() -> Vec<&'static str> {
    LostReason::ALL.iter().map(|one| one.as_str()).collect()
}

/// The orders they may stand in; the first is the usual one.
pub(crate) const SORTS: &[Sort] = &[
    Sort { name: "moved", column: "deals.moved_at", by: SortBy::Moment, descending: true },
    Sort { name: "next_action", column: NEXT_ACTION, by: SortBy::Day, descending: false },
    Sort { name: "expected_close", column: EXPECTED_CLOSE, by: SortBy::Day, descending: false },
    Sort { name: "amount", column: "deals.amount", by: SortBy::Number, descending: true },
    Sort { name: "created", column: ID, by: SortBy::Number, descending: true },
];

const ID: &str = "deals.id";
const NEXT_ACTION: &str = "COALESCE(deals.next_action_on, '9999-12-31'::date)";
const EXPECTED_CLOSE: &str = "COALESCE(deals.expected_close_on, '9999-12-31'::date)";

fn place(sort: &Sort, row: &CardRow) -> RowKey {
    let place = match sort.name {
        "next_action" => SortKey::day(row.next_action_on),
        "expected_close" => SortKey::day(row.expected_close_on),
        "amount" => SortKey::Number(row.amount.0),
        "created" => SortKey::Number(row.id.0),
        _ => SortKey::Moment(row.moved_at),
    };
    RowKey(place, row.id.0)
}

/// Deals that pass `tree`, in the order of `sort`.
pub(crate) fn viewed(
    tx: &mut Tx<'_>,
    tree: &Group,
    sort: &Sort,
    paging: &Paging<RowKey>,
) -> Result<Page<Card, RowKey>, DbError> {
    let mut query = deals::table
        .filter(passes(tree, Asked::of(tx)))
        .order(in_order(sort, ID))
        .limit(paging.probe())
        .select(CardRow::as_select())
        .into_boxed();
    if let Some(key) = &paging.after {
        query = query.filter(beyond(sort, ID, key));
    }
    let page = Page::cut(query.load(tx.conn())?, paging, |row: &CardRow| place(sort, row));
    dressed(tx, page)
}

/// How many pass `tree`, and what they are worth.
pub(crate) fn totals_viewed(tx: &mut Tx<'_>, tree: &Group) -> Result<DealTotals, DbError> {
    let passing = deals::table.filter(passes(tree, Asked::of(tx)));
    let (sum, undecided) = (sql::<BigInt>(SUM), sql::<BigInt>(UNDECIDED));
    let (count, amount, undecided) =
        passing.select((diesel::dsl::count_star(), sum, undecided)).first(tx.conn())?;
    Ok(DealTotals { count, amount, undecided })
}

/// The ids of those that pass `tree`, the oldest first; at most `most`.
pub(crate) fn ids_viewed(tx: &mut Tx<'_>, tree: &Group, most: i64) -> Result<Vec<DealId>, DbError> {
    let passing = deals::table.filter(passes(tree, Asked::of(tx)));
    Ok(passing.order(deals::id).limit(most).select(deals::id).load(tx.conn())?)
}
