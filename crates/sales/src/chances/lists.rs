//! Reading what is known of deals: those that were decided, to count them, and those that are asked about.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text, Timestamptz};
use kernel::{BoardStageId, CompanyId, DealId, Yen};

use super::model::{Case, Features, Variable};
use crate::deals::DealStatus;
use crate::stages::{self, Stage, StageKind};

/// Over how many days back decided deals are counted: three years. How one sold before that says little of today.
const DAYS: i64 = 3 * 365;

/// From which amount in yen a deal counts as middling, large and very large.
const SIZES: [i64; 3] = [100_000, 500_000, 2_000_000];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: DealId,
    #[diesel(sql_type = BigInt)]
    company_id: CompanyId,
    #[diesel(sql_type = Text)]
    state: DealStatus,
    #[diesel(sql_type = Nullable<BigInt>)]
    stage_id: Option<BoardStageId>,
    #[diesel(sql_type = BigInt)]
    pipeline_id: i64,
    #[diesel(sql_type = SmallInt)]
    probability: i16,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = Nullable<Text>)]
    source: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    job_kind: Option<String>,
    #[diesel(sql_type = Text)]
    client: String,
}

/// A deal's stage is the one it stands in, or, where it is lost, the one it was lost in. A company has ordered before where
/// a deal of it was won earlier than this one was decided.
const SUBJECTS: &str = "WITH first_won AS ( \
         SELECT company_id, min(won_at) AS won_at FROM deals WHERE state = 'won' GROUP BY company_id) \
     SELECT d.id, d.company_id, d.state, CASE WHEN d.state = 'lost' THEN ( \
             SELECT e.from_stage_id FROM deal_events e WHERE e.deal_id = d.id AND e.kind = 'lost' \
             ORDER BY e.id DESC LIMIT 1) ELSE d.stage_id END AS stage_id, \
         s.pipeline_id, s.probability, d.amount, \
         (SELECT l.source FROM leads l WHERE l.deal_id = d.id ORDER BY l.id LIMIT 1) AS source, \
         (SELECT k.job_kind FROM deal_lines k WHERE k.deal_id = d.id ORDER BY k.position LIMIT 1) AS job_kind, \
         CASE WHEN f.won_at < COALESCE(d.won_at, d.lost_at, 'infinity') THEN 'returning' ELSE 'new' END AS client \
     FROM deals d JOIN stages s ON s.id = d.stage_id LEFT JOIN first_won f ON f.company_id = d.company_id WHERE ";

/// The size of an amount in a word; nothing where nobody has named one.
fn size(amount: Yen) -> Option<String> {
    let steps = SIZES.iter().filter(|from| amount.0 >= **from).count();
    let word = ["small", "middling", "large", "very_large"].get(steps)?;
    (amount > Yen::ZERO).then(|| (*word).to_owned())
}

impl Row {
    fn features(&self) -> Features {
        let known = [
            (Variable::Source, self.source.clone()),
            (Variable::JobKind, self.job_kind.clone()),
            (Variable::Client, Some(self.client.clone())),
            (Variable::Size, size(self.amount)),
        ];
        known.into_iter().filter_map(|(variable, value)| Some((variable, value?))).collect()
    }
}

/// Where each open stage stands among those of its pipeline, and how many these are.
struct Places(HashMap<BoardStageId, usize>, HashMap<i64, usize>);

impl Places {
    fn of(stages: &[Stage]) -> Self {
        let (mut places, mut counts) = (HashMap::new(), HashMap::new());
        for stage in stages.iter().filter(|stage| stage.kind == StageKind::Open) {
            let count: &mut usize = counts.entry(stage.pipeline_id.0).or_default();
            places.insert(stage.id, *count);
            *count += 1;
        }
        Self(places, counts)
    }

    fn stage(&self, id: Option<BoardStageId>) -> usize {
        id.and_then(|id| self.0.get(&id)).copied().unwrap_or_default()
    }
}

/// A deal that is asked about.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub(super) id: DealId,
    pub(super) state: DealStatus,
    pub(super) pipeline: i64,
    pub(super) stage: usize,
    pub(super) stage_percent: i16,
    pub(super) features: Features,
}

/// Every deal that was decided in the last three years. Orders that were entered directly are left out.
pub(super) fn cases(tx: &mut Tx<'_>) -> Result<Vec<Case>, DbError> {
    let places = Places::of(&stages::list(tx)?);
    let since = tx.now() - TimeDelta::days(DAYS);
    let decided = "d.state IN ('won', 'lost') AND d.moved_at >= $1 AND d.direct_source IS NULL";
    let rows: Vec<Row> =
        diesel::sql_query(format!("{SUBJECTS}{decided}")).bind::<Timestamptz, _>(since).load(tx.conn())?;
    let case = |row: Row| Case {
        pipeline: row.pipeline_id,
        stages: places.1.get(&row.pipeline_id).copied().unwrap_or(1),
        stage: places.stage(row.stage_id),
        features: row.features(),
        is_won: row.state == DealStatus::Won,
    };
    Ok(rows.into_iter().map(case).collect())
}

/// A deal that was decided, with what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) company: CompanyId,
    pub(crate) amount: Yen,
    pub(crate) is_won: bool,
    pub(crate) features: Features,
}

/// Every deal that was decided from one instant on and before another, in one pipeline or in all. Orders that were entered
/// directly are left out.
pub(crate) fn decided(
    tx: &mut Tx<'_>,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    pipeline: Option<i64>,
) -> Result<Vec<Decided>, DbError> {
    let within = "d.state IN ('won', 'lost') AND d.moved_at >= $1 AND d.moved_at < $2 \
         AND d.direct_source IS NULL AND ($3 IS NULL OR s.pipeline_id = $3)";
    let rows: Vec<Row> = diesel::sql_query(format!("{SUBJECTS}{within}"))
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(until)
        .bind::<Nullable<BigInt>, _>(pipeline)
        .load(tx.conn())?;
    let decided = |row: Row| Decided {
        company: row.company_id,
        amount: row.amount,
        is_won: row.state == DealStatus::Won,
        features: row.features(),
    };
    Ok(rows.into_iter().map(decided).collect())
}

/// These deals.
pub(super) fn subjects(tx: &mut Tx<'_>, ids: &[DealId]) -> Result<Vec<Subject>, DbError> {
    let places = Places::of(&stages::list(tx)?);
    let rows: Vec<Row> = diesel::sql_query(format!("{SUBJECTS}d.id = ANY ($1)"))
        .bind::<Array<BigInt>, _>(ids)
        .load(tx.conn())?;
    let subject = |row: Row| Subject {
        id: row.id,
        state: row.state,
        pipeline: row.pipeline_id,
        stage: places.stage(row.stage_id),
        stage_percent: row.probability,
        features: row.features(),
    };
    Ok(rows.into_iter().map(subject).collect())
}
