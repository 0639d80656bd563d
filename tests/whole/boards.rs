//! The board as several people have it open: the order of its cards, what somebody was slower at, and news of others.

use std::io::BufRead as _;

use super::world::{Person, World};

/// A deal of its own for one test, with a company of the demo.
pub(super) fn deal(person: &Person, title: &str) -> String {
    let list = person.get("/companies").body;
    let company = list.split("href=\"/companies/").skip(1).find_map(|rest| {
        let id = rest.split('"').next()?;
        id.bytes().all(|byte| byte.is_ascii_digit()).then_some(id)
    });
    let form = format!("/deals/new?company_id={}", company.unwrap());
    let fields = [
        ("title", title),
        ("company_id", company.unwrap()),
        ("next_action", "電話"),
        ("next_action_on", "2099-01-05"),
    ];
    let made = person.submit(&form, "/deals", &fields);
    made.trim_start_matches("/deals/").to_owned()
}

/// The stages of the board, from the left.
fn stages(board: &str) -> Vec<String> {
    let columns = board.split("data-column=\"").skip(1);
    columns.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Where these deals stand on a page, one after the other.
pub(super) fn order<'a>(page: &str, deals: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> =
        deals.iter().filter_map(|id| Some((page.find(&format!("id=\"deal-{id}\""))?, *id))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn cards_go_up_and_down_and_into_other_columns_by_their_forms() {
    let sales = World::shared().signed_in("sales");
    let [one, two] = ["並べ替え 一", "並べ替え 二"].map(|title| deal(&sales, title));
    let both = [one.as_str(), two.as_str()];
    let board = sales.get("/board").body;
    assert_eq!(order(&board, &both), [&*two, &*one], "the newest comes in on top");
    let moved =
        sales.submit("/board", &format!("/deals/{one}/reorder"), &[("version", "1"), ("step", "top")]);
    assert!(moved.ends_with(&format!("#deal-{one}")), "{moved}");
    let after = sales.get(moved.split('#').next().unwrap()).body;
    assert_eq!(order(&after, &both), [&*one, &*two]);
    assert!(after.contains(&format!("id=\"move-{one}\" open")), "its controls are still open");
    let proposal = &stages(&board)[2];
    let fields = [("version", "1"), ("stage", proposal.as_str())];
    sales.submit("/board", &format!("/deals/{two}/move"), &fields);
    let fields = [("version", "1"), ("stage", proposal.as_str()), ("after", two.as_str())];
    sales.submit("/board", &format!("/deals/{one}/move"), &fields);
    assert_eq!(order(&sales.get("/board").body, &both), [&*two, &*one], "it was dropped under the other");
}

#[test]
fn whoever_was_slower_sees_the_newer_card_and_changes_nothing() {
    let world = World::shared();
    let (quick, slow) = (world.signed_in("sales"), world.signed_in("admin"));
    let id = deal(&quick, "同時に動かす");
    let board = slow.get("/board");
    let columns = stages(&board.body);
    quick.submit("/board", &format!("/deals/{id}/move"), &[("version", "1"), ("stage", &columns[2])]);
    for (path, fields) in [("move", ("stage", columns[1].as_str())), ("reorder", ("step", "top"))] {
        let late =
            slow.post(&format!("/deals/{id}/{path}"), &[("csrf", &board.csrf()), ("version", "1"), fields]);
        assert_eq!(late.status, 409, "{path}");
        assert!(late.body.contains("その間に、ほかの人が変更しました"), "{path}: {}", late.body);
        assert!(late.body.contains("『提案』にあり、次の行動は「電話」"), "{path}: where it is now");
    }
    assert!(quick.get(&format!("/deals/{id}")).body.contains("提案"), "nothing was overwritten");
}

#[test]
fn whoever_looks_at_the_board_hears_of_others_by_ids_alone() {
    let world = World::shared();
    let (looking, acting) = (world.signed_in("sales2"), world.signed_in("sales"));
    let board = looking.get("/board").body;
    let live = board.split("data-live=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut lines = looking.listen(live).lines();
    let id = deal(&acting, "知らせる商談");
    let told = lines.find_map(|line| {
        let heard = line.unwrap();
        heard.contains(&format!("[{id},")).then_some(heard)
    });
    let told = told.unwrap();
    assert!(told.starts_with("data: {\"deals\":[[") && !told.contains("知らせる"), "{told}");
    let missed = looking.listen(live).lines().map(Result::unwrap).find(|line| line.starts_with("data: "));
    assert!(missed.unwrap().contains(&format!("[{id},")), "who comes back hears what they missed");
    let made_up = looking.get("/board/live/now");
    assert_eq!(made_up.status, 404);
}

#[test]
fn the_town_arranges_its_pipelines_and_a_forbidden_step_is_named() {
    let world = World::start("pipelines");
    let (admin, sales) = (world.signed_in("admin"), world.signed_in("sales"));
    let made = admin.submit("/pipelines", "/pipelines", &[("name", "年間契約"), ("like", "")]);
    let page = admin.get(&made).body;
    let stage = |name: &str| {
        let rows = page.split("href=\"/stages/").skip(1);
        let row = rows.into_iter().find(|rest| rest.split('>').nth(1).unwrap().starts_with(name));
        row.unwrap().split('"').next().unwrap().to_owned()
    };
    let (contact, hearing, proposal) = (stage("接触"), stage("ヒアリング"), stage("提案"));
    let path = format!("/stages/{contact}");
    let fields = [
        ("version", "1"),
        ("name", "接触"),
        ("probability", "10"),
        ("idle_days", "14"),
        ("steps", "named"),
        ("next[]", &hearing),
    ];
    admin.submit(&path, &path, &fields);
    let pipeline = made.trim_start_matches("/pipelines/");
    assert!(sales.get("/board").body.contains("board-pipeline"), "there is a choice now");
    sales.submit("/board", "/board/pipeline", &[("pipeline", pipeline)]);
    let chosen = format!("<option value=\"{pipeline}\" selected>");
    assert!(sales.get("/board").body.contains(&chosen), "it is remembered");
    let id = deal(&sales, "年間の入力");
    let transfer = format!("/deals/{id}/transfer");
    sales.submit(&transfer, &transfer, &[("version", "1"), ("to_stage", &contact)]);
    let board = sales.get("/board");
    assert_eq!(stages(&board.body)[0], contact, "the other pipeline's columns");
    let token = board.csrf();
    let refused =
        sales.post(&format!("/deals/{id}/move"), &[("csrf", &token), ("version", "2"), ("stage", &proposal)]);
    assert_eq!(refused.status, 409);
    assert!(
        refused.body.contains("『接触』から『提案』へは進めない決まりです。進める段階: ヒアリング"),
        "{}",
        refused.body
    );
    let token = admin.get(&made).csrf();
    let kept = admin.post(&format!("{made}/archive"), &[("csrf", &token), ("version", "1")]);
    assert_eq!(kept.status, 409);
    assert!(kept.body.contains("まだ進行中か休眠中の商談があります"));
    world.stop();
}

#[test]
fn a_year_that_nobody_can_mean_is_no_failure() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let token = world.token(&world.sign_in("sales").email, &[]);
    for year in ["1899", "3000", "262143", "2147483647", "-2147483648", "999999999999"] {
        for path in ["/deals?state=won&year=", "/orders?accepted=", "/exports/deals?state=won&year="] {
            let answer = sales.get(&format!("{path}{year}"));
            assert_eq!(answer.status, 200, "{path}{year}: {}", answer.body);
        }
        let path = format!("/api/v1/deals/totals?closed_in={year}");
        let answer = world.guest().json("GET", &path, Some(&token), "");
        let is_said = (answer.status, answer.code().as_str()) == (400, "bad-query");
        assert!(answer.status == 200 || is_said, "{year}: {}", answer.body);
    }
}
