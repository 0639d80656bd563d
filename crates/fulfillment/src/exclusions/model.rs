//! What an exclusion is and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, CompanyId, Invalid, JobId, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A job, or a client's work, that somebody is not asked to do.
    ExclusionId
);

text_enum!(
    /// Why. Nothing more is asked and nothing more is kept.
    #[schemars(rename = "ExclusionReason")]
    Reason {
        /// Somebody close to them works for the client.
        ClosePerson = "close_person",
        /// They work for the client themselves, or do business with it.
        WorksThere = "works_there",
        /// They asked for it.
        OwnWish = "own_wish",
    }
);

text_enum!(
    /// How far it goes.
    #[schemars(rename = "ExclusionExtent")]
    Extent {
        /// The job alone.
        Job = "job",
        /// All work of the job's client, what is to come as well.
        Client = "client",
    }
);

/// What is kept from somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One job.
    Job(JobId),
    /// All work of a client.
    Client(CompanyId),
}

/// Work that somebody is not asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exclusion {
    /// Its id.
    pub id: ExclusionId,
    /// Who is not asked.
    pub worker_id: WorkerId,
    /// The job; none where it is all work of a client.
    pub job_id: Option<JobId>,
    /// The client; none where it is one job.
    pub company_id: Option<CompanyId>,
    /// Why.
    pub reason: Reason,
    /// The last day it counts; none until it is taken back.
    pub until: Option<NaiveDate>,
    /// Who said so.
    pub excluded_by: PersonId,
    /// When.
    pub excluded_at: DateTime<Utc>,
    /// Who took it back; none while nobody has.
    pub lifted_by: Option<PersonId>,
    /// When.
    pub lifted_at: Option<DateTime<Utc>>,
}

impl Exclusion {
    /// Whether it counts on a day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.lifted_at.is_none() && self.until.is_none_or(|until| until >= day)
    }
}

/// A job under way, as it is chosen from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The job.
    pub job: JobId,
    /// What it is called.
    pub title: String,
    /// Its client.
    pub company: CompanyId,
}

/// An exclusion as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "job_id": 5, "extent": "client", "reason": "close_person" }]))]
pub struct ExclusionInput {
    /// The job, or one of the client's jobs; required.
    pub job_id: Typed,
    /// A word of `ExclusionExtent`; required.
    #[schemars(with = "Extent")]
    pub extent: Typed,
    /// A word of `ExclusionReason`; required.
    #[schemars(with = "Reason")]
    pub reason: Typed,
    /// The last day it counts, today or later; empty until it is taken back.
    pub until: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) job: JobId,
    pub(super) extent: Extent,
    pub(super) reason: Reason,
    pub(super) until: Option<NaiveDate>,
}

impl ExclusionInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<Fields, Invalid> {
        let mut checks = Checks::new();
        let job = JobId(checks.number("job_id", &self.job_id, 1..=i64::MAX));
        let extent = checks.choice("extent", &self.extent).unwrap_or(Extent::Job);
        let reason = checks.choice("reason", &self.reason).unwrap_or(Reason::OwnWish);
        let until = checks.optional_date("until", &self.until);
        if until.is_some_and(|day| day < today) {
            checks.problem("until", Code::InThePast);
        }
        checks.done(Fields { job, extent, reason, until })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_said_but_the_last_day_and_that_is_not_over() {
        let today = "2026-05-01".parse().unwrap();
        let input = |job: &str, reason: &str, until: &str| ExclusionInput {
            job_id: job.into(),
            extent: "client".into(),
            reason: reason.into(),
            until: until.into(),
        };
        let fields = input("5", "close_person", "").checked(today).unwrap();
        assert_eq!((fields.job, fields.extent, fields.until), (JobId(5), Extent::Client, None));
        assert!(input("5", "works_there", "2026-05-01").checked(today).is_ok(), "the last day counts");
        for (wrong, field) in [
            (input("", "close_person", ""), "job_id"),
            (input("5", "", ""), "reason"),
            (input("5", "because", ""), "reason"),
            (input("5", "own_wish", "2026-04-30"), "until"),
        ] {
            assert_eq!(wrong.checked(today).unwrap_err().0[0].field, field);
        }
    }
}
