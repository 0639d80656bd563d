//! A second town beside the demo: whoever of the demo asks for one of its things by id is told that there is nothing, and
//! the other way round for the kinds of things that only a town with a year behind it has.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};
use web::{Access, ROUTES, Roles, Route};

use super::neighbours::{self, Envoy};
use super::world::{Answer, PATIENCE, Person, SignIn, World, command};

/// A town beside the demo, as its administrator knows it.
pub(super) struct Opened {
    pub(super) admin: Person,
    pub(super) token: String,
}

impl Opened {
    /// Opens a town by the command, and lets its administrator join by the link.
    pub(super) fn town(world: &World, slug: &str, name: &str) -> Self {
        let email = format!("admin@{slug}.example");
        let arguments =
            ["organization", "create", slug, name, "--admin-email", &email, "--admin-name", "管理"];
        let said = command(world.data(), &arguments);
        let link = format!("/join/{}", said.rsplit_once("/join/").unwrap().1);
        let admin = world.guest();
        let password = "別の町の長くて忘れにくい合言葉 32";
        let csrf = admin.get(&link).csrf();
        let joined =
            admin.post(&link, &[("csrf", &csrf), ("password", password), ("password_again", password)]);
        assert_eq!(joined.status, 303, "{}", joined.body);
        let sign_in = SignIn { email, password: password.to_owned() };
        // Twice: the session one is in cannot be ended from its own list.
        assert_eq!(admin.tries(slug, &sign_in).status, 303);
        assert_eq!(world.guest().tries(slug, &sign_in).status, 303);
        let token = command(world.data(), &["token", slug, &sign_in.email, "--write"]);
        Self { admin, token }
    }

    pub(super) fn call(&self, method: &str, path: &str, version: i64, body: &Value) -> Answer {
        let (bearer, tag) = (format!("Bearer {}", self.token), format!("\"{version}\""));
        let headers =
            [("content-type", "application/json"), ("authorization", &*bearer), ("if-match", &*tag)];
        self.admin.send(method, path, &headers, &body.to_string())
    }

    /// What a read of the API answers.
    pub(super) fn reads(&self, path: &str) -> Value {
        self.call("GET", path, 1, &Value::Null).read()
    }
}

/// The other town with something of each kind.
struct Other {
    town: Opened,
    /// What lies there, by the word before its id in a path.
    things: BTreeMap<&'static str, i64>,
}

impl Other {
    /// Opens the town, and makes one thing of each kind.
    fn open() -> Self {
        let mut other =
            Self { town: Opened::town(World::shared(), "other", "別の町"), things: BTreeMap::new() };
        other.sell();
        other.produce();
        other.settle_in();
        other
    }

    fn call(&self, method: &str, path: &str, version: i64, body: &Value) -> Answer {
        self.town.call(method, path, version, body)
    }

    fn make(&mut self, kind: &'static str, path: &str, body: &Value) -> i64 {
        let answer = self.call("POST", path, 1, body);
        assert!(answer.status < 300, "POST {path}: {} {}", answer.status, answer.body);
        let id = answer.id();
        self.things.insert(kind, id);
        id
    }

    /// A company, its contact, a lead, and a deal that is quoted and won.
    fn sell(&mut self) {
        let company = self.make("companies", "/api/v1/companies", &json!({ "name": "別の町の株式会社" }));
        let contact = json!({ "family_name": "山田", "email": "yamada@client.example" });
        let contact = self.make("contacts", &format!("/api/v1/companies/{company}/contacts"), &contact);
        let twin = self.call("POST", "/api/v1/companies", 1, &json!({ "name": "二重の株式会社" })).id();
        let merge = json!({ "other": twin.to_string(), "other_version": "1" });
        self.make("merges", &format!("/api/v1/companies/{company}/merge"), &merge);
        let lead =
            json!({ "company_name": "別の町の見込み", "email": "lead@client.example", "source": "web" });
        self.make("leads", "/api/v1/leads", &lead);
        self.make("todos", "/api/v1/todos", &json!({ "title": "別の町の用事", "due_on": "2030-01-10" }));
        self.make("meetings", "/api/v1/meetings", &json!({ "held_on": "2030-01-10" }));
        let session = self.make("advice-sessions", "/api/v1/advice-sessions", &session());
        self.things.insert("advice", session);
        self.make("findings", "/api/v1/findings", &json!({ "title": "別の町の課題" }));
        let plan = json!({ "fiscal_year": "2029", "reason": "別の町の版" });
        let plan = self.make("target-plans", "/api/v1/target-plans", &plan);
        self.things.insert("plans", plan);
        self.make("targets", &format!("/api/v1/target-plans/{plan}/targets"), &target());
        self.make("milestones", "/api/v1/milestones", &milestone());
        let deal = json!({
            "title": "別の町の商談", "company_id": company.to_string(), "contact_id": contact.to_string(),
            "amount": "10000", "expected_close_on": "2030-03-31",
            "next_action": "電話", "next_action_on": "2030-01-10",
        });
        let deal = self.make("deals", "/api/v1/deals", &deal);
        self.make("quotes", &format!("/api/v1/deals/{deal}/quotes"), &quote());
        let version =
            self.call("GET", &format!("/api/v1/deals/{deal}"), 1, &Value::Null).read()["version"].clone();
        let won =
            self.call("POST", &format!("/api/v1/deals/{deal}/win"), version.as_i64().unwrap(), &json!({}));
        assert_eq!(won.status, 200, "{}", won.body);
    }

    /// The order that comes of it, split into units, and a worker with a skill.
    fn produce(&mut self) {
        let end = Instant::now() + PATIENCE;
        let order = loop {
            let orders = self.call("GET", "/api/v1/orders", 1, &Value::Null).read();
            if let Some(order) = orders["items"][0]["id"].as_i64() {
                break order;
            }
            assert!(Instant::now() < end, "the won deal becomes no order");
            crate::whole::world::a_moment();
        };
        self.things.insert("orders", order);
        let job = self.make("jobs", &format!("/api/v1/orders/{order}/jobs"), &job());
        self.things.insert("offers", job);
        let units = self.call("GET", &format!("/api/v1/jobs/{job}/units"), 1, &Value::Null).read();
        let unit = units["items"][0]["id"].as_i64().unwrap_or_else(|| panic!("{units}"));
        self.things.extend([("units", unit), ("my-units", unit)]);
        self.make("skills", "/api/v1/skills", &json!({ "name": "別の町の技能" }));
        let worker = json!({ "family_name": "働手", "email": "worker@other.example", "invite": "yes", "language": "ja",
            "weekly_minutes": "600", "happened_on": "2026-01-10" });
        let worker = self.make("workers", "/api/v1/workers", &worker);
        let kept = json!({ "job_id": job.to_string(), "extent": "job", "reason": "own_wish" });
        self.make("exclusions", &format!("/api/v1/workers/{worker}/exclusions"), &kept);
        let course = json!({ "title": "別の町の研修", "seats": "3", "way": "hall", "days": [
            { "day": far(), "from": "10:00", "until": "12:00" }
        ] });
        let course = self.make("courses", "/api/v1/courses", &course);
        self.things.insert("my-courses", course);
        let seat = json!({ "worker_id": worker });
        let seats = format!("/api/v1/courses/{course}/enrolments");
        assert_eq!(self.call("POST", &seats, 1, &seat).status, 200);
        let seats = self.call("GET", &seats, 1, &Value::Null).read();
        self.things.insert("enrolments", seats["items"][0]["id"].as_i64().unwrap());
        let lead =
            self.call("GET", &format!("/api/v1/workers/{worker}"), 1, &Value::Null).read()["person_id"]
                .clone();
        let interview =
            json!({ "day": far(), "time": "10:00", "way": "phone", "interviewer_id": lead.to_string() });
        self.make("interviews", &format!("/api/v1/workers/{worker}/interviews"), &interview);
    }

    /// What stands on the administrator's own pages: people, mails, sessions, tokens.
    fn settle_in(&mut self) {
        let kinds = [
            ("members", "/members", "/members/"),
            ("messages", "/messages", "/messages/"),
            ("sandbox", "/sandbox", "/sandbox/"),
            ("sessions", "/me", "/me/sessions/"),
            ("tokens", "/me", "/me/tokens/"),
        ];
        let end = Instant::now() + PATIENCE;
        for (kind, page, start) in kinds {
            let id = loop {
                let body = self.town.admin.get(page).body;
                let ids = body.split(start).skip(1).filter_map(|rest| {
                    rest.split(|one: char| !one.is_ascii_digit()).next()?.parse::<i64>().ok()
                });
                if let Some(id) = ids.max() {
                    break id;
                }
                // Mails are on their way.
                assert!(Instant::now() < end, "{page} links to nothing below {start}:\n{body}");
                crate::whole::world::a_moment();
            };
            self.things.insert(kind, id);
        }
    }

    /// The path with ids of the other town; none where it names a thing the town has not, or none of a town.
    fn path_of(&self, route: &Route) -> Option<String> {
        let parts: Vec<&str> = route.path.split('/').collect();
        if !parts.iter().any(|part| part.starts_with('{')) {
            return None;
        }
        let mut filled = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            if part.starts_with('{') {
                filled.push(self.things.get(parts[at - 1])?.to_string());
            } else {
                filled.push((*part).to_owned());
            }
        }
        Some(filled.join("/"))
    }

    /// Everything of the town that can be read as JSON, to see that nothing has changed.
    fn told(&self) -> Vec<String> {
        let reads = ROUTES.iter().filter(|route| {
            route.method == "GET" && route.path.starts_with("/api/v1/") && !may_only_work(route)
        });
        let paths = reads.filter_map(|route| self.path_of(route));
        paths
            .map(|path| {
                let answer = self.call("GET", &path, 1, &Value::Null);
                // How an order looks is there after its first night.
                let may_lack = path.ends_with("/outlook") && answer.status == 404;
                assert!(
                    answer.status == 200 || may_lack,
                    "{path} is not there for its own town: {}",
                    answer.body
                );
                // An open meeting's agenda is taken anew each time it is looked at.
                let body = match answer.body.split_once("\"due\"") {
                    Some((_taken, rest)) if path.ends_with("/agenda") => rest.to_owned(),
                    _ if may_lack => String::new(),
                    _ => answer.body.clone(),
                };
                format!("{path} {body}")
            })
            .collect()
    }
}

/// Whether only workers may use a route.
pub(super) fn may_only_work(route: &Route) -> bool {
    matches!(route.access, Access::Signed(roles) if roles == Roles::WORKER)
}

fn milestone() -> Value {
    json!({ "fiscal_year": "2029", "title": "別の町の節目", "due_on": "2030-01-10" })
}

fn session() -> Value {
    json!({ "held_on": "2030-01-10", "way": "on_site", "adviser": "別の町の助言者", "asked": "営業" })
}

fn target() -> Value {
    json!({ "metric": "calls", "scope": "town", "period": "q1", "value": "3", "reason": "試験" })
}

/// A day some months from now.
fn far() -> String {
    (kernel::date_in_japan(kernel::clock::machine_time()) + chrono::Days::new(90)).to_string()
}

fn quote() -> Value {
    let line = json!({
        "description": "入力", "quantity": "2", "unit_price": "5000", "unit_minutes": "60", "tax_rate": "10",
    });
    json!({ "valid_until": "2030-03-01", "deliver_on": "2030-03-31", "lines": [line] })
}

fn job() -> Value {
    json!({
        "title": "入力", "rules": "一行ずつ", "unit_minutes": "60", "unit_pay": "1500", "count": "2", "offer_rule": "first_come",
        "work_due_on": "2030-03-20", "inspect_days": "5", "pay_day": "25", "label_prefix": "別",
    })
}

#[test]
fn another_towns_things_are_not_there() {
    let (world, other) = (World::shared(), Other::open());
    let before = other.told();
    let (admin, worker) = (world.signed_in("admin"), world.signed_in("worker"));
    let tokens = ["admin", "worker"].map(|part| world.token(&world.sign_in(part).email, &["--write"]));
    let admin = Envoy { person: &admin, token: &tokens[0] };
    let worker = Envoy { person: &worker, token: &tokens[1] };
    let mut wrong = Vec::new();
    let mut left = Vec::new();
    for route in ROUTES.iter().filter(|route| matches!(route.access, Access::Signed(_))) {
        if !route.path.contains('{') {
            continue;
        }
        let Some(path) = other.path_of(route) else {
            left.push(route);
            continue;
        };
        let envoy = if may_only_work(route) { &worker } else { &admin };
        let id = path.split('/').find(|part| part.starts_with(|first: char| first.is_ascii_digit()));
        let status = envoy.ask(route, &path, id.unwrap());
        if status != 404 {
            wrong.push(format!("{} {}: {status}", route.method, route.path));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(other.told(), before);
    neighbours::see_nothing_of_the_demo(&other.town, &other.things, &left);
}
