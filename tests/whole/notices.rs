//! The page of what somebody was told: their own, and read when they say so.

use super::pages::check;
use super::world::World;

#[test]
fn somebody_finds_what_they_were_told_says_that_they_have_read_it_and_sees_nothing_of_others() {
    let world = World::start("told");
    let reader = world.signed_in("coordinator");
    for language in ["en", "ja"] {
        reader.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        check(&reader.get("/notices"), "/notices", language);
    }
    let page = reader.get("/notices");
    let csrf = page.csrf();
    let unread = page.body.matches("/read\"").count();
    assert!(unread > 2, "the demo tells its coordinators what happens: {}", page.body);
    let path = page.body.split('"').find(|word| word.starts_with("/notices/") && !word.ends_with("/read"));
    let path = path.unwrap().to_owned();
    let one = reader.get(&path);
    check(&one, &path, "ja");
    assert!(one.body.contains(&format!("{path}/read")), "looking alone reads nothing");
    let stranger = world.enters(&world.newcomer("coordinator"));
    assert_eq!(stranger.get(&path).status, 404);
    let theirs = stranger.get("/notices");
    check(&theirs, "/notices", "ja");
    assert_eq!(stranger.post(&format!("{path}/read"), &[("csrf", &theirs.csrf())]).status, 404);
    assert_eq!(reader.post(&format!("{path}/read"), &[("csrf", &csrf)]).status, 303);
    let page = reader.get("/notices");
    assert_eq!(page.body.matches("/read\"").count(), unread - 1);
    let newest =
        page.body.split("name=\"up_to\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(reader.post("/notices/read", &[("csrf", &csrf), ("up_to", &newest)]).status, 303);
    let page = reader.get("/notices");
    assert_eq!(page.body.matches("/read\"").count(), 0);
    assert!(!page.body.contains("rail__count"), "and the bell is silent");
    world.stop();
}
