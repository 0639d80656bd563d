//! What a round is, what it decides about everybody, and what a portion is. No database here.

use chrono::{DateTime, Utc};
use kernel::{JobId, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use workforce::skills::Fitness;

use crate::jobs::OfferRule;

kernel::id!(
    /// One look at everybody for what waits of a job.
    RoundId
);

text_enum!(
    /// How a look at everybody ended.
    #[schemars(rename = "OfferRoundKind")]
    RoundKind {
        /// Those in the line got portions and a time to answer.
        Round = "round",
        /// Nobody was left to be asked in turn, or the job is first come: whoever it fits may take what waits.
        Pool = "pool",
        /// Coordination put what came back before somebody by name.
        Named = "named",
    }
);

text_enum!(
    /// What a round decided about somebody. None of these is a mark on them.
    #[schemars(rename = "OfferOutcome")]
    Outcome {
        /// They were offered a portion.
        Asked = "asked",
        /// They stand in the line, and the work ended before it reached them.
        NotReached = "not_reached",
        /// They may take of the open pool.
        Told = "told",
        /// The town has not said yet that they begin.
        NotStarted = "not_started",
        /// They take a rest.
        Resting = "resting",
        /// They wish for no hours.
        NoWish = "no_wish",
        /// They have not got the skill it asks for.
        NoSkill = "no_skill",
        /// Their skill no longer counts.
        SkillExpired = "skill_expired",
        /// Their skill is below the level it asks for.
        SkillBelow = "skill_below",
        /// It asks for something that they do not do, such as calls, or is due too soon for them.
        NotTheirWay = "not_their_way",
        /// They had that day off.
        OffToday = "off_today",
        /// Their week has no time for one unit more.
        NoTime = "no_time",
        /// They said no to this job.
        Declined = "declined",
        /// They did not answer about this job in time.
        Passed = "passed",
        /// They still have time to answer about a portion of it.
        HasPortion = "has_portion",
        /// What waits went through their hands already: they checked it, were paid for it, or were refused it.
        NotForThem = "not_for_them",
        /// The town does not ask them to do this work.
        NotAsked = "not_asked",
    }
);

impl Outcome {
    /// Whether they stood in the line.
    pub const fn is_in_line(self) -> bool {
        matches!(self, Self::Asked | Self::NotReached)
    }

    /// Why work is not put before somebody at all.
    pub(super) const fn of_fitness(fitness: Fitness) -> Option<Self> {
        match fitness {
            Fitness::Fits => None,
            Fitness::NotStarted => Some(Self::NotStarted),
            Fitness::Resting => Some(Self::Resting),
            Fitness::NoWish => Some(Self::NoWish),
            Fitness::NoSkill => Some(Self::NoSkill),
            Fitness::SkillExpired => Some(Self::SkillExpired),
            Fitness::SkillBelow => Some(Self::SkillBelow),
            Fitness::NotTheirWay => Some(Self::NotTheirWay),
            Fitness::OffToday => Some(Self::OffToday),
        }
    }
}

text_enum!(
    /// Where a portion stands.
    #[schemars(rename = "OfferPortionState")]
    PortionState {
        /// Waits for an answer; what was claimed of it already is taken from it.
        Open = "open",
        /// Was claimed, whole or in part.
        Claimed = "claimed",
        /// Was not wanted.
        Declined = "declined",
        /// Was not answered in time.
        Passed = "passed",
        /// The town took it back.
        Withdrawn = "withdrawn",
    }
);

/// What lies before one worker for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferPortion")]
pub struct OpenPortion {
    /// How many units are left of it.
    pub units: i64,
    /// By when to answer.
    pub answer_by: DateTime<Utc>,
}

/// One look at everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferRound")]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// The job.
    pub job: JobId,
    /// Counts the looks of this job, from 1.
    pub number: i32,
    /// How it ended.
    pub kind: RoundKind,
    /// What the lots among equals were drawn from, sixteen hex digits outside: with it anybody can draw them again, and no
    /// reader of JSON rounds it.
    #[serde(serialize_with = "as_hex")]
    #[schemars(with = "String")]
    pub seed: i64,
    /// How many units it shared out: those that waited and lay before nobody.
    pub waiting_units: i32,
    /// How many people stood in the line.
    pub candidates: i32,
    /// When.
    pub began_at: DateTime<Utc>,
    /// By when its portions are answered; none for a pool.
    pub answer_by: Option<DateTime<Utc>>,
}

/// A seed as everybody is shown it.
pub fn seed_in_hex(seed: i64) -> String {
    format!("{:016x}", seed.cast_unsigned())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn as_hex<S: Serializer>(seed: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&seed_in_hex(*seed))
}

/// Where a page of rounds ends: the number of its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundKey(pub i32);

/// What a round decided about one worker, and what they answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferDecision")]
pub struct Decision {
    /// Whom it is about.
    pub worker: WorkerId,
    /// What was decided.
    pub outcome: Outcome,
    /// Their place: the line comes first, then those who did not stand in it.
    pub place: i32,
    /// How many units they were offered.
    pub units: i32,
    /// What they had had of their wish, in thousandths; none where they wish for nothing.
    pub level_per_mille: Option<i32>,
    /// Minutes they were given within the four weeks before.
    pub granted_minutes: i32,
    /// Minutes a week they wish for.
    pub wished_minutes: i32,
    /// What became of their portion; none without one.
    pub answer: Option<PortionState>,
    /// How many units they took of it; none without one.
    pub claimed: Option<i32>,
}

/// Where a page of decisions ends: the place of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceKey(pub i32);

/// A round as it looked at one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferRoundOfWorker")]
pub struct RoundOfWorker {
    /// The round.
    pub round: Round,
    /// What it decided about them.
    pub decision: Decision,
}

/// Why one worker was offered a job, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OfferReasons")]
pub struct Why {
    /// How the job finds its people: in turn, or whoever of those whom it fits is first.
    pub rule: OfferRule,
    /// Since when everybody whom it fits may take of it; none while it is offered in turn.
    pub open_to_all_since: Option<DateTime<Utc>>,
    /// What the rounds of the job decided about them, the newest first; at most twenty.
    pub rounds: Vec<RoundOfWorker>,
    /// What lies before them now; none where nothing does.
    pub portion: Option<OpenPortion>,
    /// What keeps the job from them as they are today, whatever was decided then; none where nothing does.
    pub today: Option<Outcome>,
    /// Whether it lies before them, answered or not. What is open to all comes before whoever it has come to fit within a
    /// quarter of an hour.
    pub is_before: bool,
}
