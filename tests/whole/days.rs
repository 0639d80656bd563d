//! A salesperson's day walked as on a phone without a script: three fields after a call, todos for oneself and for a
//! colleague, and the calendar that reads along.

use std::time::Instant;

use serde_json::json;

use super::world::{PATIENCE, Person, World};

/// The number that the day's sentence begins with, and how many rows stand below it, page by page.
fn counted_and_listed(sales: &Person) -> (usize, usize) {
    let mut path = "/my-day".to_owned();
    let (mut said, mut listed) = (None, 0);
    loop {
        let body = sales.get(&path).body.replace("&#x2f;", "/").replace("&amp;", "&");
        let sentence = body.split("data-totals>").nth(1).and_then(|rest| rest.split("</").next()).unwrap();
        let number = sentence.split("すること ").nth(1).and_then(|rest| rest.split('件').next());
        said = said.or(number.map(|number| number.replace(',', "").parse().unwrap()));
        let due = body
            .split("id=\"day-due\"")
            .nth(1)
            .unwrap()
            .split("id=\"day-waiting\"")
            .next()
            .unwrap()
            .to_owned();
        listed += due.matches("<li class=\"item\"").count();
        match due.split("href=\"/my-day?after=").nth(1).and_then(|rest| rest.split('"').next()) {
            Some(key) => path = format!("/my-day?after={key}"),
            None => return (said.unwrap_or(0), listed),
        }
    }
}

/// Waits for the mail whose list row holds `text` and gives its page.
fn mail_about(admin: &Person, text: &str) -> String {
    let end = Instant::now() + PATIENCE;
    loop {
        let list = admin.get("/sandbox").body;
        let row = list.split("href=\"/sandbox/").skip(1).find(|row| row.contains(text));
        if let Some(number) = row.and_then(|row| row.split('"').next()) {
            return admin.get(&format!("/sandbox/{number}")).body;
        }
        assert!(Instant::now() < end, "no mail about {text}");
        crate::whole::world::a_moment();
    }
}

#[test]
fn after_a_call_three_fields_are_enough_and_the_day_counts_what_it_lists() {
    let world = World::start("days");
    let sales = world.signed_in("sales");
    let (said, listed) = counted_and_listed(&sales);
    assert!(said > 0, "the demo's salesperson has something to do");
    assert_eq!(said, listed);
    let day = sales.get("/my-day").body.replace("&#x2f;", "/");
    assert!(day.contains("受注額（") && day.contains("目標19,100,000円"), "how far the year is: {day}");
    let name = day.split("/my-day?open=deal-").nth(1).and_then(|rest| rest.split('#').next()).unwrap();
    let opened = sales.get(&format!("/my-day?open=deal-{name}"));
    let (csrf, key, version) = (opened.csrf(), opened.value_of("form_key"), opened.value_of("version"));
    let fields = |outcome: &'static str, on: &'static str| {
        vec![
            ("csrf", csrf.as_str()),
            ("form_key", key.as_str()),
            ("version", version.as_str()),
            ("kind", "call"),
            ("outcome", outcome),
            ("next_action", "見積の返事を聞く"),
            ("next_action_on", on),
        ]
    };
    let path = format!("/my-day/deals/{name}");
    let refused = sales.post(&path, &fields("", "2020-01-01"));
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("見積の返事を聞く"), "what was typed stays: {}", refused.body);
    for _twice in 0..2 {
        let logged = sales.post(&path, &fields("no_answer", "2099-01-15"));
        assert_eq!((logged.status, logged.location.as_str()), (303, "/my-day"), "{}", logged.body);
    }
    assert_eq!(counted_and_listed(&sales), (said - 1, listed - 1), "it is off the list, and once");
    let deal = sales.get(&format!("/deals/{name}")).body;
    assert!(deal.contains("見積の返事を聞く") && deal.contains("2099年1月15日"), "{deal}");
    world.stop();
}

#[test]
fn a_colleague_who_is_asked_is_mailed_and_has_it_in_their_day() {
    let world = World::shared();
    let (sales, admin) = (world.signed_in("sales"), world.signed_in("admin"));
    let newcomer = world.newcomer("sales");
    let colleague = world.enters(&newcomer);
    // The form offers oneself first.
    let form = colleague.get("/todos/new").body;
    let options = form.split("<option value=\"").skip(1);
    let mut own =
        options.filter(|option| option.split('>').next().is_some_and(|tag| tag.contains("selected")));
    let person: i64 = own.find_map(|rest| rest.split('"').next()?.parse().ok()).unwrap();
    let title = format!("看板の写真を撮る {}", std::process::id());
    let fields = [
        ("title", title.as_str()),
        ("due_on", "2020-01-06"),
        ("due_time", "9時30分"),
        ("person_id", &person.to_string()),
    ];
    let todo = sales.submit("/todos/new", "/todos", &fields);
    assert!(mail_about(&admin, &title).contains("09:30"));
    let day = colleague.get("/my-day");
    assert!(day.body.contains(&title), "{}", day.body);
    let id = todo.rsplit('/').next().unwrap();
    let opened = colleague.get(&format!("/my-day?open=todo-{id}"));
    let done = colleague.post(
        &format!("/my-day/todos/{id}"),
        &[
            ("csrf", &opened.csrf()),
            ("version", &opened.value_of("version")),
            ("outcome", "done"),
            ("note", "撮った"),
        ],
    );
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!colleague.get("/my-day").body.contains(&format!("id=\"todo-{id}\"")));
    assert!(sales.get(&todo).body.contains("撮った"));
}

#[test]
fn a_calendar_reads_along_until_its_address_ends() {
    let world = World::shared();
    let sales = world.enters(&world.newcomer("sales"));
    let title = "店を見に行く, 写真; も";
    sales.submit("/todos/new", "/todos", &[("title", title), ("due_on", &soon())]);
    let csrf = sales.get("/me/calendar").csrf();
    let made = sales.post("/me/calendar", &[("csrf", &csrf)]).body.replace("&#x2f;", "/");
    let path = made.split("<code class=\"typed\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let path = format!("/calendar/{}", path.split("/calendar/").nth(1).unwrap());
    let outside = world.guest();
    let read = outside.get(&path);
    assert_eq!(read.status, 200, "{}", read.body);
    let header = |name: &str| read.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
    assert!(header("cache-control").starts_with("private"));
    assert_eq!(header("referrer-policy"), "no-referrer");
    let unfolded = read.body.replace("\r\n ", "");
    assert!(unfolded.contains("SUMMARY:店を見に行く\\, 写真\\; も\r\n"), "{unfolded}");
    let same = outside.send("GET", &path, &[("if-none-match", &header("etag"))], "");
    assert_eq!((same.status, same.body.as_str()), (304, ""));
    assert!(!sales.get("/me/calendar").body.contains("まだ読まれていません"));
    sales.submit("/me/calendar", "/me/calendar/end", &[]);
    assert_eq!(outside.get(&path).status, 404);
}

/// A day that a calendar holds, whenever this runs.
pub(super) fn soon() -> String {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    (today + chrono::Days::new(3)).to_string()
}

/// A meeting that one salesperson has called, read by two of them.
struct Minutes {
    path: String,
    one: Person,
    other: Person,
}

impl Minutes {
    fn new() -> Self {
        let world = World::shared();
        let one = world.signed_in("sales");
        let path = one.submit("/meetings/new", "/meetings", &[("held_on", "2020-02-03")]);
        Self { path, one, other: world.enters(&world.newcomer("sales")) }
    }

    fn post(
        &self,
        who: &Person,
        (csrf, version): (&str, &str),
        minutes: &str,
        step: &str,
    ) -> super::world::Answer {
        let fields = [
            ("csrf", csrf),
            ("version", version),
            ("held_on", "2020-02-03"),
            ("minutes", minutes),
            ("step", step),
        ];
        who.post(&self.path, &fields)
    }
}

#[test]
fn nobodys_minutes_are_written_over_unseen() {
    let meeting = Minutes::new();
    let (mine, theirs) = (meeting.one.get(&meeting.path), meeting.other.get(&meeting.path));
    let read = (mine.csrf(), mine.value_of("version"));
    let saved =
        meeting.post(&meeting.other, (&theirs.csrf(), &theirs.value_of("version")), "二件を見直した", "");
    assert_eq!(saved.status, 303, "{}", saved.body);
    let late = meeting.post(&meeting.one, (&read.0, &read.1), "三件を見直した", "");
    assert_eq!(late.status, 409);
    assert!(late.body.contains("二件を見直した") && late.body.contains("三件を見直した"), "{}", late.body);
    assert!(late.body.contains("そのあいだに、ほかの人が保存しました"), "{}", late.body);
    let seen = late.value_of("version");
    assert_ne!(seen, read.1, "who has seen it may save");
    assert_eq!(meeting.post(&meeting.one, (&read.0, &seen), "二件と三件を見直した", "").status, 303);
}

#[test]
fn minutes_are_closed_with_the_meeting_and_what_came_too_late_is_shown() {
    let meeting = Minutes::new();
    let (mine, theirs) = (meeting.one.get(&meeting.path), meeting.other.get(&meeting.path));
    let (csrf, version) = (mine.csrf(), mine.value_of("version"));
    for _twice in 0..2 {
        let closed = meeting.post(&meeting.one, (&csrf, &version), "見直して閉じた", "close");
        assert_eq!(closed.status, 303, "{}", closed.body);
    }
    let page = meeting.one.get(&meeting.path).body;
    assert!(page.contains("閉じた会議") && page.contains("見直して閉じた"), "{page}");
    let token = theirs.csrf();
    let late = meeting.post(&meeting.other, (&token, &theirs.value_of("version")), "まだ書いていた", "");
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(
        late.body.contains("まだ書いていた") && late.body.contains("保存されていません"),
        "{}",
        late.body
    );
    let fields = [("csrf", &*token), ("kind", "finding"), ("title", "名簿が古い")];
    let late = meeting.other.post(&format!("{}/decisions", meeting.path), &fields);
    assert!(late.status == 409 && late.body.contains("名簿が古い"), "{}", late.body);
}

#[test]
fn an_adviser_raises_a_finding_and_settled_ones_stay_to_be_read() {
    let world = World::shared();
    let (adviser, sales) = (world.enters(&world.newcomer("adviser")), world.signed_in("sales"));
    let title = format!("目標が人ごとに分かれていない {}", std::process::id());
    adviser.submit("/findings", "/findings", &[("title", &title)]);
    let open = sales.get("/findings").body;
    let row = open.split("id=\"finding-").skip(1).find(|row| row.contains(&title)).expect("it is open");
    let id = row.split('"').next().unwrap();
    let version =
        row.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    sales.submit("/findings", &format!("/findings/{id}/settle"), &[("version", version)]);
    assert!(!sales.get("/findings").body.contains(&title));
    assert!(adviser.get("/findings?state=settled").body.contains(&title));
}

#[test]
fn a_todo_somebody_else_changed_shows_both_before_it_is_written_over() {
    let world = World::shared();
    let (one, other) = (world.signed_in("sales"), world.enters(&world.newcomer("sales")));
    let fields = [("title", "地図を送る"), ("due_on", "2099-03-04")];
    let todo = one.submit("/todos/new", "/todos", &fields);
    let form = one.get(&format!("{todo}/edit"));
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let theirs = [("version", &*version), ("title", "地図を印刷する"), ("due_on", "2099-03-04")];
    other.submit(&format!("{todo}/edit"), &todo, &theirs);
    let mine = |version: &str| {
        let fields =
            [("csrf", &*csrf), ("version", version), ("title", "地図を届ける"), ("due_on", "2099-03-04")];
        one.post(&todo, &fields)
    };
    let late = mine(&version);
    assert_eq!(late.status, 409);
    assert!(late.body.contains("地図を印刷する") && late.body.contains("地図を届ける"), "{}", late.body);
    // This form says nothing of who does it.
    assert_eq!(late.body.matches("data-label=\"今の内容\"").count(), 2, "two fields differ: {}", late.body);
    assert_eq!(mine(&late.value_of("version")).status, 303);
}

#[test]
fn a_stage_somebody_else_changed_shows_both_before_it_is_written_over() {
    let world = World::start("stages");
    let admin = world.signed_in("admin");
    let pipelines = admin.get("/pipelines").body.replace("&#x2f;", "/");
    let first = pipelines.split("href=\"/pipelines/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let page = admin.get(&format!("/pipelines/{first}")).body.replace("&#x2f;", "/");
    let stage = page.split("href=\"/stages/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let path = format!("/stages/{stage}");
    let form = admin.get(&path);
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let save = |version: &str, name: &str| {
        let fields = [
            ("csrf", &*csrf),
            ("version", version),
            ("name", name),
            ("probability", "15"),
            ("idle_days", "9"),
        ];
        admin.post(&path, &fields)
    };
    assert_eq!(save(&version, "下見").status, 303);
    let late = save(&version, "見学");
    assert_eq!(late.status, 409);
    assert!(late.body.contains("下見") && late.body.contains("見学"), "{}", late.body);
    // This form says nothing of the stages it leads to.
    assert_eq!(late.body.matches("data-label=\"今の内容\"").count(), 2, "two fields differ: {}", late.body);
    world.stop();
}

#[test]
fn what_was_typed_about_a_deal_that_is_closed_or_handed_over_by_now_is_not_lost() {
    let world = World::start("handed");
    let sales = world.signed_in("sales");
    let bearer = format!("Bearer {}", world.token(&world.sign_in("sales2").email, &["--write"]));
    let other = world.guest();
    let call = |method: &str, path: &str, tag: &str, body: &str| {
        let headers =
            [("authorization", bearer.as_str()), ("content-type", "application/json"), ("if-match", tag)];
        let answer = other.send(method, path, &headers, body);
        assert!(answer.status < 300, "{method} {path}: {}", answer.body);
        answer.read()
    };
    // Who it is that acts, as their own todo says.
    let todo = json!({ "title": "引き継ぐ", "due_on": "2099-01-15" });
    let theirs = call("POST", "/api/v1/todos", "", &todo.to_string())["person_id"].clone();
    let rows = sales.get("/my-day").body.replace("&#x2f;", "/");
    let mut due = rows.split("/my-day?open=deal-").skip(1).filter_map(|rest| rest.split('#').next());
    for closes in [true, false] {
        let id = due.next().expect("the demo's salesperson has two deals due");
        let opened = sales.get(&format!("/my-day?open=deal-{id}"));
        let path = format!("/api/v1/deals/{id}");
        let deal = call("GET", &path, "", "");
        let tag = format!("\"{}\"", deal["version"]);
        if closes {
            call("POST", &format!("{path}/sleep"), &tag, "");
        } else {
            let mut body = json!({ "owner_id": theirs });
            for name in ["title", "company_id", "contact_id", "amount", "next_action", "next_action_on"] {
                body[name] = deal[name].clone();
            }
            call("PUT", &path, &tag, &body.to_string());
        }
        let note = "先方は来月から別の担当になるとのこと";
        let fields = [
            ("csrf", &*opened.csrf()),
            ("form_key", &*opened.value_of("form_key")),
            ("version", &*opened.value_of("version")),
            ("kind", "call"),
            ("outcome", "interested"),
            ("note", note),
            ("next_action", "資料を送る"),
            ("next_action_on", "2099-01-15"),
        ];
        let late = sales.post(&format!("/my-day/deals/{id}"), &fields);
        assert_eq!(late.status, 409, "{}", late.body);
        assert!(late.body.contains(note), "{}", late.body);
        assert_eq!(late.body.contains("保存されていません"), closes, "{}", late.body);
    }
    world.stop();
}
