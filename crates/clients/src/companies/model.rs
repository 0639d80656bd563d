//! What a company is and what may be entered for one. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, CompanyId, CorporateNumber, Invalid, Language, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A client or prospect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its 法人番号, where known.
    pub corporate_number: Option<CorporateNumber>,
    /// Its name, exactly as entered or registered.
    pub name: String,
    /// Its reading; lists are sorted by it.
    pub furigana: String,
    /// Postal code as entered.
    pub postal_code: String,
    /// Address in one line.
    pub address: String,
    /// Phone number as entered.
    pub phone: String,
    /// Web site as entered.
    pub website: String,
    /// What the team should know.
    pub note: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; an edit names the version it was based on.
    pub version: i32,
}

/// A company as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "米子建設株式会社", "furigana": "よなごけんせつ", "phone": "0859-00-0000" }]))]
pub struct CompanyInput {
    /// 法人番号 in any width, or empty.
    pub corporate_number: Typed,
    /// Name; required.
    pub name: Typed,
    /// Reading in kana.
    pub furigana: Typed,
    /// Postal code.
    pub postal_code: Typed,
    /// Address.
    pub address: Typed,
    /// Phone number.
    pub phone: Typed,
    /// Web site.
    pub website: Typed,
    /// Free text.
    pub note: Typed,
    /// Companies that look like this one and are known to be others; what else looks like it refuses the write.
    #[schemars(with = "Vec<CompanyId>")]
    pub apart_from: Vec<Typed>,
}

impl Company {
    /// How a document or an envelope addresses it: `米子建設株式会社 御中`; in English the name alone. A letter to somebody
    /// there is addressed to them (様) and to nobody else.
    pub fn addressed(&self, language: Language) -> String {
        match language {
            Language::Ja => format!("{} 御中", self.name),
            Language::En => self.name.clone(),
        }
    }
}

impl From<&Company> for CompanyInput {
    /// What an edit form starts with.
    fn from(company: &Company) -> Self {
        Self {
            corporate_number: company.corporate_number.clone().map(String::from).unwrap_or_default().into(),
            name: company.name.as_str().into(),
            furigana: company.furigana.as_str().into(),
            postal_code: company.postal_code.as_str().into(),
            address: company.address.as_str().into(),
            phone: company.phone.as_str().into(),
            website: company.website.as_str().into(),
            note: company.note.as_str().into(),
            apart_from: Vec::new(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CompanyFields {
    pub(crate) corporate_number: Option<CorporateNumber>,
    pub(crate) name: String,
    pub(crate) furigana: String,
    pub(crate) postal_code: String,
    pub(crate) address: String,
    pub(crate) phone: String,
    pub(crate) website: String,
    pub(crate) note: String,
}

impl From<&Company> for CompanyFields {
    fn from(company: &Company) -> Self {
        Self {
            corporate_number: company.corporate_number.clone(),
            name: company.name.clone(),
            furigana: company.furigana.clone(),
            postal_code: company.postal_code.clone(),
            address: company.address.clone(),
            phone: company.phone.clone(),
            website: company.website.clone(),
            note: company.note.clone(),
        }
    }
}

impl From<CompanyFields> for CompanyInput {
    fn from(fields: CompanyFields) -> Self {
        Self {
            corporate_number: fields.corporate_number.map(String::from).unwrap_or_default().into(),
            name: fields.name.into(),
            furigana: fields.furigana.into(),
            postal_code: fields.postal_code.into(),
            address: fields.address.into(),
            phone: fields.phone.into(),
            website: fields.website.into(),
            note: fields.note.into(),
            apart_from: Vec::new(),
        }
    }
}

impl CompanyInput {
    /// The companies this one is known not to be.
    pub(super) fn apart_from(&self) -> Vec<CompanyId> {
        self.apart_from.iter().filter_map(|id| id.as_str().trim().parse().ok()).collect()
    }

    /// The input as it would be stored: what two spellings of it share.
    pub fn settled(&self) -> Result<Self, Invalid> {
        self.checked().map(Self::from)
    }

    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<CompanyFields, Invalid> {
        let mut checks = Checks::new();
        let fields = CompanyFields {
            corporate_number: checks.optional_corporate_number("corporate_number", &self.corporate_number),
            name: checks.required_line("name", &self.name, 200),
            furigana: checks.furigana("furigana", &self.furigana, 500),
            postal_code: checks.postal_code("postal_code", &self.postal_code),
            address: checks.line("address", &self.address, 400),
            phone: checks.phone("phone", &self.phone),
            website: checks.website("website", &self.website),
            note: checks.lines("note", &self.note, 4000),
        };
        checks.done(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Code;

    #[test]
    fn numbers_codes_and_sites_that_lead_nowhere_are_named_at_once() {
        let input = CompanyInput {
            name: "米子建設".into(),
            postal_code: "689-00".into(),
            phone: "859-00-0000".into(),
            website: "米子建設".into(),
            ..CompanyInput::default()
        };
        let problems = input.checked().unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        assert_eq!(
            found,
            [
                ("postal_code", Code::NotAPostalCode),
                ("phone", Code::NotAPhone),
                ("website", Code::NotAWebsite)
            ]
        );
    }

    #[test]
    fn a_company_needs_a_name_and_a_true_number() {
        let input = CompanyInput { corporate_number: "7123456789013".into(), ..CompanyInput::default() };
        let problems = input.checked().unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        assert_eq!(found, [("corporate_number", Code::CheckDigit), ("name", Code::Required)]);
    }
}
