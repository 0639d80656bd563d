//! Re-entrusted work (再委託): what a business has commissioned the town with, and the town passes on to its workers. Where
//! the terms say three things more, it is paid within thirty days of the day on which the original client (元委託者) pays the
//! town instead of sixty from receipt (Freelance Act art. 4 para. 3, domain.md 3.1).
//!
//! Invariant: nobody agrees to terms that change behind them: it is said before anybody has taken a unit
//! (`what_is_re_entrusted_is_said_before_anybody_takes_a_unit`).

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Checks, Invalid, OrderId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Order, OrderState};
use super::{OrderError, hold, progress};
use crate::jobs;
use crate::schema::orders;
use crate::terms;

/// Who has commissioned the town with the work, and when they pay for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReEntrusted {
    /// The original client's name; empty while it is not known.
    pub original_client: String,
    /// The day on which the original client pays the town; none while it is not known.
    pub original_pay_on: Option<NaiveDate>,
}

impl ReEntrusted {
    /// Whether something is missing without which nothing can be assigned.
    pub fn is_incomplete(&self) -> bool {
        self.original_client.is_empty() || self.original_pay_on.is_none()
    }
}

/// Whether an order is re-entrusted, as typed. What is not known yet may be left out, but nothing is assigned until it is
/// there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "re_entrusted": "yes", "original_client": "株式会社みほん", "original_pay_on": "2027-04-30" }]))]
pub struct ReEntrustInput {
    /// `yes` where the work is re-entrusted to workers and said to be so; the other fields count only then.
    pub re_entrusted: Typed,
    /// The original client's name, up to 200 characters.
    pub original_client: Typed,
    /// The day on which the original client pays the town.
    pub original_pay_on: Typed,
}

impl ReEntrustInput {
    fn checked(&self) -> Result<Option<ReEntrusted>, Invalid> {
        if !self.re_entrusted.is_yes() {
            return Ok(None);
        }
        let mut checks = Checks::new();
        let original_client = checks.line("original_client", &self.original_client, 200);
        let original_pay_on = checks.optional_date("original_pay_on", &self.original_pay_on);
        checks.done(Some(ReEntrusted { original_client, original_pay_on }))
    }
}

/// Says whether an order is re-entrusted, from whom, and when that one pays. Its jobs are paid by it from now on; once
/// somebody has taken a unit, their terms stand ([`OrderError::Arranged`]), whatever became of it: its work may still be paid.
pub fn re_entrust(tx: &mut Tx<'_>, id: OrderId, input: &ReEntrustInput) -> Result<Order, OrderError> {
    let order = hold(tx, id)?;
    if !matches!(order.state, OrderState::Draft | OrderState::Running) {
        return Err(OrderError::Over(order.state));
    }
    let what = input.checked()?;
    if what == order.re_entrusted {
        return Ok(order);
    }
    let held = jobs::hold_of_order(tx, id)?;
    if progress(tx, id)?.arranged() > 0 || terms::were_accepted(tx, &held)? {
        return Err(OrderError::Arranged);
    }
    let order = write(tx, &order, what)?;
    jobs::set_original_pay(tx, id, order.original_pay_on())?;
    Ok(order)
}

/// What an order that repeats another is known by from the start: the original client, and not yet when they pay this time.
pub(super) fn as_before(tx: &mut Tx<'_>, order: Order, before: &Order) -> Result<Order, DbError> {
    match &before.re_entrusted {
        None => Ok(order),
        Some(known) => write(tx, &order, Some(ReEntrusted { original_pay_on: None, ..known.clone() })),
    }
}

/// What an order that a partner town entrusts is known by from the start: that town, and when it pays.
pub(crate) fn re_entrusted_as(tx: &mut Tx<'_>, order: &Order, what: ReEntrusted) -> Result<Order, DbError> {
    write(tx, order, Some(what))
}

fn write(tx: &mut Tx<'_>, order: &Order, what: Option<ReEntrusted>) -> Result<Order, DbError> {
    let known = what.clone().unwrap_or(ReEntrusted { original_client: String::new(), original_pay_on: None });
    diesel::update(orders::table.filter(orders::id.eq(order.id)))
        .set((
            orders::re_entrusted.eq(what.is_some()),
            orders::original_client.eq(known.original_client),
            orders::original_pay_on.eq(known.original_pay_on),
            orders::version.eq(order.version + 1),
        ))
        .execute(tx.conn())?;
    super::find(tx, order.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::last_pay_day_re_entrusted;
    use crate::terms::TermsError;
    use crate::testing::Town;
    use kernel::{Code, Coded, Language};

    fn known(client: &str, pays: &str) -> ReEntrustInput {
        ReEntrustInput {
            re_entrusted: "yes".into(),
            original_client: client.into(),
            original_pay_on: pays.into(),
        }
    }

    #[test]
    fn what_is_re_entrusted_is_said_before_anybody_takes_a_unit() {
        let town = Town::new();
        let (aoki, worker) = town.worker("Aoki");
        let order = town.order(1000).id;
        let job = town.job(order, 10);
        let preview =
            |town: &Town| town.attempt(aoki, |tx| terms::preview(tx, job.id, worker, 1, Language::Ja));
        town.act(town.director, |tx| re_entrust(tx, order, &known("", "")));
        let refused = preview(&town).unwrap_err();
        let fields: Vec<&str> = refused.fields().iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(
            (refused.code(), fields),
            (Code::TermsIncomplete, vec!["original_client", "original_pay_on"])
        );
        assert!(matches!(refused, TermsError::Incomplete(_)));
        let pays = town.day(50);
        town.act(town.director, |tx| re_entrust(tx, order, &known("株式会社みほん", &pays.to_string())));
        let seen = preview(&town).unwrap();
        let last = last_pay_day_re_entrusted(pays);
        let job = town.act(town.director, |tx| jobs::find(tx, job.id));
        assert_eq!(job.original_pay_on, Some(pays));
        assert!(job.fixed_pay_on.is_some_and(|on| on <= last), "{:?} after {last}", job.fixed_pay_on);
        for item in ["再委託", "株式会社みほん", "元委託業務の対価の支払期日"] {
            assert!(seen.body.contains(item), "{item}: {}", seen.body);
        }
        let claimed = town.claims(aoki, job.id, 1);
        let kept = town.act(aoki, |tx| terms::find(tx, claimed.terms_notice));
        assert_eq!((&kept.body, kept.sha256), (&seen.body, seen.sha256), "frozen as it was shown");
        let late =
            town.attempt(town.director, |tx| re_entrust(tx, order, &known("株式会社べつ", ""))).unwrap_err();
        assert_eq!(late.code(), Code::WorkHeld);
        town.act(aoki, |tx| crate::claims::hand_back(tx, claimed.units[0]));
        let again =
            town.attempt(town.director, |tx| re_entrust(tx, order, &known("株式会社べつ", ""))).unwrap_err();
        assert_eq!(again.code(), Code::WorkHeld, "what was accepted stands whoever holds it");
    }

    #[test]
    fn re_entrusted_work_is_paid_on_its_own_day_and_late_work_as_any_other() {
        let town = Town::new();
        let (aoki, _) = town.worker("Aoki");
        let order = town.order_of(1000, 2).id;
        let job = town.job(order, 2);
        let pays = town.day(50);
        town.act(town.director, |tx| re_entrust(tx, order, &known("株式会社みほん", &pays.to_string())));
        let fixed = town.act(town.director, |tx| jobs::find(tx, job.id)).fixed_pay_on.unwrap();
        let units = town.finishes(aoki, job.id, 2);
        let earned = town.act(town.director, |tx| crate::earnings::of_unit(tx, units[0]));
        assert_eq!((earned.len(), earned[0].pay_on()), (1, fixed));
        let days = town.act(aoki, |tx| crate::earnings::days_from(tx, None)).0;
        assert_eq!(days.keys().copied().collect::<Vec<_>>(), [fixed]);
        let paid = town.act(town.director, |tx| crate::earnings::pay_days(tx, Some(town.day(0))));
        assert_eq!(paid.iter().map(|total| (total.on, total.amount.0)).collect::<Vec<_>>(), [(fixed, 800)]);
        let people = town.act(town.director, |tx| crate::earnings::paid_on(tx, fixed));
        assert_eq!(people.iter().map(|one| (one.person, one.amount.0)).collect::<Vec<_>>(), [(aoki, 800)]);
        let lines = town.act(aoki, |tx| crate::earnings::lines(tx, Some(fixed), &kernel::Paging::first(10)));
        assert_eq!(lines.items.len(), 2);
        let late = town.act(town.director, |tx| jobs::find(tx, job.id)).paid_on(fixed);
        assert!(late > fixed && late <= jobs::last_pay_day(fixed), "{late}");
    }
}
