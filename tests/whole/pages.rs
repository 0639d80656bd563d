//! Every page that can be opened without an id, in both languages, for somebody who may open it: it renders, says
//! what it is, and carries the headers that protect it.

use web::{Access, ROUTES};

use super::world::{Answer, World};

const PARTS: [&str; 6] = ["admin", "sales", "coordinator", "worker", "officer", "adviser"];

pub(super) fn check(answer: &Answer, path: &str, language: &str) {
    assert_eq!(answer.status, 200, "{path} in {language}: {}", answer.body);
    assert!(
        answer.body.contains(&format!("<html lang=\"{language}\"")),
        "{path} speaks another language than {language}"
    );
    assert!(!answer.body.contains("[undefined]") && !answer.body.contains("[error-"), "{path} shows a gap");
    assert_eq!(answer.body.matches("<h1").count(), 1, "{path} has not exactly one h1");
    assert!(
        !answer.body.contains(" style=\"") && !answer.body.contains("<style"),
        "{path} has inline styles"
    );
    assert!(answer.body.len() < 200_000, "{path} is {} bytes long", answer.body.len());
    for header in ["content-security-policy", "x-content-type-options", "referrer-policy"] {
        assert!(answer.headers.contains_key(header), "{path} lacks {header}");
    }
}

#[test]
fn every_page_renders_in_both_languages() {
    let world = World::shared();
    for part in PARTS {
        for language in ["en", "ja"] {
            let person = world.signed_in(part);
            person.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
            for route in ROUTES.iter().filter(|route| route.method == "GET" && !route.path.contains('{')) {
                let is_page = !route.path.starts_with("/api/")
                    && !route.path.ends_with('z')
                    && route.path != "/delivery"
                    && route.path != "/setup";
                if !is_page {
                    continue;
                }
                let answer = person.get(route.path);
                match (route.access, answer.status) {
                    (Access::Signed(_), 403) | (_, 422) => {}
                    _ => check(&answer, route.path, language),
                }
            }
        }
    }
}

#[test]
fn an_error_page_has_a_way_back_and_a_number_to_tell() {
    let world = World::shared();
    let missing = world.signed_in("sales").get("/deals/999999999");
    assert_eq!(missing.status, 404);
    assert!(
        missing.body.contains("お問い合わせ番号") && missing.body.contains("ホームに戻る"),
        "{}",
        missing.body
    );
    let stranger = world.guest().get("/companies");
    assert_eq!(stranger.status, 401);
}
