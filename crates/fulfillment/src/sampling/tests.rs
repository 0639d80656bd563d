//! Sampling against a real database.

use chrono::Duration;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::appeals::{self, AppealInput, DecideAppealInput};
use crate::deliveries;
use crate::reviews::ReviewInput;
use crate::submissions;
use crate::testing::{Town, returned};
use crate::units::PassedBasis;

fn input(based_on: i32, clean: &str, one_in: &str) -> SamplingInput {
    SamplingInput {
        based_on: based_on.to_string().into(),
        rule: if clean.is_empty() { "all" } else { "flow" }.into(),
        clean: clean.into(),
        one_in: one_in.into(),
    }
}

/// Somebody with many units of a job that looks at one in two after three good ones, and has three good ones behind them.
struct Proven {
    town: Town,
    aoki: PersonId,
    job: JobId,
    units: std::vec::IntoIter<UnitId>,
}

impl Proven {
    fn new() -> Self {
        let town = Town::new();
        let (aoki, _) = town.worker("Aoki");
        let job = town.job(town.order_of(8000, 80).id, 80).id;
        town.act(town.director, |tx| change(tx, job, &input(0, "3", "2")));
        let units = town.claims(aoki, job, 80).units.into_iter();
        let mut proven = Self { town, aoki, job, units };
        for _ in 0..3 {
            let version = proven.hands_in();
            assert_eq!(proven.town.unit(version.unit_id).state, UnitState::Submitted, "all is looked at");
            proven.town.wait(Duration::minutes(1));
            proven.town.passes(&version);
        }
        proven.town.wait(Duration::minutes(1));
        proven
    }

    fn hands_in(&mut self) -> Submission {
        self.town.hands_in(self.aoki, self.units.next().unwrap())
    }

    fn standing(&self) -> Option<Standing> {
        self.town.act(self.town.director, |tx| of_person(tx, self.aoki)).pop()
    }

    fn phase(&self) -> Phase {
        self.standing().unwrap().stream.phase
    }

    /// Hands in until one is drawn to be looked at; with those that passed unseen before.
    fn until_drawn(&mut self) -> (Submission, Vec<UnitId>) {
        let mut unseen = Vec::new();
        loop {
            let version = self.hands_in();
            let unit = self.town.unit(version.unit_id);
            if unit.state == UnitState::Submitted {
                return (version, unseen);
            }
            assert_eq!((unit.state, unit.passed_basis), (UnitState::Passed, Some(PassedBasis::SampledOut)));
            unseen.push(unit.id);
        }
    }

    fn reasons(&self) -> Vec<SwitchReason> {
        let stream = self.standing().unwrap().stream.id;
        let page = self
            .town
            .act(self.town.director, |tx| switches(tx, SwitchesOf::Stream(stream), &Paging::first(10)));
        page.items.into_iter().map(|one| one.reason).collect()
    }

    fn seeds(&self) -> Vec<Seed> {
        let stream = self.standing().unwrap().stream.id;
        self.town.act(self.town.director, |tx| seeds(tx, stream, &Paging::first(10))).items
    }
}

#[test]
fn each_plan_stays_and_nobodys_is_replaced_unread() {
    let town = Town::new();
    let job = town.job(town.order(1000).id, 1).id;
    assert_eq!(town.act(town.director, |tx| newest(tx, job)), None);
    let first = town.act(town.director, |tx| change(tx, job, &input(0, "15", "5")));
    assert_eq!((first.number, first.rule, first.one_in), (1, Rule::Flow, Some(5)));
    let blind = town.attempt(town.checker, |tx| change(tx, job, &input(0, "8", "2"))).unwrap_err();
    assert_eq!(blind.code(), Code::Stale);
    assert_eq!(town.act(town.checker, |tx| change(tx, job, &input(1, "15", "5"))), first, "nothing changed");
    let second = town.act(town.checker, |tx| change(tx, job, &input(1, "", "")));
    assert_eq!((second.number, second.rule, second.clean), (2, Rule::All, None));
    let all = town.act(town.director, |tx| of_job(tx, job, &Paging::first(1)));
    assert_eq!((all.items, all.next), (vec![second], Some(SamplingKey(2))));
}

#[test]
fn after_a_clean_run_some_is_looked_at_and_one_defect_ends_it() {
    let mut proven = Proven::new();
    assert_eq!((proven.phase(), proven.reasons()), (Phase::Some, vec![SwitchReason::CleanRun]));
    let (drawn, unseen) = proven.until_drawn();
    for unit in &unseen {
        let draw = proven.town.act(proven.town.director, |tx| of_unit(tx, *unit)).unwrap();
        assert!(!draw.is_looked_at && draw.one_in == 2);
        let earned = proven.town.act(proven.town.director, |tx| earnings::of_unit(tx, *unit));
        assert_eq!(earned.len(), 1, "what passes unseen is paid");
    }
    let meanwhile = proven.hands_in();
    assert_eq!(proven.town.unit(meanwhile.unit_id).state, UnitState::Submitted, "another one still waits");
    let basis = proven.town.act(proven.town.director, |tx| of_unit(tx, meanwhile.unit_id));
    assert_eq!(basis, None, "it was not drawn");
    proven.town.act(proven.town.checker, |tx| reviews::decide(tx, drawn.id, returned("typo")));
    assert_eq!(proven.phase(), Phase::All);
    assert_eq!(proven.reasons(), [SwitchReason::Defect, SwitchReason::CleanRun]);
    proven.town.passes(&meanwhile);
    let next = proven.hands_in();
    assert_eq!(proven.town.unit(next.unit_id).state, UnitState::Submitted, "all is looked at again");
    let known = proven.standing().unwrap().reliability;
    assert_eq!((known.looked_at, known.defects), (5, 1));
    assert!(0.0 < known.low && known.low < 0.8 && 0.8 < known.high && known.high < 1.0);
}

#[test]
fn whoever_knows_a_seed_can_check_every_draw() {
    let mut proven = Proven::new();
    for _ in 0..3 {
        let (drawn, _) = proven.until_drawn();
        proven.town.passes(&drawn);
    }
    let hidden = proven.seeds().remove(0);
    assert_eq!(
        (hidden.seed.clone(), hidden.commitment.len()),
        (None, 64),
        "nothing of it is shown while it draws"
    );
    let (drawn, _) = proven.until_drawn();
    proven.town.act(proven.town.checker, |tx| reviews::decide(tx, drawn.id, returned("typo")));
    let open = proven.seeds().remove(0);
    assert_eq!(open.commitment, hidden.commitment);
    let text = open.seed.unwrap();
    let bytes = |at: usize| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap();
    let seed: [u8; 32] = std::array::from_fn(bytes);
    assert_eq!(lists::hex(&<[u8; 32]>::from(Sha256::digest(seed))), open.commitment);
    let drawn = proven.town.act(proven.town.director, |tx| draws(tx, open.id, &Paging::first(100))).items;
    assert!(drawn.len() >= 4);
    for (number, draw) in (1..).zip(&drawn) {
        assert_eq!((draw.number, draw.is_looked_at), (number, is_drawn(&seed, number, 2)));
        assert!(open.committed_at < draw.drawn_at);
    }
}

#[test]
fn what_its_maker_took_back_is_no_version_and_is_not_drawn_again() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order_of(8000, 80).id, 80).id;
    town.act(town.director, |tx| change(tx, job, &input(0, "3", "2")));
    let units = town.claims(aoki, job, 40).units;
    let standing = || town.act(town.director, |tx| of_person(tx, aoki)).pop().unwrap();
    let again = |unit: &UnitId| {
        town.hands_in(aoki, *unit);
        town.act(aoki, |tx| submissions::retract(tx, *unit));
        let version = town.hands_in(aoki, *unit);
        assert_eq!((version.number, town.unit(*unit).state), (2, UnitState::Submitted));
        town.passes(&version);
    };
    units.iter().take(3).for_each(again);
    assert_eq!((standing().stream.phase, standing().reliability.looked_at), (Phase::Some, 3));
    let drawn = units.iter().skip(3).find(|unit| {
        town.hands_in(aoki, **unit);
        town.unit(**unit).state == UnitState::Submitted
    });
    let drawn = *drawn.unwrap();
    town.act(aoki, |tx| submissions::retract(tx, drawn));
    town.hands_in(aoki, drawn);
    assert_eq!(town.unit(drawn).state, UnitState::Submitted, "it was drawn, and stays so");
}

#[test]
fn what_is_critical_is_looked_at_and_nothing_passes_unseen_without_its_draw() {
    let mut proven = Proven::new();
    let waiting = proven.units.clone().take(8);
    for unit in waiting {
        proven.town.act(proven.town.director, |tx| mark_critical(tx, unit));
        proven.town.act(proven.town.director, |tx| mark_critical(tx, unit));
        let version = proven.hands_in();
        assert_eq!(proven.town.unit(unit).state, UnitState::Submitted);
        let forced = proven.town.attempt(proven.town.director, |tx| {
            let which = Which::These(&[unit]);
            units::store::advance(tx, which, UnitState::Submitted, Move::PassUnseen, Mark::default())
        });
        let UnitError::Db(refused) = forced.unwrap_err() else { panic!("the database refuses it") };
        assert!(refused.violates("units_pass_unseen_by_lot"));
        proven.town.passes(&version);
    }
    let unit = proven.units.as_slice()[0];
    proven.town.act(proven.town.director, |tx| mark_critical(tx, unit));
    proven.town.act(proven.town.director, |tx| unmark_critical(tx, unit));
    assert!(!proven.town.act(proven.town.director, |tx| is_critical(tx, unit)));
}

#[test]
fn nothing_is_drawn_with_a_seed_that_was_made_later() {
    let proven = Proven::new();
    let refused = proven.town.attempt(proven.town.director, |tx| {
        let sql = "INSERT INTO sampling_draws (submission_id, unit_id, seed_id, number, one_in, is_looked_at, drawn_at) \
             SELECT s.id, s.unit_id, d.id, 1, 2, false, d.committed_at FROM submissions s, sampling_seeds d \
             WHERE s.submitted_at < d.committed_at";
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    let refused = refused.unwrap_err();
    assert!(refused.violates("sampling_draws_committed_before"), "{refused:?}");
}

#[test]
fn a_defect_that_was_none_ends_nothing() {
    let mut proven = Proven::new();
    let (drawn, _) = proven.until_drawn();
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    proven.town.act(proven.town.checker, |tx| reviews::decide(tx, drawn.id, reject));
    assert_eq!(proven.phase(), Phase::All);
    let why = AppealInput { text: "開けました".into() };
    let appeal = proven.town.act(proven.aoki, |tx| appeals::appeal(tx, drawn.unit_id, &why));
    let word = DecideAppealInput {
        outcome: "passed".into(),
        comment: "開けました".into(),
        ..DecideAppealInput::default()
    };
    proven.town.act(proven.town.director, |tx| appeals::decide(tx, appeal.id, &word));
    assert_eq!(proven.phase(), Phase::Some);
    assert_eq!(proven.reasons()[0], SwitchReason::Appeal);
    assert_eq!(proven.standing().unwrap().reliability.defects, 0);
    let seeds = proven.seeds();
    assert!(seeds[0].seed.is_none() && seeds[1].seed.is_some(), "it is drawn with another seed");
}

#[test]
fn what_a_client_finds_is_looked_at_whole_again() {
    let mut proven = Proven::new();
    let order = proven.town.act(proven.town.director, |tx| jobs::find(tx, proven.job)).order_id;
    let unseen = loop {
        let (drawn, unseen) = proven.until_drawn();
        proven.town.passes(&drawn);
        if let Some(unit) = unseen.first() {
            break *unit;
        }
    };
    let (_, secret) = proven.town.delivers(order, &[unseen]);
    let code = proven.town.code(&secret);
    proven.town.answers(&secret, &code, &[(unseen, "fix", "産地も書いてください")]).unwrap();
    proven.town.mends(unseen);
    assert_eq!((proven.phase(), proven.reasons()[0]), (Phase::All, SwitchReason::ClientDefect));
    let known = proven.standing().unwrap().reliability;
    assert_eq!(known.defects, 1, "nobody had looked at it, and it counts");
    let version = proven.town.hands_in(proven.aoki, unseen);
    assert_eq!(proven.town.unit(unseen).state, UnitState::Submitted, "what came back is looked at");
    proven.town.passes(&version);
}

#[test]
fn who_is_proven_in_one_kind_of_work_without_a_skill_is_new_in_another() {
    let mut proven = Proven::new();
    assert_eq!(proven.phase(), Phase::Some);
    let version = proven.hands_in();
    assert!(of_town(&proven.town, version.unit_id).is_some(), "it is drawn for");
    let named = |title: &str| {
        let town = &proven.town;
        let input = jobs::JobInput { title: title.into(), ..town.job_input(2) };
        let order = town.order_of(8000, 80).id;
        town.act(town.director, |tx| {
            let job = jobs::split(tx, order, input)?;
            jobs::offer(tx, job.id).map(|offered| offered.job.id)
        })
    };
    let streams = |proven: &Proven| {
        let town = &proven.town;
        town.act(town.director, |tx| of_person(tx, proven.aoki))
            .into_iter()
            .map(|one| (one.stream.title, one.stream.phase))
            .collect::<Vec<_>>()
    };
    let (other, again) = (named("写真の切り抜き"), named("回答の入力（１２月分）"));
    for job in [other, again] {
        proven.town.act(proven.town.director, |tx| change(tx, job, &input(0, "3", "2")));
        let unit = proven.town.claims(proven.aoki, job, 1).units[0];
        let version = proven.town.hands_in(proven.aoki, unit);
        assert!(of_town(&proven.town, version.unit_id).is_none(), "all of it is looked at");
    }
    let seen = streams(&proven);
    assert_eq!(seen[0], ("回答の入力".to_owned(), Phase::Some));
    assert_eq!(seen[1..].iter().map(|(_, phase)| *phase).collect::<Vec<_>>(), [Phase::All, Phase::All]);
    let kind = |job| proven.town.act(proven.town.director, |tx| kind_of(tx, job));
    assert_ne!(kind(other), kind(proven.job));
    let numbered = named("回答の入力 3");
    assert_eq!(kind(numbered), kind(proven.job), "a number makes no other kind");
}

fn of_town(town: &Town, unit: UnitId) -> Option<Draw> {
    town.act(town.director, |tx| of_unit(tx, unit))
}

#[test]
fn a_rate_is_said_of_what_was_drawn_and_of_nothing_else() {
    let mut proven = Proven::new();
    let order = proven.town.act(proven.town.director, |tx| jobs::find(tx, proven.job)).order_id;
    let inspected = |proven: &Proven| {
        let (delivery, _) = proven.town.delivers(order, &[]);
        proven.town.act(proven.town.director, |tx| deliveries::inspected(tx, delivery.id))
    };
    let all = inspected(&proven);
    assert_eq!((all.units, all.inspected, all.sample), (3, 3, None), "everything was looked at");
    assert!(all.faults.iter().all(|one| (one.found, one.left) == (0, 0)));
    let (drawn, mut unseen) = proven.until_drawn();
    proven.town.passes(&drawn);
    while unseen.is_empty() {
        let (drawn, more) = proven.until_drawn();
        proven.town.passes(&drawn);
        unseen = more;
    }
    let some = inspected(&proven);
    let sample = some.sample.unwrap();
    let unseen = i64::try_from(unseen.len()).unwrap();
    assert_eq!((some.units - some.inspected, sample.of, sample.faulty), (unseen, some.units, 0));
    assert_eq!(sample.drawn, some.inspected);
    let rate = sample.rate.unwrap();
    assert!(rate.low == 0.0 && rate.high > 0.5, "so few say little: {rate:?}");

    // What was found is mended: it counts as found, and as faulty of what was drawn.
    let (mut drawn, mut unseen) = proven.until_drawn();
    while unseen.is_empty() {
        proven.town.passes(&drawn);
        (drawn, unseen) = proven.until_drawn();
    }
    let already = some.units;
    proven.town.act(proven.town.checker, |tx| reviews::decide(tx, drawn.id, returned("typo")));
    let mended = proven.town.hands_in(proven.aoki, drawn.unit_id);
    proven.town.passes(&mended);
    let found = inspected(&proven);
    assert_eq!(found.sample.unwrap().faulty, 1, "{already} before: {found:?}");
}
