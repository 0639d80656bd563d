//! An adviser's visit (アドバイザー訪問), prepared and followed up by the town's office with a keyboard and without any script,
//! on a phone and at a desk; and the year's roadmap on paper.

use serde_json::json;

use super::driver::{Driver, Screen, Scripts};
use super::hand::Hand;
use super::{axe, day};
use crate::whole::world::{Person, World};

#[test]
fn an_advisers_visit_is_walked_by_keyboard_without_scripts() {
    let driver = Driver::start(Scripts::Off);
    let world = World::shared();
    for (screen, name) in [(Screen::Phone, "advice-phone"), (Screen::Desk, "advice-desk")] {
        let who = world.newcomer("officer");
        let hand = driver.window(name, &world.base, screen);
        hand.sign_in(&who);
        prepares(&hand);
        follows_up(&hand, name);
    }
}

/// What is open, how selling goes, and a session that is planned.
fn prepares(hand: &Hand<'_>) {
    hand.goes_to("/analyses", "段階ごとの進み方");
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.enter("表で見る");
    hand.see("ここまで来た");
    hand.goes_to("/advice", "今年度: 訪問");
    axe::finds_nothing(hand);
    hand.goes_to("/advice/new", "アドバイザー");
    hand.key_in("held_on", &day(0));
    hand.key_in("adviser", "尾形 誠治");
    hand.enter("保存する");
    hand.until("what is missing is asked for, and what was typed is kept", || {
        (hand.path() == "/advice").then_some(())
    });
    hand.see("相談すること");
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.key_in("asked", "営業の進め方");
    hand.enter("保存する");
    hand.see("助言の予定を入れました");
}

/// What was advised, what was found, the report within a week, and a decision.
fn follows_up(hand: &Hand<'_>, finding: &str) {
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.key_in("advised", "見積を早く出す");
    hand.enter("助言を受けたことにする");
    hand.see("報告の期限");
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.enter("課題を足す");
    hand.key_in("title", finding);
    hand.key_in("evidence", "見積に平均3日");
    hand.enter("課題を書く");
    hand.see("課題に書きました");
    hand.past_the_menus();
    hand.key_in("report", "助言を受け、見積の手順を見直した");
    hand.enter("報告を送ったことにする");
    hand.see("アンケートが届きます");
    assert!(!hand.may_press("アンケートに答えた"), "the next fiscal year has not begun");
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.enter(finding);
    hand.see("どうするか決める");
    axe::finds_nothing(hand);
    hand.past_the_menus();
    hand.key_in("decision", "定型の見積は当日に出す");
    hand.enter("決めたことを残す");
    hand.see("決めたことを残しました");
    hand.goes_to("/findings?state=decided", finding);
    axe::finds_nothing(hand);
}

/// What a base64 text holds.
fn unpacked(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values: Vec<u32> = text
        .bytes()
        .filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte))
        .map(|value| u32::try_from(value).unwrap())
        .collect();
    let bytes = |four: &[u32]| {
        let whole = four.iter().fold(0, |sum, value| (sum << 6) | value) << (6 * (4 - four.len()));
        whole.to_be_bytes()[1..four.len()].to_vec()
    };
    values.chunks(4).flat_map(bytes).collect()
}

#[test]
fn the_years_roadmap_is_one_sheet_of_a3() {
    assert_eq!(unpacked("44Ot44O844OJ"), "ロード".as_bytes());
    let driver = Driver::start(Scripts::On);
    let world = World::shared();
    let who = world.newcomer("officer");
    let hand = driver.window("roadmap-paper", &world.base, Screen::Desk);
    hand.sign_in(&who);
    hand.open("/roadmap");
    hand.see("取引先10社");
    assert_eq!(sheets(&hand), ["0 0 1191 842"]);
    a_full_year_can_be_read_on_a_wall(&hand, &world.enters(&who));
}

/// Of three times as many milestones as share a sheet with their table, the picture has a sheet to itself and letters of seven
/// points and a half.
fn a_full_year_can_be_read_on_a_wall(hand: &Hand<'_>, officer: &Person) {
    for number in 1..=36 {
        let day = chrono::NaiveDate::from_ymd_opt(2031, 6, 1).unwrap() + chrono::Days::new(number);
        let (title, due) = (format!("節目{number}"), day.to_string());
        let fields = [("fiscal_year", "2031"), ("title", title.as_str()), ("due_on", due.as_str())];
        officer.submit("/roadmap/milestones/new?year=2031", "/roadmap/milestones", &fields);
    }
    hand.open("/roadmap?year=2031");
    hand.see("節目36");
    let sheets = sheets(hand);
    let is_a3 = |sheet: &String| sheet == "0 0 1191 842";
    assert!((2..=3).contains(&sheets.len()) && sheets.iter().all(is_a3), "{sheets:?}");
    hand.asks_browser("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    // What lies between the margins of A3, in pixels.
    let sheet = json!({ "width": 1497, "height": 1032, "deviceScaleFactor": 1, "mobile": false });
    hand.asks_browser("Emulation.setDeviceMetricsOverride", sheet);
    let points = hand.run("return document.querySelector('.chart--year').getScreenCTM().a * 14 * 0.75");
    assert!(points.as_f64().unwrap() >= 7.5, "letters of {points} points");
    hand.asks_browser("Emulation.clearDeviceMetricsOverride", json!({}));
    hand.asks_browser("Emulation.setEmulatedMedia", json!({ "media": "" }));
}

/// The corners of each sheet that a page prints, in points.
fn sheets(hand: &Hand<'_>) -> Vec<String> {
    let printed =
        hand.asks_browser("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": true }));
    let paper = unpacked(printed["data"].as_str().unwrap());
    let words = String::from_utf8_lossy(&paper);
    let corner = |sheet: &str| -> String {
        let points = sheet.split_whitespace().map(|number| format!("{:.0}", number.parse::<f64>().unwrap()));
        points.collect::<Vec<_>>().join(" ")
    };
    words.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next()).map(corner).collect()
}

#[test]
fn targets_and_the_forecast_are_sheets_of_a4_with_tables_and_no_menus() {
    let driver = Driver::start(Scripts::On);
    let world = World::shared();
    let who = world.newcomer("officer");
    let hand = driver.window("targets-paper", &world.base, Screen::Phone);
    hand.sign_in(&who);
    let pages =
        [("/targets", "進み具合"), ("/forecast", "この期間の商談"), ("/analyses", "段階ごとの進み方")];
    for (page, words) in pages {
        hand.goes_to(page, words);
        let sheets = sheets(&hand);
        assert!(
            !sheets.is_empty() && sheets.iter().all(|sheet| sheet == "0 0 595 842"),
            "{page}: {sheets:?}"
        );
        hand.asks_browser("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        let shown = hand.run(
            "const shown = (places) => [...document.querySelectorAll(places)].filter(one => one.getClientRects().length);\
             return { rows: [...new Set(shown('tbody tr').map(row => getComputedStyle(row).display))],\
                 feet: [...new Set([...document.querySelectorAll('tfoot')].map(one => getComputedStyle(one).display))],\
                 heads: shown('thead th').length, menus: shown('nav, form, .filters, .bottom').map(one => one.outerHTML.slice(0, 80)) }",
        );
        assert_eq!(shown["rows"], json!(["table-row"]), "{page}");
        assert!(shown["heads"].as_i64().unwrap() > 5, "{page}: {shown}");
        assert_eq!(shown["menus"], json!([]), "{page}");
        let feet = if page == "/forecast" { json!(["table-row-group"]) } else { json!([]) };
        assert_eq!(shown["feet"], feet, "{page}: a sum stands once, and not at the foot of every sheet");
        hand.asks_browser("Emulation.setEmulatedMedia", json!({ "media": "" }));
    }
}
