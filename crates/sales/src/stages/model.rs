//! What a stage is, what it may ask of a deal, and the seven a town begins with. No database here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::{BoardStageId, Checks, Code, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::optional_choice;
use crate::pipelines::PipelineId;

kernel::text_enum!(
    /// What a stage does to the deals in it. The kind decides, never the name.
    StageKind {
        /// Deals here are being worked on.
        Open = "open",
        /// Deals here are won.
        Won = "won",
        /// Deals here are lost.
        Lost = "lost",
    }
);

kernel::text_enum!(
    /// What a deal must have before it may enter a stage.
    #[schemars(rename = "StageRequirement")]
    Requirement {
        /// An amount above zero.
        Amount = "amount",
        /// A contact person.
        Contact = "contact",
        /// An expected closing date.
        ExpectedClose = "expected_close",
        /// A quote that stands.
        Quote = "quote",
    }
);

impl Requirement {
    /// The field of the deal that is missing where this requirement is not met.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Contact => "contact_id",
            Self::ExpectedClose => "expected_close_on",
            Self::Quote => "quote",
        }
    }
}

/// A column of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stage {
    /// Its id.
    pub id: BoardStageId,
    /// The pipeline it belongs to.
    pub pipeline_id: PipelineId,
    /// Its name in this town.
    pub name: String,
    /// Where it stands among those of its kind, from the left.
    pub position: i16,
    /// What it does.
    pub kind: StageKind,
    /// How likely a deal here is won, in percent.
    pub probability: i16,
    /// After how many days without a move or an activity a deal here counts as idle.
    pub idle_days: i16,
    /// What a deal must have to enter.
    pub requires: Vec<Requirement>,
    /// The open stages that a deal may go to from here; null where it may go to any of its pipeline.
    pub next: Option<Vec<BoardStageId>>,
    /// Counts its changes.
    pub version: i32,
    /// When the town took it away; no deal stands in it any more, and histories still name it.
    pub removed_at: Option<DateTime<Utc>>,
}

impl Stage {
    /// Whether the town's rules let a deal go from here to `to`, an open stage of the same pipeline.
    pub fn leads_to(&self, to: BoardStageId) -> bool {
        self.next.as_ref().is_none_or(|next| next.contains(&to))
    }
}

kernel::text_enum!(
    /// Which open stages may follow a stage.
    #[schemars(rename = "StageSteps")]
    Steps {
        /// Every one of its pipeline, in either direction.
        Any = "any",
        /// Those that are named, and no others.
        Named = "named",
    }
);

/// A stage as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "契約書の確認", "probability": 70, "idle_days": 7, "requires": ["amount"] }]))]
pub struct StageInput {
    /// Name; required and unlike the others'.
    pub name: Typed,
    /// Percent; 0 to 99 for an open stage, 100 for a won one and 0 for a lost one.
    pub probability: Typed,
    /// Days, at least 1.
    pub idle_days: Typed,
    /// Words of `StageRequirement`.
    pub requires: Vec<Typed>,
    /// A word of `StageSteps`; `any` where empty, as always for a won or lost stage.
    #[schemars(with = "Option<Steps>")]
    pub steps: Typed,
    /// The open stages that may follow, where they are named; none leaves winning, losing and resting.
    pub next: Vec<Typed>,
}

kernel::text_enum!(
    /// Which way a stage goes among the open ones of its pipeline.
    #[schemars(rename = "StageWay")]
    Way {
        /// Before the one left of it.
        Left = "left",
        /// Behind the one right of it.
        Right = "right",
    }
);

/// A stage's way as posted by its buttons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "way": "left" }]))]
pub struct ShiftInput {
    /// A word of `StageWay`; required.
    #[schemars(with = "Way")]
    pub way: Typed,
}

impl ShiftInput {
    pub(super) fn checked(&self) -> Result<Way, Invalid> {
        let mut checks = Checks::new();
        let way = checks.choice("way", &self.way);
        checks.done(way)?.ok_or_else(|| Invalid::field("way", Code::Required))
    }
}

/// Where the deals of a stage go that is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "StageRemoveInput", extend("examples" = [{ "into": 1 }]))]
pub struct RemoveInput {
    /// Another open stage of its pipeline; required while deals are open or dormant in it.
    #[schemars(with = "Option<BoardStageId>")]
    pub into: Typed,
}

impl RemoveInput {
    pub(super) fn checked(&self) -> Result<Option<BoardStageId>, Invalid> {
        let mut checks = Checks::new();
        let into = optional_choice(&mut checks, "into", &self.into);
        checks.done(into)
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StageFields {
    pub(super) name: String,
    pub(super) probability: i16,
    pub(super) idle_days: i16,
    pub(super) requires: Vec<Requirement>,
    /// `None`: any.
    pub(super) next: Option<BTreeSet<BoardStageId>>,
}

impl StageInput {
    /// Checks every field for a stage of `kind` and reports all problems at once.
    pub(super) fn checked(&self, kind: StageKind) -> Result<StageFields, Invalid> {
        let mut checks = Checks::new();
        let probability = match kind {
            // What is certain is won, and belongs to a stage of that kind.
            StageKind::Open => 0..=99,
            StageKind::Won => 100..=100,
            StageKind::Lost => 0..=0,
        };
        let mut requires: Vec<Requirement> =
            self.requires.iter().filter_map(|word| checks.choice("requires", word)).collect();
        requires.sort_unstable();
        requires.dedup();
        if kind == StageKind::Lost && !requires.is_empty() {
            // A deal can always be lost.
            checks.problem("requires", Code::UnknownChoice);
        }
        let named = optional_choice(&mut checks, "steps", &self.steps) == Some(Steps::Named);
        let next: BTreeSet<BoardStageId> =
            self.next.iter().filter_map(|id| checks.choice("next", id)).collect();
        let fields = StageFields {
            next: (named && kind == StageKind::Open).then_some(next),
            name: checks.required_line("name", &self.name, 60),
            probability: small(checks.number("probability", &self.probability, probability)),
            idle_days: small(checks.number("idle_days", &self.idle_days, 1..=365)),
            requires,
        };
        checks.done(fields)
    }
}

/// A number that its range has already kept small.
fn small(number: i64) -> i16 {
    i16::try_from(number).unwrap_or(i16::MAX)
}

/// A stage that a new town begins with.
pub(super) struct UsualStage {
    pub(super) name: &'static str,
    pub(super) kind: StageKind,
    pub(super) probability: i16,
    pub(super) requires: &'static [Requirement],
}

const fn usual(name: &'static str, probability: i16, requires: &'static [Requirement]) -> UsualStage {
    UsualStage { name, kind: StageKind::Open, probability, requires }
}

/// The usual seven, from the left: a town renames and retunes them.
pub(super) const USUAL: [UsualStage; 7] = [
    usual("接触", 10, &[]),
    usual("ヒアリング", 20, &[]),
    usual("提案", 40, &[]),
    usual("見積", 60, &[]),
    usual("交渉", 80, &[Requirement::Quote]),
    UsualStage { name: "受注", kind: StageKind::Won, probability: 100, requires: &[] },
    UsualStage { name: "失注", kind: StageKind::Lost, probability: 0, requires: &[] },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(kind: StageKind, input: &StageInput) -> Vec<(String, Code)> {
        let invalid = input.checked(kind).unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn the_kind_fixes_the_probability_of_a_closing_stage() {
        let input = StageInput { name: "成約".into(), idle_days: "14".into(), ..StageInput::default() };
        let at = |percent: &str| StageInput { probability: percent.into(), ..input.clone() };
        assert!(at("100").checked(StageKind::Won).is_ok());
        assert!(at("0").checked(StageKind::Lost).is_ok());
        let refused = [("probability".to_owned(), Code::OutOfRange)];
        assert_eq!(problems(StageKind::Won, &at("99")), refused);
        assert_eq!(problems(StageKind::Lost, &at("1")), refused);
        assert!(at("99").checked(StageKind::Open).is_ok());
        for certain in ["100", "101"] {
            assert_eq!(problems(StageKind::Open, &at(certain)), refused);
        }
    }

    #[test]
    fn requirements_are_known_words_said_once_and_never_stop_a_loss() {
        let requiring = |words: &[&str]| StageInput {
            name: "交渉".into(),
            probability: "0".into(),
            idle_days: "7".into(),
            requires: words.iter().map(|word| (*word).into()).collect(),
            ..StageInput::default()
        };
        let fields = requiring(&["quote", "amount", "quote"]).checked(StageKind::Open).unwrap();
        assert_eq!(fields.requires, [Requirement::Amount, Requirement::Quote]);
        let refused = [("requires".to_owned(), Code::UnknownChoice)];
        assert_eq!(problems(StageKind::Open, &requiring(&["luck"])), refused);
        assert_eq!(problems(StageKind::Lost, &requiring(&["amount"])), refused);
    }
}
