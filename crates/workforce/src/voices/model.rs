//! What a voice is and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, WorkerId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// What a worker says about the programme.
    VoiceId
);

text_enum!(
    /// Where a voice stands; made of its times.
    VoiceState {
        /// The worker agreed that it is shown, and the town does not show it.
        Agreed = "agreed",
        /// Everybody can read it.
        Shown = "shown",
        /// The worker took their consent back.
        Withdrawn = "withdrawn",
    }
);

/// What a worker says about the programme (ワーカーの声).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Voice {
    /// Its id.
    pub id: VoiceId,
    /// Whose it is.
    pub worker_id: WorkerId,
    /// Their words.
    pub body: String,
    /// The name they want to be shown as.
    pub shown_as: String,
    /// When they agreed that it is shown.
    pub consented_at: DateTime<Utc>,
    /// When they took that back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Since when the town shows it.
    pub shown_at: Option<DateTime<Utc>>,
    /// Who chose to show it.
    pub shown_by: Option<PersonId>,
    /// Counts changes.
    pub version: i32,
}

impl Voice {
    /// Where it stands.
    pub fn state(&self) -> VoiceState {
        match (self.withdrawn_at, self.shown_at) {
            (Some(_), _) => VoiceState::Withdrawn,
            (None, Some(_)) => VoiceState::Shown,
            (None, None) => VoiceState::Agreed,
        }
    }
}

/// A voice as everybody reads it: nothing of whose it is but the name they chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublicVoice {
    /// Its id.
    pub id: VoiceId,
    /// The words.
    pub body: String,
    /// The name the worker chose.
    pub shown_as: String,
}

/// A voice as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "body": "子どもが寝たあとの1時間が、仕事の時間になりました。", "shown_as": "30代・2児の母", "consent": "yes" }]))]
pub struct VoiceInput {
    /// The words; required.
    pub body: Typed,
    /// The name to be shown as; required. It need not be one's own.
    pub shown_as: Typed,
    /// `yes`: everybody may read it; required.
    pub consent: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VoiceFields {
    pub(super) body: String,
    pub(super) shown_as: String,
}

impl VoiceInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<VoiceFields, Invalid> {
        let mut checks = Checks::new();
        let body = checks.required_lines("body", &self.body, 2000);
        let shown_as = checks.required_line("shown_as", &self.shown_as, 60);
        if !self.consent.is_yes() {
            checks.problem("consent", Code::Required);
        }
        checks.done(VoiceFields { body, shown_as })
    }
}
