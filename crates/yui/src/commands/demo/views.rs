//! What the demo town's salespeople look at every morning: two views of the town's and one of somebody's own; and a change
//! to many deals that was taken back.

use db::DbError;
use kernel::Paging;
use sales::bulk_edits::{self, BulkEditError, BulkEditInput};
use sales::deals::{self, DealFilter, DealStatus};
use sales::views::{self, RowInput, ViewInput};

use super::stage::Stage;
use crate::Stop;

/// How many deals the change was about.
const MANY: u16 = 3;

/// Keeps them; the day is the one the play ended on.
pub(super) fn keep(stage: &Stage) -> Result<(), Stop> {
    let (seller, other) = (stage.who("sales")?, stage.who("sales2")?);
    stage.act(seller, |tx| views::create(tx, &this_week()))?;
    stage.act(other, |tx| views::create(tx, &large_or_late()))?;
    stage.act(seller, |tx| views::create(tx, &without_a_number()))?;
    let open = DealFilter { state: Some(DealStatus::Open), owner: Some(seller), ..DealFilter::default() };
    let cards = stage.act(seller, |tx| -> Result<_, DbError> {
        Ok(deals::list(tx, &open, &Paging::first(MANY))?.items)
    })?;
    let input = BulkEditInput {
        kind: "deals".into(),
        field: "owner".into(),
        value: other.to_string().into(),
        ids: cards.iter().map(|card| card.id.to_string().into()).collect(),
        ..BulkEditInput::default()
    };
    stage.act(seller, |tx| -> Result<_, BulkEditError> {
        let edit = bulk_edits::begin(tx, &input)?;
        bulk_edits::apply(tx, edit.id)?;
        bulk_edits::undo(tx, edit.id)
    })?;
    Ok(())
}

fn row(depth: u8, field: &str, operator: &str, values: &[&str]) -> RowInput {
    RowInput {
        depth: depth.to_string().into(),
        field: field.into(),
        operator: operator.into(),
        values: values.iter().map(|value| (*value).into()).collect(),
        ..RowInput::default()
    }
}

fn any(depth: u8) -> RowInput {
    RowInput { depth: depth.to_string().into(), joined: "any".into(), ..RowInput::default() }
}

fn this_week() -> ViewInput {
    ViewInput {
        kind: "deals".into(),
        name: "7日以内に動かす商談".into(),
        is_shared: "yes".into(),
        sort: "next_action".into(),
        columns: ["company", "owner", "next_action", "next_action_on", "amount"].map(Into::into).to_vec(),
        rows: vec![row(1, "state", "among", &["open"]), row(1, "next_action_on", "within", &["7"])],
        ..ViewInput::default()
    }
}

fn large_or_late() -> ViewInput {
    ViewInput {
        kind: "deals".into(),
        name: "大きいか、止まっている商談".into(),
        is_shared: "yes".into(),
        sort: "amount".into(),
        rows: vec![
            row(1, "state", "among", &["open"]),
            any(1),
            row(2, "amount", "at_least", &["100000"]),
            row(2, "moved_at", "older", &["30"]),
        ],
        ..ViewInput::default()
    }
}

fn without_a_number() -> ViewInput {
    ViewInput {
        kind: "companies".into(),
        name: "電話番号のない企業".into(),
        rows: vec![row(1, "phone", "empty", &[])],
        ..ViewInput::default()
    }
}
