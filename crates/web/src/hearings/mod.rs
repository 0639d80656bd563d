//! Hearing sheets: as a deal's page lists them, one sheet, its form with samples; JSON.

pub(crate) mod api;
pub(crate) mod forms;
pub(crate) mod pages;

use sales::hearings::{Hearing, Question};
use serde::Serialize;

use crate::call::Call;
use crate::paths;
use crate::phrases::{said, word};

/// A sheet in a list: the kind of work, what is known, what has not been asked.
#[derive(Debug, Serialize)]
pub(crate) struct HearingRow {
    id: String,
    href: String,
    job_kind: String,
    facts: Vec<String>,
    /// What has not been asked, in one phrase; empty where everything has.
    unasked: String,
}

impl HearingRow {
    pub(crate) fn of(call: &Call, hearing: &Hearing) -> Self {
        let personal = hearing.personal_data.map(|one| word(call, "hearing-has-personal-data", one));
        let known = [hearing.volume.clone(), hearing.deadline.clone(), personal.unwrap_or_default()];
        Self {
            id: format!("hearing-{}", hearing.id),
            href: paths::hearing(hearing.id),
            job_kind: hearing.job_kind.clone(),
            facts: known.into_iter().filter(|fact| !fact.is_empty()).collect(),
            unasked: unasked(call, &hearing.unasked()),
        }
    }
}

/// What has not been asked, in one phrase.
pub(crate) fn unasked(call: &Call, questions: &[Question]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let words: Vec<String> =
        questions.iter().map(|question| word(call, "hearing-question", question)).collect();
    said(call, "hearing-unasked", [("questions", &words.join(&call.text("hearing-comma")))])
}
