//! What a deal is, what may be entered for one, and its state machine. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    BoardStageId, Checks, Code, CompanyId, ContactId, DealId, FieldProblem, Invalid, PersonId, Typed, Yen,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DealError;
use crate::direct::DirectSource;
use crate::pipelines::PipelineId;
use crate::stages::{Requirement, Stage, StageKind};

kernel::text_enum!(
    /// The word for a deal's state.
    DealStatus {
        /// Being worked on.
        Open = "open",
        /// The client ordered.
        Won = "won",
        /// The client will not order.
        Lost = "lost",
        /// Nothing will happen for now.
        Dormant = "dormant",
    }
);

kernel::text_enum!(
    /// Why a deal was lost.
    LostReason {
        /// Too dear.
        Price = "price",
        /// We had not the hours.
        Capacity = "capacity",
        /// The wrong moment.
        Timing = "timing",
        /// Somebody else got it.
        Competitor = "competitor",
        /// The client decided nothing.
        NoDecision = "no_decision",
        /// Our work was not trusted.
        Quality = "quality",
        /// Something else; the note says what.
        Other = "other",
    }
);

kernel::text_enum!(
    /// Where a deal's amount comes from.
    #[schemars(rename = "DealAmountBasis")]
    AmountBasis {
        /// Somebody typed it.
        Hand = "hand",
        /// It is the sum of the deal's lines.
        Lines = "lines",
        /// It is the subtotal of the standing quote, or of the one the deal was won on.
        Quote = "quote",
    }
);

kernel::text_enum!(
    /// What happened to a deal.
    DealEventKind {
        /// It was entered.
        Opened = "opened",
        /// It went to another stage.
        Moved = "moved",
        /// Its amount changed.
        Revalued = "revalued",
        /// The client ordered.
        Won = "won",
        /// The client will not order.
        Lost = "lost",
        /// It was put to sleep.
        Slept = "slept",
        /// It is being worked on again.
        Reopened = "reopened",
    }
);

/// What is to be done next, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextAction {
    /// In one line.
    pub next_action: String,
    /// The day it is due.
    pub next_action_on: NaiveDate,
}

/// Why and how a deal was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loss {
    /// From the list.
    pub lost_reason: LostReason,
    /// In words; never empty where the reason is "other".
    pub lost_note: String,
}

/// Where a deal stands, with what only that state has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DealState {
    /// Being worked on: there is always a next action.
    Open(NextAction),
    /// The client ordered.
    Won {
        /// When.
        won_at: DateTime<Utc>,
    },
    /// The client will not order.
    Lost {
        /// When.
        lost_at: DateTime<Utc>,
        /// Why.
        #[serde(flatten)]
        loss: Loss,
    },
    /// Nothing will happen for now; the deal keeps its stage.
    Dormant {
        /// Since when.
        slept_at: DateTime<Utc>,
    },
}

impl DealState {
    /// The word for this state.
    pub const fn status(&self) -> DealStatus {
        match self {
            Self::Open(_) => DealStatus::Open,
            Self::Won { .. } => DealStatus::Won,
            Self::Lost { .. } => DealStatus::Lost,
            Self::Dormant { .. } => DealStatus::Dormant,
        }
    }

    /// The next action of an open deal.
    pub const fn next_action(&self) -> Option<&NextAction> {
        match self {
            Self::Open(next) => Some(next),
            _ => None,
        }
    }
}

/// An opportunity on the board (商談).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deal {
    /// Its id.
    pub id: DealId,
    /// What it is about.
    pub title: String,
    /// Who would order.
    pub company_id: CompanyId,
    /// Whom we talk to there.
    pub contact_id: Option<ContactId>,
    /// Its column on the board.
    pub stage_id: BoardStageId,
    /// Who works on it.
    pub owner_id: PersonId,
    /// What it is worth before tax; follows the standing quote.
    pub amount: Yen,
    /// When it should be decided.
    pub expected_close_on: Option<NaiveDate>,
    /// Open, won, lost or dormant.
    #[serde(flatten)]
    pub state: DealState,
    /// Where its amount comes from.
    pub amount_basis: AmountBasis,
    /// The won deal that it repeats.
    pub repeats: Option<DealId>,
    /// How its order came, where nobody had to win it; rates of winning leave such a deal out.
    pub direct: Option<DirectSource>,
    /// When it came to its column.
    pub moved_at: DateTime<Utc>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

/// The transitions: each takes the deal and gives back what it has become, or says why it cannot.
impl Deal {
    /// An open deal gets another next action.
    pub(super) fn planned(self, next: NextAction) -> Result<Self, DealError> {
        self.must_be_open()?;
        Ok(Self { state: DealState::Open(next), ..self })
    }

    /// An open deal goes to the open stage `to`.
    pub(super) fn advanced(self, to: &Stage, now: DateTime<Utc>) -> Result<Self, DealError> {
        self.must_be_open()?;
        match to.kind {
            StageKind::Open if to.id == self.stage_id => Ok(self),
            StageKind::Open => Ok(Self { stage_id: to.id, moved_at: now, ..self }),
            closing => Err(DealError::ClosingStage(closing)),
        }
    }

    /// An open deal gets another amount.
    pub(super) fn revalued(self, amount: Yen, amount_basis: AmountBasis) -> Result<Self, DealError> {
        self.must_be_open()?;
        Ok(Self { amount, amount_basis, ..self })
    }

    /// An open deal is won for `amount`.
    pub(super) fn won(self, stage: BoardStageId, amount: Yen, now: DateTime<Utc>) -> Result<Self, DealError> {
        self.must_be_open()?;
        Ok(Self {
            state: DealState::Won { won_at: now },
            stage_id: stage,
            amount,
            amount_basis: AmountBasis::Quote,
            moved_at: now,
            ..self
        })
    }

    /// An open deal is lost. A dormant one is woken first, so that its history says so.
    pub(super) fn lost(self, stage: BoardStageId, loss: Loss, now: DateTime<Utc>) -> Result<Self, DealError> {
        self.must_be_open()?;
        Ok(Self { state: DealState::Lost { lost_at: now, loss }, stage_id: stage, moved_at: now, ..self })
    }

    /// An open deal sleeps where it is.
    pub(super) fn slept(self, now: DateTime<Utc>) -> Result<Self, DealError> {
        self.must_be_open()?;
        Ok(Self { state: DealState::Dormant { slept_at: now }, ..self })
    }

    /// A lost or dormant deal is worked on again in the open stage `stage`.
    pub(super) fn reopened(
        self,
        stage: BoardStageId,
        next: NextAction,
        now: DateTime<Utc>,
    ) -> Result<Self, DealError> {
        match self.state.status() {
            status @ (DealStatus::Open | DealStatus::Won) => Err(DealError::NotClosed(status)),
            DealStatus::Lost | DealStatus::Dormant => {
                Ok(Self { state: DealState::Open(next), stage_id: stage, moved_at: now, ..self })
            }
        }
    }

    /// A won deal is worked on again in the open stage `stage`.
    pub(super) fn taken_back(
        self,
        stage: BoardStageId,
        next: NextAction,
        now: DateTime<Utc>,
    ) -> Result<Self, DealError> {
        self.must_be_won()?;
        Ok(Self { state: DealState::Open(next), stage_id: stage, moved_at: now, ..self })
    }

    pub(crate) fn must_be_open(&self) -> Result<(), DealError> {
        match self.state.status() {
            DealStatus::Open => Ok(()),
            closed => Err(DealError::NotOpen(closed)),
        }
    }

    pub(crate) fn must_be_won(&self) -> Result<(), DealError> {
        match self.state.status() {
            DealStatus::Won => Ok(()),
            other => Err(DealError::NotWon(other)),
        }
    }

    /// What `stage` asks for and this deal has not.
    pub(super) fn missing_for(&self, stage: &Stage, has_quote: bool) -> Result<(), DealError> {
        let problems = missing(stage, |requirement| match requirement {
            Requirement::Amount => self.amount != Yen::ZERO,
            Requirement::Contact => self.contact_id.is_some(),
            Requirement::ExpectedClose => self.expected_close_on.is_some(),
            Requirement::Quote => has_quote,
        });
        if problems.is_empty() { Ok(()) } else { Err(DealError::StageRequirement(Invalid(problems))) }
    }
}

/// What `stage` asks for and is not there.
fn missing(stage: &Stage, has: impl Fn(Requirement) -> bool) -> Vec<FieldProblem> {
    let missing = stage.requires.iter().filter(|requirement| !has(**requirement));
    missing.map(|requirement| FieldProblem::new(requirement.field(), Code::Required)).collect()
}

impl DealFields {
    /// What `stage` asks for and a deal opened from this has not; it has no quote yet.
    pub(super) fn missing_for(&self, stage: &Stage) -> Vec<FieldProblem> {
        missing(stage, |requirement| match requirement {
            Requirement::Amount => self.amount != Yen::ZERO,
            Requirement::Contact => self.contact_id.is_some(),
            Requirement::ExpectedClose => self.expected_close_on.is_some(),
            Requirement::Quote => false,
        })
    }
}

/// A deal as typed into the form or sent to the API; empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "名簿の入力", "company_id": 42, "amount": 120000, "next_action": "見積を送る", "next_action_on": "2027-01-15" }]))]
pub struct DealInput {
    /// What it is about; required.
    pub title: Typed,
    /// Who would order; required.
    pub company_id: Typed,
    /// A contact of that company.
    pub contact_id: Typed,
    /// Yen before tax; empty is zero.
    pub amount: Typed,
    /// When it should be decided.
    pub expected_close_on: Typed,
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required.
    pub next_action_on: Typed,
    /// Who works on it; whoever enters it where empty.
    pub owner_id: Typed,
    /// The pipeline it begins in; the town's first where empty. Says nothing in a correction.
    pub pipeline_id: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DealFields {
    pub(super) title: String,
    pub(super) company_id: CompanyId,
    pub(super) contact_id: Option<ContactId>,
    pub(super) amount: Yen,
    pub(super) expected_close_on: Option<NaiveDate>,
    pub(super) next: NextAction,
    pub(super) owner_id: PersonId,
    pub(super) pipeline_id: Option<PipelineId>,
}

impl DealInput {
    /// Checks every field and reports all problems at once. `owner` is who owns the deal where none is named;
    /// `earliest` the first day a next action may have, where that matters.
    pub(super) fn checked(
        &self,
        owner: Option<PersonId>,
        earliest: Option<NaiveDate>,
    ) -> Result<DealFields, Invalid> {
        let mut checks = Checks::new();
        let title = checks.required_line("title", &self.title, 200);
        let company = checks.choice("company_id", &self.company_id);
        let contact_id = optional_choice(&mut checks, "contact_id", &self.contact_id);
        let amount = checks.optional_number("amount", &self.amount, 0..=Yen::MOST.0).map_or(Yen::ZERO, Yen);
        let expected_close_on = checks.optional_date("expected_close_on", &self.expected_close_on);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, earliest);
        let pipeline_id = optional_choice(&mut checks, "pipeline_id", &self.pipeline_id);
        let owner = match owner {
            Some(owner) if self.owner_id.as_str().trim().is_empty() => Some(owner),
            _ => checks.choice("owner_id", &self.owner_id),
        };
        match (company, owner) {
            (Some(company_id), Some(owner_id)) => checks.done(DealFields {
                title,
                company_id,
                contact_id,
                amount,
                expected_close_on,
                next,
                owner_id,
                pipeline_id,
            }),
            _ => Err(problems_of(checks)),
        }
    }
}

impl From<&Deal> for DealInput {
    /// What an edit form starts with.
    fn from(deal: &Deal) -> Self {
        let next = deal.state.next_action();
        Self {
            title: deal.title.as_str().into(),
            company_id: deal.company_id.to_string().into(),
            contact_id: deal.contact_id.map(|id| id.to_string()).unwrap_or_default().into(),
            amount: deal.amount.0.to_string().into(),
            expected_close_on: deal.expected_close_on.map(|on| on.to_string()).unwrap_or_default().into(),
            next_action: next.map(|next| next.next_action.clone()).unwrap_or_default().into(),
            next_action_on: next.map(|next| next.next_action_on.to_string()).unwrap_or_default().into(),
            owner_id: deal.owner_id.to_string().into(),
            ..Self::default()
        }
    }
}

/// Everything that is wrong with what is entered for a new deal; `None` where nothing is.
pub(crate) fn problems_with(input: &DealInput, actor: Option<PersonId>, today: NaiveDate) -> Option<Invalid> {
    input.checked(actor, Some(today)).err()
}

/// A next action as typed, with the words it must have. `earliest` is the first day it may be due.
pub(crate) fn read_next_action(
    checks: &mut Checks,
    action: &Typed,
    on: &Typed,
    earliest: Option<NaiveDate>,
) -> NextAction {
    if action.as_str().trim().is_empty() {
        checks.problem("next_action", Code::NextActionMissing);
    }
    let next_action = checks.line("next_action", action, 200);
    let next_action_on = checks.date("next_action_on", on);
    // A date that could not be read stands at 1970 and has its own problem already.
    let was_read = next_action_on != NaiveDate::default();
    if was_read && earliest.is_some_and(|earliest| next_action_on < earliest) {
        checks.problem("next_action_on", Code::InThePast);
    }
    NextAction { next_action, next_action_on }
}

/// One of many, or nothing.
pub(crate) fn optional_choice<T: std::str::FromStr>(
    checks: &mut Checks,
    field: &str,
    typed: &Typed,
) -> Option<T> {
    if typed.as_str().trim().is_empty() { None } else { checks.choice(field, typed) }
}

/// What was found so far, where a required value is missing.
pub(crate) fn problems_of(checks: Checks) -> Invalid {
    checks.done(()).err().unwrap_or_default()
}

/// How a deal is won, as posted by the win form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WinInput {
    /// `true`, `on`, `yes` or `1` where the quote has expired and the client orders on it all the same.
    pub confirm_expired: Typed,
}

impl WinInput {
    pub(crate) fn expired_is_confirmed(&self) -> bool {
        self.confirm_expired.is_yes()
    }
}

/// Why a deal is lost, as posted by the lose form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "price", "note": "他社に決定" }]))]
pub struct LoseInput {
    /// A word of [`LostReason`]; required.
    #[schemars(with = "LostReason")]
    pub reason: Typed,
    /// In words; required where the reason is "other".
    pub note: Typed,
}

impl LoseInput {
    pub(super) fn checked(&self) -> Result<Loss, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.choice("reason", &self.reason);
        let lost_note = match reason {
            Some(LostReason::Other) => checks.required_lines("note", &self.note, 1000),
            _ => checks.lines("note", &self.note, 1000),
        };
        match reason {
            Some(lost_reason) => checks.done(Loss { lost_reason, lost_note }),
            None => Err(problems_of(checks)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn full() -> DealInput {
        DealInput {
            title: "名刺データ入力".into(),
            company_id: "1".into(),
            amount: "１，０００円".into(),
            next_action: "電話".into(),
            next_action_on: "2026-11-24".into(),
            ..DealInput::default()
        }
    }

    fn problems(invalid: &Invalid) -> Vec<(&str, Code)> {
        invalid.0.iter().map(|problem| (problem.field.as_str(), problem.code)).collect()
    }

    #[test]
    fn the_one_who_enters_a_deal_owns_it_unless_another_is_named() {
        let fields = full().checked(Some(PersonId(7)), None).unwrap();
        assert_eq!((fields.owner_id, fields.amount), (PersonId(7), Yen(1000)));
        let named = DealInput { owner_id: "9".into(), ..full() };
        assert_eq!(named.checked(Some(PersonId(7)), None).unwrap().owner_id, PersonId(9));
        assert_eq!(problems(&full().checked(None, None).unwrap_err()), [("owner_id", Code::Required)]);
    }

    #[test]
    fn every_problem_of_a_deal_is_reported_at_once() {
        let input = DealInput { amount: "1000000000001".into(), ..DealInput::default() };
        let found = input.checked(Some(PersonId(1)), Some(day("2026-11-22"))).unwrap_err();
        let expected = [
            ("title", Code::Required),
            ("company_id", Code::Required),
            ("amount", Code::OutOfRange),
            ("next_action", Code::NextActionMissing),
            ("next_action_on", Code::Required),
        ];
        assert_eq!(problems(&found), expected);
    }

    #[test]
    fn a_next_action_may_be_due_today_but_not_yesterday() {
        let due = |on: &str, earliest: Option<&str>| {
            DealInput { next_action_on: on.into(), ..full() }.checked(Some(PersonId(1)), earliest.map(day))
        };
        assert!(due("2026-11-22", Some("2026-11-22")).is_ok());
        assert!(due("2026-11-21", None).is_ok(), "history may be entered");
        let late = due("2026-11-21", Some("2026-11-22")).unwrap_err();
        assert_eq!(problems(&late), [("next_action_on", Code::InThePast)]);
    }

    #[test]
    fn another_reason_has_to_be_said() {
        let other = LoseInput { reason: "other".into(), note: " ".into() };
        assert_eq!(problems(&other.checked().unwrap_err()), [("note", Code::Required)]);
        assert!(LoseInput { reason: "price".into(), ..LoseInput::default() }.checked().is_ok());
        let unknown = LoseInput { reason: "luck".into(), ..LoseInput::default() };
        assert_eq!(problems(&unknown.checked().unwrap_err()), [("reason", Code::UnknownChoice)]);
    }
}
