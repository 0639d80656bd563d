//! The board under somebody's hands while others use it too.

use diesel::connection::SimpleConnection as _;

use super::axe;
use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
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

/// The column a card stands in, as its stage's number.
fn column_of(hand: &Hand<'_>, id: &str) -> String {
    let column =
        format!("return document.querySelector('#deal-{id}')?.closest('[data-column]').dataset.column ?? ''");
    hand.run(&column).as_str().unwrap_or_default().to_owned()
}

/// Waits until nothing that was sent waits for its answer.
fn comes_back(hand: &Hand<'_>) {
    hand.until("the page does not come back", || {
        (hand.run("return document.querySelector('form[data-pending]') === null") == true).then_some(())
    });
}

#[test]
fn a_card_that_is_dragged_stays_where_it_was_dropped() {
    let world = World::start("drag");
    let driver = Driver::start(Scripts::On);
    let sales = world.signed_in("sales");
    let [one, two] = ["引っぱる一", "引っぱる二"].map(|title| deal(&sales, title));
    let both = [one.as_str(), two.as_str()];
    let hand = driver.window("drag", &world.base, Screen::Desk);
    hand.sign_in(world.sign_in("sales"));
    hand.open("/board");
    assert_eq!(order(&sales.get("/board").body, &both), [&*two, &*one]);
    hand.run("window.stayed = true");
    // Its title is a link, which would be dragged by itself.
    hand.drag(&format!("#deal-{two} h3 a"), &format!("#deal-{one}"), 40.0);
    hand.until("the card does not go under the other", || {
        (order(&sales.get("/board").body, &both) == [&*one, &*two]).then_some(())
    });
    let home = column_of(&hand, &one);
    let next = hand.run(&format!(
        "return document.querySelector('[data-column=\"{home}\"]').nextElementSibling.dataset.column"
    ));
    let next = next.as_str().unwrap();
    comes_back(&hand);
    hand.drag(&format!("#deal-{one}"), &format!("[data-column='{next}'] .column__head"), 0.0);
    // The way back from the first move may be on the page still.
    hand.until("the card does not go to the next column", || (column_of(&hand, &one) == next).then_some(()));
    hand.see("元に戻す");
    comes_back(&hand);
    assert_eq!(hand.run("return window.stayed"), true, "no page was loaded for all that");
    hand.open("/board");
    assert_eq!((column_of(&hand, &one), column_of(&hand, &two)), (next.to_owned(), home), "it is kept");
    world.stop();
}

#[test]
fn what_somebody_began_before_the_board_was_opened_and_committed_after_is_news() {
    let world = World::start("late");
    let driver = Driver::start(Scripts::On);
    let (sales, other) = (world.signed_in("sales"), world.signed_in("admin"));
    let id = deal(&sales, "まえの題名");
    let hand = driver.window("late", &world.base, Screen::Desk);
    hand.sign_in(world.sign_in("sales"));
    let mut slow = world.owner();
    let change = format!("BEGIN; UPDATE deals SET title = 'あとの題名', changed_at = now() WHERE id = {id}");
    slow.batch_execute(&change).unwrap();
    hand.open("/board");
    hand.see("まえの題名");
    hand.run("window.stayed = true");
    // Somebody else's news comes first, so that the stream is known to be there.
    deal(&other, "ほかの人の商談");
    hand.see("ほかの人の商談");
    assert!(hand.text().contains("まえの題名"));
    slow.batch_execute("COMMIT; NOTIFY yui_board, 'test'").unwrap();
    hand.see("あとの題名");
    assert_eq!(hand.run("return window.stayed"), true, "no page was loaded for all that");
    world.stop();
}
