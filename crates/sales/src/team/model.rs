//! What the team says of itself. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One version of the sales policy (営業方針).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SalesPolicy")]
pub struct Policy {
    /// 1, 2, 3: which version it is.
    pub version: i32,
    /// What it says.
    pub body: String,
    /// Who wrote it.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What somebody of the team covers, and the hours they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TeamPlace {
    /// Who.
    pub person_id: PersonId,
    /// What they cover: areas, trades, clients; may be empty.
    pub area: String,
    /// Minutes a week they have for selling.
    pub weekly_minutes: i32,
    /// Counts its changes; 0: nothing was said yet.
    pub version: i32,
}

/// The team as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Team {
    /// The policy that holds; null before the first.
    pub policy: Option<Policy>,
    /// Everybody who sells, in gojūon order.
    pub places: Vec<TeamPlace>,
    /// The minutes a week of all of them.
    pub weekly_minutes: i64,
}

/// The next version of the policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "SalesPolicyInput", extend("examples" = [{ "body": "まず町内の事業者に会いに行く" }]))]
pub struct PolicyInput {
    /// What it says; required.
    pub body: Typed,
}

impl PolicyInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let body = checks.required_lines("body", &self.body, 10_000);
        checks.done(body)
    }
}

/// What somebody covers, as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TeamPlaceInput", extend("examples" = [{ "area": "町内の製造業", "weekly_hours": "7.5" }]))]
pub struct PlaceInput {
    /// Areas, trades, clients.
    pub area: Typed,
    /// Hours a week for selling, with a decimal where needed; required, 0 to 168.
    pub weekly_hours: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlaceFields {
    pub(super) area: String,
    pub(super) weekly_minutes: i32,
}

impl PlaceInput {
    pub(super) fn checked(&self) -> Result<PlaceFields, Invalid> {
        let mut checks = Checks::new();
        let area = checks.lines("area", &self.area, 500);
        let typed = checks.required_line("weekly_hours", &self.weekly_hours, 10);
        let weekly_minutes = match minutes(&typed) {
            Ok(minutes) => minutes,
            // Nothing was entered, which is said already.
            Err(_) if typed.is_empty() => 0,
            Err(code) => {
                checks.problem("weekly_hours", code);
                0
            }
        };
        checks.done(PlaceFields { area, weekly_minutes })
    }
}

/// Hours with at most two decimals, in any width, as minutes.
fn minutes(hours: &str) -> Result<i32, Code> {
    let folded = text::fold_width(hours);
    let (whole, part) = folded.trim().split_once('.').unwrap_or((folded.trim(), ""));
    let digits = |text: &str| text.chars().all(|one| one.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(Code::NotANumber);
    }
    let whole: i32 = whole.parse().map_err(|_too_long| Code::OutOfRange)?;
    let hundredths: i32 = format!("{part:0<2}").parse().map_err(|_no_number| Code::NotANumber)?;
    let minutes = whole.checked_mul(60).map(|minutes| minutes + (hundredths * 60 + 50) / 100);
    minutes.filter(|minutes| *minutes <= 168 * 60).ok_or(Code::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_any_width_and_with_a_decimal() {
        for (typed, expected) in [("7.5", 450), ("７．５", 450), ("0", 0), ("1.33", 80), ("168", 10_080)] {
            assert_eq!(minutes(typed), Ok(expected), "{typed}");
        }
        for (wrong, code) in
            [("169", Code::OutOfRange), ("-1", Code::NotANumber), ("1.234", Code::NotANumber)]
        {
            assert_eq!(minutes(wrong), Err(code), "{wrong}");
        }
    }

    #[test]
    fn an_empty_form_names_what_is_missing_once() {
        let problems = PlaceInput::default().checked().unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|one| (one.field.as_str(), one.code)).collect();
        assert_eq!(found, [("weekly_hours", Code::Required)]);
    }
}
