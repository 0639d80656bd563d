//! The verbs against a real database, and every figure against a plain count.

use clients::tags::TagInput;
use db::DbError;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{DealId, Period};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::about::About as Of;
use crate::activities::{self, NoteInput};
use crate::deals::{self, LoseInput, WinInput};
use crate::leads::{self, ContactedInput, LeadInput};
use crate::testing::Bench;

fn year(reason: &str) -> PlanInput {
    PlanInput { fiscal_year: "2026".into(), reason: reason.into() }
}

fn target(metric: &str, scope: &str, period: &str, value: i64) -> TargetInput {
    TargetInput {
        metric: metric.into(),
        scope: scope.into(),
        period: period.into(),
        value: value.to_string().into(),
        reason: "去年と同じ".into(),
        ..TargetInput::default()
    }
}

#[test]
fn months_are_set_together_or_not_at_all_and_an_empty_one_stays_as_it_is() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    let months = |values: [&str; 3]| -> Vec<TargetInput> {
        let periods = ["m1", "m2", "m3"].into_iter().zip(values);
        periods
            .map(|(period, value)| TargetInput { value: value.into(), ..target("calls", "team", period, 0) })
            .collect()
    };
    let values = || -> Vec<i64> {
        bench.act(|tx| of_plan(tx, plan)).unwrap().into_iter().map(|one| one.value).collect()
    };
    let refused = bench.act(|tx| set_each(tx, plan, &months(["10", "x", "-1"]))).unwrap_err();
    let names: Vec<_> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!((names, values()), (vec!["value_m2", "value_m3"], vec![]));
    bench.act(|tx| set_each(tx, plan, &months(["10", "", "１２"]))).unwrap();
    assert_eq!(values(), [10, 12]);
    bench.act(|tx| set_each(tx, plan, &months(["", "11", ""]))).unwrap();
    assert_eq!(values().into_iter().sum::<i64>(), 33, "what was not filled stayed");
    let nothing = bench.act(|tx| set_each(tx, plan, &months(["", "", ""]))).unwrap_err();
    assert_eq!((nothing.fields().len(), nothing.fields()[0].field.as_str()), (1, "value_m1"));
    let nobodys: Vec<_> =
        months(["1", "2", "3"]).into_iter().map(|one| TargetInput { reason: "".into(), ..one }).collect();
    let once = bench.act(|tx| set_each(tx, plan, &nobodys)).unwrap_err();
    assert_eq!(once.fields().len(), 1, "what all share is said once");
}

#[test]
fn a_closed_version_refuses_every_change() {
    let bench = Bench::new();
    let first = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap();
    assert_eq!((first.number, first.starts_on.to_string()), (1, "2026-04-01".to_owned()));
    let set_once = bench.act(|tx| set(tx, first.id, &target("orders_yen", "town", "year", 100))).unwrap();
    let again = bench.act(|tx| set(tx, first.id, &target("orders_yen", "town", "year", 120))).unwrap();
    assert_eq!((again.id, again.value), (set_once.id, 120), "one target, set anew");
    assert_eq!(bench.act(|tx| open_version(tx, &year("もう"))).unwrap_err().code(), Code::TargetsOpen);
    let closed = bench.act(|tx| close_version(tx, first.id)).unwrap();
    assert_eq!(closed.closed_by, Some(bench.sales));
    for refused in [
        bench.act(|tx| set(tx, first.id, &target("calls", "town", "m1", 5)).map(|_| ())),
        bench.act(|tx| remove(tx, again.id).map(|_| ())),
        bench.act(|tx| close_version(tx, first.id).map(|_| ())),
    ] {
        assert_eq!(refused.unwrap_err().code(), Code::TargetsClosed);
    }
    let second = bench.act(|tx| open_version(tx, &year("見直し"))).unwrap();
    let copied = bench.act(|tx| of_plan(tx, second.id)).unwrap();
    assert_eq!((second.number, copied.len(), copied[0].value), (2, 1, 120));
    bench.act(|tx| set(tx, second.id, &target("orders_yen", "town", "year", 90))).unwrap();
    bench.act(|tx| set(tx, second.id, &target("calls", "team", "m1", 5))).unwrap();
    let before = bench.act(|tx| of_plan(tx, first.id)).unwrap();
    let after = bench.act(|tx| of_plan(tx, second.id)).unwrap();
    let told: Vec<_> = differences(&before, &after)
        .into_iter()
        .map(|one| (one.before.map(|target| target.value), one.after.map(|target| target.value)))
        .collect();
    assert_eq!(told, [(Some(120), Some(90)), (None, Some(5))]);
    let holds = bench.act(|tx| measured(tx, kernel::FiscalYear(2026))).unwrap().unwrap();
    assert_eq!(holds.plan.id, first.id, "what is not closed yet does not hold");
}

#[test]
fn a_persons_month_is_not_above_the_teams_quarter_unnoticed() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    let own = |period: &str, value: i64| {
        let person_id = bench.colleague.to_string().into();
        let input = TargetInput { person_id, ..target("calls", "person", period, value) };
        bench.act(|tx| set(tx, plan, &input)).map_err(|refused| refused.fields()[0].code)
    };
    bench.act(|tx| set(tx, plan, &target("calls", "team", "q3", 50))).unwrap();
    assert_eq!(own("m9", 200), Err(Code::AboveTeam), "December lies in the quarter");
    assert!(own("m9", 50).is_ok() && own("m10", 200).is_ok() && own("year", 200).is_ok());
    let low = bench.act(|tx| set(tx, plan, &target("calls", "team", "h2", 249))).unwrap_err();
    assert_eq!(low.fields()[0].code, Code::BelowPerson, "December and January lie in the half");
    bench.act(|tx| set(tx, plan, &target("calls", "team", "h2", 250))).unwrap();
}

#[test]
fn a_persons_months_are_not_above_the_teams_quarter_together() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    let own = |period: &str, value: i64, meant: &str| {
        let person_id = bench.colleague.to_string().into();
        let above_is_meant = meant.into();
        let input = TargetInput { person_id, above_is_meant, ..target("calls", "person", period, value) };
        bench.act(|tx| set(tx, plan, &input)).map_err(|refused| refused.fields()[0].code)
    };
    let team = |value: i64| {
        bench
            .act(|tx| set(tx, plan, &target("calls", "team", "q3", value)))
            .map_err(|refused| refused.fields()[0].code)
    };
    team(100).unwrap();
    assert!(own("m7", 50, "").is_ok() && own("m8", 50, "").is_ok());
    assert_eq!(own("m9", 50, ""), Err(Code::AboveTeam), "150 of a quarter's 100");
    assert_eq!(team(99), Err(Code::BelowPerson), "100 are set");
    own("m9", 50, "yes").unwrap();
    team(99).unwrap();
    let set = bench.act(|tx| of_plan(tx, plan)).unwrap();
    let found = roll_ups(&set, 1);
    assert_eq!((found.len(), found[0].over, found[0].sum, found[0].difference), (1, Over::People, 150, 51));
    own("q3", 99, "").unwrap();
    let set = bench.act(|tx| of_plan(tx, plan)).unwrap();
    let sums: Vec<_> = roll_ups(&set, 1).iter().map(|one| (one.over, one.sum)).collect();
    assert_eq!(sums, [(Over::People, 99), (Over::Months, 150)], "a quarter of their own is what counts");
}

#[test]
fn a_persons_target_above_the_teams_has_to_be_meant() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    let own = |value: i64| TargetInput {
        person_id: bench.colleague.to_string().into(),
        ..target("calls", "person", "q1", value)
    };
    bench.act(|tx| set(tx, plan, &own(50))).unwrap();
    let low = bench.act(|tx| set(tx, plan, &target("calls", "team", "q1", 40))).unwrap_err();
    assert_eq!((low.fields()[0].field.as_str(), low.fields()[0].code), ("value", Code::BelowPerson));
    bench.act(|tx| set(tx, plan, &own(30))).unwrap();
    bench.act(|tx| set(tx, plan, &target("calls", "team", "q1", 40))).unwrap();
    let refused = bench.act(|tx| set(tx, plan, &own(41))).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("value", Code::AboveTeam));
    let meant = TargetInput { above_is_meant: "yes".into(), ..own(41) };
    assert!(bench.act(|tx| set(tx, plan, &meant)).unwrap().is_above_meant);
    bench.act(|tx| set(tx, plan, &target("calls", "team", "q1", 39))).unwrap();
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    let stranger = TargetInput { person_id: worker.to_string().into(), ..own(1) };
    let refused = bench.act(|tx| set(tx, plan, &stranger)).unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("person_id", Code::UnknownChoice)
    );
}

#[test]
fn a_year_that_begins_in_october_has_halves_of_its_own_and_keeps_them() {
    let bench = Bench::new();
    let mut owner = bench.db.owner();
    diesel::sql_query("UPDATE organizations SET fiscal_start_month = 10").execute(&mut owner).unwrap();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap();
    assert_eq!(plan.span(Period::H2).first.to_string(), "2027-04-01");
    assert_eq!(bench.act(this_year).unwrap().0, kernel::FiscalYear(2026));
    bench.act(|tx| close_version(tx, plan.id)).unwrap();
    diesel::sql_query("UPDATE organizations SET fiscal_start_month = 4").execute(&mut owner).unwrap();
    let next = bench.act(|tx| open_version(tx, &year("次"))).unwrap();
    assert_eq!(next.starts_on, plan.starts_on, "a year's versions are of the same days");
    assert_eq!(bench.act(set_until).unwrap(), None, "nothing is set for it");
    bench.act(|tx| set(tx, next.id, &target("calls", "team", "m1", 5))).unwrap();
    assert_eq!(
        bench.act(set_until).unwrap(),
        Some("2027-09-30".parse().unwrap()),
        "in the days it was set for"
    );
    bench.act(|tx| close_version(tx, next.id)).unwrap();
    bench.at("2027-10-01T03:00:00Z");
    let anew = bench.act(|tx| open_version(tx, &year("年度の始まりを変えたため"))).unwrap();
    assert_eq!(
        anew.starts_on.to_string(),
        "2026-04-01",
        "once they are over, the year is as the town has it now"
    );
}

#[test]
fn a_class_whose_tag_is_gone_has_nothing_to_be_counted_by() {
    let bench = Bench::new();
    let tag = bench.act(|tx| tags::create(tx, &TagInput { name: "町内".into() })).unwrap();
    bench.act(|tx| tags::add(tx, bench.company, tag.id)).unwrap();
    bench.won("名刺", 100);
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap();
    let input = TargetInput {
        tag_id: tag.id.to_string().into(),
        ..target("orders_yen", "client_class", "year", 50_000)
    };
    let class = bench.act(|tx| set(tx, plan.id, &input)).unwrap();
    assert_eq!(class.tag_name.as_deref(), Some("町内"));
    let actual = |bench: &Bench| {
        let seen = bench.act(|tx| measured(tx, kernel::FiscalYear(2026))).unwrap().unwrap();
        let standing = seen.standing(&std::collections::HashMap::new());
        (standing.targets[0].actual, standing.targets[0].gap)
    };
    assert_eq!(actual(&bench), (Some(19_500), Some(30_500)));
    diesel::sql_query("DELETE FROM company_tags").execute(&mut bench.db.owner()).unwrap();
    assert_eq!(actual(&bench).0, Some(0), "no company has it any more");
    diesel::sql_query("DELETE FROM tags").execute(&mut bench.db.owner()).unwrap();
    assert_eq!(actual(&bench), (None, None));
}

#[test]
fn what_others_records_say_is_brought_by_the_caller() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    let paid = bench.act(|tx| set(tx, plan, &target("paid_to_residents", "town", "q3", 900))).unwrap();
    let seen = || bench.act(|tx| measured(tx, kernel::FiscalYear(2026))).unwrap().unwrap();
    let asked = seen().asked_elsewhere();
    assert_eq!(
        (asked.len(), asked[0].0, asked[0].2.first.to_string()),
        (1, paid.id, "2026-10-01".to_owned())
    );
    let known = seen().standing(&[(paid.id, 350)].into());
    assert_eq!((known.targets[0].actual, known.targets[0].gap), (Some(350), Some(550)));
    assert_eq!(seen().standing(&std::collections::HashMap::new()).targets[0].actual, None);
}

#[test]
fn a_target_at_risk_is_told_once_a_month_and_only_once_it_is_agreed() {
    let bench = Bench::new();
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    bench.act(|tx| set(tx, plan, &target("orders_yen", "town", "q3", 1_000_000))).unwrap();
    let look = || {
        bench
            .act(|tx| {
                let measured = measured(tx, kernel::FiscalYear(2026))?.expect("a version");
                warn(tx, &measured.standing(&std::collections::HashMap::new()))
            })
            .unwrap();
        bench.told::<TargetsAtRisk>().len()
    };
    assert_eq!(look(), 0, "it is not agreed yet");
    bench.act(|tx| close_version(tx, plan)).unwrap();
    assert_eq!((look(), look()), (1, 0));
    let next = bench.act(|tx| open_version(tx, &year("見直し"))).unwrap().id;
    bench.act(|tx| close_version(tx, next)).unwrap();
    assert_eq!(look(), 0, "the same target in a new version is no news");
    bench.at("2026-12-01T05:00:00Z");
    assert_eq!((look(), look()), (1, 0), "another month");
}

#[test]
fn orders_that_were_entered_directly_count_for_targets_and_not_for_rates() {
    let bench = Bench::new();
    bench.won("売れた", 100);
    let lost = bench.open("失注");
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, lost.id, lost.version, why)).unwrap();
    let direct = bench.won("電話で", 1000);
    let sql = format!("UPDATE deals SET direct_source = 'phone' WHERE id = {}", direct.id);
    diesel::sql_query(sql).execute(&mut bench.db.owner()).unwrap();
    let selling = bench.act(sample).unwrap();
    assert_eq!((selling.won, selling.lost, selling.amount.0, selling.minutes), (1, 1, 19_500, 300));
    let span = Period::Year.span("2026-04-01".parse().unwrap());
    let counted = bench.act(|tx| facts(tx, span, Grain::Company)).unwrap();
    assert_eq!(counted.actual(Metric::OrdersYen, Scope::Town, None, None, span), Some(214_500));
}

#[test]
fn who_never_ordered_before_is_sampled_apart() {
    let bench = Bench::new();
    let lose = |company: kernel::CompanyId| {
        let input = deals::DealInput {
            company_id: company.to_string().into(),
            contact_id: "".into(),
            ..bench.input("失注")
        };
        let deal = bench.act(|tx| deals::open(tx, input)).unwrap();
        let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
        bench.act(|tx| deals::lose(tx, deal.id, deal.version, why)).unwrap();
    };
    let seen = || {
        let sample = bench.act(sample).unwrap();
        (sample.new_won, sample.new_lost, sample.won, sample.lost)
    };
    bench.at("2026-10-01T03:00:00Z");
    lose(bench.company);
    assert_eq!(seen(), (0, 1, 0, 1), "it had ordered nothing when it was lost");
    bench.at("2026-10-02T03:00:00Z");
    bench.won("はじめて", 100);
    bench.at("2026-10-03T03:00:00Z");
    bench.won("また", 100);
    lose(bench.company);
    assert_eq!(seen(), (1, 1, 2, 2), "a client who orders again is no new one, won or lost");
    let (other, _) = bench.another_client("鳥取商事");
    lose(other);
    assert_eq!(seen(), (1, 2, 2, 3));
}

#[derive(QueryableByName)]
struct Recount {
    #[diesel(sql_type = BigInt)]
    amount: i64,
}

/// The figure as somebody with a database console would count it, sharing nothing with the code.
fn recount(bench: &Bench, metric: Metric, whose: &str, first: &str, last: &str) -> i64 {
    let within = |column: &str| {
        format!(
            "({column} + interval '9 hours') >= timestamptz '{first} 00:00Z' AND ({column} + interval '9 hours') < timestamptz '{last} 00:00Z' + interval '1 day'"
        )
    };
    let sql = match metric {
        Metric::OrdersYen => format!(
            "SELECT COALESCE(sum(amount), 0)::bigint AS amount FROM deals WHERE state = 'won' AND {} AND {}",
            within("won_at"),
            whose.replace("WHO", "owner_id").replace("WHAT", "company_id")
        ),
        Metric::NewClients => format!(
            "SELECT count(*) AS amount FROM deals d WHERE state = 'won' AND {} AND {} AND NOT EXISTS (SELECT FROM deals e \
             WHERE e.state = 'won' AND e.company_id = d.company_id AND (e.won_at, e.id) < (d.won_at, d.id))",
            within("won_at"),
            whose.replace("WHO", "owner_id").replace("WHAT", "company_id")
        ),
        _ => {
            let kind = if metric == Metric::Calls { "call" } else { "visit" };
            let company = "COALESCE(company_id, (SELECT d.company_id FROM deals d WHERE d.id = deal_id), \
                 (SELECT l.company_id FROM leads l WHERE l.id = lead_id))";
            let of_lead = "(SELECT l.company_id FROM leads l WHERE l.id = lead_id)";
            format!(
                "SELECT (SELECT count(*) FROM activities WHERE kind = '{kind}' AND {at} AND {a}) \
                 + (SELECT count(*) FROM lead_contacts WHERE kind = '{kind}' AND {at} AND {c}) AS amount",
                at = within("happened_at"),
                a = whose.replace("WHO", "person_id").replace("WHAT", company),
                c = whose.replace("WHO", "person_id").replace("WHAT", of_lead),
            )
        }
    };
    diesel::sql_query(sql).get_result::<Recount>(&mut bench.db.owner()).unwrap().amount
}

/// Does one thing of six, at one of many times, as one of two people, with one of two companies.
fn happen(bench: &Bench, other: kernel::CompanyId, (what, when, who, whom): (u8, u32, bool, bool)) {
    // Some of the times are on the other side of midnight in Japan.
    let time = format!(
        "2026-{:02}-{:02}T{:02}:30:00Z",
        4 + when % 9,
        1 + when % 28,
        [2, 14, 15, 23][when as usize % 4]
    );
    bench.at(&time);
    let person = if who { bench.sales } else { bench.colleague };
    let company = if whom { bench.company } else { other };
    let input = |title: &str| deals::DealInput {
        company_id: company.to_string().into(),
        contact_id: "".into(),
        ..bench.input(title)
    };
    let note = |kind: &str| NoteInput {
        kind: kind.into(),
        outcome: "done".into(),
        note: "話した".into(),
        ..NoteInput::default()
    };
    let act = |work: &mut dyn FnMut(&mut Tx<'_>)| {
        let worked = bench.db.acting(bench.town, person, |tx| -> Result<_, DbError> {
            work(tx);
            Ok(())
        });
        worked.unwrap();
    };
    match what {
        0 | 1 => act(&mut |tx| {
            let deal: DealId = deals::open(tx, input("名刺")).unwrap().id;
            crate::quotes::issue(tx, deal, crate::testing::quote_of(&[(i64::from(when) + 1, 195)])).unwrap();
            let version = deals::find(tx, deal).unwrap().version;
            deals::win(tx, deal, version, WinInput::default()).unwrap();
        }),
        2 => act(&mut |tx| drop(deals::open(tx, input("見込み")).unwrap())),
        3 => act(&mut |tx| drop(activities::note(tx, Of::Company(company), &note("call")).unwrap())),
        4 => act(&mut |tx| drop(activities::note(tx, Of::Company(company), &note("visit")).unwrap())),
        _ => act(&mut |tx| {
            let lead =
                LeadInput {
                    company_name: "鳥取商事".into(), source: "visit".into(), ..LeadInput::default()
                };
            let lead = leads::enter(tx, lead).unwrap();
            let spoken = ContactedInput {
                kind: "call".into(),
                outcome: "interested".into(),
                next_action: "電話".into(),
                next_action_on: "2027-03-31".into(),
                ..ContactedInput::default()
            };
            leads::contact(tx, lead.id, lead.version, spoken).unwrap();
        }),
    }
}

#[test]
fn every_figure_equals_a_plain_recount() {
    let things = proptest::collection::vec((0_u8..6, 0_u32..200, any::<bool>(), any::<bool>()), 1..14);
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    let starts_on = "2026-04-01".parse().unwrap();
    TestRunner::new(config)
        .run(&things, |things| {
            let bench = Bench::new();
            let (other, _) = bench.another_client("鳥取商事");
            let tag = bench.act(|tx| tags::create(tx, &TagInput { name: "町内".into() })).unwrap().id;
            bench.act(|tx| tags::add(tx, other, tag)).unwrap();
            for thing in things {
                happen(&bench, other, thing);
            }
            let [by_person, by_company] = [Grain::Person, Grain::Company]
                .map(|grain| bench.act(|tx| facts(tx, Period::Year.span(starts_on), grain)).unwrap());
            let (own, class) = (format!("WHO = {}", bench.colleague), format!("WHAT = {other}"));
            for period in [Period::Year, Period::H1, Period::Q2, Period::M3, Period::M8] {
                let span = period.span(starts_on);
                for metric in [Metric::OrdersYen, Metric::NewClients, Metric::Calls, Metric::Visits] {
                    for (scope, person, tag, whose) in [
                        (Scope::Town, None, None, "true"),
                        (Scope::Team, None, None, "true"),
                        (Scope::Person, Some(bench.colleague), None, own.as_str()),
                        (Scope::ClientClass, None, Some(tag), class.as_str()),
                    ] {
                        let counted =
                            recount(&bench, metric, whose, &span.first.to_string(), &span.last.to_string());
                        let told = if scope == Scope::ClientClass {
                            vec![&by_company]
                        } else {
                            vec![&by_company, &by_person]
                        };
                        for seen in told {
                            let actual = seen.actual(metric, scope, person, tag, span);
                            prop_assert_eq!(actual, Some(counted), "{} {} {}", metric, scope, period);
                        }
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_years_orders_stand_on_the_first_page_as_they_do_among_all_targets() {
    let bench = Bench::new();
    let year_of_orders = || bench.act(|tx| orders_of_year(tx, kernel::FiscalYear(2026))).unwrap();
    assert_eq!(year_of_orders(), None, "no version");
    let plan = bench.act(|tx| open_version(tx, &year("はじめ"))).unwrap().id;
    bench.act(|tx| set(tx, plan, &target("orders_yen", "town", "q3", 30_000))).unwrap();
    assert_eq!(year_of_orders(), None, "no target of the year");
    bench.act(|tx| set(tx, plan, &target("orders_yen", "town", "year", 120_000))).unwrap();
    let (other, _) = bench.another_client("鳥取商事");
    for thing in [(0, 10, true, false), (1, 40, false, true), (0, 190, true, true)] {
        happen(&bench, other, thing);
    }
    let all = bench.act(|tx| measured(tx, kernel::FiscalYear(2026))).unwrap().unwrap();
    let standing = all.standing(&std::collections::HashMap::new());
    let among_all = standing.orders_of_year().unwrap();
    assert!(among_all.actual > Some(0) && among_all.pace.is_some(), "{among_all:?}");
    assert_eq!(year_of_orders(), Some(among_all.into()));
}
