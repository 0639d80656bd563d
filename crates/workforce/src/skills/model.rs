//! What a skill is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, FileId, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::availability::Asks;

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

text_enum!(
    /// What shows that somebody can do something.
    #[schemars(rename = "SkillEvidence")]
    Evidence {
        /// What somebody saw or was told.
        Note = "note",
        /// A paper: a certificate, a sample of work.
        File = "file",
        /// A training that they completed.
        Training = "training",
        /// A trial batch that came out well.
        Trial = "trial",
    }
);

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
    /// What shows that they have it.
    pub evidence: Evidence,
    /// More about that; may be empty.
    pub evidence_note: String,
    /// The paper, where there is one.
    pub file_id: Option<FileId>,
    /// Who looked at it; nobody where it was granted before anybody was asked.
    pub confirmed_by: Option<PersonId>,
    /// When they did.
    pub confirmed_on: Option<NaiveDate>,
}

impl WorkerSkill {
    /// Whether it counts on `day`.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.expires_on.is_none_or(|last| day <= last)
    }
}

/// What some work asks of whoever does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Needs {
    /// A skill; none means that anybody may do it.
    pub skill: Option<SkillId>,
    /// From which level on.
    pub level: i16,
    /// How it is done.
    pub asks: Asks,
    /// When it is due, where that is known.
    pub due_on: Option<NaiveDate>,
}

impl Needs {
    /// Nothing: anybody may do it.
    pub const NOTHING: Self = Self {
        skill: None,
        level: 1,
        asks: Asks { phone: false, video: false, long_slots: false },
        due_on: None,
    };

    /// A skill at any level.
    pub const fn skill(skill: SkillId) -> Self {
        Self { skill: Some(skill), ..Self::NOTHING }
    }
}

/// A skill that is about to run out, or has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ExpiringSkill")]
pub struct Expiring {
    /// Whose.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// Which skill.
    pub skill_id: SkillId,
    /// Its name.
    pub name: String,
    /// 1 to 3.
    pub level: i16,
    /// The last day it counts, or counted.
    pub expires_on: NaiveDate,
}

/// Where a page of expiring skills ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiringKey(pub NaiveDate, pub WorkerId, pub SkillId);

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
        /// Their skill is below the level that is asked for.
        SkillBelow = "skill_below",
        /// It asks for something that they do not do, such as calls.
        NotTheirWay = "not_their_way",
        /// They have today off.
        OffToday = "off_today",
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
#[schemars(extend("examples" = [{ "level": 2, "expires_on": "2028-03-31", "evidence": "note", "evidence_note": "前の仕事で3年" }]))]
pub struct GrantInput {
    /// 1 to 3; empty means 1.
    pub level: Typed,
    /// The last day it counts, today or later; empty means for good.
    pub expires_on: Typed,
    /// What shows it: `note`, `training` or `trial`; empty means `note`, and `file` where a file is named.
    #[schemars(with = "Option<Evidence>")]
    pub evidence: Typed,
    /// More about that, such as what somebody saw; may be empty. Nothing about the person's circumstances belongs here.
    pub evidence_note: Typed,
    /// An uploaded file that shows it; empty means none.
    pub file_id: Typed,
}

/// What somebody learned, in a course or in a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Learned {
    pub(crate) level: i16,
    pub(crate) expires_on: Option<NaiveDate>,
    pub(crate) evidence: Evidence,
    pub(crate) note: String,
}

impl Learned {
    /// Whether it says more than what somebody has already: nobody can do less for having learned.
    pub(super) fn adds_to(&self, had: &WorkerSkill, today: NaiveDate) -> bool {
        let lasts = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
        let is_more = (self.level, lasts(self.expires_on)) > (had.level, lasts(had.expires_on));
        !had.counts_on(today) || is_more
    }
}

/// What is granted, with every rule passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) level: i16,
    pub(crate) expires_on: Option<NaiveDate>,
    pub(crate) evidence: Evidence,
    pub(crate) note: String,
    pub(crate) file: Option<FileId>,
}

impl SkillInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        checks.done(name)
    }
}

impl GrantInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<Grant, Invalid> {
        let mut checks = Checks::new();
        let level = checks.optional_number("level", &self.level, 1..=3).unwrap_or(1);
        let expires_on = checks.optional_date("expires_on", &self.expires_on);
        if expires_on.is_some_and(|last| last < today) {
            checks.problem("expires_on", Code::InThePast);
        }
        let note = checks.lines("evidence_note", &self.evidence_note, 500);
        let file = checks.optional_number("file_id", &self.file_id, 1..=i64::MAX).map(FileId);
        let evidence = self.evidence(&mut checks, file);
        let level = i16::try_from(level).unwrap_or(1);
        checks.done(Grant { level, expires_on, evidence, note, file })
    }

    fn evidence(&self, checks: &mut Checks, file: Option<FileId>) -> Evidence {
        let typed = match self.evidence.as_str().trim() {
            "" if file.is_some() => return Evidence::File,
            "" => return Evidence::Note,
            _ => checks.choice("evidence", &self.evidence).unwrap_or(Evidence::Note),
        };
        // A paper is the evidence where there is one, and nothing else is.
        if (typed == Evidence::File) != file.is_some() {
            let missing = typed == Evidence::File;
            checks.problem("file_id", if missing { Code::Required } else { Code::UnknownChoice });
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_evidence_where_there_is_one_and_only_there() {
        let read = |evidence: &str, file: &str| {
            let input =
                GrantInput { evidence: evidence.into(), file_id: file.into(), ..GrantInput::default() };
            input
                .checked(NaiveDate::default())
                .map(|grant| grant.evidence)
                .map_err(|invalid| invalid.0[0].code)
        };
        assert_eq!((read("", ""), read("", "7")), (Ok(Evidence::Note), Ok(Evidence::File)));
        assert_eq!((read("trial", ""), read("file", "7")), (Ok(Evidence::Trial), Ok(Evidence::File)));
        assert_eq!((read("file", ""), read("trial", "7")), (Err(Code::Required), Err(Code::UnknownChoice)));
        assert_eq!(read("rumour", ""), Err(Code::UnknownChoice));
    }

    #[test]
    fn a_skill_is_granted_until_today_or_later() {
        let today: NaiveDate = "2026-11-27".parse().unwrap();
        let read = |until: &str| {
            let input = GrantInput { expires_on: until.into(), ..GrantInput::default() };
            input.checked(today).map_err(|invalid| (invalid.0[0].field.clone(), invalid.0[0].code))
        };
        for ahead in ["", "2026-11-27", "2030-01-01"] {
            assert!(read(ahead).is_ok(), "{ahead}");
        }
        for past in ["2026-11-26", "2020-01-01"] {
            assert_eq!(read(past).unwrap_err(), ("expires_on".to_owned(), Code::InThePast), "{past}");
        }
    }
}
