//! Who a contact is and how they are addressed. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, CompanyId, ContactId, EmailAddress, Invalid, Language, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A person at a client or prospect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Where they work.
    pub company_id: CompanyId,
    /// Family name (姓), exactly as entered.
    pub family_name: String,
    /// Given name (名); empty where only the family name is known.
    pub given_name: String,
    /// Reading of the family name.
    pub family_kana: String,
    /// Reading of the given name.
    pub given_kana: String,
    /// Department (部署).
    pub department: String,
    /// Position (役職).
    pub title: String,
    /// Where mail reaches them; without one they get no deliveries by mail.
    pub email: Option<EmailAddress>,
    /// Phone number as entered.
    pub phone: String,
    /// The language mails and delivery pages speak to them in.
    pub language: Language,
    /// Whether they may be called about new business. Who has refused stands on no call list; what is owed to them still
    /// reaches them.
    pub may_be_called: bool,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Counts the changes; an edit names the version it was based on.
    pub version: i32,
}

impl Contact {
    /// Family name, then given name where known, as Japanese lists show people: `山田 太郎`.
    pub fn display_name(&self) -> String {
        joined(&self.family_name, &self.given_name)
    }

    /// Family reading, then given reading: `ヤマダ タロウ`; empty where unknown.
    pub fn display_kana(&self) -> String {
        joined(&self.family_kana, &self.given_kana)
    }

    /// How a mail or a document addresses them: `山田 太郎 様` in Japanese; in English the name alone, given name
    /// first where it is written in Latin letters (`Mary Smith`), since `山田 太郎` has but one order.
    pub fn salutation(&self, language: Language) -> String {
        match language {
            Language::Ja => format!("{} 様", self.display_name()),
            Language::En if is_latin(&self.family_name) && is_latin(&self.given_name) => {
                joined(&self.given_name, &self.family_name)
            }
            Language::En => self.display_name(),
        }
    }
}

fn joined(first: &str, second: &str) -> String {
    format!("{first} {second}").trim().to_owned()
}

/// Latin letters with their accents, spaces and signs: everything before the Greek block.
fn is_latin(name: &str) -> bool {
    name.chars().all(|character| character < '\u{370}')
}

/// A contact as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "family_name": "佐藤", "given_name": "直子", "email": "sato@example.jp", "department": "総務課" }]))]
pub struct ContactInput {
    /// Family name; required.
    pub family_name: Typed,
    /// Given name.
    pub given_name: Typed,
    /// Reading of the family name in kana.
    pub family_kana: Typed,
    /// Reading of the given name in kana.
    pub given_kana: Typed,
    /// Department.
    pub department: Typed,
    /// Position.
    pub title: Typed,
    /// Mail address.
    pub email: Typed,
    /// Phone number.
    pub phone: Typed,
    /// `ja` or `en`; empty means Japanese.
    #[schemars(with = "Option<Language>")]
    pub language: Typed,
    /// Contacts who look like this one and are known to be others; who else looks like them refuses the write.
    #[schemars(with = "Vec<ContactId>")]
    pub apart_from: Vec<Typed>,
}

impl From<&Contact> for ContactInput {
    /// What an edit form starts with.
    fn from(contact: &Contact) -> Self {
        Self {
            family_name: contact.family_name.as_str().into(),
            given_name: contact.given_name.as_str().into(),
            family_kana: contact.family_kana.as_str().into(),
            given_kana: contact.given_kana.as_str().into(),
            department: contact.department.as_str().into(),
            title: contact.title.as_str().into(),
            email: contact.email.clone().map(String::from).unwrap_or_default().into(),
            phone: contact.phone.as_str().into(),
            language: contact.language.as_str().into(),
            apart_from: Vec::new(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContactFields {
    pub(crate) family_name: String,
    pub(crate) given_name: String,
    pub(crate) family_kana: String,
    pub(crate) given_kana: String,
    pub(crate) department: String,
    pub(crate) title: String,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) phone: String,
    pub(crate) language: Language,
}

impl From<&Contact> for ContactFields {
    fn from(contact: &Contact) -> Self {
        Self {
            family_name: contact.family_name.clone(),
            given_name: contact.given_name.clone(),
            family_kana: contact.family_kana.clone(),
            given_kana: contact.given_kana.clone(),
            department: contact.department.clone(),
            title: contact.title.clone(),
            email: contact.email.clone(),
            phone: contact.phone.clone(),
            language: contact.language,
        }
    }
}

impl From<ContactFields> for ContactInput {
    fn from(fields: ContactFields) -> Self {
        Self {
            family_name: fields.family_name.into(),
            given_name: fields.given_name.into(),
            family_kana: fields.family_kana.into(),
            given_kana: fields.given_kana.into(),
            department: fields.department.into(),
            title: fields.title.into(),
            email: fields.email.map(String::from).unwrap_or_default().into(),
            phone: fields.phone.into(),
            language: fields.language.as_str().into(),
            apart_from: Vec::new(),
        }
    }
}

impl ContactInput {
    /// The contacts this one is known not to be.
    pub(super) fn apart_from(&self) -> Vec<ContactId> {
        self.apart_from.iter().filter_map(|id| id.as_str().trim().parse().ok()).collect()
    }

    /// The input as it would be stored: what two spellings of it share.
    pub fn settled(&self) -> Result<Self, Invalid> {
        self.checked().map(Self::from)
    }

    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<ContactFields, Invalid> {
        let mut checks = Checks::new();
        let fields = ContactFields {
            family_name: checks.required_line("family_name", &self.family_name, 100),
            given_name: checks.line("given_name", &self.given_name, 100),
            family_kana: checks.furigana("family_kana", &self.family_kana, 100),
            given_kana: checks.furigana("given_kana", &self.given_kana, 100),
            department: checks.line("department", &self.department, 100),
            title: checks.line("title", &self.title, 100),
            email: checks.optional_email("email", &self.email),
            phone: checks.phone("phone", &self.phone),
            language: self.language(&mut checks),
        };
        checks.done(fields)
    }

    fn language(&self, checks: &mut Checks) -> Language {
        if self.language.as_str().trim().is_empty() {
            return Language::Ja;
        }
        checks.choice("language", &self.language).unwrap_or(Language::Ja)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Code;

    fn named(family_name: &str, given_name: &str) -> Contact {
        Contact {
            id: ContactId(1),
            company_id: CompanyId(1),
            family_name: family_name.to_owned(),
            given_name: given_name.to_owned(),
            family_kana: String::new(),
            given_kana: String::new(),
            department: String::new(),
            title: String::new(),
            email: None,
            phone: String::new(),
            language: Language::Ja,
            may_be_called: true,
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn people_are_addressed_as_their_language_does() {
        assert_eq!(named("山田", "太郎").salutation(Language::Ja), "山田 太郎 様");
        assert_eq!(named("山田", "").salutation(Language::Ja), "山田 様");
        assert_eq!(named("山田", "太郎").salutation(Language::En), "山田 太郎");
        assert_eq!(named("Smith", "Mary").salutation(Language::En), "Mary Smith");
        assert_eq!(named("Müller", "").salutation(Language::En), "Müller");
        assert_eq!(named("Smith", "Mary").salutation(Language::Ja), "Smith Mary 様");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let input = ContactInput {
            family_kana: "山田".into(),
            email: "yamada".into(),
            language: "fr".into(),
            ..ContactInput::default()
        };
        let problems = input.checked().unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        assert_eq!(
            found,
            [
                ("family_name", Code::Required),
                ("family_kana", Code::NotFurigana),
                ("email", Code::NotAnEmail),
                ("language", Code::UnknownChoice)
            ]
        );
    }
}
