//! Reading people: one, several, a page in gojūon order, everybody who holds a role.

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{EmailAddress, Page, Paging, PersonId};
use serde::{Deserialize, Serialize};

use super::model::{Person, PersonState, Role};
use super::store::{self, PersonRow};
use crate::schema::{memberships, persons};

/// One person; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, DbError> {
    let row: PersonRow =
        persons::table.filter(persons::id.eq(id)).select(PersonRow::as_select()).first(tx.conn())?;
    Ok(row.with_roles(store::roles_of(tx, id)?))
}

/// The person with this mail address in any spelling. Not for pages that strangers see: it tells who is there.
pub fn find_by_email(tx: &mut Tx<'_>, email: &EmailAddress) -> Result<Option<Person>, DbError> {
    let row: Option<PersonRow> = persons::table
        .filter(persons::email_key.eq(email.key()))
        .select(PersonRow::as_select())
        .first(tx.conn())
        .optional()?;
    row.map(|row| {
        let roles = store::roles_of(tx, row.id)?;
        Ok(row.with_roles(roles))
    })
    .transpose()
}

/// Those of `ids` that this town has, by id: for lists that show names.
pub fn find_many(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<BTreeMap<PersonId, Person>, DbError> {
    let rows =
        persons::table.filter(persons::id.eq_any(ids)).select(PersonRow::as_select()).load(tx.conn())?;
    Ok(store::with_roles(tx, rows)?.into_iter().map(|person| (person.id, person)).collect())
}

/// People whose name or reading contains `query`, at most `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Person>, DbError> {
    let rows = persons::table
        .filter(db::search::found("persons.id", "search_person_ids", query, most))
        .order((persons::family_kana, persons::given_kana, persons::id))
        .select(PersonRow::as_select())
        .load(tx.conn())?;
    store::with_roles(tx, rows)
}

/// Every active person who holds `role`, in gojūon order: for pickers and for mails.
pub fn with_role(tx: &mut Tx<'_>, role: Role) -> Result<Vec<Person>, DbError> {
    let rows = persons::table
        .filter(persons::state.eq(PersonState::Active))
        .filter(persons::id.eq_any(holders(role)))
        .order((persons::family_kana, persons::given_kana, persons::id))
        .select(PersonRow::as_select())
        .load(tx.conn())?;
    store::with_roles(tx, rows)
}

/// Which people a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PersonFilter {
    /// Only those who hold this role.
    pub role: Option<Role>,
    /// Only those in this state.
    pub state: Option<PersonState>,
    /// Only those who do something else than units of work, or nothing yet.
    pub staff: bool,
    /// Only those who were invited and have not chosen a password yet.
    pub invited: bool,
}

impl PersonFilter {
    /// The one condition that a list and its count share.
    fn passes(self) -> Passes {
        let mut passes: Passes = Box::new(persons::id.is_not_null());
        if let Some(state) = self.state {
            passes = Box::new(passes.and(persons::state.eq(state)));
        }
        if let Some(role) = self.role {
            passes = Box::new(passes.and(persons::id.eq_any(holders(role))));
        }
        if self.staff {
            let elsewhere = persons::id.eq_any(holders_beside(Role::Worker));
            let nowhere = persons::id.ne_all(memberships::table.select(memberships::person_id));
            passes = Box::new(passes.and(elsewhere.or(nowhere)));
        }
        if self.invited {
            let without_password = persons::password_hash.is_null().and(persons::email.is_not_null());
            let may_join = persons::state.eq(PersonState::Active).and(without_password);
            passes = Box::new(passes.and(may_join));
        }
        passes
    }
}

type Passes = Box<dyn BoxableExpression<persons::table, Pg, SqlType = Bool>>;

/// How many people pass `filter`.
pub fn count(tx: &mut Tx<'_>, filter: PersonFilter) -> Result<i64, DbError> {
    Ok(persons::table.filter(filter.passes()).count().get_result(tx.conn())?)
}

/// Where a page of people ends: reading of family and given name, then id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonKey(pub String, pub String, pub PersonId);

/// People in gojūon order; those without a reading come first.
pub fn list(
    tx: &mut Tx<'_>,
    filter: PersonFilter,
    paging: &Paging<PersonKey>,
) -> Result<Page<Person, PersonKey>, DbError> {
    let mut query = persons::table
        .filter(filter.passes())
        .order((persons::family_kana, persons::given_kana, persons::id))
        .limit(paging.probe())
        .select(PersonRow::as_select())
        .into_boxed();
    if let Some(PersonKey(family, given, id)) = &paging.after {
        let later_given = persons::given_kana.gt(given.clone());
        let later_id = persons::given_kana.eq(given.clone()).and(persons::id.gt(*id));
        let same_family = persons::family_kana.eq(family.clone()).and(later_given.or(later_id));
        query = query.filter(persons::family_kana.gt(family.clone()).or(same_family));
    }
    let rows = query.load(tx.conn())?;
    let people = store::with_roles(tx, rows)?;
    Ok(Page::cut(people, paging, |person| {
        PersonKey(person.name.family_kana.clone(), person.name.given_kana.clone(), person.id)
    }))
}

#[diesel::dsl::auto_type]
fn holders_beside(role: Role) -> _ {
    memberships::table.filter(memberships::role.ne(role)).select(memberships::person_id)
}

#[diesel::dsl::auto_type]
fn holders(role: Role) -> _ {
    memberships::table.filter(memberships::role.eq(role)).select(memberships::person_id)
}
