//! Contacts by conditions that people put together: the fields there are, and a list in an order of its own.

use db::filter::{
    Asked, Field, Finder, Group, Kind, Of, RowKey, Sort, SortBy, SortKey, beyond, in_order, passes,
};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{ContactId, Page, Paging};

use super::lists::{ContactSummary, with_companies};
use super::model::Contact;
use super::store::ContactRow;
use crate::companies::{FINDER, TAGGED};
use crate::schema::contacts;

/// What conditions on contacts may be about.
pub const FIELDS: &[Field] = &[
    Field {
        name: "words",
        kind: Kind::Words {
            key: "contacts.search_key",
            finder: Finder { id: ID, function: "search_contact_ids" },
        },
    },
    Field { name: "company", kind: Kind::Found { column: "contacts.company_id", function: FINDER } },
    Field { name: "tag", kind: Kind::Choices { column: "contacts.company_id", query: TAGGED, of: Of::Tags } },
    Field { name: "post", kind: Kind::Text { key: "contacts.post_key", finder: None } },
    Field { name: "calls", kind: Kind::Word { column: CALLS, words: calls } },
    Field { name: "phone", kind: Kind::Blank { column: "contacts.phone_key" } },
    Field { name: "email", kind: Kind::Blank { column: "contacts.email_key" } },
    Field { name: "created_at", kind: Kind::Moment { column: "contacts.created_at" } },
];

const CALLS: &str = "CASE WHEN contacts.may_be_called THEN 'welcome' ELSE 'refused' END";

fn calls() -> Vec<&'static str> {
    vec!["welcome", "refused"]
}

/// The orders they may stand in; the first is the usual one.
pub const SORTS: &[Sort] = &[
    Sort { name: "kana", column: "contacts.kana_key", by: SortBy::Text, descending: false },
    Sort { name: "created", column: "contacts.id", by: SortBy::Number, descending: true },
];

const ID: &str = "contacts.id";

/// Contacts that pass `tree`, in the order of `sort`.
pub fn viewed(
    tx: &mut Tx<'_>,
    tree: &Group,
    sort: &Sort,
    paging: &Paging<RowKey>,
) -> Result<Page<ContactSummary, RowKey>, DbError> {
    let mut query = contacts::table
        .filter(contacts::merged_into.is_null())
        .filter(passes(tree, Asked::of(tx)))
        .order(in_order(sort, ID))
        .limit(paging.probe())
        .select((ContactRow::as_select(), contacts::kana_key))
        .into_boxed();
    if let Some(key) = &paging.after {
        query = query.filter(beyond(sort, ID, key));
    }
    let rows: Vec<(ContactRow, String)> = query.load(tx.conn())?;
    let rows: Vec<(Contact, String)> = rows.into_iter().map(|(row, kana)| (row.into(), kana)).collect();
    let by = sort.by;
    let page = Page::cut(rows, paging, |(contact, kana)| {
        let place =
            if by == SortBy::Text { SortKey::Text(kana.clone()) } else { SortKey::Number(contact.id.0) };
        RowKey(place, contact.id.0)
    });
    let Page { items, next } = page.map(|(contact, _)| contact);
    Ok(Page { items: with_companies(tx, items)?, next })
}

/// The ids of those that pass `tree`, at most `most`, in the order they were entered in.
pub fn ids_viewed(tx: &mut Tx<'_>, tree: &Group, most: i64) -> Result<Vec<ContactId>, DbError> {
    Ok(contacts::table
        .filter(contacts::merged_into.is_null())
        .filter(passes(tree, Asked::of(tx)))
        .order(contacts::id)
        .limit(most)
        .select(contacts::id)
        .load(tx.conn())?)
}

/// How many pass `tree`.
pub fn count_viewed(tx: &mut Tx<'_>, tree: &Group) -> Result<i64, DbError> {
    let standing = contacts::table.filter(contacts::merged_into.is_null());
    Ok(standing.filter(passes(tree, Asked::of(tx))).count().get_result(tx.conn())?)
}
