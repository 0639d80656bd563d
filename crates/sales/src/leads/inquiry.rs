//! What somebody outside writes on the town's public form, and what may be written there. No database here.

use kernel::{Checks, Code, EmailAddress, Invalid, Language, Typed};
use serde::{Deserialize, Serialize};

use super::model::{LeadFields, LeadSource};
use crate::deals::problems_of;

/// An inquiry as somebody outside writes it on the town's public form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InquiryInput {
    /// Their company or organization; required.
    pub company_name: Typed,
    /// Their name; required.
    pub contact_name: Typed,
    /// Where the answer goes; required.
    pub email: Typed,
    /// Their phone number.
    pub phone: Typed,
    /// What they need; required.
    pub need: Typed,
    /// `yes`: that we may use what they wrote to answer them; required.
    pub consent: Typed,
    /// Nothing: a field no person sees, which programs fill in.
    pub fax: Typed,
}

impl InquiryInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, language: Language) -> Result<(LeadFields, EmailAddress), Invalid> {
        let mut checks = Checks::new();
        let email = checks.email("email", &self.email);
        let fields = LeadFields {
            company_name: checks.required_line("company_name", &self.company_name, 200),
            contact_name: checks.required_line("contact_name", &self.contact_name, 100),
            email: email.clone(),
            phone: checks.phone("phone", &self.phone),
            source: LeadSource::Web,
            need: checks.required_lines("need", &self.need, 4000),
            company_id: None,
            owner_id: None,
            asked_on: None,
            inquired_in: Some(language),
        };
        if !self.consent.is_yes() {
            checks.problem("consent", Code::Required);
        }
        if !self.fax.as_str().is_empty() {
            checks.problem("fax", Code::LeaveEmpty);
        }
        match email {
            Some(email) => checks.done((fields, email)),
            None => Err(problems_of(checks)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inquiry_names_everything_an_answer_needs_and_nothing_in_the_trap() {
        let input = InquiryInput { fax: "0859".into(), ..InquiryInput::default() };
        let problems = input.checked(Language::Ja).unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        let required = |field| (field, Code::Required);
        let expected = ["email", "company_name", "contact_name", "need", "consent"].map(required).into_iter();
        assert_eq!(found, expected.chain([("fax", Code::LeaveEmpty)]).collect::<Vec<_>>());
    }
}
