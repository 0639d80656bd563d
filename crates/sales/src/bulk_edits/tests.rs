//! Edits against a real database: what is few at once, what is many by the queue.

use clients::companies as clients_companies;
use clients::tags::{CompanyTagsInput, TagInput};
use diesel::RunQueryDsl as _;
use kernel::{DealId, Paging, Typed};
use queue::{Registry, Runner};

use super::*;
use crate::deals::{AdvanceInput, Deal, DealInput};
use crate::events::{Assigned, ManyAssigned};
use crate::leads::{DisqualifyInput, LeadInput};
use crate::testing::Bench;
use crate::views::{RowInput, ViewInput};

#[derive(diesel::QueryableByName)]
struct Acted {
    #[diesel(sql_type = diesel::sql_types::Text)]
    actor: String,
}

fn of_deals(field: &str, value: impl ToString, deals: &[DealId]) -> BulkEditInput {
    BulkEditInput {
        kind: "deals".into(),
        field: field.into(),
        value: value.to_string().into(),
        ids: deals.iter().map(|id| Typed(id.to_string())).collect(),
        ..BulkEditInput::default()
    }
}

fn started(bench: &Bench, input: &BulkEditInput) -> BulkEdit {
    bench.act(|tx| begin(tx, input)).unwrap()
}

/// Name, verdict or outcome, and why, of each row.
fn told(bench: &Bench, edit: &BulkEdit) -> Vec<(String, String, String)> {
    let page = bench.act(|tx| rows(tx, edit.id, EditRowFilter::default(), &Paging::first(100))).unwrap();
    let word = |row: &BulkEditRow| match (row.outcome, row.verdict) {
        (Some(outcome), _) => outcome.to_string(),
        (None, verdict) => verdict.unwrap().to_string(),
    };
    page.items
        .iter()
        .map(|row| (row.name.clone(), word(row), row.reason.clone().unwrap_or_default()))
        .collect()
}

fn row(name: &str, word: &str, reason: &str) -> (String, String, String) {
    (name.to_owned(), word.to_owned(), reason.to_owned())
}

fn retitled(bench: &Bench, deal: &Deal, title: &str) -> Deal {
    let now = bench.deal(deal.id);
    let input = DealInput { title: title.into(), ..DealInput::from(&now) };
    bench.act(|tx| deals::correct(tx, now.id, now.version, input)).unwrap()
}

#[test]
fn a_change_is_looked_at_done_and_taken_back() {
    let bench = Bench::new();
    let all = [bench.open("一"), bench.open("二"), bench.open("三")];
    let ids = all.clone().map(|deal| deal.id);
    let edit = started(&bench, &of_deals("owner", bench.colleague, &ids));
    assert_eq!((edit.state, edit.rows_change, edit.label.is_empty()), (EditState::Checked, 3, false));
    assert_eq!(bench.deal(ids[0]), all[0], "looking changes nothing");
    let edit = bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!((edit.state, edit.rows_changed), (EditState::Applied, 3));
    assert_eq!(bench.deal(ids[2]).owner_id, bench.colleague);
    let told = ManyAssigned { edit: edit.id, deals: 3, leads: 0, person: bench.colleague, by: bench.sales };
    assert_eq!(
        (bench.told::<ManyAssigned>(), bench.told::<Assigned>()),
        (vec![told], vec![]),
        "told once of all"
    );
    let twice = bench.act(|tx| apply(tx, edit.id)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    let edit = bench.act(|tx| undo(tx, edit.id)).unwrap();
    assert_eq!((edit.state, edit.rows_undone, edit.rows_kept), (EditState::Undone, 3, 0));
    for (deal, before) in ids.iter().zip(&all) {
        let after = bench.deal(*deal);
        assert_eq!(Deal { version: before.version, ..after }, *before);
    }
}

#[test]
fn what_a_rule_refuses_is_named_before_and_never_changed() {
    let bench = Bench::new();
    let (open, asleep, quoted) = (bench.open("進行中"), bench.open("休み"), bench.open("見積あり"));
    let asleep = bench.act(|tx| deals::sleep(tx, asleep.id, asleep.version)).unwrap();
    bench.quote(quoted.id, 10);
    let to = bench.stage("交渉");
    let edit = started(&bench, &of_deals("stage", to, &[open.id, asleep.id, quoted.id, DealId(99_999)]));
    assert_eq!((edit.rows_change, edit.rows_same, edit.rows_refused), (1, 0, 3));
    let expected = [
        row("進行中", "refused", "required"),
        row("休み", "refused", "deal-not-open"),
        row("見積あり", "change", ""),
        row("", "refused", "not-found"),
    ];
    assert_eq!(told(&bench, &edit), expected);
    let edit = bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_changed, edit.rows_left), (1, 0));
    assert_eq!(bench.deal(open.id), open);
    assert_eq!(bench.deal(asleep.id), asleep);
    assert_eq!(bench.deal(quoted.id).stage_id, to);
    let history = bench.act(|tx| deals::history(tx, quoted.id)).unwrap();
    assert_eq!(history[0].to_stage_id, to, "a move leaves its line in the history");
}

#[test]
fn what_somebody_changed_meanwhile_is_left_alone_and_named() {
    let bench = Bench::new();
    let (one, other) = (bench.open("一"), bench.open("二"));
    let edit = started(&bench, &of_deals("next_action_on", "2026-12-24", &[one.id, other.id]));
    let other = retitled(&bench, &other, "二の改め");
    let edit = bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_changed, edit.rows_left), (1, 1));
    assert_eq!(told(&bench, &edit), [row("一", "changed", ""), row("二", "left", "stale")]);
    assert_eq!(bench.deal(other.id), other);
    let next = bench.deal(one.id).state.next_action().unwrap().clone();
    assert_eq!(
        (next.next_action.as_str(), next.next_action_on.to_string().as_str()),
        ("電話する", "2026-12-24")
    );
}

#[test]
fn taking_back_leaves_what_somebody_has_worked_with_since() {
    let bench = Bench::new();
    let (one, other) = (bench.open("一"), bench.open("二"));
    let to = bench.stage("ヒアリング");
    let edit = started(&bench, &of_deals("stage", to, &[one.id, other.id]));
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    let moved = bench.deal(other.id);
    let further = AdvanceInput::to(bench.stage("提案"));
    bench.act(|tx| deals::advance(tx, moved.id, moved.version, further)).unwrap();
    let edit = bench.act(|tx| undo(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_undone, edit.rows_kept), (1, 1));
    assert_eq!(told(&bench, &edit), [row("一", "undone", ""), row("二", "kept", "stale")]);
    assert_eq!(bench.deal(one.id).stage_id, one.stage_id);
    assert_eq!(bench.deal(other.id).stage_id, bench.stage("提案"));
    let again = bench.act(|tx| undo(tx, edit.id)).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
}

#[test]
fn tags_come_and_go_and_the_others_stay() {
    let bench = Bench::new();
    let (other, _) = bench.another_client("はまの食堂");
    let [kept, new] = ["港", "山"]
        .map(|name| bench.act(|tx| tags::create(tx, &TagInput { name: name.into() })).unwrap().id);
    for (company, given) in [(bench.company, vec![kept]), (other, vec![kept, new])] {
        let given = CompanyTagsInput { tags: given.iter().map(|tag| Typed(tag.to_string())).collect() };
        bench.act(|tx| tags::give(tx, company, &given)).unwrap();
    }
    let input = BulkEditInput {
        kind: "companies".into(),
        field: "tag_add".into(),
        value: new.to_string().into(),
        ids: vec![Typed(bench.company.to_string()), Typed(other.to_string())],
        ..BulkEditInput::default()
    };
    let edit = started(&bench, &input);
    assert_eq!((edit.rows_change, edit.rows_same), (1, 1));
    let tags_of = |company| {
        let tags = bench.act(|tx| tags::of_companies(tx, &[company])).unwrap().remove(&company);
        tags.unwrap_or_default().iter().map(|tag| tag.id).collect::<Vec<_>>()
    };
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!(tags_of(bench.company).len(), 2);
    bench.act(|tx| undo(tx, edit.id)).unwrap();
    assert_eq!(tags_of(bench.company), [kept]);
    assert_eq!(tags_of(other).len(), 2, "what was so before stays so");
    let gone = BulkEditInput { field: "tag_remove".into(), ..input };
    let edit = started(&bench, &gone);
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!(tags_of(other), [kept]);
}

#[test]
fn a_tag_given_by_somebody_else_meanwhile_stays() {
    let bench = Bench::new();
    let [mine, theirs] = ["港", "山"]
        .map(|name| bench.act(|tx| tags::create(tx, &TagInput { name: name.into() })).unwrap().id);
    let input = BulkEditInput {
        kind: "companies".into(),
        field: "tag_add".into(),
        value: mine.to_string().into(),
        ids: vec![Typed(bench.company.to_string())],
        ..BulkEditInput::default()
    };
    let edit = started(&bench, &input);
    let there = bench
        .act(|tx| -> Result<_, DbError> { deeds::current(tx, &edit, &[bench.company.0]) })
        .unwrap()
        .remove(&bench.company.0)
        .unwrap();
    let given = CompanyTagsInput { tags: vec![Typed(theirs.to_string())] };
    bench.act(|tx| tags::give(tx, bench.company, &given)).unwrap();
    // What was read before is done now.
    let done = bench.act(|tx| -> Result<_, DbError> { Ok(deeds::change(tx, &edit, &there, "yes").is_ok()) });
    assert!(done.unwrap());
    let tags = bench.act(|tx| tags::of_companies(tx, &[bench.company])).unwrap().remove(&bench.company);
    let ids: Vec<_> = tags.unwrap_or_default().iter().map(|tag| tag.id).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let gone = BulkEditInput { value: "99999".into(), ..input };
    let refused = bench.act(|tx| begin(tx, &gone)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::UnknownChoice);
}

#[test]
fn a_closed_lead_keeps_its_owner() {
    let bench = Bench::new();
    let enter = |name: &str| {
        let input = LeadInput { company_name: name.into(), source: "web".into(), ..LeadInput::default() };
        bench.act(|tx| leads::enter(tx, input)).unwrap()
    };
    let (alive, closed) = (enter("浜商事"), enter("山商事"));
    let given_up = DisqualifyInput { reason: "no_need".into(), ..DisqualifyInput::default() };
    bench.act(|tx| leads::disqualify(tx, closed.id, closed.version, given_up)).unwrap();
    let input = BulkEditInput {
        kind: "leads".into(),
        ids: vec![Typed(alive.id.to_string()), Typed(closed.id.to_string())],
        ..of_deals("owner", bench.colleague, &[])
    };
    let edit = started(&bench, &input);
    assert_eq!(told(&bench, &edit), [row("浜商事", "change", ""), row("山商事", "refused", "conflict")]);
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!(bench.act(|tx| leads::find(tx, alive.id)).unwrap().owner_id, Some(bench.colleague));
}

#[test]
fn a_lead_that_was_nobodys_is_nobodys_again_when_the_change_is_taken_back() {
    let bench = Bench::new();
    let input = LeadInput { company_name: "浜商事".into(), source: "web".into(), ..LeadInput::default() };
    // Nobody of the town wrote it down, so nobody looks after it.
    let lead =
        bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| leads::enter(tx, input)).unwrap();
    assert_eq!(lead.owner_id, None);
    let input = BulkEditInput {
        kind: "leads".into(),
        ids: vec![Typed(lead.id.to_string())],
        ..of_deals("owner", bench.colleague, &[])
    };
    let edit = started(&bench, &input);
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    let owner = || bench.act(|tx| leads::find(tx, lead.id)).unwrap().owner_id;
    assert_eq!(owner(), Some(bench.colleague));
    let edit = bench.act(|tx| undo(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_undone, edit.rows_kept, owner()), (1, 0, None));
}

#[test]
fn everything_a_view_lists_is_edited_in_the_background_and_can_be_stopped() {
    let bench = Bench::new();
    for number in 0..130 {
        bench.open(&format!("名刺{number}"));
    }
    bench.open("議事録");
    let condition = RowInput {
        field: "title".into(),
        operator: "contains".into(),
        values: vec!["名刺".into()],
        ..RowInput::default()
    };
    let view = ViewInput {
        kind: "deals".into(),
        name: "名刺".into(),
        rows: vec![condition],
        ..ViewInput::default()
    };
    let view = bench.act(|tx| views::create(tx, &view)).unwrap();
    let all = BulkEditInput {
        view_id: view.saved.id.to_string().into(),
        ..of_deals("owner", bench.colleague, &[])
    };
    let mut registry = Registry::new();
    registry.detached::<RunBulkEdit>(run);
    let runner = Runner::new(bench.db.app.clone(), bench.db.queue.clone(), registry);
    let edit = started(&bench, &all);
    assert_eq!((edit.state, edit.rows_total, edit.rows_done), (EditState::Checking, 130, 0));
    runner.run_all().unwrap();
    let edit = bench.act(|tx| find(tx, edit.id)).unwrap();
    assert_eq!((edit.state, edit.rows_change), (EditState::Checked, 130));
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    runner.run_all().unwrap();
    let edit = bench.act(|tx| find(tx, edit.id)).unwrap();
    assert_eq!((edit.state, edit.rows_changed), (EditState::Applied, 130));
    let stopped = started(&bench, &of_all(&all, bench.sales));
    let stopped = bench.act(|tx| cancel(tx, stopped.id)).unwrap();
    runner.run_all().unwrap();
    let stopped = bench.act(|tx| find(tx, stopped.id)).unwrap();
    assert_eq!((stopped.state, stopped.rows_done), (EditState::Cancelled, 0));
    bench.db.acting(bench.town, bench.colleague, |tx| undo(tx, edit.id)).unwrap();
    runner.run_all().unwrap();
    let edit = bench.act(|tx| find(tx, edit.id)).unwrap();
    assert_eq!((edit.state, edit.rows_undone, edit.rows_kept), (EditState::Undone, 130, 0));
    let actors: Vec<Acted> = diesel::sql_query(
        "SELECT DISTINCT actor FROM audit_entries \
         WHERE table_name = 'deals' AND operation = 'update' ORDER BY actor",
    )
    .load(&mut bench.db.owner())
    .unwrap();
    let actors: Vec<_> = actors.into_iter().map(|one| one.actor).collect();
    let expected = [bench.sales, bench.colleague].map(|person| format!("person:{person}"));
    assert_eq!(actors, expected, "each step is told of whoever asked for it");
    let found = bench.act(|tx| clients_companies::search(tx, "米子", 10)).unwrap();
    assert_eq!(found.len(), 1);
}

fn of_all(input: &BulkEditInput, owner: PersonId) -> BulkEditInput {
    BulkEditInput { value: owner.to_string().into(), ..input.clone() }
}

#[test]
fn contacts_who_refuse_calls_are_noted_together_with_how_we_know_and_it_is_taken_back_in_words() {
    use clients::call_wishes::{self, Wish};
    use clients::contacts;

    let bench = Bench::new();
    let (_, other) = bench.another_client("別会社");
    let both = [bench.contact, other];
    let of_contacts = |field: &str, value: &str| BulkEditInput {
        kind: "contacts".into(),
        field: field.into(),
        value: value.into(),
        ids: both.iter().map(|id| Typed(id.to_string())).collect(),
        ..BulkEditInput::default()
    };
    let may = |id| bench.act(|tx| contacts::find(tx, id)).unwrap().may_be_called;
    let edit = started(&bench, &of_contacts("calls_refused", "見本市の受付で"));
    assert_eq!((edit.rows_change, may(other)), (2, true), "looking changes nothing");
    let edit = bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_changed, both.map(may)), (2, [false, false]));
    let edit = bench.act(|tx| undo(tx, edit.id)).unwrap();
    assert_eq!((edit.rows_undone, both.map(may)), (2, [true, true]));
    let record = bench.act(|tx| call_wishes::history(tx, other)).unwrap();
    let said: Vec<_> = record.iter().map(|line| (line.wish, line.note.as_str())).collect();
    assert_eq!(said, [(Wish::Welcome, "取り消し：見本市の受付で"), (Wish::Refused, "見本市の受付で")]);
    let edit = started(&bench, &of_contacts("language", "en"));
    assert_eq!((edit.rows_change, edit.rows_same), (1, 1), "one is written to in English already");
    bench.act(|tx| apply(tx, edit.id)).unwrap();
    assert_eq!(bench.act(|tx| contacts::find(tx, other)).unwrap().language, Language::En);
}
