//! What clients' silence comes to: a reminder before the day of inspection ends, and acceptance after it where their terms say so.
//!
//! Nobody's silence accepts what they cannot know of: a reminder came to the address that they have now, on an earlier business day than
//! the one on which it counts; a link still opens the delivery, the address has taken mail ever since the reminder, and whatever they
//! asked was answered at least a business day ago: whoever asks is not silent. Where one of these fails the delivery goes on waiting, and
//! coordination sees it wait, with what became of its mail. A reminder that is on its way is waited for
//! (`a_reminder_that_came_late_has_its_day_from_then`). One that did not come counts as none: as soon as mail goes there again they are
//! reminded anew (`a_reminder_that_a_full_mailbox_turned_away_is_none`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Timestamptz};
use kernel::{ContactId, DeliveryId, date_in_japan};
use queue::{Priority, Task};
use serde::{Deserialize, Serialize};

use super::model::ClientAnswer;
use super::{AcceptError, Settled, lists, settle};
use crate::deliveries::{self, DeliveryError, DeliveryState};
use crate::jobs;
use crate::orders::{self, OrderState};
use crate::units::UnitState;

/// Looks after deliveries that wait for their client, once a morning.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct TendSilence {}

impl Task for TendSilence {
    const KIND: &'static str = "deliveries.silence";
    const PRIORITY: Priority = Priority::Idle;
}

/// How many business days before its last one a client is reminded.
const REMINDED_BEFORE: i16 = 2;

/// What was done.
#[derive(Debug, Default)]
pub struct Tended {
    /// Clients who were reminded.
    pub reminded: usize,
    /// Deliveries that silence accepted.
    pub accepted: usize,
    /// Deliveries with which something went wrong, and what; they wait for the next morning.
    pub failed: Vec<(DeliveryId, AcceptError)>,
}

/// A delivery that waits, as far as its silence goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub(super) struct Waiting {
    #[diesel(sql_type = BigInt)]
    pub(super) id: DeliveryId,
    #[diesel(sql_type = BigInt)]
    pub(super) contact_id: ContactId,
    #[diesel(sql_type = Date)]
    pub(super) inspect_until: NaiveDate,
    #[diesel(sql_type = Bool)]
    pub(super) silence_accepts: bool,
    /// When the client was reminded of it last, since its newest link was made.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) reminded_at: Option<DateTime<Utc>>,
    /// They asked something that nobody has answered.
    #[diesel(sql_type = Bool)]
    pub(super) is_asked: bool,
    /// The day of the newest answer to what they asked.
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) replied_on: Option<NaiveDate>,
}

/// A delivery whose client is silent, as far as its mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silent {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Whom it waits for.
    pub contact: ContactId,
    /// When they were to be reminded of it last; none since its newest link was made.
    pub reminded_at: Option<DateTime<Utc>>,
}

/// Whether mail about a delivery reaches its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The reminder came to the address that they have now, at that time, and neither it nor another mail has come back since.
    Came(DateTime<Utc>),
    /// Mail goes there, and no reminder has come.
    Open,
    /// Nothing is to be mailed now: no mail goes there, or a reminder is on its way.
    Shut,
}

/// What is to be done about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    Remind,
    Accept,
}

impl Step {
    /// What it comes to, as mail goes: whoever did not get the last reminder is reminded anew, and whoever gets no mail by none.
    fn by_mail(self, reach: Reach, today: NaiveDate) -> Self {
        match (self, reach) {
            (Self::Accept, Reach::Came(at)) if has_had_its_day(date_in_japan(at), today) => Self::Accept,
            (Self::Accept | Self::Remind, Reach::Open) => Self::Remind,
            _ => Self::Nothing,
        }
    }
}

/// Whether a business day lay between what came on a day and today.
fn has_had_its_day(day: NaiveDate, today: NaiveDate) -> bool {
    jobs::business_days_after(day, 1) <= today
}

impl Waiting {
    /// What `today` asks for.
    pub(super) fn step(&self, today: NaiveDate) -> Step {
        let Some(reminded_on) = self.reminded_at.map(date_in_japan) else {
            let is_near = jobs::business_days_after(today, REMINDED_BEFORE) >= self.inspect_until;
            return if is_near { Step::Remind } else { Step::Nothing };
        };
        let mut heard = [Some(reminded_on), self.replied_on].into_iter().flatten();
        let is_silent = !self.is_asked && heard.all(|day| has_had_its_day(day, today));
        if self.silence_accepts && today > self.inspect_until && is_silent {
            Step::Accept
        } else {
            Step::Nothing
        }
    }
}

/// Reminds the clients whose day of inspection comes near and accepts what silence accepts. `reach` says what became of the reminder, and
/// whether mail goes to a client. What goes wrong with one delivery undoes nothing of the others.
pub fn tend(
    tx: &mut Tx<'_>,
    reach: impl Fn(&mut Tx<'_>, &Silent) -> Result<Reach, DbError>,
) -> Result<Tended, AcceptError> {
    let mut tended = Tended::default();
    for waiting in waiting(tx)? {
        match tx.savepoint(|tx| take(tx, &waiting, &reach)) {
            Err(error) => tended.failed.push((waiting.id, error)),
            Ok(Step::Remind) => tended.reminded += 1,
            Ok(Step::Accept) => tended.accepted += 1,
            Ok(Step::Nothing) => {}
        }
    }
    Ok(tended)
}

/// Takes the step that today asks for, and says which it came to.
fn take(
    tx: &mut Tx<'_>,
    waiting: &Waiting,
    reach: impl Fn(&mut Tx<'_>, &Silent) -> Result<Reach, DbError>,
) -> Result<Step, AcceptError> {
    let today = crate::today(tx);
    let planned = waiting.step(today);
    if planned == Step::Nothing {
        return Ok(planned);
    }
    let (delivery, contact, reminded_at) = (waiting.id, waiting.contact_id, waiting.reminded_at);
    let step = planned.by_mail(reach(tx, &Silent { delivery, contact, reminded_at })?, today);
    let is_done = match step {
        Step::Nothing => false,
        Step::Remind => remind(tx, delivery)?,
        Step::Accept => accept(tx, delivery)?,
    };
    Ok(if is_done { step } else { Step::Nothing })
}

fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>, DbError> {
    Ok(diesel::sql_query(
        "SELECT d.id, d.contact_id, d.inspect_until, d.silence_accepts, \
             (SELECT max(a.happened_at) FROM delivery_accesses a \
              WHERE a.delivery_id = d.id AND a.kind = 'reminded' AND a.happened_at >= \
                  (SELECT max(l.created_at) FROM delivery_links l WHERE l.delivery_id = d.id)) AS reminded_at, \
             EXISTS (SELECT 1 FROM client_questions q WHERE q.delivery_id = d.id AND q.answer IS NULL) AS is_asked, \
             (SELECT max(q.answered_at AT TIME ZONE 'Asia/Tokyo')::date FROM client_questions q \
              WHERE q.delivery_id = d.id) AS replied_on \
         FROM deliveries d JOIN orders o ON o.id = d.order_id \
         WHERE d.state = 'sent' AND o.state = 'running' ORDER BY d.id",
    )
    .load(tx.conn())?)
}

/// `false` where it is not the time: the mail with the link is younger than a day, or no link is open.
fn remind(tx: &mut Tx<'_>, id: DeliveryId) -> Result<bool, AcceptError> {
    match deliveries::remind(tx, id) {
        Ok(_delivery) => Ok(true),
        Err(DeliveryError::Db(error)) => Err(error.into()),
        Err(_another_time) => Ok(false),
    }
}

/// `false` where it no longer waits, or no link opens it.
fn accept(tx: &mut Tx<'_>, id: DeliveryId) -> Result<bool, AcceptError> {
    let order = deliveries::find(tx, id)?.order_id;
    let order = orders::hold(tx, order)?;
    let delivery = deliveries::store::hold(tx, id)?;
    if delivery.state != DeliveryState::Sent || order.state != OrderState::Running || is_asked(tx, id)? {
        return Ok(false);
    }
    let Some(link) = lists::open_link_of(tx, id)? else { return Ok(false) };
    let delivered = deliveries::units(tx, id)?;
    let waits = delivered.iter().filter(|unit| unit.state == UnitState::Delivered);
    let answers: BTreeMap<_, _> =
        waits.map(|unit| (unit.unit, (ClientAnswer::Accepted, String::new()))).collect();
    settle(tx, &order, &delivery, &delivered, &Settled { name: None, answers: &answers, link })?;
    Ok(true)
}

/// Whether a question waits, now that the delivery is held and nobody can ask another.
fn is_asked(tx: &mut Tx<'_>, id: DeliveryId) -> Result<bool, DbError> {
    use crate::schema::client_questions;
    let open = client_questions::table
        .filter(client_questions::delivery_id.eq(id))
        .filter(client_questions::answer.is_null());
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(tx.conn())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn waiting(inspect_until: &str, silence_accepts: bool, reminded_on: Option<&str>) -> Waiting {
        Waiting {
            id: DeliveryId(1),
            contact_id: ContactId(1),
            inspect_until: on(inspect_until),
            silence_accepts,
            reminded_at: reminded_on.map(|day| format!("{day}T09:20:00+09:00").parse().unwrap()),
            is_asked: false,
            replied_on: None,
        }
    }

    #[test]
    fn whoever_asks_is_not_silent_until_a_business_day_after_the_answer() {
        let agreed = waiting("2026-12-16", true, Some("2026-12-14"));
        assert_eq!(agreed.step(on("2026-12-17")), Step::Accept);
        let asking = Waiting { is_asked: true, ..agreed };
        assert_eq!(asking.step(on("2027-12-17")), Step::Nothing, "however long the answer takes");
        // Friday; the 21st is a Monday.
        let replied = Waiting { replied_on: Some(on("2026-12-18")), ..agreed };
        let steps = ["2026-12-18", "2026-12-20", "2026-12-21"].map(|day| replied.step(on(day)));
        assert_eq!(steps, [Step::Nothing, Step::Nothing, Step::Accept]);
    }

    #[test]
    fn only_a_reminder_that_came_a_business_day_ago_lets_silence_accept() {
        let at = |text: &str| Reach::Came(format!("{text}+09:00").parse().unwrap());
        // Friday; the 21st is a Monday.
        let late = at("2026-12-18T08:00:00");
        let comes_to = |step: Step, reach, day| step.by_mail(reach, on(day));
        assert_eq!(comes_to(Step::Accept, late, "2026-12-18"), Step::Nothing, "it came this morning");
        assert_eq!(comes_to(Step::Accept, late, "2026-12-20"), Step::Nothing);
        assert_eq!(comes_to(Step::Accept, late, "2026-12-21"), Step::Accept);
        assert_eq!(comes_to(Step::Accept, Reach::Open, "2026-12-21"), Step::Remind, "it did not come");
        assert_eq!(comes_to(Step::Accept, Reach::Shut, "2026-12-21"), Step::Nothing, "it may come still");
        let steps = [Reach::Open, Reach::Shut].map(|reach| comes_to(Step::Remind, reach, "2026-12-14"));
        assert_eq!(steps, [Step::Remind, Step::Nothing], "whoever gets no mail is reminded by none");
        assert_eq!(comes_to(Step::Nothing, Reach::Open, "2026-12-21"), Step::Nothing);
    }

    #[test]
    fn a_reminder_goes_out_two_business_days_before_and_once() {
        // Wednesday 16 December 2026; the 14th is a Monday.
        let fresh = waiting("2026-12-16", false, None);
        let steps: Vec<Step> =
            ["2026-12-11", "2026-12-14", "2026-12-17"].map(|day| fresh.step(on(day))).into();
        assert_eq!(steps, [Step::Nothing, Step::Remind, Step::Remind], "late is better than never");
        let reminded = waiting("2026-12-16", false, Some("2026-12-14"));
        assert_eq!(reminded.step(on("2026-12-15")), Step::Nothing);
        assert_eq!(
            reminded.step(on("2027-12-15")),
            Step::Nothing,
            "silence accepts nothing that was not agreed"
        );
    }

    #[test]
    fn silence_accepts_after_the_whole_day_and_only_whoever_was_reminded_had_a_day() {
        let agreed = waiting("2026-12-16", true, Some("2026-12-14"));
        assert_eq!(agreed.step(on("2026-12-16")), Step::Nothing, "the last day is theirs");
        assert_eq!(agreed.step(on("2026-12-17")), Step::Accept);
        // Reminded on Friday the 18th: Monday is the first day that counts.
        let late = waiting("2026-12-16", true, Some("2026-12-18"));
        assert_eq!(late.step(on("2026-12-20")), Step::Nothing);
        assert_eq!(late.step(on("2026-12-21")), Step::Accept);
        assert_eq!(waiting("2026-12-16", true, None).step(on("2027-01-20")), Step::Remind, "never unasked");
    }
}
