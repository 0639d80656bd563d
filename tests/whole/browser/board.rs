//! The board under somebody's hands while others use it too.

use super::axe;
use super::driver::{Driver, Screen, Scripts};
use crate::whole::boards::{deal, order};
use crate::whole::world::World;

/// Puts the focus on the title of a deal's card.
fn focus(id: &str) -> String {
    format!("document.querySelector('#deal-{id} a').focus()")
}

/// The card that has the focus, as its deal's number.
const FOCUSED: &str = "return document.activeElement.closest('[data-card]')?.dataset.card ?? ''";

#[test]
fn cards_go_by_keyboard_and_news_of_others_comes_without_moving_what_has_focus() {
    let world = World::start("board");
    let driver = Driver::start(Scripts::On);
    let (own, other) = (world.signed_in("sales"), world.signed_in("admin"));
    let [one, two] = ["鍵盤の一", "鍵盤の二"].map(|title| deal(&own, title));
    let hand = driver.window("board", &world.base, Screen::Desk);
    hand.sign_in(world.sign_in("sales"));
    hand.open("/board");
    axe::finds_nothing(&hand);
    hand.run("window.stayed = true");
    hand.run(&focus(&two));
    let down = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
                { key: 'ArrowDown', altKey: true, bubbles: true, cancelable: true }))";
    hand.run(down);
    let both = [one.as_str(), two.as_str()];
    hand.until("the card does not go down", || {
        let page = hand.run("return document.querySelector('.board').outerHTML");
        (order(page.as_str().unwrap(), &both) == [&*one, &*two]).then_some(())
    });
    hand.until("the focus left the card", || (hand.run(FOCUSED) == two.as_str()).then_some(()));
    assert_eq!(order(&own.get("/board").body, &both), [&*one, &*two], "it is kept");

    hand.run("document.activeElement.blur(); document.querySelectorAll('.board details[open]').forEach((one) => { one.open = false; })");
    deal(&other, "ほかの人の一");
    hand.see("ほかの人の一");
    hand.run(&focus(&two));
    deal(&other, "ほかの人の二");
    hand.see("ほかの人の変更が 1件あります");
    assert_eq!(hand.run(FOCUSED), two.as_str(), "what has focus stays where it is");
    assert!(!hand.text().contains("ほかの人の二"));
    axe::finds_nothing(&hand);
    hand.press("最新の並びを見る");
    hand.see("ほかの人の二");
    assert_eq!(hand.run("return window.stayed"), true, "no page was loaded for all that");
    world.stop();
}
