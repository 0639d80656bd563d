//! The month's end (domain.md 4.2, step 9, and 4.4, step 8), walked without any script: what was received is closed, its worker
//! says on a phone that it is right, it is paid; its client is asked for what they accepted, and pays in two parts.

use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
use super::{axe, day};
use crate::whole::checking::{hands_in, version};
use crate::whole::rules::{claimed, offered_job};
use crate::whole::world::World;

#[test]
fn the_months_end_is_walked_without_scripts() {
    let driver = Driver::start(Scripts::Off);
    // It closes the whole town's month: nobody else may be there.
    let world = World::start("month end");
    let [coordinating, checking, working] =
        ["coordinator", "checker", "worker5"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinating);
    let unit = claimed(&working, &job);
    hands_in(&working, &unit);
    let review = version(&checking, &unit);
    checking.submit(&review, &review, &[("verdict", "pass")]);

    let coordinator = driver.window("month-end", &world.base, Screen::Desk);
    coordinator.sign_in(world.sign_in("coordinator"));
    let worker = driver.window("month-end-worker", &world.base, Screen::Phone);
    worker.sign_in(world.sign_in("worker5"));
    closes(&coordinator, &job);
    let own = confirms(&worker);
    pays(&coordinator, &own.replace("/my-statements", "/statements"));
    worker.open(&own);
    worker.see("支払い済み");
    axe::finds_nothing(&worker);
    bills(&coordinator);
    is_paid_in_two_parts(&coordinator);
    world.stop();
}

/// Nothing of a job is closed before somebody has said what kind of work it is.
fn closes(coordinator: &Hand<'_>, job: &str) {
    coordinator.open("/statements");
    axe::finds_nothing(coordinator);
    coordinator.press("報酬の締め");
    coordinator.see("業務の種類が決まっていません");
    axe::finds_nothing(coordinator);
    coordinator.open(&format!("/jobs/{job}/withholding"));
    axe::finds_nothing(coordinator);
    coordinator.press("決める");
    coordinator.see("入力を確認してください");
    axe::finds_nothing(coordinator);
    coordinator.choose("kind", "データ入力");
    coordinator.press("決める");
    coordinator.see("決めました。これから発行する支払通知書に使います");
    coordinator.open("/statements/closing");
    coordinator.fill("closed_on", &day(1));
    coordinator.press("締めて支払通知書を発行する");
    coordinator.until("a day to come is not refused", || {
        coordinator.attribute("[name=closed_on]", "aria-invalid").filter(|invalid| invalid == "true")
    });
    axe::finds_nothing(coordinator);
    coordinator.fill("closed_on", &day(0));
    coordinator.press("締めて支払通知書を発行する");
    coordinator.see("締めました");
    axe::finds_nothing(coordinator);
}

/// One press, on a phone. Returns where the statement is.
fn confirms(worker: &Hand<'_>) -> String {
    worker.open("/my-statements");
    worker.see("支払通知書を見てください");
    axe::finds_nothing(worker);
    worker.press_in("(//main//li[contains(., '確認待ち')])[1]", "");
    worker.see("内容を見てください");
    worker.see("消費税等");
    axe::finds_nothing(worker);
    worker.press("あっています");
    worker.see("答えを受け取りました");
    worker.see("「あっています」と答えました");
    axe::finds_nothing(worker);
    worker.path()
}

/// The statement that its worker confirmed is paid, and says when.
fn pays(coordinator: &Hand<'_>, statement: &str) {
    coordinator.open(statement);
    coordinator.see("確認済み");
    coordinator.see("支払い済みにする");
    axe::finds_nothing(coordinator);
    coordinator.press("支払い済みにする");
    coordinator.see("支払い済みにしました");
    coordinator.see("に支払いました");
    axe::finds_nothing(coordinator);
}

/// What clients accepted is asked for once, with its tax rounded once for each rate.
fn bills(coordinator: &Hand<'_>) {
    coordinator.open("/invoices");
    coordinator.see("検収が済み、まだ請求していない分");
    axe::finds_nothing(coordinator);
    coordinator.press("請求書を発行する");
    coordinator.see("入力を確認してください");
    axe::finds_nothing(coordinator);
    let client = coordinator.text_of("(//select[@name='company_id']/option[@value!=''])[1]");
    coordinator.choose("company_id", &client);
    coordinator.fill("closed_on", &day(0));
    coordinator.press("請求書を発行する");
    coordinator.see("請求書を発行しました");
    if coordinator.path() == "/invoices" {
        coordinator.press_in("//main//table[.//tbody[@data-list-keys]]//tbody", "");
    }
    coordinator.see("税率ごとの合計");
    coordinator.see("10%対象");
    coordinator.see("発行日");
    axe::finds_nothing(coordinator);
}

/// Money in is only added to; what is still missing is said until nothing is.
fn is_paid_in_two_parts(coordinator: &Hand<'_>) {
    let rest = || -> i64 {
        let said = coordinator.text_of("//dt[.='残り']/following-sibling::dd[1]");
        said.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
    };
    let whole = rest();
    assert!(whole > 100, "something is asked for: {whole}");
    coordinator.press("入金を記録する");
    coordinator.see("入力を確認してください");
    for part in [100, whole - 100] {
        coordinator.fill("amount", &part.to_string());
        coordinator.press("入金を記録する");
        coordinator.see("入金を記録しました");
        axe::finds_nothing(coordinator);
    }
    assert_eq!(rest(), 0);
    coordinator.see("入金済み");
    coordinator.open("/cash");
    coordinator.see("入金予定");
    axe::finds_nothing(coordinator);
}
