//! A program that uses the JSON API with a token, and judges every answer by the description.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Mutex;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use super::super::world::{Answer, Person, World};
use super::Published;

/// The operations that have ended well so far, over all clients of this process.
pub(super) static WALKED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The mail whose words are walked.
const MAIL: &str = "work_offered/ja";

/// A program acting for one person.
pub(super) struct Client {
    person: Person,
    token: String,
    calls: Cell<u32>,
    name: &'static str,
}

/// What an operation answered, known to fit.
pub(super) struct Fitting {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) etag: Option<String>,
}

impl Fitting {
    pub(super) fn id(&self) -> i64 {
        self.body["id"].as_i64().unwrap_or_else(|| panic!("no id in {}", self.body))
    }

    /// `If-Match` for the next edit.
    pub(super) fn tag(&self) -> String {
        self.etag.clone().unwrap_or_else(|| panic!("no ETag with {}", self.body))
    }
}

impl Client {
    /// Signs in, makes a token and goes on without the session.
    pub(super) fn of(world: &World, name: &'static str) -> Self {
        let browser = world.signed_in(name);
        let csrf = browser.get("/me").csrf();
        let fields = [("csrf", csrf.as_str()), ("name", "walk"), ("access", "write"), ("days", "1")];
        let page = browser.post("/me/tokens", &fields);
        let token = page.body.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next());
        let token = token.unwrap_or_else(|| panic!("no token in {}", page.body)).to_owned();
        Self { person: world.guest(), token, calls: Cell::new(0), name }
    }

    /// A program of another town, with its token.
    pub(super) fn with(world: &World, token: &str, name: &'static str) -> Self {
        Self { person: world.guest(), token: token.to_owned(), calls: Cell::new(0), name }
    }

    /// Sends a request to the route `path` with its parameters filled in, and judges the answer.
    pub(super) fn send(
        &self,
        (method, path): (&str, &str),
        places: &[i64],
        headers: &[(&str, &str)],
        body: &str,
    ) -> Fitting {
        let mut filled =
            path.replace("{name}/{language}", MAIL).replace("exports/{kind}", "exports/companies");
        for place in places {
            let (from, to) = (filled.find('{').unwrap(), filled.find('}').unwrap());
            filled.replace_range(from..=to, &place.to_string());
        }
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        let answer = self.person.send(method, &filled, &all, body);
        self.judge(method, path.split('?').next().unwrap(), &answer)
    }

    fn judge(&self, method: &str, path: &str, answer: &Answer) -> Fitting {
        Published::shared().fits(method, path, answer);
        if answer.status < 300 {
            WALKED.lock().unwrap().insert(format!("{method} {path}"));
        }
        let etag = answer.headers.get("etag").map(|value| value.to_str().unwrap().to_owned());
        Fitting { status: answer.status, body: serde_json::from_str(&answer.body).unwrap_or_default(), etag }
    }

    pub(super) fn get(&self, path: &str, places: &[i64]) -> Fitting {
        self.good(("GET", path), places, &[], "")
    }

    /// A request that has to end well.
    fn good(&self, route: (&str, &str), places: &[i64], headers: &[(&str, &str)], body: &str) -> Fitting {
        let fitting = self.send(route, places, headers, body);
        let (name, status) = (self.name, fitting.status);
        assert!(status < 300, "{name}: {route:?} {places:?} {body} → {status} {:#}", fitting.body);
        fitting
    }

    /// A verb without a body.
    pub(super) fn act(&self, path: &str, places: &[i64]) -> Fitting {
        self.good(("POST", path), places, &[], "")
    }

    /// A verb without a body on a version.
    pub(super) fn act_on(&self, path: &str, places: &[i64], tag: &str) -> Fitting {
        self.good(("POST", path), places, &[("if-match", tag)], "")
    }

    /// A verb with its own example, changed by `change`.
    pub(super) fn post(&self, path: &str, places: &[i64], change: impl Fn(&mut Value)) -> Fitting {
        self.write(("POST", path), places, None, change)
    }

    /// The same with `If-Match`, for any method.
    pub(super) fn write(
        &self,
        route: (&str, &str),
        places: &[i64],
        tag: Option<&str>,
        change: impl Fn(&mut Value),
    ) -> Fitting {
        let mut body = Published::shared().example(route.0, route.1);
        from_today(&mut body);
        change(&mut body);
        self.calls.set(self.calls.get() + 1);
        let key = format!("{} {} {}", self.name, std::process::id(), self.calls.get());
        let mut headers = vec![("content-type", "application/json"), ("idempotency-key", key.as_str())];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        let first = self.good(route, places, &headers, &body.to_string());
        if route.0 == "POST" {
            let again = self.good(route, places, &headers, &body.to_string());
            assert_eq!(
                (first.status, &first.body),
                (again.status, &again.body),
                "{route:?}: the key is kept"
            );
        }
        first
    }

    /// Hands a file over.
    pub(super) fn upload(&self, name: &str, text: &str) -> Fitting {
        self.upload_to("/api/v1/files", name, text)
    }

    /// Hands a file over to that path.
    pub(super) fn upload_to(&self, path: &str, name: &str, text: &str) -> Fitting {
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n{text}\r\n--edge--\r\n"
        );
        let headers = [("content-type", "multipart/form-data; boundary=edge")];
        self.good(("POST", path), &[], &headers, &body)
    }
}

/// Examples were written on a day; their days move along with ours.
fn from_today(value: &mut Value) {
    const WRITTEN: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
    match value {
        Value::String(text) => {
            if let Ok(day) = text.parse::<NaiveDate>() {
                let ahead = (kernel::date_in_japan(kernel::clock::machine_time()) - WRITTEN).num_days();
                let moved = day.checked_add_days(Days::new(u64::try_from(ahead.max(0)).unwrap()));
                *text = moved.unwrap().to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(from_today),
        Value::Object(fields) => fields.values_mut().for_each(from_today),
        _ => {}
    }
}
