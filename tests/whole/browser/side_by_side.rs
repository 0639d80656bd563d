//! A coordinator at a desk and a worker with a phone, side by side (the coordinator's steps 1 to 6 and the worker's day in the
//! reference's journeys). Each has a keyboard alone, once with scripts and once without any; every page they pass is one that axe finds
//! nothing on.
//!
//! What is ordered: four pieces. The worker takes all of them, hands one in, gives two back on a day that is not a good one,
//! asks for a later day for the last, and leaves for a job. Sampling plans and statements are walked where they are.

mod coordinator;
mod worker;

use std::time::Instant;

use serde_json::{Value, json};

use super::day;
use super::driver::{Driver, Screen, Scripts};
use crate::whole::world::{Answer, PATIENCE, Person, SignIn, World};
use coordinator::Desk;
use worker::Phone;

/// Who walks beside the coordinator, and where mail finds them.
const WORKER: &str = "結城 歩";
const EMAIL: &str = "ayumi@demo.example";
/// Who else can do it, with their hours a week.
const OTHERS: [(&str, &str, i64); 3] = [("和田", "和子", 10), ("千葉", "千秋", 5), ("出口", "大地", 1)];
/// The first of them is asked by name.
const SUBSTITUTE: &str = "和田 和子";
const SUBSTITUTE_EMAIL: &str = "kazuko@demo.example";

const SKILL: &str = "古い字の書きおこし";
const ORDER: &str = "役場の古い台帳";
const JOB: &str = "台帳の写真の書きおこし";
/// Work on the telephone, which not everybody does.
const CALLS: &str = "電話の折り返し";

#[test]
fn a_coordinator_and_a_worker_walk_side_by_side_with_scripts() {
    walk(Scripts::On);
}

#[test]
fn a_coordinator_and_a_worker_walk_side_by_side_without_scripts() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let driver = Driver::start(scripts);
    let world = World::start(if scripts == Scripts::On { "side-by-side" } else { "side-by-side-still" });
    let town = Town::gather(&world);
    let desk = Desk::new(driver.window("desk", &world.base, Screen::Desk), &town);
    let phone = Phone::new(driver.window("phone", &world.base, Screen::Phone), &town);
    desk.opens();
    phone.opens();
    desk.notes_the_trial();
    phone.reads_the_trial();
    phone.sets_hours_and_limits();
    town.has_calls_answered();
    town.lets_others_have_today_off();
    let job = desk.splits();
    desk.shows_how(&job);
    desk.calls_openly(&job);
    phone.sees_what_fits();
    phone.sees_why_another_does_not();
    phone.says_yes();
    phone.keeps_the_terms();
    phone.works_half_way();
    phone.asks();
    desk.answers_and_makes_it_a_rule();
    phone.reads_the_rule();
    phone.hands_in();
    desk.checks();
    phone.sees_hours_and_money();
    phone.is_not_well();
    desk.gives_the_rest_to_another(&job);
    phone.asks_for_a_later_day();
    desk.answers_the_wish(&job);
    phone.reads_the_answer_and_agrees();
    desk.gives_a_rest();
    phone.rests();
    desk.says_goodbye();
    drop((desk, phone));
    world.stop();
}

/// What both find, and what others do meanwhile: nobody sees them do it.
struct Town<'w> {
    world: &'w World,
    /// The coordinator, who has other windows too.
    coordinator: Person,
    token: String,
    /// How the worker who walks signs in.
    sign_in: SignIn,
    /// Worker, order and skill of the walk, by number.
    worker: i64,
    others: Vec<i64>,
    order: i64,
    skill: i64,
}

impl<'w> Town<'w> {
    fn gather(world: &'w World) -> Self {
        let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
        let coordinator = world.signed_in("coordinator");
        let mut town = Self {
            world,
            coordinator,
            token,
            sign_in: SignIn { email: EMAIL.to_owned(), password: String::new() },
            worker: 0,
            others: Vec::new(),
            order: 0,
            skill: 0,
        };
        town.skill = town.tells("/api/v1/skills", &json!({ "name": SKILL })).id();
        town.worker = town.registers(&json!({
            "family_name": "結城", "given_name": "歩", "email": EMAIL, "invite": "yes", "weekly_minutes": 180,
        }));
        let link = world.mailed_link(&world.signed_in("admin"), EMAIL, "/join/");
        town.sign_in = world.joins(EMAIL.to_owned(), &link);
        town.others = OTHERS.iter().map(|other| town.registers_another(other)).collect();
        town.order = town.ordered(ORDER, 4);
        town
    }

    fn registers_another(&self, (family, given, hours): &(&str, &str, i64)) -> i64 {
        let email = if format!("{family} {given}") == SUBSTITUTE { SUBSTITUTE_EMAIL } else { "" };
        let worker = self.registers(&json!({
            "family_name": family, "given_name": given, "email": email, "weekly_minutes": hours * 60,
        }));
        self.tells(&format!("/api/v1/workers/{worker}/skills/{}", self.skill), &json!({}));
        worker
    }

    /// Somebody new who may begin at once.
    fn registers(&self, who: &Value) -> i64 {
        let worker = self.tells("/api/v1/workers", who).id();
        self.tells(&format!("/api/v1/workers/{worker}/steps"), &json!({ "kind": "activated" }));
        worker
    }

    /// A client orders so many pieces by telephone; the order is there a moment later.
    fn ordered(&self, title: &str, pieces: i64) -> i64 {
        let sales = self.world.token(&self.world.sign_in("sales").email, &["--write"]);
        let client =
            self.asks_as(&sales, "/api/v1/companies", &json!({ "name": format!("{title}の会") })).id();
        let line = json!({
            "description": title, "quantity": pieces, "unit_price": 1_000, "unit_minutes": 30,
        });
        let entered = json!({
            "company_id": client, "title": title, "source": "phone", "deliver_on": day(40), "lines": [line],
        });
        let deal = self.tells("/api/v1/orders", &entered).id();
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self.order_of(deal);
            if let Some(order) = found {
                return order;
            }
            assert!(Instant::now() < until, "no order was opened for {title}");
        }
    }

    fn order_of(&self, deal: i64) -> Option<i64> {
        let mut after = String::new();
        loop {
            let page = self.reads(&self.token, &format!("/api/v1/orders?limit=100&after={after}"));
            let orders = page["items"].as_array().unwrap();
            if let Some(order) = orders.iter().find(|order| order["deal_id"] == deal) {
                return order["id"].as_i64();
            }
            page["next"].as_str()?.clone_into(&mut after);
        }
    }

    fn reads(&self, token: &str, path: &str) -> Value {
        let answer = self.world.guest().json("GET", path, Some(token), "");
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        answer.read()
    }

    fn asks_as(&self, token: &str, path: &str, body: &Value) -> Answer {
        let answer = self.world.guest().json("POST", path, Some(token), &body.to_string());
        assert!(answer.status < 300, "POST {path}: {} {}", answer.status, answer.body);
        answer
    }

    /// The coordinator does it without a page.
    fn tells(&self, path: &str, body: &Value) -> Answer {
        self.asks_as(&self.token, path, body)
    }

    /// Work on the telephone comes and goes: somebody else does it, and it passes at once.
    fn has_calls_answered(&self) {
        let order = self.ordered(CALLS, 1);
        let job = self.tells(
            &format!("/api/v1/orders/{order}/jobs"),
            &json!({
                "title": CALLS, "rules": "名簿の順に電話する", "unit_minutes": 30, "unit_pay": 600, "count": 1,
                "skill_id": self.skill, "asks_phone": "yes", "work_due_on": day(10),
            }),
        );
        self.tells(&format!("/api/v1/orders/{order}/start"), &json!({}));
        // Nobody else than the one who is to do it.
        self.are_off(&self.others[1..], true);
        self.tells(&format!("/api/v1/jobs/{}/offer", job.id()), &json!({}));
        let token = self.substitutes_token();
        for unit in self.substitute_takes(job.id(), 1) {
            let unit = format!("/api/v1/my-units/{unit}");
            self.asks_as(&token, &format!("{unit}/start"), &json!({}));
            let made =
                self.asks_as(&token, &format!("{unit}/submit"), &json!({ "result_text": "折り返しました" }));
            self.tells(&format!("/api/v1/reviews/{}", made.id()), &json!({ "verdict": "pass" }));
        }
    }

    fn substitutes_token(&self) -> String {
        self.world.token(SUBSTITUTE_EMAIL, &["--write"])
    }

    /// The substitute reads the terms of so many units and takes them.
    fn substitute_takes(&self, job: i64, count: i64) -> Vec<i64> {
        let token = self.substitutes_token();
        let terms = self.reads(&token, &format!("/api/v1/offers/{job}?count={count}"))["terms"].clone();
        let accepted =
            json!({ "count": count, "terms_sha256": terms["sha256"], "language": terms["language"] });
        let claimed = self.asks_as(&token, &format!("/api/v1/offers/{job}/claim"), &accepted).read();
        claimed["units"].as_array().unwrap().iter().filter_map(Value::as_i64).collect()
    }

    /// All others have today off, so that the open round reaches one person.
    fn lets_others_have_today_off(&self) {
        self.are_off(&self.others, true);
    }

    fn has_others_back(&self) {
        self.are_off(&self.others, false);
    }

    fn are_off(&self, who: &[i64], off: bool) {
        let today = day(0);
        for worker in who {
            let page = format!("/workers/{worker}/availability");
            let form = format!("{page}/days{}", if off { "" } else { "/clear" });
            self.coordinator.submit(&page, &form, &[("day", &today)]);
        }
    }

    /// Whether the worker who walks was mailed about this.
    fn has_mailed(&self, subject: &str) {
        let admin = self.world.signed_in("admin");
        let end = Instant::now() + PATIENCE;
        while !admin.get(&format!("/sandbox?to={EMAIL}")).body.contains(subject) {
            assert!(Instant::now() < end, "no mail to {EMAIL} is about {subject}");
            crate::whole::world::a_moment();
        }
    }
}
