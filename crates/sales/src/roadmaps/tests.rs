//! The verbs against a real database.

use diesel::RunQueryDsl;
use kernel::{FiscalYear, Span};

use super::*;
use crate::deals::{self, DealInput};
use crate::testing::Bench;

const YEAR: FiscalYear = FiscalYear(2026);

fn input(title: &str, due_on: &str) -> MilestoneInput {
    MilestoneInput {
        fiscal_year: "2026".into(),
        title: title.into(),
        due_on: due_on.into(),
        ..MilestoneInput::default()
    }
}

fn entered(bench: &Bench, title: &str, due_on: &str) -> Milestone {
    bench.act(|tx| enter(tx, &input(title, due_on))).unwrap()
}

fn waits(bench: &Bench, one: &Milestone, others: &[&Milestone]) -> Result<Milestone, RoadmapError> {
    let now = bench.act(|tx| find(tx, one.id)).unwrap();
    let needs = others.iter().map(|other| other.id.to_string().into()).collect();
    let input = MilestoneInput { needs, ..MilestoneInput::from(&now) };
    bench.act(|tx| change(tx, now.id, now.version, &input))
}

#[test]
fn no_milestone_waits_for_itself() {
    let bench = Bench::new();
    let [a, b, c] = ["調査", "試行", "本番"].map(|title| entered(&bench, title, "2026-12-20"));
    let code = |refused: RoadmapError| refused.fields()[0].code;
    assert_eq!(code(waits(&bench, &a, &[&a]).unwrap_err()), Code::Circle);
    waits(&bench, &b, &[&a]).unwrap();
    assert_eq!(waits(&bench, &c, &[&b]).unwrap().needs, [b.id]);
    assert_eq!(code(waits(&bench, &a, &[&c]).unwrap_err()), Code::Circle, "through the others");
    let stranger = MilestoneInput { needs: vec!["999".into()], ..input("別の町", "2026-12-20") };
    assert_eq!(code(bench.act(|tx| enter(tx, &stranger)).unwrap_err()), Code::UnknownChoice);
}

#[test]
fn a_milestone_that_slips_keeps_its_history() {
    let bench = Bench::new();
    let one = entered(&bench, "見積の型を作る", "2026-12-01");
    let moved = |on: &str, why: &str| {
        let now = bench.act(|tx| find(tx, one.id)).unwrap();
        let input = MilestoneInput { due_on: on.into(), reason: why.into(), ..MilestoneInput::from(&now) };
        bench.act(|tx| change(tx, now.id, now.version, &input))
    };
    assert_eq!(moved("2026-12-15", "").unwrap_err().fields()[0].field, "reason");
    moved("2026-12-15", "担当が替わった").unwrap();
    let later = moved("2027-01-10", "年末にかかる").unwrap();
    assert_eq!((later.planned_on.to_string().as_str(), later.slipped_days()), ("2026-12-01", 40));
    let seen = bench.act(|tx| standing(tx, YEAR)).unwrap();
    let told: Vec<_> = seen[0].moves.iter().map(|one| (one.to_on.to_string(), one.reason.as_str())).collect();
    assert_eq!(
        told,
        [("2026-12-15".to_owned(), "担当が替わった"), ("2027-01-10".to_owned(), "年末にかかる")]
    );
    assert!(!seen[0].is_late);
    bench.at("2027-01-11T00:00:00Z");
    assert!(bench.act(|tx| standing(tx, YEAR)).unwrap()[0].is_late);
    let done = bench.act(|tx| finish(tx, one.id, later.version, &ReachedInput::default())).unwrap();
    assert_eq!((done.slipped_days(), done.is_late("2027-02-01".parse().unwrap())), (41, false));
    let twice = bench.act(|tx| finish(tx, one.id, done.version, &ReachedInput::default())).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    let again = bench.act(|tx| reopen(tx, one.id, done.version)).unwrap();
    assert_eq!((again.state, again.done_on), (MilestoneState::Planned, None));
}

#[test]
fn a_bound_milestone_reads_what_is_won_and_what_is_being_sold() {
    let bench = Bench::new();
    bench.won("名刺", 10);
    let (other, _) = bench.another_client("鳥取商事");
    let open = DealInput {
        company_id: other.to_string().into(),
        contact_id: "".into(),
        expected_close_on: "2026-12-10".into(),
        amount: "80000".into(),
        ..bench.input("次の商談")
    };
    bench.act(|tx| deals::open(tx, open)).unwrap();
    let bound = |metric: &str, value: &str| MilestoneInput {
        metric: metric.into(),
        value: value.into(),
        ..input("取引先", "2026-12-31")
    };
    bench.act(|tx| enter(tx, &bound("new_clients", "3"))).unwrap();
    bench.act(|tx| enter(tx, &bound("orders_yen", "20000"))).unwrap();
    entered(&bench, "ただの節目", "2027-01-31");
    let readings: Vec<_> =
        bench.act(|tx| standing(tx, YEAR)).unwrap().into_iter().map(|one| one.reading).collect();
    // One client and a tenth of another; 1,950 yen and a tenth of 80,000.
    let from_on = Some("2026-04-01".parse().unwrap());
    let clients = Reading { from_on, ..Reading::of(3, 1, 10) };
    let yen = Reading { from_on, ..Reading::of(20_000, 1950, 800_000) };
    assert_eq!((clients.short_hundredths, yen.short_hundredths), (190, 1_005_000));
    assert_eq!(readings, [Some(clients), Some(yen), None]);
}

#[test]
fn a_late_milestone_counts_up_to_today_and_one_that_was_reached_or_dropped_up_to_its_day() {
    let bench = Bench::new();
    let bound = |title: &str| MilestoneInput {
        metric: "orders_yen".into(),
        value: "3000".into(),
        ..input(title, "2026-11-30")
    };
    let late = bench.act(|tx| enter(tx, &bound("遅れる"))).unwrap();
    let dropped = bench.act(|tx| enter(tx, &bound("やめる"))).unwrap();
    let elsewhere = MilestoneInput { metric: "active_workers".into(), ..bound("よそで数える") };
    let elsewhere = bench.act(|tx| enter(tx, &elsewhere)).unwrap();
    bench.act(|tx| abandon(tx, dropped.id, dropped.version)).unwrap();
    bench.won("先の注文", 10);
    let stands = |one: &Milestone| bench.act(|tx| standing_of(tx, one.id)).unwrap();
    let reached = |one: &Milestone| stands(one).reading.unwrap().reached;
    assert_eq!((reached(&late), stands(&late).is_reached()), (1_950, false));
    bench.at("2026-12-15T03:00:00Z");
    bench.won("あとの注文", 10);
    assert_eq!((reached(&late), stands(&late).is_reached()), (3_900, true), "it came after its day");
    assert_eq!(reached(&dropped), 1_950, "nobody wants it any more");
    let asked = |one: &Milestone| bench.act(|tx| asked_elsewhere(tx, one)).unwrap().unwrap().1;
    assert_eq!(asked(&elsewhere).last.to_string(), "2026-12-15");
    bench.at("2026-12-20T03:00:00Z");
    let on_the_day = ReachedInput { done_on: "2026-12-15".into() };
    let done = bench.act(|tx| finish(tx, late.id, late.version, &on_the_day)).unwrap();
    assert_eq!(
        (reached(&done), stands(&done).is_done_short()),
        (3_900, false),
        "the same as before it was said"
    );
    bench.won("そのあとの注文", 10);
    assert_eq!(reached(&done), 3_900);
    let earlier = ReachedInput { done_on: "2026-12-14".into() };
    let again = bench.act(|tx| reopen(tx, done.id, done.version)).unwrap();
    assert_eq!(reached(&again), 5_850);
    let short = bench.act(|tx| finish(tx, again.id, again.version, &earlier)).unwrap();
    assert_eq!((reached(&short), stands(&short).is_done_short()), (1_950, true));
}

#[test]
fn a_milestone_of_what_others_count_is_read_with_what_they_bring_and_promised_nothing() {
    let bench = Bench::new();
    let bound = MilestoneInput {
        metric: "active_workers".into(),
        value: "60".into(),
        ..input("働く人60人", "2026-12-31")
    };
    let own = bench.act(|tx| enter(tx, &bound)).unwrap();
    let sold = MilestoneInput { metric: "calls".into(), ..bound };
    let calls = bench.act(|tx| enter(tx, &sold)).unwrap();
    assert_eq!(bench.act(|tx| standing_of(tx, own.id)).unwrap().reading, None, "sales count no workers");
    let asked = bench.act(|tx| asked_elsewhere(tx, &own)).unwrap().unwrap();
    let days = Span { first: "2026-04-01".parse().unwrap(), last: own.due_on };
    assert_eq!(asked, (targets::Metric::ActiveWorkers, days));
    assert_eq!(bench.act(|tx| asked_elsewhere(tx, &calls)).unwrap(), None);
    let reading = bench.act(|tx| read(tx, &own, asked, 48)).unwrap();
    assert_eq!(reading, Some(Reading { from_on: Some(days.first), ..Reading::of(60, 48, 0) }));
    let stands = bench.act(|tx| standing_of(tx, own.id)).unwrap();
    assert!(!Standing { reading, ..stands.clone() }.is_reached());
    assert!(Standing { reading: Some(Reading::of(60, 60, 0)), ..stands }.is_reached());
}

#[test]
fn a_bound_milestone_names_the_target_that_holds() {
    let bench = Bench::new();
    let bound = |due: &str| MilestoneInput {
        metric: "new_clients".into(),
        value: "10".into(),
        ..input("取引先10社", due)
    };
    for due in ["2026-09-30", "2026-12-31"] {
        bench.act(|tx| enter(tx, &bound(due))).unwrap();
    }
    let named = || -> Vec<_> {
        let seen = bench.act(|tx| standing(tx, YEAR)).unwrap().into_iter();
        seen.map(|one| one.reading.unwrap().target.map(|target| (target.until.to_string(), target.value)))
            .collect()
    };
    assert_eq!(named(), [None, None]);
    let year = targets::PlanInput { fiscal_year: "2026".into(), reason: "はじめ".into() };
    let set = |plan, scope: &str, period: &str, value: &str| {
        let target = targets::TargetInput {
            metric: "new_clients".into(),
            scope: scope.into(),
            period: period.into(),
            value: value.into(),
            reason: "試験".into(),
            ..targets::TargetInput::default()
        };
        bench.act(|tx| targets::set(tx, plan, &target)).unwrap();
    };
    let first = bench.act(|tx| targets::open_version(tx, &year)).unwrap().id;
    set(first, "team", "year", "30");
    set(first, "town", "year", "10");
    set(first, "town", "q2", "7");
    bench.act(|tx| targets::close_version(tx, first)).unwrap();
    let of_year = |value| Some(("2027-03-31".to_owned(), value));
    assert_eq!(named(), [of_year(10), of_year(10)], "a quarter's own target counts from another day");
    let second = bench.act(|tx| targets::open_version(tx, &year)).unwrap().id;
    set(second, "town", "year", "12");
    set(second, "town", "h1", "8");
    assert_eq!(named(), [of_year(10), of_year(10)], "what is not closed yet does not hold");
    bench.act(|tx| targets::close_version(tx, second)).unwrap();
    assert_eq!(named(), [Some(("2026-09-30".to_owned(), 8)), of_year(12)]);
}

#[test]
fn a_day_lies_in_its_year_and_may_only_slip_out_at_its_end() {
    let bench = Bench::new();
    let code = |refused: RoadmapError| (refused.fields()[0].field.clone(), refused.fields()[0].code);
    let enter = |due: &str| bench.act(|tx| enter(tx, &input("本番", due)));
    assert_eq!(code(enter("2026-03-31").unwrap_err()), ("due_on".to_owned(), Code::NotLater));
    assert_eq!(code(enter("2027-04-01").unwrap_err()), ("due_on".to_owned(), Code::TooLate));
    let last = enter("2027-03-31").unwrap();
    let moved = |due: &str| {
        let input = MilestoneInput {
            due_on: due.into(),
            reason: "人手が足りない".into(),
            ..MilestoneInput::from(&last)
        };
        bench.act(|tx| change(tx, last.id, last.version, &input))
    };
    assert_eq!(code(moved("2026-03-31").unwrap_err()), ("due_on".to_owned(), Code::NotLater));
    let slipped = moved("2027-05-31").unwrap();
    assert_eq!((slipped.fiscal_year, slipped.slipped_days()), (YEAR, 61));
}

#[test]
fn years_begin_in_the_month_in_which_the_towns_years_begin() {
    let bench = Bench::new();
    bench
        .act(|tx| {
            diesel::sql_query("UPDATE organizations SET fiscal_start_month = 7")
                .execute(tx.conn())
                .map_err(DbError::from)
        })
        .unwrap();
    let early = bench.act(|tx| enter(tx, &input("早すぎる", "2026-06-30"))).unwrap_err();
    assert_eq!(early.fields()[0].code, Code::NotLater);
    entered(&bench, "年度の終わり", "2027-06-30");
    let bound =
        MilestoneInput {
            metric: "orders_yen".into(), value: "10000".into(), ..input("受注", "2027-06-30")
        };
    bench.act(|tx| enter(tx, &bound)).unwrap();
    bench.at("2026-06-30T05:00:00Z");
    bench.won("前の年度の注文", 10);
    bench.at("2026-07-01T05:00:00Z");
    bench.won("この年度の注文", 20);
    let reached: Vec<i64> = bench
        .act(|tx| standing(tx, YEAR))
        .unwrap()
        .into_iter()
        .filter_map(|one| Some(one.reading?.reached))
        .collect();
    assert_eq!(reached, [3900]);
}

#[test]
fn what_waits_for_something_later_than_itself_says_so() {
    let bench = Bench::new();
    let first = entered(&bench, "試行", "2027-01-31");
    let then = entered(&bench, "本番", "2027-01-15");
    waits(&bench, &then, &[&first]).unwrap();
    let later = || {
        let found = bench.act(|tx| standing(tx, YEAR)).unwrap();
        found.into_iter().find(|one| one.milestone.id == then.id).unwrap().later_needs
    };
    assert_eq!(later(), [first.id]);
    bench.act(|tx| finish(tx, first.id, first.version, &ReachedInput::default())).unwrap();
    assert_eq!(later(), [], "what is reached is waited for no more");
}

#[test]
fn a_milestone_is_changed_by_its_owner_and_by_whoever_steers() {
    let bench = Bench::new();
    let [coordinator, another] =
        ["Sato", "Ito"].map(|name| bench.db.person(bench.town, name, &["coordinator"]));
    let theirs =
        MilestoneInput { owner_id: coordinator.to_string().into(), ..input("検品の手順", "2026-12-20") };
    let one = bench.act(|tx| enter(tx, &theirs)).unwrap();
    let reached = |who| {
        bench.db.acting(bench.town, who, |tx| finish(tx, one.id, one.version, &ReachedInput::default()))
    };
    assert!(matches!(reached(another), Err(RoadmapError::NotTheirs)));
    let changed = bench.db.acting(bench.town, another, |tx| change(tx, one.id, one.version, &theirs));
    assert!(matches!(changed, Err(RoadmapError::NotTheirs)));
    assert_eq!(reached(coordinator).unwrap().state, MilestoneState::Done);
}

#[test]
fn whoever_sees_to_a_milestone_can_open_it() {
    let bench = Bench::new();
    let one = entered(&bench, "試行", "2027-01-31");
    assert_eq!(one.owner_id, bench.sales);
    let given = |owner: String| {
        let input = MilestoneInput { owner_id: owner.into(), ..MilestoneInput::from(&one) };
        bench.act(|tx| change(tx, one.id, one.version, &input))
    };
    let refused = given("999999".to_owned()).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("owner_id", Code::UnknownChoice)
    );
    assert_eq!(given(bench.colleague.to_string()).unwrap().owner_id, bench.colleague);
}

#[test]
fn an_owner_is_told_of_each_day_once() {
    let bench = Bench::new();
    let one = entered(&bench, "見積の型を作る", "2026-11-29");
    entered(&bench, "まだ先", "2026-12-20");
    bench.act(warn_of_days).unwrap();
    bench.act(warn_of_days).unwrap();
    let told = bench.told::<MilestoneDue>();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].milestone, told[0].owner), (one.id, bench.sales));
    let moved =
        MilestoneInput {
            due_on: "2026-11-28".into(), reason: "早める".into(), ..MilestoneInput::from(&one)
        };
    bench.act(|tx| change(tx, one.id, one.version, &moved)).unwrap();
    bench.act(warn_of_days).unwrap();
    assert_eq!(bench.told::<MilestoneDue>().len(), 1, "another day is told anew");
}
