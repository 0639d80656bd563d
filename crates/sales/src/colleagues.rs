//! Whom one salesperson can ask or tell something: whoever may open what it is about.

use accounts::{Person, Role, persons};
use db::{DbError, Tx};
use kernel::{Code, Invalid, PersonId};

/// The active salespeople and administrators of the town, in gojūon order within each role.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    let mut people = persons::with_role(tx, Role::Sales)?;
    let admins = persons::with_role(tx, Role::Admin)?;
    people.extend(admins.into_iter().filter(|admin| !admin.is(Role::Sales)));
    Ok(people)
}

/// Whether somebody is one of [`list`].
pub fn sells(person: &Person) -> bool {
    person.is_active() && (person.is(Role::Sales) || person.is(Role::Admin))
}

/// Whether somebody is one of [`list`]; anybody else is a wrong choice in `field`.
pub(crate) fn check<E>(tx: &mut Tx<'_>, field: &str, id: PersonId) -> Result<(), E>
where
    E: From<DbError> + From<Invalid>,
{
    match persons::find(tx, id) {
        Ok(person) if sells(&person) => Ok(()),
        Ok(_) | Err(DbError::NotFound) => Err(Invalid::field(field, Code::UnknownChoice).into()),
        Err(error) => Err(error.into()),
    }
}

/// Whether somebody may look after a deal or a lead: one of [`list`], whoever did so `before`, or who writes it down. Anybody
/// else is a wrong choice in `owner_id`.
pub(crate) fn check_owner<E>(tx: &mut Tx<'_>, owner: PersonId, before: Option<PersonId>) -> Result<(), E>
where
    E: From<DbError> + From<Invalid>,
{
    if Some(owner) == before || Some(owner) == tx.actor().person() {
        return Ok(());
    }
    check(tx, "owner_id", owner)
}
