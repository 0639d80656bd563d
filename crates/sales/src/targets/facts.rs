//! What the sales team's own records say was reached: counted facts by day, person and company, from which the figures of
//! any scope and period are made.
//!
//! Invariant: a figure equals a plain count over the tables (`every_figure_equals_a_plain_recount`).

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use clients::tags::{self, TagId};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamptz};
use kernel::{CompanyId, PersonId, Span, Yen};

use super::model::{Metric, Scope, Target};
use super::progress::Sample;
use crate::colleagues;

/// Over how many days back it is looked how selling goes.
const SAMPLE_DAYS: i64 = 365;

/// How far facts are told apart, besides by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// By person.
    Person,
    /// By person and company: many times as much, and only targets of a class of clients ask for it.
    Company,
}

impl Grain {
    /// What these targets ask for.
    pub(super) fn of(targets: &[Target]) -> Self {
        if targets.iter().any(|target| target.scope == Scope::ClientClass) {
            Self::Company
        } else {
            Self::Person
        }
    }

    /// The company of a fact in a statement; none where nobody asks for it.
    const fn company(self) -> &'static str {
        match self {
            Self::Person => "NULL::bigint",
            Self::Company => "company_id",
        }
    }
}

/// Something that was counted on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) metric: Metric,
    pub(super) on: NaiveDate,
    pub(super) person: PersonId,
    pub(super) company: Option<CompanyId>,
    /// Yen, or how many.
    pub(super) amount: i64,
}

/// Everything that counts for the targets of some days.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub(super) facts: Vec<Fact>,
    /// Whoever sells today.
    pub(super) team: HashSet<PersonId>,
    /// The companies of each tag.
    pub(super) classes: HashMap<TagId, HashSet<CompanyId>>,
    /// Every tag of the town.
    pub(super) tags: HashSet<TagId>,
}

impl Facts {
    /// What was reached within `span`; `None` where the class is gone or the metric is no record of the sales team.
    pub fn actual(
        &self,
        metric: Metric,
        scope: Scope,
        person: Option<PersonId>,
        tag: Option<TagId>,
        span: Span,
    ) -> Option<i64> {
        if !metric.is_of_sales() || tag.is_some_and(|tag| !self.tags.contains(&tag)) {
            return None;
        }
        let class = tag.and_then(|tag| self.classes.get(&tag));
        let counts = |fact: &&Fact| match scope {
            Scope::Town => true,
            Scope::Team => self.team.contains(&fact.person),
            Scope::Person => person == Some(fact.person),
            Scope::ClientClass => {
                fact.company.is_some_and(|company| class.is_some_and(|class| class.contains(&company)))
            }
        };
        let within = self.facts.iter().filter(|fact| fact.metric == metric && span.holds(fact.on));
        Some(within.filter(counts).map(|fact| fact.amount).sum())
    }

    /// How many people sell.
    pub fn team_size(&self) -> i64 {
        i64::try_from(self.team.len()).unwrap_or(i64::MAX)
    }
}

/// What counts within `span`, told apart by `grain`.
pub fn facts(tx: &mut Tx<'_>, span: Span, grain: Grain) -> Result<Facts, DbError> {
    let mut facts = won(tx, span, grain)?;
    facts.extend(first_orders(tx, span, grain)?);
    facts.extend(contacts(tx, span, grain)?);
    let companies: Vec<CompanyId> =
        facts.iter().filter_map(|fact| fact.company).collect::<HashSet<_>>().into_iter().collect();
    let mut classes: HashMap<TagId, HashSet<CompanyId>> = HashMap::new();
    for (company, its) in tags::of_companies(tx, &companies)? {
        for tag in its {
            classes.entry(tag.id).or_default().insert(company);
        }
    }
    let tags = tags::list(tx)?.into_iter().map(|one| one.tag.id).collect();
    let team = colleagues::list(tx)?.into_iter().map(|person| person.id).collect();
    Ok(Facts { facts, team, classes, tags })
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    metric: String,
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = Nullable<BigInt>)]
    company_id: Option<CompanyId>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Counted {
    fn read(self) -> Option<Fact> {
        Some(Fact {
            metric: self.metric.parse().ok()?,
            on: self.day,
            person: self.person_id,
            company: self.company_id,
            amount: self.count,
        })
    }
}

fn counted(tx: &mut Tx<'_>, span: Span, sql: &str) -> Result<Vec<Fact>, DbError> {
    let (from, until) = span.instants();
    let rows: Vec<Counted> =
        diesel::sql_query(sql).bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(until).load(tx.conn())?;
    Ok(rows.into_iter().filter_map(Counted::read).collect())
}

/// A won deal moved for the last time when it was won, and that is what the index of closed deals is by.
fn won(tx: &mut Tx<'_>, span: Span, grain: Grain) -> Result<Vec<Fact>, DbError> {
    let company = grain.company();
    counted(
        tx,
        span,
        &format!(
            "SELECT 'orders_yen' AS metric, (moved_at AT TIME ZONE 'Asia/Tokyo')::date AS day, owner_id AS person_id, \
                 {company} AS company_id, sum(amount)::bigint AS count \
             FROM deals WHERE state = 'won' AND moved_at >= $1 AND moved_at < $2 GROUP BY 2, 3, 4"
        ),
    )
}

/// What was won within `span`, in yen: the sum of [`won`].
pub(super) fn orders_won(tx: &mut Tx<'_>, span: Span) -> Result<i64, DbError> {
    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = BigInt)]
        amount: i64,
    }
    let (from, until) = span.instants();
    let sum: Sum = diesel::sql_query(
        "SELECT COALESCE(sum(amount), 0)::bigint AS amount FROM deals \
         WHERE state = 'won' AND moved_at >= $1 AND moved_at < $2",
    )
    .bind::<Timestamptz, _>(from)
    .bind::<Timestamptz, _>(until)
    .get_result(tx.conn())?;
    Ok(sum.amount)
}

/// The first order of each company, whoever won it and however it came.
fn first_orders(tx: &mut Tx<'_>, span: Span, grain: Grain) -> Result<Vec<Fact>, DbError> {
    let company = grain.company();
    counted(
        tx,
        span,
        &format!(
            "SELECT 'new_clients' AS metric, (won_at AT TIME ZONE 'Asia/Tokyo')::date AS day, owner_id AS person_id, \
                 {company} AS company_id, count(*) AS count \
             FROM (SELECT DISTINCT ON (company_id) company_id, owner_id, won_at FROM deals \
                 WHERE won_at IS NOT NULL AND state = 'won' ORDER BY company_id, won_at, id) first_won WHERE won_at >= $1 AND won_at < $2 GROUP BY 2, 3, 4"
        ),
    )
}

/// Calls and visits; of companies also those for their deals and leads.
fn contacts(tx: &mut Tx<'_>, span: Span, grain: Grain) -> Result<Vec<Fact>, DbError> {
    let (activities, lead_contacts) = match grain {
        Grain::Person => {
            ("NULL::bigint AS company_id FROM activities a", "NULL::bigint FROM lead_contacts c")
        }
        Grain::Company => (
            "COALESCE(a.company_id, d.company_id, l.company_id) AS company_id \
             FROM activities a LEFT JOIN deals d ON d.id = a.deal_id LEFT JOIN leads l ON l.id = a.lead_id",
            "l.company_id FROM lead_contacts c JOIN leads l ON l.id = c.lead_id",
        ),
    };
    counted(
        tx,
        span,
        &format!(
            "SELECT kind || 's' AS metric, day, person_id, company_id, count(*) AS count FROM ( \
                 SELECT a.kind, (a.happened_at AT TIME ZONE 'Asia/Tokyo')::date AS day, a.person_id, {activities} \
                 WHERE a.kind IN ('call', 'visit') AND a.happened_at >= $1 AND a.happened_at < $2 \
                 UNION ALL \
                 SELECT c.kind, (c.happened_at AT TIME ZONE 'Asia/Tokyo')::date, c.person_id, {lead_contacts} \
                 WHERE c.kind IN ('call', 'visit') AND c.happened_at >= $1 AND c.happened_at < $2) spoken \
             GROUP BY kind, day, person_id, company_id"
        ),
    )
}

#[derive(QueryableByName)]
struct Selling {
    #[diesel(sql_type = BigInt)]
    won: i64,
    #[diesel(sql_type = BigInt)]
    lost: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
    #[diesel(sql_type = BigInt)]
    new_won: i64,
    #[diesel(sql_type = BigInt)]
    new_lost: i64,
}

/// How selling went in the year up to now. Orders that were entered directly are left out: nobody had to win them.
pub fn sample(tx: &mut Tx<'_>) -> Result<Sample, DbError> {
    let since = tx.now() - TimeDelta::days(SAMPLE_DAYS);
    let selling: Selling = diesel::sql_query(
        "SELECT count(*) FILTER (WHERE state = 'won') AS won, count(*) FILTER (WHERE state = 'lost') AS lost, \
             COALESCE(sum(amount) FILTER (WHERE state = 'won'), 0)::bigint AS amount, \
             COALESCE((SELECT sum(l.quantity::bigint * l.unit_minutes) FROM quotes q \
                 JOIN quote_lines l ON l.quote_id = q.id JOIN deals w ON w.id = q.deal_id \
                 WHERE q.state = 'accepted' AND w.state = 'won' AND w.moved_at >= $1 AND w.direct_source IS NULL), 0)::bigint \
                 AS minutes, \
             count(*) FILTER (WHERE state = 'won' AND is_new) AS new_won, \
             count(*) FILTER (WHERE state = 'lost' AND is_new) AS new_lost \
         FROM (SELECT d.state, d.amount, \
                 f.company_id IS NULL OR (f.won_at, f.id) >= (d.moved_at, d.id) AS is_new \
             FROM deals d LEFT JOIN (SELECT DISTINCT ON (company_id) company_id, won_at, id FROM deals \
                 WHERE won_at IS NOT NULL AND state = 'won' ORDER BY company_id, won_at, id) f ON f.company_id = d.company_id \
             WHERE d.state IN ('won', 'lost') AND d.moved_at >= $1 AND d.direct_source IS NULL) decided",
    )
    .bind::<Timestamptz, _>(since)
    .get_result(tx.conn())?;
    let Selling { won, lost, amount, minutes, new_won, new_lost } = selling;
    Ok(Sample { won, lost, amount, minutes, new_won, new_lost })
}
