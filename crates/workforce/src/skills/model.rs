//! What a skill is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// Something a worker can do (スキル), as the town names it.
    SkillId
);

/// A skill the town asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Skill {
    /// Its id.
    pub id: SkillId,
    /// Its name; unique in the town.
    pub name: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// A skill as one worker has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkerSkill {
    /// Which skill.
    pub skill_id: SkillId,
    /// Its name.
    pub name: String,
    /// 1 to 3.
    pub level: i16,
    /// The last day it counts; none means for good.
    pub expires_on: Option<NaiveDate>,
}

/// Somebody who may be offered work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkerBrief {
    /// The worker.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// How many minutes a week they want at most.
    pub weekly_minutes: i32,
}

text_enum!(
    /// Whether work may be put before a worker, and why not.
    #[schemars(rename = "WorkerFitness")]
    Fitness {
        /// It may.
        Fits = "fits",
        /// The town has not said yet that they begin.
        NotStarted = "not_started",
        /// They take a rest.
        Resting = "resting",
        /// They wish for no hours.
        NoWish = "no_wish",
        /// They have not got the skill.
        NoSkill = "no_skill",
        /// Their skill no longer counts.
        SkillExpired = "skill_expired",
    }
);

/// Somebody in the programme, and whether some work may be put before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerFitness {
    /// Who.
    pub who: WorkerBrief,
    /// Whether, and why not.
    pub fitness: Fitness,
}

/// A skill's name as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "表計算" }]))]
pub struct SkillInput {
    /// Name; required.
    pub name: Typed,
}

/// What is granted to a worker, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "level": 2, "expires_on": "2028-03-31" }]))]
pub struct GrantInput {
    /// 1 to 3; empty means 1.
    pub level: Typed,
    /// The last day it counts; empty means for good.
    pub expires_on: Typed,
}

impl SkillInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        checks.done(name)
    }
}

impl GrantInput {
    pub(super) fn checked(&self) -> Result<(i16, Option<NaiveDate>), Invalid> {
        let mut checks = Checks::new();
        let level = checks.optional_number("level", &self.level, 1..=3).unwrap_or(1);
        let expires_on = checks.optional_date("expires_on", &self.expires_on);
        checks.done((i16::try_from(level).unwrap_or(1), expires_on))
    }
}
