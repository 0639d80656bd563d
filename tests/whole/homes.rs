//! Homes and what they lead to: every tile's number is what its list comes to; a step that comes twice says so kindly;
//! signing in leads on to the page that was asked for; nobody sees a blank page.

use std::time::Instant;

use super::world::{Answer, PATIENCE, Person, SignIn, World};

/// A tile as it stands on a page.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) href: String,
}

/// What stands between the first `from` and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(found, _)| found)
}

pub(super) fn tiles(page: &Answer) -> Vec<Tile> {
    let tile = |part: &str| {
        let href = between(between(part, "class=\"tile__link\">", "</p>"), "href=\"", "\"");
        Tile {
            label: part.split('<').next().unwrap_or_default().to_owned(),
            value: between(part, "class=\"tile__value\">", "<").to_owned(),
            href: href.replace("&amp;", "&").replace("&#x2f;", "/"),
        }
    };
    page.body.split("class=\"tile__label\">").skip(1).map(tile).collect()
}

/// The numbers a list says it comes to; none at all means nothing is there.
fn totals(page: &Answer) -> Vec<String> {
    let (_, after) =
        page.body.split_once("data-totals").unwrap_or_else(|| panic!("no totals in:\n{}", page.body));
    let end = ["</tr>", "</p>", "</div>"].iter().filter_map(|end| after.find(end)).min().unwrap();
    let mut text = String::new();
    let mut in_tag = true;
    for character in after[..end].chars() {
        match character {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if in_tag => {}
            _ => text.push(character),
        }
    }
    let is_number = |character: char| character.is_ascii_digit() || character == ',' || character == '.';
    let numbers = text
        .split(|character| !is_number(character))
        .filter(|part| part.chars().any(|one| one.is_ascii_digit()));
    numbers.map(str::to_owned).collect()
}

fn check_tiles(person: &Person, path: &str) -> usize {
    let page = person.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    let tiles = tiles(&page);
    for Tile { label, href, .. } in &tiles {
        assert!(!href.is_empty(), "{path}: {label} leads to no list");
        agrees(person, path, label, href);
    }
    tiles.len()
}

/// A tile and its list say the same, unless somebody else changes what they say between the two: then another look tells.
fn agrees(person: &Person, path: &str, label: &str, href: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        let page = person.get(path);
        let tile = tiles(&page).into_iter().find(|tile| tile.label == label && tile.href == href);
        let Some(Tile { value, .. }) = tile else { return };
        let list = person.get(href);
        assert_eq!(list.status, 200, "{path}: {label}: {}", list.body);
        let (number, said) = (value.trim_end_matches('円').trim_start_matches('¥'), totals(&list));
        if said.iter().any(|said| said == number) || (said.is_empty() && number == "0") {
            return;
        }
        assert!(Instant::now() < end, "{path}: {label} says {value}, but {href} comes to {said:?}");
        super::world::a_moment();
    }
}

#[test]
fn every_tile_says_what_its_list_comes_to() {
    // A town of one's own: other tests win deals and review work while this one counts.
    let world = World::start("homes");
    let homes = ["admin", "sales", "sales2", "coordinator", "checker", "officer", "adviser", "worker"];
    let checked: usize = homes.iter().map(|part| check_tiles(&world.signed_in(part), "/")).sum();
    assert!(checked >= 24, "only {checked} tiles were found on the homes");
    for part in ["admin", "sales", "officer"] {
        assert_eq!(check_tiles(&world.signed_in(part), "/figures"), 8);
    }
    world.stop();
}

#[test]
fn coordination_reads_its_orders_before_any_tile() {
    let home = World::shared().signed_in("coordinator").get("/").body;
    let part = home.split("id=\"orders-today\"").nth(1).unwrap();
    let place = |mark: &str| part.find(mark).unwrap_or_else(|| panic!("no {mark} in:\n{part}"));
    assert!(place("class=\"answer\"") < place("<table"), "the sentence first: {part}");
    assert!(place("<table") < place("class=\"tiles"), "then the seven questions, then the numbers: {part}");
}

/// Somebody who was invited with a role, which was taken from them later: nobody is invited without one.
fn left_without_roles(world: &World) -> SignIn {
    let (admin, somebody) = (world.signed_in("admin"), world.newcomer("adviser"));
    let list = admin.get("/members").body.replace("&#x2f;", "/");
    let (before, _) = list.split_once(somebody.email.as_str()).expect("the list has them");
    let id = before.rsplit("href=\"/members/").next().and_then(|rest| rest.split('"').next()).unwrap();
    let page = format!("/members/{id}");
    let form = admin.get(&page);
    let answer = admin
        .post(&format!("{page}/roles"), &[("csrf", &form.csrf()), ("version", &form.value_of("version"))]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    somebody
}

#[test]
fn nobody_sees_a_blank_home_or_a_dead_end() {
    let world = World::shared();
    // Somebody whom the administrator has given no role, and somebody with the role whom nobody has registered.
    let without = world.enters(&left_without_roles(world)).get("/");
    assert!(without.body.contains("まだ役割がありません"), "{}", without.body);
    let worker = world.enters(&world.newcomer("worker"));
    for path in ["/", "/offers", "/my-pay"] {
        let page = worker.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("ワーカーの登録が、まだすんでいません"), "{path}: {}", page.body);
    }
    // Both parts for somebody with both roles.
    let both = world.signed_in("sales2").get("/").body;
    assert!(
        both.contains("今日までの行動") && both.contains("nav-own") | both.contains("自分の仕事"),
        "{both}"
    );
}

#[test]
fn a_step_that_comes_twice_says_that_it_is_done_and_where_it_is_now() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let lead = sales.submit(
        "/leads/new",
        "/leads",
        &[("company_name", "二度押しの会社"), ("source", "phone"), ("need", "名簿の入力")],
    );
    let form = sales.get(&format!("{lead}/convert"));
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", &version),
        ("next_action", "電話する"),
        ("next_action_on", "2099-01-15"),
    ];
    let convert = format!("{lead}/convert");
    let first = sales.post(&convert, &fields);
    assert_eq!(first.status, 303, "{}", first.body);
    let again = sales.post(&convert, &fields);
    assert_eq!((again.status, &again.location), (303, &first.location), "{}", again.body);
    assert!(sales.get(&again.location).body.contains("もうあなたが商談にしています"));
    // The back button, too, and a colleague reads whose deal it is now.
    assert_eq!(sales.get(&convert).location, first.location);
    let colleague = world.signed_in("sales2");
    assert_eq!(colleague.get(&convert).location, first.location);
    assert!(colleague.get(&first.location).body.contains("ほかの人が商談にしていました"));

    let deal = first.location;
    let sleep = sales.get(&deal);
    let fields = [("csrf", sleep.csrf()), ("version", sleep.value_of("version"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("{deal}/sleep");
    assert_eq!(sales.post(&path, &fields).location, deal);
    let again = sales.post(&path, &fields);
    assert_eq!((again.status, &again.location), (303, &deal), "{}", again.body);
    assert!(sales.get(&deal).body.contains("もうあなたが休眠にしています"));
    let other = colleague.get(&deal);
    let theirs = [("csrf", other.csrf()), ("version", fields[1].1.to_owned())];
    let theirs: Vec<(&str, &str)> = theirs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(colleague.post(&path, &theirs).status, 409, "it was somebody else who did it");
}

#[test]
fn signing_in_leads_on_to_the_page_that_was_asked_for() {
    let world = World::shared();
    let guest = world.guest();
    let refused = guest.get("/deals?state=won");
    assert_eq!(refused.status, 401);
    // The only town's sign-in itself, or the choice of towns where another test has opened a second one.
    let door = refused.body.replace("&#x2f;", "/").replace("&amp;", "&");
    let form = door.contains("name=\"back\" value=\"/deals?state=won\"");
    let choice = door.contains("/t/demo/sign-in?back=%2Fdeals%3Fstate%3Dwon");
    assert!(form || choice, "{door}");
    let sign_in = world.sign_in("sales");
    let enter = |path: &str, back: &str| {
        let guest = world.guest();
        let csrf = guest.get(path).csrf();
        let fields = [
            ("csrf", csrf.as_str()),
            ("back", back),
            ("email", &sign_in.email),
            ("password", &sign_in.password),
        ];
        guest.post("/t/demo/sign-in", &fields).location
    };
    let path = "/t/demo/sign-in?back=%2Fdeals%3Fstate%3Dwon".to_owned();
    let asked = guest.get(&path).value_of("back").replace("&#x2f;", "/");
    assert_eq!(asked, "/deals?state=won");
    assert_eq!(enter(&path, &asked), "/deals?state=won");
    assert_eq!(enter("/t/demo/sign-in", "//evil.example/deals"), "/", "nobody is led away");
    assert!(!guest.get("/t/demo/sign-in?back=//evil.example").body.contains("evil.example"));
}

#[test]
fn the_search_finds_lists_by_the_words_people_use_for_them() {
    let sales = World::shared().signed_in("sales");
    for (q, pages) in
        [("%E5%95%86%E8%AB%87", ["/board", "/deals"]), ("%E5%96%B6%E6%A5%AD", ["/board", "/leads"])]
    {
        let body = sales.get(&format!("/search?q={q}")).body;
        let found = between(&body, "id=\"page-title\"", "</main>");
        for page in pages {
            assert!(found.contains(&format!("href=\"{page}\"")), "{q} does not find {page}: {found}");
        }
    }
}

#[test]
fn a_lead_is_converted_with_a_company_known_by_another_name_and_the_deal_tells_of_it() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let company = sales.submit("/companies/new", "/companies", &[("name", "東雲タイプ印刷")]);
    let id = company.rsplit('/').next().unwrap().split('?').next().unwrap();
    let need = "席札三百枚の清書";
    let lead = sales.submit(
        "/leads/new",
        "/leads",
        &[("company_name", "しののめ工房"), ("source", "phone"), ("need", need)],
    );
    let convert = format!("{lead}/convert");
    let choice = format!("value=\"{id}\"");
    assert!(!sales.get(&convert).body.contains(&choice), "no guess finds it");
    assert!(sales.get(&format!("{convert}?q=%E6%9D%B1%E9%9B%B2")).body.contains(&choice));
    let next = [("next_action", "電話する"), ("next_action_on", "2099-01-15")];
    let version = sales.get(&convert).value_of("version");
    let chosen = [("version", &*version), ("company_id", id), next[0], next[1]];
    let deal = sales.submit(&convert, &convert, &chosen);
    let page = sales.get(&deal).body;
    let number = lead.rsplit('/').next().unwrap();
    assert!(page.contains(&format!("見込み {number} から")) && page.contains(need), "{page}");
    assert!(sales.get(&format!("{deal}/hearings/new")).body.contains(need), "asked once, written once");

    // Entering the same company once more is refused until it has been shown.
    let twin =
        sales.submit("/leads/new", "/leads", &[("company_name", "㈱東雲タイプ印刷"), ("source", "phone")]);
    let convert = format!("{twin}/convert");
    let form = sales.get(&convert);
    assert!(form.body.contains(&format!("name=\"apart_from[]\" value=\"{id}\"")), "{}", form.body);
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let unseen = [("csrf", &*csrf), ("version", &version), next[0], next[1]];
    let refused = sales.post(&convert, &unseen);
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(refused.body.contains("似たものがすでに登録されています") && refused.body.contains(&choice));
}

#[test]
fn the_day_on_which_somebody_asked_is_entered_shown_and_corrected() {
    let sales = World::shared().signed_in("sales");
    let asked =
        |day: &'static str| [("company_name", "おとといの電話"), ("source", "visit"), ("asked_on", day)];
    let csrf = sales.get("/leads/new").csrf();
    let mut to_come = vec![("csrf", csrf.as_str())];
    to_come.extend(asked("2099-01-15"));
    let refused = sales.post("/leads", &to_come);
    assert_eq!((refused.status, refused.value_of("asked_on").as_str()), (422, "2099-01-15"));
    assert!(refused.body.contains("までの日付にしてください"), "{}", refused.body);

    let lead = sales.submit("/leads/new", "/leads", &asked("2020-01-15"));
    assert!(sales.get(&lead).body.contains("2020年1月15日(水)"));
    let listed = sales.get("/leads").body;
    assert!(listed.contains("2020年1月15日(水)"), "the list says when they asked\n{listed}");
    let edit = format!("{lead}/edit");
    let form = sales.get(&edit);
    assert_eq!(form.value_of("asked_on"), "2020-01-15");
    let version = form.value_of("version");
    let mut better = vec![("version", version.as_str())];
    better.extend(asked("2020-01-14"));
    let lead = sales.submit(&edit, &lead, &better);
    assert!(sales.get(&lead).body.contains("2020年1月14日(火)"));
}

#[test]
fn the_list_of_deals_stands_in_the_menu_of_those_who_sell() {
    let sales = World::shared().signed_in("sales");
    let page = sales.get("/deals").body.replace("&#x2f;", "/");
    let menu = between(&page, "<nav class=\"rail\"", "</nav>");
    assert!(menu.contains("href=\"/deals\" aria-current=\"page\""), "{menu}");
}

#[test]
fn words_of_a_company_and_of_what_it_has_find_it_together() {
    let sales = World::shared().signed_in("sales");
    let company = sales.submit("/companies/new", "/companies", &[("name", "みほんいち商店")]);
    let company = company.split('?').next().unwrap();
    let id = company.rsplit('/').next().unwrap();
    let people = format!("{company}/contacts");
    sales.submit(&format!("{people}/new"), &people, &[("family_name", "髙橋"), ("language", "ja")]);
    let fields = [
        ("title", "展示会の封入"),
        ("company_id", id),
        ("next_action", "電話"),
        ("next_action_on", "2099-01-05"),
    ];
    let deal = sales.submit(&format!("/deals/new?company_id={id}"), "/deals", &fields);
    let deal = deal.split('?').next().unwrap();
    let found = |q: &str| {
        let q: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
        sales.get(&format!("/search?q={q}")).body.replace("&#x2f;", "/")
    };
    for q in ["みほんいち 展示会", "封入　みほんいち"] {
        assert!(found(q).contains(&format!("href=\"{deal}\"")), "{q} does not find {deal}");
    }
    let contact = format!("href=\"{company}#contact-");
    assert!(found("高橋 みほんいち").contains(&contact), "髙 is 高, and the company's name is a word of it");
    assert!(!found("みほんいち ありえない").contains(&format!("href=\"{deal}\"")));
}

#[test]
fn a_workers_home_says_what_they_entered_for_today_and_leads_there() {
    let world = World::start("home-own-day");
    let worker = world.signed_in("worker5");
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let day = ("day", today.as_str());
    let home = || worker.get("/").body;
    assert!(!home().contains("/my-hours#plan-days"), "a day like any other says nothing: {}", home());
    worker.submit("/my-hours", "/my-hours/days", &[day, ("hours", "9-11")]);
    let other = home();
    assert!(other.contains("いつもとちがう時間にしています（9:00-11:00）"), "{other}");
    assert!(other.contains("href=\"/my-hours#plan-days\""), "{other}");
    worker.submit("/my-hours", "/my-hours/days", &[day, ("hours", "")]);
    let planned = home();
    assert!(planned.contains("前に入れた、お休みの日です"), "{planned}");
    assert!(planned.contains("href=\"/my-hours#plan-days\""), "{planned}");
    assert!(!planned.contains("センターにも知らせました"), "nobody was told: {planned}");
    worker.submit("/my-hours", "/my-hours/days/clear", &[day]);
    worker.submit("/my-hours", "/my-hours/off-today", &[]);
    let tapped = home();
    assert!(tapped.contains("センターにも知らせました"), "{tapped}");
    world.stop();
}
