//! A town that has just begun asks for things of the demo by id, of every kind that it has none of itself: statements,
//! invoices, deliveries, reviews … It is told that there is nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use web::Route;

use super::api::Published;
use super::matrix;
use super::towns::{Opened, may_only_work};
use super::world::{PATIENCE, Person, World, a_moment, command};

/// The word before an id in a path, and the table whose id it is.
const THINGS: &[(&str, &str)] = &[
    ("appeals", "review_appeals"),
    ("board", "stages"),
    ("bookings", "bookings"),
    ("bulk-edits", "bulk_edits"),
    ("calls", "mail_calls"),
    ("care-requests", "care_requests"),
    ("client-questions", "client_questions"),
    ("coachings", "coachings"),
    ("companies", "companies"),
    ("contacts", "contacts"),
    ("credits", "client_credits"),
    ("defect-kinds", "defect_kinds"),
    ("defects", "defect_kinds"),
    ("deliveries", "deliveries"),
    ("files", "files"),
    ("hand-overs", "hand_overs"),
    ("harassment", "harassment_reports"),
    ("hearings", "hearings"),
    ("imports", "imports"),
    ("invoices", "client_invoices"),
    ("my-endings", "ending_notices"),
    ("my-jobs", "jobs"),
    ("my-statements", "statements"),
    ("notices", "messages"),
    ("partners", "partners"),
    ("people", "persons"),
    ("pipelines", "pipelines"),
    ("places", "places"),
    ("questions", "job_questions"),
    ("repeat-wishes", "repeat_wishes"),
    ("reports", "harassment_reports"),
    ("review", "submissions"),
    ("reviews", "submissions"),
    ("samples", "job_samples"),
    ("sampling", "sampling_streams"),
    ("sampling-seeds", "sampling_seeds"),
    ("sampling-streams", "sampling_streams"),
    ("sandbox", "sandbox_mails"),
    ("second-looks", "second_looks"),
    ("shares", "shares"),
    ("snapshots", "forecast_snapshots"),
    ("stages", "stages"),
    ("statements", "statements"),
    ("suppressions", "mail_suppressions"),
    ("tags", "tags"),
    ("transfer", "transfer_files"),
    ("transfer-files", "transfer_files"),
    ("views", "saved_views"),
    ("visits", "visits"),
    ("voices", "voices"),
    ("webhooks", "webhook_endpoints"),
    ("webhooks/deliveries", "webhook_deliveries"),
];

/// The words before what is no id of a town's thing, or of none that can be had here, each with the reason.
const NO_THINGS: &[(&str, &str)] = &[
    (
        "deductions",
        "the demo has none; they are asked for through their statements, which are asked for here",
    ),
    ("exports", "a kind of list that every town has"),
    ("figures", "a figure that every town has"),
    ("live", "how far a reader of one's own board has come"),
    ("mail-texts", "a text that every town has"),
    ("{name}", "its language"),
    ("my-pay", "a day"),
    ("pay", "a day"),
    ("registry", "a number of the public register, which all towns share"),
    ("tasks", "gone before one can ask for it; `isolation` tries the table itself"),
];

/// The worker whom the asking town has invited.
const WORKER: &str = "worker@other.example";

/// What the demo has none of, for the town next door to it, to which nobody signs in.
const NEXT_DOOR: &str = "
CREATE TEMPORARY VIEW next_door AS SELECT id AS town FROM organizations WHERE slug = 'demo-neighbour';
INSERT INTO repeat_wishes (organization_id, order_id, delivery_id, name, wished_on, state, wished_at)
SELECT town, d.order_id, d.id, '客', current_date, 'open', now()
FROM next_door JOIN deliveries d ON d.organization_id = town LIMIT 1;
INSERT INTO ending_notices (organization_id, worker_id, noticed_on, ends_on, reason, tells_reason, noticed_by, noticed_at)
SELECT town, w.id, current_date, current_date + 60, '試験', true, w.person_id, now()
FROM next_door JOIN workers w ON w.organization_id = town LIMIT 1;
INSERT INTO mail_suppressions (organization_id, address_key, since, reason, note)
SELECT town, 'nobody@next-door.example', now(), 'manual', '試験' FROM next_door;
INSERT INTO coachings (organization_id, review_id, unit_id, person_id, opened_at)
SELECT town, r.id, s.unit_id, w.person_id, now()
FROM next_door JOIN reviews r ON r.organization_id = town
JOIN submissions s ON s.organization_id = town AND s.id = r.submission_id
JOIN workers w ON w.organization_id = town LIMIT 1;
INSERT INTO webhook_endpoints (organization_id, url, kinds, state, created_at, created_by)
SELECT town, 'https://next-door.example/hook', '{order.accepted}', 'paused', now(), 'system' FROM next_door;
INSERT INTO webhook_deliveries (organization_id, endpoint_id, message, kind, body, state, created_at, ended_at)
SELECT town, e.id, 'msg_of_next_door', 'order.accepted', '{}', 'delivered', now(), now()
FROM next_door JOIN webhook_endpoints e ON e.organization_id = town LIMIT 1;
";

/// The newest of each table that is another town's than `slug`.
fn ids(owner: &mut PgConnection, slug: &str) -> BTreeMap<&'static str, i64> {
    #[derive(QueryableByName)]
    struct Newest {
        #[diesel(sql_type = Nullable<BigInt>)]
        id: Option<i64>,
    }
    let tables: BTreeSet<&str> = THINGS.iter().map(|(_word, table)| *table).collect();
    let newest = |table| {
        let sql = format!(
            "SELECT max(id) AS id FROM {table} \
             WHERE organization_id <> (SELECT id FROM organizations WHERE slug = '{slug}')"
        );
        let found: Newest = diesel::sql_query(sql).get_result(owner).unwrap();
        (table, found.id.unwrap_or_else(|| panic!("the demo has nothing in {table}")))
    };
    tables.into_iter().map(newest).collect()
}

/// The words before what stands in braces, with the place of each; two words where one alone means something else.
fn words(path: &str) -> Vec<(usize, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    let ids = (0..parts.len()).filter(|at| parts[*at].starts_with('{'));
    ids.map(|at| match (parts[at - 2], parts[at - 1]) {
        ("webhooks", "deliveries") => (at, "webhooks/deliveries".to_owned()),
        (_, word) => (at, word.to_owned()),
    })
    .collect()
}

/// Waits for the invitation of whoever is the town's only worker, among whatever else they were mailed.
fn invitation(world: &World, town: &Opened, email: &str) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        let list = town.admin.get("/sandbox").body;
        let theirs = list.split("href=\"/sandbox/").skip(1).filter(|row| row.contains(email));
        let numbers = theirs.filter_map(|row| row.split('"').next());
        let mut texts = numbers.map(|number| town.admin.get(&format!("/sandbox/{number}")).body);
        let link = texts.find_map(|text| {
            let mut links = text.split('"').filter_map(|part| part.strip_prefix(&world.base));
            links.find(|link| link.starts_with("/join/")).map(str::to_owned)
        });
        if let Some(link) = link {
            return link;
        }
        assert!(Instant::now() < end, "{email} is not invited");
        a_moment();
    }
}

/// Whom an asking town sends: its administrator, and a worker for what only workers may ask for.
pub(super) struct Envoy<'a> {
    pub(super) person: &'a Person,
    pub(super) token: &'a str,
}

impl Envoy<'_> {
    /// The status that `route` answers under `path`, where everything but the id is in order.
    pub(super) fn ask(&self, route: &Route, path: &str, id: &str) -> u16 {
        let world = World::shared();
        if route.path.starts_with("/api/") {
            let body = match route.method {
                "GET" => String::new(),
                method => Published::shared().taken(method, route.path).to_string(),
            };
            let bearer = format!("Bearer {}", self.token);
            let headers =
                [("content-type", "application/json"), ("authorization", &*bearer), ("if-match", "\"1\"")];
            return world.guest().send(route.method, path, &headers, &body).status;
        }
        if route.method == "GET" {
            return self.person.get(path).status;
        }
        let csrf = self.person.get("/me").csrf();
        let fields = matrix::fields(route, id);
        let fields = fields.iter().map(|(name, value)| (name.as_str(), *value));
        let fields: Vec<_> = fields.chain([("csrf", &*csrf), ("version", "1")]).collect();
        self.person.post(path, &fields).status
    }
}

/// Asks for things of other towns by every route of `left`, as people of `town`, which has `own` things.
pub(super) fn see_nothing_of_the_demo(town: &Opened, own: &BTreeMap<&'static str, i64>, left: &[&Route]) {
    let world = World::shared();
    let mut owner = world.owner();
    owner.batch_execute(NEXT_DOOR).unwrap();
    let ids = ids(&mut owner, "other");
    let things: BTreeMap<&str, &str> = THINGS.iter().copied().collect();
    let mut unused: BTreeSet<&str> = THINGS.iter().chain(NO_THINGS).map(|(word, _)| *word).collect();
    let sign_in = world.joins(WORKER.to_owned(), &invitation(world, town, WORKER));
    let at_work = world.guest();
    assert_eq!(at_work.tries("other", &sign_in).status, 303);
    let token = command(world.data(), &["token", "other", WORKER, "--write"]);
    let worker = Envoy { person: &at_work, token: &token };
    let admin = Envoy { person: &town.admin, token: &town.token };
    let mut wrong = Vec::new();
    for route in left {
        let words = words(route.path);
        for (_, word) in &words {
            unused.remove(word.as_str());
        }
        if words.iter().any(|(_, word)| NO_THINGS.iter().any(|(none, _)| none == word)) {
            continue;
        }
        let mut parts: Vec<String> = route.path.split('/').map(str::to_owned).collect();
        for (at, word) in &words {
            let id = match (word.as_str(), things.get(word.as_str())) {
                // Merged with one of the asking town's own.
                ("merge", _) => own[parts[at - 3].as_str()],
                (_, Some(table)) => ids[*table],
                (_, None) => panic!(
                    "{}: say in THINGS what stands behind {word}, or in NO_THINGS why nothing does",
                    route.path
                ),
            };
            parts[*at] = id.to_string();
        }
        let last = parts[words[0].0].clone();
        let envoy = if may_only_work(route) { &worker } else { &admin };
        let status = envoy.ask(route, &parts.join("/"), &last);
        if status != 404 {
            wrong.push(format!("{} {}: {status}", route.method, route.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(unused, BTreeSet::new(), "no route asks for these any more");
}
