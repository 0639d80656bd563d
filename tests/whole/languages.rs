//! Pages that one comes to by a link or at a rare moment, in both languages: the others are walked by `pages` and, in a browser,
//! by `phone`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::pages::check;
use super::world::{Answer, Person, World};

/// On every page: the mark in its head, and how the language is called in which one could read on.
const EVERYWHERE: [&str; 2] = ["結", "日本語"];

fn is_japanese(one: char) -> bool {
    matches!(one, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '々') && one != '・'
}

/// The Japanese words of a page, wherever they stand in it.
fn japanese(page: &Answer) -> BTreeSet<&str> {
    let body = page.body.split_once("<body").map_or("", |(_head, body)| body);
    body.split(|one: char| !is_japanese(one)).filter(|word| !word.is_empty()).collect()
}

/// A page as somebody who is not signed in reads it, once in each language. What is Japanese in the English one is a name or
/// what somebody wrote: it stands in `data`.
pub(super) fn in_both_languages(person: &Person, path: &str, data: &str) {
    for language in ["en", "ja"] {
        assert_eq!(person.get(&format!("/language/{language}")).status, 303);
        let page = person.get(path);
        check(&page, path, language);
        if language == "en" {
            let words = japanese(&page);
            let left: Vec<_> =
                words.into_iter().filter(|word| !EVERYWHERE.contains(word) && !data.contains(word)).collect();
            assert_eq!(left, [] as [&str; 0], "{path} is not all English: {}", page.body);
        }
    }
}

/// A page of somebody who is signed in and whose language nobody else reads, who reads Japanese afterwards.
pub(super) fn of_a_member_in_both_languages(person: &Person, path: &str) {
    for language in ["en", "ja"] {
        person.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        check(&person.get(path), path, language);
    }
}

/// A worker of `world`, which is nobody else's, whose deadline has moved and whose work ends: what they read then.
pub(super) fn rare_moments_of_a_worker(world: &World) {
    let [own, running] =
        ["worker", "coordinator"].map(|part| world.token(&world.sign_in(part).email, &["--write"]));
    let call = |token: &str, method: &str, path: &str, version: &Value, body: &Value| {
        let (bearer, tag) = (format!("Bearer {token}"), format!("\"{version}\""));
        let headers =
            [("content-type", "application/json"), ("authorization", &*bearer), ("if-match", &*tag)];
        world.guest().send(method, path, &headers, &body.to_string())
    };
    let read = |token: &str, path: &str| call(token, "GET", path, &json!(1), &Value::Null).read();
    let items = |list: Value| list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}")).clone();

    for unit in items(read(&own, "/api/v1/my-units")) {
        let path = format!("/api/v1/jobs/{}", unit["job"]);
        let job = read(&running, &path);
        let due: chrono::NaiveDate = job["work_due_on"].as_str().unwrap().parse().unwrap();
        let later = json!({ "work_due_on": (due + chrono::Days::new(1)).to_string(), "note": "素材の遅れ" });
        // Some are done with: one that is not suffices.
        call(&running, "POST", &format!("{path}/extend"), &job["version"], &later);
    }
    let held = items(read(&own, "/api/v1/my-units"));
    let moved = held.iter().find(|unit| unit["moved_to"].is_string());
    let moved = moved.unwrap_or_else(|| panic!("no deadline has moved: {held:?}"));

    let person = world.signed_in("worker");
    let notice = json!({ "ends_on": far(), "reason": "発注者との契約が終わるため", "tells_reason": "yes" });
    let mut workers = items(read(&running, "/api/v1/workers?state=active&limit=100")).into_iter();
    let ending = workers.find_map(|worker| {
        let path = format!("/api/v1/workers/{}/endings", worker["id"]);
        let given = call(&running, "POST", &path, &json!(1), &notice);
        let page = format!("/my-endings/{}", given.id());
        (person.get(&page).status == 200).then_some(page)
    });
    of_a_member_in_both_languages(&person, &ending.expect("one of them is this worker"));
    of_a_member_in_both_languages(&person, &format!("/my-units/{}/deadline", moved["unit"]));
}

/// A day some months from now.
fn far() -> String {
    (kernel::date_in_japan(kernel::clock::machine_time()) + chrono::Days::new(120)).to_string()
}
