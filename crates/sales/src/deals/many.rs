//! Many deals at once, for imports: found by what they may be recognised by, opened by the rules of one
//! (`many_are_opened_by_the_rules_of_one`), taken back while nobody has touched them.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use kernel::{BoardStageId, Code, CompanyId, ContactId, DealId, Invalid, PersonId, date_in_japan};

use super::DealError;
use super::model::{Deal, DealFields, DealInput};
use super::moves::Place;
use super::places;
use super::rank::Rank;
use super::store::{self, DealRow};
use crate::pipelines::{self, PipelineId};
use crate::schema::deals;
use crate::stages::{self, Stage, StageKind};

impl From<DealFields> for DealInput {
    fn from(fields: DealFields) -> Self {
        Self {
            title: fields.title.into(),
            company_id: fields.company_id.to_string().into(),
            contact_id: fields.contact_id.map(|id| id.to_string()).unwrap_or_default().into(),
            amount: fields.amount.0.to_string().into(),
            expected_close_on: fields.expected_close_on.map(|on| on.to_string()).unwrap_or_default().into(),
            next_action: fields.next.next_action.into(),
            next_action_on: fields.next.next_action_on.to_string().into(),
            owner_id: fields.owner_id.to_string().into(),
            pipeline_id: fields.pipeline_id.map(|id| id.to_string()).unwrap_or_default().into(),
        }
    }
}

impl DealInput {
    /// The input as it would be stored: what two spellings of it share. `owner` and `earliest` as for
    /// [`checked`](Self::checked); a new deal also has what its `stage` asks for.
    pub(crate) fn settled(
        &self,
        owner: Option<PersonId>,
        earliest: Option<NaiveDate>,
        stage: Option<&Stage>,
    ) -> Result<Self, Invalid> {
        let fields = self.checked(owner, earliest)?;
        let missing = stage.map(|stage| fields.missing_for(stage)).unwrap_or_default();
        if missing.is_empty() { Ok(fields.into()) } else { Err(Invalid(missing)) }
    }
}

/// Those of `ids` that this town has.
pub fn find_many(tx: &mut Tx<'_>, ids: &[DealId]) -> Result<Vec<Deal>, DbError> {
    let rows: Vec<DealRow> =
        deals::table.filter(deals::id.eq_any(ids)).select(DealRow::as_select()).load(tx.conn())?;
    rows.into_iter().map(DealRow::read).collect()
}

/// Deals of a company whose titles fold to the one beside it ([`kernel::text::search_key`]); of each pair at most `most`.
pub(crate) fn of_titles(
    tx: &mut Tx<'_>,
    titles: &[(CompanyId, String)],
    most: i64,
) -> Result<Vec<Deal>, DbError> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        id: DealId,
    }
    let pairs: BTreeSet<&(CompanyId, String)> = titles.iter().collect();
    let (companies, keys): (Vec<CompanyId>, Vec<&str>) =
        pairs.into_iter().map(|(company, key)| (*company, key.as_str())).unzip();
    let found: Vec<Found> = diesel::sql_query(
        "SELECT titled.id FROM unnest($1, $2) AS asked (company, key) CROSS JOIN LATERAL ( \
             SELECT d.id FROM deals d WHERE d.company_id = asked.company AND d.title_key = asked.key \
             ORDER BY d.id LIMIT $3) titled",
    )
    .bind::<Array<BigInt>, _>(companies)
    .bind::<Array<Text>, _>(keys)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    find_many(tx, &found.into_iter().map(|one| one.id).collect::<Vec<_>>())
}

/// Opens all of `inputs` in the stages they name, in a handful of statements and in their order. The first that cannot
/// be accepted refuses them all.
pub(crate) fn open_many(
    tx: &mut Tx<'_>,
    inputs: &[(BoardStageId, DealInput)],
) -> Result<Vec<Deal>, DealError> {
    let (person, today, stages) = (tx.actor().person(), date_in_japan(tx.now()), stages::list(tx)?);
    let mut all: Vec<(BoardStageId, DealFields)> = Vec::with_capacity(inputs.len());
    for (stage, input) in inputs {
        let Some(stage) = stages.iter().find(|one| one.id == *stage) else {
            return Err(Invalid::field("stage", Code::UnknownChoice).into());
        };
        if stage.kind != StageKind::Open {
            return Err(DealError::ClosingStage(stage.kind));
        }
        let fields = input.checked(person, Some(today))?;
        let missing = fields.missing_for(stage);
        if !missing.is_empty() {
            return Err(DealError::StageRequirement(Invalid(missing)));
        }
        all.push((stage.id, fields));
    }
    are_in_use(tx, &all, &stages)?;
    for stage in all.iter().map(|(stage, _)| *stage).collect::<BTreeSet<_>>() {
        if !stages::keep(tx, stage)? {
            return Err(Invalid::field("stage", Code::UnknownChoice).into());
        }
    }
    contacts_are_theirs(tx, &all)?;
    let placed = on_top(tx, all)?;
    let opened = store::insert_many(tx, &placed)?;
    store::append_opened(tx, &opened)?;
    Ok(opened)
}

/// The pipelines of all of them are in use, and stay so until they are opened.
fn are_in_use(
    tx: &mut Tx<'_>,
    all: &[(BoardStageId, DealFields)],
    stages: &[Stage],
) -> Result<(), DealError> {
    let named: BTreeSet<BoardStageId> = all.iter().map(|(stage, _)| *stage).collect();
    let pipelines: BTreeSet<PipelineId> =
        stages.iter().filter(|stage| named.contains(&stage.id)).map(|stage| stage.pipeline_id).collect();
    // In the order of their ids, as whoever archives one holds them.
    for pipeline in pipelines {
        if !pipelines::keep_in_use(tx, pipeline)? {
            return Err(Invalid::field("stage", Code::UnknownChoice).into());
        }
    }
    Ok(())
}

/// Each card comes in on top of those before it, as if they were opened one by one.
fn on_top(
    tx: &mut Tx<'_>,
    all: Vec<(BoardStageId, DealFields)>,
) -> Result<Vec<(BoardStageId, DealFields, Rank)>, DbError> {
    let mut tops: HashMap<BoardStageId, Rank> = HashMap::new();
    let mut placed = Vec::with_capacity(all.len());
    for (stage, fields) in all {
        let rank = match tops.get(&stage).and_then(|top| Rank::between(None, Some(*top))) {
            Some(rank) => rank,
            None => places::rank_at(tx, stage, None, Place::Top)?,
        };
        tops.insert(stage, rank);
        placed.push((stage, fields, rank));
    }
    Ok(placed)
}

/// Each deal's contact is a person of its company.
pub(super) fn contacts_are_theirs(
    tx: &mut Tx<'_>,
    all: &[(BoardStageId, DealFields)],
) -> Result<(), DealError> {
    let ids: Vec<ContactId> = all.iter().filter_map(|(_, fields)| fields.contact_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let found = clients::contacts::find_many(tx, &ids)?;
    let homes: HashMap<ContactId, CompanyId> =
        found.into_iter().map(|contact| (contact.id, contact.company_id)).collect();
    let is_theirs = |fields: &DealFields| {
        fields.contact_id.is_none_or(|contact| homes.get(&contact) == Some(&fields.company_id))
    };
    if all.iter().all(|(_, fields)| is_theirs(fields)) {
        Ok(())
    } else {
        Err(Invalid::field("contact_id", Code::UnknownChoice).into())
    }
}

/// Removes those of `ids` that are as they were opened, each with the one line of its history; gives back which. One that
/// something refers to refuses them all ([`DbError::is_still_referenced`]).
pub(crate) fn take_back(tx: &mut Tx<'_>, ids: &[DealId]) -> Result<Vec<DealId>, DbError> {
    #[derive(QueryableByName)]
    struct Gone {
        #[diesel(sql_type = BigInt)]
        id: DealId,
    }
    let gone: Vec<Gone> = diesel::sql_query("SELECT take_back_deals($1) AS id")
        .bind::<Array<BigInt>, _>(ids)
        .load(tx.conn())?;
    Ok(gone.into_iter().map(|deal| deal.id).collect())
}
