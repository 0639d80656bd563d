//! The pages around mails: own settings, one-click unsubscribing, texts, consents, the log. What a mail scanner does
//! (opening every link) changes nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};

use accounts::secrets::LinkKey;
use diesel::prelude::*;
use kernel::{OrganizationId, PersonId};
use notifier::mails::KINDS;
use notifier::unsubscribe::Unsubscribe;
use notifier::{Category, Party};

use super::languages::in_both_languages;
use super::world::{Answer, Person, World};

/// A page's text with slashes as people read them: the engine writes them as entities.
pub(super) fn plain(answer: &Answer) -> String {
    answer.body.replace("&#x2f;", "/")
}

/// The id of the member of the demo whose address begins with `part`.
fn person_id(world: &World, part: &str) -> PersonId {
    let (email, admin) = (&world.sign_in(part).email, world.signed_in("admin"));
    let mut paths = vec!["/members?state=workers".to_owned(), "/members".to_owned()];
    loop {
        let page = plain(&admin.get(&paths.pop().expect("the demo has that person")));
        if let Some((before, _)) = page.split_once(email.as_str()) {
            let id = before.rsplit("href=\"/members/").next().unwrap().split('"').next().unwrap();
            return PersonId(id.parse().unwrap());
        }
        let links = page.split("href=\"/members?").skip(1).filter_map(|rest| rest.split('"').next());
        let next = links.map(|query| query.replace("&amp;", "&")).find(|query| query.contains("after="));
        paths.extend(next.map(|query| format!("/members?{query}")));
    }
}

fn offers_of(person: &Person) -> String {
    let answer = person.get("/api/v1/me/mail");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let settings: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    settings["offers"].as_str().unwrap().to_owned()
}

/// T18, T20: a scanner's GET changes nothing; the program's own POST needs no cookie; a wrong link learns nothing.
#[test]
fn t18_only_a_post_ends_a_sort_of_mail_and_it_needs_no_cookie() {
    let world = World::shared();
    let reader = world.signed_in("officer");
    let key = LinkKey::parse(&std::fs::read_to_string(world.data().join("link.key")).unwrap()).unwrap();
    let party = Party::Person(person_id(world, "officer"));
    let wish = Unsubscribe::new(OrganizationId(1), party, Category::Digest).unwrap();
    let link = format!("/unsubscribe/{}", wish.text(&key));
    let before = offers_of(&reader);
    assert_ne!(before, "off");
    let page = world.guest().get(&link);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("募集のお知らせ"), "{}", page.body);
    in_both_languages(&world.guest(), &link, "");
    assert_eq!(offers_of(&reader), before, "looking changes nothing");

    let forged = world.guest().post(&format!("{link}x"), &[("List-Unsubscribe", "One-Click")]);
    assert_eq!((forged.status, offers_of(&reader)), (200, before.clone()));
    let tried = world.guest().post(&link, &[]);
    assert_eq!(
        (tried.status, offers_of(&reader)),
        (200, before.clone()),
        "a scanner trying the link ends nothing"
    );
    let ended = world.guest().post(&link, &[("List-Unsubscribe", "One-Click")]);
    assert_eq!(ended.status, 200, "{}", ended.body);
    assert_eq!(offers_of(&reader), "off");
    assert!(reader.get("/me/mail").body.contains("value=\"off\" checked"));
}

/// T18: a program that sends the page's form as it stands ends nothing; its reader does, with a tick.
#[test]
fn t18_the_page_ends_a_sort_of_mail_only_with_a_tick() {
    let world = World::shared();
    let reader = world.signed_in("sales");
    let key = LinkKey::parse(&std::fs::read_to_string(world.data().join("link.key")).unwrap()).unwrap();
    let party = Party::Person(person_id(world, "sales"));
    let wish = Unsubscribe::new(OrganizationId(1), party, Category::Digest).unwrap();
    let link = format!("/unsubscribe/{}", wish.text(&key));
    let before = offers_of(&reader);
    let guest = world.guest();
    let page = guest.get(&link);
    let found = forms(&page, &link);
    assert_eq!(found.len(), 1, "{}", page.body);
    assert!(found[0].1.iter().all(|(name, _)| name != "List-Unsubscribe"), "{found:?}");
    let sent = send(&guest, &found[0]);
    assert_eq!((sent.status, offers_of(&reader)), (422, before.clone()), "{}", sent.body);
    assert!(sent.body.contains("印を付けて"), "{}", sent.body);
    let elsewhere = world.guest().post(&link, &[("csrf", &page.csrf()), ("stop", "yes")]);
    assert_eq!((elsewhere.status, offers_of(&reader)), (200, before), "the token is the browser's own");
    let ended = guest.post(&link, &[("csrf", &page.csrf()), ("stop", "yes")]);
    assert_eq!((ended.status, offers_of(&reader).as_str()), (200, "off"), "{}", ended.body);
}

/// A form as it stands on a page: where it goes, and what its fields hold.
type Found = (String, Vec<(String, String)>);

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(|value| value.replace("&amp;", "&"))
}

/// Every form of a page that is posted; `here` is where those go that name no address. Boxes are as they are ticked.
fn forms(page: &Answer, here: &str) -> Vec<Found> {
    let body = plain(page);
    let posted = body.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let posted = posted.filter(|form| form.contains("method=\"post\""));
    posted
        .map(|form| {
            let head = form.split('>').next().unwrap();
            let mut fields = Vec::new();
            for tag in form.split("<input").skip(1).filter_map(|tag| tag.split('>').next()) {
                let choice = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
                let taken = !choice || tag.contains(" checked");
                if let Some(name) = attribute(tag, "name").filter(|_| taken) {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            for area in form.split("<textarea").skip(1) {
                let (tag, rest) = area.split_once('>').unwrap();
                let text = rest.split("</textarea>").next().unwrap_or_default();
                fields.extend(attribute(tag, "name").map(|name| (name, text.to_owned())));
            }
            (attribute(head, "action").unwrap_or_else(|| here.to_owned()), fields)
        })
        .collect()
}

fn send(scanner: &Person, (action, fields): &Found) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    scanner.post(action, &fields)
}

/// What a mail scanner does with a link, from three places: it looks at the head, opens the page in a browser of its
/// own, follows where it leads, and sends the form it finds there.
pub(super) fn scan(world: &World, link: &str) {
    for _place in 0..3 {
        let scanner = world.guest();
        assert!(scanner.send("HEAD", link, &[], "").status < 500);
        let page = scanner.get(link);
        let page = if page.status == 303 { scanner.get(&page.location) } else { page };
        assert_eq!(page.status, 200, "{link}: {}", page.body);
        for found in forms(&page, link) {
            let posted = send(&scanner, &found);
            assert!((400..500).contains(&posted.status), "{found:?}: {} {}", posted.status, posted.location);
        }
        scanner.send("OPTIONS", link, &[], "");
    }
}

/// T18, T19: scanners open every link there is, even by script, and each still works for the person it was for.
#[test]
fn t19_a_scanner_changes_nothing_on_any_page_that_a_link_leads_to() {
    let world = World::shared();
    let (email, join) = world.invited("officer");
    scan(world, &join);
    in_both_languages(&world.guest(), &join, "新任");
    let joined = world.joins(email, &join);

    let asking = world.guest();
    let form = asking.get("/t/demo/forgot");
    asking.post("/t/demo/forgot", &[("csrf", &form.csrf()), ("email", &joined.email)]);
    let reset = world.mailed_link(&world.signed_in("admin"), &joined.email, "/reset/");
    scan(world, &reset);
    in_both_languages(&world.guest(), &reset, "新任");
    world.enters(&joined);
    let page = world.guest().get(&reset);
    assert!(page.status == 200 && page.body.contains("password_again"), "{}", page.body);

    let _alone = alone_with_the_delivery();
    let waiting = waiting_delivery(world);
    let delivery = link_to(world, &waiting);
    scan(world, &delivery);
    answer_without_code(world, &delivery);
    let client = world.guest();
    let entered = client.get(&delivery);
    assert_eq!((entered.status, entered.location.as_str()), (303, "/delivery"));
    assert_eq!(entered.headers["referrer-policy"], "no-referrer");
    assert_eq!(entered.headers["cache-control"], "no-store");
    let shown = client.get("/delivery");
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(plain(&shown).contains("action=\"/delivery/code\""), "it is not answered: {}", shown.body);
    in_both_languages(&client, "/delivery", &delivered(world, &waiting));
    // The message's timeline says that its link was used, and nothing else came of it.
    let admin = world.signed_in("admin");
    let list = plain(&admin.get("/messages?state=accepted"));
    let used = list.split("href=\"/messages/").skip(1).filter_map(|row| row.split('"').next());
    let told =
        used.map(|id| admin.get(&format!("/messages/{id}")).body).any(|page| page.contains("リンクが初めて"));
    assert!(told, "no message of a delivery says that its link was used: {list}");
}

/// A scanner that finds the link with which everything is set to accepted, and sends what it finds from there, form by
/// form: the answer wants a code that only the contact's mailbox holds.
fn answer_without_code(world: &World, link: &str) {
    let scanner = world.guest();
    scanner.get(link);
    let preset = scanner.get("/delivery?all=accepted");
    let found = forms(&preset, "/delivery").into_iter().find(|(action, _)| action == "/delivery/code");
    let found = found.unwrap_or_else(|| panic!("no answer to send: {}", preset.body));
    let asked = send(&scanner, &found);
    assert!(asked.status < 500, "{}: {}", asked.status, asked.body);
    let asked = if asked.status == 303 { scanner.get(&asked.location) } else { asked };
    let answer = ("/delivery/answer".to_owned(), found.1);
    let mut tries = vec![answer];
    tries.extend(forms(&asked, "/delivery").into_iter().filter(|(action, _)| action == "/delivery/answer"));
    for found in &tries {
        let refused = send(&scanner, found);
        assert!((400..500).contains(&refused.status), "{found:?}: {}: {}", refused.status, refused.body);
    }
}

/// What the API says of the delivery on `page`, of its order and of who takes part.
fn delivered(world: &World, page: &str) -> String {
    let token = world.token(&world.sign_in("admin").email, &[]);
    let read = |path: &str| world.guest().json("GET", path, Some(&token), "").read();
    let delivery = read(&format!("/api/v1{page}"));
    let order = read(&format!("/api/v1/orders/{}", delivery["order_id"]));
    let company = read(&format!("/api/v1/companies/{}", order["company_id"]));
    let asked = read(&format!("/api/v1{page}/questions"));
    [delivery, order, company, asked, read("/api/v1/town")].map(|one| one.to_string()).concat()
}

/// The numbers of the newest mails in the sandbox mailbox.
pub(super) fn sandbox_mails(admin: &Person) -> Vec<i64> {
    let list = plain(&admin.get("/sandbox"));
    let numbers = list.split("href=\"/sandbox/").skip(1).filter_map(|row| row.split('"').next());
    numbers.filter_map(|number| number.parse().ok()).collect()
}

/// A newer link to a delivery ends the one before: the tests that follow one wait for each other.
fn alone_with_the_delivery() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The page of a delivery of the demo that waits for its client. Other tests deliver meanwhile: who follows two links chooses
/// their delivery once.
fn waiting_delivery(world: &World) -> String {
    let coordinator = world.signed_in("coordinator");
    let list = plain(&coordinator.get("/deliveries"));
    let mut pages = list.split("href=\"/deliveries/").skip(1).filter_map(|rest| rest.split('"').next());
    let page = pages.find_map(|id| {
        let page = format!("/deliveries/{id}");
        plain(&coordinator.get(&page)).contains(&format!("{page}/send-again")).then_some(page)
    });
    page.expect("the demo has a delivery before its client")
}

/// A new link to the delivery on `page`, as its client was mailed it.
fn link_to(world: &World, page: &str) -> String {
    let (coordinator, admin) = (world.signed_in("coordinator"), world.signed_in("admin"));
    // Older mails of the demo lead to links that a newer one has ended.
    let newest = sandbox_mails(&admin).into_iter().max().unwrap_or_default();
    coordinator.submit(page, &format!("{page}/send-again"), &[]);
    let delivery = page.rsplit_once('/').map_or(page, |(_, id)| id);
    let leads_there = |link: &&str| {
        let guest = world.guest();
        // Other tests have mails sent meanwhile, about other deliveries too, and end what some of their links lead to.
        link.starts_with("/c/")
            && guest.get(link).location == "/delivery"
            && guest.get("/delivery").body.contains(&format!("name=\"delivery\" value=\"{delivery}\""))
    };
    let end = std::time::Instant::now() + super::world::PATIENCE;
    loop {
        for mail in sandbox_mails(&admin).into_iter().filter(|mail| *mail > newest) {
            let text = plain(&admin.get(&format!("/sandbox/{mail}")));
            let link = text.split('"').find_map(|part| part.strip_prefix(&world.base));
            if let Some(link) = link.filter(leads_there) {
                return link.to_owned();
            }
        }
        assert!(std::time::Instant::now() < end, "no delivery was mailed");
    }
}

#[test]
fn a_town_sees_tries_and_changes_the_text_of_every_mail() {
    let world = World::shared();
    let admin = world.signed_in("admin");
    for kind in KINDS {
        for language in ["ja", "en"] {
            let path = format!("/mail-texts/{}/{language}", kind.name);
            let page = admin.get(&path);
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(!page.body.contains("notice--error\">"), "{path}: {}", page.body);
        }
    }
    let path = "/mail-texts/deal_won/en";
    let token = admin.get(path).csrf();
    let lacking = [("csrf", token.as_str()), ("subject", "Won"), ("body", "Well done.")];
    let refused = admin.post(path, &lacking);
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("{{ mail.link }}") && refused.body.contains("Well done."),
        "{}",
        refused.body
    );
    // What is wrong and where, in the writer's language and without the engine's words.
    for (wrong, told) in [
        ("{{ mail.nothing }}", "{{ mail.nothing }} という項目は、このメールにありません"),
        ("{% if %}", "本文の3行目：波かっこの書き方が合っていません"),
        ("{{ mail.company | safe }}", "本文の3行目：文面では使えない書き方です"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "くり返しが多すぎます",
        ),
    ] {
        let body = format!("See:\n{{{{ mail.link }}}}\n{wrong}");
        let typed = [("csrf", token.as_str()), ("subject", "Won"), ("body", body.as_str())];
        let shown = admin.post(&format!("{path}/preview"), &typed);
        assert!(shown.status == 200 && plain(&shown).contains(told), "{told}: {}", shown.body);
    }
    let words =
        [("csrf", token.as_str()), ("subject", "Won"), ("body", "Well done.\n\nSee:\n{{ mail.link }}")];
    let shown = admin.post(&format!("{path}/preview"), &words);
    assert!(shown.status == 200 && plain(&shown).contains("https://yui.example/deals/5"), "{}", shown.body);
    let look = admin.post(&format!("{path}/look"), &words);
    assert!(look.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let tried = admin.post(&format!("{path}/test"), &words);
    assert_eq!(tried.status, 200, "{}", tried.body);
    assert_eq!(admin.post(path, &words).status, 303);
    assert!(plain(&admin.get(path)).contains(&format!("{path}/reset")));
    assert_eq!(admin.submit(path, &format!("{path}/reset"), &[]), path);
}

#[test]
fn advertising_waits_for_a_recorded_consent() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.get("/contacts/1/mail");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(!plain(&page).contains("/contacts/1/mail/news"), "{}", page.body);
    let lacking = [("csrf", page.csrf()), ("basis", "business_card".to_owned()), ("note", String::new())];
    let fields: Vec<(&str, &str)> = lacking.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(sales.post("/contacts/1/mail/consent", &fields).status, 422);
    let back = sales.submit(
        "/contacts/1/mail",
        "/contacts/1/mail/consent",
        &[("basis", "business_card"), ("note", "11月20日の商談で名刺交換")],
    );
    assert_eq!(back, "/contacts/1/mail");
    assert!(plain(&sales.get(&back)).contains("/contacts/1/mail/news"));
}

#[test]
fn a_mail_is_found_and_its_page_tells_what_one_may_do() {
    let world = World::shared();
    let coordinator = world.signed_in("coordinator");
    let list = coordinator.get("/messages?q=nobody-has-this-name");
    assert!(list.status == 200 && first_mail(&plain(&list)).is_none(), "{}", list.body);
    let list = coordinator.get("/messages");
    let href = first_mail(&plain(&list)).unwrap();
    let page = coordinator.get(&format!("/messages/{href}"));
    assert!(page.status == 200 && page.body.contains("Message-ID"), "{}", page.body);
}

/// The number of the first mail that a list leads to.
fn first_mail(list: &str) -> Option<String> {
    let links = list.split("href=\"/messages/").skip(1);
    links.filter_map(|rest| rest.split('"').next()).find(|id| id.parse::<i64>().is_ok()).map(str::to_owned)
}

/// What a page says, without the shell around it and without the number of the request.
fn said(answer: &Answer) -> String {
    let (_, main) = answer.body.split_once("<main").unwrap_or_else(|| panic!("no page: {}", answer.body));
    let main = main.split("</main>").next().unwrap();
    let pieces =
        main.split("<code>").map(|piece| piece.split_once("</code>").map_or(piece, |(_number, rest)| rest));
    pieces.collect()
}

/// T20: whoever tries links learns nothing from the answers, neither from what they say nor from how they are given.
#[test]
fn t20_a_link_that_was_made_up_used_or_withdrawn_gets_one_and_the_same_answer() {
    let world = World::shared();
    let _alone = alone_with_the_delivery();
    let page = waiting_delivery(world);
    let withdrawn = link_to(world, &page);
    let newer = link_to(world, &page);
    // The secret is exchanged for a cookie first, whatever it is worth.
    let arrive = |link: &str| {
        let guest = world.guest();
        let answer = guest.get(link);
        if answer.status == 303 { guest.get(&answer.location) } else { answer }
    };
    assert_eq!(arrive(&newer).status, 200, "this one works");
    let made_up = |link: &str| {
        // Its last letter stands for four bits: with these two it is a secret still, with a B it would be none at all.
        let turned = if link.ends_with('A') { 'E' } else { 'A' };
        format!("{}{turned}", &link[..link.len() - 1])
    };
    let (email, join) = world.invited("officer");
    world.joins(email, &join);
    let never_sent = join.rsplit_once('.').map(|(town, secret)| (town, secret.len())).unwrap();
    let never_sent = format!("{}.{}", never_sent.0, "x".repeat(never_sent.1));
    for (other, false_one) in [(withdrawn, made_up(&newer)), (join, never_sent)] {
        let (one, two) = (arrive(&other), arrive(&false_one));
        assert_eq!((one.status, said(&one)), (two.status, said(&two)), "{other} and {false_one}");
        assert!((400..500).contains(&one.status), "{other}: {}", one.status);
        let names = |answer: &Answer| {
            let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(names(&one), names(&two));
    }
}

/// T19: the secret is not in any table, beside the mail that carries it (whose bytes are encoded); what is kept is a hash.
#[test]
fn t19_the_secret_of_a_link_stands_in_its_mail_and_nowhere_else() {
    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = diesel::sql_types::Text)]
        within: String,
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let world = World::shared();
    let _alone = alone_with_the_delivery();
    let link = link_to(world, &waiting_delivery(world));
    assert_eq!(world.guest().get(&link).status, 303);
    let (_, secret) = link.rsplit_once('.').unwrap();
    assert!(secret.len() >= 20, "{link}");
    let mut owner = world.owner();
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT a.attrelid::regclass::text AS within, quote_ident(a.attname) AS name FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace \
         AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype)",
    )
    .load(&mut owner)
    .unwrap();
    assert!(columns.len() > 300, "{}", columns.len());
    let questions: Vec<String> = columns
        .iter()
        .map(|Column { within, name }| {
            format!("SELECT '{within}.{name}' AS name, '' AS within FROM {within} WHERE {name}::text LIKE '%{secret}%'")
        })
        .collect();
    for some in questions.chunks(50) {
        let found: Vec<Column> = diesel::sql_query(some.join(" UNION ALL ")).load(&mut owner).unwrap();
        let found: Vec<&str> = found.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(found, [] as [&str; 0]);
    }
}
