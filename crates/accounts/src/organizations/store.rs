//! Rows and writes of `organizations`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use kernel::{Language, MunicipalCode, OrganizationId};

use super::model::{NewTownFields, Organization, SettingsFields, TownKind};
use crate::schema::organizations;

#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations)]
pub(super) struct OrganizationRow {
    id: OrganizationId,
    slug: String,
    name: String,
    kind: TownKind,
    municipal_code: Option<MunicipalCode>,
    language: Language,
    legal_name: String,
    postal_address: String,
    contact_email: String,
    contact_phone: String,
    population: Option<i32>,
    population_as_of: Option<NaiveDate>,
    registration_number: String,
    answer_days: Option<i16>,
    question_hours: i16,
    fiscal_start_month: i16,
    bank_account: String,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            kind: row.kind,
            municipal_code: row.municipal_code,
            language: row.language,
            legal_name: row.legal_name,
            postal_address: row.postal_address,
            contact_email: row.contact_email,
            contact_phone: row.contact_phone,
            population: row.population,
            population_as_of: row.population_as_of,
            registration_number: row.registration_number,
            answer_days: row.answer_days,
            question_hours: row.question_hours,
            fiscal_start_month: row.fiscal_start_month,
            bank_account: row.bank_account,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

#[derive(QueryableByName)]
struct Opened {
    #[diesel(sql_type = BigInt)]
    id: OrganizationId,
}

pub(super) fn open(
    lobby: &mut Lobby<'_>,
    kind: TownKind,
    fields: &NewTownFields,
) -> Result<OrganizationId, DbError> {
    let opened: Opened = diesel::sql_query("SELECT open_organization($1, $2, $3, $4, $5, $6) AS id")
        .bind::<Text, _>(&fields.slug)
        .bind::<Text, _>(&fields.name)
        .bind::<Text, _>(kind)
        .bind::<Nullable<Text>, _>(&fields.municipal_code)
        .bind::<Text, _>(fields.language)
        .bind::<Text, _>(&fields.legal_name)
        .get_result(lobby.conn())?;
    Ok(opened.id)
}

/// `None` when the row is no longer at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    version: i32,
    fields: &SettingsFields,
) -> Result<Option<Organization>, DbError> {
    let own = tx.organization();
    let guarded =
        organizations::table.filter(organizations::id.eq(own)).filter(organizations::version.eq(version));
    let row = diesel::update(guarded)
        .set((
            organizations::name.eq(&fields.name),
            organizations::municipal_code.eq(&fields.municipal_code),
            organizations::language.eq(fields.language),
            organizations::legal_name.eq(&fields.legal_name),
            organizations::postal_address.eq(&fields.postal_address),
            organizations::contact_email.eq(&fields.contact_email),
            organizations::contact_phone.eq(&fields.contact_phone),
            organizations::population.eq(fields.population),
            organizations::population_as_of.eq(fields.population_as_of),
            organizations::registration_number.eq(&fields.registration_number),
            organizations::answer_days.eq(fields.answer_days),
            organizations::question_hours.eq(fields.question_hours),
            organizations::fiscal_start_month.eq(fields.fiscal_start_month),
            organizations::bank_account.eq(&fields.bank_account),
            organizations::version.eq(version + 1),
        ))
        .returning(OrganizationRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Organization::from))
}

/// Nobody else opens a first town until this transaction ends.
pub(super) fn hold_opening(lobby: &mut Lobby<'_>) -> Result<(), DbError> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('organizations: the first town'))")
        .execute(lobby.conn())?;
    Ok(())
}
