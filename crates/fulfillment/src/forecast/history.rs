//! A file with a programme's past: who offered what, was away when, and did what by when. Its format is told in
//! `tests/histories/README.md`. No database here.

use chrono::NaiveDate;
use serde::Deserialize;

/// A programme's past, as read from a file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// What it is called.
    pub name: String,
    /// Where it comes from, in words.
    pub says: String,
    /// Its first day.
    pub begins_on: NaiveDate,
    /// Everybody who took part.
    pub people: Vec<PersonRow>,
    /// What was done, by the day on which it was given.
    pub jobs: Vec<JobRow>,
}

/// Somebody in a history.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRow {
    /// Their number within the file.
    pub id: i64,
    /// Minutes they offer, from Monday to Sunday.
    pub week: [u32; 7],
    /// First and last days on which they were away, in their order and apart from each other.
    #[serde(default)]
    pub away: Vec<(NaiveDate, NaiveDate)>,
}

/// A job in a history.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRow {
    /// Its number within the file.
    pub id: i64,
    /// What kind of work it is.
    pub kind: String,
    /// When it was given to those who did it; no part is handed in before.
    pub given_on: NaiveDate,
    /// The day it was wanted for.
    pub due_on: NaiveDate,
    /// Who did what of it.
    pub parts: Vec<PartRow>,
}

/// What one person did of a job.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRow {
    /// Who.
    pub person: i64,
    /// Minutes as thought beforehand.
    pub minutes: u32,
    /// Minutes it took, without redoing.
    pub took: u32,
    /// Minutes of redoing after it was returned; 0 where it was not.
    #[serde(default)]
    pub redone: u32,
    /// When it was handed in first.
    pub handed_in_on: NaiveDate,
    /// When it had passed its check.
    pub passed_on: NaiveDate,
}

impl JobRow {
    /// When all of it had passed.
    pub(super) fn passed_on(&self) -> Option<NaiveDate> {
        self.parts.iter().map(|part| part.passed_on).max()
    }
}

/// Why a file is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It is not in the format.
    #[error("this is no history: {0}")]
    Format(#[from] serde_json::Error),
    /// It says what cannot be.
    #[error("job {job}: {what}")]
    Impossible {
        /// Which job.
        job: i64,
        /// What cannot be.
        what: &'static str,
    },
}

impl History {
    /// Reads a file's text.
    pub fn read(text: &str) -> Result<Self, HistoryError> {
        let history: Self = serde_json::from_str(text)?;
        for job in &history.jobs {
            if let Some(what) = history.impossible(job) {
                return Err(HistoryError::Impossible { job: job.id, what });
            }
        }
        Ok(history)
    }

    fn impossible(&self, job: &JobRow) -> Option<&'static str> {
        if job.parts.is_empty() {
            return Some("nobody did any of it");
        }
        if job.given_on < self.begins_on {
            return Some("it was given before the first day");
        }
        let of_part = |part: &PartRow| {
            if !self.people.iter().any(|person| person.id == part.person) {
                Some("somebody did a part of it who is not among the people")
            } else if part.minutes == 0 || part.took == 0 {
                Some("a part of it took no time")
            } else if part.handed_in_on < job.given_on || part.passed_on < part.handed_in_on {
                Some("a part of it ended before it began")
            } else {
                None
            }
        };
        job.parts.iter().find_map(of_part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"name":"a","says":"b","begins_on":"2025-04-01",
        "people":[{"id":1,"week":[60,0,60,0,0,0,0],"away":[["2025-04-09","2025-04-10"]]}],
        "jobs":[{"id":7,"kind":"entry","given_on":"2025-04-02","due_on":"2025-04-20","parts":[
            {"person":1,"minutes":90,"took":100,"handed_in_on":"2025-04-14","passed_on":"2025-04-15"}]}]}"#;

    #[test]
    fn a_file_is_read_or_says_what_is_wrong_with_it() {
        let history = History::read(GOOD).unwrap();
        assert_eq!(history.jobs[0].passed_on(), Some("2025-04-15".parse().unwrap()));
        let wrong = [
            (GOOD.replace("\"person\":1", "\"person\":2"), "who is not among the people"),
            (GOOD.replace("\"took\":100", "\"took\":0"), "took no time"),
            (GOOD.replace("2025-04-14", "2025-04-01"), "ended before it began"),
            (GOOD.replace("2025-04-02", "2025-03-31"), "before the first day"),
            (GOOD.replace("\"took\"", "\"tok\""), "tok"),
            ("{".to_owned(), "this is no history"),
        ];
        for (text, what) in wrong {
            let said = History::read(&text).unwrap_err().to_string();
            assert!(said.contains(what), "{said}");
        }
    }
}
