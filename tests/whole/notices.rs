//! The page of what somebody was told: their own, and read when they say so.

use std::collections::BTreeSet;

use super::pages::check;
use super::world::{Answer, World};

/// What can be said to be read.
fn unread(page: &Answer) -> BTreeSet<String> {
    let words = page.body.split('"').filter(|word| word.starts_with("/notices/") && word.ends_with("/read"));
    words.filter(|word| *word != "/notices/read").map(ToOwned::to_owned).collect()
}

#[test]
fn somebody_finds_what_they_were_told_says_that_they_have_read_it_and_sees_nothing_of_others() {
    let world = World::start("told");
    let reader = world.signed_in("coordinator");
    for language in ["en", "ja"] {
        reader.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        check(&reader.get("/notices"), "/notices", language);
    }
    let page = reader.get("/notices");
    let (csrf, waiting) = (page.csrf(), unread(&page));
    assert!(waiting.len() > 2, "the demo tells its coordinators what happens: {}", page.body);
    assert!(page.body.contains("rail__count"), "and the bell says so");
    let read = waiting.first().unwrap().as_str();
    let path = read.strip_suffix("/read").unwrap();
    let one = reader.get(path);
    check(&one, path, "ja");
    assert!(one.body.contains(&format!("action=\"{read}\"")), "looking alone reads nothing");
    let stranger = world.enters(&world.newcomer("coordinator"));
    assert_eq!(stranger.get(path).status, 404);
    let theirs = stranger.get("/notices");
    check(&theirs, "/notices", "ja");
    assert_eq!(stranger.post(read, &[("csrf", &theirs.csrf())]).status, 404);
    assert!(unread(&reader.get("/notices")).contains(read));
    assert_eq!(reader.post(read, &[("csrf", &csrf)]).status, 303);
    let page = reader.get("/notices");
    assert!(!unread(&page).contains(read) && !unread(&page).is_empty());
    let newest = page.body.split("name=\"up_to\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(reader.post("/notices/read", &[("csrf", &csrf), ("up_to", newest)]).status, 303);
    let left = unread(&reader.get("/notices"));
    assert!(left.is_disjoint(&waiting), "all that the page had shown is read: {left:?}");
    world.stop();
}
