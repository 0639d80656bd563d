//! How much of a job is looked at, and how one person stands in one kind of work. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, JobId, PersonId, SubmissionId, Typed, UnitId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use workforce::skills::SkillId;

use super::plans::{FlowPlan, Share};

kernel::id!(
    /// How one person is looked at in one kind of work.
    StreamId
);
kernel::id!(
    /// What some units are drawn with.
    SeedId
);

text_enum!(
    /// How much of a job's work is looked at.
    Rule {
        /// Everything, always.
        All = "all",
        /// Everything until so many units in a row were good, then one in so many.
        Flow = "flow",
    }
);

text_enum!(
    /// How much of somebody's work is looked at.
    Phase {
        /// Everything.
        All = "all",
        /// Some, by lot.
        Some = "some",
    }
);

text_enum!(
    /// Why somebody is looked at more, or less.
    SwitchReason {
        /// So many good units in a row.
        CleanRun = "clean_run",
        /// Review found a defect of theirs.
        Defect = "defect",
        /// A client did.
        ClientDefect = "client_defect",
        /// Another reviewer said that the defect was none of theirs.
        Appeal = "appeal",
    }
);

/// How much of a job's work is looked at, one version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobSampling {
    /// The job.
    pub job_id: JobId,
    /// The version, from 1.
    pub number: i32,
    /// How much.
    pub rule: Rule,
    /// How many good units in a row it takes; none where everything is looked at.
    pub clean: Option<i16>,
    /// Of how many units one is looked at then; none where everything is.
    pub one_in: Option<i16>,
    /// Who said so.
    pub changed_by: PersonId,
    /// When.
    pub changed_at: DateTime<Utc>,
}

impl JobSampling {
    /// Its plan; none where everything is looked at.
    pub fn plan(&self) -> Option<FlowPlan> {
        let small = |number: Option<i16>| number.and_then(|number| u16::try_from(number).ok());
        Some(FlowPlan { clean: small(self.clean)?, one_in: small(self.one_in)? })
    }
}

/// Where a page of versions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamplingKey(pub i32);

/// How much is looked at, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "based_on": 0, "rule": "flow", "clean": 15, "one_in": 5 }]))]
pub struct SamplingInput {
    /// The version it was written over, 0 where there was none; required, so that nobody's plan is replaced unread.
    pub based_on: Typed,
    /// A [`Rule`]'s word; required.
    #[schemars(with = "Rule")]
    pub rule: Typed,
    /// How many good units in a row it takes, 3 to 100; required with `flow`.
    pub clean: Typed,
    /// Of how many units one is looked at then, 2 to 20; required with `flow`.
    pub one_in: Typed,
}

impl SamplingInput {
    /// What stands, to be changed.
    pub fn of(sampling: &JobSampling) -> Self {
        let number =
            |number: Option<i16>| number.map_or_else(String::new, |number| number.to_string()).into();
        Self {
            based_on: sampling.number.to_string().into(),
            rule: sampling.rule.as_str().into(),
            clean: number(sampling.clean),
            one_in: number(sampling.one_in),
        }
    }

    pub(super) fn checked(&self) -> Result<(i32, Option<FlowPlan>), Invalid> {
        let mut checks = Checks::new();
        let number = checks.number("based_on", &self.based_on, 0..=i64::from(i32::MAX));
        let rule: Option<Rule> = checks.choice("rule", &self.rule);
        let plan = (rule == Some(Rule::Flow)).then(|| {
            let mut small =
                |field, typed, range| u16::try_from(checks.number(field, typed, range)).unwrap_or_default();
            FlowPlan {
                clean: small("clean", &self.clean, 3..=100),
                one_in: small("one_in", &self.one_in, 2..=20),
            }
        });
        checks.done((i32::try_from(number).unwrap_or_default(), plan))
    }
}

/// How one person is looked at in one kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SamplingStream")]
pub struct Stream {
    /// Its id.
    pub id: StreamId,
    /// Who.
    pub person_id: PersonId,
    /// The skill that kind of work asks for; none where it asks for none.
    pub skill_id: Option<SkillId>,
    /// What the first job of that kind was called, where it asks for no skill; empty where it asks for one.
    pub title: String,
    /// That name as it is compared.
    #[serde(skip)]
    pub(super) kind: String,
    /// How much is looked at.
    pub phase: Phase,
    /// Good units in a row that were looked at.
    pub run: i32,
}

/// How much of somebody is looked at, and what they have behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) phase: Phase,
    pub(super) run: i32,
}

/// What was seen of somebody's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Good,
    Bad,
    BadByClient,
    /// What was bad is not any more.
    Cleared,
}

impl Stream {
    pub(super) fn standing(&self) -> Run {
        Run { phase: self.phase, run: self.run }
    }

    /// The run by which some of a job's work is looked at; none where all of it is. A job may ask for a longer run than the one
    /// that led somebody here.
    pub(super) fn run_of(&self, plan: FlowPlan) -> Option<i32> {
        self.standing().is_enough(plan).then_some(self.run)
    }
}

impl Run {
    pub(super) fn is_enough(self, plan: FlowPlan) -> bool {
        self.phase == Phase::Some && self.run >= plan.clean.into()
    }

    /// How somebody stands after something was seen of their work, and why, where that changes how much is looked at (CSP-1).
    pub(super) fn after(self, seen: Seen, plan: FlowPlan) -> (Self, Option<SwitchReason>) {
        let clean = i32::from(plan.clean);
        let (next, reason) = match seen {
            Seen::Good => {
                let run = self.run.saturating_add(1);
                let phase = if run >= clean { Phase::Some } else { self.phase };
                (Self { phase, run }, SwitchReason::CleanRun)
            }
            Seen::Bad => (Self { phase: Phase::All, run: 0 }, SwitchReason::Defect),
            Seen::BadByClient => (Self { phase: Phase::All, run: 0 }, SwitchReason::ClientDefect),
            Seen::Cleared => (Self { phase: Phase::Some, run: clean }, SwitchReason::Appeal),
        };
        (next, (next.phase != self.phase).then_some(reason))
    }
}

/// How somebody stands in one kind of work, with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "SamplingStanding")]
pub struct Standing {
    /// How they are looked at.
    #[serde(flatten)]
    pub stream: Stream,
    /// How often their work is good.
    pub reliability: Reliability,
}

/// Where a page of standings in one kind of work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingKey(pub PersonId);

/// One change of how much is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SamplingSwitch")]
pub struct Switch {
    /// Its id.
    #[serde(skip)]
    pub(super) id: i64,
    /// Of whom, in which kind of work.
    pub stream_id: StreamId,
    /// Who.
    pub person_id: PersonId,
    /// How much from then on.
    pub phase: Phase,
    /// Why.
    pub reason: SwitchReason,
    /// The unit that led to it.
    pub unit_id: UnitId,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// A kind of work: the skill it asks for; where it asks for none, the jobs of one name, whatever numbers stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The skill.
    pub skill_id: Option<SkillId>,
    /// The jobs' name as it is compared; empty where there is a skill.
    pub(super) name: String,
}

/// Whose changes are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwitchesOf {
    /// Those of one person in one kind of work.
    Stream(StreamId),
    /// Those of everybody in one kind of work.
    Kind(Kind),
}

/// Where a page of changes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchKey(pub i64);

/// What units are drawn with, as far as it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SamplingSeed")]
pub struct Seed {
    /// Its id.
    pub id: SeedId,
    /// SHA-256 of the seed's 32 bytes, in hex: open from the beginning.
    pub commitment: String,
    /// The seed itself, in hex; none while units are drawn with it.
    pub seed: Option<String>,
    /// When it was committed to.
    pub committed_at: DateTime<Utc>,
    /// When it was shown.
    pub revealed_at: Option<DateTime<Utc>>,
}

/// Where a page of seeds ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedKey(pub SeedId);

/// One draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SamplingDraw")]
pub struct Draw {
    /// The version.
    pub submission_id: SubmissionId,
    /// The unit.
    pub unit_id: UnitId,
    /// What it was drawn with.
    pub seed_id: SeedId,
    /// Its place in the seed's draws, from 1.
    pub number: i32,
    /// One in how many was looked at.
    pub one_in: i16,
    /// Whether it was.
    pub is_looked_at: bool,
    /// When.
    pub drawn_at: DateTime<Utc>,
}

/// Where a page of draws ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawKey(pub i32);

/// What is known of how often somebody's work is good: an interval, and never one number. From a uniform prior; what is sixty units
/// back weighs half.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Reliability {
    /// First versions that were looked at, 500 at most.
    pub looked_at: i64,
    /// Of them, those with a defect through their maker's fault.
    pub defects: i64,
    /// The share of good ones, 0 to 1, lies above this with a probability of 95 %.
    pub low: f64,
    /// And below this.
    pub high: f64,
}

impl Reliability {
    /// From counts, and from the same weighted by their age.
    pub(super) fn of((looked_at, defects): (i64, i64), share: Share) -> Self {
        let (least, most) = share.interval(0.9);
        Self { looked_at, defects, low: 1.0 - most, high: 1.0 - least }
    }

    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self::of((0, 0), Share { bad: 0.0, good: 0.0 })
    }
}

/// Whether the draw of that number with that seed is looked at: the first eight bytes of SHA-256 of the seed and the number (eight
/// bytes, the greatest first) are divided by `one_in` without a rest. Anybody with the seed can do the same.
pub fn is_drawn(seed: &[u8; 32], number: i32, one_in: u16) -> bool {
    let mut hash = Sha256::new();
    hash.update(seed);
    hash.update(i64::from(number).to_be_bytes());
    let digest = hash.finalize();
    let first = digest.iter().take(8).fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
    first.is_multiple_of(u64::from(one_in.max(1)))
}

#[cfg(test)]
mod tests {
    use kernel::Code;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_in_so_many_is_drawn_and_the_same_seed_draws_the_same() {
        for one_in in [2, 5, 10, 20] {
            let seeds = (0..50u8).map(|first| [first; 32]);
            let drawn: usize =
                seeds.map(|seed| (1..=200).filter(|number| is_drawn(&seed, *number, one_in)).count()).sum();
            let expected = 10_000 / usize::from(one_in);
            assert!(drawn.abs_diff(expected) < expected / 5, "{drawn} of 10,000 at one in {one_in}");
        }
        // As Python's hashlib has it of 32 zero bytes and the number.
        let drawn: Vec<i32> = (1..=12).filter(|number| is_drawn(&[0; 32], *number, 4)).collect();
        assert_eq!(drawn, DRAWN);
    }

    const DRAWN: [i32; 4] = [1, 2, 8, 12];

    #[test]
    fn reliability_is_an_interval_that_narrows() {
        let of = |looked_at: i32, defects: i32| {
            let share = Share { bad: defects.into(), good: (looked_at - defects).into() };
            Reliability::of((looked_at.into(), defects.into()), share)
        };
        let (none, some, many) = (Reliability::unknown(), of(20, 1), of(200, 10));
        assert!(none.low < 0.06 && none.high > 0.94, "nothing is known yet");
        assert!(many.high - many.low < (some.high - some.low) / 2.0);
        assert!(some.low < 0.95 && 0.95 < some.high);
    }

    #[test]
    fn a_plan_is_whole_and_within_bounds() {
        let input = |rule: &str, clean: &str, one_in: &str| SamplingInput {
            based_on: "0".into(),
            rule: rule.into(),
            clean: clean.into(),
            one_in: one_in.into(),
        };
        assert_eq!(input("flow", "15", "5").checked().unwrap().1, Some(FlowPlan { clean: 15, one_in: 5 }));
        assert_eq!(input("all", "15", "5").checked().unwrap().1, None, "what is not asked is not read");
        let codes = |rule, clean, one_in| -> Vec<(String, Code)> {
            let problems = input(rule, clean, one_in).checked().unwrap_err().0;
            problems.into_iter().map(|one| (one.field, one.code)).collect()
        };
        assert_eq!(codes("", "", ""), [("rule".to_owned(), Code::Required)]);
        assert_eq!(
            codes("flow", "2", "21"),
            [("clean".to_owned(), Code::OutOfRange), ("one_in".to_owned(), Code::OutOfRange)]
        );
    }

    proptest! {
        #[test]
        fn some_is_looked_at_only_behind_a_clean_run_and_each_change_has_its_reason(
            seen in proptest::collection::vec(0u8..10, 0..200), clean in 3u16..20, one_in in 2u16..20,
        ) {
            let plan = FlowPlan { clean, one_in };
            let mut now = Run { phase: Phase::All, run: 0 };
            let mut behind = 0i32;
            for one in seen {
                let seen = match one { 0 => Seen::Bad, 1 => Seen::BadByClient, _ => Seen::Good };
                behind = if seen == Seen::Good { behind + 1 } else { 0 };
                let (next, reason) = now.after(seen, plan);
                prop_assert_eq!(next.is_enough(plan), behind >= clean.into());
                prop_assert_eq!(reason.is_some(), next.phase != now.phase);
                now = next;
            }
        }
    }
}
