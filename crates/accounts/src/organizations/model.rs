//! What a town is and what may be set for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    Checks, Code, CorporateNumber, FiscalYear, Invalid, Language, MunicipalCode, NumberError, OrganizationId,
    Period, Span, Typed, text, text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// Whether a town's data is real.
    TownKind {
        /// A town at work.
        Real = "real",
        /// The demonstration, whose figures are partly invented.
        Demo = "demo",
    }
);

/// One day of allowed hours.
const USUAL_QUESTION_HOURS: i16 = 12;

/// The month in which the fiscal years of municipalities begin.
const APRIL: i16 = 4;

/// A town with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name on pages.
    pub name: String,
    /// Real or demonstration.
    pub kind: TownKind,
    /// Its 全国地方公共団体コード, where it is a municipality.
    pub municipal_code: Option<MunicipalCode>,
    /// The language of what it writes to people whose own is not known.
    pub language: Language,
    /// Its name in legal documents.
    pub legal_name: String,
    /// The address a terms notice and a mail footer name.
    pub postal_address: String,
    /// Where clients and workers may write to.
    pub contact_email: String,
    /// Where they may call.
    pub contact_phone: String,
    /// Inhabitants, for ratios in reports.
    pub population: Option<i32>,
    /// The day that figure is of.
    pub population_as_of: Option<NaiveDate>,
    /// Its 登録番号 as an issuer of qualified invoices: `T` and thirteen digits; empty where it is none.
    pub registration_number: String,
    /// Within how many business days it promises a first answer to an inquiry; none where it promises none and has no
    /// public form for inquiries.
    pub answer_days: Option<i16>,
    /// Within how many hours, counted from 08:00 to 20:00 in Japan alone, it answers questions about work.
    pub question_hours: i16,
    /// The account that clients transfer to (振込先), in one line as invoices print it; empty where none is said.
    pub bank_account: String,
    /// The month its fiscal year begins in, 1 to 12: April for a municipality (Local Autonomy Act art. 208).
    pub fiscal_start_month: i16,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; an edit names the version it was based on.
    pub version: i32,
}

impl Organization {
    /// The month its fiscal year begins in, 1 to 12.
    pub fn first_fiscal_month(&self) -> u32 {
        u32::try_from(self.fiscal_start_month).unwrap_or(4)
    }

    /// The fiscal year `date` falls in, as its years begin.
    pub fn fiscal_year_of(&self, date: NaiveDate) -> FiscalYear {
        FiscalYear::beginning_in(self.first_fiscal_month(), date)
    }

    /// The days of `year`, as its years begin.
    pub fn days_of(&self, year: FiscalYear) -> Span {
        Period::Year.span(year.first_day_in(self.first_fiscal_month()))
    }
}

/// A new town as typed; everything else is set later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewTown {
    /// Name in addresses: 3 to 40 small letters, digits and hyphens, beginning with a letter; required.
    pub slug: Typed,
    /// Name on pages; required.
    pub name: Typed,
    /// 全国地方公共団体コード with its check digit, or empty.
    pub municipal_code: Typed,
    /// `ja` or `en`; Japanese where empty.
    pub language: Typed,
    /// Name in legal documents; the name where empty.
    pub legal_name: Typed,
}

/// Settings as typed; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "立科町", "municipal_code": "203246", "language": "ja", "contact_email": "telework@example.jp", "population": 6960, "population_as_of": "2022-01-01", "answer_days": 2, "question_hours": 12, "fiscal_start_month": 4 }]))]
pub struct SettingsInput {
    /// Name on pages; required.
    pub name: Typed,
    /// 全国地方公共団体コード with its check digit, or empty.
    pub municipal_code: Typed,
    /// `ja` or `en`; Japanese where empty.
    #[schemars(with = "Option<Language>")]
    pub language: Typed,
    /// Name in legal documents; the name where empty.
    pub legal_name: Typed,
    /// Postal address in one line.
    pub postal_address: Typed,
    /// Mail address.
    pub contact_email: Typed,
    /// Phone number.
    pub contact_phone: Typed,
    /// Inhabitants.
    pub population: Typed,
    /// The day that figure is of; required with it.
    pub population_as_of: Typed,
    /// The 登録番号 for qualified invoices: `T` and a corporate number with its check digit, or empty.
    pub registration_number: Typed,
    /// The account that clients transfer to, as invoices print it; at most 400 characters in one line.
    pub bank_account: Typed,
    /// Business days to the first answer to an inquiry, 1 to 20; empty for no public form.
    pub answer_days: Typed,
    /// Hours between 08:00 and 20:00 within which questions about work are answered, 1 to 120; empty means 12.
    pub question_hours: Typed,
    /// The month the fiscal year begins in, 1 to 12; empty means 4.
    pub fiscal_start_month: Typed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewTownFields {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) municipal_code: Option<MunicipalCode>,
    pub(super) language: Language,
    pub(super) legal_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SettingsFields {
    pub(super) name: String,
    pub(super) municipal_code: Option<MunicipalCode>,
    pub(super) language: Language,
    pub(super) legal_name: String,
    pub(super) postal_address: String,
    pub(super) contact_email: String,
    pub(super) contact_phone: String,
    pub(super) population: Option<i32>,
    pub(super) population_as_of: Option<NaiveDate>,
    pub(super) registration_number: String,
    pub(super) bank_account: String,
    pub(super) answer_days: Option<i16>,
    pub(super) question_hours: i16,
    pub(super) fiscal_start_month: i16,
}

impl NewTown {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<NewTownFields, Invalid> {
        let mut checks = Checks::new();
        let slug = slug(&mut checks, &self.slug);
        let name = checks.required_line("name", &self.name, 100);
        let fields = NewTownFields {
            legal_name: legal_name(&mut checks, &self.legal_name, &name),
            municipal_code: municipal_code(&mut checks, &self.municipal_code),
            language: language(&mut checks, &self.language),
            slug,
            name,
        };
        checks.done(fields)
    }
}

impl SettingsInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<SettingsFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let contact = checks.optional_email("contact_email", &self.contact_email);
        let population = checks.optional_number("population", &self.population, 1..=i64::from(i32::MAX));
        let as_of = checks.optional_date("population_as_of", &self.population_as_of);
        match (self.population.as_str().trim(), self.population_as_of.as_str().trim()) {
            ("", "") => {}
            ("", _) => checks.problem("population", Code::Required),
            (_, "") => checks.problem("population_as_of", Code::Required),
            _ => {}
        }
        let fields = SettingsFields {
            legal_name: legal_name(&mut checks, &self.legal_name, &name),
            municipal_code: municipal_code(&mut checks, &self.municipal_code),
            language: language(&mut checks, &self.language),
            postal_address: checks.line("postal_address", &self.postal_address, 400),
            contact_email: contact.map_or_else(String::new, String::from),
            contact_phone: checks.phone("contact_phone", &self.contact_phone),
            population: population.and_then(|number| i32::try_from(number).ok()),
            population_as_of: as_of,
            registration_number: registration_number(&mut checks, &self.registration_number),
            bank_account: checks.line("bank_account", &self.bank_account, 400),
            answer_days: checks
                .optional_number("answer_days", &self.answer_days, 1..=20)
                .and_then(|days| i16::try_from(days).ok()),
            question_hours: checks
                .optional_number("question_hours", &self.question_hours, 1..=120)
                .and_then(|hours| i16::try_from(hours).ok())
                .unwrap_or(USUAL_QUESTION_HOURS),
            fiscal_start_month: checks
                .optional_number("fiscal_start_month", &self.fiscal_start_month, 1..=12)
                .and_then(|month| i16::try_from(month).ok())
                .unwrap_or(APRIL),
            name,
        };
        checks.done(fields)
    }
}

/// `T` may be left out or typed in full width; the digits are a corporate number's.
fn registration_number(checks: &mut Checks, typed: &Typed) -> String {
    let folded = text::fold_width(typed.as_str()).trim().to_uppercase();
    if folded.is_empty() {
        return folded;
    }
    let digits = folded.strip_prefix('T').unwrap_or(&folded);
    match CorporateNumber::parse(digits) {
        Ok(number) => format!("T{}", number.as_str()),
        Err(error) => {
            checks.problem("registration_number", problem_of(error));
            String::new()
        }
    }
}

/// The same rule as the column's CHECK.
fn slug(checks: &mut Checks, typed: &Typed) -> String {
    let folded = Typed(text::fold_width(typed.as_str()).to_lowercase());
    let slug = checks.required_line("slug", &folded, 40);
    if slug.is_empty() {
        return slug;
    }
    let allowed =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if !slug.chars().all(allowed)
        || !slug.starts_with(|first: char| first.is_ascii_lowercase())
        || slug.ends_with('-')
    {
        checks.problem("slug", Code::ForbiddenCharacters);
    } else if slug.len() < 3 {
        checks.bounded("slug", Code::TooShort, 3_i64);
    }
    slug
}

fn legal_name(checks: &mut Checks, typed: &Typed, name: &str) -> String {
    let legal_name = checks.line("legal_name", typed, 100);
    if legal_name.is_empty() { name.to_owned() } else { legal_name }
}

fn language(checks: &mut Checks, typed: &Typed) -> Language {
    if typed.as_str().trim().is_empty() {
        return Language::Ja;
    }
    checks.choice("language", typed).unwrap_or(Language::Ja)
}

fn municipal_code(checks: &mut Checks, typed: &Typed) -> Option<MunicipalCode> {
    if typed.as_str().trim().is_empty() {
        return None;
    }
    match MunicipalCode::parse(typed.as_str()) {
        Ok(code) => Some(code),
        Err(error) => {
            checks.problem("municipal_code", problem_of(error));
            None
        }
    }
}

const fn problem_of(error: NumberError) -> Code {
    match error {
        NumberError::Length => Code::NotANumber,
        NumberError::CheckDigit => Code::CheckDigit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(input: &NewTown) -> Vec<(String, Code)> {
        let invalid = input.checked().unwrap_err();
        invalid.0.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn a_town_needs_a_slug_and_a_name_and_a_true_code() {
        let input = NewTown { municipal_code: "203245".into(), ..NewTown::default() };
        let expected =
            [("slug", Code::Required), ("name", Code::Required), ("municipal_code", Code::CheckDigit)];
        assert_eq!(problems(&input), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_registration_number_is_a_t_and_a_true_corporate_number() {
        let settings = |number: &str| SettingsInput {
            name: "立科町".into(),
            registration_number: number.into(),
            ..SettingsInput::default()
        };
        let read = |number: &str| settings(number).checked().map(|fields| fields.registration_number);
        assert_eq!(read("Ｔ７０００01205000２").unwrap(), "T7000012050002");
        assert_eq!(read("7000012050002").unwrap(), "T7000012050002");
        assert_eq!(read(" ").unwrap(), "");
        for (number, code) in [("T7000012050003", Code::CheckDigit), ("T123", Code::NotANumber)] {
            let problem = &read(number).unwrap_err().0[0];
            assert_eq!((problem.field.as_str(), problem.code), ("registration_number", code), "{number}");
        }
    }

    #[test]
    fn a_slug_fits_into_an_address() {
        let town = |slug: &str| NewTown { slug: slug.into(), name: "立科町".into(), ..NewTown::default() };
        for (slug, code) in [
            ("a/b", Code::ForbiddenCharacters),
            ("立科", Code::ForbiddenCharacters),
            ("9town", Code::ForbiddenCharacters),
            ("town-", Code::ForbiddenCharacters),
            ("../etc", Code::ForbiddenCharacters),
            ("ab", Code::TooShort),
            ("a12345678901234567890123456789012345678901", Code::TooLong),
        ] {
            assert_eq!(problems(&town(slug)), [("slug".to_owned(), code)], "{slug}");
        }
        assert_eq!(town(" Ｔateshina-2 ").checked().unwrap().slug, "tateshina-2");
    }

    #[test]
    fn a_population_without_its_day_says_nothing() {
        let input = |population: &str, day: &str| SettingsInput {
            name: "立科町".into(),
            population: population.into(),
            population_as_of: day.into(),
            ..SettingsInput::default()
        };
        let code = |input: SettingsInput| input.checked().unwrap_err().0[0].clone();
        assert_eq!(code(input("6,600", "")).field, "population_as_of");
        assert_eq!(code(input("", "2026-10-01")).field, "population");
        assert_eq!(code(input("0", "2026-10-01")).code, Code::OutOfRange);
        let fields = input("６，６００", "令和8年10月1日").checked().unwrap();
        assert_eq!((fields.population, fields.legal_name.as_str()), (Some(6600), "立科町"));
    }
}
