//! Notices of the end against a real database.

use chrono::{Duration, NaiveDate};
use db::private_postgres::Role;
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection};
use kernel::{Code, Coded, PersonId, WorkerId};

use super::continuity::Span;
use super::*;
use crate::testing::Town;

fn notice(ends_on: NaiveDate, tells_reason: &str) -> EndingInput {
    EndingInput {
        ends_on: ends_on.to_string().into(),
        reason: "発注者との契約が終わるため".into(),
        tells_reason: tells_reason.into(),
        ..EndingInput::default()
    }
}

/// Somebody who has worked without a month's break since the first day, half a year ago.
fn long_worker(town: &Town) -> (PersonId, WorkerId, NaiveDate) {
    let (person, worker) = town.worker("Aoki");
    let since = town.day(0);
    for _ in 0..7 {
        town.finishes(person, town.job(town.order_of(1000, 1).id, 1).id, 1);
        town.wait(Duration::days(27));
    }
    (person, worker, since)
}

#[test]
fn work_goes_on_from_order_to_order_until_a_month_passes_without_one() {
    let town = Town::new();
    let (_, worker, since) = long_worker(&town);
    let found = |town: &Town| town.act(town.director, |tx| under_way(tx, worker));
    let Span { from, to } = found(&town).unwrap();
    assert_eq!(from, since);
    assert!(to >= town.day(0) - Duration::days(30), "{to}");
    town.wait(Duration::days(60));
    assert_eq!(found(&town), None);
}

#[test]
fn after_half_a_year_the_end_is_told_thirty_days_before() {
    let town = Town::new();
    let (person, worker, since) = long_worker(&town);
    let refused =
        town.attempt(town.director, |tx| give_notice(tx, worker, notice(town.day(29), ""))).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::NoticeTooShort);
    assert_eq!(town.act(town.director, |tx| of_worker(tx, worker)), [], "nothing half done");
    let told = town.act(town.director, |tx| give_notice(tx, worker, notice(town.day(30), "")));
    assert_eq!((told.since, told.noticed_on, told.ends_on), (Some(since), town.day(0), town.day(30)));
    let sooner = EndingInput { exception: "client_ended".into(), ..notice(town.day(3), "yes") };
    let exception = town.act(town.director, |tx| give_notice(tx, worker, sooner));
    assert_eq!(exception.exception, Some(EndingException::ClientEnded));
    let facts = town.facts::<EndingNoticed>();
    let said: Vec<_> = facts.iter().map(|fact| (fact.person, fact.reason.is_empty())).collect();
    assert_eq!(
        said,
        [(person, true), (person, false)],
        "the reason is told at once only where the town says so"
    );
}

#[test]
fn a_newcomers_work_may_end_at_once() {
    let town = Town::new();
    let (person, worker) = town.worker("Aoki");
    town.finishes(person, town.job(town.order_of(1000, 1).id, 1).id, 1);
    let told = town.act(town.director, |tx| give_notice(tx, worker, notice(town.day(0), "")));
    assert_eq!(told.ends_on, town.day(0));
}

#[test]
fn the_reason_is_told_once_to_whoever_is_concerned_and_asks_in_time() {
    let town = Town::new();
    let (person, worker, _) = long_worker(&town);
    let (other, _) = town.worker("Baba");
    let told = town.act(town.director, |tx| give_notice(tx, worker, notice(town.day(40), "")));
    assert_eq!(told.told_reason(), None);
    let theirs = town.attempt(other, |tx| ask_reason(tx, told.id)).unwrap_err();
    assert_eq!(theirs.code(), Code::NotFound, "somebody else's notice does not exist");
    let asked = town.act(person, |tx| ask_reason(tx, told.id));
    assert_eq!(asked.told_reason(), Some("発注者との契約が終わるため"));
    assert_eq!(town.attempt(person, |tx| ask_reason(tx, told.id)).unwrap_err().code(), Code::Conflict);
    assert!(town.facts::<EndingNoticed>().iter().any(|fact| fact.was_asked && !fact.reason.is_empty()));
    let later = town.act(town.director, |tx| give_notice(tx, worker, notice(town.day(40), "")));
    town.wait(Duration::days(41));
    assert_eq!(town.attempt(person, |tx| ask_reason(tx, later.id)).unwrap_err().code(), Code::Conflict);
}

#[test]
fn the_database_refuses_a_late_notice_and_any_change_of_one() {
    let town = Town::new();
    let (_, worker, since) = long_worker(&town);
    town.act(town.director, |tx| give_notice(tx, worker, notice(town.day(30), "")));
    let (id, director, today) = (town.id, town.director, town.day(0));
    let late = town.db.owner().batch_execute(&format!(
        "INSERT INTO ending_notices (organization_id, worker_id, since, noticed_on, ends_on, reason, tells_reason, \
             noticed_by, noticed_at) \
         VALUES ({id}, {worker}, '{since}', '{today}', DATE '{today}' + 29, 'x', false, {director}, now())"
    ));
    assert!(late.unwrap_err().to_string().contains("ending_notices_in_time"));
    let mut app = PgConnection::establish(&town.db.url(Role::App)).unwrap();
    let changed =
        app.batch_execute(&format!("SET yui.org = '{id}'; UPDATE ending_notices SET ends_on = ends_on - 20"));
    assert!(changed.unwrap_err().to_string().contains("permission denied"));
}
