//! The API's reference, which a developer at a client's reads without signing in.

use super::axe;
use super::driver::{Driver, Screen, Scripts};
use crate::whole::world::World;

#[test]
fn the_reference_reads_well_on_a_phone_and_on_a_desk() {
    let driver = Driver::start(Scripts::On);
    for (name, screen) in [("phone", Screen::Phone), ("desk", Screen::Desk)] {
        let hand = driver.window(name, &World::shared().base, screen);
        for path in ["/api", "/api/deals", "/api/messages"] {
            hand.open(path);
            hand.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
            axe::finds_nothing(&hand);
        }
    }
}
