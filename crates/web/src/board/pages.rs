//! The board with its columns, and more of one column.

use std::rc::Rc;

use accounts::organizations;
use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{BoardStageId, DealId, FiscalYear, Paging, PersonId, Typed, Yen};
use sales::deals::{self, Card, Column, ColumnKey, DealStatus};
use sales::pipelines::{self, Pipeline, PipelineId};
use sales::stages::{self, StageKind};
use serde::{Deserialize, Serialize};

use super::live;
use crate::call::Call;
use crate::deals::{list, step};
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
    /// The card that was just put to another place of its column: its controls are still open.
    reordered: Typed,
    /// The card it stood under before; empty where it stood on top.
    was: Typed,
}

#[derive(Serialize)]
pub(super) struct BoardPage {
    title: String,
    open_count: String,
    open_sum: String,
    is_empty: bool,
    /// Where a board that is being looked at hears what others do.
    live: String,
    /// The latest changes that this page shows already: told once more, they are no news.
    known: String,
    columns: Vec<ColumnView>,
    stages: Vec<Choice>,
    /// The pipelines to choose from; empty where there is one.
    pipelines: Vec<Choice>,
    pipeline: String,
    undo: Option<Undo>,
    /// The same for a change of places within a column.
    put_back: Option<PutBack>,
    pub(super) trouble: Option<Trouble>,
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
    /// Empty in a closing column, which has no order of its own.
    reorder_action: String,
    /// Its controls are open.
    is_open: bool,
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

/// The change of places that takes the last one back.
#[derive(Serialize)]
struct PutBack {
    action: String,
    title: String,
    version: i32,
    /// The card it stood under; empty at the top.
    after: String,
}

/// Why a card stayed where it was.
#[derive(Serialize)]
pub(crate) struct Trouble {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) href: String,
    /// The words of the link; empty where its reader is there already.
    pub(crate) link: String,
}

impl CardView {
    fn of(call: &Call, now: DateTime<Utc>, card: Card) -> Self {
        let is_open = card.state == DealStatus::Open;
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
            reorder_action: if is_open { step(card.id, "reorder") } else { String::new() },
            is_open: false,
        }
    }
}

pub(super) fn column_path(stage: BoardStageId) -> String {
    format!("/board?stage={stage}")
}

impl ColumnView {
    /// As of a moment in a fiscal year of the town.
    fn of(
        call: &Call,
        (now, year): (DateTime<Utc>, FiscalYear),
        current: Option<BoardStageId>,
        column: Column,
    ) -> Self {
        let id = column.stage.id;
        let more = |key: &ColumnKey| match column.stage.kind {
            StageKind::Open => format!("{}&after={}", column_path(id), format::page_key(key)),
            StageKind::Won => list::closed_in(DealStatus::Won, year, id),
            StageKind::Lost => list::closed_in(DealStatus::Lost, year, id),
        };
        let (title, more_label) = match column.stage.kind {
            StageKind::Open => (column.stage.name, call.text("board-more")),
            StageKind::Won | StageKind::Lost => {
                let words = [("stage", column.stage.name), ("year", phrases::fiscal_year_alone(call, year))];
                let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
                let all = counted(call, "board-all-closed", "count", column.count);
                (phrases::said(call, "board-of-year", words), all)
            }
        };
        Self {
            id,
            count: format::count(column.count),
            sum: phrases::worth(call, column.count, column.sum, column.undecided),
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
    if let (Some(stage), Some(key)) = (stage, format::read_page_key::<ColumnKey>(query.after.as_str())) {
        return more(&call, stage, key).await;
    }
    let mut page = board_page(&call, stage).await?;
    let moved = Flash::of(&call.request).is_some_and(|flash| flash.key == "done-deal-moved");
    if let (true, Ok(deal), Ok(from)) = (moved, query.moved.as_str().parse(), query.from.as_str().parse()) {
        page.undo = undo(&page, deal, from);
    }
    let reordered: Option<DealId> = query.reordered.as_str().parse().ok();
    for card in page.columns.iter_mut().flat_map(|column| &mut column.cards) {
        card.is_open = Some(card.id) == reordered;
    }
    let is_fresh = Flash::of(&call.request).is_some_and(|flash| flash.key == "done-deal-reordered");
    if let (true, Some(deal)) = (is_fresh, reordered) {
        page.put_back = put_back(&page, deal, query.was.to_string());
    }
    call.page("board/index.html", &page)
}

pub(super) async fn board_page(call: &Call, current: Option<BoardStageId>) -> Result<BoardPage, Failure> {
    let person = call.who.as_ref().map(|who| who.person.id);
    let Facts { known, pipelines, chosen, columns, now, year } =
        call.db(move |tx| facts(tx, person, current)).await?;
    let current = current
        .filter(|id| columns.iter().any(|column| column.stage.id == *id))
        .or_else(|| columns.first().map(|column| column.stage.id));
    let open = || columns.iter().filter(|column| column.stage.kind == StageKind::Open);
    let (count, sum): (i64, Yen) = (open().map(|one| one.count).sum(), open().map(|one| one.sum).sum());
    let undecided: i64 = open().map(|one| one.undecided).sum();
    Ok(BoardPage {
        title: call.text("nav-board"),
        open_count: format::count(count),
        open_sum: phrases::worth(call, count, sum, undecided),
        is_empty: columns.iter().all(|column| column.count == 0),
        live: format!("/board/live/{}", format::page_key(&now)),
        known,
        stages: columns.iter().map(|one| Choice::new(one.stage.id, one.stage.name.as_str())).collect(),
        columns: columns
            .into_iter()
            .map(|column| ColumnView::of(call, (now, year), current, column))
            .collect(),
        pipeline: chosen.map(|id| id.to_string()).unwrap_or_default(),
        pipelines: match pipelines.len() {
            0 | 1 => Vec::new(),
            _ => pipelines.iter().map(|one| Choice::new(one.id, one.name.as_str())).collect(),
        },
        undo: None,
        put_back: None,
        trouble: None,
    })
}

/// The way back to where a card stood in its column.
fn put_back(page: &BoardPage, deal: DealId, was: String) -> Option<PutBack> {
    let card = page.columns.iter().flat_map(|column| &column.cards).find(|card| card.id == deal)?;
    Some(PutBack {
        action: step(deal, "reorder"),
        title: card.title.clone(),
        version: card.version,
        after: was,
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

struct Facts {
    known: String,
    pipelines: Vec<Pipeline>,
    chosen: Option<PipelineId>,
    columns: Vec<Column>,
    now: DateTime<Utc>,
    /// The fiscal year whose closed deals the board shows.
    year: FiscalYear,
}

/// The board of the pipeline that `stage` is of, or of the one the person looked at last.
fn facts(tx: &mut Tx<'_>, person: Option<PersonId>, stage: Option<BoardStageId>) -> Result<Facts, DbError> {
    // First: what is committed after this look may be in the columns or not, and is told again.
    let known = live::lately(tx)?;
    let pipelines = pipelines::in_use(tx)?;
    let asked = match stage {
        Some(stage) => stages::list(tx)?.into_iter().find(|one| one.id == stage).map(|one| one.pipeline_id),
        None => None,
    };
    let asked = asked.filter(|id| pipelines.iter().any(|one| one.id == *id));
    let chosen = match asked {
        Some(asked) => Some(asked),
        None => pipelines::chosen(tx, person)?.map(|one| one.id),
    };
    let columns = match chosen {
        Some(pipeline) => deals::board(tx, pipeline, CARDS)?,
        None => Vec::new(),
    };
    let year = organizations::fiscal_year(tx)?;
    Ok(Facts { known, pipelines, chosen, columns, now: tx.now(), year })
}

async fn more(call: &Call, stage: BoardStageId, key: ColumnKey) -> Result<HttpResponse, Failure> {
    let (columns, cards, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let paging = Paging { after: Some(key), ..Paging::first(MORE) };
            let pipeline = stages::find(tx, stage)?.pipeline_id;
            Ok((stages::of_pipeline(tx, pipeline)?, deals::more(tx, stage, &paging)?, tx.now()))
        })
        .await?;
    let next = |key: &ColumnKey| format!("{}&after={}", column_path(stage), format::page_key(key));
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
