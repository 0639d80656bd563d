//! Who may write through the API, asked with write tokens: a token carries its owner's roles and needs no form token, so
//! a refusal here is the role's alone.

use web::ROUTES;

use super::matrix::{ROLES, expected, filled};
use super::world::{Answer, World};

/// What somebody who may write is told when they send nothing about something that does not exist.
/// The last two are what asks for nothing: an address of a calendar that is not there is ended, and a week without hours
/// is one of any hours.
const TOLD: [(u16, &str); 7] = [
    (404, "not-found"),
    (422, "invalid"),
    (428, "version-missing"),
    (400, "bad-json"),
    (409, "nothing-to-close"),
    (204, ""),
    (200, ""),
];

fn outcome(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// Each write route of the API, asked with `token`.
fn writes(token: &str) -> impl Iterator<Item = (String, (u16, String))> {
    let guest = World::shared().guest();
    let routes = ROUTES.iter().filter(|route| route.path.starts_with("/api/") && route.method != "GET");
    routes.map(move |route| {
        let answer = guest.json(route.method, &filled(route.path), Some(token), "{}");
        (format!("{} {}", route.method, route.path), outcome(&answer))
    })
}

#[test]
fn a_write_token_may_what_its_owners_role_may() {
    let (world, expected) = (World::shared(), expected());
    for (role, part) in ROLES {
        let token = world.token(&world.sign_in(part).email, &["--write"]);
        for (name, (status, code)) in writes(&token) {
            if expected[&name].split(',').any(|one| one == role) {
                let told = TOLD.contains(&(status, code.as_str()));
                assert!(told, "{role} may use {name}, but is told {status} {code}");
            } else {
                assert_eq!((status, code.as_str()), (403, "forbidden"), "{role} reaches {name}");
            }
        }
    }
}

#[test]
fn a_read_token_writes_nothing() {
    let world = World::shared();
    let token = world.token(&world.sign_in("admin").email, &[]);
    for (name, (status, code)) in writes(&token) {
        assert_eq!((status, code.as_str()), (401, "signed-out"), "{name}");
    }
    assert_eq!(world.guest().json("GET", "/api/v1/companies", Some(&token), "").status, 200);
}
