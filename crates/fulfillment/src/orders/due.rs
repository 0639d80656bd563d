//! Moving the day an order is due: agreed with the client, by whom, when and from which day, kept for ever.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Checks, Code, Invalid, OrderId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Order, OrderState};
use super::{OrderError, find, hold};
use crate::promises;
use crate::schema::{order_due_moves, orders};

/// Another day for an order, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "due_on": "2027-03-31", "agreement": "11月26日、電話で山田様と合意" }]))]
pub struct MoveDueInput {
    /// The new day; required, another one than now and not in the past.
    pub due_on: Typed,
    /// With whom and when it was agreed; required.
    pub agreement: Typed,
}

impl MoveDueInput {
    fn checked(&self, today: NaiveDate, now_due_on: NaiveDate) -> Result<(NaiveDate, String), Invalid> {
        let mut checks = Checks::new();
        let due_on = checks.date("due_on", &self.due_on);
        if due_on != NaiveDate::default() {
            if due_on < today {
                checks.problem("due_on", Code::InThePast);
            } else if due_on == now_due_on {
                checks.problem("due_on", Code::SameDay);
            }
        }
        let agreement = checks.required_lines("agreement", &self.agreement, 2000);
        checks.done((due_on, agreement))
    }
}

/// One move of an order's day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = order_due_moves)]
pub struct DueMove {
    /// The day before.
    pub from_day: NaiveDate,
    /// The day after.
    pub to_day: NaiveDate,
    /// With whom and when it was agreed.
    pub agreement: String,
    /// Who moved it.
    pub moved_by: PersonId,
    /// When.
    pub moved_at: DateTime<Utc>,
}

/// Moves the day of an order that is not over, as agreed with its client. Its jobs keep theirs: who holds units is asked
/// by [`crate::jobs::extend`]. How likely it is kept is reckoned anew.
pub fn move_due(tx: &mut Tx<'_>, id: OrderId, input: MoveDueInput) -> Result<Order, OrderError> {
    let by = crate::acting_person(tx)?;
    let order = hold(tx, id)?;
    if !matches!(order.state, OrderState::Draft | OrderState::Running) {
        return Err(OrderError::Over(order.state));
    }
    let (due_on, agreement) = input.checked(crate::today(tx), order.due_on)?;
    let now = tx.now();
    diesel::insert_into(order_due_moves::table)
        .values((
            order_due_moves::order_id.eq(id),
            order_due_moves::from_day.eq(order.due_on),
            order_due_moves::to_day.eq(due_on),
            order_due_moves::agreement.eq(agreement),
            order_due_moves::moved_by.eq(by),
            order_due_moves::moved_at.eq(now),
        ))
        .execute(tx.conn())
        .map_err(DbError::from)?;
    diesel::update(orders::table.filter(orders::id.eq(id)))
        .set((orders::due_on.eq(due_on), orders::version.eq(order.version + 1)))
        .execute(tx.conn())
        .map_err(DbError::from)?;
    promises::reckon_for_moved_day(tx)?;
    Ok(find(tx, id)?)
}

/// How an order's day was moved, the newest first, twenty at most.
pub fn due_moves(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<DueMove>, DbError> {
    Ok(order_due_moves::table
        .filter(order_due_moves::order_id.eq(order))
        .order(order_due_moves::id.desc())
        .limit(20)
        .select(DueMove::as_select())
        .load(tx.conn())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Town, called_off};
    use kernel::Coded;

    fn to(day: NaiveDate) -> MoveDueInput {
        MoveDueInput { due_on: day.to_string().into(), agreement: "電話で山田様と合意".into() }
    }

    #[test]
    fn an_orders_day_moves_by_agreement_and_the_day_before_stays_known() {
        let town = Town::new();
        let order = town.order(1000);
        let moved = town.act(town.director, |tx| move_due(tx, order.id, to(town.day(70))));
        assert_eq!((moved.due_on, moved.version), (town.day(70), order.version + 1));
        let kept = town.act(town.director, |tx| due_moves(tx, order.id));
        assert_eq!((kept.len(), kept[0].from_day, kept[0].to_day), (1, order.due_on, town.day(70)));
        assert_eq!((kept[0].moved_by, kept[0].agreement.as_str()), (town.director, "電話で山田様と合意"));
        let problem = |input: MoveDueInput| {
            let refused = town.attempt(town.director, |tx| move_due(tx, order.id, input)).unwrap_err();
            (refused.fields()[0].field.clone(), refused.fields()[0].code)
        };
        assert_eq!(problem(to(town.day(70))), ("due_on".to_owned(), Code::SameDay));
        assert_eq!(problem(to(town.day(0).pred_opt().unwrap())), ("due_on".to_owned(), Code::InThePast));
        let unagreed = MoveDueInput { agreement: " ".into(), ..to(town.day(80)) };
        assert_eq!(problem(unagreed), ("agreement".to_owned(), Code::Required));
        town.act(town.director, |tx| super::super::cancel(tx, order.id, called_off("client", "0")));
        let ended = town.attempt(town.director, |tx| move_due(tx, order.id, to(town.day(80)))).unwrap_err();
        assert_eq!(ended.code(), Code::Conflict);
    }
}
