//! Analyses of a real database, each figure against a plain count.

use clients::tags::{self, TagInput};
use db::DbError;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{CompanyId, Period, Span};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::deals::{self, AdvanceInput, DealInput, LoseInput, WinInput};
use crate::leads::{self, LeadInput};
use crate::testing::Bench;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(bench: &Bench, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Count>(&mut bench.db.owner()).unwrap().count
}

fn half() -> Span {
    Period::H2.span("2026-04-01".parse().unwrap())
}

/// What a town did with one deal: opened on a day, moved so often, and decided some days later.
#[derive(Debug, Clone, Copy)]
struct Played {
    opened_on: u32,
    company: bool,
    amount: i64,
    moves: u8,
    then: u8,
    days: u32,
}

fn played() -> impl Strategy<Value = Played> {
    (0_u32..200, any::<bool>(), 1_i64..400, 0_u8..4, 0_u8..7, 0_u32..40).prop_map(
        |(opened_on, company, amount, moves, then, days)| Played {
            opened_on,
            company,
            amount,
            moves,
            then,
            days,
        },
    )
}

/// Days after the first of September in the year, some of them on the other side of midnight in Japan.
fn at(bench: &Bench, day: u32) {
    let on = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + chrono::Days::new(day.into());
    bench.at(&format!("{on}T{:02}:30:00Z", [2, 14, 15, 23][day as usize % 4]));
}

const STAGES: [&str; 4] = ["ヒアリング", "提案", "見積", "提案"];

fn play(bench: &Bench, other: CompanyId, deal: Played) {
    at(bench, deal.opened_on);
    let company = if deal.company { bench.company } else { other };
    let input =
        DealInput { company_id: company.to_string().into(), contact_id: "".into(), ..bench.input("名刺") };
    let opened = bench.act(|tx| deals::open(tx, input)).unwrap();
    for stage in STAGES.iter().take(deal.moves.into()) {
        let to = AdvanceInput { to_stage: bench.stage(stage).to_string().into(), ..AdvanceInput::default() };
        let version = bench.deal(opened.id).version;
        bench.act(|tx| deals::advance(tx, opened.id, version, to)).unwrap();
    }
    at(bench, deal.opened_on + deal.days);
    let version = || bench.deal(opened.id).version;
    let lose = |reason: &str| {
        let input = LoseInput { reason: reason.into(), ..LoseInput::default() };
        let version = version();
        bench.act(|tx| deals::lose(tx, opened.id, version, input)).unwrap();
    };
    match deal.then {
        0 | 1 => {
            bench.quote(opened.id, deal.amount);
            let version = version();
            bench.act(|tx| deals::win(tx, opened.id, version, WinInput::default())).unwrap();
        }
        2 => lose("price"),
        3 => lose("timing"),
        4 => {
            let version = version();
            bench.act(|tx| deals::sleep(tx, opened.id, version)).unwrap();
        }
        5 => {
            let sql = format!("UPDATE deals SET direct_source = 'phone' WHERE id = {}", opened.id);
            bench.quote(opened.id, deal.amount);
            let version = version();
            bench.act(|tx| deals::win(tx, opened.id, version, WinInput::default())).unwrap();
            diesel::sql_query(sql).execute(&mut bench.db.owner()).unwrap();
        }
        _ => {}
    }
}

/// `column` lies within the half year as a person with a database console would say it.
fn within(column: &str) -> String {
    let Span { first, last } = half();
    format!(
        "({column} + interval '9 hours') >= timestamptz '{first} 00:00Z' \
         AND ({column} + interval '9 hours') < timestamptz '{last} 00:00Z' + interval '1 day'"
    )
}

fn the_funnel_is_a_recount(bench: &Bench, seen: &Analyses) {
    let cohort = format!("{} AND d.direct_source IS NULL", within("d.created_at"));
    let all = count(bench, &format!("SELECT count(*) FROM deals d WHERE {cohort}"));
    assert_eq!(seen.funnels.first().map_or(0, |funnel| funnel.entered), all);
    let Some(funnel) = seen.funnels.first() else { return };
    // Deal by deal, as its own page says how long it stood where.
    let ids = format!("SELECT d.id AS count FROM deals d WHERE {cohort}");
    let ids: Vec<Count> = diesel::sql_query(ids).load(&mut bench.db.owner()).unwrap();
    let history = |id: &Count| bench.act(|tx| deals::history(tx, kernel::DealId(id.count))).unwrap();
    let now = bench.act(|tx| -> Result<_, DbError> { Ok(tx.now()) }).unwrap();
    let stays: Vec<deals::Stay> = ids.iter().flat_map(|id| deals::stays(&history(id), now)).collect();
    for (step, place) in funnel.steps.iter().zip(0..) {
        // How far a deal came: the most open stages left of one that its history names; past all of them where it is won.
        let furthest = "(SELECT max((SELECT count(*) FROM stages o WHERE o.kind = 'open' AND o.position < s.position)) \
             FROM deal_events e JOIN stages s ON s.id = e.to_stage_id WHERE e.deal_id = d.id AND s.kind = 'open')";
        let of =
            |rule: &str| count(bench, &format!("SELECT count(*) FROM deals d WHERE {cohort} AND {rule}"));
        assert_eq!(
            step.reached,
            of(&format!("(d.state = 'won' OR {furthest} >= {place})")),
            "{}",
            step.stage
        );
        assert_eq!(step.went_on, of(&format!("(d.state = 'won' OR {furthest} > {place})")), "{}", step.stage);
        assert_eq!(step.lost, of(&format!("d.state = 'lost' AND {furthest} = {place}")), "{}", step.stage);
        let standing = of(&format!("d.state IN ('open', 'dormant') AND {furthest} = {place}"));
        assert_eq!(step.standing, standing, "{}", step.stage);
        let over = || stays.iter().filter(|stay| stay.stage_id == step.stage_id && stay.until.is_some());
        assert_eq!(step.stays, i64::try_from(over().count()).unwrap(), "{}", step.stage);
        assert_eq!(step.days, over().map(|stay| stay.days).sum::<i64>(), "{}", step.stage);
    }
}

fn the_rates_are_a_recount(bench: &Bench, seen: &Analyses, tagged: CompanyId) {
    let of = |state: &str, rule: &str| {
        let decided = within(if state == "won" { "d.won_at" } else { "d.lost_at" });
        count(
            bench,
            &format!(
                "SELECT count(*) FROM deals d WHERE d.state = '{state}' AND {decided} AND d.direct_source IS NULL AND {rule}"
            ),
        )
    };
    let check = |outcome: &Outcome, rule: &str| {
        assert_eq!(i64::from(outcome.count.won), of("won", rule), "{rule}");
        assert_eq!(i64::from(outcome.count.lost), of("lost", rule), "{rule}");
    };
    check(&seen.outcome, "true");
    for rate in &seen.rates {
        let earlier = "EXISTS (SELECT FROM deals f WHERE f.company_id = d.company_id AND f.state = 'won' \
             AND f.won_at < COALESCE(d.won_at, d.lost_at))";
        match (rate.dimension, rate.value.as_deref()) {
            (Dimension::ClientClass, Some(_)) => check(&rate.outcome, &format!("d.company_id = {tagged}")),
            (Dimension::ClientClass, None) => check(&rate.outcome, &format!("d.company_id <> {tagged}")),
            (Dimension::Client, Some("returning")) => check(&rate.outcome, earlier),
            (Dimension::Client, _) => check(&rate.outcome, &format!("NOT {earlier}")),
            (Dimension::Size, Some("small")) => check(&rate.outcome, "d.amount BETWEEN 1 AND 99999"),
            (Dimension::Size, None) => check(&rate.outcome, "d.amount = 0"),
            (Dimension::Source | Dimension::JobKind, None) => check(&rate.outcome, "true"),
            other => panic!("nobody entered {other:?}"),
        }
    }
}

fn the_rest_is_a_recount(bench: &Bench, seen: &Analyses) {
    let lost = within("d.lost_at");
    for reason in &seen.lost {
        let rule =
            format!("FROM deals d WHERE d.state = 'lost' AND {lost} AND d.lost_reason = '{}'", reason.reason);
        assert_eq!(reason.count, count(bench, &format!("SELECT count(*) {rule}")));
        assert_eq!(reason.amount.0, count(bench, &format!("SELECT sum(amount)::bigint AS count {rule}")));
    }
    let all = count(bench, &format!("SELECT count(*) FROM deals d WHERE d.state = 'lost' AND {lost}"));
    assert_eq!(seen.lost.iter().map(|one| one.count).sum::<i64>(), all);
    let ordered = format!("FROM deals d WHERE d.state = 'won' AND {}", within("d.won_at"));
    let sum = |rule: &str| {
        count(bench, &format!("SELECT COALESCE(sum(amount), 0)::bigint AS count {ordered} AND {rule}"))
    };
    for client in &seen.clients {
        assert_eq!(client.amount.0, sum(&format!("company_id = {}", client.company_id)));
    }
    assert_eq!(seen.clients.iter().map(|one| one.amount.0).sum::<i64>(), sum("true"));
}

#[test]
fn every_analysis_equals_a_plain_recount() {
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&proptest::collection::vec(played(), 1..16), |mut deals| {
            let bench = Bench::new();
            let (other, _) = bench.another_client("鳥取商事");
            let tag = bench.act(|tx| tags::create(tx, &TagInput { name: "建設業".into() })).unwrap().id;
            bench.act(|tx| tags::add(tx, other, tag)).unwrap();
            deals.sort_by_key(|deal| deal.opened_on);
            for deal in deals {
                play(&bench, other, deal);
            }
            at(&bench, 300);
            let seen = bench.act(|tx| see(tx, half(), None)).unwrap();
            the_funnel_is_a_recount(&bench, &seen);
            the_rates_are_a_recount(&bench, &seen, other);
            the_rest_is_a_recount(&bench, &seen);
            let pipeline = bench.pipeline();
            let of_it = bench.act(|tx| see(tx, half(), Some(pipeline))).unwrap();
            prop_assert_eq!(Analyses { pipeline_id: None, ..of_it }, seen, "there is one pipeline");
            let elsewhere =
                bench.act(|tx| see(tx, half(), Some(crate::pipelines::PipelineId(9999)))).unwrap();
            prop_assert_eq!(elsewhere.outcome, Outcome::default());
            prop_assert!(
                elsewhere.funnels.is_empty() && elsewhere.lost.is_empty() && elsewhere.clients.is_empty()
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn deals_are_told_apart_by_how_their_lead_came() {
    let bench = Bench::new();
    let input =
        LeadInput { company_name: "鳥取商事".into(), source: "visit".into(), ..LeadInput::default() };
    let lead = bench.act(|tx| leads::enter(tx, input)).unwrap();
    let deal = bench.won("名刺", 100);
    bench.won("電話で", 10);
    let sql = format!(
        "UPDATE leads SET state = 'converted', deal_id = {}, company_id = {}, closed_at = now() WHERE id = {}",
        deal.id, bench.company, lead.id
    );
    let linked = diesel::sql_query(sql).execute(&mut bench.db.owner());
    assert_eq!(linked.map_err(|error| error.to_string()), Ok(1));
    let seen = bench.act(|tx| see(tx, half(), None)).unwrap();
    let by_source: Vec<_> = seen
        .rates
        .iter()
        .filter(|rate| rate.dimension == Dimension::Source)
        .map(|rate| (rate.value.as_deref(), rate.outcome.count.won, rate.outcome.won_hundredths))
        .collect();
    assert_eq!(by_source, [(Some("visit"), 1, None), (None, 1, None)], "one is too few to say");
}

/// The numbers of a public file of a seller's deals: 8,800, of which 4,238 were won and 2,473 lost, 63.15 percent.
#[test]
fn the_published_rate_of_8800_deals_comes_out() {
    let bench = Bench::new();
    let pattern = bench.open("見本");
    let copied = |count: i64, state: &str, more: &str| {
        let sql = format!(
            "INSERT INTO deals (organization_id, title, company_id, stage_id, state, owner_id, amount, next_action, \
                 next_action_on, moved_at, created_at, changed_at, rank, {more}) \
             SELECT d.organization_id, d.title || n, d.company_id, \
                 (SELECT id FROM stages s WHERE s.organization_id = d.organization_id AND s.kind = '{state}' \
                  ORDER BY position LIMIT 1), '{state}', d.owner_id, 1000, \
                 CASE WHEN '{state}' = 'open' THEN d.next_action END, \
                 CASE WHEN '{state}' = 'open' THEN d.next_action_on END, d.moved_at, d.created_at, d.changed_at, \
                 d.rank, {values} \
             FROM deals d, generate_series(1, {count}) n WHERE d.id = {id}",
            values = match state {
                "won" => "d.moved_at, 0",
                "lost" => "d.moved_at, 'price'",
                _ => "'', 0",
            },
            id = pattern.id
        );
        diesel::sql_query(sql).execute(&mut bench.db.owner()).unwrap()
    };
    copied(4_238, "won", "won_at, version");
    copied(2_473, "lost", "lost_at, lost_reason");
    copied(2_088, "open", "lost_note, version");
    let seen = bench.act(|tx| see(tx, half(), None)).unwrap();
    assert_eq!((seen.outcome.count.won, seen.outcome.count.lost), (4_238, 2_473));
    assert_eq!((seen.outcome.won_hundredths, seen.outcome.average()), (Some(6_315), Some(kernel::Yen(1000))));
    assert_eq!(seen.lost[0].count, 2_473);
    assert_eq!(seen.clients[0].hundredths, 10_000);
}
