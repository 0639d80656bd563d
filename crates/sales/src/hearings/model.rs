//! What a hearing sheet is and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use files::StoredFile;
use kernel::{Checks, Code, DealId, FileId, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::optional_choice;

kernel::id!(
    /// What a client said of one kind of work.
    HearingId
);

/// The most samples one request attaches.
const MOST_SAMPLES: usize = 10;

kernel::text_enum!(
    /// Whether there is personal data in the work: who may do it, and where, depends on it.
    PersonalData {
        /// There is.
        Yes = "yes",
        /// There is none.
        No = "no",
    }
);

kernel::text_enum!(
    /// What is asked about every kind of work.
    #[schemars(rename = "HearingQuestion")]
    Question {
        /// How much there is, and how often.
        Volume = "volume",
        /// A sample of it.
        Sample = "sample",
        /// By when it is wanted.
        Deadline = "deadline",
        /// Whether personal data is in it.
        PersonalData = "personal_data",
        /// With what it is done.
        Tools = "tools",
    }
);

/// What a client said of one kind of work (ヒアリングシート).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hearing {
    /// Its id.
    pub id: HearingId,
    /// The deal it is for.
    pub deal_id: DealId,
    /// The kind of work.
    pub job_kind: String,
    /// How much there is, in the client's words; empty where it has not been asked.
    pub volume: String,
    /// By when it is wanted, in the client's words; empty where it has not been asked.
    pub deadline: String,
    /// Whether personal data is in it; null where it has not been asked.
    pub personal_data: Option<PersonalData>,
    /// With what it is done: programs, forms, access; empty where it has not been asked.
    pub tools: String,
    /// Whatever else was said.
    pub note: String,
    /// What the client gave as a sample.
    pub samples: Vec<StoredFile>,
    /// Who began the sheet.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub changed_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

impl Hearing {
    /// What has not been asked yet, in the order of the sheet.
    pub fn unasked(&self) -> Vec<Question> {
        let is_open = |question: &Question| match question {
            Question::Volume => self.volume.is_empty(),
            Question::Sample => self.samples.is_empty(),
            Question::Deadline => self.deadline.is_empty(),
            Question::PersonalData => self.personal_data.is_none(),
            Question::Tools => self.tools.is_empty(),
        };
        Question::ALL.iter().copied().filter(is_open).collect()
    }
}

/// A sheet as typed into the form or sent to the API; empty means "not asked yet".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "job_kind": "名刺の入力", "volume": "毎月300枚ほど", "deadline": "毎月25日", "personal_data": "yes", "tools": "表計算" }]))]
pub struct HearingInput {
    /// The kind of work; required.
    pub job_kind: Typed,
    /// How much there is, and how often.
    pub volume: Typed,
    /// By when it is wanted.
    pub deadline: Typed,
    /// A word of [`PersonalData`].
    #[schemars(with = "Option<PersonalData>")]
    pub personal_data: Typed,
    /// With what it is done: programs, forms, access.
    pub tools: Typed,
    /// Whatever else was said.
    pub note: Typed,
    /// Ids of files that the caller has uploaded, to be added to the samples.
    pub samples: Vec<Typed>,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HearingFields {
    pub(super) job_kind: String,
    pub(super) volume: String,
    pub(super) deadline: String,
    pub(super) personal_data: Option<PersonalData>,
    pub(super) tools: String,
    pub(super) note: String,
    pub(super) samples: Vec<FileId>,
}

impl HearingInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<HearingFields, Invalid> {
        let mut checks = Checks::new();
        let job_kind = checks.required_line("job_kind", &self.job_kind, 200);
        let volume = checks.line("volume", &self.volume, 200);
        let deadline = checks.line("deadline", &self.deadline, 200);
        let personal_data = optional_choice(&mut checks, "personal_data", &self.personal_data);
        let tools = checks.line("tools", &self.tools, 500);
        let note = checks.lines("note", &self.note, 4000);
        let samples = self.samples(&mut checks);
        checks.done(HearingFields { job_kind, volume, deadline, personal_data, tools, note, samples })
    }

    fn samples(&self, checks: &mut Checks) -> Vec<FileId> {
        if self.samples.len() > MOST_SAMPLES {
            checks.bounded("samples", Code::TooLong, i64::try_from(MOST_SAMPLES).unwrap_or(i64::MAX));
            return Vec::new();
        }
        let named: Vec<Option<FileId>> =
            self.samples.iter().map(|typed| checks.choice("samples", typed)).collect();
        let mut samples: Vec<FileId> = named.into_iter().flatten().collect();
        samples.sort_unstable();
        samples.dedup();
        samples
    }
}

impl From<&Hearing> for HearingInput {
    /// What an edit form starts with; samples are only ever added.
    fn from(hearing: &Hearing) -> Self {
        Self {
            job_kind: hearing.job_kind.as_str().into(),
            volume: hearing.volume.as_str().into(),
            deadline: hearing.deadline.as_str().into(),
            personal_data: hearing.personal_data.map(PersonalData::as_str).unwrap_or_default().into(),
            tools: hearing.tools.as_str().into(),
            note: hearing.note.as_str().into(),
            samples: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_needs_the_kind_of_work_alone_and_reports_every_problem() {
        let input = HearingInput { job_kind: "名刺の入力".into(), ..HearingInput::default() };
        assert!(input.checked().is_ok());
        let wrong = HearingInput {
            personal_data: "多分".into(),
            samples: vec!["九".into()],
            ..HearingInput::default()
        };
        let found = wrong.checked().unwrap_err();
        let found: Vec<_> = found.0.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        let expected = [
            ("job_kind", Code::Required),
            ("personal_data", Code::UnknownChoice),
            ("samples", Code::UnknownChoice),
        ];
        assert_eq!(found, expected);
    }
}
