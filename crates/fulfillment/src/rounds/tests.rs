//! Rounds against a real database: who is asked, in which order, what becomes of answers, and the pool.

use std::sync::Barrier;

use chrono::Duration;
use kernel::{Code, Coded, OrderId, Paging, PersonId, WorkerId};
use workforce::skills::{GrantInput, SkillInput};
use workforce::workers::{HoursInput, StepInput, WithdrawInput};

use super::*;
use crate::jobs::{JobInput, Offered};
use crate::offers::{OfferError, OfferState, Standing};
use crate::testing::{Town, called_off};
use crate::units::UnitState;
use crate::{claims, units};

/// A fair job of units of 20 minutes, offered.
fn offered(town: &Town, order: OrderId, count: usize) -> Offered {
    let input = JobInput { offer_rule: "fair".into(), ..town.job_input(count) };
    town.act(town.director, |tx| {
        let job = jobs::split(tx, order, input)?;
        jobs::offer(tx, job.id)
    })
}

/// A worker who wishes for so many minutes a week.
fn wishing(town: &Town, name: &str, minutes: i64) -> (PersonId, WorkerId) {
    let (person, worker) = town.worker(name);
    now_wishes(town, (person, worker), minutes);
    (person, worker)
}

fn now_wishes(town: &Town, (person, worker): (PersonId, WorkerId), minutes: i64) {
    town.act(person, |tx| {
        let version = workforce::workers::find(tx, worker)?.version;
        let hours = HoursInput { weekly_minutes: minutes.to_string().into() };
        workforce::workers::set_weekly_minutes(tx, worker, version, hours)
    });
}

fn portion(town: &Town, worker: WorkerId, job: JobId) -> i64 {
    let portions = town.act(town.director, |tx| portions_of(tx, worker, &[job]));
    portions.get(&job).map_or(0, |portion| portion.units)
}

/// What the newest round of a job decided, by worker.
fn decided(town: &Town, job: JobId) -> HashMap<WorkerId, Decision> {
    town.act(town.director, |tx| -> Result<_, DbError> {
        let newest = of_job(tx, job, &Paging::first(1))?.items[0];
        let all = decisions(tx, newest.id, &Paging::first(100))?.items;
        Ok(all.into_iter().map(|one| (one.worker, one)).collect())
    })
}

fn rounds(town: &Town, job: JobId) -> Vec<Round> {
    let mut all = town.act(town.director, |tx| of_job(tx, job, &Paging::first(50))).items;
    all.reverse();
    all
}

fn goes_on(town: &Town, job: JobId) -> Reached {
    town.act(town.director, |tx| go_on(tx, job))
}

/// Open portions are together no more than what waits.
fn keeps_its_promise(town: &Town, job: JobId) {
    let (kept, waiting) = town.act(town.director, |tx| -> Result<_, DbError> {
        Ok((lists::kept(tx, job)?, lists::offered(tx, job)?))
    });
    assert!(kept <= waiting, "{kept} are promised and {waiting} wait");
}

#[test]
fn work_goes_first_to_whoever_has_had_least_of_their_wish() {
    let town = Town::new();
    let (aoki, first) = wishing(&town, "Aoki", 1500);
    let (_, second) = wishing(&town, "Baba", 600);
    let (_, third) = wishing(&town, "Chiba", 300);
    let order = town.order(100_000);
    // Aoki has had two and a half weeks of what they wish for now, on days that count as a week; another week has begun.
    let before = town.job(order.id, 75);
    for unit in town.claims(aoki, before.id, 75).units {
        town.hands_in(aoki, unit);
    }
    now_wishes(&town, (aoki, first), 600);
    town.wait(Duration::days(3));
    let job = offered(&town, order.id, 9).job.id;
    assert_eq!(
        (portion(&town, first, job), portion(&town, second, job), portion(&town, third, job)),
        (0, 6, 3)
    );
    let decided = decided(&town, job);
    assert_eq!((decided[&first].outcome, decided[&first].place), (Outcome::NotReached, 3));
    assert_eq!((decided[&first].granted_minutes, decided[&first].level_per_mille), (1500, Some(2500)));
    assert_eq!((decided[&second].outcome, decided[&second].units), (Outcome::Asked, 6));
    let round = rounds(&town, job)[0];
    assert_eq!(
        (round.kind, round.number, round.waiting_units, round.candidates),
        (RoundKind::Round, 1, 9, 3)
    );
    let told = town.facts::<JobOffered>().pop().unwrap();
    assert_eq!(told.answer_by, round.answer_by);
    assert_eq!(told.portions.iter().map(|(_, units)| units).sum::<i64>(), 9);
    keeps_its_promise(&town, job);
}

#[test]
fn everybody_is_looked_at_and_whoever_is_not_in_the_line_has_a_reason() {
    let town = Town::new();
    let (resting, r) = town.worker("Aoki");
    let (_, unskilled) = town.worker("Baba");
    let (_, expired) = town.worker("Chiba");
    let (_, wishless) = wishing(&town, "Doi", 0);
    let (_, busy) = wishing(&town, "Endo", 10);
    let (_, fits) = town.worker("Fuji");
    let skill =
        town.act(town.director, |tx| workforce::skills::add(tx, SkillInput { name: "校正".into() })).id;
    for (worker, last) in [(r, ""), (expired, "2026-05-01"), (wishless, ""), (busy, ""), (fits, "2026-05-02")]
    {
        let input = GrantInput { expires_on: last.into(), ..GrantInput::default() };
        town.act(town.director, |tx| workforce::skills::grant(tx, worker, skill, input));
    }
    town.wait(Duration::days(1));
    town.act(resting, |tx| workforce::workers::pause(tx, r, StepInput::default()));
    let order = town.order(100_000);
    let input = JobInput {
        offer_rule: String::new().into(),
        skill_id: skill.to_string().into(),
        ..town.job_input(2)
    };
    let offered = town.act(town.director, |tx| {
        let job = jobs::split(tx, order.id, input)?;
        jobs::offer(tx, job.id)
    });
    assert_eq!(offered.job.offer_rule, OfferRule::Fair, "fair is the rule where nothing is said");
    assert_eq!((offered.eligible, offered.workers.len(), offered.units), (1, 1, 2));
    let decided = decided(&town, offered.job.id);
    let outcome = |worker| decided[&worker].outcome;
    assert_eq!(outcome(fits), Outcome::Asked);
    assert_eq!(outcome(r), Outcome::Resting);
    assert_eq!(outcome(unskilled), Outcome::NoSkill);
    assert_eq!(outcome(expired), Outcome::SkillExpired);
    assert_eq!((outcome(wishless), decided[&wishless].level_per_mille), (Outcome::NoWish, None));
    assert_eq!(outcome(busy), Outcome::NoTime);
    let why = town.act(town.director, |tx| why(tx, busy, offered.job.id));
    assert_eq!(
        (why.rounds[0].decision.outcome, why.today, why.portion),
        (Outcome::NoTime, Some(Outcome::NoTime), None)
    );
}

#[test]
fn what_lay_before_somebody_who_leaves_goes_on_to_others_and_is_not_theirs_any_more() {
    let town = Town::new();
    let (_, leaver) = wishing(&town, "Aoki", 600);
    let (_, second) = wishing(&town, "Baba", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 6).job.id;
    assert_eq!((portion(&town, leaver, job), portion(&town, second, job)), (3, 3));
    town.act(town.director, |tx| {
        let why = WithdrawInput { reason: "other".into(), ..WithdrawInput::default() };
        workforce::workers::withdraw(tx, leaver, why).unwrap();
        offers::leave(tx, leaver)
    });
    assert_eq!(portion(&town, leaver, job), 0);
    let full = town.act(town.director, |tx| go_on(tx, job));
    assert_eq!((full.workers.len(), full.eligible), (0, 1), "one is asked, and nobody stands behind them");
    let standing = town.act(town.director, |tx| offers::answers(tx, job));
    assert_eq!(standing[&leaver], OfferState::Withdrawn);
    let today = town.act(town.director, |tx| {
        let job = jobs::find(tx, job)?;
        standings::today_of(tx, &job, leaver)
    });
    assert_eq!(today, Some(Outcome::Resting), "nothing fits who has left");
    keeps_its_promise(&town, job);
}

#[test]
fn nobody_takes_more_than_their_portion_nor_without_one() {
    let town = Town::new();
    let (aoki, first) = wishing(&town, "Aoki", 600);
    let (baba, second) = wishing(&town, "Baba", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 6).job.id;
    assert_eq!((portion(&town, first, job), portion(&town, second, job)), (3, 3));
    let input = town.informed(aoki, job, 4);
    let refused = town.attempt(aoki, |tx| claims::claim(tx, job, input)).unwrap_err();
    assert!(matches!(refused, ClaimError::BeyondPortion { left: 3 }), "{refused}");
    assert_eq!(refused.code(), Code::BeyondPortion);
    assert_eq!(town.claims(aoki, job, 2).units.len(), 2);
    assert_eq!(portion(&town, first, job), 1);
    town.claims(aoki, job, 1);
    let standing = |person, worker| town.act(person, |tx| offers::standing(tx, worker, job));
    assert_eq!(standing(aoki, first), Standing::TookPortion);
    let input = town.informed(aoki, job, 1);
    let refused = town.attempt(aoki, |tx| claims::claim(tx, job, input)).unwrap_err();
    assert!(matches!(refused, ClaimError::BeyondPortion { left: 0 }), "three more are Baba's: {refused}");
    let Standing::Open(card) = standing(baba, second) else { panic!("Baba may answer") };
    assert_eq!((card.units_left, card.portion.map(|portion| portion.units)), (3, Some(3)));
    let (stranger, late) = town.worker("Chiba");
    assert_eq!(
        town.attempt(stranger, |tx| offers::standing(tx, late, job)).unwrap_err().code(),
        Code::NotFound
    );
    keeps_its_promise(&town, job);
}

#[test]
fn claims_racing_for_one_portion_never_take_more_than_it_holds() {
    let town = Town::new();
    let people: Vec<_> = ["Aoki", "Baba", "Chiba"].map(|name| wishing(&town, name, 600)).to_vec();
    let order = town.order(100_000);
    let job = offered(&town, order.id, 9).job.id;
    let inputs: Vec<_> = people.iter().map(|(person, _)| (*person, town.informed(*person, job, 2))).collect();
    let barrier = Barrier::new(inputs.len() * 2);
    let taken: usize = std::thread::scope(|scope| {
        let racers: Vec<_> = inputs
            .iter()
            .flat_map(|one| [one, one])
            .map(|(person, input)| {
                let (town, barrier) = (&town, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let claimed = town.attempt(*person, |tx| claims::claim(tx, job, input.clone()));
                    claimed.map_or(0, |claimed| claimed.units.len())
                })
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).sum()
    });
    assert_eq!(taken, 6, "of two claims of two out of three, one");
    for (_, worker) in &people {
        assert_eq!(portion(&town, *worker, job), 1);
    }
    keeps_its_promise(&town, job);
}

#[test]
fn what_is_declined_goes_on_at_once_and_may_be_taken_back_while_something_is_left() {
    let town = Town::new();
    let (aoki, first) = wishing(&town, "Aoki", 600);
    let (_, second) = wishing(&town, "Baba", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 6).job.id;
    let Standing::Open(card) = town.act(aoki, |tx| offers::standing(tx, first, job)) else { panic!() };
    town.act(aoki, |tx| offers::decline(tx, card.offer));
    assert_eq!(town.act(aoki, |tx| offers::standing(tx, first, job)), Standing::Declined(card.offer));
    town.act(aoki, |tx| offers::reconsider(tx, card.offer));
    assert_eq!(portion(&town, first, job), 3, "nobody was asked meanwhile");
    town.act(aoki, |tx| offers::decline(tx, card.offer));
    // Baba still has time to answer about theirs, so they are not asked again yet.
    assert!(goes_on(&town, job).workers.is_empty());
    let (_, third) = wishing(&town, "Chiba", 600);
    assert_eq!(goes_on(&town, job).workers.len(), 1);
    assert_eq!((portion(&town, second, job), portion(&town, third, job)), (3, 3));
    assert_eq!(rounds(&town, job).len(), 2, "what reaches nobody is no round");
    assert_eq!(decided(&town, job)[&first].outcome, Outcome::Declined);
    assert_eq!(decided(&town, job)[&second].outcome, Outcome::HasPortion);
    assert_eq!(
        town.act(town.director, |tx| jobs::find(tx, job)).offer_wave,
        1,
        "it went on in the same wave"
    );
    let gone = town.attempt(aoki, |tx| offers::reconsider(tx, card.offer)).unwrap_err();
    assert!(matches!(gone, OfferError::NothingLeft));
    keeps_its_promise(&town, job);
}

#[test]
fn who_does_not_answer_is_asked_once_more_and_after_the_line_everybody_may() {
    let town = Town::new();
    let (aoki, first) = wishing(&town, "Aoki", 600);
    let (baba, second) = wishing(&town, "Baba", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 6).job.id;
    town.claims(baba, job, 1);
    town.wait(Duration::days(2));
    let standing = |person, worker| town.act(person, |tx| offers::standing(tx, worker, job));
    let Standing::Passed(offer) = standing(aoki, first) else { panic!("24 allowed hours are over") };
    let input = town.informed(aoki, job, 1);
    let late = town.attempt(aoki, |tx| claims::claim(tx, job, input)).unwrap_err();
    assert_eq!(late.code(), Code::BeyondPortion);
    goes_on(&town, job);
    assert!(matches!(standing(aoki, first), Standing::Open(_)), "silence is no refusal");
    assert_eq!((portion(&town, first, job), portion(&town, second, job)), (3, 2), "who had less first");
    town.wait(Duration::days(2));
    goes_on(&town, job);
    assert_eq!(standing(aoki, first), Standing::Passed(offer));
    assert_eq!(decided(&town, job)[&first].outcome, Outcome::Passed);
    assert_eq!(portion(&town, second, job), 5, "who took a part did answer, and passed once since");
    town.wait(Duration::days(2));
    goes_on(&town, job);
    let all = rounds(&town, job);
    assert_eq!(
        all.iter().map(|round| round.kind).collect::<Vec<_>>(),
        [RoundKind::Round, RoundKind::Round, RoundKind::Round, RoundKind::Pool]
    );
    assert!(matches!(standing(aoki, first), Standing::Open(card) if card.portion.is_none()));
    assert_eq!(town.claims(aoki, job, 4).units.len(), 4, "first come, and no harm done by passing");
    assert_eq!(town.claims(baba, job, 1).units.len(), 1);
}

#[test]
fn a_line_begins_anew_three_times_and_then_a_pool_opens() {
    let town = Town::new();
    for name in ["Aoki", "Baba", "Chiba", "Doi"] {
        wishing(&town, name, 20);
    }
    let order = town.order(100_000);
    let job = offered(&town, order.id, 1).job.id;
    for _ in 0..4 {
        town.wait(Duration::days(2));
        goes_on(&town, job);
    }
    let kinds: Vec<_> = rounds(&town, job).iter().map(|round| round.kind).collect();
    assert_eq!(kinds, [RoundKind::Round, RoundKind::Round, RoundKind::Round, RoundKind::Pool]);
    assert_eq!(decided(&town, job).values().filter(|one| one.outcome == Outcome::Told).count(), 4);
}

/// A first-come job of units of 20 minutes, offered.
fn open(town: &Town, order: OrderId, count: usize) -> Offered {
    town.act(town.director, |tx| {
        let job = jobs::split(tx, order, town.job_input(count))?;
        jobs::offer(tx, job.id)
    })
}

fn tends(town: &Town) {
    town.act(town.director, tend);
}

#[test]
fn what_fits_nobody_is_told_at_once_and_once() {
    let town = Town::new();
    let order = town.order(100_000);
    for put_out in [offered, open] {
        let nobody = put_out(&town, order.id, 2);
        assert_eq!((nobody.eligible, nobody.units), (0, 2));
        assert!(nobody.job.pool_opened_at.is_some(), "nobody is left to ask");
        let told = town.facts::<PoolStands>();
        let newest = told.last().unwrap();
        assert_eq!((newest.job, newest.units, newest.because), (nobody.job.id, 2, StandsBecause::NobodyFits));
        town.act(town.director, |tx| jobs::offer(tx, nobody.job.id));
        assert!(town.act(town.director, |tx| unclaimed(tx, 5)).iter().any(|one| one.job == nobody.job.id));
    }
    town.wait(Duration::days(3));
    tends(&town);
    assert_eq!(town.facts::<PoolStands>().len(), 2, "each once");
}

#[test]
fn what_nobody_takes_is_told_once_and_anew_after_somebody_new_was_told() {
    let town = Town::new();
    wishing(&town, "Aoki", 600);
    let order = town.order(100_000);
    let job = open(&town, order.id, 2).job.id;
    town.wait(Duration::hours(47));
    tends(&town);
    assert_eq!(town.facts::<PoolStands>().len(), 0);
    town.wait(Duration::hours(1));
    tends(&town);
    tends(&town);
    let told = town.facts::<PoolStands>();
    assert_eq!(
        (told.len(), told[0].job, told[0].units, told[0].because),
        (1, job, 2, StandsBecause::NobodyTakes)
    );
    assert!(town.act(town.director, |tx| has_stood(tx, job)));
    assert_eq!(town.act(town.director, |tx| unclaimed(tx, 5))[0].job, job);

    wishing(&town, "Baba", 600);
    assert_eq!(town.act(town.director, |tx| jobs::offer(tx, job)).workers.len(), 1);
    tends(&town);
    assert!(town.act(town.director, |tx| unclaimed(tx, 5)).is_empty(), "Baba has a day");
    town.wait(Duration::hours(48));
    tends(&town);
    assert_eq!(town.facts::<PoolStands>().len(), 2);
}

#[test]
fn a_first_come_job_says_who_was_told_and_why_the_others_were_not() {
    let town = Town::new();
    let (_, first) = wishing(&town, "Aoki", 600);
    let (resting, second) = wishing(&town, "Baba", 600);
    town.act(resting, |tx| workforce::workers::pause(tx, second, StepInput::default()));
    let order = town.order(100_000);
    let job = open(&town, order.id, 2).job;
    let round = rounds(&town, job.id)[0];
    assert_eq!((round.kind, round.candidates, round.answer_by), (RoundKind::Pool, 1, None));
    let decided = decided(&town, job.id);
    assert_eq!((decided[&first].outcome, decided[&second].outcome), (Outcome::Told, Outcome::Resting));
    let reasons = |worker| town.act(town.director, |tx| why(tx, worker, job.id));
    let told = reasons(first);
    assert_eq!((told.rule, told.open_to_all_since), (OfferRule::FirstCome, job.pool_opened_at));
    assert_eq!((told.rounds[0].decision.outcome, told.today), (Outcome::Told, None));
    assert_eq!(reasons(second).today, Some(Outcome::Resting));
    let passed = |worker| town.act(town.director, |tx| passed_by(tx, worker, 5)).len();
    assert_eq!((passed(first), passed(second)), (0, 1));

    town.act(town.director, |tx| workforce::workers::activate(tx, second, StepInput::default()));
    town.act(resting, |tx| jobs::offer_missed(tx, second));
    assert_eq!(passed(second), 0, "it lies before them now");
    assert_eq!(town.act(town.director, |tx| jobs::offer(tx, job.id)).workers.len(), 0);
    assert_eq!(rounds(&town, job.id).len(), 1, "it told nobody anything new");
}

#[test]
fn what_is_open_to_all_comes_to_whoever_it_has_come_to_fit() {
    let town = Town::new();
    let (_, first) = wishing(&town, "Aoki", 600);
    let (resting, second) = wishing(&town, "Baba", 600);
    town.act(resting, |tx| workforce::workers::pause(tx, second, StepInput::default()));
    let order = town.order(100_000);
    let job = open(&town, order.id, 2).job.id;
    let reasons = |worker| town.act(town.director, |tx| why(tx, worker, job));
    assert!(reasons(first).is_before && !reasons(second).is_before);
    assert!(goes_on(&town, job).workers.is_empty(), "a rest is kept");
    assert_eq!(rounds(&town, job).len(), 1, "what reaches nobody new leaves no trace");

    town.act(town.director, |tx| workforce::workers::activate(tx, second, StepInput::default()));
    let (_, newcomer) = wishing(&town, "Chiba", 600);
    let soon = reasons(second);
    assert_eq!((soon.today, soon.is_before), (None, false), "it fits, and does not lie before them yet");
    let reached = goes_on(&town, job).workers;
    assert_eq!(reached.iter().map(|who| who.worker).collect::<Vec<_>>(), [second, newcomer]);
    assert!(reasons(second).is_before && reasons(newcomer).is_before);
    assert_eq!(town.facts::<JobOffered>().last().unwrap().workers.len(), 2, "they alone hear of it");
    assert_eq!(decided(&town, job)[&newcomer].outcome, Outcome::Told);
    assert!(goes_on(&town, job).workers.is_empty());
    assert_eq!(rounds(&town, job).len(), 2);

    let pool = offered(&town, order.id, 1).job.id;
    let (_, last) = wishing(&town, "Doi", 600);
    for _ in 0..4 {
        town.wait(Duration::days(2));
        goes_on(&town, pool);
    }
    assert!(town.act(town.director, |tx| jobs::find(tx, pool)).open_to_all_since().is_some());
    let (_, later) = wishing(&town, "Endo", 600);
    assert_eq!(goes_on(&town, pool).workers.len(), 1);
    assert!(town.act(town.director, |tx| offers::is_before(tx, pool, later)));
    assert!(!reasons(last).is_before, "each job for itself");
}

#[test]
fn a_job_that_fits_nobody_for_a_day_is_told_to_nobody() {
    let town = Town::new();
    let (person, worker) = wishing(&town, "Aoki", 600);
    let job = open(&town, town.order(100_000).id, 2).job.id;
    town.act(person, |tx| workforce::workers::pause(tx, worker, StepInput::default()));
    assert_eq!(goes_on(&town, job).eligible, 0);
    assert_eq!(town.facts::<PoolStands>().len(), 0, "it fitted somebody when it opened");
}

#[test]
fn what_comes_back_goes_to_the_next_in_line_and_what_is_called_off_is_promised_to_nobody() {
    let town = Town::new();
    let (aoki, first) = wishing(&town, "Aoki", 600);
    let (_, second) = wishing(&town, "Baba", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 6).job.id;
    let claimed = town.claims(aoki, job, 3);
    town.act(aoki, |tx| claims::hand_back(tx, claimed.units[0]));
    assert_eq!(goes_on(&town, job).workers.len(), 1, "Aoki, the other may still answer");
    assert_eq!((portion(&town, first, job), portion(&town, second, job)), (1, 3));
    let waiting: Vec<_> = town
        .act(town.director, |tx| {
            units::of_job(tx, job, units::UnitFilter { state: Some(UnitState::Offered) }, &Paging::first(10))
        })
        .items;
    for unit in waiting.iter().take(2) {
        town.act(town.director, |tx| units::cancel(tx, unit.id, called_off("client", "0")));
        keeps_its_promise(&town, job);
    }
    assert_eq!(
        (portion(&town, first, job), portion(&town, second, job)),
        (0, 2),
        "the last in the line loses first"
    );
    town.act(town.director, |tx| jobs::withdraw(tx, job));
    assert_eq!(portion(&town, second, job), 0);
    let again = town.act(town.director, |tx| jobs::offer(tx, job));
    assert_eq!((again.units, again.job.offer_wave), (2, 1), "the line begins anew");
    keeps_its_promise(&town, job);
}

#[test]
fn a_month_is_as_even_as_its_shares() {
    let town = Town::new();
    let (aoki, _) = wishing(&town, "Aoki", 700);
    wishing(&town, "Baba", 700);
    let order = town.order(100_000);
    let job = town.job(order.id, 4).id;
    let month = || town.act(town.director, |tx| figures::months(tx, 2));
    assert_eq!(month()[0].evenness, None, "nobody has had anything");
    town.claims(aoki, job, 2);
    town.wait(Duration::days(6));
    let months = month();
    assert_eq!(
        (months[0].month, months[0].as_of),
        ("2026-05-01".parse().unwrap(), "2026-05-07".parse().unwrap())
    );
    assert_eq!((months[0].people, months[0].granted_minutes, months[0].wished_minutes), (2, 40, 1400));
    let evenness = months[0].evenness.unwrap();
    assert_eq!(
        (evenness.jain_per_mille, evenness.gini_per_mille, evenness.lowest_quarter_per_mille),
        (500, 500, 0)
    );
    assert_eq!((months[1].people, months[1].evenness), (0, None), "nobody had begun in April");
}

#[test]
fn a_newcomer_counts_with_the_days_they_were_there_and_not_in_their_first_week() {
    let town = Town::new();
    let (aoki, _) = wishing(&town, "Aoki", 700);
    let job = town.job(town.order(100_000).id, 8).id;
    town.claims(aoki, job, 4);
    let month = |town: &Town| town.act(town.director, |tx| figures::months(tx, 1))[0];
    assert_eq!((month(&town).people, month(&town).evenness), (0, None), "the month has just begun");
    town.wait(Duration::days(8));
    wishing(&town, "Baba", 700);
    town.wait(Duration::days(5));
    assert_eq!(
        (month(&town).people, month(&town).wished_minutes),
        (1, 1400),
        "Baba's first week is not over"
    );
    town.wait(Duration::days(1));
    let both = month(&town);
    assert_eq!((both.people, both.wished_minutes), (2, 1500 + 700), "fifteen days and seven");
}

#[test]
fn what_came_back_is_put_before_a_substitute_by_name_and_counts_as_a_round() {
    let town = Town::new();
    let (aoki, _) = wishing(&town, "Aoki", 600);
    let order = town.order(100_000);
    let job = offered(&town, order.id, 4).job.id;
    let claimed = town.claims(aoki, job, 4);
    let (baba, second) = wishing(&town, "Baba", 600);
    let (_, third) = wishing(&town, "Chiba", 20);
    let other = town.job(order.id, 2).id;
    let units = town.claims(baba, other, 2).units;
    for unit in &units {
        let version = town.hands_in(baba, *unit);
        town.passes(&version);
    }
    for unit in &claimed.units[..3] {
        town.act(aoki, |tx| claims::hand_back(tx, *unit));
    }
    let proposed = town.act(town.director, |tx| substitutes(tx, job));
    let of = |worker| proposed.people.iter().find(|one| one.worker == worker).copied();
    assert_eq!(proposed.units, 3);
    assert_eq!(proposed.people[0].worker, second, "time for all of it, and two of two passed at once");
    assert_eq!(of(second).unwrap().quality, Quality { passed: 2, reviewed: 2 });
    assert_eq!(of(third).unwrap().units, 1, "twenty minutes a week are one unit");
    assert_eq!(
        proposed.people.iter().map(|one| one.free_minutes).collect::<Vec<_>>(),
        [560, 580, 20],
        "hours of the week that are not done, and not what the waiting units take"
    );
    let ask = |worker: WorkerId, units: &str| {
        let input = SubstituteInput { worker_id: worker.0.to_string().into(), units: units.into() };
        town.attempt(town.director, |tx| put_before(tx, job, &input)).map_err(|error| error.code())
    };
    assert_eq!(ask(third, "2").unwrap_err(), Code::NotEligible);
    assert_eq!(ask(second, "4").unwrap_err(), Code::UnitTaken);
    let round = ask(second, "2").unwrap();
    assert_eq!((round.kind, portion(&town, second, job)), (RoundKind::Named, 2));
    keeps_its_promise(&town, job);
    assert_eq!(decided(&town, job)[&second].outcome, Outcome::Asked);
    assert_eq!(ask(second, "1").unwrap_err(), Code::NotEligible, "they have time to answer");
    assert_eq!(town.claims(baba, job, 2).units.len(), 2);
    goes_on(&town, job);
    keeps_its_promise(&town, job);
}

#[test]
fn a_pool_waits_while_somebody_is_asked_by_name_and_opens_again() {
    let town = Town::new();
    let order = town.order(100_000);
    let job = offered(&town, order.id, 2).job;
    assert!(job.pool_opened_at.is_some(), "nobody is there to be asked");
    let (_, worker) = wishing(&town, "Aoki", 600);
    let input = SubstituteInput { worker_id: worker.0.to_string().into(), units: "2".into() };
    town.act(town.director, |tx| put_before(tx, job.id, &input));
    assert!(town.act(town.director, |tx| jobs::find(tx, job.id)).is_in_turn());
    town.wait(Duration::days(3));
    town.act(town.director, tend);
    goes_on(&town, job.id);
    let after = town.act(town.director, |tx| jobs::find(tx, job.id));
    assert_eq!((after.pool_opened_at.is_some(), portion(&town, worker, job.id)), (true, 0));
}
