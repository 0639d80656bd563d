//! The tour, cut off by `kill -9` at three points of it: whoever is in the middle goes on, signed in as before, and nothing that was
//! answered is lost or there twice.

use std::time::Instant;

use super::checking::{hands_in, version};
use super::days::soon;
use super::mail_pages::{plain, sandbox_mails};
use super::rules::{claimed, offered_job, read};
use super::sampling::linked;
use super::world::{PATIENCE, Person, World, a_moment};

/// Logs what was done for a deal that is open; the page of the deal.
fn logs(sales: &Person, note: &str) -> String {
    let listed = read(sales, "/deals?state=open");
    let deals = listed.split("href=\"/deals/").skip(1).filter_map(|rest| rest.split('"').next());
    let id = deals.into_iter().find(|id| id.parse::<i64>().is_ok()).expect("a deal is open");
    let deal = format!("/deals/{id}");
    let page = sales.get(&deal);
    let (version, on) = (page.value_of("version"), soon());
    let fields = [
        ("version", &*version),
        ("kind", "call"),
        ("outcome", "done"),
        ("note", note),
        ("next_action", "もう一度電話する"),
        ("next_action_on", &*on),
    ];
    sales.submit(&deal, &format!("{deal}/activities"), &fields);
    deal
}

/// Sends what has passed of the order of a unit; the page of the delivery.
fn delivers(coordinator: &Person, unit: &str) -> String {
    let number = unit.trim_start_matches("/my-units/");
    let page = read(coordinator, &format!("/units/{number}"));
    let form = format!("/orders/{}/deliver", linked(&page, "/orders/").remove(0));
    let key = coordinator.get(&form).value_of("form_key");
    coordinator.submit(&form, &form, &[("form_key", &key), ("units[]", number), ("message", "お納めします")])
}

/// The links that were mailed to clients after `newest` and lead to this delivery.
fn mailed(world: &World, admin: &Person, newest: i64, delivery: &str) -> Vec<String> {
    let name = format!("name=\"delivery\" value=\"{}\"", delivery.trim_start_matches("/deliveries/"));
    let mut links = Vec::new();
    for mail in sandbox_mails(admin).into_iter().filter(|mail| *mail > newest) {
        let text = plain(&admin.get(&format!("/sandbox/{mail}")));
        let link = text.split('"').find_map(|part| part.strip_prefix(&world.base)).map(str::to_owned);
        links.extend(link.filter(|link| {
            let client = world.guest();
            link.starts_with("/c/")
                && client.get(link).status == 303
                && read(&client, "/delivery").contains(&name)
        }));
    }
    links
}

#[test]
fn a_tour_that_is_killed_at_three_points_goes_on_where_it_was() {
    let world = World::start("three kills");
    let [sales, admin, coordinator, checker, worker] =
        ["sales", "admin", "coordinator", "checker", "worker5"].map(|part| world.signed_in(part));

    let deal = logs(&sales, "そのとたんに止まった");
    world.is_killed_and_starts_again();
    assert_eq!(read(&sales, &deal).matches("そのとたんに止まった").count(), 1);

    let unit = claimed(&worker, &offered_job(&coordinator));
    hands_in(&worker, &unit);
    world.is_killed_and_starts_again();
    assert!(read(&worker, &unit).contains("結果.csv"), "what was handed in is there");
    let review = version(&checker, &unit);
    checker.submit(&review, &review, &[("verdict", "pass")]);

    let newest = sandbox_mails(&admin).into_iter().max().unwrap_or_default();
    let delivery = delivers(&coordinator, &unit);
    world.is_killed_and_starts_again();
    // What was under way is begun anew once its lease of a minute has run out, and so is its mail.
    let end = Instant::now() + 3 * PATIENCE;
    let links = loop {
        let links = mailed(&world, &admin, newest, &delivery);
        if !links.is_empty() {
            break links;
        }
        assert!(Instant::now() < end, "the client was not mailed: {}", read(&coordinator, &delivery));
        for _moment in 0..50 {
            a_moment();
        }
    };
    // A mail whose end nobody heard goes again as the same bytes, with the same link.
    assert!(links.iter().all(|link| *link == links[0]), "{links:?}");
    let client = world.guest();
    client.get(&links[0]);
    assert!(read(&client, "/delivery").contains("お納めします"));
    world.stop();
}
