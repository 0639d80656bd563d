//! Random interleavings of everything people do to units, played on the database and on a small reference model at
//! once. After every step both must agree on what was allowed and on where each unit stands; after every case the
//! promises of this crate are read back from the tables themselves.

mod reference;

use accounts::OrgSecret;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use kernel::{JobId, Language, OrderId, Paging, PersonId, UnitId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use reference::{Reference, wants_fix};

use crate::acceptance::Answer;
use crate::appeals::{AppealInput, DecideAppealInput};
use crate::deliveries::DeliverInput;
use crate::hand_overs::{DecideInput, HandOverInput};
use crate::reviews::ReviewInput;
use crate::submissions::SubmitInput;
use crate::testing::{Town, called_off, returned};
use crate::units::{Move, UnitFilter, UnitState, next};
use crate::{appeals, claims, deliveries, fixes, hand_overs, jobs, reviews, submissions, units};

const UNITS: usize = 3;
/// Fewer pieces than units, so that an order may close in full, by an answer or by calling the last open unit off.
const ORDERED: i32 = 2;
const WORKERS: usize = 3;
/// Workers and checkers; everybody tries everything.
const PEOPLE: usize = WORKERS + 2;

#[derive(Debug, Clone, Copy)]
enum Step {
    Offer,
    Withdraw,
    Claim,
    Start,
    Pause,
    Resume,
    HandBack,
    Submit,
    /// Hands in once more what stands of it, word for word.
    SubmitSame,
    /// Gives it back with what is done of it.
    HandOver,
    /// The share of the oldest such part is decided.
    Share,
    /// Says that they go on.
    Keep,
    /// Nothing was heard of what somebody has to do, who was asked twice.
    Expire,
    Retract,
    Begin,
    /// Lets it go undecided.
    Release,
    Return,
    Pass,
    Reject,
    /// Whoever made it asks for another reviewer's word.
    Appeal,
    /// The refusal stands.
    Uphold,
    /// The version passes after all.
    Overturn,
    /// What is wanted is a line of its own, paid anew.
    Amend,
    Reoffer,
    /// The job's deadline moves by a day.
    Extend,
    /// A holder accepts the later day for all of theirs.
    Accept,
    /// The town takes a unit from its holder.
    TakeBack,
    Cancel,
    Deliver,
    Answer(u8),
    Decide,
}

/// One attempt: what, by whom, on which unit.
type Attempt = (Step, usize, usize);

/// Kinds of step, each as likely as the others where it is allowed at all; ends and refusals come by chance alone.
const LIKELY: [Step; 26] = [
    Step::Offer,
    Step::Withdraw,
    Step::Claim,
    Step::Start,
    Step::Pause,
    Step::Resume,
    Step::HandBack,
    Step::Submit,
    Step::SubmitSame,
    Step::HandOver,
    Step::Share,
    Step::Keep,
    Step::Expire,
    Step::Retract,
    Step::Begin,
    Step::Release,
    Step::Appeal,
    Step::Uphold,
    Step::Overturn,
    Step::Amend,
    Step::Return,
    Step::Pass,
    Step::Deliver,
    Step::Decide,
    Step::Accept,
    Step::TakeBack,
];

/// What a case is made of: a number that picks one of the allowed attempts, or any attempt at all.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Allowed(usize),
    Any(Attempt),
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let likely = (0..LIKELY.len()).prop_map(|kind| LIKELY[kind]);
    let rare = prop_oneof![Just(Step::Reject), Just(Step::Reoffer), Just(Step::Cancel), Just(Step::Extend)];
    let step = prop_oneof![12 => likely, 3 => any::<u8>().prop_map(Step::Answer), 2 => rare];
    let choice = prop_oneof![
        3 => any::<usize>().prop_map(Choice::Allowed),
        1 => (step, 0..PEOPLE, 0..UNITS).prop_map(Choice::Any),
    ];
    prop::collection::vec(choice, 50)
}

impl Choice {
    /// The attempt it stands for where the reference model is now.
    fn resolve(self, reference: &Reference) -> Attempt {
        let number = match self {
            Self::Any(attempt) => return attempt,
            Self::Allowed(number) => number,
        };
        let bits = u8::try_from(number % 256).unwrap_or_default();
        let kinds: Vec<Vec<Attempt>> = LIKELY
            .into_iter()
            .chain([Step::Answer(bits), Step::Reject, Step::Reoffer, Step::Extend])
            .map(|step| reference.allowed(step))
            .filter(|attempts| !attempts.is_empty())
            .collect();
        let Some(attempts) = (!kinds.is_empty()).then(|| &kinds[number % kinds.len()]) else {
            return (Step::Offer, 0, 0);
        };
        attempts[number / kinds.len() % attempts.len()]
    }
}

/// One order of [`UNITS`] units in a town that all cases share.
struct Stage<'a> {
    town: &'a Town,
    people: &'a [PersonId],
    order: OrderId,
    job: JobId,
    units: Vec<UnitId>,
    links: Vec<OrgSecret>,
}

impl<'a> Stage<'a> {
    fn new(town: &'a Town, people: &'a [PersonId], levels: i16) -> Self {
        let order = town.order_of(1000, ORDERED).id;
        let input = jobs::JobInput { review_levels: levels.to_string().into(), ..town.job_input(UNITS) };
        let job = town.act(town.director, |tx| jobs::split(tx, order, input)).id;
        let page =
            town.act(town.director, |tx| units::of_job(tx, job, UnitFilter::default(), &Paging::first(10)));
        let units = page.items.into_iter().map(|unit| unit.id).collect();
        Self { town, people, order, job, units, links: Vec::new() }
    }

    /// Does one attempt for real; whether it was allowed.
    fn play(&mut self, (step, person, unit): Attempt) -> bool {
        let (town, job, order) = (self.town, self.job, self.order);
        let (person, unit) = (self.people[person], self.units[unit]);
        match step {
            Step::Offer => town.attempt(town.director, |tx| jobs::offer(tx, job)).is_ok(),
            Step::Withdraw => town.attempt(town.director, |tx| jobs::withdraw(tx, job)).is_ok(),
            Step::Claim => self.claim(person),
            Step::Start => town.attempt(person, |tx| claims::start(tx, unit)).is_ok(),
            Step::Pause => town.attempt(person, |tx| claims::pause(tx, unit)).is_ok(),
            Step::Resume => town.attempt(person, |tx| claims::resume(tx, unit)).is_ok(),
            Step::HandBack => town.attempt(person, |tx| claims::hand_back(tx, unit)).is_ok(),
            Step::Submit | Step::SubmitSame => self.submit(step, person, unit),
            Step::HandOver => {
                let input = HandOverInput {
                    tenths: "3".into(),
                    result_text: "途中".into(),
                    ..HandOverInput::default()
                };
                town.attempt(person, |tx| hand_overs::hand_over(tx, unit, input)).is_ok()
            }
            Step::Share => self.share(),
            Step::Keep => town.attempt(person, |tx| claims::keep(tx, unit)).is_ok(),
            Step::Expire => self.expire(person),
            Step::Retract => town.attempt(person, |tx| submissions::retract(tx, unit)).is_ok(),
            Step::Begin | Step::Release | Step::Return | Step::Pass | Step::Reject => {
                self.judge(step, person, unit)
            }
            Step::Appeal => {
                let input = AppealInput { text: "見てください".into() };
                town.attempt(person, |tx| appeals::appeal(tx, unit, &input)).is_ok()
            }
            Step::Uphold => self.settle("upheld", person, unit),
            Step::Overturn => self.settle("passed", person, unit),
            Step::Amend => self.settle("changed", person, unit),
            Step::Reoffer => town.attempt(town.director, |tx| units::reoffer(tx, unit)).is_ok(),
            Step::Extend => self.extend(),
            Step::Accept => self.accept(person),
            Step::TakeBack => {
                let note = claims::TakeBackInput::default();
                town.attempt(town.director, |tx| claims::take_back(tx, unit, note)).is_ok()
            }
            Step::Cancel => {
                town.attempt(town.director, |tx| units::cancel(tx, unit, called_off("client", "0"))).is_ok()
            }
            Step::Deliver => {
                let input = DeliverInput::default();
                let sent =
                    town.attempt(town.director, |tx| deliveries::assemble(tx, &town.key, order, input));
                if sent.is_ok() {
                    self.links.push(town.link());
                }
                sent.is_ok()
            }
            Step::Answer(bits) => self.answer(bits),
            Step::Decide => {
                let input = town.fix_input("worker", "");
                town.attempt(town.director, |tx| fixes::decide(tx, unit, input)).is_ok()
            }
        }
    }

    fn claim(&self, person: PersonId) -> bool {
        let town = self.town;
        let is_worker = town.act(person, |tx| workforce::workers::of_person(tx, person)).is_some();
        if !is_worker {
            let input = claims::ClaimInput { count: "1".into(), ..claims::ClaimInput::default() };
            return town.attempt(person, |tx| claims::claim(tx, self.job, input)).is_ok();
        }
        let input = town.informed(person, self.job, 1);
        town.attempt(person, |tx| claims::claim(tx, self.job, input)).is_ok()
    }

    fn submit(&self, step: Step, person: PersonId, unit: UnitId) -> bool {
        let town = self.town;
        let versions = town.act(person, |tx| submissions::of_unit(tx, unit));
        let standing = versions.iter().rev().find(|version| version.retracted_at.is_none());
        let text = match (step, standing) {
            (Step::SubmitSame, Some(version)) => version.submission.result_text.clone(),
            _ => format!("版 {}", versions.len()),
        };
        let input = SubmitInput { result_text: text.into(), ..SubmitInput::default() };
        town.attempt(person, |tx| submissions::submit(tx, unit, input)).is_ok()
    }

    fn extend(&self) -> bool {
        let (town, job) = (self.town, self.job);
        let due = town.act(town.director, |tx| jobs::find(tx, job)).work_due_on;
        let later = due.succ_opt().unwrap().to_string();
        let input = jobs::ExtendInput { work_due_on: later.into(), ..jobs::ExtendInput::default() };
        town.attempt(town.director, |tx| jobs::extend(tx, job, input)).is_ok()
    }

    /// Whoever is asked reads the new terms before they accept them; whoever is not sends what they read before.
    fn accept(&self, person: PersonId) -> bool {
        let (town, job) = (self.town, self.job);
        let shown = town.attempt(person, |tx| claims::extension(tx, job, Language::Ja));
        let sha256 = shown.map(|offered| offered.terms.sha256.to_string()).unwrap_or_default();
        let input = claims::AcceptInput { terms_sha256: sha256.into(), language: "ja".into() };
        town.attempt(person, |tx| claims::accept_extension(tx, job, input)).is_ok()
    }

    /// Whether everything the person had to do went on.
    fn expire(&self, person: PersonId) -> bool {
        let town = self.town;
        let rests = || {
            let held = |unit: &UnitId| {
                let unit = town.unit(*unit);
                unit.holder_id == Some(person) && UnitState::TO_DO.contains(&unit.state)
            };
            // What they appealed against stays with them until that is decided.
            let kept = town.act(person, |tx| appeals::held(tx, &self.units));
            self.units.iter().filter(|unit| held(unit) && !kept.contains(unit)).count()
        };
        let before = rests();
        town.lets_expire(self.job, person);
        before > 0 && rests() == 0
    }

    /// Decides about the oldest part of this order's units; whether there was one.
    fn share(&self) -> bool {
        let town = self.town;
        let open = town.act(town.director, |tx| hand_overs::open(tx, &Paging::first(200))).items;
        let Some(part) = open.into_iter().find(|open| self.units.contains(&open.part.unit_id)) else {
            return false;
        };
        let input = DecideInput { tenths: "2".into(), reason: "一部だけでした".into() };
        town.attempt(town.director, |tx| hand_overs::decide(tx, part.part.id, &input)).is_ok()
    }

    fn judge(&self, step: Step, person: PersonId, unit: UnitId) -> bool {
        let town = self.town;
        let versions = town.act(person, |tx| submissions::of_unit(tx, unit));
        let Some(version) = versions.last().map(|version| version.submission.id) else { return false };
        let input = match step {
            Step::Begin => return town.attempt(person, |tx| reviews::begin(tx, version)).is_ok(),
            Step::Release => {
                return town.attempt(person, |tx| reviews::release(tx, version)).is_ok_and(|own| own);
            }
            Step::Return => returned("typo"),
            Step::Reject => ReviewInput { verdict: "reject".into(), ..returned("unreadable") },
            _ => ReviewInput { verdict: "pass".into(), ..ReviewInput::default() },
        };
        town.attempt(person, |tx| reviews::decide(tx, version, input)).is_ok()
    }

    /// Decides the first appeal about a unit; whether there was one.
    fn settle(&self, outcome: &str, person: PersonId, unit: UnitId) -> bool {
        let town = self.town;
        let open = town.act(town.director, |tx| appeals::waiting(tx, &Paging::first(100))).items;
        let Some(open) = open.into_iter().find(|open| open.appeal.unit_id == unit) else { return false };
        let extra_pay = if outcome == "changed" { "200" } else { "" }.into();
        let input = DecideAppealInput {
            outcome: outcome.into(),
            comment: "見ました".into(),
            extra_pay,
            ..DecideAppealInput::default()
        };
        town.attempt(person, |tx| appeals::decide(tx, open.appeal.id, &input)).is_ok()
    }

    fn answer(&mut self, bits: u8) -> bool {
        if self.links.is_empty() {
            return false;
        }
        let (town, link) = (self.town, self.links.remove(0));
        let view = town.outside(|tx| crate::acceptance::open_link(tx, &link)).unwrap();
        let place = |unit| self.units.iter().position(|own| *own == unit).unwrap();
        let answers: Vec<_> = view
            .units
            .iter()
            .filter(|unit| unit.state == UnitState::Delivered)
            .map(|unit| {
                let (answer, note) = if wants_fix(bits, place(unit.unit)) {
                    ("fix", "直してください")
                } else {
                    ("accepted", "")
                };
                (unit.unit, answer, note)
            })
            .collect();
        let code = town.code(&link);
        matches!(town.answers(&link, &code, &answers), Ok(Answer::Taken(_)))
    }
}

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = Text)]
    promise: String,
    #[diesel(sql_type = BigInt)]
    unit: UnitId,
}

/// Every promise that the tables themselves can be asked about.
const PROMISES: &str = include_str!("promises.sql");

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = Nullable<Text>)]
    from_state: Option<UnitState>,
    #[diesel(sql_type = Text)]
    to_state: UnitState,
}

pub(crate) fn check_promises(town: &Town) {
    let mut owner = town.db.owner();
    let broken: Vec<Broken> = diesel::sql_query(PROMISES).load(&mut owner).unwrap();
    let broken: Vec<String> =
        broken.iter().map(|row| format!("{}: unit {}", row.promise, row.unit)).collect();
    assert_eq!(broken, [] as [String; 0]);
    let steps: Vec<Recorded> =
        diesel::sql_query("SELECT DISTINCT from_state, to_state FROM unit_events").load(&mut owner).unwrap();
    for step in steps {
        let allowed = step.from_state.map_or(step.to_state == UnitState::Draft, |from| {
            Move::ALL.iter().any(|attempted| next(from, *attempted) == Ok(step.to_state))
        });
        assert!(allowed, "{:?} → {}", step.from_state, step.to_state);
    }
}

#[test]
fn interleavings_keep_every_promise() {
    let town = Town::new();
    let mut people: Vec<PersonId> = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0).to_vec();
    people.extend([town.checker, town.director]);
    let config = Config { cases: 8, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&(1..=2i16, choices()), |(levels, choices)| {
        let (mut stage, mut reference) = (Stage::new(&town, &people, levels), Reference::new(levels));
        for (index, choice) in choices.iter().enumerate() {
            let attempt = choice.resolve(&reference);
            let (real, expected) = (stage.play(attempt), reference.play(attempt));
            let states: Vec<_> = town.states(stage.job).iter().map(|state| state.as_str()).collect();
            let words: Vec<_> = reference.pieces.iter().map(|piece| piece.state).collect();
            if (real, &states) != (expected, &words) {
                return Err(TestCaseError::fail(format!(
                    "step {index} {attempt:?}: {real} {states:?}, expected {expected} {words:?}"
                )));
            }
        }
        Ok(())
    });
    check_promises(&town);
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
