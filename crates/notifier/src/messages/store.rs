//! Rows and writes of `messages` and `message_bytes` in a town's own transaction. What senders write, for all towns,
//! is in `sending/store.rs`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use kernel::{ContactId, EmailAddress, EventId, Language, MessageId, PersonId, text};
use sha2::{Digest, Sha256};

use super::model::{MessageState, Party, Recipient};
use super::policy::Category;
use crate::compose::Frozen;
use crate::preferences::{Window, Zone};
use crate::schema::{message_bytes, messages};

#[derive(Insertable)]
#[diesel(table_name = messages)]
pub(super) struct NewRow<'a> {
    pub(super) event_id: Option<EventId>,
    pub(super) category: Category,
    pub(super) template: &'a str,
    pub(super) language: Language,
    pub(super) person_id: Option<PersonId>,
    pub(super) contact_id: Option<ContactId>,
    pub(super) to_name: &'a str,
    pub(super) to_address: &'a EmailAddress,
    pub(super) from_address: String,
    pub(super) subject: &'a str,
    pub(super) not_before: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) message_id: String,
    pub(super) asked_by: String,
    pub(super) resend_of: Option<MessageId>,
    pub(super) resend_reason: Option<&'a str>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) urgency: i16,
    pub(super) opens: Option<i16>,
    pub(super) closes: Option<i16>,
    pub(super) zone: Option<Zone>,
    pub(super) concerns: Option<&'a str>,
    pub(super) text_version: Option<i32>,
}

impl<'a> NewRow<'a> {
    /// A mail that nothing in particular caused, to be sent at once, whatever the hour.
    pub(super) fn at_once(
        tx: &Tx<'_>,
        category: Category,
        template: &'a str,
        recipient: &'a Recipient,
        from_address: String,
        subject: &'a str,
        message_id: String,
    ) -> Self {
        let now = tx.now();
        Self {
            event_id: None,
            category,
            template,
            language: recipient.language,
            person_id: recipient.party.person(),
            contact_id: recipient.party.contact(),
            to_name: &recipient.name,
            to_address: &recipient.address,
            from_address,
            subject,
            not_before: now,
            expires_at: super::end_of(category, now),
            message_id,
            asked_by: tx.actor().to_string(),
            resend_of: None,
            resend_reason: None,
            created_at: now,
            urgency: category.urgency(),
            opens: None,
            closes: None,
            zone: None,
            concerns: None,
            text_version: None,
        }
    }

    /// What it can be looked up by.
    pub(super) fn searched(&self) -> String {
        searched(self.to_name, self.to_address, self.subject)
    }
}

/// The message `id` once more, to another address of its reader, due now.
pub(super) fn copy_to(
    tx: &mut Tx<'_>,
    id: MessageId,
    old: &Current,
    address: &EmailAddress,
    frozen: &Frozen,
) -> Result<MessageId, DbError> {
    #[derive(QueryableByName)]
    struct Copy {
        #[diesel(sql_type = BigInt)]
        id: MessageId,
    }
    let now = tx.now();
    let copy: Copy = diesel::sql_query(
        "INSERT INTO messages (event_id, category, template, language, person_id, contact_id, to_name, to_address, \
             from_address, subject, not_before, expires_at, message_id, asked_by, created_at, urgency, opens, closes, \
             zone, concerns, text_version) \
         SELECT event_id, category, template, language, person_id, contact_id, to_name, $2, from_address, subject, $3, \
             expires_at, $4, asked_by, $3, urgency, opens, closes, zone, concerns, text_version \
         FROM messages WHERE id = $1 RETURNING id",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(address.as_str())
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(&frozen.message_id)
    .get_result(tx.conn())?;
    insert_bytes(tx, copy.id, &searched(&old.to_name, address, &old.subject), &frozen.bytes)?;
    Ok(copy.id)
}

/// `None` when the event has already mailed this address with this template about the same thing.
pub(super) fn insert(tx: &mut Tx<'_>, row: &NewRow<'_>) -> Result<Option<MessageId>, DbError> {
    use messages::dsl::{category, concerns, event_id, organization_id, template, to_address};
    Ok(diesel::insert_into(messages::table)
        .values(row)
        .on_conflict((organization_id, event_id, to_address, category, template, concerns))
        .filter_target(event_id.is_not_null())
        .do_nothing()
        .returning(messages::id)
        .get_result(tx.conn())
        .optional()?)
}

/// What a message can be looked up by.
fn searched(name: &str, address: &EmailAddress, subject: &str) -> String {
    format!("{name} {} {subject}", address.as_str())
}

/// The frozen bytes of a message, and what it can be looked up by.
pub(super) fn insert_bytes(
    tx: &mut Tx<'_>,
    id: MessageId,
    searched: &str,
    bytes: &[u8],
) -> Result<(), DbError> {
    let sha256 = Sha256::digest(bytes).to_vec();
    diesel::insert_into(message_bytes::table)
        .values((
            message_bytes::message_id.eq(id),
            message_bytes::bytes.eq(bytes),
            message_bytes::sha256.eq(sha256),
            message_bytes::search_key.eq(text::search_key(searched)),
            message_bytes::grams.eq(text::search_grams(searched)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What a verb decides by; the row is locked until the transaction ends.
#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(super) struct Current {
    pub(super) category: Category,
    pub(super) state: MessageState,
    pub(super) expires_at: DateTime<Utc>,
    template: String,
    language: Language,
    person_id: Option<PersonId>,
    pub(super) contact_id: Option<ContactId>,
    pub(super) to_name: String,
    to_address: EmailAddress,
    from_address: String,
    subject: String,
    concerns: Option<String>,
    text_version: Option<i32>,
    opens: Option<i16>,
    closes: Option<i16>,
    zone: Option<Zone>,
}

impl Current {
    /// The hours within which it goes, where it has to keep any.
    pub(super) fn window(&self) -> Option<Window> {
        Some(Window { opens: self.opens?, closes: self.closes?, zone: self.zone? })
    }
}

pub(super) fn lock(tx: &mut Tx<'_>, id: MessageId) -> Result<Current, DbError> {
    Ok(messages::table
        .filter(messages::id.eq(id))
        .select(Current::as_select())
        .for_update()
        .first(tx.conn())?)
}

/// Whether a message has been sent once more. After [`lock`] that stays so until this transaction ends.
pub(super) fn is_resent(tx: &mut Tx<'_>, id: MessageId) -> Result<bool, DbError> {
    let again = messages::table.filter(messages::resend_of.eq(id));
    Ok(diesel::select(diesel::dsl::exists(again)).get_result(tx.conn())?)
}

/// How a mail goes once more.
pub(super) struct Again<'a> {
    /// Which.
    pub(super) id: MessageId,
    pub(super) reason: &'a str,
    pub(super) message_id: String,
    pub(super) asked_by: String,
    pub(super) not_before: DateTime<Utc>,
    /// None where a person asked for this one now.
    pub(super) window: Option<Window>,
}

/// The row of `old` sent once more.
pub(super) fn again<'a>(old: &'a Current, again: Again<'a>, now: DateTime<Utc>) -> NewRow<'a> {
    NewRow {
        event_id: None,
        category: old.category,
        template: &old.template,
        language: old.language,
        person_id: old.person_id,
        contact_id: old.contact_id,
        to_name: &old.to_name,
        to_address: &old.to_address,
        from_address: old.from_address.clone(),
        subject: &old.subject,
        not_before: again.not_before,
        expires_at: super::end_of(old.category, again.not_before),
        message_id: again.message_id,
        asked_by: again.asked_by,
        resend_of: Some(again.id),
        resend_reason: Some(again.reason),
        created_at: now,
        urgency: old.category.urgency(),
        opens: again.window.map(|window| window.opens),
        closes: again.window.map(|window| window.closes),
        zone: again.window.map(|window| window.zone),
        concerns: old.concerns.as_deref(),
        text_version: old.text_version,
    }
}

/// Moves a locked row on. [`DbError::NotFound`]: it is no longer in `from`.
pub(super) fn change(
    tx: &mut Tx<'_>,
    id: MessageId,
    from: MessageState,
    to: MessageState,
) -> Result<(), DbError> {
    let ended_at = to.is_ended().then(|| tx.now());
    let changed =
        diesel::update(messages::table.filter(messages::id.eq(id)).filter(messages::state.eq(from)))
            .set((
                messages::state.eq(to),
                messages::ended_at.eq(ended_at),
                messages::lease.eq(None::<i64>),
                messages::lease_until.eq(None::<DateTime<Utc>>),
            ))
            .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

/// Where a message waits and no byte has left.
const WAITING: [MessageState; 3] = [MessageState::Queued, MessageState::Deferred, MessageState::Claimed];

/// Other messages of a template about a thing to an address that still wait, locked.
pub(super) fn waiting_about(
    tx: &mut Tx<'_>,
    but: MessageId,
    template: &str,
    address: &EmailAddress,
    concerns: &str,
) -> Result<Vec<MessageId>, DbError> {
    Ok(messages::table
        .filter(messages::concerns.eq(concerns))
        .filter(messages::template.eq(template))
        .filter(messages::to_address.eq(address))
        .filter(messages::state.eq_any(WAITING))
        .filter(messages::id.ne(but))
        .select(messages::id)
        .for_update()
        .load(tx.conn())?)
}

/// Ended by a decision, and nobody's any more.
#[derive(AsChangeset)]
#[diesel(table_name = messages, treat_none_as_null = true)]
struct Cancelled {
    state: MessageState,
    ended_at: Option<DateTime<Utc>>,
    lease: Option<i64>,
    lease_until: Option<DateTime<Utc>>,
}

impl Cancelled {
    fn at(now: DateTime<Utc>) -> Self {
        Self { state: MessageState::Cancelled, ended_at: Some(now), lease: None, lease_until: None }
    }
}

/// Cancels what waits for somebody in a category.
pub(super) fn cancel_waiting(
    tx: &mut Tx<'_>,
    party: Party,
    category: Category,
) -> Result<Vec<MessageId>, DbError> {
    let now = tx.now();
    Ok(diesel::update(messages::table)
        .filter(messages::category.eq(category))
        .filter(messages::state.eq_any(WAITING).or(messages::state.eq(MessageState::Held)))
        .filter(messages::person_id.is_not_distinct_from(party.person()))
        .filter(messages::contact_id.is_not_distinct_from(party.contact()))
        .set(Cancelled::at(now))
        .returning(messages::id)
        .get_results(tx.conn())?)
}

/// Cancels what waits for an address, however it is spelled, in some categories.
pub(super) fn cancel_to(
    tx: &mut Tx<'_>,
    address: &EmailAddress,
    categories: &[Category],
) -> Result<Vec<MessageId>, DbError> {
    let now = tx.now();
    let key =
        diesel::dsl::sql::<diesel::sql_types::Bool>("lower(to_address) = ").bind::<Text, _>(address.key());
    Ok(diesel::update(messages::table)
        .filter(messages::category.eq_any(categories))
        .filter(messages::state.eq_any(WAITING).or(messages::state.eq(MessageState::Held)))
        .filter(key)
        .set(Cancelled::at(now))
        .returning(messages::id)
        .get_results(tx.conn())?)
}

/// Puts aside what waits for somebody in a category.
pub(super) fn hold_waiting(
    tx: &mut Tx<'_>,
    party: Party,
    category: Category,
) -> Result<Vec<MessageId>, DbError> {
    Ok(diesel::update(messages::table)
        .filter(messages::category.eq(category))
        .filter(messages::state.eq_any(WAITING))
        .filter(messages::person_id.is_not_distinct_from(party.person()))
        .filter(messages::contact_id.is_not_distinct_from(party.contact()))
        .set((
            messages::state.eq(MessageState::Held),
            messages::lease.eq(None::<i64>),
            messages::lease_until.eq(None::<DateTime<Utc>>),
        ))
        .returning(messages::id)
        .get_results(tx.conn())?)
}

/// Puts back into the queue what of `ids` was put aside for somebody in a category.
pub(super) fn release_held(
    tx: &mut Tx<'_>,
    party: Party,
    category: Category,
    ids: &[i64],
) -> Result<Vec<MessageId>, DbError> {
    Ok(diesel::update(messages::table)
        .filter(messages::id.eq_any(ids))
        .filter(messages::category.eq(category))
        .filter(messages::state.eq(MessageState::Held))
        .filter(messages::person_id.is_not_distinct_from(party.person()))
        .filter(messages::contact_id.is_not_distinct_from(party.contact()))
        .set(messages::state.eq(MessageState::Queued))
        .returning(messages::id)
        .get_results(tx.conn())?)
}

/// Messages about a thing to somebody that a relay has taken.
pub(super) fn taken_about(tx: &mut Tx<'_>, reader: Party, concerns: &str) -> Result<Vec<MessageId>, DbError> {
    Ok(messages::table
        .filter(messages::concerns.eq(concerns))
        .filter(messages::person_id.is_not_distinct_from(reader.person()))
        .filter(messages::contact_id.is_not_distinct_from(reader.contact()))
        .filter(messages::state.eq(MessageState::Accepted))
        .select(messages::id)
        .load(tx.conn())?)
}

/// Moves the messages to contact `from`, or those of them named in `only`, to `into`; gives back which it moved.
pub(super) fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(messages::table)
        .filter(messages::contact_id.eq(from))
        .set(messages::contact_id.eq(into))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(messages::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(messages::id).get_results(tx.conn())?)
}

/// How many messages went to a contact.
pub(super) fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    Ok(messages::table.filter(messages::contact_id.eq(contact)).count().get_result(tx.conn())?)
}
