//! What a lead is, what may be entered for one, and its state machine. No database here.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clients::companies::CompanyInput;
use clients::contacts::{ContactInput, Likeness, LookAlike};
use kernel::{
    Checks, Code, CompanyId, DealId, EmailAddress, Holidays, Invalid, Language, LeadId, PersonId, Span,
    Typed, date_in_japan, text,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LeadError;
use crate::deals::{NextAction, optional_choice, problems_of};

kernel::text_enum!(
    /// How a lead came to us.
    LeadSource {
        /// Through a web site.
        Web = "web",
        /// By phone.
        Phone = "phone",
        /// By mail.
        Mail = "mail",
        /// Somebody introduced them.
        Introduction = "introduction",
        /// We went there.
        Visit = "visit",
        /// At an event.
        Event = "event",
        /// We found them in the corporate-number register.
        Register = "register",
        /// Otherwise.
        Other = "other",
    }
);

kernel::text_enum!(
    /// The word for a lead's state.
    LeadStatus {
        /// Nobody has talked to them yet.
        New = "new",
        /// Somebody has.
        Contacted = "contacted",
        /// It became a deal.
        Converted = "converted",
        /// It will not become one.
        Disqualified = "disqualified",
    }
);

kernel::text_enum!(
    /// Why a lead will not become a deal.
    DisqualifiedReason {
        /// They need nothing.
        NoNeed = "no_need",
        /// They have no money for it.
        NoBudget = "no_budget",
        /// It is nothing we do.
        OutOfScope = "out_of_scope",
        /// They cannot be reached.
        Unreachable = "unreachable",
        /// We have them already.
        Duplicate = "duplicate",
        /// Something else.
        Other = "other",
    }
);

/// Where a lead stands, with what only that state has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LeadState {
    /// Nobody has talked to them yet.
    New,
    /// Somebody has.
    Contacted,
    /// It became a deal.
    Converted {
        /// When.
        closed_at: DateTime<Utc>,
        /// The deal it became.
        deal_id: DealId,
    },
    /// It will not become one.
    Disqualified {
        /// When that was decided.
        closed_at: DateTime<Utc>,
        /// Why.
        disqualified_reason: DisqualifiedReason,
        /// In words; may be empty where the reason says it.
        disqualified_note: String,
    },
}

impl LeadState {
    /// The word for this state.
    pub const fn status(&self) -> LeadStatus {
        match self {
            Self::New => LeadStatus::New,
            Self::Contacted => LeadStatus::Contacted,
            Self::Converted { .. } => LeadStatus::Converted,
            Self::Disqualified { .. } => LeadStatus::Disqualified,
        }
    }
}

/// A prospect not yet qualified (見込み).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// The company's name as told to us.
    pub company_name: String,
    /// The person's name as told to us, family name first; may be empty.
    pub contact_name: String,
    /// That person's mail address.
    pub email: Option<EmailAddress>,
    /// That person's phone number.
    pub phone: String,
    /// How it came to us.
    pub source: LeadSource,
    /// What they need.
    pub need: String,
    /// New, contacted, converted or disqualified.
    #[serde(flatten)]
    pub state: LeadState,
    /// Who looks after it.
    pub owner_id: Option<PersonId>,
    /// The company, where we have it.
    pub company_id: Option<CompanyId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// The day on which they first turned to us, where somebody said so; otherwise it is the day it was entered.
    pub asked_on: Option<NaiveDate>,
    /// When somebody first talked to them.
    pub contacted_at: Option<DateTime<Utc>>,
    /// The day by which they were promised a first answer, where they asked for one.
    pub answer_by: Option<NaiveDate>,
    /// The language they wrote in on the town's public form; none for a lead that somebody of the town entered.
    pub inquired_in: Option<Language>,
    /// What is to be done next, from the first contact until it is closed.
    pub next: Option<NextAction>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

impl LeadSource {
    /// Whether whoever comes this way waits for an answer of ours.
    pub const fn waits_for_an_answer(self) -> bool {
        matches!(self, Self::Web | Self::Phone | Self::Mail)
    }
}

/// The day of the first answer promised to whoever asked on `asked_on`: so many business days of the Japanese calendar later.
pub(super) fn promised(asked_on: NaiveDate, days: i16) -> NaiveDate {
    Holidays::published().business_days_after(asked_on, u32::from(days.unsigned_abs())).0
}

impl Lead {
    /// The office hours that passed until somebody answered; `None` while nobody has, and for ever where it was closed
    /// without an answer.
    pub fn answered_after(&self) -> Option<TimeDelta> {
        let answered = self.contacted_at?;
        Some(Holidays::published().business_time_between(self.waits_since(), answered))
    }

    /// Since when whoever asked waits: from the beginning of the day on which they first turned to us, where it was entered on
    /// a later one.
    fn waits_since(&self) -> DateTime<Utc> {
        let before = self.asked_on.filter(|day| *day < date_in_japan(self.created_at));
        before.map_or(self.created_at, |day| Span { first: day, last: day }.instants().0)
    }

    /// Whether whoever asked was never answered and will not be.
    pub fn closed_unanswered(&self) -> bool {
        self.is_closed() && self.contacted_at.is_none()
    }
}

/// The transitions: each takes the lead and gives back what it has become, or says why it cannot.
impl Lead {
    /// Nobody was there, and `next` comes next: whoever asked waits for an answer as before.
    pub(super) fn tried(self, next: NextAction) -> Result<Self, LeadError> {
        self.must_be_alive()?;
        Ok(Self { next: Some(next), ..self })
    }

    /// Somebody got in touch with them, and `next` comes next; only the first time is remembered here.
    pub(super) fn contacted(self, next: NextAction, now: DateTime<Utc>) -> Result<Self, LeadError> {
        self.must_be_alive()?;
        let contacted_at = self.contacted_at.or(Some(now));
        Ok(Self { state: LeadState::Contacted, contacted_at, next: Some(next), ..self })
    }

    /// It will not become a deal.
    pub(super) fn disqualified(self, refusal: Refusal, now: DateTime<Utc>) -> Result<Self, LeadError> {
        self.must_be_alive()?;
        let state = LeadState::Disqualified {
            closed_at: now,
            disqualified_reason: refusal.reason,
            disqualified_note: refusal.note,
        };
        Ok(Self { state, next: None, ..self })
    }

    /// It became `deal` with `company`.
    pub(super) fn converted(
        self,
        company: CompanyId,
        deal: DealId,
        now: DateTime<Utc>,
    ) -> Result<Self, LeadError> {
        self.must_be_alive()?;
        let state = LeadState::Converted { closed_at: now, deal_id: deal };
        Ok(Self { state, company_id: Some(company), next: None, ..self })
    }

    /// Whether it became a deal or was given up.
    pub fn is_closed(&self) -> bool {
        matches!(self.state.status(), LeadStatus::Converted | LeadStatus::Disqualified)
    }

    pub(super) fn must_be_alive(&self) -> Result<(), LeadError> {
        match self.state.status() {
            LeadStatus::New | LeadStatus::Contacted => Ok(()),
            closed => Err(LeadError::Closed(closed)),
        }
    }

    /// What the lead tells of its company, to see whether we have it: its name, a number, the host of an address there.
    pub fn company_signs(&self) -> CompanyInput {
        let host = self.email.as_ref().map(EmailAddress::to_string);
        let host = host.as_deref().and_then(|email| email.rsplit('@').next()).unwrap_or_default();
        CompanyInput {
            name: self.company_name.as_str().into(),
            phone: self.phone.as_str().into(),
            website: host.into(),
            ..CompanyInput::default()
        }
    }

    /// The contact this lead names, if it names one.
    pub(super) fn named_contact(&self) -> Option<ContactInput> {
        Some(self.contact_input()).filter(|contact| !contact.family_name.as_str().is_empty())
    }

    /// What the lead knows of a person: everything before the first space is the family name.
    pub fn contact_input(&self) -> ContactInput {
        let name = text::one_line(&self.contact_name).unwrap_or_default();
        let (family, given) = name.split_once([' ', '\u{3000}']).unwrap_or((name, ""));
        ContactInput {
            family_name: family.into(),
            given_name: given.trim().into(),
            email: self.email.as_ref().map(ToString::to_string).unwrap_or_default().into(),
            phone: self.phone.as_str().into(),
            language: self.inquired_in.map(Language::as_str).unwrap_or_default().into(),
            ..ContactInput::default()
        }
    }

    /// Whether somebody who looks like the person this lead names is that person: by the same address, or by the same
    /// name where no address differs.
    pub(super) fn is_of(&self, one: &LookAlike) -> bool {
        let differs = self.email.is_some() && one.contact.email.is_some();
        one.by.contains(&Likeness::Email) || (one.by.contains(&Likeness::Name) && !differs)
    }

    /// What a deal made from this lead is called where nobody says otherwise: the first line of the need, or the
    /// company's name.
    pub(super) fn title(&self) -> String {
        let need = self.need.lines().map(str::trim).find(|line| !line.is_empty());
        need.unwrap_or(&self.company_name).chars().take(200).collect()
    }
}

/// A lead as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "company_name": "鳥取商事", "contact_name": "田中", "email": "tanaka@example.jp", "source": "web", "need": "名簿の入力を頼みたい" }]))]
pub struct LeadInput {
    /// The company's name; required.
    pub company_name: Typed,
    /// The person's name, family name first.
    pub contact_name: Typed,
    /// The person's mail address.
    pub email: Typed,
    /// The person's phone number.
    pub phone: Typed,
    /// A word of [`LeadSource`]; required.
    #[schemars(with = "LeadSource")]
    pub source: Typed,
    /// What they need.
    pub need: Typed,
    /// The company, where we have it already.
    pub company_id: Typed,
    /// Who looks after it; whoever enters it where empty.
    pub owner_id: Typed,
    /// The day on which they first turned to us, today or before; the day it is entered where empty.
    pub asked_on: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeadFields {
    pub(super) company_name: String,
    pub(super) contact_name: String,
    pub(super) email: Option<EmailAddress>,
    pub(super) phone: String,
    pub(super) source: LeadSource,
    pub(super) need: String,
    pub(super) company_id: Option<CompanyId>,
    pub(super) owner_id: Option<PersonId>,
    pub(super) asked_on: Option<NaiveDate>,
    pub(super) inquired_in: Option<Language>,
}

impl From<&Lead> for LeadInput {
    /// What an edit form starts with.
    fn from(lead: &Lead) -> Self {
        Self {
            company_name: lead.company_name.as_str().into(),
            contact_name: lead.contact_name.as_str().into(),
            email: lead.email.clone().map(String::from).unwrap_or_default().into(),
            phone: lead.phone.as_str().into(),
            source: lead.source.as_str().into(),
            need: lead.need.as_str().into(),
            company_id: lead.company_id.map(|id| id.to_string()).unwrap_or_default().into(),
            owner_id: lead.owner_id.map(|id| id.to_string()).unwrap_or_default().into(),
            asked_on: lead.asked_on.map(|day| day.to_string()).unwrap_or_default().into(),
        }
    }
}

impl From<LeadFields> for LeadInput {
    fn from(fields: LeadFields) -> Self {
        Self {
            company_name: fields.company_name.into(),
            contact_name: fields.contact_name.into(),
            email: fields.email.map(String::from).unwrap_or_default().into(),
            phone: fields.phone.into(),
            source: fields.source.as_str().into(),
            need: fields.need.into(),
            company_id: fields.company_id.map(|id| id.to_string()).unwrap_or_default().into(),
            owner_id: fields.owner_id.map(|id| id.to_string()).unwrap_or_default().into(),
            asked_on: fields.asked_on.map(|day| day.to_string()).unwrap_or_default().into(),
        }
    }
}

/// The day on which somebody asked: none that is still to come, and none so long ago that only a slip of the hand names it.
fn asked_day(checks: &mut Checks, typed: &Typed, today: NaiveDate) -> Option<NaiveDate> {
    let day = checks.optional_date("asked_on", typed)?;
    let before_all = NaiveDate::from_ymd_opt(1989, 12, 31).unwrap_or(NaiveDate::MIN);
    if day > today {
        checks.bounded("asked_on", Code::TooLate, today);
    } else if day <= before_all {
        checks.bounded("asked_on", Code::NotLater, before_all);
    }
    Some(day)
}

impl LeadInput {
    /// The input as it would be stored: what two spellings of it share. `owner` and `today` as for
    /// [`checked`](Self::checked).
    pub(crate) fn settled(&self, owner: Option<PersonId>, today: NaiveDate) -> Result<Self, Invalid> {
        self.checked(owner, today).map(Self::from)
    }

    /// Checks every field and reports all problems at once. `owner` looks after it where nobody is named; nobody asked after
    /// `today`.
    pub(super) fn checked(&self, owner: Option<PersonId>, today: NaiveDate) -> Result<LeadFields, Invalid> {
        let mut checks = Checks::new();
        let company_name = checks.required_line("company_name", &self.company_name, 200);
        let contact_name = checks.line("contact_name", &self.contact_name, 100);
        let email = checks.optional_email("email", &self.email);
        let phone = checks.phone("phone", &self.phone);
        let source = checks.choice("source", &self.source);
        let need = checks.lines("need", &self.need, 4000);
        let company_id = optional_choice(&mut checks, "company_id", &self.company_id);
        let owner_id = optional_choice(&mut checks, "owner_id", &self.owner_id).or(owner);
        let asked_on = asked_day(&mut checks, &self.asked_on, today);
        match source {
            Some(source) => checks.done(LeadFields {
                company_name,
                contact_name,
                email,
                phone,
                source,
                need,
                company_id,
                owner_id,
                asked_on,
                inquired_in: None,
            }),
            None => Err(problems_of(checks)),
        }
    }
}

/// Why a lead will not become a deal, as posted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "other", "reason_note": "求人の問い合わせだった" }]))]
pub struct DisqualifyInput {
    /// A word of [`DisqualifiedReason`]; required.
    #[schemars(with = "DisqualifiedReason")]
    pub reason: Typed,
    /// In words; required where the reason is "other".
    pub reason_note: Typed,
}

/// Why a lead will not become a deal, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: DisqualifiedReason,
    pub(super) note: String,
}

impl DisqualifyInput {
    pub(super) fn checked(&self) -> Result<Refusal, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.choice("reason", &self.reason);
        let note = match reason {
            Some(DisqualifiedReason::Other) => checks.required_lines("reason_note", &self.reason_note, 1000),
            _ => checks.lines("reason_note", &self.reason_note, 1000),
        };
        match reason {
            Some(reason) => checks.done(Refusal { reason, note }),
            None => Err(problems_of(checks)),
        }
    }
}

/// What a lead does not know yet about the deal it becomes; all else is taken from the lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "名簿の入力", "amount": 120000, "next_action": "見積を送る", "next_action_on": "2027-01-15" }]))]
pub struct ConvertInput {
    /// The company; the lead's own where empty, or a new one of the lead's name where it has none.
    pub company_id: Typed,
    /// The contact; the one the lead names where empty.
    pub contact_id: Typed,
    /// What the deal is about; the first line of the need where empty.
    pub title: Typed,
    /// Yen before tax.
    pub amount: Typed,
    /// When it should be decided.
    pub expected_close_on: Typed,
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required, today or later.
    pub next_action_on: Typed,
    /// Who works on it; the lead's owner where empty.
    pub owner_id: Typed,
    /// Companies that look like the lead's and are known to be others; without them, one that looks like it refuses a new
    /// company with `looks-alike`.
    pub apart_from: Vec<Typed>,
    /// Contacts who look like the person the lead names and are known to be others; without them, one who looks like them
    /// refuses a new contact with `looks-alike`.
    pub apart_from_contacts: Vec<Typed>,
}

#[cfg(test)]
mod tests {
    use kernel::Bound;

    use super::*;

    fn lead(contact_name: &str, need: &str) -> Lead {
        Lead {
            id: LeadId(1),
            company_name: "米子建設株式会社".into(),
            contact_name: contact_name.into(),
            email: None,
            phone: "0859-00-0000".into(),
            source: LeadSource::Phone,
            need: need.into(),
            state: LeadState::New,
            owner_id: None,
            company_id: None,
            created_at: DateTime::UNIX_EPOCH,
            asked_on: None,
            contacted_at: None,
            answer_by: None,
            inquired_in: None,
            next: None,
            version: 1,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn no_need() -> Refusal {
        Refusal { reason: DisqualifiedReason::NoNeed, note: String::new() }
    }

    #[test]
    fn a_name_is_read_family_name_first() {
        let split = |name: &str| {
            lead(name, "").named_contact().map(|contact| (contact.family_name.0, contact.given_name.0))
        };
        assert_eq!(split("山田　太郎"), Some(("山田".into(), "太郎".into())));
        assert_eq!(split("山田"), Some(("山田".into(), String::new())));
        assert_eq!(split("van  der Berg"), Some(("van".into(), "der Berg".into())));
        assert_eq!(split("　"), None);
    }

    #[test]
    fn a_deal_is_called_after_the_need() {
        assert_eq!(lead("", "\n 名刺1,000枚の入力 \n急ぎ").title(), "名刺1,000枚の入力");
        assert_eq!(lead("", "").title(), "米子建設株式会社");
        assert_eq!(lead("", &"長".repeat(300)).title().chars().count(), 200);
    }

    #[test]
    fn a_closed_lead_takes_no_further_step() {
        let now = DateTime::UNIX_EPOCH;
        let gone = lead("", "").disqualified(no_need(), now).unwrap();
        let next = || NextAction { next_action: "電話".into(), next_action_on: NaiveDate::default() };
        assert!(matches!(
            gone.clone().contacted(next(), now),
            Err(LeadError::Closed(LeadStatus::Disqualified))
        ));
        assert!(matches!(gone.converted(CompanyId(1), DealId(1), now), Err(LeadError::Closed(_))));
        let called = lead("", "").contacted(next(), now).unwrap();
        let later = now + chrono::Duration::days(1);
        assert_eq!(called.contacted(next(), later).unwrap().contacted_at, Some(now), "the first time counts");
    }

    #[test]
    fn the_clock_stops_with_the_first_answer_or_the_end() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // Friday 20 November 2026, 16:15 in Japan; Monday is a holiday.
        let asked = Lead { created_at: at("2026-11-20T07:15:00Z"), ..lead("", "") };
        assert_eq!(promised(date_in_japan(asked.created_at), 2), day("2026-11-25"));
        assert_eq!(asked.answered_after(), None);
        let next = NextAction { next_action: "電話".into(), next_action_on: NaiveDate::default() };
        let answered = asked.clone().contacted(next, at("2026-11-24T00:30:00Z")).unwrap();
        assert_eq!(answered.answered_after(), Some(TimeDelta::minutes(120)));
        let closed = asked.disqualified(no_need(), at("2026-11-20T07:45:00Z")).unwrap();
        assert_eq!(
            (closed.answered_after(), closed.closed_unanswered()),
            (None, true),
            "nobody was answered"
        );
    }

    #[test]
    fn whoever_asked_before_the_day_of_entry_waits_since_then() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // Entered on Friday 20 November 2026, 16:15 in Japan, answered an hour later.
        let waited = |asked_on: Option<&str>| {
            let (created_at, contacted_at) = (at("2026-11-20T07:15:00Z"), Some(at("2026-11-20T08:15:00Z")));
            let asked_on = asked_on.map(day);
            let lead = Lead { created_at, asked_on, contacted_at, ..lead("", "") };
            lead.answered_after().unwrap()
        };
        assert_eq!(waited(None), TimeDelta::minutes(60));
        assert_eq!(waited(Some("2026-11-20")), TimeDelta::minutes(60), "the day alone says nothing earlier");
        assert_eq!(waited(Some("2026-11-19")), TimeDelta::minutes(2 * 525), "two whole days in the office");
    }

    #[test]
    fn nobody_asked_tomorrow_or_in_another_age() {
        let asked = |typed: &str| {
            let input = LeadInput {
                company_name: "鳥取商事".into(),
                source: "phone".into(),
                asked_on: typed.into(),
                ..LeadInput::default()
            };
            let checked = input.checked(None, day("2026-11-22"));
            checked.map(|fields| fields.asked_on).map_err(|invalid| {
                let problem = invalid.0.first().unwrap();
                (problem.field.clone(), problem.code, problem.bound)
            })
        };
        assert_eq!(asked(""), Ok(None));
        assert_eq!(asked("R8.11.20"), Ok(Some(day("2026-11-20"))));
        assert_eq!(asked("2026/11/22"), Ok(Some(day("2026-11-22"))), "today");
        assert_eq!(asked("1990-01-01"), Ok(Some(day("1990-01-01"))));
        let refused = |typed: &str| asked(typed).unwrap_err();
        let bounded = |code: Code, bound: &str| ("asked_on".to_owned(), code, Some(Bound::from(day(bound))));
        assert_eq!(refused("2026-11-23"), bounded(Code::TooLate, "2026-11-22"));
        assert_eq!(refused("1989-12-31"), bounded(Code::NotLater, "1989-12-31"));
        assert_eq!(refused("おととい"), ("asked_on".to_owned(), Code::NotADate, None));
    }

    #[test]
    fn a_lead_needs_a_name_and_a_source() {
        let input = LeadInput { email: "nobody".into(), ..LeadInput::default() };
        let problems = input.checked(None, day("2026-11-22")).unwrap_err().0;
        let found: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
        let expected =
            [("company_name", Code::Required), ("email", Code::NotAnEmail), ("source", Code::Required)];
        assert_eq!(found, expected);
    }
}
