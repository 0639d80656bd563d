//! Whom a deal's form names, as they stand when it arrives.

use clients::{companies, contacts};
use db::{DbError, Tx};
use kernel::{Code, Invalid, PersonId};

use super::DealError;
use super::model::DealFields;
use crate::colleagues;

/// The company and the contact that stand for those named, should they have been merged since the form was shown. A deal's
/// contact is a person of its company, and its owner a colleague who sells, or who looked after it `before`.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    fields: DealFields,
    before: Option<PersonId>,
) -> Result<DealFields, DealError> {
    colleagues::check_owner::<DealError>(tx, fields.owner_id, before)?;
    let unknown = |field: &str, error: DbError| match error {
        DbError::NotFound => DealError::Invalid(Invalid::field(field, Code::UnknownChoice)),
        error => error.into(),
    };
    let company = companies::find(tx, fields.company_id).map_err(|error| unknown("company_id", error))?.id;
    let Some(named) = fields.contact_id else {
        return Ok(DealFields { company_id: company, ..fields });
    };
    let contact = contacts::find(tx, named).map_err(|error| unknown("contact_id", error))?;
    if contact.company_id != company {
        return Err(unknown("contact_id", DbError::NotFound));
    }
    Ok(DealFields { company_id: company, contact_id: Some(contact.id), ..fields })
}
