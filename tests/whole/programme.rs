//! What people of the programme have beside work, over their pages: one place and two people, a bank account, a voice that
//! is taken back, a report about whoever runs the programme.

use std::time::Instant;

use chrono::{Days, NaiveDate, Weekday};
use serde_json::{Value, json};

use super::world::{PATIENCE, Person, World, a_moment};

/// A weekday some weeks ahead that no other test uses.
fn some_weekday(weeks: u64) -> NaiveDate {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    let day = today.week(Weekday::Mon).first_day() + Days::new(7 * weeks + 2);
    assert!(day > today);
    day
}

/// A page's text with its addresses as they are.
fn read(person: &Person, path: &str) -> String {
    person.get(path).body.replace("&#x2f;", "/")
}

/// The number behind `start` in a page.
fn number_after(page: &str, start: &str) -> String {
    let rest = page.split(start).nth(1).unwrap_or_else(|| panic!("no {start} in:\n{page}"));
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// A place of its own, entered by coordination.
fn place(coordinator: &Person, name: &str) -> String {
    let fields = [
        ("name", name),
        ("kind", "room"),
        ("opens_at", "9:00"),
        ("closes_at", "17:00"),
        ("weekdays", "mon"),
        ("weekdays", "tue"),
        ("weekdays", "wed"),
        ("weekdays", "thu"),
        ("weekdays", "fri"),
    ];
    let at = coordinator.submit("/centre/places/new", "/centre/places", &fields);
    number_after(&at, "/centre/places/")
}

#[test]
fn whoever_comes_too_late_for_a_place_is_offered_the_nearest_time_and_takes_it() {
    let world = World::shared();
    let (first, second) = (world.signed_in("worker"), world.signed_in("worker2"));
    let room = place(&world.signed_in("coordinator"), "試験の部屋");
    let day = some_weekday(6).to_string();
    let form = format!("/centre/bookings/new?place={room}&day={day}&from=10:00&to=12:00");
    let fields = [("place_id", &*room), ("day", &*day), ("from", "10:00"), ("to", "12:00")];
    first.submit(&form, "/centre/bookings", &fields);
    let token = second.get(&form).csrf();
    let all: Vec<_> = [("csrf", &*token)].into_iter().chain(fields).collect();
    let late = second.post("/centre/bookings", &all);
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(late.body.contains("その時間は、先に予約されていました"), "{}", late.body);
    let offered = late.body.split("<li class=\"item").nth(1).unwrap();
    let value = |name: &str| {
        offered
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let (place, from, to) = (value("place_id"), value("from"), value("to"));
    let instead = [("place_id", &*place), ("day", &*value("day")), ("from", &*from), ("to", &*to)]
        .map(|(k, v)| (k, v.to_owned()));
    let instead: Vec<(&str, &str)> = instead.iter().map(|(name, value)| (*name, value.as_str())).collect();
    second.submit(&form, "/centre/bookings", &instead);
    // Whose the other time is nobody but coordination reads.
    let page = second.get(&format!("/centre/places/{room}?from={day}")).body;
    assert!(page.contains("予約あり") && !page.contains("ワーカー 01"), "{page}");
    let own = read(&second, "/centre/bookings");
    let number = number_after(&own, "action=\"/centre/bookings/");
    second.submit("/centre/bookings", &format!("/centre/bookings/{number}/cancel"), &[]);
    let foreign = number_after(&read(&first, "/centre/bookings"), "action=\"/centre/bookings/");
    let token = second.get("/centre").csrf();
    let refused = second.post(&format!("/centre/bookings/{foreign}/cancel"), &[("csrf", &token)]);
    assert_eq!(refused.status, 404, "somebody else's booking is not there");
}

#[test]
fn closing_asks_before_it_cancels_what_people_have_booked() {
    let world = World::shared();
    let coordinator = world.signed_in("coordinator");
    let room = place(&coordinator, "試験の部屋（休み）");
    let day = some_weekday(7).to_string();
    let fields = [("place_id", &*room), ("day", &*day), ("from", "9:00"), ("to", "10:00")];
    let form = format!("/centre/bookings/new?place={room}");
    world.signed_in("worker4").submit(&form, "/centre/bookings", &fields);
    let token = coordinator.get("/centre/closings/new").csrf();
    let closing = [("csrf", &*token), ("place_id", &*room), ("first_day", &*day), ("note", "清掃")];
    let asked = coordinator.post("/centre/closings", &closing);
    assert!(asked.status == 409 && asked.body.contains("name=\"cancels\""), "{}", asked.body);
    let all: Vec<_> = closing.into_iter().chain([("cancels", "yes")]).collect();
    assert_eq!(coordinator.post("/centre/closings", &all).status, 303);
    let week = coordinator.get(&format!("/centre/places/{room}?from={day}")).body;
    assert!(week.contains("休み: 清掃"), "{week}");
}

#[test]
fn an_account_is_shown_by_its_last_digits_and_wrong_kana_is_said_plainly() {
    let world = World::shared();
    let worker = world.signed_in("worker4");
    let fields = [("bank", "0143"), ("branch", "205"), ("kind", "ordinary"), ("number", "7654321")];
    let token = worker.get("/my-bank").csrf();
    let with = |holder: &'static str| -> Vec<(&str, &str)> {
        [("csrf", token.as_str())].into_iter().chain(fields).chain([("holder", holder)]).collect()
    };
    let refused = worker.post("/my-bank", &with("山田花子"));
    assert!(refused.status == 422 && refused.body.contains("漢字や記号は使えません"), "{}", refused.body);
    assert_eq!(worker.post("/my-bank", &with("ヤマダ ハナコ")).status, 303);
    let page = worker.get("/my-bank").body;
    assert!(page.contains("••••321") && !page.contains("7654321"), "{page}");
}

#[test]
fn a_voice_that_is_taken_back_is_gone_from_the_public_page_at_once() {
    let world = World::shared();
    let worker = world.signed_in("worker4");
    let words = "むりのない量で続けられます。";
    worker.submit("/voices", "/voices", &[("body", words), ("shown_as", "40代"), ("consent", "yes")]);
    let own = worker.get("/voices").body;
    let number = number_after(&own, "id=\"voice-");
    let coordinator = world.signed_in("coordinator");
    coordinator.submit("/voices", &format!("/voices/{number}/show"), &[("version", "1")]);
    let public = world.guest().get("/t/demo/voices");
    assert!(public.status == 200 && public.body.contains(words), "{}", public.body);
    assert_eq!(public.headers["cache-control"], "no-store");
    worker.submit("/voices", &format!("/voices/{number}/withdraw"), &[]);
    assert!(!world.guest().get("/t/demo/voices").body.contains(words));
    let token = coordinator.get("/voices").csrf();
    let again = coordinator.post(&format!("/voices/{number}/show"), &[("csrf", &token), ("version", "3")]);
    assert_eq!(again.status, 409);
}

#[test]
fn a_report_about_whoever_runs_the_programme_is_not_there_for_them() {
    let world = World::shared();
    let (worker, officer) = (world.signed_in("worker4"), world.signed_in("officer"));
    let form = worker.get("/harassment/new").body;
    // The demo's desk is the officer alone.
    let reader =
        form.split("name=\"readers\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("body", "ディレクターにどなられました"), ("readers", &*reader)];
    let at = worker.submit("/harassment/new", "/harassment", &fields);
    let seen = officer.get(&at);
    assert!(seen.status == 200 && seen.body.contains("どなられました"), "{}", seen.body);
    assert!(seen.body.contains("名前を出さない人") && !seen.body.contains("ワーカー 04"), "{}", seen.body);
    for role in ["coordinator", "admin", "checker"] {
        let other = world.signed_in(role);
        assert_eq!(other.get(&at).status, 404, "{role}");
        assert!(!read(&other, "/harassment").contains(&at), "{role}");
    }
}

#[test]
fn a_request_is_answered_with_a_reason_or_not_at_all() {
    let world = World::shared();
    let (worker, coordinator) = (world.signed_in("worker4"), world.signed_in("coordinator"));
    let fields = [("kind", "day"), ("work", ""), ("wish", "しめきりを2日のばしてほしい")];
    let at = worker.submit("/care-requests/new", "/care-requests", &fields);
    let token = coordinator.get(&at).csrf();
    let bare = [("csrf", &*token), ("version", "1"), ("decision", "refused"), ("answer", "")];
    let refused = coordinator.post(&format!("{at}/answer"), &bare);
    assert!(refused.status == 422 && refused.body.contains("f-answer"), "{}", refused.body);
    let reason = [("version", "1"), ("decision", "refused"), ("answer", "納品日が決まっているため")];
    coordinator.submit(&at, &format!("{at}/answer"), &reason);
    assert!(worker.get(&at).body.contains("納品日が決まっているため"));
    assert_eq!(world.signed_in("worker2").get(&at).status, 404, "somebody else's request is not there");
}

#[test]
fn whoever_the_mail_about_their_interview_did_not_reach_is_named_to_programs_as_on_the_page() {
    let world = World::shared();
    let token = world.token(&world.sign_in("coordinator").email, &["--write"]);
    let ask = |method: &str, path: &str, body: &Value| {
        let answer = world.guest().json(method, path, Some(&token), &body.to_string());
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.body);
        answer.read()
    };
    let email = "todokanai@demo.example";
    let who = json!({ "family_name": "戸田", "given_name": "かなえ", "email": email });
    let worker = ask("POST", "/api/v1/workers", &who)["id"].clone();
    let interviews = format!("/api/v1/workers/{worker}/interviews");
    let lead = ask("GET", "/api/v1/workers?limit=1", &Value::Null)["items"][0]["person_id"].clone();
    let day = some_weekday(3).to_string();
    ask("POST", &interviews, &json!({ "day": day, "time": "10:00", "way": "phone", "interviewer_id": lead }));
    let waiting = || {
        let waiting = ask("GET", "/api/v1/waiting-workers?limit=100", &Value::Null);
        let items = waiting["items"].as_array().unwrap().iter();
        items.clone().find(|one| one["id"] == worker).unwrap_or_else(|| panic!("{waiting:#}")).clone()
    };
    assert_eq!(
        (&waiting()["waits_for"], &waiting()["unreached_address"]),
        (&json!("interview_day"), &Value::Null)
    );
    let end = Instant::now() + PATIENCE;
    let mail = loop {
        let mails = ask("GET", &format!("/api/v1/messages?state=accepted&q={email}"), &Value::Null);
        if let Some(mail) =
            mails["items"].as_array().unwrap().iter().find(|one| one["template"] == "interview_date")
        {
            break mail["id"].clone();
        }
        assert!(Instant::now() < end, "no mail tells the day: {mails:#}");
        a_moment();
    };
    ask("POST", &format!("/api/v1/messages/{mail}/bounce"), &json!({ "notice": "550 5.1.1 no such user" }));
    assert_eq!(waiting()["unreached_address"], email);
    let page = world.signed_in("coordinator").get("/workers/waiting?state=registered").body;
    let row = page.split("戸田").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("届いていません"), "{row}");
}
