//! What somebody says of a file's rows beside what its columns are: what its stages are called here, and what is done next about
//! deals of which it does not say that.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use files::rows::unguarded;
use kernel::text::search_key;
use kernel::{Checks, Code, Invalid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decided;
use super::model::{ColumnsInput, Import, ImportKind};
use crate::deals::DealStatus;
use crate::pipelines;
use crate::stages;

/// How many stage names of a file are asked about: far more than any pipeline has.
const MOST_STAGES: i32 = 50;
/// The longest next action.
const MOST_ACTION: usize = 200;

/// What was said of a file's rows beside what its columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "ImportBeside")]
pub struct Beside {
    /// The names of stages here, by the names that the file has for them, folded.
    pub stages: BTreeMap<String, String>,
    /// The next action of new open deals whose rows name none.
    pub next_action: String,
    /// The day of that.
    pub next_action_on: Option<NaiveDate>,
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
        let said = input.stages.iter().filter(|(_, ours)| !ours.as_str().trim().is_empty());
        let stages =
            said.map(|(theirs, ours)| (search_key(theirs), ours.as_str().trim().to_owned())).collect();
        checks.done(Self { stages, next_action, next_action_on })
    }

    /// What of it still holds when such a file comes again: a day that is over is asked for anew.
    pub(super) fn still(self, today: NaiveDate) -> Self {
        let next_action_on = self.next_action_on.filter(|day| *day >= today);
        Self { next_action_on, ..self }
    }

    /// What a stage of the file is called here, as far as somebody said so.
    pub fn stage(&self, theirs: &str) -> Option<&str> {
        if self.stages.is_empty() {
            return None;
        }
        self.stages.get(&search_key(theirs)).map(String::as_str)
    }
}

/// The stages that a file of deals names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageNames {
    /// Those that no pipeline in use has, as they stand in the file.
    pub unknown: Vec<String>,
    /// What they can be here.
    pub ours: Vec<String>,
}

/// The stages that the rows of an import name and no pipeline in use has, and what they can be. Whoever says by a word that a deal
/// was won or lost is understood without being asked.
pub fn stage_names(tx: &mut Tx<'_>, import: &Import) -> Result<StageNames, DbError> {
    #[derive(QueryableByName)]
    struct Named {
        #[diesel(sql_type = Text)]
        name: String,
    }

    let column = import.columns.iter().position(|column| column == "stage");
    let place = column.and_then(|column| i32::try_from(column + 1).ok());
    let (ImportKind::Deals, Some(place)) = (import.kind, place) else { return Ok(StageNames::default()) };
    let used = pipelines::in_use(tx)?;
    let mut ours: Vec<String> = Vec::new();
    for stage in stages::list(tx)? {
        let is_used = used.iter().any(|pipeline| pipeline.id == stage.pipeline_id);
        if is_used && !ours.contains(&stage.name) {
            ours.push(stage.name);
        }
    }
    let named: Vec<Named> = diesel::sql_query(
        "SELECT DISTINCT btrim(cells[$2]) AS name FROM import_rows \
         WHERE import_id = $1 AND btrim(cells[$2]) <> '' ORDER BY name LIMIT $3",
    )
    .bind::<BigInt, _>(import.id)
    .bind::<Integer, _>(place)
    .bind::<Integer, _>(MOST_STAGES)
    .load(tx.conn())?;
    let mut known: Vec<String> = ours.iter().map(|name| search_key(name)).collect();
    let mut unknown = Vec::new();
    for Named { name } in named {
        let (name, key) = (unguarded(&name).to_owned(), search_key(unguarded(&name)));
        let is_ending = matches!(decided::state(&name), Some(DealStatus::Won | DealStatus::Lost));
        if !is_ending && !known.contains(&key) {
            known.push(key);
            unknown.push(name);
        }
    }
    Ok(StageNames { unknown, ours })
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
