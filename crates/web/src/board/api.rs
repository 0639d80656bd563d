//! `/api/v1/stages` and `/api/v1/board`

use std::rc::Rc;

use kernel::{BoardStageId, Yen};
use sales::deals::{self, Card, CardKey};
use sales::stages::{self, Stage};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::{At, Listed, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// How many cards of each stage come with the board.
const CARDS: u16 = 20;

/// `GET /api/v1/stages`
pub(crate) async fn stages(call: Rc<Call>) -> Result<Listed<Stage>, Failure> {
    Ok(call.db(stages::list).await?.into())
}

/// The board from the left.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Board {
    /// One column for each stage.
    columns: Vec<BoardColumn>,
}

/// A stage of the board with its newest cards.
#[derive(Serialize, JsonSchema)]
struct BoardColumn {
    /// The stage.
    stage: Stage,
    /// How many deals stand in it, all counted; a closing stage counts this fiscal year's.
    count: i64,
    /// What they are worth before tax.
    sum: Yen,
    /// The first twenty of them, the newest moved first.
    cards: Vec<Card>,
    /// Ask for more cards with `GET /api/v1/board/{stage}?after=` this; null where all are here.
    next: Option<String>,
}

/// `GET /api/v1/board`
pub(crate) async fn board(call: Rc<Call>) -> Result<One<Board>, Failure> {
    let columns = call.db(|tx| deals::board(tx, CARDS)).await?;
    let columns = columns.into_iter().map(|column| BoardColumn {
        stage: column.stage,
        count: column.count,
        sum: column.sum,
        next: column.cards.next.as_ref().map(format::page_key),
        cards: column.cards.items,
    });
    Ok(One(Board { columns: columns.collect() }))
}

/// `GET /api/v1/board/{stage}`
pub(crate) async fn cards(
    call: Rc<Call>,
    At(stage): At<BoardStageId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Card>, Failure> {
    let paging = paged.paging::<CardKey>();
    Ok(call.db(move |tx| deals::more(tx, stage, &paging)).await?.into())
}
