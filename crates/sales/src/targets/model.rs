//! What a target is, and what may be set for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use clients::tags::TagId;
use kernel::{Checks, Code, FiscalYear, Invalid, Period, PersonId, Span, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::optional_choice;

kernel::id!(
    /// One version of a fiscal year's targets (目標の版).
    PlanId
);

kernel::id!(
    /// One target (目標) of a version.
    TargetId
);

kernel::text_enum!(
    /// What is counted.
    Metric {
        /// Orders in yen before tax: deals by the day in Japan they were won on, those entered directly too.
        OrdersYen = "orders_yen",
        /// Companies that ordered for the first time.
        NewClients = "new_clients",
        /// Calls, for deals, companies and leads.
        Calls = "calls",
        /// Visits to them.
        Visits = "visits",
        /// The share of accepted amounts that no other body re-entrusted to the town, in whole percent.
        OwnShare = "own_share",
        /// Workers in the programme on the period's last day, or today.
        ActiveWorkers = "active_workers",
        /// What is paid to resident workers on the period's pay days, in yen.
        PaidToResidents = "paid_to_residents",
    }
);

/// In what a metric is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Yen.
    Yen,
    /// Companies, calls, people.
    Count,
    /// Whole percent.
    Percent,
}

impl Metric {
    /// In what it is counted.
    pub const fn unit(self) -> Unit {
        match self {
            Self::OrdersYen | Self::PaidToResidents => Unit::Yen,
            Self::OwnShare => Unit::Percent,
            Self::NewClients | Self::Calls | Self::Visits | Self::ActiveWorkers => Unit::Count,
        }
    }

    /// Whether it grows with the days of a period, so that parts of the period add up to it and a pace can be said.
    pub const fn adds_up(self) -> bool {
        !matches!(self, Self::OwnShare | Self::ActiveWorkers)
    }

    /// Whether the sales team's own records say it; the others come from other owners' and are brought by the caller.
    pub const fn is_of_sales(self) -> bool {
        matches!(self, Self::OrdersYen | Self::NewClients | Self::Calls | Self::Visits)
    }

    /// The largest target.
    const fn most(self) -> i64 {
        match self.unit() {
            Unit::Yen => Yen::MOST.0,
            Unit::Count => 1_000_000,
            Unit::Percent => 100,
        }
    }
}

kernel::text_enum!(
    /// Of whom or of what something is counted.
    #[schemars(rename = "TargetScope")]
    Scope {
        /// Everything.
        Town = "town",
        /// What the salespeople of today did.
        Team = "team",
        /// What one person did.
        Person = "person",
        /// What was done with companies of one tag.
        ClientClass = "client_class",
    }
);

/// One version of a fiscal year's targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TargetPlan")]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The year.
    pub fiscal_year: FiscalYear,
    /// 1, 2, 3 within the year.
    pub number: i32,
    /// The first day of the year.
    pub starts_on: NaiveDate,
    /// Why it was made.
    pub reason: String,
    /// Who made it.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was closed; while that is null its targets may be changed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who closed it.
    pub closed_by: Option<PersonId>,
}

impl Plan {
    /// The days of one of its periods.
    pub fn span(&self, period: Period) -> Span {
        period.span(self.starts_on)
    }
}

/// The version that holds: the newest that was closed, or the first one while none is.
pub fn in_force(plans: &[Plan]) -> Option<&Plan> {
    let newest = |plans: Vec<&Plan>| plans.into_iter().max_by_key(|plan| plan.number).map(|plan| plan.id);
    let closed = newest(plans.iter().filter(|plan| plan.closed_at.is_some()).collect());
    let id = closed.or_else(|| newest(plans.iter().collect()))?;
    plans.iter().find(|plan| plan.id == id)
}

/// One target of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// The version it is of.
    pub plan_id: PlanId,
    /// What is counted.
    pub metric: Metric,
    /// Of whom.
    pub scope: Scope,
    /// Whose, where it is a person's.
    pub person_id: Option<PersonId>,
    /// The tag that makes the class, where it is a class's.
    pub tag_id: Option<TagId>,
    /// That tag's name when the target was set.
    pub tag_name: Option<String>,
    /// In which part of the year.
    pub period: Period,
    /// Yen, a count or percent, as the metric is counted.
    pub value: i64,
    /// A person's target above the team's was meant so.
    pub is_above_meant: bool,
    /// Why it is what it is.
    pub reason: String,
    /// Who set it.
    pub set_by: PersonId,
    /// When.
    pub set_at: DateTime<Utc>,
}

/// What a target is about, whatever its value.
pub type About = (Metric, Scope, Option<PersonId>, Option<TagId>, Period);

impl Target {
    /// What it is about.
    pub fn about(&self) -> About {
        (self.metric, self.scope, self.person_id, self.tag_id, self.period)
    }
}

/// A next version as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TargetPlanInput", extend("examples" = [{ "fiscal_year": 2026, "reason": "上期の結果を受けて見直す" }]))]
pub struct PlanInput {
    /// The year, by the calendar year of its first day; required.
    pub fiscal_year: Typed,
    /// Why; required.
    pub reason: Typed,
}

impl PlanInput {
    pub(super) fn checked(&self) -> Result<(FiscalYear, String), Invalid> {
        let mut checks = Checks::new();
        let year = checks.number("fiscal_year", &self.fiscal_year, 1900..=2999);
        let reason = checks.required_line("reason", &self.reason, 1000);
        checks.done((FiscalYear(i32::try_from(year).unwrap_or_default()), reason))
    }
}

/// A target as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "metric": "orders_yen", "scope": "town", "period": "year", "value": 19100000, "reason": "昨年度と同じ水準を守る" }]))]
pub struct TargetInput {
    /// What is counted; required.
    #[schemars(with = "Option<Metric>")]
    pub metric: Typed,
    /// Of whom; required.
    #[schemars(with = "Option<Scope>")]
    pub scope: Typed,
    /// Whose; required for a person's.
    pub person_id: Typed,
    /// A company tag; required for a class's.
    pub tag_id: Typed,
    /// In which part of the year; required.
    #[schemars(with = "Option<Period>")]
    pub period: Typed,
    /// Yen, a count or whole percent; required.
    pub value: Typed,
    /// Why; required.
    pub reason: Typed,
    /// `yes` where a person's target may be above the team's.
    pub above_is_meant: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TargetFields {
    pub(super) metric: Metric,
    pub(super) scope: Scope,
    pub(super) person_id: Option<PersonId>,
    pub(super) tag_id: Option<TagId>,
    pub(super) period: Period,
    pub(super) value: i64,
    pub(super) reason: String,
    pub(super) is_above_meant: bool,
}

impl TargetInput {
    pub(super) fn checked(&self) -> Result<TargetFields, Invalid> {
        let mut checks = Checks::new();
        let metric: Option<Metric> = checks.choice("metric", &self.metric);
        let scope: Option<Scope> = checks.choice("scope", &self.scope);
        let period: Option<Period> = checks.choice("period", &self.period);
        let person: Option<PersonId> = optional_choice(&mut checks, "person_id", &self.person_id);
        let tag: Option<TagId> = optional_choice(&mut checks, "tag_id", &self.tag_id);
        let most = metric.map_or(Yen::MOST.0, Metric::most);
        let value = checks.number("value", &self.value, 0..=most);
        let reason = checks.required_line("reason", &self.reason, 1000);
        if scope == Some(Scope::Person) && self.person_id.as_str().trim().is_empty() {
            checks.problem("person_id", Code::Required);
        }
        if scope == Some(Scope::ClientClass) && self.tag_id.as_str().trim().is_empty() {
            checks.problem("tag_id", Code::Required);
        }
        if metric.is_some_and(|metric| !metric.is_of_sales())
            && scope.is_some_and(|scope| scope != Scope::Town)
        {
            checks.problem("scope", Code::TownOnly);
        }
        let is_above_meant = self.above_is_meant.is_yes();
        match (metric, scope, period) {
            (Some(metric), Some(scope), Some(period)) => checks.done(TargetFields {
                metric,
                scope,
                person_id: person.filter(|_| scope == Scope::Person),
                tag_id: tag.filter(|_| scope == Scope::ClientClass),
                period,
                value,
                reason,
                is_above_meant,
            }),
            _ => Err(crate::deals::problems_of(checks)),
        }
    }
}

/// What became of one target from one version to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TargetDifference")]
pub struct Difference {
    /// As it was; null where it is new.
    pub before: Option<Target>,
    /// As it is; null where it is there no more.
    pub after: Option<Target>,
}

/// What differs between two versions of the same year, in the order of what they are about.
pub fn differences(before: &[Target], after: &[Target]) -> Vec<Difference> {
    let mut about: Vec<About> = before.iter().chain(after).map(Target::about).collect();
    about.sort_unstable();
    about.dedup();
    let of = |targets: &[Target], about: About| targets.iter().find(|one| one.about() == about).cloned();
    let pairs = about.into_iter().map(|one| Difference { before: of(before, one), after: of(after, one) });
    let value = |target: &Option<Target>| target.as_ref().map(|target| target.value);
    pairs.filter(|pair| value(&pair.before) != value(&pair.after)).collect()
}
