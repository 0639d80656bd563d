//! The verbs against a real database.

use diesel::RunQueryDsl as _;
use kernel::{Code, Coded, Paging, Typed};

use super::*;
use crate::deals::{self, LoseInput};
use crate::leads::{self, LeadInput};
use crate::testing::Bench;
use crate::{forecasts, roadmaps, targets};

fn on(day: &str, people: &[PersonId]) -> MeetingInput {
    let people: Vec<Typed> = people.iter().map(|id| id.to_string().into()).collect();
    MeetingInput { held_on: day.into(), begins_at: "10:00".into(), people, ..MeetingInput::default() }
}

#[test]
fn an_agenda_is_read_off_the_board() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-24", &[bench.sales]))).unwrap();
    let due = bench.open("期限の近い商談");
    bench.won("とれた商談", 100);
    let lost = bench.open("失った商談");
    let reason = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, lost.id, lost.version, reason)).unwrap();
    let input =
        LeadInput { company_name: "鳥取商事".into(), source: "web".into(), ..LeadInput::default() };
    bench.act(|tx| leads::enter(tx, input)).unwrap();
    let seen = bench.act(|tx| agenda(tx, &meeting)).unwrap();
    let titles = |deals: &AgendaDeals| deals.deals.iter().map(|one| one.title.clone()).collect::<Vec<_>>();
    assert_eq!((titles(&seen.due), seen.due.count), (vec!["期限の近い商談".to_owned()], 1));
    assert_eq!((titles(&seen.won), seen.won.amount.0), (vec!["とれた商談".to_owned()], 19_500));
    assert_eq!(titles(&seen.lost), ["失った商談"]);
    let undecided = [&seen.due, &seen.won, &seen.lost].map(|deals| deals.undecided);
    assert_eq!(undecided, [1, 0, 1], "what nobody has named an amount for is not worth nothing");
    assert_eq!((seen.idle.count, seen.waiting, seen.leads.len()), (0, 1, 1));
    // Long after, the open deal idles by its stage's own days, as on the board.
    bench.at("2027-03-01T05:00:00Z");
    let seen = bench.act(|tx| agenda(tx, &meeting)).unwrap();
    assert_eq!((titles(&seen.idle), seen.idle.deals[0].deal_id), (vec!["期限の近い商談".to_owned()], due.id));
    assert_eq!(seen.idle.undecided, 1);
    assert_eq!(seen.won.count + seen.lost.count, 0, "the first meeting looks back a week");
    let marked = bench.board(20).into_iter().flat_map(|column| column.cards.items).filter(|card| card.idle);
    assert_eq!(marked.count(), 1);
    // What came after it is none of a meeting's.
    bench.at("2026-11-22T04:00:00Z");
    let seen = bench.act(|tx| agenda(tx, &meeting)).unwrap();
    assert_eq!((seen.won.count, seen.lost.count, seen.waiting, seen.leads.len()), (0, 0, 0, 0));
}

#[test]
fn a_closed_meeting_keeps_what_it_looked_at_and_never_changes() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-24", &[bench.sales, bench.colleague]))).unwrap();
    let deal = bench.open("期限の近い商談");
    let written = MeetingInput { minutes: "三件を見直した".into(), ..MeetingInput::from(&meeting) };
    let meeting = bench.act(|tx| change(tx, meeting.id, 1, &written)).unwrap();
    let early = bench.act(|tx| close(tx, meeting.id, meeting.version)).unwrap_err();
    assert_eq!((early.fields()[0].field.as_str(), early.fields()[0].code), ("held_on", Code::TooLate));
    bench.at("2026-11-23T15:00:00Z");
    let closed = bench.act(|tx| close(tx, meeting.id, meeting.version)).unwrap();
    let kept = closed.agenda.clone().unwrap();
    assert_eq!(kept.due.count, 1);
    bench.act(|tx| deals::sleep(tx, deal.id, 1)).unwrap();
    let later = bench.act(|tx| find(tx, meeting.id)).unwrap();
    assert_eq!(later, closed, "whatever becomes of its deals");
    let refused = bench.act(|tx| change(tx, meeting.id, closed.version, &written)).unwrap_err();
    assert_eq!(refused.code(), Code::Conflict);
    let written_over = bench.act(|tx| -> Result<usize, DbError> {
        Ok(diesel::sql_query("UPDATE meetings SET minutes = 'x'").execute(tx.conn())?)
    });
    assert_eq!(written_over.unwrap(), 0, "nor past the verbs");
    // The next meeting looks at what came since.
    bench.at("2026-11-25T05:00:00Z");
    bench.won("あとの商談", 10);
    let next = bench.act(|tx| call(tx, &on("2026-12-01", &[]))).unwrap();
    let seen = bench.act(|tx| agenda(tx, &next)).unwrap();
    assert_eq!((Some(seen.since), seen.won.count), (closed.closed_at, 1));
}

#[test]
fn a_decision_is_somebodys_todo_or_a_finding() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-24", &[bench.sales]))).unwrap();
    let todo = DecisionInput {
        kind: "todo".into(),
        title: "説明会の日取りを決める".into(),
        due_on: "2026-11-30".into(),
        person_id: bench.colleague.to_string().into(),
    };
    bench.act(|tx| decide(tx, meeting.id, &todo)).unwrap();
    let wanting =
        DecisionInput { kind: "finding".into(), title: "見積が遅い".into(), ..DecisionInput::default() };
    bench.act(|tx| decide(tx, meeting.id, &wanting)).unwrap();
    let undated = DecisionInput { due_on: "".into(), ..todo };
    let refused = bench.act(|tx| decide(tx, meeting.id, &undated)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "due_on");
    let decided = bench.act(|tx| decisions(tx, meeting.id)).unwrap();
    assert!(matches!(&decided[0].decided, Decided::Todo(todo) if todo.person_id == bench.colleague));
    assert!(matches!(&decided[1].decided, Decided::Finding(finding) if finding.title == "見積が遅い"));
    assert_eq!(decided.len(), 2);
    assert_eq!(bench.told::<crate::events::TodoAssigned>().len(), 1, "who does it hears of it");
}

#[test]
fn nothing_is_decided_in_a_meeting_that_is_being_closed() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-22", &[bench.sales]))).unwrap();
    let wanting =
        DecisionInput { kind: "finding".into(), title: "見積が遅い".into(), ..DecisionInput::default() };
    let late = std::thread::scope(|threads| {
        let decides = || bench.act(|tx| decide(tx, meeting.id, &wanting)).map_err(|error| error.code());
        let late = bench
            .act(|tx| -> Result<_, MeetingError> {
                close(tx, meeting.id, meeting.version)?;
                Ok(bench.db.meanwhile(threads, decides))
            })
            .unwrap();
        late.join().unwrap()
    });
    assert_eq!(late.unwrap_err(), Code::Conflict);
    assert!(bench.act(|tx| decisions(tx, meeting.id)).unwrap().is_empty());
    assert_eq!(bench.act(findings::open_count).unwrap(), 0);
}

#[test]
fn who_was_there_was_there_even_who_has_left_since() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-24", &[bench.sales, bench.colleague]))).unwrap();
    bench.act(|tx| accounts::persons::disable(tx, bench.colleague)).unwrap();
    let written = MeetingInput { minutes: "二人で見直した".into(), ..MeetingInput::from(&meeting) };
    let written = bench.act(|tx| change(tx, meeting.id, meeting.version, &written)).unwrap();
    assert_eq!(written.people, [bench.sales, bench.colleague]);
    let anew = bench.act(|tx| call(tx, &on("2026-12-01", &[bench.colleague]))).unwrap_err();
    assert_eq!(anew.fields()[0].field, "people", "nobody comes who has left");
}

#[test]
fn meetings_page_by_their_day_and_stand_in_the_calendars_of_those_who_come() {
    let bench = Bench::new();
    for day in ["2026-11-24", "2026-12-08", "2026-12-01"] {
        bench.act(|tx| call(tx, &on(day, &[bench.colleague]))).unwrap();
    }
    let days = |all: &[Meeting]| all.iter().map(|one| one.held_on.to_string()).collect::<Vec<_>>();
    let first = bench.act(|tx| list(tx, &Paging::first(2))).unwrap();
    assert_eq!(days(&first.items), ["2026-12-08", "2026-12-01"]);
    let rest = bench.act(|tx| list(tx, &Paging { after: first.next, limit: 2 })).unwrap();
    assert_eq!((days(&rest.items), rest.next), (vec!["2026-11-24".to_owned()], None));
    let span = ("2026-11-25".parse().unwrap(), "2026-12-31".parse().unwrap());
    let theirs = bench.act(|tx| of_person(tx, bench.colleague, span, 9)).unwrap();
    assert_eq!(days(&theirs), ["2026-12-01", "2026-12-08"]);
    assert!(bench.act(|tx| of_person(tx, bench.sales, span, 9)).unwrap().is_empty());
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let refused = bench.act(|tx| call(tx, &on("2026-12-09", &[worker]))).unwrap_err();
    assert_eq!(refused.fields()[0].field, "people");
}

#[test]
fn a_meeting_steers_by_what_is_missing_what_has_changed_and_what_slips() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-11-24", &[bench.sales]))).unwrap();
    let steering = || bench.act(|tx| agenda(tx, &meeting)).unwrap().steering.unwrap();
    assert_eq!(steering(), AgendaSteering::default(), "nothing is set yet, and nothing is made up");
    bench.won("とれた商談", 100);
    bench
        .act(|tx| -> Result<_, targets::TargetError> {
            let year = targets::PlanInput { fiscal_year: "2026".into(), reason: "はじめ".into() };
            let plan = targets::open_version(tx, &year)?.id;
            for (period, value) in [("year", "900000"), ("q3", "500000")] {
                let target = targets::TargetInput {
                    metric: "orders_yen".into(),
                    scope: "town".into(),
                    period: period.into(),
                    value: value.into(),
                    reason: "試験".into(),
                    ..targets::TargetInput::default()
                };
                targets::set(tx, plan, &target)?;
            }
            targets::close_version(tx, plan)
        })
        .unwrap();
    let target = steering().target.unwrap();
    assert_eq!((target.period.as_str(), target.gap.0, target.actual.0), ("q3", 480_500, 19_500));
    let minutes = bench.act(targets::sample).unwrap().minutes;
    assert!(minutes > 0, "the quote names minutes");
    assert_eq!(target.gap_minutes, Some((480_500 * minutes + 19_499) / 19_500));
    bench.act(forecasts::freeze).unwrap();
    bench.open("新しい商談");
    let forecast = steering().forecast.unwrap();
    let difference: i64 = forecast.changes.iter().map(|one| one.amount.0).sum();
    assert_eq!(forecast.before.0 + difference, forecast.now.0);
    let frozen = bench.act(forecasts::snapshots).unwrap()[0];
    assert_eq!(
        (forecast.taken_at, forecast.missed_weeks),
        (Some(frozen.taken_at), 0),
        "the day it compares with"
    );
    let milestone = |title: &str, due: &str, metric: &str, value: &str| {
        let input = roadmaps::MilestoneInput {
            fiscal_year: "2026".into(),
            title: title.into(),
            due_on: due.into(),
            metric: metric.into(),
            value: value.into(),
            ..roadmaps::MilestoneInput::default()
        };
        bench.act(|tx| roadmaps::enter(tx, &input)).unwrap()
    };
    milestone("遅れている", "2026-11-10", "", "");
    milestone("足りない", "2026-12-10", "new_clients", "5");
    milestone("足りている", "2026-12-10", "new_clients", "1");
    milestone("まだ先", "2027-03-10", "new_clients", "90");
    let titles: Vec<_> = steering().milestones.into_iter().map(|one| (one.title, one.is_late)).collect();
    assert_eq!(titles, [("遅れている".to_owned(), true), ("足りない".to_owned(), false)]);
    let later = bench.act(|tx| call(tx, &on("2027-02-10", &[bench.sales]))).unwrap();
    let by_then = bench.act(|tx| agenda(tx, &later)).unwrap().steering.unwrap().milestones;
    let titles: Vec<_> = by_then.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(
        titles,
        ["遅れている", "足りない", "足りている", "まだ先"],
        "a month is counted from the meeting's own day, on which the third will be late"
    );
    bench.at("2026-11-24T05:00:00Z");
    let target = steering().target.unwrap();
    let closed = bench.act(|tx| close(tx, meeting.id, meeting.version)).unwrap();
    let kept = closed.agenda.unwrap().steering.unwrap();
    assert_eq!(
        (kept.target, kept.milestones.len()),
        (Some(target), 2),
        "a closed meeting keeps what it steered by"
    );
}

#[test]
fn a_meeting_says_which_weeks_before_its_snapshot_nobody_froze() {
    let bench = Bench::new();
    let meeting = bench.act(|tx| call(tx, &on("2026-12-18", &[bench.sales]))).unwrap();
    bench.act(forecasts::freeze).unwrap();
    bench.at("2026-12-14T05:00:00Z");
    bench.act(forecasts::freeze).unwrap();
    let seen = bench.act(|tx| agenda(tx, &meeting)).unwrap().steering.unwrap().forecast.unwrap();
    assert_eq!(seen.taken_at.map(|at| at.to_rfc3339()), Some("2026-12-14T05:00:00+00:00".to_owned()));
    assert_eq!(seen.missed_weeks, 3, "those of the 23rd, the 30th and the 7th");
    // A meeting that was closed before this was kept is still read.
    let mut kept = serde_json::to_value(&seen).unwrap();
    let fields = kept.as_object_mut().unwrap();
    assert!(fields.remove("taken_at").is_some() && fields.remove("missed_weeks").is_some());
    let old: AgendaForecast = serde_json::from_value(kept).unwrap();
    assert_eq!((old.taken_at, old.missed_weeks, old.now), (None, 0, seen.now));
}
