//! The one table of error codes: what clients of the API switch on, what pages look their sentences up by
//! (`error-CODE` in the Fluent files), and which HTTP status each one is.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $word:literal, $status:literal;)+) => {
        /// A stable error code. The README's table is generated from here (test `error_table_is_current`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$meta])* $name),+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }
        }
    };
}

codes! {
    /// Nothing here under that address, or nothing this person may know of.
    NotFound = "not-found", 404;
    /// Signed in, but this role may not do that.
    Forbidden = "forbidden", 403;
    /// The API token only reads; writing takes one that may write.
    TokenReads = "token-reads", 403;
    /// Nobody is signed in, or the session ended.
    SignedOut = "signed-out", 401;
    /// E-mail or password do not match.
    BadCredentials = "bad-credentials", 401;
    /// Too many tries; the answer says when to try again.
    TooManyTries = "too-many-tries", 429;
    /// The form's token is missing or another session's.
    BadFormToken = "bad-form-token", 403;
    /// Somebody else changed it since it was read.
    Stale = "stale", 412;
    /// An edit has to say in `If-Match` which version it was based on (RFC 6585).
    VersionMissing = "version-missing", 428;
    /// The thing is in a state that does not allow this.
    Conflict = "conflict", 409;
    /// Won and lost stages keep their places, and a pipeline keeps one open stage at least.
    StageStays = "stage-stays", 409;
    /// Another request with the same idempotency key and a different body.
    KeyReused = "idempotency-key-reused", 422;
    /// One or more fields are not acceptable; `errors` lists them.
    Invalid = "invalid", 422;
    /// The body is no JSON of the expected shape.
    BadJson = "bad-json", 400;
    /// The query string names a condition that is none here, or a value that is none.
    BadQuery = "bad-query", 400;
    /// The request is larger than allowed here.
    TooLarge = "too-large", 413;
    /// The kind of file is not accepted here.
    FileKind = "file-kind", 415;
    /// There is nothing in the file.
    FileEmpty = "file-empty", 422;
    /// The file ends early, or its content is not what its name says.
    FileBroken = "file-broken", 422;
    /// An archive or a document that is unsafe to open: it unpacks to far more than it is, holds what would be refused alone,
    /// has a password or macros.
    FileUnsafe = "file-unsafe", 422;
    /// So much was uploaded within a day that no more is taken in for now; nothing was kept.
    UploadLimit = "upload-limit", 429;
    /// The disk is full; nothing was kept.
    StorageFull = "storage-full", 507;
    /// The database is away; nothing was changed.
    Unavailable = "unavailable", 503;
    /// Too many ask for the same slow thing at once; nothing was changed, and the answer says when to try again.
    Busy = "busy", 503;
    /// Our fault; the request id finds it in the log.
    Internal = "internal", 500;

    /// Field: no phone number that can be dialled: too few or too many digits, or letters in it.
    NotAPhone = "not-a-phone", 422;
    /// Field: no postal code: not seven digits.
    NotAPostalCode = "not-a-postal-code", 422;
    /// Field: no web site: no host that could exist.
    NotAWebsite = "not-a-website", 422;
    /// Field: an address inside this machine or a network of its own, which programs may not be made to reach.
    NotPublic = "not-public", 422;
    /// Field: no address that webhooks go to: not `https`, or another port than 443 and 8443.
    NotAWebhookAddress = "not-a-webhook-address", 422;
    /// Others look like it, and the request does not say that they are known to be others.
    LooksAlike = "looks-alike", 409;
    /// Field: it is the very thing it should be merged with.
    SameOne = "same-one", 422;
    /// One of the two was merged into another before.
    AlreadyMerged = "already-merged", 409;
    /// The contacts are of two companies; those are merged first.
    TwoCompanies = "two-companies", 409;
    /// What happened since a merge forbids taking it back; `errors` names what.
    MergeStands = "merge-stands", 409;
    /// Field: it has to stay empty; programs that fill in every field are known by it.
    LeaveEmpty = "leave-empty", 422;
    /// Field: nothing was entered.
    Required = "required", 422;
    /// Field: longer than it may be.
    TooLong = "too-long", 422;
    /// Field: shorter than it must be.
    TooShort = "too-short", 422;
    /// Field: not a number.
    NotANumber = "not-a-number", 422;
    /// Field: a number with a fraction where only whole ones are counted.
    NotAWholeNumber = "not-a-whole-number", 422;
    /// Field: a number outside its range.
    OutOfRange = "out-of-range", 422;
    /// Field: not a date that exists.
    NotADate = "not-a-date", 422;
    /// No time of a day, or no part of one, such as 9:30 or 9:00-11:00.
    NotATime = "not-a-time", 422;
    /// Field: a date that must not lie in the past.
    InThePast = "in-the-past", 422;
    /// Field: a date after the last allowed day, which the bound names.
    TooLate = "too-late", 422;
    /// Field: a date that had to be later than the bound.
    NotLater = "not-later", 422;
    /// Field: the day of something that has happened, which lies in the future.
    InTheFuture = "in-the-future", 422;
    /// Field: the day of something that happened before what was noted last; the bound is the day of that.
    BeforeTheLast = "before-the-last", 422;
    /// Field: a day more than a year ahead.
    TooFarAhead = "too-far-ahead", 422;
    /// Field: the time of a day, which is missing.
    TimeWanted = "time-wanted", 422;
    /// Field: a file, which is missing.
    FileWanted = "file-wanted", 422;
    /// Field: the time something ends, which is not after the time it begins.
    EndsTooEarly = "ends-too-early", 422;
    /// Field: a time that overlaps another one of the same list.
    Overlaps = "overlaps", 422;
    /// Field: less than the notice that the law asks for; the bound names the first day that would do.
    NoticeTooShort = "notice-too-short", 422;
    /// Field: another field says the same thing in another way; one of them stays empty.
    SaidTwice = "said-twice", 422;
    /// Field: the day it is already.
    SameDay = "same-day", 422;
    /// Row of a file: a quotation mark opens a value and nothing closes it.
    UnclosedQuote = "unclosed-quote", 422;
    /// Field: more entries than are taken.
    TooMany = "too-many", 422;
    /// Row of a file: more values than the file has columns.
    TooManyCells = "too-many-cells", 422;
    /// Row of a file: bytes that are no text in the file's encoding.
    Undecodable = "undecodable", 422;
    /// Row of a file: another line of it is about the same thing.
    TwiceInFile = "twice-in-file", 422;
    /// Row of a file: two names stand in one value, where one is wanted.
    TwoInOneCell = "two-in-one-cell", 422;
    /// Row of a file: what it names is there more than once; say which by its number or id.
    SeveralMatch = "several-match", 422;
    /// No column of the file is the field that no row can do without.
    ColumnMissing = "column-missing", 422;
    /// Two columns of the file are the same field.
    ColumnTwice = "column-twice", 422;
    /// Field: not a mail address.
    NotAnEmail = "not-an-email", 422;
    /// Field: none of the offered choices.
    UnknownChoice = "unknown-choice", 422;
    /// Field: contains line breaks, control or direction characters.
    ForbiddenCharacters = "forbidden-characters", 422;
    /// Field: furigana must be kana.
    NotFurigana = "not-furigana", 422;
    /// Field: the check digit does not fit.
    CheckDigit = "check-digit", 422;
    /// Field: already taken in this town.
    Taken = "taken", 409;
    /// Field: a password everyone knows.
    CommonPassword = "common-password", 422;
    /// Field: the two entries differ.
    Different = "different", 422;
    /// Field: wrong or expired code.
    BadCode = "bad-code", 422;

    /// A town keeps at least one active administrator.
    LastAdmin = "last-admin", 409;
    /// A link that does not exist, has expired or was withdrawn.
    LinkGone = "link-gone", 404;
    /// A link that has had all the codes it gets; the town sends a new one.
    LinkSpent = "link-spent", 429;
    /// The corporate-number register says this company is closed.
    CompanyClosed = "company-closed", 409;
    /// An open deal must have a next action.
    NextActionMissing = "next-action-missing", 422;
    /// The deal is already won, lost or dormant.
    DealNotOpen = "deal-not-open", 409;
    /// The target stage asks for something the deal does not have.
    StageRequirement = "stage-requirement", 422;
    /// The target stage wins or loses the deal: that has a form of its own.
    ClosingStage = "closing-stage", 409;
    /// The town's rules let no deal go from the one stage to the other.
    StageStep = "stage-step", 409;
    /// The target stage is another pipeline's: a deal goes there by a form of its own.
    OtherPipeline = "other-pipeline", 409;
    /// Deals are still open or dormant in the pipeline; they move to another one first.
    PipelineInUse = "pipeline-in-use", 409;
    /// A town keeps one pipeline at least.
    LastPipeline = "last-pipeline", 409;
    /// The deal has no quote with lines.
    QuoteMissing = "quote-missing", 409;
    /// The quote's last day has passed; confirm that the client orders on it all the same.
    QuoteExpired = "quote-expired", 409;
    /// Field: the amount of a deal is its standing quote's, and changes with the next version of that.
    QuoteStands = "quote-stands", 409;
    /// The quote takes no such step any more: a newer version stands, it was withdrawn or ordered on, or its deal is closed.
    QuoteClosed = "quote-closed", 409;
    /// The quote's last day or the day it promises has passed: a new version with later days is issued first.
    QuoteRanOut = "quote-ran-out", 409;
    /// Field: the contact has no mail address.
    NoMailAddress = "no-mail-address", 422;
    /// The contact has not agreed to mail that invites them to order, or refuses it.
    NewsUnwanted = "news-unwanted", 409;
    /// Mail to the address is not delivered, so that none is written.
    AddressDead = "address-dead", 409;
    /// Field: the contact refuses mail that invites them to order.
    ContactRefuses = "contact-refuses", 409;
    /// Somebody else holds the unit.
    UnitTaken = "unit-taken", 409;
    /// The written terms have not been accepted.
    TermsNotAccepted = "terms-not-accepted", 409;
    /// The terms notice would lack a legally required item.
    TermsIncomplete = "terms-incomplete", 422;
    /// Somebody else took this version to check it; the answer of the queue says what is free.
    ReviewTaken = "review-taken", 409;
    /// Field: something that was found keeps the work from passing.
    CannotPass = "cannot-pass", 422;
    /// Field: the text ends before that line.
    NoSuchLine = "no-such-line", 422;
    /// Field: no town of this installation, to which this one may turn, goes by that name in addresses.
    NoSuchTown = "no-such-town", 422;
    /// Whoever refused it does not decide the appeal against that.
    SameReviewer = "same-reviewer", 403;
    /// The days in which this refusal could be appealed are over.
    AppealOver = "appeal-over", 409;
    /// An appeal against this refusal waits; it is decided first.
    Appealed = "appealed", 409;
    /// Makers do not review their own work.
    OwnWork = "own-work", 403;
    /// A delivery may hold only units that passed review.
    UnreviewedUnit = "unreviewed-unit", 409;
    /// Field: a unit would be delivered that brings the client neither a file nor a text.
    EmptyUnit = "empty-unit", 422;
    /// Fields: work is handed in that brings the client neither a text nor a file.
    NoResult = "no-result", 422;
    /// Fields: what was made so far is handed over, and there is neither a text nor a file.
    NothingMade = "nothing-made", 422;
    /// Field: what came back is handed in again as it was, and nobody says why.
    Unchanged = "unchanged", 422;
    /// The delivery was already answered.
    AlreadyAnswered = "already-answered", 409;
    /// Some jobs of what is to be closed have no kind of work yet.
    WorkKindMissing = "work-kind-missing", 409;
    /// Everything received by that day stands on a statement.
    NothingToClose = "nothing-to-close", 409;
    /// Everything a client accepted by that day was asked for.
    NothingToBill = "nothing-to-bill", 409;
    /// What is due on that day comes to nothing that could be transferred to a known account.
    NothingToTransfer = "nothing-to-transfer", 409;
    /// A file of transfers was made for that day, which the caller has not seen, or which holds all there is.
    TransferFileMade = "transfer-file-made", 409;
    /// A file of transfers pays the statement as it is, so it changes only once that file is voided.
    InTransferFile = "in-transfer-file", 409;
    /// Field: accounts of some who are to be paid are at a bank or branch that the list of banks does not know, and nobody says that
    /// they are left out; the bound is how many.
    BanksUnknown = "banks-unknown", 422;
    /// The town has not said which account it pays from.
    PayerMissing = "payer-missing", 409;
    /// Field: some who are to be paid have entered no account, and nobody says that they are left out; the bound is how many.
    AccountsMissing = "accounts-missing", 422;
    /// Field: banks transfer nothing on that day; the bound is a day on which they do.
    NotABankDay = "not-a-bank-day", 422;
    /// It is paid, so it changes no more.
    AlreadyPaid = "already-paid", 409;
    /// Whoever asked for something does not approve it.
    SecondPerson = "second-person", 403;
    /// Not one of the order's units.
    NotOfThisOrder = "not-of-this-order", 422;
    /// The worker has not the skill, the hours or the state for this.
    NotEligible = "not-eligible", 409;
    /// More work than the hours that the worker set leave free.
    NoHours = "no-hours", 409;
    /// More than what is left of the portion that lies before the worker, or their time to answer is over.
    BeyondPortion = "beyond-portion", 409;
    /// The units of the job are to be worked from something that they have not been given.
    NoMaterial = "no-material", 409;
    /// Every seat of the course is taken.
    SeatsTaken = "seats-taken", 409;
    /// The caller's claim ended because nothing was heard of it, and somebody else has the unit by now.
    ClaimLapsed = "claim-lapsed", 409;
    /// Another page saved the draft since this one was opened.
    DraftMoved = "draft-moved", 409;
    /// Somebody holds units of the job, so it is not changed behind their back.
    WorkHeld = "work-held", 409;
    /// The day the work was due has passed: it needs a later one first.
    DayPassed = "day-passed", 409;
    /// The order of a won deal is no draft any more, so the deal is not opened again.
    OrderBegun = "order-begun", 409;
    /// The job is closed, or its order is not running.
    NotOpen = "not-open", 409;
    /// Somebody else has the place at that time, or the centre is closed then.
    SlotTaken = "slot-taken", 409;
    /// Field: the centre is not open then.
    CentreClosed = "centre-closed", 422;
    /// People or visits are expected there on those days.
    BookingsInTheWay = "bookings-in-the-way", 409;
    /// Field: no bank, or no branch of that bank, has this code.
    UnknownBank = "unknown-bank", 422;
    /// Field: characters that banks do not take in a payee's name: only kana without ヲ, letters, digits, ( ) - . and spaces.
    NotBankKana = "not-bank-kana", 422;
    /// Field: no invoice registration number: not `T` and thirteen digits.
    NotARegistrationNumber = "not-a-registration-number", 422;
    /// The version of the targets was closed; a next one is opened to change them.
    TargetsClosed = "targets-closed", 409;
    /// A version of that fiscal year's targets is open already.
    TargetsOpen = "targets-open", 409;
    /// Field: the fiscal year's first month, while a year that has targets or milestones is not over; the bound is its last day.
    FiscalYearInUse = "fiscal-year-in-use", 422;
    /// The questionnaire of the fiscal year after an adviser's session has not come; `errors` names the day it comes.
    QuestionnaireToCome = "questionnaire-to-come", 409;
    /// Field: a person's target above the team's, without saying that this is meant.
    AboveTeam = "above-team", 422;
    /// Field: less than somebody of the team has as a target, which nobody marked as meant to be above the team's.
    BelowPerson = "below-person", 422;
    /// Field: a milestone would wait for itself, directly or through others.
    Circle = "circle", 422;
    /// Field: what is counted for the whole town alone cannot be asked of a part of it.
    TownOnly = "town-only", 422;
    /// A town with data of its own is no place for the demo.
    NotEmpty = "not-empty", 409;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Self::ALL.iter().map(|code| code.as_str()).collect();
        json_schema!({ "type": "string", "description": "A stable error code.", "enum": words })
    }
}

/// What a value overstepped. It is said in the reader's language, so it stays what it is until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Bound {
    /// The longest length, the largest number.
    Number(i64),
    /// The smallest number.
    Least(i64),
    /// The first or last allowed day.
    Day(NaiveDate),
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<NaiveDate> for Bound {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

/// What is wrong with one field of a form or one member of a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// The field's name as in the form and the JSON.
    pub field: String,
    /// What is wrong with it.
    pub code: Code,
    /// The bound that was overstepped, where there is one.
    pub bound: Option<Bound>,
}

impl FieldProblem {
    /// A problem without a bound.
    pub fn new(field: &str, code: Code) -> Self {
        Self { field: field.to_owned(), code, bound: None }
    }

    /// A problem with the bound that was overstepped.
    pub fn bounded(field: &str, code: Code, bound: impl Into<Bound>) -> Self {
        Self { field: field.to_owned(), code, bound: Some(bound.into()) }
    }
}

/// Input that was refused before anything was written; lists every field at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("invalid fields: {}", self.names())]
pub struct Invalid(pub Vec<FieldProblem>);

impl Invalid {
    /// One field's problem.
    pub fn field(field: &str, code: Code) -> Self {
        Self(vec![FieldProblem::new(field, code)])
    }

    fn names(&self) -> String {
        self.0.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Something that is there already and looks like what was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ProblemCandidate")]
pub struct Candidate {
    /// Its id: whoever knows better sends it back among `apart_from`.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What they share, in the words of the look-alikes.
    pub by: Vec<String>,
}

/// An error that knows its code; every aggregate's error enum does.
pub trait Coded: std::error::Error {
    /// The code it is answered with.
    fn code(&self) -> Code;

    /// What looks like the thing that was refused, where it was refused for that.
    fn candidates(&self) -> Vec<Candidate> {
        Vec::new()
    }

    /// The fields it is about, where it is about fields.
    fn fields(&self) -> &[FieldProblem] {
        &[]
    }
}

impl Coded for Invalid {
    fn code(&self) -> Code {
        Code::Invalid
    }

    fn fields(&self) -> &[FieldProblem] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Code;

    #[test]
    fn each_code_has_its_own_word_and_a_real_status() {
        let words: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| (400..=599).contains(&code.status())));
    }
}
