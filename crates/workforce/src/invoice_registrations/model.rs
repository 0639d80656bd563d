//! What a worker says of their invoice registration, and when it holds. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, CorporateNumber, Invalid, PersonId, Typed, WorkerId, text, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// How a worker's registration stands on a day.
    RegistrationState {
        /// Nobody has said.
        Unknown = "unknown",
        /// They are not registered.
        NotRegistered = "not_registered",
        /// They will be, from a later day on.
        NotYet = "not_yet",
        /// They issue qualified invoices (適格請求書発行事業者).
        Registered = "registered",
        /// They were, and are no longer.
        Ended = "ended",
    }
);

/// One answer of a worker; the latest counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InvoiceRegistration {
    /// Its number in the order of answers.
    pub id: i64,
    /// The worker.
    pub worker_id: WorkerId,
    /// `T` and thirteen digits; null: they are not registered.
    pub number: Option<String>,
    /// From which day on it holds.
    pub valid_from: Option<NaiveDate>,
    /// Its last day, where it has ended or will.
    pub valid_to: Option<NaiveDate>,
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl InvoiceRegistration {
    /// How it stands on `day`.
    pub fn state_on(&self, day: NaiveDate) -> RegistrationState {
        match (self.valid_from, self.valid_to) {
            (None, _) => RegistrationState::NotRegistered,
            (Some(from), _) if day < from => RegistrationState::NotYet,
            (_, Some(to)) if day > to => RegistrationState::Ended,
            _ => RegistrationState::Registered,
        }
    }

    /// Whether the number's first digit checks the others as a corporate number's does. Nothing published says that an
    /// individual's must (消費税法基本通達 1-7-2 only says that it is no corporate number), so one that does not is worth a
    /// second look and nothing more.
    pub fn check_digit_fits(&self) -> bool {
        self.number
            .as_deref()
            .is_none_or(|number| CorporateNumber::parse(number.trim_start_matches('T')).is_ok())
    }
}

/// The answer as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "registered": "yes", "number": "T7123456789012", "valid_from": "2023-10-01" }]))]
pub struct InvoiceRegistrationInput {
    /// `yes` or `no`; required.
    pub registered: Typed,
    /// `T` and thirteen digits, in any width, with hyphens or without; required where registered.
    pub number: Typed,
    /// From which day on; required where registered.
    pub valid_from: Typed,
    /// Its last day; empty while it goes on.
    pub valid_to: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) number: Option<String>,
    pub(super) valid_from: Option<NaiveDate>,
    pub(super) valid_to: Option<NaiveDate>,
}

impl InvoiceRegistrationInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<Answer, Invalid> {
        let mut checks = Checks::new();
        match self.registered.as_str().trim() {
            "yes" => {}
            "no" => return Ok(Answer::default()),
            other => {
                let code = if other.is_empty() { Code::Required } else { Code::UnknownChoice };
                checks.problem("registered", code);
                return checks.done(Answer::default());
            }
        }
        let number = number(&mut checks, &self.number);
        let valid_from = checks.date("valid_from", &self.valid_from);
        let valid_to = checks.optional_date("valid_to", &self.valid_to);
        if valid_to.is_some_and(|last| last < valid_from) {
            checks.bounded("valid_to", Code::NotLater, valid_from);
        }
        checks.done(Answer { number: Some(number), valid_from: Some(valid_from), valid_to })
    }
}

fn number(checks: &mut Checks, typed: &Typed) -> String {
    let key = text::digits_key(typed.as_str());
    let digits = key.strip_prefix(['T', 't']).unwrap_or(&key);
    let is_number = digits.len() == 13 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if key.is_empty() {
        checks.problem("number", Code::Required);
    } else if !is_number {
        checks.problem("number", Code::NotARegistrationNumber);
    }
    format!("T{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(number: &str, from: &str, to: &str) -> InvoiceRegistrationInput {
        InvoiceRegistrationInput {
            registered: "yes".into(),
            number: number.into(),
            valid_from: from.into(),
            valid_to: to.into(),
        }
    }

    fn registration(number: Option<&str>, from: Option<&str>, to: Option<&str>) -> InvoiceRegistration {
        let day = |text: &str| text.parse().unwrap();
        InvoiceRegistration {
            id: 1,
            worker_id: WorkerId(1),
            number: number.map(str::to_owned),
            valid_from: from.map(day),
            valid_to: to.map(day),
            recorded_by: PersonId(1),
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for text in ["T7123456789012", "ｔ７-1234-5678-9012", "7123456789012"] {
            assert_eq!(typed(text, "2023-10-01", "").checked().unwrap().number.unwrap(), "T7123456789012");
        }
        let code = |input: InvoiceRegistrationInput| {
            input.checked().unwrap_err().0.into_iter().map(|one| (one.field, one.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            code(typed("T712345678901", "2023-10-01", "2023-09-30")),
            [("number".to_owned(), Code::NotARegistrationNumber), ("valid_to".to_owned(), Code::NotLater)]
        );
        assert_eq!(code(InvoiceRegistrationInput::default()), [("registered".to_owned(), Code::Required)]);
    }

    #[test]
    fn not_registered_is_an_answer() {
        let no = InvoiceRegistrationInput { registered: "no".into(), ..typed("ignored", "", "") };
        assert_eq!(no.checked(), Ok(Answer::default()));
    }

    #[test]
    fn a_registration_holds_from_its_first_to_its_last_day() {
        let one = registration(Some("T7123456789012"), Some("2023-10-01"), Some("2026-03-31"));
        let on = |day: &str| one.state_on(day.parse().unwrap());
        assert_eq!(on("2023-09-30"), RegistrationState::NotYet);
        assert_eq!(
            (on("2023-10-01"), on("2026-03-31")),
            (RegistrationState::Registered, RegistrationState::Registered)
        );
        assert_eq!(on("2026-04-01"), RegistrationState::Ended);
        let none = registration(None, None, None);
        assert_eq!(none.state_on("2026-04-01".parse().unwrap()), RegistrationState::NotRegistered);
    }

    #[test]
    fn a_check_digit_that_does_not_fit_is_only_pointed_out() {
        assert!(registration(Some("T7123456789012"), Some("2023-10-01"), None).check_digit_fits());
        assert!(!registration(Some("T8123456789012"), Some("2023-10-01"), None).check_digit_fits());
        assert!(typed("T8123456789012", "2023-10-01", "").checked().is_ok());
    }
}
