//! One round of offers in turn: five thousand units shared out among five hundred workers, with everything it writes.

use std::time::Instant;

use clients::companies::{CompanyInput, enter};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use fulfillment::jobs::{self, JobInput};
use fulfillment::orders::{self, OpenOrder, OrderLine};
use kernel::{Actor, DealId, JobId, PersonId, RequestId, Scope, TaxRate, Yen};

use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

const WORKERS: i64 = 500;
const UNITS: i32 = 5000;

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "rounds",
    figures: &[Figure {
        name: "rounds: 5,000 units shared out among 500 workers",
        unit: "s",
        target: Target::AtMost(2.0),
    }],
    measure,
}];

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let office =
        Scope { organization: place.town, actor: Actor::Person(people(&place)?), request: RequestId(1) };
    let job = job(&place, office)?;
    let began = Instant::now();
    let offered = place.app.run_blocking(office, |tx| jobs::offer(tx, job))?;
    let took = began.elapsed().as_secs_f64();
    if offered.workers.len() == usize::try_from(WORKERS)? {
        Ok(vec![Sample::of(took)])
    } else {
        Err(format!("{} of {WORKERS} workers were asked", offered.workers.len()).into())
    }
}

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = BigInt)]
    id: PersonId,
}

/// Active workers who wish for five to fifteen hours a week; gives the first of them.
fn people(place: &Place<'_>) -> Result<PersonId, Trouble> {
    let first: Added = diesel::sql_query(
        "WITH made AS ( \
             INSERT INTO persons (organization_id, family_name, family_kana, email, email_key, password_hash) \
             SELECT $1, 'Worker ' || n, 'Worker', 'w' || n || '@example.jp', 'w' || n || '@example.jp', 'chosen' \
             FROM generate_series(1, $2) n RETURNING id), \
         working AS ( \
             INSERT INTO workers (organization_id, person_id, state, registered_on, weekly_minutes, created_at) \
             SELECT $1, id, 'active', DATE '2026-04-01', 300 + id % 600, now() FROM made RETURNING person_id) \
         SELECT min(person_id) AS id FROM working",
    )
    .bind::<BigInt, _>(place.town)
    .bind::<BigInt, _>(WORKERS)
    .get_result(&mut place.owner()?)?;
    Ok(first.id)
}

/// A job of a running order, not yet offered.
fn job(place: &Place<'_>, office: Scope) -> Result<JobId, Trouble> {
    let input = CompanyInput { name: "入力商会".into(), ..CompanyInput::default() };
    let company = place.app.run_blocking(office, |tx| enter(tx, input))?.id;
    let won = OpenOrder {
        deal_id: DealId(1),
        title: "野帳の入力".to_owned(),
        company_id: company,
        contact_id: None,
        amount: Yen(2_000_000),
        due_on: "2099-12-31".parse()?,
        client_terms: String::new(),
        lines: vec![OrderLine {
            description: "入力".to_owned(),
            quantity: UNITS,
            unit_price: Yen(400),
            unit_minutes: 20,
            tax_rate: TaxRate::STANDARD,
        }],
        repeats: None,
    };
    let order = place.app.run_blocking(office, |tx| {
        let order = orders::open_from_deal(tx, won)?;
        orders::start(tx, order.id)
    })?;
    let input = JobInput {
        title: "野帳の入力".into(),
        rules: "見本のとおりに入力する。".into(),
        unit_minutes: "20".into(),
        unit_pay: "300".into(),
        work_due_on: "2099-12-01".into(),
        offer_rule: "fair".into(),
        count: UNITS.to_string().into(),
        ..JobInput::default()
    };
    Ok(place.app.run_blocking(office, |tx| jobs::split(tx, order.id, input))?.id)
}
