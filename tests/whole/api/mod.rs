//! The JSON API over the real process: every answer is what the description promises, every verb takes its own
//! example, and the reference for people shows all of it.

mod client;
mod days;
mod imports;
mod money;
mod notices;
mod partners;
mod programme;
mod published;
mod quality;
mod queries;
mod steering;
mod views;
mod walk;
mod webhooks;

pub(crate) use published::Published;

use super::pages;
use super::world::World;

#[test]
fn the_reference_has_a_page_for_each_part_that_names_its_operations() {
    let world = World::shared();
    for language in ["en", "ja"] {
        let guest = world.guest();
        assert_eq!(guest.get(&format!("/language/{language}")).status, 303);
        pages::check(&guest.get("/api"), "/api", language);
        for tag in Published::shared().document()["tags"].as_array().unwrap() {
            let named = tag["name"].as_str().unwrap();
            let path = format!("/api/{named}");
            let page = guest.get(&path);
            pages::check(&page, &path, language);
            let examples = page.body.matches("curl -X ").count();
            assert_eq!(examples, operations_of(named), "{path} has not one example for each operation");
        }
        assert_eq!(guest.get("/api/nowhere").status, 404);
    }
}

fn operations_of(tag: &str) -> usize {
    let routes = web::ROUTES.iter().filter_map(|route| route.path.strip_prefix("/api/v1/"));
    routes.filter(|path| path.split('/').next() == Some(tag)).count()
}
