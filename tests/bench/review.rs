//! A checker's afternoon: how long it takes from a verdict until the next piece is there to look at, in a town of two thousand
//! units and in one of a million; through the running program, as a browser sends the form and follows where it leads.
//!
//! What is checked is made before through the API: somebody new takes the pieces of a new job and hands all of them in. The
//! towns are those of the seven questions.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use queue::Wake;
use serde_json::{Value, json};

use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::pages::{Reader, Town, between};
use crate::program::{Started, binary};
use crate::server::Server;
use crate::seven;

/// How many verdicts are given before they are timed, and then.
const WARM: usize = 20;
const TIMED: usize = 100;
/// An order is opened by a task, a moment after it was entered.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "review",
    figures: &[
        Figure {
            name: "review: the next piece after a verdict, 1,000,000 units, p95",
            unit: "ms",
            target: Target::AtMost(100.0),
        },
        Figure {
            name: "review: the next piece after a verdict, against 2,000 units",
            unit: "times",
            target: Target::AtMost(3.0),
        },
    ],
    measure,
}];

fn measure(_server: &Server) -> Result<Vec<Sample>, Trouble> {
    let binary = binary()?;
    let [few, many] = seven::in_both(|town| an_afternoon(&binary, town))?;
    Ok(vec![Sample::of(many), Sample::of(many / few)])
}

/// The p95 from a verdict to the next piece, in milliseconds.
fn an_afternoon(binary: &Path, town: &Town) -> Result<f64, Trouble> {
    let (running, _) = Started::until_first_page(binary, &town.data())?;
    let waiting = Office { binary, town, port: running.port }.pieces_to_check()?;
    let checker = Reader::signed_in(running.port, town)?;
    let first = waiting.first().ok_or("nothing was handed in")?;
    let form = checker.ask("GET", first, "")?;
    let csrf = between(&form, "name=\"csrf\" value=\"", "\"").ok_or("the form has no token")?;
    let times: Result<Vec<f64>, Trouble> =
        waiting.iter().map(|piece| verdict(&checker, piece, csrf)).collect();
    running.stop()?;
    Ok(percentile(times?.into_iter().skip(WARM), 0.95))
}

/// Lets a piece pass and follows to the next one.
fn verdict(checker: &Reader, piece: &str, csrf: &str) -> Result<f64, Trouble> {
    let began = Instant::now();
    let decided = checker.ask("POST", piece, &format!("csrf={csrf}&verdict=pass"))?;
    let next = between(&decided, "\r\nlocation: ", "\r\n")
        .ok_or_else(|| format!("{piece} is not decided: {decided}"))?;
    let page = checker.ask("GET", next, "")?;
    let taken = began.elapsed().as_secs_f64() * 1_000.0;
    if page.starts_with("HTTP/1.1 200") { Ok(taken) } else { Err(format!("{next} is no page").into()) }
}

/// Who does through the API what comes before a check.
struct Office<'t> {
    binary: &'t Path,
    town: &'t Town,
    port: u16,
}

impl Office<'_> {
    /// The pages of the pieces that somebody new has handed in.
    fn pieces_to_check(&self) -> Result<Vec<String>, Trouble> {
        let count = WARM + TIMED;
        let coordinator = self.token(&self.town.email)?;
        let mine = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let email = format!("maker{mine}@demo.example");
        let somebody = json!({ "family_name": "計測", "email": email, "weekly_minutes": 2_400 });
        let worker = id(&self.tells(&coordinator, "/api/v1/workers", &somebody)?)?;
        self.tells(
            &coordinator,
            &format!("/api/v1/workers/{worker}/steps"),
            &json!({ "kind": "activated" }),
        )?;
        let job = self.job(&coordinator, count)?;
        let maker = self.token(&email)?;
        let offer = format!("/api/v1/offers/{job}");
        let terms = self.asks("GET", &maker, &format!("{offer}?count={count}"), "")?;
        let accepted = json!({
            "count": count, "terms_sha256": at(&terms, "/terms/sha256")?, "language": at(&terms, "/terms/language")?,
        });
        let claimed = self.tells(&maker, &format!("{offer}/claim"), &accepted)?;
        let units = at(&claimed, "/units")?.as_array().ok_or("nothing was claimed")?;
        units
            .iter()
            .map(|unit| self.handed_in(&maker, unit.as_i64().ok_or("a unit has no number")?))
            .collect()
    }

    /// A job of a new order, first come, first served.
    fn job(&self, coordinator: &str, count: usize) -> Result<i64, Trouble> {
        let clients = self.asks("GET", coordinator, "/api/v1/companies?limit=1", "")?;
        let line = json!({ "description": "入力", "quantity": count, "unit_price": 100, "unit_minutes": 1 });
        let entered = json!({
            "company_id": at(&clients, "/items/0/id")?, "title": "検品の計測", "source": "phone",
            "deliver_on": "2099-12-31", "lines": [line],
        });
        let deal = id(&self.tells(coordinator, "/api/v1/orders", &entered)?)?;
        let order = self.order_of(coordinator, deal)?;
        let split = json!({
            "title": "検品の計測", "rules": "見本のとおりに入力する。", "unit_minutes": 1, "unit_pay": 20,
            "count": count, "offer_rule": "first_come", "work_due_on": "2099-12-01",
        });
        let job = id(&self.tells(coordinator, &format!("/api/v1/orders/{order}/jobs"), &split)?)?;
        self.tells(coordinator, &format!("/api/v1/orders/{order}/start"), &json!({}))?;
        self.tells(coordinator, &format!("/api/v1/jobs/{job}/offer"), &json!({}))?;
        Ok(job)
    }

    fn order_of(&self, coordinator: &str, deal: i64) -> Result<i64, Trouble> {
        let (began, mut after) = (Instant::now(), String::new());
        while began.elapsed() < PATIENCE {
            let page =
                self.asks("GET", coordinator, &format!("/api/v1/orders?limit=100&after={after}"), "")?;
            let orders = at(&page, "/items")?.as_array().ok_or("orders are no list")?;
            if let Some(order) =
                orders.iter().find(|order| order.get("deal_id").is_some_and(|of| *of == deal))
            {
                return id(order);
            }
            at(&page, "/next")?.as_str().unwrap_or_default().clone_into(&mut after);
            if after.is_empty() {
                Wake::default().wait(Duration::from_millis(50));
            }
        }
        Err("the order is not opened".into())
    }

    fn handed_in(&self, maker: &str, unit: i64) -> Result<String, Trouble> {
        self.tells(maker, &format!("/api/v1/my-units/{unit}/start"), &json!({}))?;
        let result = json!({ "result_text": "計測のための文です。\n二行目。" });
        let made = self.tells(maker, &format!("/api/v1/my-units/{unit}/submit"), &result)?;
        Ok(format!("/review/{}", id(&made)?))
    }

    fn token(&self, email: &str) -> Result<String, Trouble> {
        let data = self.town.data();
        let made = Command::new(self.binary)
            .arg("--data")
            .arg(data)
            .args(["token", "demo", email, "--write"])
            .output()?;
        let token = String::from_utf8(made.stdout)?.trim().to_owned();
        if made.status.success() { Ok(token) } else { Err(format!("no token for {email}").into()) }
    }

    fn tells(&self, token: &str, path: &str, body: &Value) -> Result<Value, Trouble> {
        self.asks("POST", token, path, &body.to_string())
    }

    fn asks(&self, method: &str, token: &str, path: &str, body: &str) -> Result<Value, Trouble> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let said = answer.split_once("\r\n\r\n").map(|(_, said)| said).unwrap_or_default();
        if answer.starts_with("HTTP/1.1 2") {
            Ok(serde_json::from_str(said)?)
        } else {
            Err(format!("{method} {path}: {answer}").into())
        }
    }
}

fn id(made: &Value) -> Result<i64, Trouble> {
    at(made, "/id")?.as_i64().ok_or_else(|| format!("{made} has no number").into())
}

/// What stands at a place of an answer, as RFC 6901 writes it.
fn at<'a>(answer: &'a Value, place: &str) -> Result<&'a Value, Trouble> {
    answer.pointer(place).ok_or_else(|| format!("nothing at {place} of {answer}").into())
}
