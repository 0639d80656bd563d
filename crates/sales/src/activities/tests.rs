//! The verbs against a real database.

use std::sync::atomic::AtomicBool;

use clients::registry;
use kernel::{Code, Coded, CorporateNumber, Paging};

use super::*;
use crate::deals::DealInput;
use crate::testing::Bench;

/// A row of the published register, closed by us on 31 March 2025.
const CLOSED: &str = "1,1000020313025,21,1,2025-04-01,2025-04-01,\"岩美町\",,201,\"鳥取県\",\"岩美郡岩美町\",\
    \"大字浦富６７５－１\",,31,302,6810003,,,2025-03-31,01,,,2015-10-05,1,\"Iwami Town\",\"Tottori\",\
    \"675-1 Uradome\",,\"イワミチヨウ\",0\r\n";

fn call(version: i32) -> ActivityInput {
    ActivityInput {
        kind: "call".into(),
        outcome: "interested".into(),
        note: "見積がほしい".into(),
        next_action: "見積を送る".into(),
        next_action_on: "2026-11-25".into(),
        version: i64::from(version).to_string().into(),
        ..ActivityInput::default()
    }
}

#[test]
fn what_was_done_and_what_comes_next_are_one_step() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let activity = bench.act(|tx| log(tx, deal.id, call(deal.version))).unwrap();
    assert_eq!((activity.kind, activity.outcome), (ActivityKind::Call, Outcome::Interested));
    assert_eq!(activity.person_id, bench.sales);
    let deal = bench.deal(deal.id);
    let next = deal.state.next_action().unwrap();
    assert_eq!(
        (next.next_action.as_str(), next.next_action_on.to_string().as_str()),
        ("見積を送る", "2026-11-25")
    );
    assert_eq!(deal.version, 2);
}

#[test]
fn a_next_action_of_yesterday_or_none_logs_nothing() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let late = ActivityInput { next_action_on: "2026-11-21".into(), ..call(1) };
    let refused = bench.act(|tx| log(tx, deal.id, late)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::InThePast);
    let none = ActivityInput { next_action: "".into(), ..call(1) };
    let refused = bench.act(|tx| log(tx, deal.id, none)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::NextActionMissing);
    assert_eq!(bench.act(|tx| log(tx, deal.id, call(9))).unwrap_err().code(), Code::Stale);
    assert!(bench.act(|tx| history(tx, deal.id, &Paging::first(10))).unwrap().items.is_empty());
}

#[test]
fn the_next_action_may_be_due_on_the_day_japan_has_already_reached() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.at("2026-11-24T15:00:00Z");
    let midnight = ActivityInput { next_action_on: "2026-11-25".into(), ..call(1) };
    bench.act(|tx| log(tx, deal.id, midnight)).unwrap();
    let yesterday = ActivityInput { next_action_on: "2026-11-24".into(), ..call(2) };
    assert!(bench.act(|tx| log(tx, deal.id, yesterday)).is_err());
}

#[test]
fn a_deal_that_is_not_open_is_reopened_before_anything_is_logged() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    bench.act(|tx| deals::sleep(tx, deal.id, 1)).unwrap();
    assert_eq!(bench.act(|tx| log(tx, deal.id, call(2))).unwrap_err().code(), Code::DealNotOpen);
}

#[test]
fn a_closed_company_warns_before_anything_is_logged_on_it() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.csv");
    std::fs::write(&file, CLOSED).unwrap();
    registry::import(&mut bench.db.owner(), &file, &AtomicBool::new(false), |_progress| {}).unwrap();
    let number = CorporateNumber::parse("1000020313025").unwrap();
    let closed = bench.act(|tx| registry::adopt(tx, &number, true)).unwrap();
    let input =
        DealInput {
            company_id: closed.id.to_string().into(), contact_id: "".into(), ..bench.input("名刺")
        };
    let deal = bench.act(|tx| deals::open(tx, input)).unwrap();
    let refused = bench.act(|tx| log(tx, deal.id, call(1))).unwrap_err();
    assert_eq!(refused.code(), Code::CompanyClosed);
    assert!(matches!(refused, ActivityError::CompanyClosed(day) if day.to_string() == "2025-03-31"));
    let confirmed = ActivityInput { confirm_closed: "on".into(), ..call(1) };
    assert!(bench.act(|tx| log(tx, deal.id, confirmed)).is_ok());
    let noted =
        NoteInput {
            kind: "call".into(), note: "電話は使われていない".into(), ..NoteInput::default()
        };
    let refused = bench.act(|tx| note(tx, About::Company(closed.id), &noted)).unwrap_err();
    assert_eq!(refused.code(), Code::CompanyClosed, "beside its deals too");
    let lead = crate::leads::LeadInput {
        company_name: closed.name.as_str().into(),
        company_id: closed.id.to_string().into(),
        source: "visit".into(),
        ..crate::leads::LeadInput::default()
    };
    let lead = bench.act(|tx| crate::leads::enter(tx, lead)).unwrap();
    let of_lead = NoteInput { kind: "note".into(), ..noted.clone() };
    let refused = bench.act(|tx| note(tx, About::Lead(lead.id), &of_lead)).unwrap_err();
    assert_eq!(refused.code(), Code::CompanyClosed, "and on a lead of it");
    let confirmed = NoteInput { confirm_closed: "on".into(), ..noted };
    assert!(bench.act(|tx| note(tx, About::Company(closed.id), &confirmed)).is_ok());
}

#[test]
fn a_deals_history_pages_newest_first() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    for (version, note) in (1..).zip(["一", "二", "三"]) {
        let noted = ActivityInput { note: note.into(), ..call(version) };
        bench.act(|tx| log(tx, deal.id, noted)).unwrap();
    }
    let first = bench.act(|tx| history(tx, deal.id, &Paging::first(2))).unwrap();
    assert_eq!(first.items.iter().map(|activity| activity.note.as_str()).collect::<Vec<_>>(), ["三", "二"]);
    let paging = Paging { after: first.next, limit: 2 };
    let rest = bench.act(|tx| history(tx, deal.id, &paging)).unwrap();
    assert_eq!((rest.items[0].note.as_str(), rest.next), ("一", None));
}

#[test]
fn what_was_done_beside_a_deal_is_kept_with_its_company_and_notes_with_their_lead() {
    let bench = Bench::new();
    let visit =
        NoteInput { kind: "visit".into(), note: "工場を見学した".into(), ..NoteInput::default() };
    let kept = bench.act(|tx| note(tx, About::Company(bench.company), &visit)).unwrap();
    assert_eq!((kept.company_id, kept.deal_id, kept.outcome), (Some(bench.company), None, Outcome::Done));
    let input = crate::leads::LeadInput {
        company_name: "鳥取商事".into(),
        source: "visit".into(),
        ..crate::leads::LeadInput::default()
    };
    let lead = bench.act(|tx| crate::leads::enter(tx, input)).unwrap();
    let refused = bench.act(|tx| note(tx, About::Lead(lead.id), &visit)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "kind", "who visits a lead gets in touch with it");
    let noted = NoteInput { kind: "note".into(), ..visit.clone() };
    bench.act(|tx| note(tx, About::Lead(lead.id), &noted)).unwrap();
    let of_company = bench.act(|tx| list(tx, About::Company(bench.company), &Paging::first(9))).unwrap();
    assert_eq!(of_company.items, [kept]);
    assert_eq!(bench.act(|tx| list(tx, About::Lead(lead.id), &Paging::first(9))).unwrap().items.len(), 1);
    let waits = bench.act(|tx| crate::leads::find(tx, lead.id)).unwrap();
    assert_eq!(waits.version, lead.version, "a note is no answer");
}

#[test]
fn a_colleague_who_is_named_hears_of_it_and_nobody_hears_of_themselves() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let named =
        |person: PersonId, version| ActivityInput { tell: person.to_string().into(), ..call(version) };
    bench.act(|tx| log(tx, deal.id, named(bench.sales, 1))).unwrap();
    let told = bench.act(|tx| log(tx, deal.id, named(bench.colleague, 2))).unwrap();
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let refused = bench.act(|tx| log(tx, deal.id, named(worker, 3))).unwrap_err();
    assert_eq!(refused.fields()[0].field, "tell");
    assert_eq!(bench.deal(deal.id).version, 3, "nothing was written");
    let expected = Mentioned { activity: told.id, person: bench.colleague, by: bench.sales };
    assert_eq!(bench.told::<Mentioned>(), [expected]);
    let written =
        ActivityInput { note: "来週は @Suzuki さんに頼みます。@Tanaka も".into(), ..call(3) };
    let written = bench.act(|tx| log(tx, deal.id, written)).unwrap();
    let last = bench.told::<Mentioned>().pop().unwrap();
    assert_eq!((last.activity, last.person), (written.id, bench.colleague), "named in the note itself");
}
