//! The board with its columns, more of one column, and the move of a card.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::{BoardStageId, Code, DealId, FiscalYear, Paging, Typed, Yen, date_in_japan};
use sales::deals::{self, AdvanceInput, Card, CardKey, Column, DealStatus};
use sales::stages::{self, Stage, StageKind};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::deals::{list, missing_words, step};
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{self, Choice, counted};
use crate::session::Flash;
use crate::shell::Crumb;

/// How many cards a column shows at first, and a page of one column.
const CARDS: u16 = 20;
const MORE: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BoardQuery {
    stage: Typed,
    after: Typed,
    /// The card that was just moved, and where it came from: what 元に戻す needs.
    moved: Typed,
    from: Typed,
}

#[derive(Serialize)]
struct BoardPage {
    title: String,
    open_count: String,
    open_sum: String,
    is_empty: bool,
    columns: Vec<ColumnView>,
    stages: Vec<Choice>,
    undo: Option<Undo>,
    trouble: Option<Trouble>,
}

#[derive(Serialize)]
struct ColumnView {
    id: BoardStageId,
    title: String,
    count: String,
    sum: String,
    current: bool,
    href: String,
    cards: Vec<CardView>,
    /// The rest of the column; empty where all its cards are shown.
    more: String,
    more_label: String,
}

#[derive(Serialize)]
struct CardView {
    id: DealId,
    client: String,
    title: String,
    href: String,
    amount: String,
    next: Option<Next>,
    owner: Owner,
    idle: String,
    overdue: String,
    version: i32,
    move_action: String,
}

#[derive(Serialize)]
struct Next {
    text: String,
    date: String,
    tone: &'static str,
    full: String,
    iso: String,
}

#[derive(Serialize)]
struct Owner {
    short: String,
    name: String,
}

/// The move that takes the last one back.
#[derive(Serialize)]
struct Undo {
    action: String,
    title: String,
    /// The column it was moved to.
    to: String,
    version: i32,
    stage: BoardStageId,
}

/// Why a card stayed where it was.
#[derive(Serialize)]
struct Trouble {
    title: String,
    text: String,
    href: String,
    link: String,
}

impl CardView {
    fn of(call: &Call, now: DateTime<Utc>, card: Card) -> Self {
        let overdue = list::overdue_since(call, &card);
        let next = card.next_action.zip(card.next_action_on).map(|(text, on)| {
            let due = format::due(call.language, now, on);
            Next { text, date: due.text, tone: due.tone, full: due.full, iso: due.iso }
        });
        Self {
            id: card.id,
            overdue,
            client: card.company,
            title: card.title,
            href: paths::deal(card.id),
            amount: phrases::amount(call, card.amount),
            next,
            owner: Owner { short: phrases::initials(&card.owner), name: card.owner },
            idle: if card.idle { counted(call, "board-idle", "days", card.idle_days) } else { String::new() },
            version: card.version,
            move_action: step(card.id, "move"),
        }
    }
}

fn column_path(stage: BoardStageId) -> String {
    format!("/board?stage={stage}")
}

/// `583,000円（税抜）＋金額未定 2件`: what nobody has named an amount for is not worth nothing.
fn worth(call: &Call, count: i64, sum: Yen, undecided: i64) -> String {
    let words = [("sum", format::yen(call.language, sum)), ("count", format::count(undecided))];
    let key = match undecided {
        0 => "board-worth",
        all if all == count => "board-worth-undecided",
        _ => "board-worth-partly",
    };
    phrases::said(call, key, words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

impl ColumnView {
    fn of(call: &Call, now: DateTime<Utc>, current: Option<BoardStageId>, column: Column) -> Self {
        let id = column.stage.id;
        let year = FiscalYear::of(date_in_japan(now));
        let more = |key: &CardKey| match column.stage.kind {
            StageKind::Open => format!("{}&after={}", column_path(id), format::page_key(key)),
            StageKind::Won => list::closed_in(DealStatus::Won, year),
            StageKind::Lost => list::closed_in(DealStatus::Lost, year),
        };
        let (title, more_label) = match column.stage.kind {
            StageKind::Open => (column.stage.name, call.text("board-more")),
            StageKind::Won | StageKind::Lost => {
                let words = [("stage", column.stage.name), ("year", phrases::fiscal_year(call, year))];
                let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
                let all = counted(call, "board-all-closed", "count", column.count);
                (phrases::said(call, "board-of-year", words), all)
            }
        };
        Self {
            id,
            count: format::count(column.count),
            sum: worth(call, column.count, column.sum, column.undecided),
            current: current == Some(id),
            href: column_path(id),
            more: column.cards.next.as_ref().map(more).unwrap_or_default(),
            cards: column.cards.items.into_iter().map(|card| CardView::of(call, now, card)).collect(),
            title,
            more_label,
        }
    }
}

/// `GET /board`: every column, or with `after` more of one.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: BoardQuery = call.query();
    let stage: Option<BoardStageId> = query.stage.as_str().parse().ok();
    if let (Some(stage), Some(key)) = (stage, format::read_page_key::<CardKey>(query.after.as_str())) {
        return more(&call, stage, key).await;
    }
    let mut page = board_page(&call, stage).await?;
    let moved = Flash::of(&call.request).is_some_and(|flash| flash.key == "done-deal-moved");
    if let (true, Ok(deal), Ok(from)) = (moved, query.moved.as_str().parse(), query.from.as_str().parse()) {
        page.undo = undo(&page, deal, from);
    }
    call.page("board/index.html", &page)
}

async fn board_page(call: &Call, current: Option<BoardStageId>) -> Result<BoardPage, Failure> {
    let (columns, now) =
        call.db(|tx| -> Result<_, db::DbError> { Ok((deals::board(tx, CARDS)?, tx.now())) }).await?;
    let current = current
        .filter(|id| columns.iter().any(|column| column.stage.id == *id))
        .or_else(|| columns.first().map(|column| column.stage.id));
    let open = || columns.iter().filter(|column| column.stage.kind == StageKind::Open);
    let (count, sum): (i64, Yen) = (open().map(|one| one.count).sum(), open().map(|one| one.sum).sum());
    let undecided: i64 = open().map(|one| one.undecided).sum();
    Ok(BoardPage {
        title: call.text("nav-board"),
        open_count: format::count(count),
        open_sum: worth(call, count, sum, undecided),
        is_empty: columns.iter().all(|column| column.count == 0),
        stages: columns.iter().map(|one| Choice::new(one.stage.id, one.stage.name.as_str())).collect(),
        columns: columns.into_iter().map(|column| ColumnView::of(call, now, current, column)).collect(),
        undo: None,
        trouble: None,
    })
}

/// Only while the card is where the move put it.
fn undo(page: &BoardPage, deal: DealId, from: BoardStageId) -> Option<Undo> {
    let mut cards =
        page.columns.iter().flat_map(|column| column.cards.iter().map(move |card| (column, card)));
    let (column, card) = cards.find(|(_, card)| card.id == deal)?;
    let (action, to) = (card.move_action.clone(), column.title.clone());
    Some(Undo { action, title: card.title.clone(), to, version: card.version, stage: from })
}

#[derive(Serialize)]
struct MorePage {
    title: String,
    crumbs: Vec<Crumb>,
    stage: BoardStageId,
    cards: Vec<CardView>,
    shown: usize,
    stages: Vec<Choice>,
    next: String,
    first: String,
}

async fn more(call: &Call, stage: BoardStageId, key: CardKey) -> Result<HttpResponse, Failure> {
    let (columns, cards, now) = call
        .db(move |tx| -> Result<_, db::DbError> {
            let paging = Paging { after: Some(key), ..Paging::first(MORE) };
            Ok((stages::list(tx)?, deals::more(tx, stage, &paging)?, tx.now()))
        })
        .await?;
    let next = |key: &CardKey| format!("{}&after={}", column_path(stage), format::page_key(key));
    let name = columns.iter().find(|one| one.id == stage).map(|one| one.name.clone()).unwrap_or_default();
    let page = MorePage {
        title: name,
        crumbs: vec![Crumb::new(call, "nav-board", "/board")],
        stage,
        shown: cards.items.len(),
        next: cards.next.as_ref().map(next).unwrap_or_default(),
        first: column_path(stage),
        cards: cards.items.into_iter().map(|card| CardView::of(call, now, card)).collect(),
        stages: columns.iter().map(|one| Choice::new(one.id, one.name.as_str())).collect(),
    };
    call.page("board/more.html", &page)
}

enum Moved {
    To(BoardStageId, BoardStageId),
    /// It stands there already.
    Stays,
    /// Winning and losing have forms of their own.
    Closing(&'static str),
}

/// `POST /deals/{id}/move`: with the `version` the card had and the `stage` it goes to; with `back` from the deal's own
/// page.
pub(crate) async fn move_card(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let to: BoardStageId = form.get("stage").parse().map_err(|_no_number| Failure::not_found())?;
    let moved = call
        .db(move |tx| -> Result<Moved, Failure> {
            let before = deals::find(tx, id)?;
            if let (DealStatus::Open, Some(verb)) =
                (before.state.status(), closing_verb(&stages::find(tx, to)?))
            {
                return Ok(Moved::Closing(verb));
            }
            if before.stage_id == to {
                return Ok(Moved::Stays);
            }
            let deal = deals::advance(tx, id, version, AdvanceInput::to(to))?;
            Ok(Moved::To(before.stage_id, deal.stage_id))
        })
        .await;
    match moved {
        Ok(Moved::Closing(verb)) => Ok(call.see_other(step(id, verb))),
        Ok(Moved::Stays) => Ok(call.noted(format!("{}#deal-{id}", column_path(to)), "done-deal-stays")),
        Ok(Moved::To(..)) if form.get("back") == "deal" => Ok(call.done(paths::deal(id), "done-deal-moved")),
        Ok(Moved::To(from, to)) => {
            let back = format!("{}&moved={id}&from={from}#deal-{id}", column_path(to));
            Ok(call.done(back, "done-deal-moved"))
        }
        Err(failure) if failure.is_about_input() => stayed(&call, id, &failure).await,
        Err(failure) => Err(failure),
    }
}

fn closing_verb(stage: &Stage) -> Option<&'static str> {
    match stage.kind {
        StageKind::Open => None,
        StageKind::Won => Some("win"),
        StageKind::Lost => Some("lose"),
    }
}

/// The board as it is now, and why the card stayed.
async fn stayed(call: &Call, id: DealId, failure: &Failure) -> Result<HttpResponse, Failure> {
    let deal = call.db(move |tx| deals::find(tx, id)).await?;
    let mut page = board_page(call, Some(deal.stage_id)).await?;
    page.trouble = Some(trouble(call, id, deal.title, failure));
    let status: StatusCode = phrases::again(failure);
    call.page_with(status, "board/index.html", &page)
}

fn trouble(call: &Call, id: DealId, title: String, failure: &Failure) -> Trouble {
    if failure.code != Code::StageRequirement {
        return Trouble {
            title,
            text: failure.sentence(call),
            href: paths::deal(id),
            link: call.text("board-open-deal"),
        };
    }
    let missing = missing_words(call, &failure.fields);
    let only_quote = failure.fields.iter().all(|problem| problem.field == "quote");
    let (verb, link) =
        if only_quote { ("quotes/new", "quote-new-title") } else { ("edit", "board-enter-missing") };
    Trouble {
        title,
        text: phrases::said(call, "board-missing", [("missing", &missing)]),
        href: step(id, verb),
        link: call.text(link),
    }
}
