//! What a row says of a deal that is over: that it was won or lost, when, and why. No database here.

use chrono::NaiveDate;
use kernel::text::search_key;
use kernel::{BoardStageId, Checks, Code, FieldProblem, Language, Typed};
use serde::{Deserialize, Serialize};

use super::cells::day;
use super::model::RowProblem;
use super::target::Cells;
use crate::deals::{DealStatus, Loss, LostReason};
use crate::stages::{Stage, StageKind};

/// The longest note on why a deal was lost.
const MOST_NOTE: usize = 1000;

/// When and why a deal was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decided {
    /// The day in Japan.
    pub(super) on: NaiveDate,
    /// Why it was lost; nothing of one that was won.
    pub(super) loss: Option<Loss>,
}

/// What people write for each state: first the English word, then the Japanese, as our own files do.
const STATES: [(DealStatus, &[&str]); 4] = [
    (DealStatus::Open, &["Open", "進行中", "商談中", "対応中"]),
    (DealStatus::Won, &["Won", "受注", "成約", "Closed Won", "closedwon", "受注済", "受注済み"]),
    (DealStatus::Lost, &["Lost", "失注", "Closed Lost", "closedlost", "失注済", "失注済み"]),
    (DealStatus::Dormant, &["Dormant", "休眠", "保留"]),
];

/// The state a word means; nothing for any other word.
pub(super) fn state(text: &str) -> Option<DealStatus> {
    let key = search_key(text);
    let found = STATES.iter().find(|(_, words)| words.iter().any(|word| search_key(word) == key));
    found.map(|(state, _)| *state)
}

/// What our own files write for a state.
pub(super) fn state_word(state: DealStatus, language: Language) -> &'static str {
    of_language(STATES.iter().find(|(one, _)| *one == state).map(|(_, words)| *words), language)
}

/// What people write for each reason, in the same order.
const REASONS: [(LostReason, &[&str]); 7] = [
    (LostReason::Price, &["Price", "価格", "金額", "予算", "Too expensive", "Budget"]),
    (LostReason::Capacity, &["Capacity", "時間が足りない", "人手不足", "対応できない"]),
    (LostReason::Timing, &["Timing", "時期", "タイミング"]),
    (LostReason::Competitor, &["Competitor", "競合", "他社", "他社に決定", "Lost to competitor"]),
    (LostReason::NoDecision, &["No decision", "決まらず", "見送り", "No response"]),
    (LostReason::Quality, &["Quality", "品質"]),
    (LostReason::Other, &["Other", "その他", "そのほか"]),
];

/// What our own files write for a reason.
pub(super) fn reason_word(reason: LostReason, language: Language) -> &'static str {
    of_language(REASONS.iter().find(|(one, _)| *one == reason).map(|(_, words)| *words), language)
}

fn of_language(words: Option<&'static [&'static str]>, language: Language) -> &'static str {
    words.unwrap_or_default().get(usize::from(language == Language::Ja)).copied().unwrap_or_default()
}

/// Why a row says a deal was lost. Words that are no reason of the list are kept as they stand, as another one; a row that
/// says nothing says so.
fn loss(row: &Cells, language: Language) -> Result<Loss, RowProblem> {
    let (written, note) = (row.get("lost_reason"), row.get("lost_note"));
    let key = search_key(written);
    let known = REASONS.iter().find(|(_, words)| words.iter().any(|word| search_key(word) == key));
    let unsaid = match language {
        Language::Ja => "取り込んだファイルに理由の記載なし",
        Language::En => "The imported file gave no reason",
    };
    let (lost_reason, text) = match known {
        Some((LostReason::Other, _)) if note.is_empty() => (LostReason::Other, unsaid.to_owned()),
        Some((reason, _)) => (*reason, note.to_owned()),
        None if written.is_empty() && note.is_empty() => (LostReason::Other, unsaid.to_owned()),
        None => (LostReason::Other, [written, note].join("\n").trim().to_owned()),
    };
    let (mut checks, typed) = (Checks::new(), Typed::from(text.as_str()));
    let lost_note = checks.lines("lost_note", &typed, MOST_NOTE);
    checks.done(Loss { lost_reason, lost_note }).map_err(|invalid| match invalid.0.first() {
        Some(problem) => RowProblem::of(problem, &text),
        None => RowProblem::new("lost_note", &text, Code::TooLong),
    })
}

/// When and why a row says a deal was won or lost; what it does not say is as it was `before`. `language` is that of what is
/// written where the file gives no reason.
pub(super) fn told(
    row: &Cells,
    status: DealStatus,
    before: Option<&Decided>,
    (today, language): (NaiveDate, Language),
) -> Result<Decided, RowProblem> {
    let own = ("closed_on", row.get("closed_on"));
    let (field, written) = match before {
        None if own.1.is_empty() => ("expected_close_on", row.get("expected_close_on")),
        _ => own,
    };
    let on = match (before, written) {
        (Some(before), "") => before.on,
        (None, "") => return Err(RowProblem::new("closed_on", "", Code::Required)),
        (_, written) => day(written).ok_or_else(|| RowProblem::new(field, written, Code::NotADate))?,
    };
    if on > today {
        return Err(RowProblem::of(&FieldProblem::bounded("closed_on", Code::TooLate, today), written));
    }
    let says_why = !row.get("lost_reason").is_empty() || !row.get("lost_note").is_empty();
    let loss = match (status, before.and_then(|before| before.loss.clone())) {
        (DealStatus::Lost, Some(loss)) if !says_why => Some(loss),
        (DealStatus::Lost, _) => Some(loss(row, language)?),
        _ => None,
    };
    Ok(Decided { on, loss })
}

/// How a row says a deal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    /// Won or lost.
    pub(super) status: DealStatus,
    /// The closing stage it stands in.
    pub(super) stage: BoardStageId,
    /// Whether the row names that stage itself.
    pub(super) is_named: bool,
    /// The open stage it names as well.
    pub(super) from: Option<BoardStageId>,
}

/// How a row says its deal ended, among the stages of its pipeline; nothing where it says no such thing. The type of a stage
/// counts and not its name; a word such as `Closed Won` is understood where no stage has that name.
pub(super) fn ending(row: &Cells, here: &[&Stage]) -> Result<Option<Ending>, RowProblem> {
    let (name, word) = (row.get("stage"), row.get("state"));
    let named = here.iter().find(|stage| !name.is_empty() && search_key(&stage.name) == search_key(name));
    let closing = |status: &DealStatus| matches!(status, DealStatus::Won | DealStatus::Lost);
    let by_stage = match named.map(|stage| stage.kind) {
        Some(StageKind::Won) => Some(DealStatus::Won),
        Some(StageKind::Lost) => Some(DealStatus::Lost),
        Some(StageKind::Open) => None,
        None => state(name).filter(closing),
    };
    let by_word = state(word);
    let status = match (by_stage, by_word) {
        (Some(stage), Some(word)) if stage != word => {
            return Err(RowProblem::new("state", row.get("state"), Code::Conflict));
        }
        (Some(status), _) => status,
        (None, Some(word)) if closing(&word) => word,
        (None, _) => return Ok(None),
    };
    let kind = if status == DealStatus::Won { StageKind::Won } else { StageKind::Lost };
    let own = named.filter(|stage| stage.kind == kind);
    let stage = own.or_else(|| here.iter().find(|stage| stage.kind == kind));
    let from = named.filter(|stage| stage.kind == StageKind::Open).map(|stage| stage.id);
    let missing = || RowProblem::new("stage", name, Code::UnknownChoice);
    let stage = stage.ok_or_else(missing)?.id;
    Ok(Some(Ending { status, stage, is_named: own.is_some(), from }))
}
