//! `/api/v1/board`

use std::rc::Rc;

use kernel::{BoardStageId, Yen};
use sales::deals::{self, Card, ColumnKey};
use sales::pipelines::{self, PipelineId};
use sales::stages::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{At, Chosen, Listed, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// How many cards of each stage come with the board.
const CARDS: u16 = 20;

/// The board from the left.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Board {
    /// One column for each stage.
    columns: Vec<BoardColumn>,
}

/// A stage of the board with its first cards.
#[derive(Serialize, JsonSchema)]
struct BoardColumn {
    /// The stage.
    stage: Stage,
    /// How many deals stand in it, all counted; a closing stage counts this fiscal year's.
    count: i64,
    /// What they are worth before tax.
    sum: Yen,
    /// The first twenty of them: in the order people put them in, or, of a closing stage, the newest first.
    cards: Vec<Card>,
    /// Ask for more cards with `GET /api/v1/board/{stage}?after=` this; null where all are here.
    next: Option<String>,
}

/// Which board.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct BoardQuery {
    /// The pipeline; the town’s first where none is named.
    pipeline: Chosen<PipelineId>,
}

/// `GET /api/v1/board`
pub(crate) async fn board(call: Rc<Call>, Query(query): Query<BoardQuery>) -> Result<One<Board>, Failure> {
    let columns = call
        .db(move |tx| -> Result<_, db::DbError> {
            let pipeline = match query.pipeline.0 {
                Some(id) => Some(pipelines::find(tx, id)?),
                None => pipelines::chosen(tx, None)?,
            };
            match pipeline {
                Some(pipeline) => deals::board(tx, pipeline.id, CARDS),
                None => Ok(Vec::new()),
            }
        })
        .await?;
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
    let paging = paged.paging::<ColumnKey>()?;
    Ok(call.db(move |tx| deals::more(tx, stage, &paging)).await?.into())
}
