//! The authorization matrix: every route × every role. The expected roles stand in `authorization.tsv`, reviewed
//! apart from the code; a route without a row fails.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use web::{Access, ROUTES, Roles, Route};

use super::api::Published;
use super::world::{Answer, Person, World};

/// The demo's sign-ins that hold exactly one role, in the table's order.
pub(super) const ROLES: [(&str, &str); 6] = [
    ("admin", "admin"),
    ("sales", "sales"),
    ("coordinator", "coordinator"),
    ("worker", "worker"),
    ("officer", "officer"),
    ("adviser", "adviser"),
];

/// `METHOD path` → who may: `public`, `link`, or roles by comma.
pub(super) fn expected() -> BTreeMap<String, String> {
    let table = include_str!("../authorization.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let (route, who) = line.split_once('\t').unwrap();
        (route.to_owned(), who.trim().to_owned())
    })
    .collect()
}

#[test]
fn every_route_has_its_row() {
    let expected = expected();
    let routes: Vec<String> = ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    for route in ROUTES.iter() {
        let name = format!("{} {}", route.method, route.path);
        let row = expected.get(&name).unwrap_or_else(|| panic!("authorization.tsv has no row for {name}"));
        let access = match route.access {
            Access::Public => "public".to_owned(),
            Access::Link => "link".to_owned(),
            Access::OneClick => "one-click".to_owned(),
            Access::Monitoring => "monitoring".to_owned(),
            Access::Signed(roles) => words(roles),
        };
        assert_eq!(&access, row, "{name}");
    }
    for row in expected.keys() {
        assert!(routes.contains(row), "authorization.tsv names a route that does not exist: {row}");
    }
}

fn words(roles: Roles) -> String {
    let held = accounts::Role::ALL.iter().filter(|role| roles.any_of([**role]));
    held.map(|role| role.as_str()).collect::<Vec<_>>().join(",")
}

/// Ids nobody has: whoever may use the route gets 404 and never learns more.
pub(super) fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{town}" => "demo",
            "{language}" => "en",
            "{tag}" => "companies",
            "{secret}" => "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "{number}" => "7123456789012",
            // Two that were one and the same would be refused for that.
            "{other}" => "999999998",
            other if other.starts_with('{') => "999999999",
            other => other,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Whether a path names something that is not there: all that stands in braces but what [`filled`] knows to exist.
fn names_nothing(route: &Route) -> bool {
    let known = ["{town}", "{language}", "{tag}", "{secret}", "{token}"];
    route.path.split('/').any(|part| part.starts_with('{') && !known.contains(&part))
}

/// What a form about the thing `id` needs so that it is in order: the id alone decides then. All other forms look for
/// their thing first, or ask for nothing that could be wrong.
pub(super) fn fields(route: &Route, id: &str) -> Vec<(String, &'static str)> {
    let named = |fields: &[(&str, &'static str)]| -> Vec<(String, &'static str)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    };
    match route.path {
        "/members/{id}" => {
            named(&[("family_name", "任"), ("email", "nobody@demo.example"), ("language", "ja")])
        }
        "/members/{id}/roles" => named(&[("roles", "sales")]),
        "/skills/{id}" => named(&[("name", "技能")]),
        "/quality/defects/{id}" => named(&[("name", "欠陥"), ("severity", "major")]),
        "/suppressions/{id}/lift" => vec![(format!("suppressions.{id}.note"), "電話で聞いた")],
        "/calls/{id}/close" => vec![(format!("calls.{id}.note"), "電話で伝えた")],
        "/messages/{id}/resend" => named(&[("reason", "電話で聞いた")]),
        "/companies/{id}/merge" | "/contacts/{id}/merge" => {
            named(&[("other", "999999998"), ("other_version", "1")])
        }
        _ => Vec::new(),
    }
}

/// Asks as a page of ours does, and judges what the JSON API answers by its published description. Where the path names
/// something that is not there, what is sent is in order. Elsewhere it is no object, so that whoever may write still
/// writes nothing.
fn ask(person: &Person, route: &Route, csrf: &str) -> Answer {
    let (method, path) = (route.method, filled(route.path));
    let answer = match (method, is_api(route)) {
        ("GET", _) => person.get(&path),
        ("POST", false) if names_nothing(route) => {
            let fields = fields(route, "999999999");
            let fields = fields.iter().map(|(name, value)| (name.as_str(), *value));
            person.post(&path, &fields.chain([("csrf", csrf), ("version", "1")]).collect::<Vec<_>>())
        }
        ("POST", false) => person.post(&path, &[("csrf", csrf)]),
        (method, _) => {
            let mut headers = vec![("content-type", "application/json"), ("x-csrf-token", csrf)];
            let mut body = "null".to_owned();
            if names_nothing(route) {
                headers.push(("if-match", "\"1\""));
                body = Published::shared().taken(method, route.path).to_string();
            }
            person.send(method, &path, &headers, &body)
        }
    };
    if is_api(route) {
        Published::shared().fits(method, route.path, &answer);
    }
    answer
}

fn is_api(route: &Route) -> bool {
    route.path.starts_with("/api/v1/")
}

#[test]
fn each_role_reaches_what_is_its_own_and_nothing_else() {
    let world = World::shared();
    let expected = expected();
    for (role, part) in ROLES {
        let person = world.signed_in(part);
        let csrf = person.get("/me").csrf();
        for route in ROUTES.iter() {
            let name = format!("{} {}", route.method, route.path);
            if route.path == "/sign-out" || route.path == "/me/sessions/end-others" {
                continue;
            }
            let allowed = match expected[&name].as_str() {
                "public" | "link" | "one-click" | "monitoring" => true,
                roles => roles.split(',').any(|one| one == role),
            };
            let answer = ask(&person, route, &csrf);
            let status = answer.status;
            assert!(status < 500, "{role}: {name} answered {status}");
            if allowed {
                // The sign-in form answers 401 to empty credentials, like to wrong ones.
                let refused = status == 403 || (status == 401 && matches!(route.access, Access::Signed(_)));
                assert!(!refused, "{role} may not use {name}: {status}");
                if names_nothing(route) {
                    assert_eq!(status, 404, "{role}: {name}: what nobody has is there: {}", answer.body);
                }
                if is_api(route) && route.method != "GET" {
                    a_cookie_alone_writes_nothing(&person, route);
                }
            } else {
                assert_eq!(status, 403, "{role} reaches {name}");
                assert!(!is_api(route) || answer.code() == "forbidden", "{role}: {name}: {}", answer.body);
            }
        }
    }
}

#[test]
fn nobody_without_a_session_reaches_anything_private() {
    let world = World::shared();
    let guest = world.guest();
    for route in ROUTES.iter() {
        if matches!(route.access, Access::Signed(_)) {
            let status = ask(&guest, route, "none").status;
            assert_eq!(status, 401, "{} {}", route.method, route.path);
        }
    }
}

#[test]
fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    let world = World::shared();
    let admin = world.signed_in("admin");
    for token in ["", "AAAA"] {
        let answer = admin.post("/me/preferences", &[("csrf", token), ("theme", "dark")]);
        assert_eq!(answer.status, 403);
    }
}

#[test]
fn a_method_that_a_path_does_not_have_is_not_found_whatever_comes_with_it() {
    let admin = World::shared().signed_in("admin");
    let csrf = admin.get("/me").csrf();
    let headers = [("content-type", "application/json"), ("x-csrf-token", &*csrf)];
    for (method, path) in [("DELETE", "/api/v1/companies/1"), ("PUT", "/companies/1"), ("POST", "/healthz")] {
        for body in ["", "{}"] {
            let answer = admin.send(method, path, &headers, body);
            assert_eq!(answer.status, 404, "{method} {path} with {body:?}: {}", answer.body);
        }
    }
    // As a form sends it that was open while its page went away, and a program that was never let in.
    for path in ["/healthz", "/no-longer", "/api/v1/no-longer"] {
        assert_eq!(admin.post(path, &[("csrf", &csrf)]).status, 404, "a form to {path}");
        let program = World::shared().guest().json("POST", path, None, "{}");
        assert_eq!(program.status, 404, "a program at {path}: {}", program.body);
    }
}

/// A cookie alone never writes through the API: a form token or an API token has to come with it.
fn a_cookie_alone_writes_nothing(person: &Person, route: &Route) {
    for csrf in ["", "AAAA"] {
        let answer = ask(person, route, csrf);
        let refused = (answer.status, &*answer.code());
        assert_eq!(refused, (403, "bad-form-token"), "{} {}", route.method, route.path);
    }
}

/// What comes back for the head of a request whose body never comes.
fn answer_without_a_body(head: &str) -> String {
    let address = World::shared().base.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    status
}

#[test]
fn whoever_may_not_use_a_route_is_told_before_the_body_is_read() {
    for path in ["/companies", "/my-units/1/submit", "/api/v1/companies"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: 20000000\r\n\r\n"
        );
        let status = answer_without_a_body(&head);
        assert!(status.starts_with("HTTP/1.1 401"), "{path}: {status}");
    }
}
