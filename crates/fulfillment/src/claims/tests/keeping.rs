//! Claims that rest, against a real database: who is asked when, what ends, and what comes late.

use std::sync::Barrier;

use chrono::Duration;
use kernel::{Code, Coded, Paging};

use super::super::*;
use crate::events::{ClaimExpired, ClaimRests};
use crate::jobs::{ExtendInput, JobInput};
use crate::reviews;
use crate::submissions::{self, SubmitInput};
use crate::testing::{Town, changed_specification};

fn version(text: &str) -> SubmitInput {
    SubmitInput { result_text: text.into(), ..SubmitInput::default() }
}

fn kept_until(town: &Town, person: PersonId, unit: UnitId) -> String {
    let kept = town.act(person, |tx| find_mine(tx, unit)).kept.unwrap();
    kept.until.format("%m-%d %H:%M").to_string()
}

#[test]
fn a_claim_nobody_is_heard_of_is_asked_about_twice_and_then_goes_on_without_a_mark() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let order = town.order(100_000);
    let job = town.job(order.id, 3).id;
    let units = town.claims(aoki, job, 3).units;
    town.act(aoki, |tx| start(tx, units[0]));
    town.act(aoki, |tx| pause(tx, units[0]));
    let version = town.hands_in(aoki, units[1]);
    let look = || {
        town.tends_claims();
        town.facts::<ClaimRests>().len()
    };
    town.wait(Duration::hours(83));
    assert_eq!(look(), 0, "three days and a half are half of seven");
    town.wait(Duration::hours(1));
    assert_eq!((look(), look()), (1, 1), "asked once at half time");
    town.wait(Duration::hours(51));
    assert_eq!((look(), look()), (2, 2), "and once more");
    let asked = town.facts::<ClaimRests>();
    assert_eq!(
        (asked[0].person, asked[0].units, asked[0].is_last),
        (aoki, 2, false),
        "what is handed in does not rest"
    );
    assert!(asked[1].is_last);
    assert!(town.act(aoki, |tx| is_asked(tx, job, aoki)));
    let held = |states| assert_eq!(town.states(job), states);
    held([UnitState::Paused, UnitState::Submitted, UnitState::Claimed]);
    town.wait(Duration::hours(33) - Duration::minutes(1));
    town.tends_claims();
    held([UnitState::Paused, UnitState::Submitted, UnitState::Claimed]);
    town.wait(Duration::minutes(1));
    town.tends_claims();
    held([UnitState::Offered, UnitState::Submitted, UnitState::Offered]);
    let ended = town.facts::<ClaimExpired>();
    assert_eq!((ended.len(), ended[0].person, &ended[0].units[..]), (1, aoki, &[units[0], units[2]][..]));
    let free = town.act(aoki, |tx| -> Result<_, DbError> {
        let worker = workforce::workers::find(tx, worker)?;
        free_minutes(tx, &worker)
    });
    assert_eq!(free, 2400, "the hours are free again");
    town.passes(&version);
    assert_eq!(town.states(job)[1], UnitState::Passed, "what was handed in stays theirs");
    let others = town.act(town.director, |tx| held_by(tx, aoki, 10));
    assert!(others.is_empty());
    town.wait(Duration::days(30));
    town.tends_claims();
    assert_eq!(town.facts::<ClaimExpired>().len(), 1);
}

#[test]
fn on_a_day_off_nobody_is_asked_and_nothing_goes() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 1).id;
    town.claims(aoki, job, 1);
    let rests = || drop(town.act(aoki, |tx| workforce::availability::off_today(tx, worker)));
    let look = || {
        town.tends_claims();
        (town.facts::<ClaimRests>().len(), town.facts::<ClaimExpired>().len())
    };
    town.wait(Duration::hours(84));
    rests();
    assert_eq!(look(), (0, 0), "half time, on a day off");
    town.wait(Duration::hours(11));
    assert_eq!(look(), (1, 0), "asked the next morning");
    town.wait(Duration::hours(41));
    assert_eq!(look(), (2, 0));
    town.wait(Duration::hours(33));
    rests();
    assert_eq!(look(), (2, 0), "the day it would have gone");
    town.wait(Duration::hours(21));
    assert_eq!(look(), (2, 0), "the next day begins at eight");
    town.wait(Duration::hours(1));
    assert_eq!(look(), (2, 1));
}

#[test]
fn a_paused_unit_keeps_its_place_and_any_sign_keeps_all_of_a_persons_units_of_the_job() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let input = JobInput { work_due_on: town.day(50).to_string().into(), ..town.job_input(3) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, input)?;
        jobs::offer(tx, job.id).map(|offered| offered.job.id)
    });
    let units = town.claims(aoki, job, 3).units;
    assert_eq!(kept_until(&town, aoki, units[2]), "05-08 00:00", "a week, at nine in Japan");
    town.act(aoki, |tx| start(tx, units[0]));
    town.act(aoki, |tx| pause(tx, units[0]));
    let signs: [&dyn Fn(); 4] = [
        &|| drop(town.act(aoki, |tx| resume(tx, units[0]))),
        &|| drop(town.act(aoki, |tx| keep(tx, units[1]))),
        &|| drop(town.hands_in(aoki, units[0])),
        &|| drop(town.act(aoki, |tx| submissions::retract(tx, units[0]))),
    ];
    for sign in signs {
        town.wait(Duration::hours(150));
        town.tends_claims();
        assert!(town.act(aoki, |tx| is_asked(tx, job, aoki)), "six days without a sign");
        sign();
        assert!(!town.act(aoki, |tx| is_asked(tx, job, aoki)), "no mail about it leaves any more");
        let days = town.act(aoki, |tx| find_mine(tx, units[2])).kept.unwrap();
        assert!(
            !days.is_asked
                && days.until > "2026-05-08T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
        );
    }
    assert_eq!(town.states(job), [UnitState::Working, UnitState::Claimed, UnitState::Claimed]);
    assert!(town.facts::<ClaimExpired>().is_empty());
}

#[test]
fn what_comes_back_from_review_begins_a_span_and_what_was_received_stays_earned() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit);
    town.wait(Duration::days(9));
    town.tends_claims();
    assert!(town.facts::<ClaimRests>().is_empty(), "somebody else has it");
    let changed = changed_specification();
    town.act(town.checker, |tx| reviews::decide(tx, version.id, changed));
    assert_eq!(kept_until(&town, aoki, unit), "05-17 00:00");
    town.lets_expire(job, aoki);
    assert_eq!(town.states(job), [UnitState::Offered]);
    let earned = town.act(aoki, |tx| earnings::of_unit(tx, unit));
    assert_eq!((earned.len(), earned[0].person, earned[0].amount.0), (1, aoki, 400));
    let late = town.attempt(aoki, |tx| submissions::submit(tx, unit, self::version("もう一度"))).unwrap_err();
    assert_eq!(late.code(), Code::ClaimLapsed, "nobody is paid twice for one unit");
}

#[test]
fn nothing_ends_under_terms_that_say_nothing_of_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2).id;
    let old = town.claims(aoki, job, 1).units[0];
    // As a process from before wrote it.
    diesel::RunQueryDsl::execute(diesel::sql_query("DELETE FROM claim_spans"), &mut town.db.owner()).unwrap();
    town.wait(Duration::days(3));
    town.tends_claims();
    assert_eq!(town.act(aoki, |tx| find_mine(tx, old)).kept, None);
    let new = town.claims(aoki, job, 1).units[0];
    assert!(town.act(aoki, |tx| find_mine(tx, new)).kept.is_some());
    assert_eq!(town.act(aoki, |tx| find_mine(tx, old)).kept, None);
    for _ in 0..3 {
        town.wait(Duration::days(4));
        town.tends_claims();
    }
    assert_eq!(town.facts::<ClaimExpired>()[0].units, [new]);
    assert_eq!(town.unit(old).holder_id, Some(aoki));
}

#[test]
fn what_is_done_late_is_taken_while_nobody_else_has_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let job = town.job(town.order(100_000).id, 2).id;
    let units = town.claims(aoki, job, 2).units;
    town.lets_expire(job, aoki);
    assert!(town.act(aoki, |tx| find_lapsed(tx, units[0])).is_free);
    assert!(town.attempt(aoki, |tx| find_mine(tx, units[0])).is_err());
    let late = town.hands_in(aoki, units[0]);
    assert_eq!((late.number, town.unit(units[0]).holder_id), (1, Some(aoki)));
    town.passes(&late);
    assert_eq!(town.act(aoki, |tx| earnings::of_unit(tx, units[0])).len(), 1);
    town.claims(baba, job, 1);
    assert!(!town.act(aoki, |tx| find_lapsed(tx, units[1])).is_free);
    let refused =
        town.attempt(aoki, |tx| submissions::submit(tx, units[1], version("できました"))).unwrap_err();
    assert_eq!(refused.code(), Code::ClaimLapsed);
    let foreign =
        town.attempt(baba, |tx| submissions::submit(tx, units[0], version("わたしが"))).unwrap_err();
    assert_eq!(foreign.code(), Code::UnitTaken);
    assert!(town.attempt(baba, |tx| find_lapsed(tx, units[0])).is_err());
}

#[test]
fn a_late_upload_of_a_withdrawn_job_waits_and_one_promised_to_others_is_cut_from_their_portion() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let input = JobInput { offer_rule: "fair".into(), ..town.job_input(1) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, input)?;
        jobs::offer(tx, job.id).map(|offered| offered.job.id)
    });
    let unit = town.claims(aoki, job, 1).units[0];
    let (_, baba) = town.worker("Baba");
    town.lets_expire(job, aoki);
    town.act(town.director, |tx| rounds::go_on(tx, job));
    let promised = || town.act(town.director, |tx| rounds::portions_of(tx, baba, &[job])).len();
    assert_eq!(promised(), 1, "the next in line, not whoever just had it");
    town.hands_in(aoki, unit);
    assert_eq!(promised(), 0);
    crate::interleavings::check_promises(&town);

    let other = town.job(order.id, 1).id;
    let unit = town.claims(aoki, other, 1).units[0];
    town.lets_expire(other, aoki);
    town.act(town.director, |tx| jobs::withdraw(tx, other));
    let refused = town.attempt(aoki, |tx| submissions::submit(tx, unit, version("できました"))).unwrap_err();
    assert_eq!(refused.code(), Code::ClaimLapsed, "its conditions may be another's by now");
}

#[test]
fn a_late_upload_and_a_new_claim_race_and_one_has_it() {
    const ROUNDS: usize = 100;
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(1000);
    let gate = Barrier::new(2);
    let (mut late, mut new) = (0, 0);
    for round in 0..ROUNDS {
        let job = town.job(order.id, 1).id;
        let unit = town.claims(aoki, job, 1).units[0];
        town.lets_expire(job, aoki);
        let input = town.informed(baba, job, 1);
        let (uploaded, claimed) = std::thread::scope(|scope| {
            let uploads = scope.spawn(|| {
                gate.wait();
                town.attempt(aoki, |tx| submissions::submit(tx, unit, version("できました")))
            });
            let claims = scope.spawn(|| {
                gate.wait();
                town.attempt(baba, |tx| claim(tx, job, input.clone()))
            });
            (uploads.join().unwrap(), claims.join().unwrap())
        });
        match (uploaded, claimed) {
            (Ok(_), Err(error)) => {
                assert_eq!(
                    (error.code(), town.unit(unit).holder_id),
                    (Code::UnitTaken, Some(aoki)),
                    "round {round}"
                );
                late += 1;
            }
            (Err(error), Ok(_)) => {
                assert_eq!(
                    (error.code(), town.unit(unit).holder_id),
                    (Code::ClaimLapsed, Some(baba)),
                    "round {round}"
                );
                assert!(!town.act(aoki, |tx| find_lapsed(tx, unit)).is_free, "and is told so");
                town.act(baba, |tx| hand_back(tx, unit));
            }
            both => panic!("round {round}: {both:?}"),
        }
        new = round + 1 - late;
    }
    assert_eq!(late + new, ROUNDS);
    crate::interleavings::check_promises(&town);
}

#[test]
fn a_weeks_hours_hold_whatever_races() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let hours = workforce::workers::HoursInput { weekly_minutes: "60".into() };
    town.act(aoki, |tx| {
        let version = workforce::workers::find(tx, worker)?.version;
        workforce::workers::set_weekly_minutes(tx, worker, version, hours)
    });
    let order = town.order(100_000);
    for round in 0..30 {
        // Three jobs, two units each, twenty minutes a unit: one of them fits, and a half.
        let jobs: Vec<_> = (0..3).map(|_| town.job(order.id, 2).id).collect();
        let inputs: Vec<_> = jobs.iter().map(|job| town.informed(aoki, *job, 2)).collect();
        let gate = Barrier::new(3);
        let claimed: Vec<_> = std::thread::scope(|scope| {
            let (town, gate) = (&town, &gate);
            let racing: Vec<_> = jobs
                .iter()
                .zip(inputs)
                .map(|(job, input)| {
                    scope.spawn(move || {
                        gate.wait();
                        town.attempt(aoki, |tx| claim(tx, *job, input))
                    })
                })
                .collect();
            racing.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let won: Vec<_> = claimed.iter().filter_map(|one| one.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "round {round}: {claimed:?}");
        let lost = claimed.iter().filter_map(|one| one.as_ref().err().map(Coded::code));
        assert!(lost.into_iter().all(|code| code == Code::NoHours), "round {round}");
        // A later day adds nothing to what is promised.
        let later = ExtendInput { work_due_on: town.day(20).to_string().into(), note: "".into() };
        town.act(town.director, |tx| jobs::extend(tx, won[0].job, later));
        let shown = town.act(aoki, |tx| extension(tx, won[0].job, kernel::Language::Ja));
        let read = AcceptInput { terms_sha256: shown.terms.sha256.to_string().into(), language: "ja".into() };
        town.act(aoki, |tx| accept_extension(tx, won[0].job, read));
        let promised = town.act(aoki, |tx| -> Result<_, DbError> {
            let worker = workforce::workers::find(tx, worker)?;
            free_minutes(tx, &worker)
        });
        assert_eq!(promised, 20);
        for unit in &won[0].units {
            town.act(aoki, |tx| hand_back(tx, *unit));
        }
    }
    let before = town.act(aoki, |tx| mine(tx, Mine::ToDo, &Paging::first(10)));
    assert!(before.items.is_empty());
}
