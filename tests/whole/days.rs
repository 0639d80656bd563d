//! A salesperson's day walked as on a phone without a script: three fields after a call, todos for oneself and for a
//! colleague, and the calendar that reads along.

use std::time::Instant;

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
        std::thread::yield_now();
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
fn soon() -> String {
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
        let path = one.submit("/meetings/new", "/meetings", &[("held_on", "2099-02-03")]);
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
            ("held_on", "2099-02-03"),
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
