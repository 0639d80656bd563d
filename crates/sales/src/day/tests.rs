//! A day against a real database.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::deals::{self, DealInput};
use crate::leads::{ContactedInput, LeadInput};
use crate::reminders;
use crate::testing::Bench;
use crate::todos::{self, FinishInput, TodoInput};

/// A day of November 2026; the bench's today is the 22nd.
fn day_of(number: u32) -> String {
    format!("2026-11-{number:02}")
}

fn deal(bench: &Bench, day: u32) {
    let input = DealInput { next_action_on: day_of(day).into(), ..bench.input("名刺") };
    bench.act(|tx| deals::open(tx, input)).unwrap();
}

fn lead(bench: &Bench, day: u32) -> leads::Lead {
    let input =
        LeadInput { company_name: "鳥取商事".into(), source: "visit".into(), ..LeadInput::default() };
    let entered = bench.act(|tx| leads::enter(tx, input)).unwrap();
    spoken(bench, &entered, day)
}

fn spoken(bench: &Bench, lead: &leads::Lead, day: u32) -> leads::Lead {
    let spoken = ContactedInput {
        outcome: "interested".into(),
        next_action: "電話で聞く".into(),
        next_action_on: day_of(day).into(),
        ..ContactedInput::default()
    };
    bench.act(|tx| leads::contact(tx, lead.id, lead.version, spoken)).unwrap()
}

fn todo(bench: &Bench, day: u32) -> todos::Todo {
    let input =
        TodoInput { title: "地図を送る".into(), due_on: day_of(day).into(), ..TodoInput::default() };
    bench.act(|tx| todos::add(tx, &input)).unwrap()
}

fn pages(bench: &Bench, limit: u16) -> Vec<Due> {
    let mut all = Vec::new();
    let mut paging = Paging::first(limit);
    loop {
        let page = bench.act(|tx| due(tx, bench.sales, &paging)).unwrap();
        all.extend(page.items);
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return all,
        }
    }
}

#[test]
fn a_day_counts_what_it_lists_page_by_page() {
    let things = proptest::collection::vec((0_u8..3, 15_u32..28), 0..12);
    let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    runner
        .run(&things, |things| {
            let bench = Bench::new();
            // Leads are given their day before it comes.
            bench.at("2026-11-10T05:00:00Z");
            for (kind, day) in &things {
                match kind {
                    0 => deal(&bench, *day),
                    1 => drop(lead(&bench, *day)),
                    _ => drop(todo(&bench, *day)),
                }
            }
            bench.at("2026-11-22T05:00:00Z");
            let mut expected: Vec<(String, u8)> = things
                .iter()
                .filter(|(_, day)| *day <= 22)
                .map(|(kind, day)| (day_of(*day), *kind))
                .collect();
            expected.sort();
            for limit in [1, 3, 50] {
                let listed = pages(&bench, limit);
                let seen: Vec<(String, u8)> =
                    listed.iter().map(|due| (due.due_on.to_string(), due.key().1)).collect();
                prop_assert_eq!(&seen, &expected);
            }
            let counted = bench.act(|tx| counts(tx, bench.sales)).unwrap();
            let overdue = things.iter().filter(|(_, day)| *day < 22).count();
            prop_assert_eq!(counted.due, i64::try_from(expected.len()).unwrap());
            prop_assert_eq!(counted.overdue, i64::try_from(overdue).unwrap());
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_done_or_somebody_elses_is_no_part_of_a_day() {
    let bench = Bench::new();
    let done = todo(&bench, 20);
    bench.act(|tx| todos::finish(tx, done.id, 1, &FinishInput::default())).unwrap();
    let theirs = TodoInput {
        title: "見積".into(),
        due_on: day_of(20).into(),
        person_id: bench.colleague.to_string().into(),
        ..TodoInput::default()
    };
    let theirs = bench.act(|tx| todos::add(tx, &theirs)).unwrap();
    assert!(pages(&bench, 50).is_empty());
    assert_eq!(bench.act(|tx| one(tx, bench.sales, DueKind::Todo, theirs.id.0)).unwrap(), None);
    assert!(bench.act(|tx| one(tx, bench.colleague, DueKind::Todo, theirs.id.0)).unwrap().is_some());
}

#[test]
fn a_calendar_holds_open_actions_and_todos_done_or_not_with_what_they_are_about() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let input = TodoInput {
        title: "地図を送る".into(),
        due_on: day_of(23).into(),
        due_time: "9:30".into(),
        deal_id: deal.id.to_string().into(),
        ..TodoInput::default()
    };
    let sent = bench.act(|tx| todos::add(tx, &input)).unwrap();
    bench.act(|tx| todos::finish(tx, sent.id, 1, &FinishInput::default())).unwrap();
    let of_november = (day_of(1).parse().unwrap(), day_of(30).parse().unwrap());
    let entries = bench.act(|tx| between(tx, bench.sales, of_november, 100)).unwrap();
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| {
            (entry.due.action.as_str(), entry.due.title.as_str(), entry.due.company.as_str(), entry.is_done)
        })
        .collect();
    let company = "米子建設株式会社";
    assert_eq!(seen, [("地図を送る", "名刺", company, true), ("電話する", "名刺", company, false)]);
}

#[test]
fn a_calendar_says_when_anything_of_a_lead_last_changed() {
    let bench = Bench::new();
    let of_november = (day_of(1).parse().unwrap(), day_of(30).parse().unwrap());
    let told = || bench.act(|tx| between(tx, bench.sales, of_november, 100)).unwrap().remove(0);
    let met = lead(&bench, 25);
    let first = told();
    bench.at("2026-11-23T03:00:00Z");
    let again = spoken(&bench, &met, 26);
    let second = told();
    assert_eq!((second.due.version, second.due.due_on.to_string()), (again.version, day_of(26)));
    assert_eq!(second.changed_at.to_string(), "2026-11-23 03:00:00 UTC", "another day was agreed on");
    bench.at("2026-11-24T03:00:00Z");
    let renamed = LeadInput { company_name: "鳥取商会".into(), ..LeadInput::from(&again) };
    bench.act(|tx| leads::correct(tx, again.id, again.version, &renamed)).unwrap();
    let third = told();
    assert_eq!((third.due.company.as_str(), third.due.version), ("鳥取商会", again.version + 1));
    assert!(first.changed_at < second.changed_at && second.changed_at < third.changed_at);
}

#[test]
fn a_day_is_told_once_however_often_its_task_runs() {
    let bench = Bench::new();
    let today = day_of(22).parse().unwrap();
    assert!(!bench.act(|tx| reminders::remind(tx, bench.sales, today)).unwrap(), "nothing is due");
    todo(&bench, 22);
    let told: Vec<bool> =
        (0..3).map(|_| bench.act(|tx| reminders::remind(tx, bench.sales, today)).unwrap()).collect();
    assert_eq!(told, [true, false, false]);
    assert!(!bench.act(|tx| reminders::remind(tx, bench.colleague, today)).unwrap(), "nothing of theirs");
    bench.at("2026-11-22T15:00:00Z");
    assert!(!bench.act(|tx| reminders::remind(tx, bench.sales, today)).unwrap(), "that day is over in Japan");
    let tomorrow = day_of(23).parse().unwrap();
    assert!(bench.act(|tx| reminders::remind(tx, bench.sales, tomorrow)).unwrap(), "still overdue");
    let days: Vec<_> = bench.told::<crate::events::DayBegan>().into_iter().map(|fact| fact.day).collect();
    assert_eq!(days, [today, tomorrow]);
}
