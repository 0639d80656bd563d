//! Claims: a hundred a second from sixty-four people on a hundred thousand offered units, begun by the clock and not by the
//! last one's end; and eight claimers flat out, beside the statements of a claim replayed by pgbench in the same database,
//! which knows neither the house's rules nor its types.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use clients::companies::{CompanyInput, enter};
use db::Db;
use db::private_postgres::Role;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use fulfillment::claims::{self, ClaimError, ClaimInput};
use fulfillment::jobs::{self, JobInput};
use fulfillment::orders::{self, OpenOrder, OrderLine};
use fulfillment::terms;
use kernel::{Actor, DealId, JobId, Language, PersonId, RequestId, Scope, TaxRate, WorkerId, Yen};
use queue::Wake;

use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::server::{Place, Server};

const WORKERS: i64 = 64;
const UNITS: i32 = 100_000;
const RATE: u32 = 100;
const SPAN: Duration = Duration::from_secs(10);
const CLAIMERS: usize = 8;
const FLAT_OUT: Duration = Duration::from_secs(5);
/// What a claim asks of the database, as pgbench says it.
const RAW: &str = include_str!("claims.sql");

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "claims",
    figures: &[
        Figure {
            name: "claims: p99 at 100/s from 64 people, of 100,000 units",
            unit: "ms",
            target: Target::AtMost(50.0),
        },
        Figure {
            name: "claims: 8 claimers flat out, beside pgbench with the statements",
            unit: "/s",
            target: Target::Ratio(0.5),
        },
    ],
    measure,
}];

/// Somebody with the claim they would send: the page they read stays as it is for the day.
#[derive(Debug, Clone)]
struct Claimer {
    scope: Scope,
    input: ClaimInput,
}

fn measure(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let (person, worker) = people(&place)?;
    let office = Scope { organization: place.town, actor: Actor::Person(person), request: RequestId(1) };
    let job = job(&place, office)?;
    let claimers = (0..WORKERS)
        .map(|number| claimer(&place, job, PersonId(person.0 + number), WorkerId(worker.0 + number)))
        .collect::<Result<Vec<_>, _>>()?;
    // A town has claims from before: what empty tables tell the planner holds for a new town's first minute only, until
    // PostgreSQL looks at them by itself.
    flat_out(&place.app, job, &claimers)?;
    place.owner()?.batch_execute("VACUUM ANALYZE")?;
    let p99 = open_loop(&place.app, job, &claimers)?;
    let ours = flat_out(&place.app, job, &claimers)?;
    is_sound(&place)?;
    let raw = replayed(&place, job, person, worker)?;
    Ok(vec![Sample::of(p99), Sample::beside(ours, raw)])
}

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = BigInt)]
    person: PersonId,
    #[diesel(sql_type = BigInt)]
    worker: WorkerId,
    #[diesel(sql_type = BigInt)]
    apart: i64,
}

/// Active workers with all the hours there are; gives the first of them. Their numbers
/// follow each other.
fn people(place: &Place<'_>) -> Result<(PersonId, WorkerId), Trouble> {
    let first: First = diesel::sql_query(
        "WITH made AS ( \
             INSERT INTO persons (organization_id, family_name, family_kana, email, email_key, password_hash) \
             SELECT $1, 'Worker ' || n, 'Worker', 'w' || n || '@example.jp', 'w' || n || '@example.jp', 'chosen' \
             FROM generate_series(1, $2) n RETURNING id), \
         working AS ( \
             INSERT INTO workers (organization_id, person_id, state, registered_on, weekly_minutes, created_at) \
             SELECT $1, id, 'active', DATE '2026-04-01', 2400, now() FROM made ORDER BY id RETURNING id, person_id) \
         SELECT min(person_id) AS person, min(id) AS worker, \
             (max(person_id) - min(person_id) - max(id) + min(id))::bigint AS apart FROM working",
    )
    .bind::<BigInt, _>(place.town)
    .bind::<BigInt, _>(WORKERS)
    .get_result(&mut place.owner()?)?;
    if first.apart == 0 { Ok((first.person, first.worker)) } else { Err("numbers with gaps".into()) }
}

/// A job of a running order, before everybody.
fn job(place: &Place<'_>, office: Scope) -> Result<JobId, Trouble> {
    let input = CompanyInput { name: "入力商会".into(), ..CompanyInput::default() };
    let company = place.app.run_blocking(office, |tx| enter(tx, input))?.id;
    let won = OpenOrder {
        deal_id: DealId(1),
        title: "野帳の入力".to_owned(),
        company_id: company,
        contact_id: None,
        amount: Yen(40_000_000),
        due_on: "2099-12-31".parse()?,
        client_terms: String::new(),
        lines: vec![OrderLine {
            description: "入力".to_owned(),
            quantity: UNITS,
            unit_price: Yen(400),
            unit_minutes: 1,
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
        unit_minutes: "1".into(),
        unit_pay: "20".into(),
        work_due_on: "2099-12-01".into(),
        offer_rule: "first_come".into(),
        count: UNITS.to_string().into(),
        ..JobInput::default()
    };
    let job = place.app.run_blocking(office, |tx| jobs::split(tx, order.id, input))?;
    place.app.run_blocking(office, |tx| jobs::offer(tx, job.id))?;
    Ok(job.id)
}

fn claimer(place: &Place<'_>, job: JobId, person: PersonId, worker: WorkerId) -> Result<Claimer, Trouble> {
    let scope = Scope { organization: place.town, actor: Actor::Person(person), request: RequestId(2) };
    let shown = place.app.run_blocking(scope, |tx| terms::preview(tx, job, worker, 1, Language::Ja))?;
    let input = ClaimInput {
        count: "1".into(),
        terms_sha256: shown.sha256.to_string().into(),
        language: Language::Ja.as_str().into(),
    };
    Ok(Claimer { scope, input })
}

fn claim(app: &Db, job: JobId, claimer: &Claimer) -> Result<(), ClaimError> {
    let input = claimer.input.clone();
    app.run_blocking(claimer.scope, |tx| claims::claim(tx, job, input)).map(|_claimed| ())
}

/// Claims begun by the clock; returns the 99th percentile in milliseconds, from when each was due to the end of its commit.
fn open_loop(app: &Db, job: JobId, claimers: &[Claimer]) -> Result<f64, Trouble> {
    let count = RATE * u32::try_from(SPAN.as_secs())?;
    let began = Instant::now() + Duration::from_millis(100);
    let latencies = on_threads(|thread| {
        let (bell, mut latencies) = (Wake::default(), Vec::new());
        for number in (u32::try_from(thread)?..count).step_by(CLAIMERS) {
            let due = began + Duration::from_secs_f64(f64::from(number) / f64::from(RATE));
            bell.wait(due.saturating_duration_since(Instant::now()));
            let who = usize::try_from(number)? % claimers.len();
            claim(app, job, claimers.get(who).ok_or("nobody claims")?)?;
            latencies.push(due.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(latencies)
    })?;
    Ok(percentile(latencies.into_iter().flatten(), 0.99))
}

/// Each thread claims for eight people in turn, as fast as it goes; returns claims per second.
fn flat_out(app: &Db, job: JobId, claimers: &[Claimer]) -> Result<f64, Trouble> {
    let began = Instant::now();
    let counts = on_threads(|thread| {
        let mut count = 0.0;
        for claimer in claimers.iter().skip(thread).step_by(CLAIMERS).cycle() {
            if began.elapsed() >= FLAT_OUT {
                break;
            }
            claim(app, job, claimer)?;
            count += 1.0;
        }
        Ok(count)
    })?;
    Ok(counts.into_iter().sum::<f64>() / began.elapsed().as_secs_f64())
}

fn on_threads<T: Send>(work: impl Fn(usize) -> Result<T, Trouble> + Sync) -> Result<Vec<T>, Trouble> {
    std::thread::scope(|scope| {
        let (work, mut threads) = (&work, Vec::new());
        for thread in 0..CLAIMERS {
            threads.push(scope.spawn(move || work(thread)));
        }
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_panic| Err("a claimer panicked".into())))
            .collect()
    })
}

#[derive(QueryableByName)]
struct Twice {
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// No unit has two holders, and each is claimed as its hold says.
fn is_sound(place: &Place<'_>) -> Result<(), Trouble> {
    let twice: Twice = diesel::sql_query(
        "SELECT count(*) AS units FROM (SELECT u.id FROM units u \
             LEFT JOIN assignments a ON a.organization_id = u.organization_id AND a.unit_id = u.id \
             GROUP BY u.id, u.state, u.holder_id \
             HAVING count(a.id) > 1 OR (u.state = 'claimed') <> (count(a.id) = 1) \
                 OR max(a.person_id) IS DISTINCT FROM u.holder_id) wrong",
    )
    .get_result(&mut place.owner()?)?;
    if twice.units == 0 { Ok(()) } else { Err(format!("{} units are claimed wrongly", twice.units).into()) }
}

#[derive(QueryableByName)]
struct Notice {
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Text)]
    sha256: String,
}

/// The same statements by pgbench, with as many connections for as long; returns claims per second.
fn replayed(place: &Place<'_>, job: JobId, person: PersonId, worker: WorkerId) -> Result<f64, Trouble> {
    // A colon before a word would be a variable of pgbench's.
    let notice: Notice = diesel::sql_query(
        "SELECT body, encode(sha256(convert_to(body, 'UTF8')), 'hex') AS sha256 \
         FROM (SELECT replace(replace(body, ':', '：'), '''', '’') AS body FROM terms_notices LIMIT 1) newest",
    )
    .get_result(&mut place.owner()?)?;
    let mut script = tempfile::NamedTempFile::new()?;
    script.write_all(RAW.replace("{body}", &notice.body).replace("{sha256}", &notice.sha256).as_bytes())?;
    let variables = [
        ("town", place.town.0),
        ("job", job.0),
        ("first_person", person.0),
        ("first_worker", worker.0),
        ("last", WORKERS - 1),
    ];
    let output = Command::new(place.program("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared"])
        .args([format!("--client={CLAIMERS}"), format!("--jobs={CLAIMERS}")])
        .arg(format!("--time={}", FLAT_OUT.as_secs()))
        .args(variables.map(|(name, value)| format!("--define={name}={value}")))
        .arg(format!("--file={}", script.path().display()))
        .arg(place.url(Role::App))
        .output()?;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    match rate {
        Some(rate) if output.status.success() => Ok(rate),
        _ => Err(format!("pgbench: {said}{complained}").into()),
    }
}
