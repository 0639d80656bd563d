//! Reading what analyses are made from.

use std::collections::HashMap;

use clients::{companies, tags};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz};
use kernel::{BoardStageId, CompanyId, Span, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{
    Decided, Dimension, Lost, Outcome, Rate, Share, Step, Stood, Walked, funnel, rates, shares,
};
use crate::chances::{self, Variable};
use crate::deals::{DealStatus, LostReason};
use crate::pipelines::{self, PipelineId};
use crate::stages::{self, Stage, StageKind};

/// A pipeline's funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SellingFunnel")]
pub struct Funnel {
    /// The pipeline.
    pub pipeline_id: PipelineId,
    /// Its name.
    pub pipeline: String,
    /// How many deals were entered in these days.
    pub entered: i64,
    /// How many of them are won.
    pub won: i64,
    /// Its open stages from the left.
    pub steps: Vec<Step>,
}

/// How selling went within some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SellingAnalyses")]
pub struct Analyses {
    /// The days.
    pub span: Span,
    /// The only pipeline that is looked at; every one where null.
    pub pipeline_id: Option<PipelineId>,
    /// How the deals ended that were decided in these days. Orders that were entered directly are left out: nobody could
    /// have lost them.
    pub outcome: Outcome,
    /// The same deals by each thing that is known of them.
    pub rates: Vec<Rate>,
    /// Each pipeline’s way, of the deals that were entered in these days; pipelines without any are left out.
    pub funnels: Vec<Funnel>,
    /// Why deals were lost in these days, the most frequent reason first.
    pub lost: Vec<Lost>,
    /// What clients ordered in these days, the largest first; directly entered orders count here.
    pub clients: Vec<Share>,
}

/// How selling went within `span`, in one pipeline or in all.
pub fn see(tx: &mut Tx<'_>, span: Span, pipeline: Option<PipelineId>) -> Result<Analyses, DbError> {
    let (outcome, rates) = rates(&decided(tx, span, pipeline)?);
    Ok(Analyses {
        span,
        pipeline_id: pipeline,
        outcome,
        rates,
        funnels: funnels(tx, span, pipeline)?,
        lost: lost(tx, span, pipeline)?,
        clients: top_clients(tx, span, pipeline)?,
    })
}

fn dimension(variable: Variable) -> Dimension {
    match variable {
        Variable::Source => Dimension::Source,
        Variable::JobKind => Dimension::JobKind,
        Variable::Client => Dimension::Client,
        Variable::Size => Dimension::Size,
    }
}

fn decided(tx: &mut Tx<'_>, span: Span, pipeline: Option<PipelineId>) -> Result<Vec<Decided>, DbError> {
    let cases = chances::decided(tx, span.instants(), pipeline.map(|id| id.0))?;
    let companies: Vec<CompanyId> = cases.iter().map(|case| case.company).collect();
    let classes = tags::of_companies(tx, &companies)?;
    let read = |case: chances::Decided| {
        let known = case.features.into_iter().map(|(variable, value)| (dimension(variable), value));
        let tags = classes.get(&case.company).into_iter().flatten();
        let values = known.chain(tags.map(|tag| (Dimension::ClientClass, tag.name.clone())));
        Decided { amount: case.amount, is_won: case.is_won, values: values.collect() }
    };
    Ok(cases.into_iter().map(read).collect())
}

/// The deals that were entered within some days and that somebody had to win, each of the pipeline it stands in.
const ENTERED: &str = "WITH entered AS (\
     SELECT d.id, d.state, s.pipeline_id FROM deals d JOIN stages s ON s.id = d.stage_id \
     WHERE d.created_at >= $1 AND d.created_at < $2 AND d.direct_source IS NULL AND ($3 IS NULL OR s.pipeline_id = $3))";

#[derive(QueryableByName)]
struct WalkedRow {
    #[diesel(sql_type = BigInt)]
    pipeline_id: PipelineId,
    #[diesel(sql_type = Text)]
    state: DealStatus,
    #[diesel(sql_type = Nullable<SmallInt>)]
    furthest: Option<i16>,
    #[diesel(sql_type = BigInt)]
    deals: i64,
}

/// How many of them came how far in the open stages of their pipeline, by what has become of them.
fn walked(
    tx: &mut Tx<'_>,
    span: Span,
    pipeline: Option<PipelineId>,
) -> Result<HashMap<PipelineId, Vec<Walked>>, DbError> {
    let (from, until) = span.instants();
    let rows: Vec<WalkedRow> = diesel::sql_query(format!(
        "{ENTERED}, came AS (SELECT n.id, n.state, n.pipeline_id, max(o.position) AS furthest FROM entered n \
             LEFT JOIN deal_events e ON e.deal_id = n.id \
             LEFT JOIN stages o ON o.id = e.to_stage_id AND o.pipeline_id = n.pipeline_id AND o.kind = 'open' \
                 AND o.removed_at IS NULL \
             GROUP BY n.id, n.state, n.pipeline_id) \
         SELECT pipeline_id, state, furthest, count(*) AS deals FROM came GROUP BY pipeline_id, state, furthest",
    ))
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(until)
    .bind::<Nullable<BigInt>, _>(pipeline)
    .load(tx.conn())?;
    let mut found: HashMap<PipelineId, Vec<Walked>> = HashMap::new();
    for WalkedRow { pipeline_id, state, furthest, deals } in rows {
        found.entry(pipeline_id).or_default().push(Walked { state, furthest, deals });
    }
    Ok(found)
}

#[derive(QueryableByName)]
struct StoodRow {
    #[diesel(sql_type = BigInt)]
    stage_id: BoardStageId,
    #[diesel(sql_type = BigInt)]
    stays: i64,
    #[diesel(sql_type = BigInt)]
    days: i64,
}

/// How often and how long they stood in the stages of their pipeline, as `deals::stays` says it of one deal; times that are
/// over.
fn stood(
    tx: &mut Tx<'_>,
    span: Span,
    pipeline: Option<PipelineId>,
) -> Result<HashMap<BoardStageId, Stood>, DbError> {
    let (from, until) = span.instants();
    let rows: Vec<StoodRow> = diesel::sql_query(format!(
        "{ENTERED}, told AS (SELECT n.pipeline_id, e.to_stage_id, e.kind, e.happened_at, \
             lead(e.happened_at) OVER (PARTITION BY e.deal_id ORDER BY e.id) AS ended \
             FROM entered n JOIN deal_events e ON e.deal_id = n.id WHERE e.kind <> 'revalued') \
         SELECT t.to_stage_id AS stage_id, count(*) AS stays, \
             sum(GREATEST(floor(extract(epoch FROM t.ended - t.happened_at) / 86400), 0))::bigint AS days \
         FROM told t JOIN stages o ON o.id = t.to_stage_id AND o.pipeline_id = t.pipeline_id \
         WHERE t.kind IN ('opened', 'moved', 'reopened') AND t.ended IS NOT NULL GROUP BY t.to_stage_id",
    ))
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(until)
    .bind::<Nullable<BigInt>, _>(pipeline)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.stage_id, Stood { stays: row.stays, days: row.days })).collect())
}

fn funnels(tx: &mut Tx<'_>, span: Span, pipeline: Option<PipelineId>) -> Result<Vec<Funnel>, DbError> {
    let mut walked = walked(tx, span, pipeline)?;
    let (known, stood) = (stages::list(tx)?, stood(tx, span, pipeline)?);
    let mut funnels = Vec::new();
    for pipeline in pipelines::list(tx)? {
        let Some(deals) = walked.remove(&pipeline.id) else { continue };
        let own = known.iter().filter(|stage| stage.pipeline_id == pipeline.id);
        let open: Vec<&Stage> = own.filter(|stage| stage.kind == StageKind::Open).collect();
        let won = deals.iter().filter(|some| some.state == DealStatus::Won);
        funnels.push(Funnel {
            pipeline_id: pipeline.id,
            pipeline: pipeline.name,
            entered: deals.iter().map(|some| some.deals).sum(),
            won: won.map(|some| some.deals).sum(),
            steps: funnel(&open, &deals, &stood),
        });
    }
    Ok(funnels)
}

#[derive(QueryableByName)]
struct LostRow {
    #[diesel(sql_type = Text)]
    reason: LostReason,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

fn lost(tx: &mut Tx<'_>, span: Span, pipeline: Option<PipelineId>) -> Result<Vec<Lost>, DbError> {
    let (from, until) = span.instants();
    let rows: Vec<LostRow> = diesel::sql_query(
        "SELECT d.lost_reason AS reason, count(*) AS count, sum(d.amount)::bigint AS amount FROM deals d \
         JOIN stages s ON s.id = d.stage_id WHERE d.state = 'lost' AND d.moved_at >= $1 AND d.moved_at < $2 \
             AND ($3 IS NULL OR s.pipeline_id = $3) \
         GROUP BY d.lost_reason ORDER BY count(*) DESC, d.lost_reason",
    )
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(until)
    .bind::<Nullable<BigInt>, _>(pipeline)
    .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|row| Lost { reason: row.reason, count: row.count, amount: row.amount })
        .collect())
}

#[derive(QueryableByName)]
struct OrderedRow {
    #[diesel(sql_type = BigInt)]
    company_id: CompanyId,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

fn top_clients(tx: &mut Tx<'_>, span: Span, pipeline: Option<PipelineId>) -> Result<Vec<Share>, DbError> {
    let (from, until) = span.instants();
    let rows: Vec<OrderedRow> = diesel::sql_query(
        "SELECT d.company_id, sum(d.amount)::bigint AS amount FROM deals d JOIN stages s ON s.id = d.stage_id \
         WHERE d.state = 'won' AND d.moved_at >= $1 AND d.moved_at < $2 AND ($3 IS NULL OR s.pipeline_id = $3) \
         GROUP BY d.company_id",
    )
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(until)
    .bind::<Nullable<BigInt>, _>(pipeline)
    .load(tx.conn())?;
    let ids: Vec<CompanyId> = rows.iter().map(|row| row.company_id).collect();
    let mut names = companies::names(tx, &ids)?;
    let share_of = |row: OrderedRow| {
        let name = names.remove(&row.company_id).unwrap_or_default();
        (row.company_id, name, row.amount)
    };
    Ok(shares(rows.into_iter().map(share_of).collect()))
}
