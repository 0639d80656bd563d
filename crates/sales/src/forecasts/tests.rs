//! Forecasts of real deals, each figure against a plain count.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::Yen;

use super::*;
use crate::deals::{self, AdvanceInput, DealInput, LoseInput, WinInput};
use crate::testing::Bench;

const YEAR: FiscalYear = FiscalYear(2026);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A deal of `amount` that should be decided on a day.
fn expected(bench: &Bench, title: &str, amount: i64, on: &str) -> deals::Deal {
    let input =
        DealInput { amount: amount.to_string().into(), expected_close_on: on.into(), ..bench.input(title) };
    bench.act(|tx| deals::open(tx, input)).unwrap()
}

fn to(bench: &Bench, deal: &deals::Deal, stage: &str) {
    let input = AdvanceInput { to_stage: bench.stage(stage).to_string().into(), ..AdvanceInput::default() };
    let version = bench.deal(deal.id).version;
    bench.act(|tx| deals::advance(tx, deal.id, version, input)).unwrap();
}

fn corrected(bench: &Bench, deal: &deals::Deal, amount: i64, on: &str) {
    let now = bench.deal(deal.id);
    let input = DealInput {
        amount: amount.to_string().into(),
        expected_close_on: on.into(),
        ..DealInput::from(&now)
    };
    bench.act(|tx| deals::correct(tx, now.id, now.version, input)).unwrap();
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

fn sum(bench: &Bench, sql: &str) -> Yen {
    let sql = format!(
        "SELECT COALESCE(sum({sql}), 0)::bigint AS amount FROM deals d JOIN stages s ON s.id = d.stage_id"
    );
    Yen(diesel::sql_query(sql).get_result::<Sum>(&mut bench.db.owner()).unwrap().amount)
}

#[test]
fn a_forecast_equals_a_plain_recount() {
    let bench = Bench::new();
    bench.won("受注", 1000);
    let first = expected(&bench, "一つ", 333_333, "2026-12-20");
    let second = expected(&bench, "二つ", 77_777, "2026-10-05");
    expected(&bench, "来年度", 900_000, "2027-04-02");
    expected(&bench, "いつか", 55_555, "");
    to(&bench, &first, "見積");
    to(&bench, &second, "提案");
    let seen = bench.act(|tx| see(tx, YEAR, Period::Q3, None)).unwrap();
    let outlook = &seen.forecast.outlook;
    let inside = "expected_close_on BETWEEN '2026-10-01' AND '2026-12-31'";
    let won = "CASE WHEN d.state = 'won' AND (won_at AT TIME ZONE 'Asia/Tokyo')::date \
         BETWEEN '2026-10-01' AND '2026-12-31' THEN amount ELSE 0 END";
    let open = |from: i16| {
        format!(
            "{won} + CASE WHEN d.state = 'open' AND {inside} AND s.probability >= {from} THEN amount ELSE 0 END"
        )
    };
    let weighted = format!(
        "{won} + CASE WHEN d.state = 'open' AND {inside} THEN amount * s.probability / 100 ELSE 0 END"
    );
    assert_eq!(outlook.won.amount, sum(&bench, won));
    assert_eq!(outlook.weighted, sum(&bench, &weighted));
    assert_eq!((outlook.commit, outlook.best_case), (sum(&bench, &open(80)), sum(&bench, &open(40))));
    assert_eq!((outlook.undated.amount, outlook.overdue.amount), (Yen(55_555), Yen(77_777)));
    assert_eq!(seen.counting().len(), 3);
    let theirs = bench.act(|tx| see(tx, YEAR, Period::Q3, Some(bench.colleague))).unwrap();
    assert_eq!(theirs.forecast.outlook, Outlook::default(), "none of them is theirs");
}

#[test]
fn a_week_is_frozen_once_and_missed_weeks_are_one_word() {
    let bench = Bench::new();
    expected(&bench, "一つ", 1000, "2026-12-20");
    // A Sunday: the week's Monday is past, and nobody had frozen it.
    let first = bench.act(freeze).unwrap().unwrap();
    assert_eq!((first.week_on, first.missed_weeks), (day("2026-11-16"), 0));
    assert_eq!(bench.act(freeze).unwrap(), None, "once a week");
    bench.at("2026-11-22T18:00:00Z");
    let monday = bench.act(freeze).unwrap().unwrap();
    assert_eq!((monday.week_on, monday.missed_weeks), (day("2026-11-23"), 0), "it is Monday in Japan");
    bench.at("2026-12-16T00:00:00Z");
    let late = bench.act(freeze).unwrap().unwrap();
    assert_eq!((late.week_on, late.missed_weeks), (day("2026-12-14"), 2), "two weeks nobody froze");
    let weeks: Vec<_> = bench.act(snapshots).unwrap().iter().map(|one| one.week_on).collect();
    assert_eq!(weeks, [day("2026-12-14"), day("2026-11-23"), day("2026-11-16")]);
}

#[test]
fn what_changed_in_a_real_week_adds_up_and_names_what_became_of_each_deal() {
    let bench = Bench::new();
    let [won, lost, moved, revalued, slept, staged] = ["受注", "失注", "来年へ", "増額", "休み", "前進"]
        .map(|title| expected(&bench, title, 100_000, "2026-12-10"));
    let frozen = bench.act(freeze).unwrap().unwrap();
    let before = bench.act(|tx| see(tx, YEAR, Period::Q3, None)).unwrap().forecast.outlook.weighted;
    bench.at("2026-11-25T03:00:00Z");
    bench.quote(won.id, 600);
    let version = bench.deal(won.id).version;
    bench.act(|tx| deals::win(tx, won.id, version, WinInput::default())).unwrap();
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, lost.id, lost.version, why)).unwrap();
    corrected(&bench, &moved, 100_000, "2027-01-15");
    corrected(&bench, &revalued, 150_000, "2026-12-10");
    bench.act(|tx| deals::sleep(tx, slept.id, slept.version)).unwrap();
    to(&bench, &staged, "見積");
    let fresh = expected(&bench, "新しい", 30_000, "2026-12-28");
    let span = Period::Q3.span(day("2026-04-01"));
    let about = |whose| About { span, whose };
    let found = bench.act(|tx| changed_since(tx, &frozen, about(None))).unwrap().unwrap();
    let now = bench.act(|tx| see(tx, YEAR, Period::Q3, None)).unwrap().forecast.outlook.weighted;
    assert_eq!((found.before, found.now), (before, now));
    let told: i64 = found.changes.iter().map(|one| one.difference().0).sum();
    assert_eq!(before.0 + told, now.0);
    let of = |deal: &deals::Deal| found.changes.iter().find(|one| one.deal == deal.id).unwrap();
    for (deal, kind, difference) in [
        (&won, ChangeKind::Won, 117_000 - 10_000),
        (&lost, ChangeKind::Lost, -10_000),
        (&moved, ChangeKind::MovedOut, -10_000),
        (&revalued, ChangeKind::Revalued, 5_000),
        (&slept, ChangeKind::Slept, -10_000),
        (&staged, ChangeKind::Restaged, 50_000),
        (&fresh, ChangeKind::New, 3_000),
    ] {
        assert_eq!((of(deal).kind, of(deal).difference().0), (kind, difference), "{}", deal.title);
    }
    let theirs = bench.act(|tx| changed_since(tx, &frozen, about(Some(bench.colleague)))).unwrap().unwrap();
    assert_eq!((theirs.before, theirs.now, theirs.changes.len()), (Yen::ZERO, Yen::ZERO, 0));
    let last_year = About { span: Period::Q3.span(day("2025-04-01")), whose: None };
    assert_eq!(
        bench.act(|tx| changed_since(tx, &frozen, last_year)).unwrap(),
        None,
        "its wins were not kept"
    );
}

#[test]
fn a_frozen_week_never_changes() {
    let bench = Bench::new();
    expected(&bench, "一つ", 1000, "2026-12-20");
    bench.act(freeze).unwrap();
    for tampering in [
        "UPDATE forecast_snapshot_deals SET amount = 1",
        "DELETE FROM forecast_snapshots",
        "UPDATE forecast_adjustments SET amount = 1",
    ] {
        let refused =
            bench.act(|tx| -> Result<_, DbError> { Ok(diesel::sql_query(tampering).execute(tx.conn())?) });
        assert!(refused.is_err(), "{tampering}");
    }
}

#[test]
fn owner_and_manager_stand_side_by_side() {
    let bench = Bench::new();
    expected(&bench, "一つ", 100_000, "2026-12-20");
    let says = |amount: i64, whose: PersonId| AdjustmentInput {
        fiscal_year: "2026".into(),
        period: "q3".into(),
        person_id: whose.to_string().into(),
        amount: amount.to_string().into(),
        reason: "感触がよい".into(),
    };
    let own = bench.act(|tx| adjust(tx, &says(30_000, bench.sales))).unwrap();
    assert_eq!((own.side, own.span), (Side::Owner, Period::Q3.span(day("2026-04-01"))));
    let refused = bench.act(|tx| adjust(tx, &says(1, bench.colleague))).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden, "a colleague is no manager");
    let officer = bench.db.person(bench.town, "Sato", &["officer"]);
    let thinks = |amount| bench.db.acting(bench.town, officer, |tx| adjust(tx, &says(amount, bench.sales)));
    assert_eq!(thinks(-5_000).unwrap().side, Side::Manager);
    assert_eq!(thinks(-8_000).unwrap().side, Side::Manager);
    let seen = bench.act(|tx| see(tx, YEAR, Period::Q3, None)).unwrap();
    let adjusted = seen.forecast.adjusted;
    assert_eq!((adjusted.owners, adjusted.managers), (Yen(30_000), Yen(-8_000)));
    assert_eq!(adjusted.total, Yen(10_000 + 30_000 - 8_000));
    let counting = |seen: &Seen| seen.lines.iter().filter(|line| seen.counts(line)).count();
    assert_eq!((seen.lines.len(), counting(&seen)), (3, 2), "nothing that was said is gone");
    let other = bench.act(|tx| see(tx, YEAR, Period::Q4, None)).unwrap();
    assert_eq!(other.forecast.adjusted, Adjusted::default());
}

#[test]
fn what_somebody_thinks_counts_however_often_others_say_something_after_it() {
    let bench = Bench::new();
    let says = |amount: i64| AdjustmentInput {
        fiscal_year: "2026".into(),
        period: "q3".into(),
        amount: amount.to_string().into(),
        reason: "感触がよい".into(),
        ..AdjustmentInput::default()
    };
    let own = bench.act(|tx| adjust(tx, &says(30_000))).unwrap();
    let often = format!(
        "INSERT INTO forecast_adjustments (organization_id, first_on, last_on, person_id, side, amount, reason, set_by, set_at) \
         SELECT {}, '2026-10-01', '2026-12-31', {colleague}, 'owner', n, '考え直した', {colleague}, now() \
         FROM generate_series(1, {}) n",
        bench.town,
        lists::MOST_LINES,
        colleague = bench.colleague
    );
    diesel::sql_query(often).execute(&mut bench.db.owner()).unwrap();
    let seen = bench.act(|tx| see(tx, YEAR, Period::Q3, None)).unwrap();
    assert_eq!(seen.forecast.adjusted.owners, Yen(30_000 + lists::MOST_LINES));
    let counting: Vec<&Adjustment> = seen.lines.iter().filter(|line| seen.counts(line)).collect();
    let come_to: Yen = counting.iter().map(|line| line.amount).sum();
    assert_eq!(
        (counting.len(), come_to),
        (2, seen.forecast.adjusted.owners),
        "the total has its lines listed"
    );
    assert_eq!(seen.lines.last(), Some(&own));
    assert!(seen.lines.is_sorted_by(|one, next| one.id > next.id), "the newest first");
    let theirs = bench.act(|tx| see(tx, YEAR, Period::Q3, Some(bench.colleague))).unwrap();
    assert_eq!(theirs.forecast.adjusted.owners, Yen(lists::MOST_LINES));
}

#[test]
fn a_record_is_old_once_the_next_monday_is_over() {
    let bench = Bench::new();
    bench.at("2026-11-23T03:00:00Z");
    let taken = bench.act(freeze).unwrap().unwrap();
    let weeks = |day: &str| taken.weeks_without_next(day.parse().unwrap());
    assert_eq!((weeks("2026-11-29"), weeks("2026-11-30")), (0, 0), "the next is taken in that night");
    assert_eq!((weeks("2026-12-01"), weeks("2026-12-07"), weeks("2026-12-08")), (1, 2, 2));
}
