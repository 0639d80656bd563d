//! What somebody says of a file's rows beside what its columns are: what its stages, pipelines and people are called here, and what
//! is done next about deals of which it does not say that.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::text::search_key;
use kernel::{Checks, Code, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::days::DayOrder;
use super::model::ColumnsInput;

/// The longest next action.
const MOST_ACTION: usize = 200;

/// What was said of a file's rows beside what its columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ImportBeside")]
pub struct Beside {
    /// The names of stages here, by the names that the file has for them, folded.
    pub stages: BTreeMap<String, String>,
    /// The names of pipelines here, in the same way.
    pub pipelines: BTreeMap<String, String>,
    /// Whoever stands here for those that the file names as owners: `#` and the person's id.
    pub owners: BTreeMap<String, String>,
    /// The next action of new open deals whose rows name none.
    pub next_action: String,
    /// The day of that.
    pub next_action_on: Option<NaiveDate>,
    /// In which order its columns write days whose year stands last, by field: what the rows say themselves, and nobody else.
    pub days: BTreeMap<String, DayOrder>,
}

impl Beside {
    /// What was said, in order; the day is today or later, and comes with what is to be done then.
    pub(super) fn checked(input: &ColumnsInput, today: NaiveDate) -> Result<Self, Invalid> {
        let mut checks = Checks::new();
        let next_action = checks.line("next_action", &input.next_action, MOST_ACTION);
        let next_action_on = checks.optional_date("next_action_on", &input.next_action_on);
        if next_action.is_empty() && next_action_on.is_some() {
            checks.problem("next_action", Code::Required);
        }
        if !next_action.is_empty() && input.next_action_on.as_str().trim().is_empty() {
            checks.problem("next_action_on", Code::Required);
        }
        if next_action_on.is_some_and(|day| day < today) {
            checks.problem("next_action_on", Code::InThePast);
        }
        let [stages, pipelines, owners] = [&input.stages, &input.pipelines, &input.owners].map(answered);
        let days = BTreeMap::new();
        checks.done(Self { stages, pipelines, owners, next_action, next_action_on, days })
    }

    /// What of it still holds when such a file comes again: a day that is over is asked for anew.
    pub(super) fn still(self, today: NaiveDate) -> Self {
        let next_action_on = self.next_action_on.filter(|day| *day >= today);
        Self { next_action_on, ..self }
    }

    /// What a name in a column of the file is called here, as far as somebody said so.
    pub fn ours(&self, field: &str, theirs: &str) -> Option<&str> {
        let names = match field {
            "stage" => &self.stages,
            "pipeline" => &self.pipelines,
            "owner" => &self.owners,
            _ => return None,
        };
        if names.is_empty() {
            return None;
        }
        names.get(&search_key(theirs)).map(String::as_str)
    }
}

/// The names to which somebody has given an answer, folded.
fn answered(names: &BTreeMap<String, Typed>) -> BTreeMap<String, String> {
    let said = names.iter().filter(|(_, ours)| !ours.as_str().trim().is_empty());
    said.map(|(theirs, ours)| (search_key(theirs), ours.as_str().trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_action_for_all_has_a_day_that_is_not_over() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let said = |action: &str, on: &str| {
            let input = ColumnsInput {
                next_action: action.into(),
                next_action_on: on.into(),
                ..ColumnsInput::default()
            };
            let problems = |invalid: Invalid| -> Vec<(String, Code)> {
                invalid.0.into_iter().map(|one| (one.field, one.code)).collect()
            };
            Beside::checked(&input, today).map_err(problems)
        };
        let wrong = |field: &str, code: Code| Err(vec![(field.to_owned(), code)]);
        assert_eq!(said("", ""), Ok(Beside::default()));
        assert_eq!(said("電話", ""), wrong("next_action_on", Code::Required));
        assert_eq!(said("", "2026-12-01"), wrong("next_action", Code::Required));
        assert_eq!(said("電話", "2026-11-21"), wrong("next_action_on", Code::InThePast));
        assert_eq!(said("電話", "2026-02-31"), wrong("next_action_on", Code::NotADate));
        let kept = said("電話", "2026-11-22").unwrap();
        assert_eq!(kept.next_action_on, Some(today));
        assert_eq!(kept.clone().still(today), kept);
        assert_eq!(kept.still(today.succ_opt().unwrap()).next_action_on, None);
    }
}
