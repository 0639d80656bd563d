//! Rows and writes of `quotes` and `quote_lines`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DealId, PersonId, QuoteId, TaxRate, Yen};

use super::model::{Issuer, Quote, QuoteFields, QuoteLine, QuoteState, QuoteStatus, Trial};
use crate::deals::Deal;
use crate::schema::{quote_lines, quotes};

#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes)]
pub(super) struct QuoteRow {
    pub(super) id: QuoteId,
    deal_id: DealId,
    number: i32,
    state: QuoteStatus,
    valid_until: NaiveDate,
    deliver_on: NaiveDate,
    terms: String,
    subtotal: Yen,
    tax: Yen,
    total: Yen,
    person_id: PersonId,
    issued_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    superseded_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    issuer: IssuerRow,
    excluded: String,
    trial_quantity: Option<i32>,
    trial_unit_price: Option<Yen>,
    trial_until: Option<NaiveDate>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes)]
pub(super) struct IssuerRow {
    issuer_name: String,
    issuer_address: String,
    issuer_phone: String,
    issuer_email: String,
    issuer_registration_number: String,
}

impl From<IssuerRow> for Issuer {
    fn from(row: IssuerRow) -> Self {
        Self {
            name: row.issuer_name,
            address: row.issuer_address,
            phone: row.issuer_phone,
            email: row.issuer_email,
            registration_number: row.issuer_registration_number,
        }
    }
}

impl QuoteRow {
    pub(super) fn read(self, lines: Vec<QuoteLine>) -> Result<Quote, DbError> {
        let impossible =
            || diesel::result::Error::DeserializationError("a quote's state lacks its columns".into());
        let state = match self.state {
            QuoteStatus::Issued => QuoteState::Issued,
            QuoteStatus::Superseded => {
                QuoteState::Superseded { superseded_at: self.superseded_at.ok_or_else(impossible)? }
            }
            QuoteStatus::Accepted => {
                QuoteState::Accepted { accepted_at: self.accepted_at.ok_or_else(impossible)? }
            }
        };
        let trial = self.trial_quantity.zip(self.trial_unit_price).zip(self.trial_until);
        Ok(Quote {
            excluded: self.excluded,
            trial: trial.map(|((quantity, unit_price), until)| Trial { quantity, unit_price, until }),
            id: self.id,
            deal_id: self.deal_id,
            number: self.number,
            state,
            valid_until: self.valid_until,
            deliver_on: self.deliver_on,
            terms: self.terms,
            lines,
            subtotal: self.subtotal,
            tax: self.tax,
            total: self.total,
            person_id: self.person_id,
            issued_at: self.issued_at,
            issuer: self.issuer.into(),
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quote_lines)]
pub(super) struct LineRow {
    pub(super) quote_id: QuoteId,
    description: String,
    quantity: i32,
    unit_price: Yen,
    unit_minutes: i32,
    tax_rate: i16,
}

impl From<LineRow> for QuoteLine {
    fn from(row: LineRow) -> Self {
        Self {
            amount: Yen(row.unit_price.0.saturating_mul(i64::from(row.quantity))),
            description: row.description,
            quantity: row.quantity,
            unit_price: row.unit_price,
            unit_minutes: row.unit_minutes,
            // The table's CHECK knows three rates.
            tax_rate: TaxRate(u8::try_from(row.tax_rate).unwrap_or(u8::MAX)),
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    deal: &Deal,
    number: i32,
    person: PersonId,
    issuer: &Issuer,
    fields: &QuoteFields,
) -> Result<Quote, DbError> {
    let now = tx.now();
    let row: QuoteRow = diesel::insert_into(quotes::table)
        .values((
            quotes::deal_id.eq(deal.id),
            quotes::number.eq(number),
            quotes::valid_until.eq(fields.valid_until),
            quotes::deliver_on.eq(fields.deliver_on),
            quotes::terms.eq(&fields.terms),
            quotes::excluded.eq(&fields.excluded),
            quotes::trial_quantity.eq(fields.trial.map(|trial| trial.quantity)),
            quotes::trial_unit_price.eq(fields.trial.map(|trial| trial.unit_price)),
            quotes::trial_until.eq(fields.trial.map(|trial| trial.until)),
            quotes::subtotal.eq(fields.totals.subtotal),
            quotes::tax.eq(fields.totals.tax),
            quotes::total.eq(fields.totals.total),
            quotes::person_id.eq(person),
            quotes::issued_at.eq(now),
            quotes::issuer_name.eq(&issuer.name),
            quotes::issuer_address.eq(&issuer.address),
            quotes::issuer_phone.eq(&issuer.phone),
            quotes::issuer_email.eq(&issuer.email),
            quotes::issuer_registration_number.eq(&issuer.registration_number),
        ))
        .returning(QuoteRow::as_returning())
        .get_result(tx.conn())?;
    insert_lines(tx, row.id, &fields.lines)?;
    row.read(fields.lines.clone())
}

fn insert_lines(tx: &mut Tx<'_>, quote: QuoteId, lines: &[QuoteLine]) -> Result<(), DbError> {
    let rows: Vec<_> = (1i16..)
        .zip(lines)
        .map(|(position, line)| {
            (
                quote_lines::quote_id.eq(quote),
                quote_lines::position.eq(position),
                quote_lines::description.eq(&line.description),
                quote_lines::quantity.eq(line.quantity),
                quote_lines::unit_price.eq(line.unit_price),
                quote_lines::unit_minutes.eq(line.unit_minutes),
                quote_lines::tax_rate.eq(i16::from(line.tax_rate.0)),
            )
        })
        .collect();
    diesel::insert_into(quote_lines::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Makes room for the next version; nothing to do for a first one. The caller holds the deal.
pub(super) fn supersede_standing(tx: &mut Tx<'_>, deal: DealId) -> Result<(), DbError> {
    let now = tx.now();
    let standing =
        quotes::table.filter(quotes::deal_id.eq(deal)).filter(quotes::state.ne(QuoteStatus::Superseded));
    diesel::update(standing)
        .set((quotes::state.eq(QuoteStatus::Superseded), quotes::superseded_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// Says whether the quote still stood as issued.
pub(super) fn accept(tx: &mut Tx<'_>, quote: QuoteId) -> Result<bool, DbError> {
    let now = tx.now();
    let issued = quotes::table.filter(quotes::id.eq(quote)).filter(quotes::state.eq(QuoteStatus::Issued));
    let accepted = diesel::update(issued)
        .set((quotes::state.eq(QuoteStatus::Accepted), quotes::accepted_at.eq(now)))
        .execute(tx.conn())?;
    Ok(accepted == 1)
}

/// A version that was won on stands as issued again.
pub(super) fn stand_again(tx: &mut Tx<'_>, quote: QuoteId) -> Result<(), DbError> {
    let accepted = quotes::table.filter(quotes::id.eq(quote)).filter(quotes::state.eq(QuoteStatus::Accepted));
    diesel::update(accepted)
        .set((quotes::state.eq(QuoteStatus::Issued), quotes::accepted_at.eq(None::<DateTime<Utc>>)))
        .execute(tx.conn())?;
    Ok(())
}
