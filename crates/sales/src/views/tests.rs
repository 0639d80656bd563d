//! Views against a real database; what a tree lists is compared with the same tree worked out in plain Rust.

use std::collections::BTreeSet;

use accounts::{Role, persons};
use chrono::{Days, NaiveDate};
use clients::companies::CompanyInput;
use clients::tags::{CompanyTagsInput, MergeInput, TagId, TagInput};
use clients::{companies as clients_companies, tags};
use db::filter::{Asked, Condition, Group, Joined, Node, Operator, RowKey, Test};
use db::testing::TestDb;
use kernel::{CompanyId, DealId, Paging, PersonId, Typed, date_in_japan, text};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::deals::{self, Deal, DealInput, DealStatus, LoseInput};
use crate::leads::{self, LeadInput};
use crate::testing::Bench;

fn row(field: &str, operator: &str, values: &[&str]) -> RowInput {
    RowInput {
        field: field.into(),
        operator: operator.into(),
        values: values.iter().map(|value| (*value).into()).collect(),
        ..RowInput::default()
    }
}

fn view(name: &str, rows: Vec<RowInput>) -> ViewInput {
    ViewInput { kind: "deals".into(), name: name.into(), rows, ..ViewInput::default() }
}

fn shared(name: &str, rows: Vec<RowInput>) -> ViewInput {
    ViewInput { is_shared: "yes".into(), ..view(name, rows) }
}

/// The ids of all pages of a view, three to a page.
fn listed(bench: &Bench, view: &View) -> Vec<i64> {
    let (mut ids, mut after) = (Vec::new(), None::<RowKey>);
    loop {
        let paging = Paging { after, limit: 3 };
        let page = bench.act(|tx| items(tx, view, &paging)).unwrap();
        ids.extend(page.items.iter().map(Item::id));
        match page.next {
            Some(next) => after = Some(next),
            None => return ids,
        }
    }
}

#[test]
fn what_contains_something_is_found_by_an_index() {
    use diesel::prelude::*;

    use crate::schema::{deals, leads};

    let bench = Bench::new();
    for kind in [ViewKind::Deals, ViewKind::Leads] {
        let tree = lists::tree_holding(kind, "名刺").unwrap();
        let plan = bench
            .act(|tx| -> Result<String, DbError> {
                diesel::sql_query("SET LOCAL enable_seqscan = off").execute(tx.conn())?;
                let asked = Asked::of(tx);
                if kind == ViewKind::Deals {
                    let passing = db::filter::passes::<deals::table>(&tree, asked);
                    db::testing::plan(tx, deals::table.filter(passing).select(deals::id))
                } else {
                    let passing = db::filter::passes::<leads::table>(&tree, asked);
                    db::testing::plan(tx, leads::table.filter(passing).select(leads::id))
                }
            })
            .unwrap();
        // The finder's ids, each looked up; LIKE by itself would read every row of the town.
        assert!(plan.contains("ProjectSet") && plan.contains("Index"), "{kind}: {plan}");
        assert!(!plan.contains("Seq Scan"), "{kind}: {plan}");
    }
}

/// A deal with all that conditions may ask of it.
struct Facts {
    id: DealId,
    title: String,
    company: String,
    tags: BTreeSet<i64>,
    status: DealStatus,
    stage: i64,
    owner: i64,
    amount: i64,
    next_on: Option<NaiveDate>,
    close_on: Option<NaiveDate>,
    moved_on: NaiveDate,
    created_on: NaiveDate,
    lost_reason: Option<&'static str>,
}

const TITLES: [&str; 6] =
    ["名刺の入力", "メイシ入力", "ﾒｲｼ 確認", "宮﨑様 議事録", "𠮷野家 100%_翻訳", "議事録"];
const COMPANIES: [&str; 3] = ["米子建設株式会社", "はまの食堂", "㈱ハマ商事"];

/// A town with forty deals of every sort, opened on as many days, and today after the last.
struct Town {
    bench: Bench,
    facts: Vec<Facts>,
    stages: Vec<i64>,
    tags: Vec<TagId>,
    today: NaiveDate,
}

impl Town {
    fn new() -> Self {
        let bench = Bench::new();
        let tags = ["港", "山"]
            .map(|name| bench.act(|tx| tags::create(tx, &TagInput { name: name.into() })).unwrap().id);
        let companies: Vec<CompanyId> = std::iter::once(bench.company)
            .chain(COMPANIES[1..].iter().map(|name| entered(&bench, name)))
            .collect();
        for (company, given) in companies.iter().zip([&tags[..0], &tags[..1], &tags[..2]]) {
            let given = CompanyTagsInput { tags: given.iter().map(|tag| Typed(tag.to_string())).collect() };
            bench.act(|tx| tags::give(tx, *company, &given)).unwrap();
        }
        let stages = ["接触", "ヒアリング", "提案"].map(|name| bench.stage(name).0).to_vec();
        let first: NaiveDate = "2026-10-01".parse().unwrap();
        let mut facts = Vec::new();
        for number in 0..40_usize {
            let day = first + Days::new(number as u64);
            // 23:30 in Japan: another day in UTC.
            bench.at(&format!("{day}T14:30:00Z"));
            facts.push(opened(&bench, number, day, &companies));
        }
        for fact in &mut facts {
            fact.tags = match COMPANIES.iter().position(|name| *name == fact.company) {
                Some(1) => BTreeSet::from([tags[0].0]),
                Some(2) => tags.iter().map(|tag| tag.0).collect(),
                _ => BTreeSet::new(),
            };
        }
        let today = first + Days::new(45);
        bench.at(&format!("{today}T03:00:00Z"));
        Self { bench, facts, stages, tags: tags.to_vec(), today }
    }

    /// The deals that a tree lists, worked out without a database.
    fn expected(&self, tree: &Group) -> BTreeSet<i64> {
        let passing = self.facts.iter().filter(|fact| passes(tree, fact, self.today, self.bench.sales));
        passing.map(|fact| fact.id.0).collect()
    }
}

fn entered(bench: &Bench, name: &str) -> CompanyId {
    let input = CompanyInput { name: name.into(), ..CompanyInput::default() };
    bench.act(|tx| clients_companies::enter_knowingly(tx, input)).unwrap().id
}

fn opened(bench: &Bench, number: usize, day: NaiveDate, companies: &[CompanyId]) -> Facts {
    let which = number % COMPANIES.len();
    let owner = if number % 4 == 1 { bench.colleague } else { bench.sales };
    let ahead = |days: usize| day + Days::new(days as u64);
    let close_on = (!number.is_multiple_of(3)).then(|| ahead(number * 7 % 50));
    let input = DealInput {
        title: TITLES[number % TITLES.len()].into(),
        company_id: companies[which].to_string().into(),
        contact_id: Typed::default(),
        owner_id: owner.to_string().into(),
        amount: (number % 9 * 50_000).to_string().into(),
        next_action_on: ahead(number * 11 % 40).to_string().into(),
        expected_close_on: close_on.map(|day| day.to_string()).unwrap_or_default().into(),
        ..bench.input("")
    };
    let deal = bench.act(|tx| deals::open(tx, input)).unwrap();
    let deal = settled_as(bench, deal, number);
    Facts {
        id: deal.id,
        title: deal.title.clone(),
        company: COMPANIES[which].to_owned(),
        tags: BTreeSet::new(),
        status: deal.state.status(),
        stage: deal.stage_id.0,
        owner: deal.owner_id.0,
        amount: deal.amount.0,
        next_on: deal.state.next_action().map(|next| next.next_action_on),
        close_on: deal.expected_close_on,
        moved_on: date_in_japan(deal.moved_at),
        created_on: date_in_japan(deal.created_at),
        lost_reason: (number % 5 == 2).then_some(if number.is_multiple_of(2) { "price" } else { "timing" }),
    }
}

fn settled_as(bench: &Bench, deal: Deal, number: usize) -> Deal {
    match number % 5 {
        2 => {
            let reason = if number.is_multiple_of(2) { "price" } else { "timing" };
            let loss = LoseInput { reason: reason.into(), ..LoseInput::default() };
            bench.act(|tx| deals::lose(tx, deal.id, deal.version, loss)).unwrap()
        }
        3 => bench.act(|tx| deals::sleep(tx, deal.id, deal.version)).unwrap(),
        4 => {
            let to = deals::AdvanceInput::to(bench.stage("ヒアリング"));
            bench.act(|tx| deals::advance(tx, deal.id, deal.version, to)).unwrap()
        }
        _ => deal,
    }
}

fn passes(group: &Group, fact: &Facts, today: NaiveDate, me: PersonId) -> bool {
    let holds = |node: &Node| match node {
        Node::Group(inner) => passes(inner, fact, today, me),
        Node::Condition(one) => asked(one, fact, today, me),
    };
    match group.joined {
        _ if group.nodes.is_empty() => true,
        Joined::All => group.nodes.iter().all(holds),
        Joined::Any => group.nodes.iter().any(holds),
    }
}

fn asked(one: &Condition, fact: &Facts, today: NaiveDate, me: PersonId) -> bool {
    let among = |has: &BTreeSet<i64>| match &one.test {
        Test::Among(ids) => ids.iter().any(|id| has.contains(id)),
        Test::NotAmong(ids) => !ids.is_empty() && !ids.iter().any(|id| has.contains(id)),
        Test::Mine => has.contains(&me.0),
        Test::Empty => has.is_empty(),
        other => panic!("{other:?}"),
    };
    let word = |has: Option<&str>| match &one.test {
        Test::AmongWords(words) => has.is_some_and(|has| words.iter().any(|word| word == has)),
        Test::NotAmongWords(words) => has.is_none_or(|has| words.iter().all(|word| word != has)),
        other => panic!("{other:?}"),
    };
    match one.field.name {
        "title" => reads(&one.test, &fact.title),
        "company" => reads(&one.test, &fact.company),
        "tag" => among(&fact.tags),
        "state" => word(Some(fact.status.as_str())),
        "stage" => among(&BTreeSet::from([fact.stage])),
        "owner" => among(&BTreeSet::from([fact.owner])),
        "lost_reason" => word(fact.lost_reason),
        "amount" => match one.test {
            Test::Numbers(from, to) => {
                from.is_none_or(|from| fact.amount >= from) && to.is_none_or(|to| fact.amount <= to)
            }
            ref other => panic!("{other:?}"),
        },
        "next_action_on" => falls(&one.test, fact.next_on, today),
        "expected_close_on" => falls(&one.test, fact.close_on, today),
        "moved_at" => falls(&one.test, Some(fact.moved_on), today),
        "created_at" => falls(&one.test, Some(fact.created_on), today),
        other => panic!("{other}"),
    }
}

fn reads(test: &Test, has: &str) -> bool {
    let key = text::search_key(has);
    match test {
        Test::Contains(words) => kernel::likeness::spellings(words).iter().any(|one| text::spells(&key, one)),
        Test::Is(words) => key == text::search_key(words),
        Test::Empty => key.is_empty(),
        Test::Filled => !key.is_empty(),
        other => panic!("{other:?}"),
    }
}

fn falls(test: &Test, has: Option<NaiveDate>, today: NaiveDate) -> bool {
    let Some(day) = has else { return *test == Test::Empty };
    let ago = (today - day).num_days();
    match *test {
        Test::Empty => false,
        Test::Filled => true,
        Test::On(asked) => day == asked,
        Test::Before(asked) => day < asked,
        Test::After(asked) => day > asked,
        Test::Days(from, to) => from <= day && day <= to,
        Test::Within(days) => (0..=days).contains(&-ago),
        Test::Past(days) => (0..=days).contains(&ago),
        Test::Older(days) => ago > days,
        ref other => panic!("{other:?}"),
    }
}

/// A condition of any field with values that some of the town's deals have and others not.
fn condition(town: &Town) -> impl Strategy<Value = Condition> + use<> {
    let (stages, tags, first) =
        (town.stages.clone(), town.tags.clone(), "2026-10-01".parse::<NaiveDate>().unwrap());
    let people = [town.bench.sales.0, town.bench.colleague.0];
    let fields = ViewKind::Deals.fields().to_vec();
    let field = (0..fields.len(), 0..20_usize, 0..60_u64, 0..60_u64, 0..8_i64, 0..10_usize);
    field.prop_map(move |(field, operator, from, to, number, word)| {
        let field = fields[field];
        let operators = field.kind.operators();
        let operator = operators[operator % operators.len()];
        let day = |days: u64| (first + Days::new(days)).to_string();
        let values: Vec<String> = match operator {
            Operator::Contains | Operator::Is => {
                let words = ["めい", "ﾒｲｼ", "崎", "﨑", "𠮷", "100%_", "はま", "株式", "議事録", "米 子"];
                vec![words[word].to_owned()]
            }
            Operator::Among | Operator::NotAmong => {
                let all: Vec<String> = match field.name {
                    "stage" => stages.iter().map(ToString::to_string).collect(),
                    "tag" => tags.iter().map(ToString::to_string).collect(),
                    "owner" => people.iter().map(ToString::to_string).collect(),
                    "state" => DealStatus::ALL.iter().map(ToString::to_string).collect(),
                    _ => ["price", "timing", "other"].map(str::to_owned).to_vec(),
                };
                let some = word % all.len();
                all[..=some].to_vec()
            }
            Operator::AtLeast | Operator::AtMost => vec![(number * 50_000).to_string()],
            Operator::Between if field.name == "amount" => {
                vec![(number * 20_000).to_string(), (number * 50_000).to_string()]
            }
            Operator::Between => vec![day(from.min(to)), day(from.max(to))],
            Operator::On | Operator::Before | Operator::After => vec![day(from)],
            Operator::Within | Operator::Past | Operator::Older => vec![from.to_string()],
            Operator::Empty | Operator::Filled | Operator::Mine => Vec::new(),
        };
        let values: Vec<Typed> = values.into_iter().map(Typed).collect();
        let test = Test::read(field.kind, operator, &values).unwrap();
        Condition { field, test, gone: Vec::new(), labels: Vec::new() }
    })
}

fn tree(town: &Town) -> impl Strategy<Value = Group> + use<> {
    let leaf = condition(town).prop_map(Node::Condition);
    let node = leaf.prop_recursive(2, 12, 4, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 1..4)).prop_map(|(all, nodes)| {
            Node::Group(Group { joined: if all { Joined::All } else { Joined::Any }, nodes })
        })
    });
    (any::<bool>(), prop::collection::vec(node, 0..4))
        .prop_map(|(all, nodes)| Group { joined: if all { Joined::All } else { Joined::Any }, nodes })
}

fn typed(group: &Group, depth: u8, rows: &mut Vec<RowInput>) {
    for node in &group.nodes {
        let mut row = RowInput { depth: depth.to_string().into(), ..RowInput::default() };
        match node {
            Node::Group(inner) => {
                row.joined = inner.joined.as_str().into();
                rows.push(row);
                typed(inner, depth + 1, rows);
            }
            Node::Condition(one) => {
                row.field = one.field.name.into();
                row.operator = one.test.operator().as_str().into();
                row.values = one.test.values().into_iter().map(Typed).collect();
                rows.push(row);
            }
        }
    }
}

#[test]
fn a_view_lists_exactly_what_its_conditions_say() {
    let town = Town::new();
    let mut runner = TestRunner::new(Config { cases: 120, ..Config::default() });
    let number = std::cell::Cell::new(0_usize);
    let outcome = runner.run(&tree(&town), |tree| {
        let expected = town.expected(&tree);
        number.set(number.get() + 1);
        let sorts = ViewKind::Deals.sorts();
        let mut rows = Vec::new();
        typed(&tree, 1, &mut rows);
        let input = ViewInput {
            sort: sorts[number.get() % sorts.len()].name.into(),
            joined: tree.joined.as_str().into(),
            ..view(&format!("{}", number.get()), rows)
        };
        let made = town.bench.act(|tx| create(tx, &input)).unwrap();
        let kept = town.bench.act(|tx| find(tx, made.saved.id)).unwrap();
        prop_assert_eq!(&made.rows, &kept.rows);
        let listed = listed(&town.bench, &kept);
        let as_set: BTreeSet<i64> = listed.iter().copied().collect();
        prop_assert_eq!(listed.len(), as_set.len(), "nothing stands on two pages");
        prop_assert_eq!(&as_set, &expected);
        let totals = town.bench.act(|tx| totals(tx, &kept)).unwrap();
        prop_assert_eq!(totals.count, i64::try_from(expected.len()).unwrap());
        let worth = town.facts.iter().filter(|fact| expected.contains(&fact.id.0)).map(|fact| fact.amount);
        prop_assert_eq!(totals.amount.unwrap().0, worth.sum::<i64>());
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn every_order_stands_as_it_says_and_what_has_no_day_comes_last() {
    let town = Town::new();
    let of = |sort: &str| {
        let input = ViewInput { sort: sort.into(), ..view(sort, Vec::new()) };
        let made = town.bench.act(|tx| create(tx, &input)).unwrap();
        let ids = listed(&town.bench, &made);
        assert_eq!(ids.len(), town.facts.len());
        ids.into_iter().map(|id| town.facts.iter().find(|fact| fact.id.0 == id).unwrap()).collect::<Vec<_>>()
    };
    assert!(of("amount").is_sorted_by_key(|fact| std::cmp::Reverse((fact.amount, fact.id.0))));
    let day = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
    assert!(of("expected_close").is_sorted_by_key(|fact| (day(fact.close_on), fact.id.0)));
    assert!(of("next_action").is_sorted_by_key(|fact| (day(fact.next_on), fact.id.0)));
    assert!(of("created").is_sorted_by_key(|fact| std::cmp::Reverse(fact.id.0)));
    assert!(of("moved").is_sorted_by_key(|fact| std::cmp::Reverse((fact.moved_on, fact.id.0))));
}

#[test]
fn a_condition_whose_choices_are_gone_passes_nothing() {
    let bench = Bench::new();
    bench.open("名刺");
    let [old, new] = ["町おこし", "港の会"]
        .map(|name| bench.act(|tx| tags::create(tx, &TagInput { name: name.into() })).unwrap());
    let given = CompanyTagsInput { tags: vec![Typed(old.id.to_string())] };
    bench.act(|tx| tags::give(tx, bench.company, &given)).unwrap();
    let id = old.id.to_string();
    let with = bench.act(|tx| create(tx, &view("ある", vec![row("tag", "among", &[&id])]))).unwrap();
    let without = bench.act(|tx| create(tx, &view("ない", vec![row("tag", "not_among", &[&id])]))).unwrap();
    assert_eq!(listed(&bench, &with).len(), 1);
    assert_eq!(with.rows[0].labels, ["町おこし"]);
    bench
        .act(|tx| tags::merge(tx, old.id, old.version, &MergeInput { into: Typed(new.id.to_string()) }))
        .unwrap();
    for view in [&with, &without] {
        let now = bench.act(|tx| find(tx, view.saved.id)).unwrap();
        assert_eq!(now.rows[0].gone.as_slice(), std::slice::from_ref(&id));
        assert_eq!(now.rows[0].labels, ["町おこし"], "it is still named");
        assert_eq!(listed(&bench, &now), Vec::<i64>::new(), "{}", now.saved.name);
        assert_eq!(bench.act(|tx| totals(tx, &now)).unwrap().count, 0);
    }
    let renamed = ViewInput { name: "前のタグ".into(), ..view("", vec![row("tag", "among", &[&id])]) };
    let kept = bench.act(|tx| change(tx, with.saved.id, 1, &renamed)).unwrap();
    assert_eq!(kept.rows[0].labels, ["町おこし"], "a view may go on naming it");
    let unknown = bench.act(|tx| create(tx, &view("新", vec![row("tag", "among", &[&id])]))).unwrap_err();
    assert_eq!(unknown.code(), Code::Invalid, "a new one may not");
}

/// A town where the acting person may be somebody else.
fn acting<T>(
    bench: &Bench,
    person: PersonId,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, ViewError>,
) -> Result<T, ViewError> {
    let db: &TestDb = &bench.db;
    db.acting(bench.town, person, work)
}

#[test]
fn a_view_of_ones_own_is_seen_by_nobody_else_and_a_shared_one_is_the_towns() {
    let bench = Bench::new();
    let own = bench.act(|tx| create(tx, &view("私の", Vec::new()))).unwrap();
    let towns = bench.act(|tx| create(tx, &shared("町の", vec![row("owner", "mine", &[])]))).unwrap();
    let hidden =
        acting(&bench, bench.colleague, |tx| find(tx, own.saved.id).map_err(Into::into)).unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    let seen = acting(&bench, bench.colleague, |tx| {
        Ok(list(tx, ViewKind::Deals, &Paging::first(10)).map_err(ViewError::from)?.items)
    });
    assert_eq!(seen.unwrap().iter().map(|view| view.name.as_str()).collect::<Vec<_>>(), ["町の"]);
    let others =
        acting(&bench, bench.colleague, |tx| change(tx, towns.saved.id, 1, &shared("別", Vec::new())));
    assert_eq!(others.unwrap_err().code(), Code::Forbidden);
    let copied = acting(&bench, bench.colleague, |tx| copy(tx, towns.saved.id)).unwrap();
    assert_eq!((copied.saved.name.as_str(), copied.saved.is_shared), ("町の", false));
    assert_eq!(copied.rows, towns.rows);
    let again = acting(&bench, bench.colleague, |tx| copy(tx, towns.saved.id)).unwrap();
    assert_eq!(again.saved.name, "町の 2");
    // "Mine" is whoever looks.
    let mine = bench.open("名刺");
    assert_eq!(listed(&bench, &towns), [mine.id.0]);
    let nothing = acting(&bench, bench.colleague, |tx| totals(tx, &copied).map_err(Into::into)).unwrap();
    assert_eq!(nothing.count, 0);
}

#[test]
fn a_shared_view_stays_with_the_town_when_its_maker_leaves() {
    let bench = Bench::new();
    let towns = bench.act(|tx| create(tx, &shared("町の", Vec::new()))).unwrap();
    bench.act(|tx| persons::set_roles(tx, bench.sales, &BTreeSet::from([Role::Worker]))).unwrap();
    let taken_over =
        acting(&bench, bench.colleague, |tx| change(tx, towns.saved.id, 1, &shared("町の表示", Vec::new())));
    assert_eq!(taken_over.unwrap().saved.name, "町の表示");
}

#[test]
fn a_view_is_renamed_and_removed_by_whoever_read_it_last() {
    let bench = Bench::new();
    let made = bench.act(|tx| create(tx, &view("一", vec![row("amount", "at_least", &["1"])]))).unwrap();
    bench.act(|tx| create(tx, &view("二", Vec::new()))).unwrap();
    let taken = bench.act(|tx| create(tx, &view("一", Vec::new()))).unwrap_err();
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("name", Code::Taken));
    let taken = bench.act(|tx| change(tx, made.saved.id, 1, &view("二", Vec::new()))).unwrap_err();
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("name", Code::Taken));
    let renamed = bench.act(|tx| change(tx, made.saved.id, 1, &view("三", Vec::new()))).unwrap();
    assert_eq!((renamed.saved.version, renamed.rows.len()), (2, 0));
    let late = bench.act(|tx| remove(tx, made.saved.id, 1)).unwrap_err();
    assert_eq!(late.code(), Code::Stale);
    bench.act(|tx| remove(tx, made.saved.id, 2)).unwrap();
    let gone = bench.act(|tx| find(tx, made.saved.id)).unwrap_err();
    assert!(matches!(gone, DbError::NotFound));
}

#[test]
fn companies_contacts_and_leads_have_views_of_their_own() {
    let bench = Bench::new();
    bench.another_client("はまの食堂");
    let lead =
        LeadInput { company_name: "ハマ商事".into(), source: "web".into(), ..LeadInput::default() };
    bench.act(|tx| leads::enter(tx, lead)).unwrap();
    let of = |kind: &str, rows: Vec<RowInput>| {
        let name = format!("{kind}{}", rows.len());
        let input = ViewInput { kind: kind.into(), ..view(&name, rows) };
        let made = bench.act(|tx| create(tx, &input)).unwrap();
        let count = bench.act(|tx| totals(tx, &made)).unwrap().count;
        assert_eq!(i64::try_from(listed(&bench, &made).len()).unwrap(), count);
        count
    };
    assert_eq!(of("companies", vec![row("words", "contains", &["浜"]), row("phone", "empty", &[])]), 0);
    assert_eq!(of("contacts", vec![row("company", "contains", &["ハマ"]), row("email", "filled", &[])]), 1);
    assert_eq!(of("leads", vec![row("words", "contains", &["はま"]), row("state", "among", &["new"])]), 1);
    assert_eq!(of("leads", vec![row("asked_on", "filled", &[])]), 0);
    let all = bench.act(|tx| clients_companies::search(tx, "は", 10)).unwrap();
    assert_eq!(all.len(), 1);
}
