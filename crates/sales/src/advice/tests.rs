//! The verbs against a real database.

use diesel::prelude::*;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::events::AdviceDue;
use crate::testing::Bench;

fn planned(day: &str, way: &str, minutes: &str) -> SessionInput {
    SessionInput {
        held_on: day.into(),
        way: way.into(),
        minutes: minutes.into(),
        adviser: "アドバイザー 01".into(),
        asked: "営業活動の進め方".into(),
        ..SessionInput::default()
    }
}

fn told(words: &str) -> HeldInput {
    HeldInput { advised: words.into(), ..HeldInput::default() }
}

#[test]
fn a_session_is_planned_held_reported_and_asked_about_in_the_next_fiscal_year() {
    let bench = Bench::new();
    let one = bench.act(|tx| plan(tx, &planned("2026-11-24", "on_site", ""))).unwrap();
    assert_eq!((one.state, one.owner_id), (SessionState::Planned, bench.sales));
    let early = bench.act(|tx| hold(tx, one.id, 1, &told("目標を決める"))).unwrap_err();
    assert_eq!(
        (early.code(), early.fields()[0].field.as_str()),
        (Code::Invalid, "held_on"),
        "it is still to come"
    );
    bench.at("2026-11-24T09:00:00Z");
    let held = bench.act(|tx| hold(tx, one.id, 1, &told("目標を決める"))).unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!((held.state, held.report_due_on), (SessionState::Held, day("2026-12-01")));
    assert_eq!((held.questionnaire_from, held.questionnaire_until), (day("2027-04-01"), day("2028-03-31")));
    let empty = bench.act(|tx| report(tx, one.id, 2, &ReportInput::default())).unwrap_err();
    assert_eq!(empty.fields()[0].field, "report");
    let input = ReportInput { report: "報告".into(), ..ReportInput::default() };
    let reported = bench.act(|tx| report(tx, one.id, 2, &input)).unwrap();
    assert_eq!(reported.reported_on, day("2026-11-24"));
    let late = bench.act(|tx| hold(tx, one.id, 3, &told("もう一度"))).unwrap_err();
    assert_eq!(late.code(), Code::Conflict, "what is reported stays");
    let stale = bench.act(|tx| answer(tx, one.id, 2)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    bench.at("2027-03-31T14:59:00Z");
    let early = bench.act(|tx| answer(tx, one.id, 3)).unwrap_err();
    assert_eq!(early.code(), Code::QuestionnaireToCome);
    let from = FieldProblem::bounded("answered_on", Code::QuestionnaireToCome, day("2027-04-01").unwrap());
    assert_eq!(early.fields(), [from], "it says from when");
    bench.at("2027-03-31T15:00:00Z");
    let done = bench.act(|tx| answer(tx, one.id, 3)).unwrap();
    assert_eq!((done.state, done.answered_on), (SessionState::Answered, day("2027-04-01")));
    assert_eq!(bench.act(waiting).unwrap(), []);
}

#[test]
fn what_was_advised_is_corrected_until_it_is_reported_on_the_day_it_was_sent() {
    let bench = Bench::new();
    bench.at("2026-11-27T05:00:00Z");
    let one = bench.act(|tx| plan(tx, &planned("2026-11-20", "on_site", ""))).unwrap();
    let held = bench.act(|tx| hold(tx, one.id, 1, &told("目標を決める"))).unwrap();
    let other = HeldInput { held_on: "2026-11-19".into(), ..told("目標を四半期ごとに決める") };
    let corrected = bench.act(|tx| hold(tx, one.id, held.version, &other)).unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(
        (Some(corrected.held_on), corrected.report_due_on, corrected.advised.as_str()),
        (day("2026-11-19"), day("2026-11-26"), "目標を四半期ごとに決める")
    );
    let sent = |on: &str| {
        let input = ReportInput { report: "報告".into(), reported_on: on.into() };
        bench.act(|tx| report(tx, one.id, corrected.version, &input))
    };
    let code = |on: &str| {
        let refused = sent(on).unwrap_err();
        (refused.fields()[0].field.clone(), refused.fields()[0].code)
    };
    let field = || "reported_on".to_owned();
    assert_eq!(code("2026-11-28"), (field(), Code::TooLate));
    assert_eq!(code("2026-11-18"), (field(), Code::NotLater));
    assert_eq!(sent("2026-11-25").unwrap().reported_on, day("2026-11-25"));
}

#[test]
fn a_planned_session_is_corrected_or_called_off_and_a_held_one_stays() {
    let bench = Bench::new();
    let one = bench.act(|tx| plan(tx, &planned("2026-12-10", "on_site", ""))).unwrap();
    let moved = bench.act(|tx| change(tx, one.id, 1, &planned("2026-12-17", "online", "90"))).unwrap();
    assert_eq!((moved.minutes, moved.version, moved.owner_id), (Some(90), 2, bench.sales));
    let stranger = SessionInput { owner_id: "999999".into(), ..planned("2026-12-17", "online", "90") };
    let refused = bench.act(|tx| change(tx, one.id, 2, &stranger)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "owner_id");
    let off = bench.act(|tx| cancel(tx, one.id, 2)).unwrap();
    assert_eq!(off.state, SessionState::Cancelled);
    let late = bench.act(|tx| change(tx, one.id, 3, &planned("2026-12-18", "on_site", ""))).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
}

#[test]
fn the_questionnaire_follows_the_towns_own_fiscal_year() {
    let bench = Bench::new();
    let sql = "UPDATE organizations SET fiscal_start_month = 10";
    diesel::sql_query(sql).execute(&mut bench.db.owner()).unwrap();
    let one = bench.act(|tx| plan(tx, &planned("2026-09-30", "on_site", ""))).unwrap();
    let held = bench.act(|tx| hold(tx, one.id, 1, &told("目標を決める"))).unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!((held.questionnaire_from, held.questionnaire_until), (day("2026-10-01"), day("2027-09-30")));
}

#[test]
fn a_year_has_three_visits_and_ten_hours_and_more_is_said() {
    let bench = Bench::new();
    for day in ["2026-04-01", "2026-08-01", "2027-03-31"] {
        bench.act(|tx| plan(tx, &planned(day, "on_site", ""))).unwrap();
    }
    bench.act(|tx| plan(tx, &planned("2027-04-01", "on_site", ""))).unwrap();
    let online = bench.act(|tx| plan(tx, &planned("2026-10-01", "online", "600"))).unwrap();
    let seen = || bench.act(|tx| used(tx, FiscalYear(2026))).unwrap();
    assert_eq!((seen().visits, seen().minutes, seen().is_over()), (3, 600, false));
    bench.act(|tx| plan(tx, &planned("2026-10-02", "online", "1"))).unwrap();
    assert!(seen().is_over());
    bench.act(|tx| cancel(tx, online.id, 1)).unwrap();
    assert_eq!((seen().minutes, seen().is_over()), (1, false), "what is called off uses nothing");
    let days: Vec<_> = bench
        .act(|tx| list(tx, &Paging::first(2)))
        .unwrap()
        .items
        .iter()
        .map(|one| one.held_on.to_string())
        .collect();
    assert_eq!(days, ["2027-04-01", "2027-03-31"]);
}

#[test]
fn a_session_that_nobody_marked_as_held_is_asked_about() {
    let bench = Bench::new();
    let one = bench.act(|tx| plan(tx, &planned("2026-11-20", "on_site", ""))).unwrap();
    bench.act(|tx| plan(tx, &planned("2026-12-20", "on_site", ""))).unwrap();
    let look = |at: &str| {
        bench.at(at);
        bench.act(warn_of_clocks).unwrap();
        bench.told::<AdviceDue>().iter().map(|told| (told.clock, told.due_on.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(look("2026-11-20T14:59:00Z"), [], "it is still its day");
    let asked = (Clock::Unmarked, "2026-11-27".to_owned());
    assert_eq!(look("2026-11-20T15:00:00Z"), [asked]);
    assert_eq!(look("2026-12-08T05:00:00Z"), [], "once");
    assert_eq!(bench.act(waiting).unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [one.id]);
    bench.act(|tx| cancel(tx, one.id, 1)).unwrap();
    assert_eq!(bench.act(waiting).unwrap(), []);
}

#[test]
fn an_owner_is_told_of_each_clock_once() {
    let bench = Bench::new();
    let one = bench.act(|tx| plan(tx, &planned("2026-11-20", "on_site", ""))).unwrap();
    bench.act(|tx| hold(tx, one.id, 1, &told("目標を決める"))).unwrap();
    let look = |at: &str| {
        bench.at(at);
        bench.act(warn_of_clocks).unwrap();
        bench.told::<AdviceDue>().iter().map(|told| told.clock).collect::<Vec<_>>()
    };
    // The report is due on Friday the 27th; Monday the 23rd is a holiday.
    assert_eq!(look("2026-11-24T05:00:00Z"), []);
    assert_eq!(look("2026-11-25T05:00:00Z"), [Clock::Report]);
    assert_eq!(look("2026-11-26T05:00:00Z"), []);
    assert_eq!(look("2026-11-28T05:00:00Z"), [Clock::Late]);
    assert_eq!(look("2026-11-29T05:00:00Z"), []);
    bench
        .act(|tx| report(tx, one.id, 2, &ReportInput { report: "報告".into(), ..ReportInput::default() }))
        .unwrap();
    assert_eq!(look("2027-03-31T05:00:00Z"), []);
    assert_eq!(look("2027-03-31T16:00:00Z"), [Clock::Questionnaire], "it is April in Japan");
    assert_eq!(look("2027-04-02T05:00:00Z"), []);
}
