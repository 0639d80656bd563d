//! What a person is and what may be entered for one. No database here.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, EmailAddress, FieldProblem, Invalid, Language, PersonId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

text_enum!(
    /// What a person may do in a town; most have one, some several.
    Role {
        /// Settings, people, everything about the town itself (管理者).
        Admin = "admin",
        /// Leads, deals and quotes (営業).
        Sales = "sales",
        /// Orders, jobs, units, reviews and deliveries (ディレクター).
        Coordinator = "coordinator",
        /// Does units of work (住民ワーカー).
        Worker = "worker",
        /// The town office: reads figures (役場).
        Officer = "officer",
        /// Advises from outside: reads (アドバイザー).
        Adviser = "adviser",
    }
);

text_enum!(
    /// Whether a person may sign in.
    PersonState {
        /// May sign in.
        Active = "active",
        /// Shut out; everything they did stays.
        Disabled = "disabled",
    }
);

text_enum!(
    /// How large pages are set.
    TextSize {
        /// As designed.
        Normal = "normal",
        /// Larger by an eighth.
        Large = "large",
        /// Larger by a quarter.
        Larger = "larger",
    }
);

text_enum!(
    /// The typeface.
    Face {
        /// As designed.
        Standard = "standard",
        /// UD typefaces, for readers whom the usual ones tire.
        Readable = "readable",
    }
);

text_enum!(
    /// Light or dark.
    Theme {
        /// As the device says.
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
);

/// A name in its parts; the family name alone is enough.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PersonName {
    /// 姓, exactly as entered.
    pub family: String,
    /// 名, exactly as entered; may be empty.
    pub given: String,
    /// Reading of the family name in katakana; may be empty.
    pub family_kana: String,
    /// Reading of the given name in katakana; may be empty.
    pub given_kana: String,
}

impl PersonName {
    /// The name as a reader of `language` expects it: family name first in Japanese, given name first in English.
    /// A name in Japanese script keeps its order in English too, because the other way round it is not a name.
    pub fn name_in(&self, language: Language) -> String {
        let latin = self.family.chars().chain(self.given.chars()).all(|character| character < '\u{2e80}');
        let (first, second) = match language {
            Language::En if latin => (&self.given, &self.family),
            Language::En | Language::Ja => (&self.family, &self.given),
        };
        format!("{first} {second}").trim().to_owned()
    }

    /// The reading, family name first; empty where none is known.
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana).trim().to_owned()
    }
}

/// How a person likes pages and mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preferences {
    /// Language of pages and mails.
    pub language: Language,
    /// Size of text.
    pub text_size: TextSize,
    /// Typeface.
    pub face: Face,
    /// Light or dark.
    pub theme: Theme,
}

/// One human being in one town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: PersonName,
    /// Where they get mail and what they sign in with.
    pub email: Option<EmailAddress>,
    /// Whether they have chosen a password yet.
    pub has_password: bool,
    /// How they like their pages.
    pub preferences: Preferences,
    /// Whether they may sign in.
    pub state: PersonState,
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Counts their changes; an edit names the version it was based on.
    pub version: i32,
}

impl Person {
    /// Whether they hold `role`.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether they may sign in.
    pub fn is_active(&self) -> bool {
        self.state == PersonState::Active
    }

    /// Whether they have taken their place: may sign in, and have chosen a password. Whoever was only invited has said yes to
    /// nothing yet, so that what a town talks about among itself is not for them.
    pub fn has_joined(&self) -> bool {
        self.is_active() && self.has_password
    }

    /// Their name as a reader of `language` expects it.
    pub fn name_in(&self, language: Language) -> String {
        self.name.name_in(language)
    }
}

/// A person as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "email": "hanako.yamada@example.jp", "language": "ja",
}]))]
pub struct PersonInput {
    /// 姓; required.
    pub family_name: Typed,
    /// 名.
    pub given_name: Typed,
    /// Reading of the family name in kana of any kind and width.
    pub family_kana: Typed,
    /// Reading of the given name.
    pub given_kana: Typed,
    /// Mail address; required once there is a password.
    pub email: Typed,
    /// `ja` or `en`; Japanese where empty.
    #[schemars(with = "Option<Language>")]
    pub language: Typed,
}

impl From<&Person> for PersonInput {
    /// What the form that corrects a person starts with.
    fn from(person: &Person) -> Self {
        Self {
            family_name: person.name.family.as_str().into(),
            given_name: person.name.given.as_str().into(),
            family_kana: person.name.family_kana.as_str().into(),
            given_kana: person.name.given_kana.as_str().into(),
            email: person.email.clone().map(String::from).unwrap_or_default().into(),
            language: person.preferences.language.as_str().into(),
        }
    }
}

/// Preferences as typed; empty means the usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PreferencesInput {
    /// `ja` or `en`.
    pub language: Typed,
    /// `normal`, `large` or `larger`.
    pub text_size: Typed,
    /// `standard` or `readable`.
    pub face: Typed,
    /// `system`, `light` or `dark`.
    pub theme: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonFields {
    pub(super) name: PersonName,
    pub(super) email: Option<EmailAddress>,
    pub(super) language: Language,
}

impl PersonInput {
    /// Checks every field and reports all problems at once.
    pub(crate) fn checked(&self) -> Result<PersonFields, Invalid> {
        let mut checks = Checks::new();
        let fields = PersonFields {
            name: PersonName {
                family: checks.required_line("family_name", &self.family_name, 100),
                given: checks.line("given_name", &self.given_name, 100),
                family_kana: reading(&mut checks, "family_kana", &self.family_kana),
                given_kana: reading(&mut checks, "given_kana", &self.given_kana),
            },
            email: checks.optional_email("email", &self.email),
            language: choice_or(&mut checks, "language", &self.language, Language::Ja),
        };
        checks.done(fields)
    }

    /// What of it cannot be accepted, for whoever asks for more than a person and says everything at once.
    pub fn problems(&self) -> Vec<FieldProblem> {
        self.checked().err().map(|invalid| invalid.0).unwrap_or_default()
    }

    /// The same for somebody who will be invited with `roles`.
    pub(super) fn checked_for_member(&self, roles: &BTreeSet<Role>) -> Result<PersonFields, Invalid> {
        let mut checks = Checks::new();
        if self.email.as_str().trim().is_empty() {
            checks.problem("email", Code::Required);
        }
        if roles.is_empty() {
            checks.problem("roles", Code::Required);
        }
        match (self.checked(), checks.done(())) {
            (Ok(fields), Ok(())) => Ok(fields),
            (own, more) => {
                let problems = own.err().into_iter().chain(more.err()).flat_map(|invalid| invalid.0);
                Err(Invalid(problems.collect()))
            }
        }
    }
}

impl PreferencesInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<Preferences, Invalid> {
        let mut checks = Checks::new();
        let preferences = Preferences {
            language: choice_or(&mut checks, "language", &self.language, Language::Ja),
            text_size: choice_or(&mut checks, "text_size", &self.text_size, TextSize::Normal),
            face: choice_or(&mut checks, "face", &self.face, Face::Standard),
            theme: choice_or(&mut checks, "theme", &self.theme, Theme::System),
        };
        checks.done(preferences)
    }
}

fn choice_or<T: FromStr>(checks: &mut Checks, field: &str, typed: &Typed, usual: T) -> T {
    if typed.as_str().trim().is_empty() { usual } else { checks.choice(field, typed).unwrap_or(usual) }
}

/// A person's reading, in kana alone: a name in letters would come before あ and be found by nobody who looks there.
fn reading(checks: &mut Checks, field: &str, typed: &Typed) -> String {
    let kana = katakana(typed);
    if kana.as_str().contains(|character: char| character.is_ascii_alphabetic()) {
        checks.problem(field, Code::NotFurigana);
        return String::new();
    }
    checks.furigana(field, &kana, 100)
}

/// Readings are kept in one script, so that sorting by them is gojūon order: half-width forms and hiragana become
/// katakana. Before the length is checked, because ㌔ becomes キロ.
fn katakana(reading: &Typed) -> Typed {
    let folded: String = reading
        .as_str()
        .nfkc()
        .map(|character| match character {
            'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
            other => other,
        })
        .collect();
    Typed(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(family: &str, given: &str) -> PersonName {
        PersonName {
            family: family.to_owned(),
            given: given.to_owned(),
            family_kana: String::new(),
            given_kana: String::new(),
        }
    }

    #[test]
    fn names_are_said_in_the_readers_order() {
        let tanaka = name("Tanaka", "Taro");
        assert_eq!(tanaka.name_in(Language::Ja), "Tanaka Taro");
        assert_eq!(tanaka.name_in(Language::En), "Taro Tanaka");
        assert_eq!(name("田中", "太郎").name_in(Language::Ja), "田中 太郎");
        assert_eq!(name("田中", "太郎").name_in(Language::En), "田中 太郎");
        assert_eq!(name("𠮷野", "").name_in(Language::En), "𠮷野");
    }

    #[test]
    fn readings_of_every_width_sort_together() {
        for typed in ["たなか", "ﾀﾅｶ", "タナカ"] {
            assert_eq!(katakana(&typed.into()).as_str(), "タナカ");
        }
        assert_eq!(katakana(&"ｶﾞ・John㌔".into()).as_str(), "ガ・Johnキロ");
    }

    #[test]
    fn every_problem_of_a_person_is_reported_at_once() {
        let input = PersonInput {
            family_name: "田中\u{202e}".into(),
            family_kana: "田中".into(),
            email: "tanaka@".into(),
            language: "fr".into(),
            ..PersonInput::default()
        };
        let codes: Vec<Code> = input.checked().unwrap_err().0.iter().map(|problem| problem.code).collect();
        let expected = [Code::ForbiddenCharacters, Code::NotFurigana, Code::NotAnEmail, Code::UnknownChoice];
        assert_eq!(codes, expected);
    }

    #[test]
    fn a_role_cannot_be_smuggled_into_a_persons_fields() {
        let json = r#"{"family_name": "田中", "roles": ["admin"], "organization_id": 2}"#;
        assert!(serde_json::from_str::<PersonInput>(json).is_err());
    }

    #[test]
    fn a_member_needs_a_name_an_address_and_a_role_and_hears_it_at_once() {
        let nobody = PersonInput::default();
        let problems = nobody.checked_for_member(&BTreeSet::new()).unwrap_err().0;
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["family_name", "email", "roles"]);
        let somebody =
            PersonInput { family_name: "山田".into(), email: "yamada@example.jp".into(), ..nobody };
        assert!(somebody.checked_for_member(&BTreeSet::from([Role::Sales])).is_ok());
    }

    #[test]
    fn a_reading_is_in_kana() {
        let read = |kana: &str| PersonInput {
            family_name: "山田".into(),
            family_kana: kana.into(),
            ..PersonInput::default()
        };
        let problem = |kana| read(kana).checked().map_err(|invalid| invalid.0[0].code);
        assert_eq!(problem("やまだ").unwrap().name.family_kana, "ヤマダ");
        assert_eq!(problem("Yamada").unwrap_err(), Code::NotFurigana);
        assert_eq!(problem("Ｙamada").unwrap_err(), Code::NotFurigana, "in any width");
    }
}
