//! Rows and writes of `persons` and `memberships`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::IsNotNull;
use diesel::prelude::*;
use kernel::{EmailAddress, Language, PersonId};

use super::model::{Face, Person, PersonFields, PersonName, PersonState, Preferences, Role, TextSize, Theme};
use crate::passwords::PasswordHash;
use crate::schema::{memberships, persons};

#[derive(Queryable, Selectable)]
#[diesel(table_name = persons)]
pub(crate) struct PersonRow {
    pub(crate) id: PersonId,
    family_name: String,
    given_name: String,
    family_kana: String,
    given_kana: String,
    email: Option<EmailAddress>,
    #[diesel(select_expression = persons::password_hash.is_not_null())]
    #[diesel(select_expression_type = IsNotNull<persons::password_hash>)]
    has_password: bool,
    language: Language,
    text_size: TextSize,
    face: Face,
    theme: Theme,
    state: PersonState,
    created_at: DateTime<Utc>,
    version: i32,
}

impl PersonRow {
    pub(crate) fn with_roles(self, roles: BTreeSet<Role>) -> Person {
        Person {
            id: self.id,
            name: PersonName {
                family: self.family_name,
                given: self.given_name,
                family_kana: self.family_kana,
                given_kana: self.given_kana,
            },
            email: self.email,
            has_password: self.has_password,
            preferences: Preferences {
                language: self.language,
                text_size: self.text_size,
                face: self.face,
                theme: self.theme,
            },
            state: self.state,
            roles,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

/// What a write sets. `None` writes NULL.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = persons, treat_none_as_null = true)]
struct PersonValues<'a> {
    family_name: &'a str,
    given_name: &'a str,
    family_kana: &'a str,
    given_kana: &'a str,
    email: Option<EmailAddress>,
    email_key: Option<String>,
    language: Language,
}

impl<'a> From<&'a PersonFields> for PersonValues<'a> {
    fn from(fields: &'a PersonFields) -> Self {
        Self {
            family_name: &fields.name.family,
            given_name: &fields.name.given,
            family_kana: &fields.name.family_kana,
            given_kana: &fields.name.given_kana,
            email: fields.email.clone(),
            email_key: fields.email.as_ref().map(EmailAddress::key),
            language: fields.language,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, fields: &PersonFields) -> Result<Person, DbError> {
    let now = tx.now();
    let row = diesel::insert_into(persons::table)
        .values((PersonValues::from(fields), persons::created_at.eq(now)))
        .returning(PersonRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.with_roles(BTreeSet::new()))
}

/// `None` when the row is no longer at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: PersonId,
    version: i32,
    fields: &PersonFields,
) -> Result<Option<Person>, DbError> {
    let guarded = persons::table.filter(persons::id.eq(id)).filter(persons::version.eq(version));
    let row = diesel::update(guarded)
        .set((PersonValues::from(fields), persons::version.eq(version + 1)))
        .returning(PersonRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    row.map(|row| Ok(row.with_roles(roles_of(tx, id)?))).transpose()
}

pub(super) fn set_state(tx: &mut Tx<'_>, id: PersonId, state: PersonState) -> Result<(), DbError> {
    diesel::update(persons::table.filter(persons::id.eq(id)).filter(persons::state.ne(state)))
        .set((persons::state.eq(state), persons::version.eq(persons::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn set_preferences(
    tx: &mut Tx<'_>,
    id: PersonId,
    preferences: Preferences,
) -> Result<(), DbError> {
    let changed = diesel::update(persons::table.filter(persons::id.eq(id)))
        .set((
            persons::language.eq(preferences.language),
            persons::text_size.eq(preferences.text_size),
            persons::face.eq(preferences.face),
            persons::theme.eq(preferences.theme),
            persons::version.eq(persons::version + 1),
        ))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

pub(crate) fn set_password(tx: &mut Tx<'_>, id: PersonId, hash: &PasswordHash) -> Result<(), DbError> {
    let changed = diesel::update(persons::table.filter(persons::id.eq(id)))
        .set((persons::password_hash.eq(hash.as_str()), persons::version.eq(persons::version + 1)))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

/// Counts a change that stands in another table; gives the new version, `None` when the row is no longer at
/// `version`.
pub(super) fn count_change(tx: &mut Tx<'_>, id: PersonId, version: i32) -> Result<Option<i32>, DbError> {
    let guarded = persons::table.filter(persons::id.eq(id)).filter(persons::version.eq(version));
    Ok(diesel::update(guarded)
        .set(persons::version.eq(version + 1))
        .returning(persons::version)
        .get_result(tx.conn())
        .optional()?)
}

pub(super) fn set_roles(tx: &mut Tx<'_>, id: PersonId, roles: &BTreeSet<Role>) -> Result<(), DbError> {
    let now = tx.now();
    let gone = memberships::table
        .filter(memberships::person_id.eq(id))
        .filter(memberships::role.ne_all(roles.iter().copied().collect::<Vec<_>>()));
    diesel::delete(gone).execute(tx.conn())?;
    let rows: Vec<_> = roles
        .iter()
        .map(|role| {
            (memberships::person_id.eq(id), memberships::role.eq(*role), memberships::granted_at.eq(now))
        })
        .collect();
    diesel::insert_into(memberships::table).values(rows).on_conflict_do_nothing().execute(tx.conn())?;
    Ok(())
}

/// The active administrators; their rows stay locked, so that two of them cannot both leave at once.
pub(super) fn lock_active_admins(tx: &mut Tx<'_>) -> Result<Vec<PersonId>, DbError> {
    let admins: Vec<PersonId> = memberships::table
        .filter(memberships::role.eq(Role::Admin))
        .order(memberships::person_id)
        .select(memberships::person_id)
        .for_update()
        .load(tx.conn())?;
    Ok(persons::table
        .filter(persons::id.eq_any(admins))
        .filter(persons::state.eq(PersonState::Active))
        .select(persons::id)
        .load(tx.conn())?)
}

pub(crate) fn roles_of(tx: &mut Tx<'_>, id: PersonId) -> Result<BTreeSet<Role>, DbError> {
    let roles: Vec<Role> =
        memberships::table.filter(memberships::person_id.eq(id)).select(memberships::role).load(tx.conn())?;
    Ok(roles.into_iter().collect())
}

pub(super) fn with_roles(tx: &mut Tx<'_>, rows: Vec<PersonRow>) -> Result<Vec<Person>, DbError> {
    let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
    let held: Vec<(PersonId, Role)> = memberships::table
        .filter(memberships::person_id.eq_any(ids))
        .select((memberships::person_id, memberships::role))
        .load(tx.conn())?;
    let mut roles: BTreeMap<PersonId, BTreeSet<Role>> = BTreeMap::new();
    for (id, role) in held {
        roles.entry(id).or_default().insert(role);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = roles.remove(&row.id).unwrap_or_default();
            row.with_roles(own)
        })
        .collect())
}

/// What a sign-in is compared with.
pub(crate) struct Credentials {
    pub(crate) person: PersonId,
    pub(crate) email_key: String,
    pub(crate) hash: PasswordHash,
}

type CredentialColumns = (persons::id, persons::email_key, persons::password_hash);
const CREDENTIALS: CredentialColumns = (persons::id, persons::email_key, persons::password_hash);

fn credentials(row: (PersonId, Option<String>, Option<String>)) -> Option<Credentials> {
    let (person, email_key, hash) = row;
    Some(Credentials { person, email_key: email_key?, hash: PasswordHash::stored(hash?) })
}

/// The active person with this mail address and a password.
pub(crate) fn credentials_by_email(tx: &mut Tx<'_>, key: &str) -> Result<Option<Credentials>, DbError> {
    let row = persons::table
        .filter(persons::email_key.eq(key))
        .filter(persons::state.eq(PersonState::Active))
        .select(CREDENTIALS)
        .first(tx.conn())
        .optional()?;
    Ok(row.and_then(credentials))
}

/// The same for a known person, whose row stays locked: their password and state cannot change until the
/// transaction ends.
pub(crate) fn lock_credentials(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Credentials>, DbError> {
    let row = persons::table
        .filter(persons::id.eq(id))
        .filter(persons::state.eq(PersonState::Active))
        .select(CREDENTIALS)
        .for_update()
        .first(tx.conn())
        .optional()?;
    Ok(row.and_then(credentials))
}
