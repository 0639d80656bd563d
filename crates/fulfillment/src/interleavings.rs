//! Random interleavings of everything people do to units, played on the database and on a small reference model at
//! once. After every step both must agree on what was allowed and on where each unit stands; after every case the
//! promises of this crate are read back from the tables themselves.

use std::collections::BTreeSet;

use accounts::OrgSecret;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use kernel::{JobId, OrderId, Paging, PersonId, UnitId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::acceptance::Answer;
use crate::deliveries::DeliverInput;
use crate::reviews::ReviewInput;
use crate::submissions::SubmitInput;
use crate::testing::{Town, called_off, returned};
use crate::units::{Move, UnitFilter, UnitState, next};
use crate::{claims, deliveries, fixes, jobs, reviews, submissions, units};

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
    Retract,
    Begin,
    Return,
    Pass,
    Reject,
    Reoffer,
    Cancel,
    Deliver,
    Answer(u8),
    Decide,
}

/// One attempt: what, by whom, on which unit.
type Attempt = (Step, usize, usize);

/// Kinds of step, each as likely as the others where it is allowed at all; ends and refusals come by chance alone.
const LIKELY: [Step; 14] = [
    Step::Offer,
    Step::Withdraw,
    Step::Claim,
    Step::Start,
    Step::Pause,
    Step::Resume,
    Step::HandBack,
    Step::Submit,
    Step::Retract,
    Step::Begin,
    Step::Return,
    Step::Pass,
    Step::Deliver,
    Step::Decide,
];

/// What a case is made of: a number that picks one of the allowed attempts, or any attempt at all.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Allowed(usize),
    Any(Attempt),
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let likely = (0..LIKELY.len()).prop_map(|kind| LIKELY[kind]);
    let rare = prop_oneof![Just(Step::Reject), Just(Step::Reoffer), Just(Step::Cancel)];
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
            .chain([Step::Answer(bits), Step::Reject, Step::Reoffer])
            .map(|step| reference.allowed(step))
            .filter(|attempts| !attempts.is_empty())
            .collect();
        let Some(attempts) = (!kinds.is_empty()).then(|| &kinds[number % kinds.len()]) else {
            return (Step::Offer, 0, 0);
        };
        attempts[number / kinds.len() % attempts.len()]
    }
}

/// A unit as the reference model sees it: words for states, written down without looking at `units::next`.
#[derive(Debug, Clone)]
struct Piece {
    state: &'static str,
    holder: Option<usize>,
    /// A decision about a fix gave it a day of its own.
    own_day: bool,
    makers: BTreeSet<usize>,
    checkers: BTreeSet<usize>,
    /// Who earned its pay, or was refused it: nobody is offered the same unit then.
    done_with: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
struct Reference {
    pieces: Vec<Piece>,
    /// Workers before whom the job lies.
    offered: bool,
    /// The units of each delivery that waits for its answer, oldest first.
    deliveries: Vec<Vec<usize>>,
}

impl Reference {
    fn new() -> Self {
        let piece = Piece {
            state: "draft",
            holder: None,
            own_day: false,
            makers: BTreeSet::new(),
            checkers: BTreeSet::new(),
            done_with: BTreeSet::new(),
        };
        Self { pieces: vec![piece; UNITS], offered: false, deliveries: Vec::new() }
    }

    fn has_ended(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece.state, "accepted" | "cancelled"))
    }

    /// Every attempt of one kind that is allowed now.
    fn allowed(&self, step: Step) -> Vec<Attempt> {
        let all = (0..PEOPLE).flat_map(|person| (0..UNITS).map(move |unit| (step, person, unit)));
        all.filter(|attempt| self.clone().play(*attempt)).collect()
    }

    /// Plays one attempt; whether it is allowed.
    fn play(&mut self, (step, person, unit): Attempt) -> bool {
        match step {
            Step::Offer => self.offer(),
            Step::Withdraw => self.withdraw(),
            Step::Claim => self.claim(person),
            Step::Deliver => self.deliver(),
            Step::Answer(bits) => self.answer(bits),
            _ => self.play_one(step, person, unit),
        }
    }

    fn play_one(&mut self, step: Step, person: usize, unit: usize) -> bool {
        let Some(piece) = self.pieces.get_mut(unit) else { return false };
        let own = piece.holder == Some(person);
        let judges = matches!(piece.state, "submitted" | "checking") && !piece.makers.contains(&person);
        let to = match (step, piece.state) {
            (Step::Start, "claimed" | "returned")
            | (Step::Resume, "paused")
            | (Step::Retract, "submitted")
                if own =>
            {
                "working"
            }
            (Step::Pause, "working") if own => "paused",
            (Step::HandBack, "claimed" | "working" | "paused" | "returned") if own && self.offered => {
                "offered"
            }
            // Nobody is offered the job any more: it waits to be offered anew.
            (Step::HandBack, "claimed" | "working" | "paused" | "returned") if own => "draft",
            (Step::Submit, "claimed" | "working" | "returned") if own => "submitted",
            (Step::Begin, "submitted") if judges => "checking",
            (Step::Return, _) if judges => "returned",
            (Step::Pass, _) if judges => "passed",
            (Step::Reject, _) if judges => "rejected",
            (Step::Reoffer, "rejected") => "offered",
            (Step::Decide, "claimed_back") => "working",
            (Step::Cancel, state) if state != "accepted" && state != "cancelled" => "cancelled",
            _ => return false,
        };
        match to {
            "submitted" => piece.makers.insert(person),
            "returned" | "passed" | "rejected" => piece.checkers.insert(person),
            _ => false,
        };
        if matches!(to, "passed" | "rejected") {
            piece.done_with.extend(piece.holder);
        }
        if matches!(to, "offered" | "draft") {
            piece.holder = None;
        }
        piece.own_day |= matches!(step, Step::Decide);
        piece.state = to;
        true
    }

    fn offer(&mut self) -> bool {
        let waits = |piece: &Piece| matches!(piece.state, "draft" | "offered");
        if self.has_ended() || !self.pieces.iter().any(waits) {
            return false;
        }
        self.offered = true;
        for piece in self.pieces.iter_mut().filter(|piece| piece.state == "draft") {
            piece.state = "offered";
        }
        true
    }

    /// Whatever nobody has is a draft again, and nobody is offered anything until it is offered anew.
    fn withdraw(&mut self) -> bool {
        if self.has_ended() || self.pieces.iter().all(|piece| piece.state != "offered") {
            return false;
        }
        self.offered = false;
        for piece in self.pieces.iter_mut().filter(|piece| piece.state == "offered") {
            piece.state = "draft";
        }
        true
    }

    fn claim(&mut self, person: usize) -> bool {
        if !self.offered || person >= WORKERS {
            return false;
        }
        // Units on the job's own day go first; what came back has a day of its own, and terms name one day.
        let free = |piece: &Piece| {
            piece.state == "offered"
                && !piece.checkers.contains(&person)
                && !piece.done_with.contains(&person)
        };
        let own_day = !self.pieces.iter().any(|piece| free(piece) && !piece.own_day);
        let next = |piece: &&mut Piece| free(piece) && piece.own_day == own_day;
        let Some(piece) = self.pieces.iter_mut().find(next) else { return false };
        piece.state = "claimed";
        piece.holder = Some(person);
        true
    }

    fn deliver(&mut self) -> bool {
        let mut bundle = Vec::new();
        for (index, piece) in self.pieces.iter_mut().enumerate() {
            if piece.state == "passed" {
                piece.state = "delivered";
                bundle.push(index);
            }
        }
        let any = !bundle.is_empty();
        if any {
            self.deliveries.push(bundle);
        }
        any
    }

    fn answer(&mut self, bits: u8) -> bool {
        if self.deliveries.is_empty() {
            return false;
        }
        for index in self.deliveries.remove(0) {
            if let Some(piece) = self.pieces.get_mut(index).filter(|piece| piece.state == "delivered") {
                piece.state = if wants_fix(bits, index) { "claimed_back" } else { "accepted" };
            }
        }
        true
    }
}

fn wants_fix(bits: u8, unit: usize) -> bool {
    bits >> unit & 1 == 1
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
    fn new(town: &'a Town, people: &'a [PersonId]) -> Self {
        let order = town.order_of(1000, ORDERED).id;
        let input = town.job_input(UNITS);
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
            Step::Submit => {
                let input = SubmitInput { result_text: "版".into(), ..SubmitInput::default() };
                town.attempt(person, |tx| submissions::submit(tx, unit, input)).is_ok()
            }
            Step::Retract => town.attempt(person, |tx| submissions::retract(tx, unit)).is_ok(),
            Step::Begin | Step::Return | Step::Pass | Step::Reject => self.judge(step, person, unit),
            Step::Reoffer => town.attempt(town.director, |tx| units::reoffer(tx, unit)).is_ok(),
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

    fn judge(&self, step: Step, person: PersonId, unit: UnitId) -> bool {
        let town = self.town;
        let versions = town.act(person, |tx| submissions::of_unit(tx, unit));
        let Some(version) = versions.last().map(|version| version.submission.id) else { return false };
        let input = match step {
            Step::Begin => return town.attempt(person, |tx| reviews::begin(tx, version)).is_ok(),
            Step::Return => returned("typo"),
            Step::Reject => ReviewInput { verdict: "reject".into(), ..returned("unreadable") },
            _ => ReviewInput { verdict: "pass".into(), ..ReviewInput::default() },
        };
        town.attempt(person, |tx| reviews::decide(tx, version, input)).is_ok()
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
    let outcome = TestRunner::new(config).run(&choices(), |choices| {
        let (mut stage, mut reference) = (Stage::new(&town, &people), Reference::new());
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
