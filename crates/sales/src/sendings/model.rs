//! A quote on its way to its client: what may be entered on either side, and how things stand. No database here.

use accounts::{LinkKey, OrgSecret};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use clients::contacts::Contact;
use kernel::{
    Checks, Code, ContactId, DealId, Invalid, JST, Language, OrganizationId, PersonId, QuoteId, Typed,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::{DealStatus, problems_of};
use crate::quotes::{Quote, QuoteStatus};

kernel::id!(
    /// A quote on its way to one person at the client.
    SendingId
);

/// How long after the offer's last day a link still shows it, with how to go on.
const GRACE: TimeDelta = TimeDelta::days(30);
/// How long a client finds the record of their order behind the link.
pub(super) const RECORD_IS_KEPT: TimeDelta = TimeDelta::days(400);
/// How many questions and refusals a link takes within a day.
pub(super) const ANSWERS_A_DAY: i64 = 10;
/// How many days before its last day a salesperson hears that a quote runs out.
pub(super) const WARNED_BEFORE: TimeDelta = TimeDelta::days(3);
/// The longest next action.
const NEXT_ACTION_CHARS: usize = 200;

/// A quote that was sent to one person at the client (送付).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "QuoteSending")]
pub struct Sending {
    /// Its id.
    pub id: SendingId,
    /// What was sent.
    pub quote_id: QuoteId,
    /// To whom.
    pub contact_id: ContactId,
    /// By whom.
    pub person_id: PersonId,
    /// What was written beside it.
    pub message: String,
    /// When.
    pub sent_at: DateTime<Utc>,
    /// Until when its link opens.
    pub expires_at: DateTime<Utc>,
    /// Since when its link shows nothing any more: it was withdrawn, or a newer version was issued.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

kernel::text_enum!(
    /// What happened to a quote between the town and its client.
    QuoteEventKind {
        /// A mail with its link was sent.
        Sent = "sent",
        /// The link was opened for the first time; that may have been a program that checks mail.
        Opened = "opened",
        /// The client asked something.
        Asked = "asked",
        /// The client does not want it.
        Declined = "declined",
        /// The client ordered.
        Accepted = "accepted",
        /// The town took it back.
        Withdrawn = "withdrawn",
        /// Its salesperson was told that it runs out.
        Reminded = "reminded",
    }
);

/// One line of what happened to a quote; never changed once written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuoteEvent {
    /// The quote.
    pub quote_id: QuoteId,
    /// What happened.
    pub kind: QuoteEventKind,
    /// Who of the town did it; nobody where the client did.
    pub person_id: Option<PersonId>,
    /// Whom it was sent to, or the name the client gave.
    pub name: String,
    /// What was written: a message, a question, a reason, a remark about the order.
    pub note: String,
    /// The client's own number of the order.
    pub order_number: String,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// A client's order on a quote, as they gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Who ordered.
    pub name: String,
    /// Their own number of the order; may be empty.
    pub order_number: String,
    /// Their terms or remarks; may be empty.
    pub note: String,
    /// When.
    pub accepted_at: DateTime<Utc>,
}

/// How a quote stands before whoever opens its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// It can be ordered on, asked about and declined.
    Open,
    /// Its last day has passed; it can be asked about.
    Expired,
    /// The day it promises has passed, so nothing can be ordered on it; it can be asked about.
    Late,
    /// A newer version was issued.
    Superseded,
    /// It was ordered on by a link, and the town took the order back: a next version has to be agreed on.
    TakenBack,
    /// The town took it back.
    Withdrawn,
    /// The town no longer works on it: its deal is lost or rests.
    Closed,
    /// It was ordered on by another way, and the town noted it.
    Ordered,
    /// It was ordered on by a link.
    Accepted,
}

impl Stand {
    /// How `quote` stands on `today` before whoever was sent it.
    pub(super) fn of(
        quote: &Quote,
        deal: DealStatus,
        is_accepted: bool,
        is_withdrawn: bool,
        today: NaiveDate,
    ) -> Self {
        match (quote.state.status(), deal) {
            (QuoteStatus::Superseded, _) if is_accepted => Self::TakenBack,
            (QuoteStatus::Superseded, _) => Self::Superseded,
            _ if is_withdrawn => Self::Withdrawn,
            (_, DealStatus::Won) if is_accepted => Self::Accepted,
            (_, DealStatus::Won) => Self::Ordered,
            (_, DealStatus::Lost | DealStatus::Dormant) => Self::Closed,
            _ if quote.valid_until < today => Self::Expired,
            _ if quote.deliver_on < today => Self::Late,
            _ => Self::Open,
        }
    }

    /// Whether the client may ask and decline.
    pub const fn takes_words(self) -> bool {
        matches!(self, Self::Open | Self::Expired | Self::Late)
    }

    /// Whether the page shows the quote itself.
    pub const fn shows_the_quote(self) -> bool {
        !matches!(self, Self::Superseded | Self::TakenBack | Self::Withdrawn | Self::Closed)
    }
}

/// What the holder of a link sees: nothing of the town's own.
#[derive(Debug, Clone)]
pub struct ClientQuote {
    /// The sending whose link it is.
    pub sending: SendingId,
    /// The quote.
    pub quote: Quote,
    /// Its deal.
    pub deal: DealId,
    /// What it is about.
    pub title: String,
    /// The client.
    pub company: String,
    /// Whom it was sent to.
    pub contact: ContactId,
    /// The same with their name: how they are addressed depends on the language of the page.
    pub person: Contact,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// What was written beside it.
    pub message: String,
    /// How it stands.
    pub stand: Stand,
    /// The order, where there is one.
    pub acceptance: Option<Acceptance>,
    /// Questions and refusals by this link, the newest first.
    pub said: Vec<QuoteEvent>,
    /// When a newer version was sent to the same person, or the same one again after this link was withdrawn.
    pub newer_sent_at: Option<DateTime<Utc>>,
}

/// The link's secret, made again from its row by whoever holds the server's key; the row keeps only a digest.
pub fn link_secret(
    key: &LinkKey,
    organization: OrganizationId,
    sending: SendingId,
    sent_at: DateTime<Utc>,
) -> OrgSecret {
    OrgSecret::derived(key, organization, "quote", sending.0, sent_at)
}

/// The end of the days of grace after an offer's last day, in Japan.
pub(super) fn link_expiry(valid_until: NaiveDate) -> DateTime<Utc> {
    let last = valid_until.checked_add_signed(GRACE + TimeDelta::days(1)).unwrap_or(NaiveDate::MAX);
    let end = JST.from_local_datetime(&last.and_time(NaiveTime::MIN)).earliest();
    end.map_or(DateTime::<Utc>::MAX_UTC, |end| end.to_utc())
}

/// To whom a quote is sent, as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "contact_id": 7, "message": "先日のお打合せの内容でお見積りしました。" }]))]
pub struct SendInput {
    /// A contact of the deal's company with a mail address; required.
    pub contact_id: Typed,
    /// What is written beside it, at most 2,000 characters.
    pub message: Typed,
}

impl SendInput {
    pub(super) fn checked(&self) -> Result<(ContactId, String), Invalid> {
        let mut checks = Checks::new();
        let contact = checks.choice("contact_id", &self.contact_id);
        let message = checks.lines("message", &self.message, 2000);
        match contact {
            Some(contact) => checks.done((contact, message)),
            None => Err(problems_of(checks)),
        }
    }
}

/// A client's order, as typed into their page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AcceptInput {
    /// Who orders; required.
    pub name: Typed,
    /// Their own number of the order.
    pub order_number: Typed,
    /// Their terms or remarks.
    pub note: Typed,
    /// Ticked by whoever may order for their company; required.
    pub may_order: Typed,
}

/// An order that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AcceptFields {
    pub(super) name: String,
    pub(super) order_number: String,
    pub(super) note: String,
}

impl AcceptInput {
    pub(super) fn checked(&self) -> Result<AcceptFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let order_number = checks.line("order_number", &self.order_number, 60);
        let note = checks.lines("note", &self.note, 2000);
        if self.may_order.as_str().trim().is_empty() {
            checks.problem("may_order", Code::Required);
        }
        checks.done(AcceptFields { name, order_number, note })
    }
}

/// A client's question, or why they do not order, as typed into their page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordsInput {
    /// Who writes; required.
    pub name: Typed,
    /// The question, which is required, or the reason, which is not.
    pub text: Typed,
}

impl WordsInput {
    /// The name and the question.
    pub(super) fn question(&self) -> Result<(String, String), Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let text = checks.required_lines("text", &self.text, 2000);
        checks.done((name, text))
    }

    /// The name and the reason, which may be empty.
    pub(super) fn reason(&self) -> Result<(String, String), Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let text = checks.lines("text", &self.text, 2000);
        checks.done((name, text))
    }
}

/// What the client did that its salesperson has to see today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// An answer.
    Answer,
    /// A decision about a deal whose quote was declined.
    Decision,
}

/// What comes before and after the words of what was planned.
const fn around_planned(wants: Wants, language: Language) -> (&'static str, &'static str) {
    match (wants, language) {
        (Wants::Answer, Language::Ja) => ("見積への質問に答える（次に：", "）"),
        (Wants::Answer, Language::En) => ("Answer the question about the quote (then: ", ")"),
        (Wants::Decision, Language::Ja) => ("見積を辞退された。このあとどうするか決める（次に：", "）"),
        (Wants::Decision, Language::En) => ("The quote was declined: decide what to do (then: ", ")"),
    }
}

/// The next action of a deal whose client waits, before what was planned; unchanged where that begins so already.
pub(super) fn next_action(wants: Wants, language: Language, planned: &str) -> String {
    let (before, after) = around_planned(wants, language);
    if planned.starts_with(before) {
        return planned.to_owned();
    }
    format!("{before}{planned}{after}").chars().take(NEXT_ACTION_CHARS).collect()
}

/// Whether a next action says that the client waits for an answer, in whatever language.
pub(super) fn waits_for_answer(next_action: &str) -> bool {
    Language::ALL.iter().any(|language| next_action.contains(around_planned(Wants::Answer, *language).0))
}

/// What is to be done about a question that was not answered before the deal was won.
pub(super) fn question_kept(language: Language, question: &str) -> String {
    let before = match language {
        Language::Ja => "見積への質問に答える：",
        Language::En => "Answer the question about the quote: ",
    };
    let line = question.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{before}{line}").chars().take(NEXT_ACTION_CHARS).collect()
}

/// What was planned before a client's words came before it; `None` where none did, in whatever language.
pub(super) fn planned_before(next_action: &str) -> Option<String> {
    let mut planned = next_action;
    loop {
        let around = [Wants::Answer, Wants::Decision]
            .into_iter()
            .flat_map(|wants| Language::ALL.iter().map(move |language| around_planned(wants, *language)));
        let mut inner = around.filter_map(|(before, after)| {
            // What was too long has lost its end.
            planned.strip_prefix(before).map(|rest| rest.strip_suffix(after).unwrap_or(rest))
        });
        let Some(inner) = inner.find(|inner| !inner.trim().is_empty()) else {
            return (planned != next_action).then(|| planned.to_owned());
        };
        planned = inner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_until_the_end_of_the_days_of_grace_in_japan() {
        let last = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let end: DateTime<Utc> = "2026-12-31T15:00:00Z".parse().unwrap();
        assert_eq!(link_expiry(last), end, "the thirtieth day after it is over at midnight in Japan");
        assert!(link_expiry(NaiveDate::MAX) > end, "the calendar's last day ends somewhere too");
    }

    #[test]
    fn an_order_needs_a_name_and_a_tick() {
        let missing = AcceptInput::default().checked().unwrap_err();
        let fields: Vec<&str> = missing.0.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["name", "may_order"]);
        let given = AcceptInput {
            name: " 山田 ".into(),
            may_order: "yes".into(),
            note: "検収は10日以内".into(),
            ..AcceptInput::default()
        };
        assert_eq!(given.checked().unwrap().name, "山田");
        assert!(WordsInput { name: "山田".into(), ..WordsInput::default() }.question().is_err());
        assert!(WordsInput { name: "山田".into(), ..WordsInput::default() }.reason().is_ok());
    }

    #[test]
    fn what_was_planned_is_not_forgotten_and_never_too_long() {
        let words = next_action(Wants::Answer, Language::Ja, "電話する");
        assert_eq!(words, "見積への質問に答える（次に：電話する）");
        assert_eq!(next_action(Wants::Answer, Language::Ja, &words), words, "said once");
        let long = "あ".repeat(NEXT_ACTION_CHARS);
        assert_eq!(next_action(Wants::Decision, Language::En, &long).chars().count(), NEXT_ACTION_CHARS);
    }
}
