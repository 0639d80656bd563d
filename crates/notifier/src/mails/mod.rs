//! The kinds of mail: for each a struct with its fields, and four templates in `mails/`.
//!
//! `NAME.ja.txt` and `NAME.en.txt` begin with `Subject: …` and an empty line; `NAME.ja.html` and `NAME.en.html` extend
//! `layout.html`. Fields are ready to be read: dates, yen and durations come formatted in the recipient's language.
//! Links are [`Link`]s, so that no mail leads anywhere but to this installation.
//!
//! A town may have its own wording ([`texts`](crate::texts)): one text from which both parts are made.
//!
//! Adding one: a struct with [`Mail`] in `account.rs`, `work.rs`, `changes.rs`, `clients.rs`, `quotes.rs`, `team.rs`,
//! `beginnings.rs`, `programme.rs`, `quality.rs`, `money.rs`, `webhooks.rs`, `partners.rs` or `day.rs`, its line in [`KINDS`],
//! four templates, `cargo insta review`. Invariants: every sample renders in both languages without an undefined
//! value and reads back (`every_mail_renders_reads_back_and_looks_like_this`); what people typed is never evaluated
//! and never markup (`t04_what_people_typed_stays_text`).

mod account;
mod beginnings;
mod changes;
mod clients;
mod day;
mod link;
mod money;
mod partners;
mod programme;
mod quality;
mod quotes;
mod steering;
mod team;
mod templates;
mod webhooks;
mod wording;
mod work;

#[cfg(test)]
mod tests;

use accounts::organizations::{Organization, TownKind};
use kernel::{Language, text_enum};
use serde::Serialize;

pub use account::{AcceptCode, Invitation, NewDevice, PasswordChanged, PasswordReset};
pub use beginnings::{AppointmentOff, CourseBooked, CourseSoon, InterviewDate, SkillExpires};
pub use changes::{
    AcceptedBySilence, AnswerReceipt, Assigned, ClaimExpired, ClaimRests, ClaimsFreed, ClientAsked,
    ClientReplied, DeliveryReminded, FixDecided, HandOverDecided, InquiryArrived, OrderClosedShort,
    OrderWithdrawn, QuestionAnswered, QuestionAsked, QuestionWaits, RulesChanged, UnitHandedOver,
    UnitRejected, UnitTakenBack, UnitsCancelled, UnitsHandedBack,
};
pub use clients::{DeliverySent, InquiryReceived, ServiceNews};
pub use day::{DayDue, DueLine, Mentioned, TodoAssigned};
pub use link::Link;
pub use money::{CreditSent, InvoiceSent, PaymentsNear, StatementObjected, StatementReady};
pub use partners::{PartnerMoved, ShareMoved};
pub use programme::{BankChanged, BookingCancelled, BookingMade, CareAnswered, CareAsked, ReportWaits};
pub use quality::{AppealAnswered, AppealDecided, AppealMade};
pub use quotes::{QuoteAccepted, QuoteAsked, QuoteDeclined, QuoteReceipt, QuoteRunsOut, QuoteSent};
pub use steering::{AdviceDue, MilestoneDue, RiskLine, TargetAtRisk};
pub use team::{
    AwayToday, BackToday, DealWon, DeliveryAnswered, OrderAccepted, OrderOpened, PoolStands, RepeatWished,
};
pub(crate) use templates::{Addressee, Sheet, Templates};
pub use templates::{OwnWords, Rendered, TemplateError};
pub use webhooks::WebhookStopped;
pub use wording::{Part, Place, WordingFault};
pub use work::{
    DeadlineMoved, OfferLine, TermsNotice, UnitReturned, WorkDigest, WorkEnding, WorkOffered, WorkPortion,
};

use crate::messages::Category;

text_enum!(
    /// Whom a mail speaks to: decides what the footer says about why they got it.
    Audience {
        /// Whoever has an account, about that account.
        Account = "account",
        /// Resident workers: short sentences, everyday words.
        Worker = "worker",
        /// People at a client.
        Client = "client",
        /// People whom work is quoted for, who may never have ordered anything.
        Quoted = "quoted",
        /// Whoever wrote on the town's public form.
        Inquirer = "inquirer",
        /// Salespeople and coordinators of the town.
        Team = "team",
        /// People at a company who may like to order: advertising.
        Prospect = "prospect",
    }
);

/// A kind of mail: its fields, its templates' name, and the rules it is sent by.
pub trait Mail: Serialize {
    /// The templates' name; stored with each message, so it never changes.
    const NAME: &'static str;
    /// The rules it is sent by.
    const CATEGORY: Category;
    /// Whom it speaks to.
    const AUDIENCE: Audience;
    /// Fields that a town's own wording must not leave out: without them the mail would be of no use, or unlawful.
    const MUST_SAY: &'static [&'static str];
    /// Whether nobody but its reader may know that there is one, whatever roles they hold: it is left out of what staff see of
    /// mails.
    const IS_CONFIDENTIAL: bool = false;

    /// A plausible one, for tests and previews.
    fn sample(language: Language) -> Self;
}

/// What mails say about the town that sends them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Its name in legal documents.
    pub legal_name: String,
    /// Where it is; may be empty.
    pub postal_address: String,
    /// Where to write; may be empty.
    pub contact_email: String,
    /// Where to call; may be empty.
    pub contact_phone: String,
    /// Whether it is a demonstration, whose people and amounts are invented; every mail says so then.
    pub is_demo: bool,
}

impl Town {
    pub(crate) fn of(organization: &Organization) -> Self {
        Self {
            name: organization.name.clone(),
            legal_name: organization.legal_name.clone(),
            postal_address: organization.postal_address.clone(),
            contact_email: organization.contact_email.clone(),
            contact_phone: organization.contact_phone.clone(),
            is_demo: organization.kind == TownKind::Demo,
        }
    }

    /// An invented one, for tests and previews.
    pub fn sample(language: Language) -> Self {
        let (name, legal_name, postal_address) = match language {
            Language::Ja => ("みほん町テレワーク", "みほん町", "〒000-0000 みほん県みほん町1番地"),
            Language::En => ("Sample Town Telework", "Sample Town", "1 Sample Town, Sample 000-0000, Japan"),
        };
        Self {
            name: name.to_owned(),
            legal_name: legal_name.to_owned(),
            postal_address: postal_address.to_owned(),
            contact_email: "telework@town.example".to_owned(),
            contact_phone: "000-000-0000".to_owned(),
            is_demo: false,
        }
    }
}

/// A kind of mail without its type: for previews, and for tests of all of them.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The templates' name.
    pub name: &'static str,
    /// The rules it is sent by.
    pub category: Category,
    /// Whom it speaks to.
    pub audience: Audience,
    /// Whether nobody but its reader may know that there is one.
    pub is_confidential: bool,
    must_say: &'static [&'static str],
    sample: fn(Language) -> Sheet,
}

impl Kind {
    const fn of<M: Mail>() -> Self {
        Self {
            name: M::NAME,
            category: M::CATEGORY,
            audience: M::AUDIENCE,
            is_confidential: M::IS_CONFIDENTIAL,
            must_say: M::MUST_SAY,
            sample: |language| Sheet::of(&M::sample(language)),
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The names of the fields its text may use, as `mail.NAME`.
    pub fn fields(&self) -> Vec<String> {
        (self.sample)(Language::Ja).names()
    }

    /// Those of them that a town's own wording must use.
    pub fn required(&self) -> &'static [&'static str] {
        self.must_say
    }

    /// Yui's own wording, for whoever begins to change it.
    pub fn shipped(&self, outbox: &crate::Outbox, language: Language) -> OwnWords {
        outbox.templates().shipped(self.name, language)
    }

    /// The sample as `town` would send it.
    pub fn preview(
        &self,
        outbox: &crate::Outbox,
        town: &Town,
        language: Language,
    ) -> Result<Rendered, TemplateError> {
        self.preview_of(outbox, town, language, None)
    }

    /// The sample in the town's own words; in Yui's where `None`.
    pub fn preview_of(
        &self,
        outbox: &crate::Outbox,
        town: &Town,
        language: Language,
        own: Option<&OwnWords>,
    ) -> Result<Rendered, TemplateError> {
        let name = either(language, "見本 花子", "Hanako Mihon");
        let unsubscribe = Link::sample("/unsubscribe/SAMPLE");
        let unsubscribe = if self.category.is_subscription() { unsubscribe.as_str() } else { "" };
        let to = Addressee { name: &name, language, unsubscribe };
        let sheet = (self.sample)(language);
        if let Some(own) = own {
            outbox.templates().check_own(&sheet, own, town, &to)?;
        }
        outbox.templates().render(&sheet, own, town, &to)
    }

    /// The first field that must be said and that `rendered`, made from the sample, does not say.
    pub fn left_out(&self, rendered: &Rendered, language: Language) -> Option<&'static str> {
        let sheet = (self.sample)(language);
        self.must_say.iter().copied().find(|name| !rendered.text.contains(&sheet.field(name)))
    }
}

/// Every kind of mail.
pub const KINDS: &[Kind] = &[
    Kind::of::<Invitation>(),
    Kind::of::<PasswordReset>(),
    Kind::of::<PasswordChanged>(),
    Kind::of::<NewDevice>(),
    Kind::of::<AcceptCode>(),
    Kind::of::<WorkOffered>(),
    Kind::of::<WorkPortion>(),
    Kind::of::<WorkDigest>(),
    Kind::of::<DeadlineMoved>(),
    Kind::of::<TermsNotice>(),
    Kind::of::<WorkEnding>(),
    Kind::of::<UnitReturned>(),
    Kind::of::<UnitRejected>(),
    Kind::of::<AppealMade>(),
    Kind::of::<AppealDecided>(),
    Kind::of::<AppealAnswered>(),
    Kind::of::<StatementReady>(),
    Kind::of::<StatementObjected>(),
    Kind::of::<PaymentsNear>(),
    Kind::of::<UnitTakenBack>(),
    Kind::of::<ClaimRests>(),
    Kind::of::<ClaimExpired>(),
    Kind::of::<RulesChanged>(),
    Kind::of::<QuestionAnswered>(),
    Kind::of::<HandOverDecided>(),
    Kind::of::<UnitsCancelled>(),
    Kind::of::<FixDecided>(),
    Kind::of::<InterviewDate>(),
    Kind::of::<AppointmentOff>(),
    Kind::of::<AwayToday>(),
    Kind::of::<BackToday>(),
    Kind::of::<CourseBooked>(),
    Kind::of::<CourseSoon>(),
    Kind::of::<SkillExpires>(),
    Kind::of::<DeliverySent>(),
    Kind::of::<DeliveryReminded>(),
    Kind::of::<AnswerReceipt>(),
    Kind::of::<AcceptedBySilence>(),
    Kind::of::<ClientReplied>(),
    Kind::of::<ServiceNews>(),
    Kind::of::<InquiryReceived>(),
    Kind::of::<InquiryArrived>(),
    Kind::of::<DeliveryAnswered>(),
    Kind::of::<RepeatWished>(),
    Kind::of::<ClientAsked>(),
    Kind::of::<InvoiceSent>(),
    Kind::of::<CreditSent>(),
    Kind::of::<QuoteSent>(),
    Kind::of::<QuoteReceipt>(),
    Kind::of::<QuoteAccepted>(),
    Kind::of::<QuoteAsked>(),
    Kind::of::<QuoteDeclined>(),
    Kind::of::<QuoteRunsOut>(),
    Kind::of::<DealWon>(),
    Kind::of::<MilestoneDue>(),
    Kind::of::<TargetAtRisk>(),
    Kind::of::<AdviceDue>(),
    Kind::of::<DayDue>(),
    Kind::of::<TodoAssigned>(),
    Kind::of::<Mentioned>(),
    Kind::of::<Assigned>(),
    Kind::of::<BankChanged>(),
    Kind::of::<CareAsked>(),
    Kind::of::<CareAnswered>(),
    Kind::of::<ReportWaits>(),
    Kind::of::<BookingMade>(),
    Kind::of::<BookingCancelled>(),
    Kind::of::<OrderOpened>(),
    Kind::of::<PoolStands>(),
    Kind::of::<ClaimsFreed>(),
    Kind::of::<UnitsHandedBack>(),
    Kind::of::<QuestionAsked>(),
    Kind::of::<QuestionWaits>(),
    Kind::of::<UnitHandedOver>(),
    Kind::of::<OrderAccepted>(),
    Kind::of::<OrderClosedShort>(),
    Kind::of::<OrderWithdrawn>(),
    Kind::of::<WebhookStopped>(),
    Kind::of::<ShareMoved>(),
    Kind::of::<PartnerMoved>(),
];

/// The names of the kinds of which nobody but their reader may know.
pub(crate) fn confidential() -> Vec<&'static str> {
    KINDS.iter().filter(|kind| kind.is_confidential).map(|kind| kind.name).collect()
}

/// `ja` or `en`, for samples.
fn either(language: Language, ja: &str, en: &str) -> String {
    match language {
        Language::Ja => ja.to_owned(),
        Language::En => en.to_owned(),
    }
}
