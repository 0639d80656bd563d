//! Mails to people of the programme about what is theirs in it beside work: their time in the centre, the account
//! their pay goes to, what they ask the town for.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::workforce::bookings::{self, Booking, BookingId};
use ::workforce::care_requests::{self, CareRequestId, CareState};
use ::workforce::events::{
    BankAccountChanged, BookingCancelled, BookingMade, CareAnswered, CareAsked, ReportSaid,
};
use ::workforce::places::{self, Place};
use ::workforce::workers;
use db::{DbError, Tx};
use kernel::Language;
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use queue::Registry;
use web::format;

use super::{Cause, Notices, mail_person, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    booking_made(registry, notices.clone());
    booking_cancelled(registry, notices.clone());
    bank_account_changed(registry, notices.clone());
    care_asked(registry, notices.clone());
    care_answered(registry, notices.clone());
    report_said(registry, notices.clone());
}

/// What was cancelled before its mail left is not announced, and what somebody has answered needs nobody else.
pub(super) fn checks(checks: Checks) -> Checks {
    checks
        .before(mails::BookingMade::NAME, |tx, due| match number(due.concerns, "booking:") {
            Some(id) => Ok(bookings::find(tx, BookingId(id))?.cancelled_at.is_none()),
            None => Ok(true),
        })
        .before(mails::CareAsked::NAME, |tx, due| match number(due.concerns, "care:") {
            Some(id) => Ok(care_requests::find(tx, CareRequestId(id))?.state == CareState::Asked),
            None => Ok(true),
        })
}

/// The number of the thing a mail is about.
fn number(concerns: &str, kind: &str) -> Option<i64> {
    concerns.strip_prefix(kind)?.parse().ok()
}

fn booked(tx: &mut Tx<'_>, id: BookingId) -> Result<(Booking, Place), DbError> {
    let booking = bookings::find(tx, id)?;
    let place = places::find(tx, booking.place_id)?;
    Ok((booking, place))
}

/// `12月7日(月) 9:00〜11:30`.
fn when(language: Language, booking: &Booking) -> String {
    format::slot(language, booking.slot().day, booking.slot().from, booking.slot().to)
}

fn booking_made(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<BookingMade>("mail", move |tx, made| {
        let fact = made.fact;
        let (booking, place) = booked(tx, fact.booking)?;
        let by = persons::find(tx, fact.by)?.name;
        let cause = Cause::about(made.event.id, "booking", booking.id).until(booking.ends_at);
        mail_person(tx, &own, cause, fact.person, |language| mails::BookingMade {
            place: place.name.clone(),
            when: when(language, &booking),
            by: by.name_in(language),
            access: place.access_note.clone(),
            link: own.outbox.link("/centre/bookings"),
        })
    });
}

fn booking_cancelled(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<BookingCancelled>("mail", move |tx, cancelled| {
        let fact = cancelled.fact;
        let (booking, place) = booked(tx, fact.booking)?;
        let cause = Cause::about(cancelled.event.id, "booking", booking.id);
        mail_person(tx, &own, cause, fact.person, |language| mails::BookingCancelled {
            place: place.name.clone(),
            when: when(language, &booking),
            note: fact.note.clone(),
            link: own.outbox.link("/centre"),
        })
    });
}

fn bank_account_changed(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<BankAccountChanged>("mail", move |tx, changed| {
        let (fact, at) = (changed.fact, changed.event.at);
        mail_person(tx, &own, changed.event.id, fact.person, |language| mails::BankChanged {
            at: format::clock_time(language, at),
            link: own.outbox.link("/my-bank"),
            reset_link: own.outbox.link("/forgot"),
        })
    });
}

fn care_asked(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<CareAsked>("mail", move |tx, asked| {
        let request = care_requests::find(tx, asked.fact.request)?;
        let person = workers::find(tx, request.worker_id)?.person_id;
        let name = persons::find(tx, person)?.name;
        let cause = Cause::about(asked.event.id, "care", request.id);
        mail_role_about(tx, &own, &cause, Role::Coordinator, |language| mails::CareAsked {
            worker: name.name_in(language),
            answer_by: format::full_date(language, request.answer_by),
            link: own.outbox.link(&format!("/care-requests/{}", request.id)),
        })
    });
}

fn care_answered(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<CareAnswered>("mail", move |tx, answered| {
        let fact = answered.fact;
        let cause = Cause::about(answered.event.id, "care", fact.request);
        mail_person(tx, &own, cause, fact.person, |_language| mails::CareAnswered {
            link: own.outbox.link(&format!("/care-requests/{}", fact.request)),
        })
    });
}

/// Whoever something waits for at the desk is told that something does, and nothing else.
fn report_said(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ReportSaid>("mail", move |tx, said| {
        for person in &said.fact.to {
            mail_person(tx, &own, said.event.id, *person, |_language| mails::ReportWaits {
                link: own.outbox.link(&format!("/harassment/{}", said.fact.report)),
            })?;
        }
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use ::accounts::LinkKey;
    use ::workforce::bookings::BookInput;
    use ::workforce::harassment::{self, DeskContactInput, ReportInput};
    use ::workforce::places::PlaceInput;
    use db::testing::TestDb;
    use kernel::{OrganizationId, Paging, PersonId};
    use notifier::{KeepsHours, MailSettings, Outbox, Party};
    use queue::testing::TestTasks;

    use super::*;

    fn registry() -> Registry {
        let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
        let key = LinkKey::generate();
        let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Never).unwrap());
        let mut registry = Registry::new();
        register(&mut registry, &Arc::new(Notices { outbox, key }));
        registry
    }

    fn mailed(db: &TestDb, town: OrganizationId) -> Vec<(String, Party)> {
        TestTasks::new(db, registry()).run_all();
        let all = notifier::messages::MessageFilter::default();
        let page = db.arrange(town, |tx| notifier::messages::recent(tx, &all, &Paging::first(9)));
        page.items.into_iter().map(|one| (one.template, one.party)).collect()
    }

    #[test]
    fn a_report_is_mailed_to_those_named_and_to_nobody_else() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let [officer, coordinator, worker] =
            [("Officer", "officer"), ("Sato", "coordinator"), ("Aoki", "worker")]
                .map(|(name, role)| db.person(town, name, &[role]));
        for person in [officer, coordinator] {
            let contact =
                DeskContactInput { person_id: person.to_string().into(), ..DeskContactInput::default() };
            db.acting(town, coordinator, |tx| harassment::appoint(tx, &contact)).unwrap();
        }
        let report = ReportInput {
            body: "どなられました".into(),
            readers: vec![officer.to_string().into()],
            ..ReportInput::default()
        };
        db.acting(town, worker, |tx| harassment::report(tx, &report)).unwrap();
        assert_eq!(mailed(&db, town), [("report_waits".to_owned(), Party::Person(officer))]);
    }

    #[test]
    fn whose_place_somebody_else_booked_and_cancelled_is_told_of_both() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let [coordinator, worker]: [PersonId; 2] =
            [("Sato", "coordinator"), ("Aoki", "worker")].map(|(name, role)| db.person(town, name, &[role]));
        let place = PlaceInput {
            name: "個室A".into(),
            kind: "room".into(),
            opens_at: "0:00".into(),
            closes_at: "23:45".into(),
            weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(Into::into).to_vec(),
            ..PlaceInput::default()
        };
        let place = db.acting(town, coordinator, |tx| places::open(tx, &place)).unwrap();
        let day = db.arrange(town, |tx| -> Result<_, DbError> { Ok(kernel::date_in_japan(tx.now())) });
        let input = BookInput {
            place_id: place.id.to_string().into(),
            day: (day + chrono::Days::new(3)).to_string().into(),
            from: "9:00".into(),
            to: "10:00".into(),
            person_id: worker.to_string().into(),
        };
        let booking = db.acting(town, coordinator, |tx| bookings::book(tx, &input)).unwrap();
        db.acting(town, coordinator, |tx| bookings::cancel(tx, booking.id)).unwrap();
        let mut kinds: Vec<_> = mailed(&db, town).into_iter().map(|(kind, _)| kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["booking_cancelled", "booking_made"]);
    }
}
