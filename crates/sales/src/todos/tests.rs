//! The verbs against a real database.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::about::About;
use crate::activities::{self, NoteInput};
use crate::merging;
use crate::testing::Bench;

fn todo(title: &str, on: &str) -> TodoInput {
    TodoInput { title: title.into(), due_on: on.into(), ..TodoInput::default() }
}

#[test]
fn a_todo_is_written_down_moved_done_and_taken_up_again() {
    let bench = Bench::new();
    let input = TodoInput { due_time: "14時".into(), ..todo("見本を受け取る", "2026-11-25") };
    let one = bench.act(|tx| add(tx, &input)).unwrap();
    assert_eq!((one.person_id, one.asked_by), (bench.sales, bench.sales));
    assert_eq!(one.due_time.unwrap().to_string(), "14:00:00");
    let later = PostponeInput { due_on: "2026-11-27".into(), note: "先方が出張中".into() };
    let one = bench.act(|tx| postpone(tx, one.id, one.version, &later)).unwrap();
    assert_eq!((one.due_on.to_string().as_str(), one.note.as_str()), ("2026-11-27", "先方が出張中"));
    let note = FinishInput { note: "受け取った".into() };
    let done = bench.act(|tx| finish(tx, one.id, one.version, &note)).unwrap();
    assert_eq!(done.state.status(), TodoStatus::Done);
    let twice = bench.act(|tx| finish(tx, done.id, done.version, &note)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    assert_eq!(bench.act(|tx| reopen(tx, done.id, one.version)).unwrap_err().code(), Code::Stale);
    let open = bench.act(|tx| reopen(tx, done.id, done.version)).unwrap();
    assert_eq!((open.state, open.note.as_str()), (TodoState::Open, "先方が出張中\n受け取った"));
}

#[test]
fn what_was_noted_before_stays_when_more_is_noted() {
    let bench = Bench::new();
    let mut one = bench.act(|tx| add(tx, &todo("見本を受け取る", "2026-11-25"))).unwrap();
    for (note, expected) in [
        ("先方が出張中", "先方が出張中"),
        ("", "先方が出張中"),
        ("担当が替わった", "先方が出張中\n担当が替わった"),
        ("担当が替わった", "先方が出張中\n担当が替わった"),
    ] {
        let later = PostponeInput { due_on: "2026-11-27".into(), note: note.into() };
        one = bench.act(|tx| postpone(tx, one.id, one.version, &later)).unwrap();
        assert_eq!(one.note, expected);
    }
    let long = "長".repeat(995);
    let done =
        bench.act(|tx| finish(tx, one.id, one.version, &FinishInput { note: long.as_str().into() })).unwrap();
    assert_eq!(done.note.chars().count(), 1000);
    assert!(done.note.ends_with(&long), "what is new is whole");
    let open = bench.act(|tx| reopen(tx, done.id, done.version)).unwrap();
    let silent = bench.act(|tx| finish(tx, open.id, open.version, &FinishInput::default())).unwrap();
    assert_eq!(silent.note, done.note);
}

#[test]
fn a_todo_of_yesterday_cannot_be_moved_there() {
    let bench = Bench::new();
    let one = bench.act(|tx| add(tx, &todo("電話", "2026-11-20"))).unwrap();
    let past = PostponeInput { due_on: "2026-11-21".into(), ..PostponeInput::default() };
    let refused = bench.act(|tx| postpone(tx, one.id, 1, &past)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::InThePast);
}

#[test]
fn whoever_is_asked_by_somebody_else_is_told() {
    let bench = Bench::new();
    let own = bench.act(|tx| add(tx, &todo("自分の用事", "2026-11-25"))).unwrap();
    let asked =
        TodoInput { person_id: bench.colleague.to_string().into(), ..todo("地図を送る", "2026-11-25") };
    let theirs = bench.act(|tx| add(tx, &asked)).unwrap();
    // Another day changes nothing for whoever knows; another person has to hear of it.
    let moved = TodoInput { due_on: "2026-11-26".into(), ..TodoInput::from(&theirs) };
    bench.act(|tx| change(tx, theirs.id, 1, &moved)).unwrap();
    let handed = TodoInput { person_id: bench.colleague.to_string().into(), ..TodoInput::from(&own) };
    bench.act(|tx| change(tx, own.id, 1, &handed)).unwrap();
    let told: Vec<_> =
        bench.told::<TodoAssigned>().into_iter().map(|fact| (fact.todo, fact.person)).collect();
    assert_eq!(told, [(theirs.id, bench.colleague), (own.id, bench.colleague)]);
}

#[test]
fn only_colleagues_who_sell_are_asked_and_only_about_what_is_there() {
    let bench = Bench::new();
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let asked = TodoInput { person_id: worker.to_string().into(), ..todo("入力", "2026-11-25") };
    let refused = bench.act(|tx| add(tx, &asked)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.code()), ("person_id", Code::Invalid));
    let nowhere = TodoInput { lead_id: "999".into(), ..todo("入力", "2026-11-25") };
    assert_eq!(bench.act(|tx| add(tx, &nowhere)).unwrap_err().fields()[0].field, "lead_id");
}

#[test]
fn todos_are_listed_by_their_day_and_by_what_they_are_about() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    for (title, on) in [("三", "2026-11-27"), ("一", "2026-11-20"), ("二", "2026-11-25")] {
        let input = TodoInput { deal_id: deal.id.to_string().into(), ..todo(title, on) };
        bench.act(|tx| add(tx, &input)).unwrap();
    }
    let listed = Listed::Of(bench.sales, TodoStatus::Open);
    let page = bench.act(|tx| list(tx, listed, &Paging::first(2))).unwrap();
    let titles = |todos: &[Todo]| todos.iter().map(|todo| todo.title.clone()).collect::<Vec<_>>();
    assert_eq!(titles(&page.items), ["一", "二"]);
    let rest = bench.act(|tx| list(tx, listed, &Paging { after: page.next, limit: 2 })).unwrap();
    assert_eq!((titles(&rest.items), rest.next), (vec!["三".to_owned()], None));
    assert_eq!(bench.act(|tx| open_count(tx, bench.sales)).unwrap(), 3);
    assert_eq!(titles(&bench.act(|tx| of(tx, About::Deal(deal.id))).unwrap()), ["一", "二", "三"]);
    let first = rest.items[0].clone();
    bench.act(|tx| finish(tx, first.id, 1, &FinishInput::default())).unwrap();
    let asked = bench.act(|tx| list(tx, Listed::AskedBy(bench.sales), &Paging::first(9))).unwrap();
    assert_eq!(titles(&asked.items), ["三", "二", "一"]);
    let done = Listed::Of(bench.sales, TodoStatus::Done);
    assert_eq!(titles(&bench.act(|tx| list(tx, done, &Paging::first(9))).unwrap().items), ["三"]);
}

#[test]
fn what_is_about_a_company_goes_along_when_it_is_merged_and_comes_back() {
    let bench = Bench::new();
    let (other, _) = bench.another_client("鳥取商事");
    let input = TodoInput { company_id: bench.company.to_string().into(), ..todo("訪ねる", "2026-11-25") };
    bench.act(|tx| add(tx, &input)).unwrap();
    let visit = NoteInput { kind: "visit".into(), note: "工場を見た".into(), ..NoteInput::default() };
    bench.act(|tx| activities::note(tx, About::Company(bench.company), &visit)).unwrap();
    let there = |company| {
        let todos = bench.act(|tx| of(tx, About::Company(company))).unwrap().len();
        let said = bench.act(|tx| activities::list(tx, About::Company(company), &Paging::first(9))).unwrap();
        (todos, said.items.len())
    };
    let moved = bench.act(|tx| merging::move_company(tx, bench.company, other, None)).unwrap();
    assert_eq!((there(bench.company), there(other)), ((0, 0), (1, 1)));
    bench.act(|tx| merging::move_company(tx, other, bench.company, Some(&moved))).unwrap();
    assert_eq!((there(bench.company), there(other)), ((1, 1), (0, 0)));
}
