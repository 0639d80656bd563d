//! How a card is moved: to another column or to another place of its own. No database here.

use chrono::NaiveDate;
use kernel::{BoardStageId, Checks, DealId, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{NextAction, optional_choice, problems_of, read_next_action};

/// A move on the board as posted by the card's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "to_stage": 2, "next_action": "条件を聞く", "next_action_on": "2027-01-15" }]))]
pub struct AdvanceInput {
    /// The stage to go to; required.
    pub to_stage: Typed,
    /// What is to be done next; the present one stays where both are empty.
    pub next_action: Typed,
    /// By when.
    pub next_action_on: Typed,
    /// The deal whose card it stands under there; on top where empty, or where that card has gone meanwhile.
    pub after: Typed,
}

/// Where a card is put in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Over all others.
    Top,
    /// Directly under the card of this deal; on top where that has left the column.
    Under(DealId),
}

impl Place {
    fn of(checks: &mut Checks, after: &Typed) -> Self {
        optional_choice(checks, "after", after).map_or(Self::Top, Self::Under)
    }
}

/// A checked move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advance {
    pub(super) to: BoardStageId,
    pub(super) next: Option<NextAction>,
    pub(super) place: Place,
}

impl AdvanceInput {
    /// A move that keeps the next action.
    pub fn to(stage: BoardStageId) -> Self {
        Self { to_stage: stage.to_string().into(), ..Self::default() }
    }

    pub(super) fn checked(&self, today: NaiveDate) -> Result<Advance, Invalid> {
        let mut checks = Checks::new();
        let to_stage = checks.choice("to_stage", &self.to_stage);
        let place = Place::of(&mut checks, &self.after);
        let given =
            !(self.next_action.as_str().trim().is_empty() && self.next_action_on.as_str().trim().is_empty());
        let next = given
            .then(|| read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today)));
        match to_stage {
            Some(to) => checks.done(Advance { to, next, place }),
            None => Err(problems_of(checks)),
        }
    }
}

kernel::text_enum!(
    /// A card's way within its column.
    #[schemars(rename = "CardStep")]
    Step {
        /// Over the card above it.
        Up = "up",
        /// Under the card below it.
        Down = "down",
        /// Over all others.
        Top = "top",
    }
);

/// Where a card goes within its column, as posted by its buttons or where it was dropped: a way, or the card above it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "step": "up" }]))]
pub struct ReorderInput {
    /// A word of `CardStep`; then `after` says nothing.
    #[schemars(with = "Option<Step>")]
    pub step: Typed,
    /// The deal whose card it stands under; on top where empty, or where that card has gone meanwhile.
    pub after: Typed,
}

/// A checked way within a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reorder {
    /// By one card, or all the way up.
    Step(Step),
    /// To a place.
    To(Place),
}

impl ReorderInput {
    /// One card up or down, or all the way up.
    pub fn by(step: Step) -> Self {
        Self { step: step.as_str().into(), ..Self::default() }
    }

    pub(super) fn checked(&self) -> Result<Reorder, Invalid> {
        let mut checks = Checks::new();
        let place = Place::of(&mut checks, &self.after);
        let reorder = match optional_choice(&mut checks, "step", &self.step) {
            Some(step) => Reorder::Step(step),
            None => Reorder::To(place),
        };
        checks.done(reorder)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Code;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn problems(invalid: &Invalid) -> Vec<(&str, Code)> {
        invalid.0.iter().map(|problem| (problem.field.as_str(), problem.code)).collect()
    }

    #[test]
    fn a_move_keeps_the_next_action_or_brings_a_whole_one() {
        let today = day("2026-11-22");
        let moved = Advance { to: BoardStageId(3), next: None, place: Place::Top };
        assert_eq!(AdvanceInput::to(BoardStageId(3)).checked(today), Ok(moved));
        let half = AdvanceInput { next_action: "電話".into(), ..AdvanceInput::to(BoardStageId(3)) };
        assert_eq!(problems(&half.checked(today).unwrap_err()), [("next_action_on", Code::Required)]);
    }

    #[test]
    fn a_card_goes_by_a_step_or_to_a_place_and_nowhere_else() {
        assert_eq!(ReorderInput::default().checked(), Ok(Reorder::To(Place::Top)));
        let under = ReorderInput { after: "7".into(), ..ReorderInput::default() };
        assert_eq!(under.checked(), Ok(Reorder::To(Place::Under(DealId(7)))));
        assert_eq!(ReorderInput { step: "down".into(), ..under }.checked(), Ok(Reorder::Step(Step::Down)));
        let wrong = ReorderInput { step: "sideways".into(), after: "x".into() }.checked().unwrap_err();
        assert_eq!(problems(&wrong), [("after", Code::UnknownChoice), ("step", Code::UnknownChoice)]);
    }
}
