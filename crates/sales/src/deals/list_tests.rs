//! The board and the lists against a real database.

use kernel::{CompanyId, FiscalYear, Paging, Yen};

use super::*;
use crate::activities::{self, ActivityInput};
use crate::day;
use crate::pipelines::PipelineInput;
use crate::testing::Bench;

fn column<'a>(board: &'a [Column], name: &str) -> &'a Column {
    board.iter().find(|column| column.stage.name == name).unwrap()
}

fn titles(cards: &[Card]) -> Vec<&str> {
    cards.iter().map(|card| card.title.as_str()).collect()
}

fn worth(bench: &Bench, title: &str, amount: i64) -> Deal {
    let input = DealInput { amount: amount.to_string().into(), ..bench.input(title) };
    bench.act(|tx| open(tx, input)).unwrap()
}

#[test]
fn a_column_counts_all_its_deals_and_shows_what_came_last_on_top() {
    let bench = Bench::new();
    for (title, amount) in [("甲", 100), ("乙", 200), ("丙", 300), ("丁", 400)] {
        worth(&bench, title, amount);
    }
    bench.at("2026-11-23T05:00:00Z");
    let last =
        bench.act(|tx| list(tx, &DealFilter::default(), &Paging::first(10))).unwrap().items.pop().unwrap();
    for name in ["提案", "接触"] {
        let version = bench.deal(last.id).version;
        bench.act(|tx| advance(tx, last.id, version, AdvanceInput::to(bench.stage(name)))).unwrap();
    }
    let asleep = worth(&bench, "戊", 1_000_000);
    bench.act(|tx| sleep(tx, asleep.id, 1)).unwrap();
    let columns = bench.board(2);
    let contact = column(&columns, "接触");
    assert_eq!((contact.count, contact.sum), (4, Yen(1000)), "the sleeping one is not on the board");
    assert_eq!(titles(&contact.cards.items), ["甲", "丁"]);
    let paging = Paging { after: contact.cards.next.clone(), limit: 2 };
    let rest = bench.act(|tx| more(tx, contact.stage.id, &paging)).unwrap();
    assert_eq!((titles(&rest.items), rest.next), (vec!["丙", "乙"], None));
    assert_eq!(columns.iter().map(|column| column.undecided).sum::<i64>(), 0);
    bench.open("金額はまだ");
    let columns = bench.board(2);
    let undecided: Vec<_> = columns.iter().filter(|column| column.undecided > 0).collect();
    let [column] = undecided[..] else { panic!("one column has it") };
    assert_eq!((column.undecided, &column.cards.items[0].stage), (1, &column.stage.name));
    let all = bench.act(|tx| totals(tx, &DealFilter::default())).unwrap();
    assert_eq!(all.undecided, 1, "the list says so too");
}

#[test]
fn a_card_shows_whose_it_is_and_whom_it_is_for() {
    let bench = Bench::new();
    bench.open("名刺");
    let columns = bench.board(10);
    let card = &column(&columns, "接触").cards.items[0];
    assert_eq!((card.company.as_str(), card.owner.as_str()), ("米子建設株式会社", "Tanaka"));
    assert_eq!(card.next_action.as_deref(), Some("電話する"));
}

#[test]
fn a_card_idles_from_its_last_move_or_activity() {
    let bench = Bench::new();
    let deal = bench.open("名刺");
    let card = |at: &str| {
        bench.at(at);
        let columns = bench.board(10);
        let card = column(&columns, "接触").cards.items[0].clone();
        (card.idle_days, card.idle)
    };
    assert_eq!(card("2026-12-05T14:59:59Z"), (13, false));
    assert_eq!(card("2026-12-05T15:00:00Z"), (14, true), "midnight in Japan");
    let call = ActivityInput {
        kind: "call".into(),
        outcome: "waiting".into(),
        next_action: "もう一度".into(),
        next_action_on: "2026-12-10".into(),
        version: "1".into(),
        ..ActivityInput::default()
    };
    bench.act(|tx| activities::log(tx, deal.id, call)).unwrap();
    assert_eq!(card("2026-12-07T05:00:00Z"), (1, false));
}

#[test]
fn closing_columns_begin_anew_in_april() {
    let bench = Bench::new();
    bench.at("2027-03-31T14:59:59Z");
    bench.won("去年度", 10);
    let lost = bench.open("去年度に失った");
    let why = LoseInput { reason: "timing".into(), ..LoseInput::default() };
    bench.act(|tx| lose(tx, lost.id, 1, why)).unwrap();
    let columns = bench.board(10);
    assert_eq!((column(&columns, "受注").count, column(&columns, "失注").count), (1, 1));
    bench.at("2027-03-31T15:00:00Z");
    bench.won("今年度", 20);
    let columns = bench.board(10);
    let won = column(&columns, "受注");
    assert_eq!((won.count, won.sum, titles(&won.cards.items)), (1, Yen(3900), vec!["今年度"]));
    assert_eq!(column(&columns, "失注").count, 0);
    let total = |year| bench.act(|tx| won_total(tx, FiscalYear(year))).unwrap();
    assert_eq!((total(2026).count, total(2026).amount), (1, Yen(1950)));
    assert_eq!((total(2027).count, total(2027).amount), (1, Yen(3900)));
    assert_eq!((total(2025).count, total(2025).amount), (0, Yen(0)));
}

#[test]
fn the_list_of_a_years_won_deals_comes_to_the_years_figure() {
    let bench = Bench::new();
    bench.at("2027-03-31T14:59:59Z");
    bench.won("去年度", 10);
    bench.at("2027-03-31T15:00:00Z");
    bench.won("今年度の一", 20);
    bench.at("2027-04-02T00:00:00Z");
    bench.won("今年度の二", 30);
    bench.open("まだ");
    let won = |year| DealFilter {
        state: Some(DealStatus::Won),
        closed_in: Some(FiscalYear(year)),
        ..DealFilter::default()
    };
    let listed = bench.act(|tx| list(tx, &won(2027), &Paging::first(10))).unwrap();
    assert_eq!(titles(&listed.items), ["今年度の二", "今年度の一"], "the newest won first");
    for year in [2025, 2026, 2027] {
        let (figure, totals) = bench
            .act(|tx| -> Result<_, DbError> {
                Ok((won_total(tx, FiscalYear(year))?, totals(tx, &won(year))?))
            })
            .unwrap();
        assert_eq!((figure.count, figure.amount), (totals.count, totals.amount), "{year}");
    }
    let all = bench.act(|tx| totals(tx, &DealFilter::default())).unwrap();
    assert_eq!(all.count, 4);
    let either = DealFilter { closed_in: Some(FiscalYear(2027)), ..DealFilter::default() };
    assert_eq!(bench.act(|tx| totals(tx, &either)).unwrap().count, 2, "an open deal closed in no year");
}

#[test]
fn the_list_of_a_closing_columns_stage_is_what_the_column_counts() {
    let bench = Bench::new();
    let named = PipelineInput { name: "年間契約".into(), ..PipelineInput::default() };
    let yearly = bench.act(|tx| pipelines::add(tx, &named)).unwrap().id;
    bench.won("初めての", 10);
    let input = DealInput { pipeline_id: yearly.to_string().into(), ..bench.input("年間の") };
    let deal = bench.act(|tx| open(tx, input)).unwrap();
    bench.quote(deal.id, 20);
    let version = bench.deal(deal.id).version;
    bench.act(|tx| win(tx, deal.id, version, WinInput::default())).unwrap();
    for pipeline in [bench.pipeline(), yearly] {
        let columns = bench.act(|tx| board(tx, pipeline, 10)).unwrap();
        let won = column(&columns, "受注");
        let filter = DealFilter {
            state: Some(DealStatus::Won),
            stage: Some(won.stage.id),
            closed_in: Some(FiscalYear(2026)),
            ..DealFilter::default()
        };
        let listed = bench.act(|tx| totals(tx, &filter)).unwrap();
        assert_eq!((listed.count, listed.amount), (1, won.sum));
        let page = bench.act(|tx| list(tx, &filter, &Paging::first(10))).unwrap();
        assert_eq!(titles(&page.items), titles(&won.cards.items));
    }
}

#[test]
fn closing_columns_show_the_last_few_and_count_them_all() {
    let bench = Bench::new();
    for title in ["一", "二", "三", "四"] {
        bench.won(title, 10);
    }
    let columns = bench.board(20);
    let won = column(&columns, "受注");
    assert_eq!((won.count, titles(&won.cards.items)), (4, vec!["四", "三", "二"]));
    assert!(won.cards.next.is_some());
}

#[test]
fn a_card_says_that_its_expected_day_has_passed_while_it_is_open() {
    let bench = Bench::new();
    let input = DealInput { expected_close_on: "2026-11-23".into(), ..bench.input("名刺") };
    let deal = bench.act(|tx| open(tx, input)).unwrap();
    let overdue = |at: &str| {
        bench.at(at);
        bench.act(|tx| list(tx, &DealFilter::default(), &Paging::first(1))).unwrap().items[0].overdue
    };
    assert!(!overdue("2026-11-23T14:59:59Z"));
    assert!(overdue("2026-11-23T15:00:00Z"), "midnight in Japan");
    bench.act(|tx| sleep(tx, deal.id, deal.version)).unwrap();
    assert!(!overdue("2026-11-24T00:00:00Z"));
}

#[test]
fn my_day_is_what_is_due_soonest_first() {
    let bench = Bench::new();
    let due_on = |title: &str, day: &str, owner: PersonId| {
        let deal = bench.open(title);
        let input = DealInput {
            next_action_on: day.into(),
            owner_id: owner.to_string().into(),
            ..bench.input(title)
        };
        bench.act(|tx| correct(tx, deal.id, 1, input)).unwrap()
    };
    due_on("今日", "2026-11-22", bench.sales);
    due_on("三日前", "2026-11-19", bench.sales);
    due_on("明日", "2026-11-23", bench.sales);
    due_on("同僚の", "2026-11-20", bench.colleague);
    let asleep = due_on("休眠", "2026-11-20", bench.sales);
    bench.act(|tx| sleep(tx, asleep.id, asleep.version)).unwrap();
    let due = bench.act(|tx| day::due(tx, bench.sales, &Paging::first(9))).unwrap().items;
    let due: Vec<_> = due.iter().map(|due| (due.title.as_str(), due.due_on.to_string())).collect();
    assert_eq!(due, [("三日前", "2026-11-19".to_owned()), ("今日", "2026-11-22".to_owned())]);
    let counts = || bench.act(|tx| day::counts(tx, bench.sales)).unwrap();
    assert_eq!((counts().due, counts().overdue), (2, 1));
    let own = DealFilter { state: Some(DealStatus::Open), owner: Some(bench.sales), ..DealFilter::default() };
    assert_eq!(bench.act(|tx| totals(tx, &own)).unwrap().count, 3);
    bench.at("2026-11-22T15:00:00Z");
    assert_eq!((counts().due, counts().overdue), (3, 2), "midnight in Japan");
}

#[test]
fn lists_filter_and_page_without_gaps() {
    let bench = Bench::new();
    let (company, _) = bench.another_client("別の会社");
    for title in ["甲", "乙", "丙"] {
        bench.open(title);
    }
    let theirs = DealInput {
        company_id: company.to_string().into(),
        contact_id: "".into(),
        owner_id: bench.colleague.to_string().into(),
        ..bench.input("丁")
    };
    let theirs = bench.act(|tx| open(tx, theirs)).unwrap();
    bench.act(|tx| sleep(tx, theirs.id, 1)).unwrap();
    let mut paging = Paging::first(3);
    let first = bench.act(|tx| list(tx, &DealFilter::default(), &paging)).unwrap();
    assert_eq!(titles(&first.items), ["丁", "丙", "乙"]);
    paging.after = first.next;
    let rest = bench.act(|tx| list(tx, &DealFilter::default(), &paging)).unwrap();
    assert_eq!((titles(&rest.items), rest.next), (vec!["甲"], None));
    for filter in [
        DealFilter { state: Some(DealStatus::Dormant), ..DealFilter::default() },
        DealFilter { owner: Some(bench.colleague), ..DealFilter::default() },
        DealFilter { company: Some(company), ..DealFilter::default() },
    ] {
        let found = bench.act(|tx| list(tx, &filter, &Paging::first(10))).unwrap();
        assert_eq!(titles(&found.items), ["丁"], "{filter:?}");
    }
    let of_ours = bench.act(|tx| of_company(tx, bench.company, &Paging::first(10))).unwrap();
    assert_eq!(titles(&of_ours.items), ["丙", "乙", "甲"]);
}

#[test]
fn two_characters_of_a_title_find_a_deal_of_this_town_alone() {
    let bench = Bench::new();
    let deal = bench.open("アンケートの入力");
    bench.open("名刺の入力");
    let elsewhere = bench.db.town("shiojiri");
    let stranger = bench.db.person(elsewhere, "Sato", &["sales"]);
    assert!(bench.db.acting(elsewhere, stranger, |tx| search(tx, "入力", 20)).unwrap().is_empty());
    let found = |query: &str| -> Vec<DealId> {
        bench.act(|tx| search(tx, query, 20)).unwrap().into_iter().map(|card| card.id).collect()
    };
    assert_eq!(found("ｱﾝｹｰﾄ"), [deal.id]);
    assert_eq!(found("入力").len(), 2);
    assert_eq!(found("力入"), []);
    let (other, _) = bench.another_client("他社");
    let of = |companies: &[CompanyId]| -> Vec<DealId> {
        let found = bench.act(|tx| search_of(tx, companies, "ｱﾝｹｰﾄ", 5)).unwrap();
        found.into_iter().map(|card| card.id).collect()
    };
    assert_eq!(of(&[other, bench.company]), [deal.id]);
    assert_eq!(of(&[other]), [], "of these companies alone");
    assert_eq!(of(&[]), []);
}
