//! The client's side of a delivery: the link, the code, and the answer to every unit. No database here.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{LinkKey, OrgSecret, Secret};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use files::MediaType;
use kernel::{
    Checks, Code, ContactId, DeliveryId, FileId, Invalid, JST, Language, OrganizationId, Typed, UnitId, Yen,
    text_enum,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::deliveries::{DeliveredUnit, DeliveryState, Inspection, Share};
use crate::fixes::FixStand;
use crate::jobs;
use crate::units::UnitState;

kernel::id!(
    /// What lets a client's contact in without an account.
    LinkId
);

text_enum!(
    /// What a client says to one unit.
    ClientAnswer {
        /// Accepted (検収).
        Accepted = "accepted",
        /// To be mended.
        Fix = "fix",
    }
);

text_enum!(
    /// What was done with a link.
    #[schemars(rename = "LinkAccessKind")]
    AccessKind {
        /// The page was opened, by somebody or by a mail scanner.
        Opened = "opened",
        /// A file was downloaded.
        Downloaded = "downloaded",
        /// A code was asked for.
        CodeSent = "code_sent",
        /// The delivery was answered.
        Answered = "answered",
        /// The town withdrew it.
        Withdrawn = "withdrawn",
        /// The town mailed it once more.
        Reminded = "reminded",
        /// The client's silence accepted it, as agreed.
        Silence = "silence",
    }
);

/// One use of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "LinkAccess")]
pub struct Access {
    /// What was done.
    pub kind: AccessKind,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// Where a page of a delivery's log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey(pub i64);

/// How long looking again at a delivery counts as the same look: the log says that somebody looked, not how often they
/// turned the page, and whoever has the link cannot fill it.
pub(super) const ONE_LOOK: Duration = Duration::hours(1);

/// For how long after the day of inspection a link opens.
const LINK_DAYS: u64 = 30;
/// For how long a code counts.
pub(super) const CODE_LIFE: Duration = Duration::minutes(10);
/// How often a code may be tried.
pub(super) const MOST_TRIES: i16 = 5;
/// How many codes a delivery gets within a time, counted from when its link was made.
///
/// Whoever holds the link but not the mailbox guesses: [`MOST_TRIES`] tries at each code, one in a million each. The
/// cap on the link's whole life makes that 20 × 5 = 100 tries, one chance in 10,000 (test
/// `guessing_a_code_is_hopeless_over_the_whole_life_of_a_link`); waiting does not improve it. Beyond it somebody of
/// the town has to send a new link, and sees in the log why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CodeLimits {
    pub(super) per_hour: i64,
    pub(super) per_day: i64,
    pub(super) per_link: i64,
}

pub(super) const CODE_LIMITS: CodeLimits = CodeLimits { per_hour: 5, per_day: 10, per_link: 20 };

/// How many codes went out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CodesSent {
    pub(super) within_hour: i64,
    pub(super) within_day: i64,
    pub(super) since_link: i64,
}

/// Whether one more code goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextCode {
    Goes,
    /// The hour's are used up.
    Wait,
    /// The day's or the link's are: only a new link helps.
    Spent,
}

impl CodeLimits {
    pub(super) fn next(self, sent: CodesSent) -> NextCode {
        if sent.since_link >= self.per_link || sent.within_day >= self.per_day {
            NextCode::Spent
        } else if sent.within_hour >= self.per_hour {
            NextCode::Wait
        } else {
            NextCode::Goes
        }
    }
}

/// The end of the last day a link opens, in Japan.
pub(super) fn link_expiry(inspect_until: NaiveDate) -> DateTime<Utc> {
    let midnight = jobs::plus(inspect_until, LINK_DAYS + 1).and_time(NaiveTime::MIN);
    JST.from_local_datetime(&midnight).earliest().map_or(DateTime::<Utc>::MAX_UTC, |end| end.to_utc())
}

/// A link's secret, made again from its row by whoever holds the server's key; the row keeps only a digest.
pub fn link_secret(
    key: &LinkKey,
    organization: OrganizationId,
    link: LinkId,
    issued_at: DateTime<Utc>,
) -> OrgSecret {
    OrgSecret::derived(key, organization, "delivery", link.0, issued_at)
}

/// The six digits mailed to a client's contact, made again from the link and the time they were asked for.
pub fn mailed_code(
    key: &LinkKey,
    organization: OrganizationId,
    link: LinkId,
    issued_at: DateTime<Utc>,
) -> String {
    let secret = Secret::derived(key, organization, "delivery-code", link.0, issued_at);
    let digest: [u8; 32] = Sha256::digest(secret.text()).into();
    let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// What the database keeps of a code: with the link's secret in it, which stands nowhere, six digits cannot be
/// tried out on a copy of the row.
pub(super) fn code_digest(secret: &OrgSecret, code: &str) -> [u8; 32] {
    Sha256::digest(format!("{}\n{code}", secret.text())).into()
}

/// How a unit was made and checked, without names: orderers' main worry is whether that is done at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckSheet {
    /// When this version was handed in.
    pub made_at: DateTime<Utc>,
    /// When it passed review; none where the sampling plan let it by.
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether maker and checker were different people; always so where it was checked.
    pub by_different_people: bool,
}

/// A result as the client sees it: without who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientFile {
    /// Its id, to fetch it by.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// How large it is.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits, for a client who wants to compare.
    pub sha256: String,
}

/// A unit as the client sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// The result in words; may be empty.
    pub text: String,
    /// The result's files, each to be fetched with [`super::download`].
    pub files: Vec<ClientFile>,
    /// Where it stands: delivered while it waits for the answer.
    pub state: UnitState,
    /// The client's answer in this delivery.
    pub answer: Option<ClientAnswer>,
    /// What the client wants mended.
    pub fix_note: String,
    /// How far that has come.
    pub fix: Option<FixStand>,
    /// How it was made and checked.
    pub check: CheckSheet,
}

/// A delivery as the client sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientView {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Whom it was sent to.
    pub contact: ContactId,
    /// Its number within the order.
    pub number: i32,
    /// What the order is called.
    pub order_title: String,
    /// Who ordered it.
    pub company: String,
    /// What the whole order comes to, before tax.
    pub order_amount: Yen,
    /// What the sender wrote.
    pub message: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Until when the client looks at it.
    pub inspect_until: NaiveDate,
    /// Whether silence beyond that day accepts it, as agreed.
    pub silence_accepts: bool,
    /// Whether it was answered.
    pub state: DeliveryState,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The name typed with the answer; none where silence accepted it.
    pub answered_name: Option<String>,
    /// The contact's language.
    pub language: Language,
    /// How much of the order is still to come.
    pub share: Share,
    /// How what it holds was inspected.
    pub inspection: Inspection,
    /// What it holds.
    pub units: Vec<ClientUnit>,
}

/// The answer to one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitAnswer {
    /// The unit.
    pub unit_id: UnitId,
    /// A [`ClientAnswer`]'s word.
    pub answer: Typed,
    /// What is to be mended; required with `fix`.
    #[serde(default)]
    pub note: Typed,
}

/// A client's answer as typed: every unit that waits, at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerInput {
    /// The name of whoever answers; required.
    pub name: Typed,
    /// The mailed code, six digits in any width; required.
    pub code: Typed,
    /// One answer per unit.
    pub units: Vec<UnitAnswer>,
}

/// What was answered to each unit, with what is to be mended.
pub(super) type Answers = BTreeMap<UnitId, (ClientAnswer, String)>;

/// The units that were answered with this word.
pub(super) fn answered_with(answers: &Answers, wanted: ClientAnswer) -> Vec<UnitId> {
    answers.iter().filter(|(_, (answer, _))| *answer == wanted).map(|(unit, _)| *unit).collect()
}

/// An answer that passed every rule; the note of an accepted unit is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AnswerFields {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) units: Answers,
}

impl AnswerInput {
    pub(super) fn checked(&self) -> Result<AnswerFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let code = kernel::text::digits_key(self.code.as_str());
        if code.is_empty() {
            checks.problem("code", Code::Required);
        }
        let mut units = BTreeMap::new();
        for given in &self.units {
            let field = |part: &str| format!("units.{}.{part}", given.unit_id);
            let Some(answer) = checks.choice(&field("answer"), &given.answer) else { continue };
            let note = match answer {
                ClientAnswer::Accepted => String::new(),
                ClientAnswer::Fix => checks.required_lines(&field("note"), &given.note, 2000),
            };
            if units.insert(given.unit_id, (answer, note)).is_some() {
                checks.problem(&field("answer"), Code::Different);
            }
        }
        checks.done(AnswerFields { name, code, units })
    }
}

/// What stands between an answer and the delivery it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// A unit of another delivery.
    Foreign(UnitId),
    /// A unit that waits and was not answered.
    Unanswered(UnitId),
    /// A unit that no longer waits.
    Settled(UnitId),
}

impl AnswerFields {
    /// Every waiting unit of the delivery has to be answered, and no other.
    pub(super) fn against(&self, delivered: &[DeliveredUnit]) -> Result<(), Mismatch> {
        let known: BTreeSet<UnitId> = delivered.iter().map(|unit| unit.unit).collect();
        let waiting: BTreeSet<UnitId> = delivered
            .iter()
            .filter(|unit| unit.state == UnitState::Delivered)
            .map(|unit| unit.unit)
            .collect();
        for unit in self.units.keys() {
            if !known.contains(unit) {
                return Err(Mismatch::Foreign(*unit));
            }
            if !waiting.contains(unit) {
                return Err(Mismatch::Settled(*unit));
            }
        }
        match waiting.iter().find(|unit| !self.units.contains_key(unit)) {
            Some(unit) => Err(Mismatch::Unanswered(*unit)),
            None => Ok(()),
        }
    }

    /// Whether this is the answer that was given: the same name and the same words for every unit.
    pub(super) fn is_the_same(&self, name: Option<&str>, delivered: &[DeliveredUnit]) -> bool {
        let given: Answers = delivered
            .iter()
            .filter_map(|unit| Some((unit.unit, (unit.answer?, unit.fix_note.clone()))))
            .collect();
        name == Some(self.name.as_str()) && given == self.units
    }

    pub(super) fn with(&self, wanted: ClientAnswer) -> Vec<UnitId> {
        answered_with(&self.units, wanted)
    }
}

/// What a client has in hand after answering, now and whenever they answer the same again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its number within the order.
    pub number: i32,
    /// What the order is called.
    pub order_title: String,
    /// The name typed with the answer.
    pub name: String,
    /// When it was answered.
    pub answered_at: DateTime<Utc>,
    /// How many units were accepted.
    pub accepted: usize,
    /// How many are to be mended.
    pub fixes: usize,
}

/// How far the answer through a link has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answering {
    /// The newest code that was asked for.
    pub code: Option<AskedCode>,
    /// What was chosen and typed when it was asked for, without a code.
    pub typed: Option<AnswerInput>,
}

/// A code that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedCode {
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
    /// Whether it still counts: it is young enough, and was not tried too often.
    pub counts: bool,
}

/// What an answer came to. A wrong code is no error of the transaction: the try that it cost must stay counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken, now or before.
    Taken(Receipt),
    /// Not the mailed code.
    WrongCode {
        /// How often it may still be tried.
        tries_left: i16,
    },
    /// No code was asked for, it is older than ten minutes, or it was tried too often: ask for a new one.
    NoCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: i64, state: UnitState) -> DeliveredUnit {
        let submission = kernel::SubmissionId(id);
        let (unit, label, job_title) = (UnitId(id), format!("単位 {id}"), "入力".to_owned());
        DeliveredUnit { unit, label, job_title, state, submission, answer: None, fix_note: String::new() }
    }

    fn answers(units: &[(i64, &str, &str)]) -> AnswerInput {
        let answer = |(id, answer, note): &(i64, &str, &str)| UnitAnswer {
            unit_id: UnitId(*id),
            answer: (*answer).into(),
            note: (*note).into(),
        };
        AnswerInput {
            name: "山田".into(),
            code: "１２３ ４５６".into(),
            units: units.iter().map(answer).collect(),
        }
    }

    #[test]
    fn codes_are_six_digits_that_only_the_key_can_make() {
        let key = LinkKey::generate();
        let at = |micros| DateTime::from_timestamp_micros(micros).unwrap();
        let code = |link, micros| mailed_code(&key, OrganizationId(1), LinkId(link), at(micros));
        assert_eq!(code(1, 5), code(1, 5));
        assert!(code(1, 5).len() == 6 && code(1, 5).bytes().all(|byte| byte.is_ascii_digit()));
        let codes: BTreeSet<String> = (0..200).map(|micros| code(1, micros)).collect();
        assert!(codes.len() > 190, "two hundred codes hardly ever meet");
        let secret = link_secret(&key, OrganizationId(1), LinkId(1), at(5));
        assert_ne!(code_digest(&secret, "123456"), code_digest(&secret, "123457"));
    }

    #[test]
    fn guessing_a_code_is_hopeless_over_the_whole_life_of_a_link() {
        let tries = CODE_LIMITS.per_link * i64::from(MOST_TRIES);
        assert_eq!((tries, 1_000_000 / tries), (100, 10_000), "one chance in ten thousand, for ever");
        let next = |within_hour, within_day, since_link| {
            CODE_LIMITS.next(CodesSent { within_hour, within_day, since_link })
        };
        assert_eq!(next(4, 9, 19), NextCode::Goes);
        assert_eq!(next(5, 9, 19), NextCode::Wait);
        assert_eq!((next(0, 10, 10), next(0, 0, 20)), (NextCode::Spent, NextCode::Spent));
    }

    #[test]
    fn every_waiting_unit_is_answered_and_no_other() {
        let delivered =
            [unit(1, UnitState::Delivered), unit(2, UnitState::Delivered), unit(3, UnitState::Cancelled)];
        let against = |units: &[(i64, &str, &str)]| answers(units).checked().unwrap().against(&delivered);
        assert_eq!(against(&[(1, "accepted", ""), (2, "fix", "日付")]), Ok(()));
        assert_eq!(against(&[(1, "accepted", "")]), Err(Mismatch::Unanswered(UnitId(2))));
        assert_eq!(against(&[(9, "accepted", "")]), Err(Mismatch::Foreign(UnitId(9))));
        assert_eq!(against(&[(3, "accepted", "")]), Err(Mismatch::Settled(UnitId(3))));
    }

    #[test]
    fn an_answer_names_its_problems_unit_by_unit() {
        assert_eq!(answers(&[(1, "accepted", "余分")]).checked().unwrap().code, "123456");
        let invalid = answers(&[(1, "fix", " "), (2, "maybe", "")]).checked().unwrap_err();
        let fields: Vec<_> = invalid.0.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["units.1.note", "units.2.answer"]);
        let twice = answers(&[(1, "accepted", ""), (1, "fix", "x")]).checked().unwrap_err();
        assert_eq!(twice.0[0].code, Code::Different);
    }

    #[test]
    fn a_link_opens_until_the_end_of_its_last_day_in_japan() {
        let expiry = link_expiry(NaiveDate::from_ymd_opt(2026, 11, 30).unwrap());
        assert_eq!(expiry.to_rfc3339(), "2026-12-30T15:00:00+00:00");
    }
}
