//! What a team steers by, walked over HTTP as a person without JavaScript would: a version of targets is opened, filled,
//! refused where it must be, and closed; and what somebody thinks of a forecast stands beside what is reckoned.

use chrono::Datelike as _;
use serde_json::json;

use super::world::{Person, World};

fn of_target(metric: &str, scope: &str, value: &str) -> Vec<(String, String)> {
    [("metric", metric), ("scope", scope), ("period", "q1"), ("value", value), ("reason", "試験")]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
}

/// Sends a form of the page and gives what came back.
fn sent(person: &Person, page: &str, fields: &[(String, String)]) -> super::world::Answer {
    let csrf = person.get(page).csrf();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    person.post(page, &all)
}

#[test]
fn a_version_of_targets_is_filled_refused_and_closed_without_a_script() {
    let world = World::start("targets");
    let officer = world.signed_in("officer");
    let page = officer.submit(
        "/targets?year=2030",
        "/targets/plans",
        &[("fiscal_year", "２０３０"), ("reason", "次の年の準備")],
    );
    assert_eq!(sent(&officer, &page, &of_target("calls", "team", "４０")).status, 303);
    let whose = officer.get(&page).body;
    let person = whose.split("name=\"person_id\"").nth(1).unwrap();
    let person = person.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let mut above = of_target("calls", "person", "41");
    above.push(("person_id".to_owned(), person));
    let refused = sent(&officer, &page, &above);
    assert_eq!(refused.status, 422);
    let form =
        refused.body.split("name=\"value\"").skip(1).map(|part| part.chars().take(400).collect::<String>());
    let form = form.collect::<Vec<_>>();
    assert!(refused.body.contains("より大きい数です"), "{form:?}");
    assert!(refused.body.contains("value=\"41\""), "{form:?}");
    above.push(("above_is_meant".to_owned(), "yes".to_owned()));
    assert_eq!(sent(&officer, &page, &above).status, 303);
    its_months_are_set_in_one_form(&officer, &page);
    let shown = officer.get(&page).body;
    assert!(
        shown.contains("40件") && shown.contains("41件") && shown.contains("第1四半期（4月〜6月）"),
        "{shown}"
    );
    assert!(
        shown.contains("+1件") && shown.contains("内訳と合っていない目標が1件"),
        "said before it is closed"
    );
    let csrf = officer.get(&page).csrf();
    assert_eq!(officer.post(&format!("{page}/close"), &[("csrf", &csrf)]).status, 303);
    let late = sent(&officer, &page, &of_target("calls", "team", "1"));
    assert_eq!(late.status, 409);
    assert!(late.body.contains("この版の目標は確定しています"));
    let year = officer.get("/targets?year=2030").body;
    assert!(year.contains("祝日がまだわからない"), "nobody guesses the holidays of 2030");
    assert!(year.contains("+1件"), "the people's targets come to one more than the team's");
    what_is_to_come_has_no_pace(&officer);
    assert_eq!(world.signed_in("adviser").get("/targets?year=2030").status, 200);
    the_fiscal_year_stays(&world);
    world.stop();
}

/// Whoever reads the forecast reads from what a deal's number comes, and is led to no page that is not theirs.
fn how_likely_a_deal_is_can_be_read_without_the_deal(sales: &Person, officer: &Person) {
    let list = sales.get("/deals").body.replace("&#x2f;", "/");
    let is_id = |id: &&str| !id.is_empty() && id.chars().all(|letter| letter.is_ascii_digit());
    let mut ids = list.split("href=\"/deals/").skip(1).filter_map(|rest| rest.split('"').next());
    let deal = ids.find(is_id).expect("an open deal");
    let page = officer.get(&format!("/deals/{deal}/chance"));
    assert_eq!(page.status, 200, "{}", page.body);
    let body = page.body.replace("&#x2f;", "/");
    assert!(
        !body.contains(&format!("href=\"/deals/{deal}\"")) && body.contains("href=\"/forecast\""),
        "{body}"
    );
    assert_eq!(officer.get(&format!("/deals/{deal}")).status, 403, "the deal itself is not theirs");
}

/// The months of a year are typed into one form, kept when one of them is wrong, and each can be opened again as it is.
fn its_months_are_set_in_one_form(officer: &Person, page: &str) {
    let form = officer.get(&format!("{page}?by=months")).body;
    assert!(form.contains("name=\"value_m1\"") && form.contains("name=\"value_m12\""), "{form}");
    assert!(!form.contains("name=\"period\""), "{form}");
    let months = |first: &str| {
        let fields = [
            ("by", "months"),
            ("metric", "visits"),
            ("scope", "town"),
            ("value_m1", first),
            ("value_m2", ""),
            ("value_m12", "７"),
            ("reason", "試験"),
        ];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        sent(officer, page, &fields)
    };
    let refused = months("many");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("id=\"f-value_m1-error\"") && refused.body.contains("value=\"７\""));
    assert_eq!(months("5").status, 303);
    let shown = officer.get(page).body;
    assert!(shown.contains(">5件<") && shown.contains(">7件<"), "{shown}");
    let edit =
        shown.split("?target=").nth(1).and_then(|rest| rest.split('#').next()).expect("a way to change one");
    let opened = officer.get(&format!("{page}?target={edit}")).body;
    let value = opened.split("name=\"value\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(value.contains("value=\""), "{value}");
}

/// While a year with targets is not over, the month the fiscal year begins in stays, and the page says until when.
fn the_fiscal_year_stays(world: &World) {
    let admin = world.signed_in("admin");
    let page = admin.get("/town").body;
    assert!(page.contains("2031年3月31日"), "the last day of the last year that has targets: {page}");
    let token = world.token(&world.sign_in("admin").email, &["--write"]);
    let town = admin.json("GET", "/api/v1/town", Some(&token), "").read();
    let month = |month: i64| {
        let mut input = json!({ "fiscal_start_month": month });
        for name in ["name", "legal_name", "language", "contact_email", "contact_phone", "postal_address"] {
            input[name] = town[name].clone();
        }
        let (bearer, version) = (format!("Bearer {token}"), format!("\"{}\"", town["version"]));
        let headers =
            [("authorization", &*bearer), ("if-match", &*version), ("content-type", "application/json")];
        world.guest().send("PUT", "/api/v1/town", &headers, &input.to_string())
    };
    let refused = month(10);
    assert_eq!(refused.status, 422, "{}", refused.body);
    let problem = refused.read();
    assert_eq!(problem["errors"][0]["code"], "fiscal-year-in-use", "{problem}");
    assert_eq!(problem["errors"][0]["field"], "fiscal_start_month");
    assert_eq!(month(4).status, 200, "the same month is no change");
}

#[test]
fn what_somebody_thinks_stands_beside_what_is_reckoned() {
    let world = World::start("forecast");
    let (sales, officer) = (world.signed_in("sales"), world.signed_in("officer"));
    let before = sales.get("/forecast").body;
    assert!(before.contains("確実") && before.contains("最良"), "{before}");
    assert_eq!(sales.get("/forecast?person=999999").status, 404, "nobody's forecast is not everybody's");
    how_likely_a_deal_is_can_be_read_without_the_deal(&sales, &officer);
    let fields = [("fiscal_year", "2030"), ("period", "q1"), ("amount", "-1,000"), ("reason", "遅れそう")];
    let path = sales.submit("/forecast?year=2030&period=q1", "/forecast/adjustments", &fields);
    let whose = officer.get(&path).body;
    let shown = whose.replace('\u{2212}', "-");
    assert!(shown.contains("-1,000円") && shown.contains("本人の見立て") && shown.contains("遅れそう"));
    let csrf = sales.get("/forecast").csrf();
    let wrong = [
        ("csrf", csrf.as_str()),
        ("fiscal_year", "2030"),
        ("period", "q1"),
        ("amount", "多い"),
        ("reason", ""),
    ];
    let refused = sales.post("/forecast/adjustments", &wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"多い\""), "what was typed stays");
    world.stop();
}

/// The value of a hidden or typed field of a page.
fn value_of(body: &str, name: &str) -> String {
    let field =
        body.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {body}"));
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_session_says_that_its_day_has_passed_and_when_its_questionnaire_comes() {
    let world = World::shared();
    let officer = world.signed_in("officer");
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let plan = |day: chrono::NaiveDate| {
        let fields = [
            ("held_on", day.to_string()),
            ("way", "on_site".to_owned()),
            ("adviser", "尾形 誠治".to_owned()),
            ("asked", "営業の進め方".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        officer.submit("/advice/new", "/advice", &fields)
    };
    let says = |page: &str, words: &str| officer.get(page).body.contains(words);
    assert!(!says(&plan(today), "予定の日を過ぎています"));
    let page = plan(today - chrono::TimeDelta::days(1));
    assert!(says(&page, "予定の日を過ぎています"));
    let list = officer.get("/advice").body;
    assert!(list.contains("受けたかどうかを書いていない助言が"), "{list}");
    assert!(list.contains("受けたかどうかを書く期限"), "{list}");
    let step = |verb: &str, name: &str| {
        let version = value_of(&officer.get(&page).body, "version");
        let (path, told) = (format!("{page}/{verb}"), [("version", version.as_str()), (name, "決める")]);
        let with_day = [("held_on", today.to_string())];
        let day = with_day.iter().map(|(name, day)| (*name, day.as_str()));
        let fields: Vec<(&str, &str)> =
            if verb == "hold" { told.into_iter().chain(day).collect() } else { told.to_vec() };
        officer.submit(&page, &path, &fields)
    };
    step("hold", "advised");
    assert!(says(&page, "受けた日や内容を直す"));
    step("hold", "advised");
    let tomorrow = (today + chrono::TimeDelta::days(1)).to_string();
    let form = officer.get(&page);
    let (csrf, version) = (form.csrf(), value_of(&form.body, "version"));
    let fields =
        [("csrf", &*csrf), ("version", &*version), ("report", "送った"), ("reported_on", &*tomorrow)];
    let early = officer.post(&format!("{page}/report"), &fields);
    assert_eq!(early.status, 422);
    assert!(early.body.contains("id=\"f-reported_on-error\""), "{}", early.body);
    for verb in ["hold", "report", "findings"] {
        let again = officer.get(&format!("{page}/{verb}"));
        assert_eq!(
            (again.status, again.location.as_str()),
            (303, page.as_str()),
            "its address, asked for anew"
        );
    }
    step("report", "report");
    assert!(says(&page, "アンケートが届きます"));
    let answer = format!("{page}/answer");
    assert!(!says(&page, &answer), "there is nothing to press before it comes");
    let csrf = officer.get(&page).csrf();
    let early = officer.post(&answer, &[("csrf", &csrf), ("version", "4")]);
    assert_eq!(early.status, 409);
    assert!(early.body.contains("アンケートはまだ届いていません"), "{}", early.body);
}

#[test]
fn a_milestone_is_entered_moved_and_reached_without_a_script() {
    let world = World::start("roadmap");
    let officer = world.signed_in("officer");
    let enter = |title: &str, due: &str, more: &[(&str, &str)]| {
        let mut fields = vec![("fiscal_year", "2029"), ("title", title), ("due_on", due)];
        fields.extend_from_slice(more);
        officer.submit("/roadmap/milestones/new?year=2029", "/roadmap/milestones", &fields)
    };
    let first = enter("試行を終える", "2029-06-29", &[]);
    let id = first.rsplit('/').next().unwrap().to_owned();
    let bound = [("metric", "new_clients"), ("value", "10"), ("needs", id.as_str())];
    let then = enter("取引先10社", "2029-09-28", &bound);
    let year = officer.get("/roadmap?year=2029").body;
    assert!(year.contains("<svg class=\"chart chart--year\""), "{year}");
    assert!(year.contains("新しい取引先（4月から）10社のうち、実績0社＋見込み0社、あと10社"), "{year}");
    // What other owners count is read as well, and nothing is promised of it.
    let people = enter("働く人を増やす", "2029-12-28", &[("metric", "active_workers"), ("value", "60")]);
    assert!(people.starts_with("/roadmap/milestones/"), "{people}");
    // Moved behind what waits for it: a reason is asked for, kept, and what waits says so.
    let form = officer.get(&format!("{first}/edit")).body;
    let (csrf, version) = (officer.get(&first).csrf(), value_of(&form, "version"));
    let moved = |reason: &str| {
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", version.as_str()),
            ("title", "試行を終える"),
            ("due_on", "2029-10-31"),
            ("reason", reason),
        ];
        officer.post(&first, &fields)
    };
    let refused = moved("");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"2029-10-31\"") && refused.body.contains("id=\"f-reason-error\""));
    assert_eq!(moved("人手が足りない").status, 303);
    let shown = officer.get(&first).body;
    assert!(shown.contains("人手が足りない") && shown.contains("予定を124日後ろに変更"), "{shown}");
    let waits = officer.get(&then).body;
    assert!(waits.contains("先に終わるもののほうが遅い"), "{waits}");
    // Nobody has reached anything tomorrow.
    let csrf = officer.get(&first).csrf();
    let version = value_of(&officer.get(&first).body, "version");
    let reached = |day: &str| {
        officer.post(&format!("{first}/finish"), &[("csrf", &csrf), ("version", &version), ("done_on", day)])
    };
    let early = reached("2029-10-31");
    assert_eq!(early.status, 422);
    assert!(early.body.contains("value=\"2029-10-31\""), "what was typed stays");
    assert_eq!(reached("").status, 303);
    assert!(officer.get(&first).body.contains("達成"));
    is_reached_in_words_only(&officer, &then);
    let year = officer.get("/roadmap?year=2029").body;
    let current = officer.get("/roadmap").body;
    assert!(current.contains("図は") && current.contains("までです"), "what a phone is shown: {current}");
    assert!(year.contains("現在") && year.contains("<span class=\"print-only\">"), "{year}");
    waits_for_another_year(&officer, &id);
    reached_late_is_not_moved(&officer);
    let coordinator = world.signed_in("coordinator");
    assert_eq!(coordinator.get(&then).status, 200);
    assert_eq!(coordinator.get(&format!("{then}/edit")).status, 403, "it is not theirs");
    world.stop();
}

/// What waits for something of another year says so, and keeps it when something else is corrected.
fn waits_for_another_year(officer: &Person, needed: &str) {
    let fields =
        [("fiscal_year", "2030"), ("title", "全地区で始める"), ("due_on", "2030-06-28"), ("needs", needed)];
    let page = officer.submit("/roadmap/milestones/new?year=2030", "/roadmap/milestones", &fields);
    let named = "試行を終える（2029年度）";
    let year = officer.get("/roadmap?year=2030").body;
    assert!(year.contains(named), "{year}");
    let form = officer.get(&format!("{page}/edit"));
    let (boxes, _) = form.body.split_once(named).expect("it can be ticked");
    let tick = boxes.rsplit("<input").next().unwrap();
    assert!(tick.contains("checked") && tick.contains(&format!("value=\"{needed}\"")), "{tick}");
}

/// Something that was reached after its day was never moved.
fn reached_late_is_not_moved(officer: &Person) {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let day = today - chrono::TimeDelta::days(12);
    let due = day.to_string();
    let year = (day.year() - i32::from(day.month() < 4)).to_string();
    let fields = [("fiscal_year", year.as_str()), ("title", "説明会を開く"), ("due_on", due.as_str())];
    let page = officer.submit("/roadmap/milestones/new", "/roadmap/milestones", &fields);
    let version = value_of(&officer.get(&page).body, "version");
    officer.submit(&page, &format!("{page}/finish"), &[("version", &version)]);
    for shown in [page, format!("/roadmap?year={year}")] {
        let body = officer.get(&shown).body;
        assert!(body.contains("最初の予定より12日遅れて達成"), "{body}");
        assert!(!body.contains("予定を12日後ろに変更"), "{body}");
    }
}

#[test]
fn a_salespersons_home_says_how_far_the_year_is_from_its_target() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let answer = sales.get("/targets").body;
    let target =
        answer.split("目標は").nth(1).and_then(|rest| rest.split("です（").next()).expect("a target");
    // A mark on a bar stays below the number over it.
    let number =
        |text: &str, name: &str| text.split(name).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (before, mark) = answer.split_once("class=\"chart__goal\"").expect("a bar with a mark");
    let bar = before.rsplit("<rect class=\"chart__ground\"").next().unwrap();
    assert_eq!(number(mark, " y1=\""), number(bar, " y=\""));
    assert!(answer.contains("棒の右端が目標（100%）です"), "a bar says what it is a part of: {answer}");
    let home = sales.get("/").body;
    let tile =
        home.split("tile__delta").find(|part| part.contains(&format!("目標{target}、"))).expect("its tile");
    let pace = tile.split("</p>").next().unwrap();
    assert!(["円遅れ", "円先行", "ペースどおり"].iter().any(|word| pace.contains(word)), "{pace}");
    assert!(home.contains("href=\"/targets\""), "{home}");
}

/// A period that has not begun is neither on pace nor behind; a month that is the year's whole target already is not well
/// while the others are unset.
fn what_is_to_come_has_no_pace(officer: &Person) {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let next = (today.year() + i32::from(today.month() >= 4)).to_string();
    let version = [("fiscal_year", next.as_str()), ("reason", "来年の準備")];
    let page = officer.submit(&format!("/targets?year={next}"), "/targets/plans", &version);
    for period in ["year", "m1"] {
        let fields =
            [("metric", "calls"), ("scope", "town"), ("period", period), ("value", "40"), ("reason", "試験")];
        officer.submit(&page, &page, &fields);
    }
    let shown = officer.get(&format!("/targets?year={next}")).body;
    assert!(shown.contains("これから始まる期間です"), "{shown}");
    assert!(!shown.contains("ペースどおり"), "{shown}");
    assert!(shown.contains("設定した分だけで目標と同じ") && !shown.contains("合っています"), "{shown}");
}

/// What is marked as reached while its number is short says so.
fn is_reached_in_words_only(officer: &Person, page: &str) {
    let version = value_of(&officer.get(&format!("{page}/edit")).body, "version");
    officer.submit(page, &format!("{page}/finish"), &[("version", &version)]);
    let shown = officer.get(page).body;
    assert!(shown.contains("むすんだ数字はまだ足りません"), "{shown}");
}

#[test]
fn an_officers_home_names_the_target_and_what_is_due() {
    let world = World::start("officers-home");
    let officer = world.signed_in("officer");
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let year = officer.get("/roadmap/milestones/new");
    let year = value_of(&year.body, "fiscal_year");
    let milestone = [("fiscal_year", year.as_str()), ("title", "説明会を開く"), ("due_on", today.as_str())];
    officer.submit("/roadmap/milestones/new", "/roadmap/milestones", &milestone);
    let home = officer.get("/").body;
    let (_, part) = home.split_once("目標と、期限が近いもの").expect("its part of the home");
    assert!(part.contains("今年度の受注額の目標") && part.contains("説明会を開く"), "{part}");
    assert!(part.contains("href=\"/findings\"") || part.contains("href=\"&#x2f;findings\""), "{part}");
    world.stop();
}
