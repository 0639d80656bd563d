//! The operators' page of background tasks, with something of everything on it.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::mail_contract::wait_until;
use super::pages::check;
use super::world::{METRICS_TOKEN, Person, World};

/// Of a kind that no process knows, so that nobody runs them while they are looked at.
const LEFT_BEHIND: &str = "
WITH town AS (SELECT id FROM organizations WHERE slug = 'demo'),
    batch AS (INSERT INTO task_batches (organization_id, callback_kind, callback_priority, callback_attempts,
        callback_payload, size) SELECT id, 'of.tomorrow/callback', 2, 1, '{}', 5 FROM town RETURNING organization_id, id),
    waiting AS (INSERT INTO tasks (organization_id, kind, max_attempts, state, run_at, batch_id, payload)
        SELECT organization_id, 'of.tomorrow/member', 1, 'scheduled', now() + interval '1 year', id, '{}' FROM batch),
    running AS (INSERT INTO tasks (organization_id, kind, max_attempts, state, lease, lease_until, payload)
        SELECT id, 'of.tomorrow/long', 1, 'running', 1, now() + interval '1 year', '{}' FROM town
        RETURNING organization_id, id),
    told AS (INSERT INTO task_progress (organization_id, task_id, done, total)
        SELECT organization_id, id, 1234, 5678 FROM running)
INSERT INTO tasks (organization_id, kind, max_attempts, state, attempt, cause, payload)
SELECT id, 'of.tomorrow/stuck', 3, 'dead', 3, 'order # is <b>not</b> there', '{}' FROM town, generate_series(1, 3)";

const TIDIED: &str = "DELETE FROM tasks WHERE kind LIKE 'of.tomorrow/%';
DELETE FROM task_batches WHERE callback_kind LIKE 'of.tomorrow/%'; DELETE FROM task_pauses WHERE kind LIKE 'of.tomorrow/%'";

#[test]
fn operators_see_what_is_stuck_paused_long_and_together_and_steer_it() {
    let world = World::shared();
    let mut owner = world.owner();
    owner.batch_execute(LEFT_BEHIND).unwrap();
    let admin = world.enters(&world.newcomer("admin"));
    for language in ["en", "ja"] {
        admin.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        let page = admin.get("/tasks");
        check(&page, "/tasks", language);
        for shown in ["order # is &lt;b&gt;not&lt;/b&gt; there", "1,234 / 5,678", "of.tomorrow/callback"] {
            assert!(page.body.contains(shown), "{shown} in {language}: {}", page.body);
        }
    }
    let (kind, cause) = (("kind", "of.tomorrow/stuck"), ("cause", "order # is <b>not</b> there"));
    let other_cause = ("cause", "something else");
    let token = admin.get("/tasks").csrf();
    let post = |path: &str, fields: &[(&str, &str)]| {
        admin.post(path, &[&[("csrf", token.as_str())], fields].concat())
    };
    assert_eq!(post("/tasks/redrive", &[kind, other_cause]).status, 404);
    assert_eq!(post("/tasks/redrive", &[kind, cause]).status, 303);
    assert_eq!(post("/tasks/redrive", &[kind, cause]).status, 404, "none of them is stuck any more");
    assert_eq!(post("/tasks/pause", &[]).status, 404);
    assert_eq!(post("/tasks/pause", &[("kind", "of.nobody/ever")]).status, 404, "a kind that nobody knows");
    assert!(
        admin.get("/tasks").body.contains("value=\"webhooks.deliver\""),
        "offered though nothing of it waits"
    );
    assert_eq!(post("/tasks/pause", &[kind]).status, 303);
    let paused = "name=\"kind\" value=\"of.tomorrow/stuck\"";
    let page = admin.get("/tasks");
    check(&page, "/tasks", "ja");
    assert!(page.body.contains(paused) && page.body.contains("/tasks/resume"), "{}", page.body);
    assert_eq!(post("/tasks/clear", &[("kind", "of.tomorrow/member")]).status, 404, "it is not paused");
    assert!(page.body.contains("/tasks/clear"));
    let cleared = post("/tasks/clear", &[kind]);
    assert_eq!((cleared.status, cleared.location.as_str()), (303, "/tasks?cleared=3"));
    let told = admin.get(&cleared.location).body;
    assert!(told.contains("まだ始まっていない3件を取り消しました"), "{told}");
    assert!(told.contains("まとめて取り消し"), "it stands among what was decided");
    assert_eq!(post("/tasks/resume", &[kind]).status, 303);
    assert_eq!(post("/tasks/resume", &[kind]).status, 404);
    assert!(!admin.get("/tasks").body.contains("/tasks/resume"));
    owner.batch_execute(TIDIED).unwrap();
}

#[test]
fn what_operators_decided_is_shown_with_who_did_it_and_running_tasks_can_be_cancelled() {
    let world = World::shared();
    let mut owner = world.owner();
    let left = "INSERT INTO tasks (organization_id, kind, max_attempts, state, attempt, run_at, payload) \
        SELECT id, 'of.another-day/again', 3, 'scheduled', 1, now() + interval '1 year', '{}' \
        FROM organizations WHERE slug = 'demo'; \
        INSERT INTO task_failures (organization_id, task_id, attempt, error) \
        SELECT organization_id, id, 1, 'database is unavailable: x' FROM tasks WHERE kind = 'of.another-day/again'";
    owner.batch_execute(left).unwrap();
    let admin = world.enters(&world.newcomer("admin"));
    let page = admin.get("/tasks");
    check(&page, "/tasks", "ja");
    let shown = "データベースにつながりませんでした";
    assert!(page.body.contains(shown) && page.body.contains("database is unavailable: x"), "{}", page.body);
    let entry =
        page.body.split("id=\"retrying-").skip(1).find(|part| part.contains("of.another-day/again")).unwrap();
    let action = entry.split('"').find(|word| word.ends_with("/cancel")).unwrap();
    let token = page.csrf();
    let now = action.replace("/cancel", "/retry");
    assert!(entry.contains(&now), "it can be tried at once: {entry}");
    assert_eq!(admin.post(&now, &[("csrf", &token)]).status, 303);
    assert_eq!(admin.post(&now, &[("csrf", &token)]).status, 404, "it waits for no other try");
    let paused = "一時停止中。再開すると試します";
    wait_until("its kind goes on nowhere", || admin.get("/tasks").body.contains(paused));
    assert!(!admin.get("/tasks").body.contains(&now), "what nobody can hurry is not offered to be");
    assert_eq!(admin.post(action, &[("csrf", &token)]).status, 303);
    assert_eq!(admin.post(action, &[("csrf", &token)]).status, 404, "it is gone");
    let page = admin.get("/tasks");
    check(&page, "/tasks", "ja");
    let decided = page.body.split("id=\"decisions\"").nth(1).unwrap();
    assert!(decided.contains("of.another-day/again") && decided.contains("取り消し"), "{decided}");
}

#[test]
fn metrics_are_for_the_holder_of_the_token_alone() {
    let world = World::shared();
    let asked = |headers: &[(&str, &str)]| world.guest().send("GET", "/metrics", headers, "");
    let bearer = format!("Bearer {METRICS_TOKEN}");
    assert_eq!(asked(&[]).status, 401);
    assert_eq!(asked(&[("authorization", &format!("{bearer}!"))]).status, 401);
    assert_eq!(world.signed_in("admin").get("/metrics").status, 401, "a session is no token");
    let answer = asked(&[("authorization", &bearer)]);
    assert_eq!(answer.status, 200);
    for family in [
        "yui_ready 1",
        "yui_database_answers 1",
        "yui_relay_takes_mail 1",
        "yui_workers_run 1",
        "# TYPE yui_tasks gauge",
        "yui_task_oldest_ready_seconds ",
        "yui_mail_oldest_due_seconds ",
        "# TYPE yui_mail_attempts_5m gauge",
        "# TYPE yui_task_failures_5m gauge",
        "# TYPE yui_mails_ended_5m gauge",
        "# TYPE yui_webhooks_ended_5m gauge",
    ] {
        assert!(answer.body.contains(family), "{family}: {}", answer.body);
    }
    assert!(!answer.body.contains('@') && !answer.body.contains("\"demo\""), "{}", answer.body);
    for line in answer.body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("yui_") && value.parse::<f64>().is_ok(), "{line}");
    }
}

/// One mail given up and one expired; of a kind that nothing sends.
const STOPPED: &str = "INSERT INTO messages (organization_id, category, template, language, to_name, to_address, from_address, \
        subject, state, not_before, expires_at, attempt, message_id, asked_by, created_at, ended_at, urgency) \
    SELECT o.id, 'work', 'order_opened', 'ja', '山田', 'stuck@example.jp', 'yui@example.jp', '止まった件', s.state, now(), \
        now(), 3, '<' || s.state || '.' || o.id || '@stuck.example>', 'system', now(), now(), 3 \
    FROM organizations o, (VALUES ('dead'), ('expired')) s (state) WHERE o.slug = 'demo'; \
    INSERT INTO message_bytes (organization_id, message_id, bytes, sha256, search_key, grams) \
    SELECT organization_id, id, convert_to('Message-ID: <x.y@stuck.example>' || chr(13) || chr(10) || \
        'Date: Thu, 26 Nov 2026 00:00:00 +0000' || chr(13) || chr(10) || chr(13) || chr(10) || 'x' || chr(13) || chr(10), \
        'UTF8'), sha256('x'), '', '{}' FROM messages WHERE to_address = 'stuck@example.jp'; \
    INSERT INTO message_attempts (organization_id, message_id, attempt, relay, started_at, ended_at, outcome, stage, reason, \
        reply) SELECT organization_id, id, 3, 'relay.example', now(), now(), 'deferred', 'recipient', 'greylisted', \
        '450 4.2.0 <stuck@example.jp> not now' FROM messages WHERE to_address = 'stuck@example.jp' AND state = 'dead'";

/// How many mails need a look, as their log says.
fn troubled_on(admin: &Person) -> i64 {
    let page = admin.get("/messages").body;
    let said = page.split("確かめたいメール ").nth(1).and_then(|rest| rest.split('件').next());
    said.map_or(0, |count| count.parse().unwrap())
}

const RELAY_WAS_AWAY: &str = "INSERT INTO message_attempts (organization_id, message_id, attempt, relay, started_at, ended_at, \
        outcome, stage, reply) SELECT organization_id, id, 1, 'relay.example', now(), now(), 'relay_down', 'auth', \
        '535 5.7.8 wrong password' FROM messages WHERE to_address = 'stuck@example.jp' AND state = 'expired'";

#[test]
fn a_dead_mail_is_found_understood_and_sent_off_again() {
    let world = World::start("stuck");
    let admin = world.enters(&world.newcomer("admin"));
    let before = troubled_on(&admin);
    world.owner().batch_execute(STOPPED).unwrap();
    for language in ["en", "ja"] {
        admin.submit("/me", "/me/preferences", &[("lang", language), ("back", "/")]);
        let page = admin.get("/messages/stuck");
        check(&page, "/messages/stuck", language);
        assert!(page.body.contains("450 4.2.0 &lt;stuck@example.jp&gt; not now"), "{}", page.body);
    }
    assert!(admin.get("/tasks").body.contains("href=\"/messages/stuck\""));
    // An attempt of before met a relay that was away; mail flows now, and no page says otherwise.
    world.owner().batch_execute(RELAY_WAS_AWAY).unwrap();
    for page in ["/messages/stuck", "/tasks"] {
        assert!(!admin.get(page).body.contains("メールが出ていません"), "{page}");
    }
    let troubled = troubled_on(&admin);
    assert_eq!(troubled, before + 2, "given up and too late");
    let home = admin.get("/").body;
    let tile: String = home.split("確かめたいメール").nth(1).unwrap().chars().take(300).collect();
    assert!(tile.contains(&format!(">{troubled}<")), "{troubled}: {tile}");
    // What it counts stands where it leads.
    assert!(home.replace("&#x2f;", "/").contains("href=\"/messages?state=look\""), "{home}");
    let look = admin.get("/messages?state=look");
    check(&look, "/messages", "ja");
    assert_eq!(look.body.matches("止まった件").count(), 2, "{}", look.body);
    let shown = admin.get("/messages/stuck");
    let (key, token) = (shown.value_of("form_key"), shown.csrf());
    let drive = |why: &str| {
        let cause = [("state", "dead"), ("stage", "recipient"), ("cause", "greylisted")];
        let field =
            [("csrf", token.as_str()), ("form_key", key.as_str()), ("why.dead.recipient.greylisted", why)];
        admin.post("/messages/stuck", &[&cause[..], &field[..]].concat())
    };
    let refused = drive("");
    assert_eq!(refused.status, 422);
    for _press in 0..2 {
        let sent = drive("中継サーバーを直した");
        assert_eq!(
            (sent.status, sent.location.as_str()),
            (303, "/messages/stuck?sent=1&left=0"),
            "both say that it is sent"
        );
        let told = admin.get(&sent.location);
        check(&told, "/messages/stuck", "ja");
        assert!(told.body.contains("1件をもう一度送ります"), "{}", told.body);
    }
    let again = "SELECT count(*) AS number FROM messages WHERE resend_of IS NOT NULL AND to_address = 'stuck@example.jp'";
    let again: Number = diesel::sql_query(again).get_result(&mut world.owner()).unwrap();
    assert_eq!(again.number, 1, "pressed twice it goes once");
    let refused = "SELECT count(*) AS number FROM messages WHERE resend_of IS NOT NULL AND state = 'held'";
    // The sandbox takes mails of Yui alone, and this one was made by hand.
    wait_until("the copy was tried", || {
        let held: Number = diesel::sql_query(refused).get_result(&mut world.owner()).unwrap();
        held.number == 1
    });
    assert_eq!(troubled_on(&admin), before + 2, "the copy needs a look, and what it is a copy of no longer");
    assert!(!admin.get("/messages/stuck").body.contains("not now"), "it is on its way");
    let coordinator = world.enters(&world.newcomer("coordinator"));
    let page = coordinator.get("/messages/stuck");
    check(&page, "/messages/stuck", "ja");
    assert!(!page.body.contains("name=\"stage\""), "who may not send them off is not asked to");
    pressed_twice_it_goes_once(&world, &admin);
    what_cannot_be_sent_again_is_put_away(&world, &admin);
    world.stop();
}

/// Two mails with codes that came too late, which nobody can send again.
const CODES: &str = "INSERT INTO messages (organization_id, category, template, language, to_name, to_address, from_address, \
        subject, state, not_before, expires_at, attempt, message_id, asked_by, created_at, ended_at, urgency) \
    SELECT o.id, 'account', 'accept_code', 'ja', '山田', 'code@example.jp', 'yui@example.jp', '確認コード', 'expired', now(), \
        now(), 0, '<code' || n || '.' || o.id || '@stuck.example>', 'system', now(), now(), 3 \
    FROM organizations o, generate_series(1, 2) n WHERE o.slug = 'demo'; \
    INSERT INTO message_bytes (organization_id, message_id, bytes, sha256, search_key, grams) \
    SELECT organization_id, id, convert_to('x', 'UTF8'), sha256('x'), '', '{}' FROM messages WHERE to_address = 'code@example.jp'; \
    INSERT INTO message_troubles (organization_id, message_id, at, stage, reply) \
    SELECT organization_id, id, now(), 'auth', '535 5.7.8 wrong password' FROM messages WHERE to_address = 'code@example.jp'";

fn what_cannot_be_sent_again_is_put_away(world: &World, admin: &Person) {
    let before = troubled_on(admin);
    world.owner().batch_execute(CODES).unwrap();
    // Meanwhile another mail of the town may be given up as well.
    assert!(troubled_on(admin) >= before + 2, "{before} before");
    let id: Number =
        diesel::sql_query("SELECT min(id) AS number FROM messages WHERE to_address = 'code@example.jp'")
            .get_result(&mut world.owner())
            .unwrap();
    let path = format!("/messages/{}", id.number);
    let page = admin.get(&path);
    check(&page, &path, "ja");
    let kept_it = "認証で止まりました 535 5.7.8 wrong password";
    assert!(page.body.contains(kept_it), "what kept it from leaving: {}", page.body);
    assert!(!page.body.contains("/resend"));
    let token = page.csrf();
    assert_eq!(admin.post(&format!("{path}/seen"), &[("csrf", &token)]).status, 303);
    let page = admin.get(&path).body;
    assert!(page.contains("人が確かめました") && !page.contains(&format!("{path}/seen")), "{page}");
    let stuck = admin.get("/messages/stuck");
    check(&stuck, "/messages/stuck", "ja");
    assert!(stuck.body.contains("535 5.7.8 wrong password") && stuck.body.contains("/messages/stuck/seen"));
    let card = stuck.body.split("<article").find(|part| part.contains("535 5.7.8 wrong password")).unwrap();
    assert!(
        card.contains("もう一度は送れません") && !card.contains("name=\"form_key\""),
        "no press that does nothing: {card}"
    );
    let cause = [("csrf", token.as_str()), ("state", "expired"), ("stage", "auth"), ("cause", "")];
    assert_eq!(admin.post("/messages/stuck/seen", &cause).status, 303);
    assert!(!admin.get("/messages/stuck").body.contains("535 5.7.8 wrong password"));
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// T29: the mail that had expired, sent once more by somebody who presses twice, and again by somebody who means it.
fn pressed_twice_it_goes_once(world: &World, admin: &Person) {
    let count = |sql: &str| {
        let found: Number = diesel::sql_query(sql).get_result(&mut world.owner()).unwrap();
        found.number
    };
    let expired = count(
        "SELECT id AS number FROM messages WHERE to_address = 'stuck@example.jp' AND state = 'expired'",
    );
    let page = format!("/messages/{expired}");
    let press = |key: &str, token: &str| {
        let fields = [("csrf", token), ("form_key", key), ("reason", "電話で頼まれた")];
        let answer = admin.post(&format!("{page}/resend"), &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.location
    };
    let shown = admin.get(&page);
    let (key, token) = (shown.value_of("form_key"), shown.csrf());
    let first = press(&key, &token);
    assert_eq!(press(&key, &token), first, "the second press leads to the same mail");
    let again = || count(&format!("SELECT count(*) AS number FROM messages WHERE resend_of = {expired}"));
    assert_eq!(again(), 1);
    assert_ne!(press(&admin.get(&page).value_of("form_key"), &token), first, "whoever asks again means it");
    assert_eq!(again(), 2);
}

#[test]
fn an_address_is_left_alone_and_let_go_with_reasons() {
    let world = World::start("alone");
    let coordinator = world.enters(&world.newcomer("coordinator"));
    let page = coordinator.get("/suppressions");
    check(&page, "/suppressions", "ja");
    let token = page.csrf();
    let add = |address: &str, days: &str| {
        let fields = [("csrf", token.as_str()), ("address", address), ("category", "digest"), ("days", days)];
        coordinator.post("/suppressions", &[&fields[..], &[("note", "電話で頼まれた")]].concat())
    };
    let refused = add("stuck", "0");
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("value=\"stuck\"") && refused.body.contains("電話で頼まれた"),
        "kept as typed"
    );
    assert_eq!(add("alone@example.jp", "30").status, 303);
    assert_eq!(add("alone@example.jp", "").status, 409, "it is there already");
    let page = coordinator.get("/suppressions");
    check(&page, "/suppressions", "ja");
    assert!(page.body.contains("alone@example.jp"), "{}", page.body);
    let id = page.body.split("id=\"suppression-").nth(1).unwrap().split('"').next().unwrap();
    let lift = |note: &str| {
        let (path, field) = (format!("/suppressions/{id}/lift"), format!("suppressions.{id}.note"));
        coordinator.post(&path, &[("csrf", &token), (&field, note)])
    };
    let refused = lift("");
    assert_eq!(refused.status, 422);
    assert_eq!(lift("本人に確かめた").status, 303);
    assert!(!coordinator.get("/suppressions").body.contains("alone@example.jp"));
    let sent = a_delivery_says_what_became_of_its_mail(&world, &coordinator);
    what_is_sent_again_leads_nowhere_dead(&world, &coordinator, &sent);
    world.stop();
}

#[derive(QueryableByName)]
struct Sent {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    email: String,
}

/// To a client whom no mail reaches nothing is sent, and the page does not say that anything was.
fn a_delivery_says_what_became_of_its_mail(world: &World, coordinator: &Person) -> Sent {
    let sent: Sent = diesel::sql_query(
        "SELECT d.id, c.email FROM deliveries d JOIN contacts c ON c.organization_id = d.organization_id \
         AND c.id = d.contact_id JOIN organizations o ON o.id = d.organization_id \
         JOIN messages m ON m.organization_id = d.organization_id AND m.concerns = 'delivery:' || d.id \
         WHERE o.slug = 'demo' AND d.state = 'sent' AND c.email IS NOT NULL ORDER BY d.id LIMIT 1",
    )
    .get_result(&mut world.owner())
    .unwrap();
    let path = format!("/deliveries/{}", sent.id);
    let page = coordinator.get(&path);
    assert!(page.body.contains("いちばん新しいメール") && page.body.contains("/messages/"), "{}", page.body);
    assert!(!page.body.contains("この担当者にはメールが届きません"));
    let token = page.csrf();
    let alone = [("csrf", token.as_str()), ("address", &sent.email), ("note", "戻ってきた")];
    assert_eq!(coordinator.post("/suppressions", &alone).status, 303);
    let asked = || -> i64 {
        let made = format!(
            "SELECT (SELECT count(*) FROM delivery_accesses WHERE delivery_id = {id} AND kind = 'reminded') \
             + (SELECT count(*) FROM delivery_links WHERE delivery_id = {id}) AS number",
            id = sent.id
        );
        diesel::sql_query(made).get_result::<Number>(&mut world.owner()).unwrap().number
    };
    let before = asked();
    for verb in ["remind", "send-again"] {
        let answer = coordinator.post(&format!("{path}/{verb}"), &[("csrf", &token)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = coordinator.get(&path);
        check(&page, &path, "ja");
        for said in ["送っていません", "この担当者にはメールが届きません"] {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
    }
    assert_eq!(asked(), before, "the link that they have goes on working");
    sent
}

fn number(world: &World, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Number>(&mut world.owner()).unwrap().number
}

/// A mail that died is made anew, and one that left is sent once more, after its client was sent a newer link: neither leads
/// a client to a page that does not open, nor takes the place of the mail that leads there.
fn what_is_sent_again_leads_nowhere_dead(world: &World, coordinator: &Person, sent: &Sent) {
    let (admin, path) = (world.signed_in("admin"), format!("/deliveries/{}", sent.id));
    let (token, admins) = (coordinator.get(&path).csrf(), admin.get("/tasks").csrf());
    let post = |path: &str, fields: &[(&str, &str)]| {
        let answer = coordinator.post(path, &[&[("csrf", token.as_str())], fields].concat());
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    };
    let steer = |verb: &str| {
        let fields = [("csrf", admins.as_str()), ("kind", "delivery.sent/mail")];
        assert_eq!(admin.post(&format!("/tasks/{verb}"), &fields).status, 303);
    };
    let lift = || {
        let page = coordinator.get("/suppressions").body;
        let id = page.split("id=\"suppression-").nth(1).unwrap().split('"').next().unwrap();
        post(&format!("/suppressions/{id}/lift"), &[(&format!("suppressions.{id}.note"), "本人に確かめた")]);
    };
    let about =
        format!("FROM messages WHERE concerns = 'delivery:{}' AND template = 'delivery_sent'", sent.id);
    let newest = || number(world, &format!("SELECT max(id) AS number {about}"));
    let is = |id: i64, state: &str| {
        number(
            world,
            &format!("SELECT count(*) AS number FROM messages WHERE id = {id} AND state = '{state}'"),
        ) == 1
    };
    let a_new_link_arrives = || {
        let before = newest();
        post(&format!("{path}/send-again"), &[]);
        wait_until("the new link's mail has left", || newest() > before && is(newest(), "accepted"));
        newest()
    };
    lift();
    steer("pause");
    post(&format!("{path}/send-again"), &[]);
    let page = coordinator.get(&path);
    check(&page, &path, "ja");
    assert!(page.body.contains("新しいリンクは、まだメールで送られていません"), "{}", page.body);
    post(&format!("{path}/remind"), &[]);
    assert!(coordinator.get(&path).body.contains("24時間以内に送るよう頼まれています"));
    post("/suppressions", &[("address", &sent.email), ("note", "戻ってきた")]);
    steer("resume");
    let dead = "SELECT count(*) AS number FROM tasks WHERE kind = 'delivery.sent/mail' AND state = 'dead'";
    wait_until("its mail cannot be made", || number(world, dead) == 1);
    lift();
    let good = a_new_link_arrives();
    assert!(!coordinator.get(&path).body.contains("まだメールで送られていません"));
    let task = number(world, &dead.replace("count(*)", "max(id)"));
    assert_eq!(admin.post(&format!("/tasks/{task}/retry"), &[("csrf", &admins)]).status, 303);
    let retried = format!("SELECT count(*) AS number FROM tasks WHERE id = {task}");
    wait_until("the dead one is done", || number(world, &retried) == 0);
    assert_eq!(newest(), good, "the link that it would tell of leads nowhere");
    // The good one has an old link too, once there is a newer one.
    a_new_link_arrives();
    let shown = coordinator.get(&format!("/messages/{good}"));
    let fields = [("form_key", shown.value_of("form_key")), ("reason", "もう一度頼まれた".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    post(&format!("/messages/{good}/resend"), &fields);
    let again = newest();
    wait_until("it was looked at", || is(again, "cancelled") || is(again, "accepted"));
    assert!(is(again, "cancelled"), "its link leads nowhere any more");
}

/// Of a kind that this version does not know, about a thing that it does not know.
const OF_OLD: &str = "INSERT INTO messages (organization_id, category, template, language, to_name, to_address, from_address, \
        subject, state, not_before, expires_at, attempt, message_id, asked_by, created_at, ended_at, urgency, concerns) \
    SELECT o.id, 'work', 'of_a_version_before', 'ja', '山田', 'old@example.jp', 'yui@example.jp', '前の版の件', 'accepted', \
        now(), now(), 1, '<old.' || o.id || '@old.example>', 'system', now(), now(), 3, 'thing of old' \
    FROM organizations o WHERE o.slug = 'demo'; \
    INSERT INTO message_bytes (organization_id, message_id, bytes, sha256, search_key, grams) \
    SELECT organization_id, id, convert_to('x', 'UTF8'), sha256('x'), '', '{}' FROM messages WHERE to_address = 'old@example.jp'";

/// T28.
#[test]
fn t28_the_pages_of_a_mail_that_a_version_before_wrote_open() {
    let world = World::shared();
    let admin = world.signed_in("admin");
    world.owner().batch_execute(OF_OLD).unwrap();
    let id = number(world, "SELECT id AS number FROM messages WHERE to_address = 'old@example.jp'");
    for path in ["/messages?state=accepted".to_owned(), format!("/messages/{id}")] {
        let page = admin.get(&path);
        check(&page, path.split('?').next().unwrap(), "ja");
        assert!(page.body.contains("前の版の件"), "{path}: {}", page.body);
    }
    let tidied = "DELETE FROM message_bytes WHERE message_id IN (SELECT id FROM messages WHERE to_address = 'old@example.jp'); \
        DELETE FROM messages WHERE to_address = 'old@example.jp'";
    world.owner().batch_execute(tidied).unwrap();
}
