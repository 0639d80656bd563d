//! Endpoints of this machine that answer as they are told, against a real database.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diesel::RunQueryDsl as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Paging, PersonId};
use queue::Registry;
use queue::testing::TestTasks;
use sha2::Sha256;

use super::signature::SigningKey;
use super::*;
use crate::fixture::Bench;
use crate::smtp::Trust;

/// What one request said.
struct Request {
    head: Vec<String>,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.head.iter().find_map(|line| line.strip_prefix(&start)).unwrap()
    }
}

/// Answers each request with the next of `answers`, and tells what came.
fn receiver(answers: &'static [&'static str]) -> (String, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?from=yui", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (stream, _from) = listener.accept().unwrap();
            if tell.send(answered(stream, answer)).is_err() {
                return;
            }
        }
    });
    (url, told)
}

fn answered(mut stream: TcpStream, answer: &str) -> Request {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let mut request = Request { head, body: String::new() };
    let length: u64 = request.header("content-length").parse().unwrap();
    reader.take(length).read_to_string(&mut request.body).unwrap();
    stream.write_all(answer.as_bytes()).unwrap();
    request
}

/// A town with an endpoint, and the workers that post to it.
struct Town {
    bench: Bench,
    key: LinkKey,
    endpoint: EndpointId,
    secret: String,
    admin: PersonId,
}

fn input(url: &str) -> EndpointInput {
    EndpointInput {
        url: url.into(),
        kinds: vec!["deal.won".into(), "order.opened".into()],
        note: "会計ソフト".into(),
    }
}

impl Town {
    fn with(url: &str) -> Self {
        let (bench, key) = (Bench::new(), LinkKey::generate());
        let admin = bench.db.person(bench.town, "Yamada", &["admin"]);
        let added =
            bench.db.acting(bench.town, admin, |tx| add(tx, &key, Reach::ThisMachineToo, &input(url)));
        let (endpoint, secret) = added.unwrap();
        Self { bench, key, endpoint: endpoint.id, secret, admin }
    }

    fn reaching(&self, reach: Reach) -> TestTasks<'_> {
        let mut registry = Registry::new();
        register(&mut registry, self.key.clone(), reach, Trust::public().unwrap());
        registry.know::<WebhookStopped>();
        TestTasks::new(&self.bench.db, registry)
    }

    fn tasks(&self) -> TestTasks<'_> {
        self.reaching(Reach::ThisMachineToo)
    }

    fn run<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, WebhookError>) -> Result<T, WebhookError> {
        self.bench.db.acting(self.bench.town, self.admin, work)
    }

    fn announce(&self, kind: Happened) -> EventId {
        let event = self.bench.event();
        self.bench.sql("DELETE FROM tasks WHERE kind LIKE 'dispatch%'");
        let data = serde_json::json!({ "deal_id": 7 });
        self.run(|tx| Ok(announce(tx, event, kind, &data)?)).unwrap();
        event
    }

    fn found(&self) -> Endpoint {
        self.run(|tx| Ok(find(tx, self.endpoint)?)).unwrap()
    }

    fn told(&self, endpoint: EndpointId) -> Vec<Delivery> {
        let mut all = self.run(|tx| Ok(deliveries(tx, endpoint, &Paging::first(30))?)).unwrap().items;
        all.reverse();
        all
    }

    fn sent(&self) -> Vec<(DeliveryState, Option<i16>, i16)> {
        self.told(self.endpoint).iter().map(|one| (one.state, one.status, one.attempts)).collect()
    }

    /// The signature a message should have under the `version`th key.
    fn signature(&self, version: i32, request: &Request) -> String {
        let made_at = self.found().created_at;
        let key = SigningKey::of(&self.key, self.bench.town, self.endpoint, version, made_at);
        let stamp: i64 = request.header("webhook-timestamp").parse().unwrap();
        key.sign(request.header("webhook-id"), stamp, &request.body)
    }
}

const WELL: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 500 Broken\r\ncontent-length: 2\r\n\r\nno";

#[test]
fn one_event_tells_one_endpoint_once() {
    let (url, told) = receiver(&[WELL]);
    let town = Town::with(&url);
    let event = town.announce(Happened::DealWon);
    town.run(|tx| Ok(announce(tx, event, Happened::DealWon, &serde_json::json!({}))?)).unwrap();
    town.run(|tx| Ok(announce(tx, event, Happened::DeliverySent, &serde_json::json!({}))?)).unwrap();
    town.tasks().run_all();
    assert_eq!(town.sent(), [(DeliveryState::Delivered, Some(204), 1)]);
    let request = told.recv().unwrap();
    assert_eq!(request.head[0], "POST /hook?from=yui HTTP/1.1");
    assert_eq!(format!("http://{}/hook?from=yui", request.header("host")), url);
    assert_eq!(request.header("webhook-id"), format!("evt_{}_{event}", town.bench.town));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["deal_id"]), (&"deal.won".into(), &7.into()));
    let stamp: i64 = request.header("webhook-timestamp").parse().unwrap();
    assert_eq!(stamp, town.bench.now().timestamp());
    assert_eq!(request.header("webhook-signature"), town.signature(1, &request));
}

/// Made here from the secret that was shown, as a receiver's library does it.
#[test]
fn a_receiver_checks_the_signature_with_the_secret_that_was_shown() {
    let (url, told) = receiver(&[WELL]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    town.tasks().run_all();
    let request = told.recv().unwrap();
    let key = STANDARD.decode(town.secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let parts = [request.header("webhook-id"), ".", request.header("webhook-timestamp"), ".", &request.body];
    for part in parts {
        mac.update(part.as_bytes());
    }
    let signature = request.header("webhook-signature").strip_prefix("v1,").unwrap();
    mac.verify_slice(&STANDARD.decode(signature).unwrap()).unwrap();
}

#[test]
fn a_new_key_counts_beside_the_one_before_for_a_day() {
    let (url, told) = receiver(&[WELL, WELL]);
    let town = Town::with(&url);
    let (rotated, secret) = town.run(|tx| rotate(tx, &town.key, town.endpoint, 1)).unwrap();
    assert!(rotated.key_version == 2 && secret != town.secret);
    let again = town.run(|tx| rotate(tx, &town.key, town.endpoint, 1));
    assert!(matches!(again, Err(WebhookError::Stale)), "a form sent twice makes one key");
    for is_fresh in [true, false] {
        town.run(|tx| ping(tx, town.endpoint)).unwrap();
        town.tasks().run_all();
        let request = told.recv().unwrap();
        let [new, old] = [2, 1].map(|version| town.signature(version, &request));
        let expected = if is_fresh { format!("{new} {old}") } else { new };
        assert_eq!(request.header("webhook-signature"), expected);
        town.bench.pass(Duration::from_hours(25));
    }
}

#[test]
fn what_is_refused_is_tried_again_and_whoever_is_gone_is_told_no_more() {
    let (url, told) = receiver(&[BROKEN, "HTTP/1.1 410 Gone\r\n\r\n", WELL, WELL]);
    let town = Town::with(&url);
    town.announce(Happened::OrderOpened);
    let tasks = town.tasks();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Pending, Some(500), 1)]);
    assert_eq!(town.found().failing_since, Some(town.bench.now()));
    tasks.bring_forward();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Failed, Some(410), 2)]);
    let endpoint = town.found();
    assert_eq!((endpoint.state, endpoint.stopped_for), (EndpointState::Stopped, Some(Stop::Gone)));
    town.announce(Happened::DealWon);
    assert!(matches!(town.run(|tx| ping(tx, town.endpoint)), Err(WebhookError::Conflict)));
    let first = town.told(town.endpoint)[0].id;
    town.run(|tx| replay(tx, first)).unwrap();
    tasks.run_all();
    assert_eq!(town.sent()[1..], [(DeliveryState::Waiting, None, 0), (DeliveryState::Waiting, None, 0)]);
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    tasks.run_all();
    let well = (DeliveryState::Delivered, Some(204), 1);
    assert_eq!(town.sent()[1..], [well, well]);
    assert_eq!(town.found().failing_since, None);
    let ids: Vec<String> = told.iter().take(4).map(|one| one.header("webhook-id").to_owned()).collect();
    assert!(
        ids[0] == ids[1] && ids[0] == ids[3] && ids[0] != ids[2],
        "a replay is the same message: {ids:?}"
    );
}

#[test]
fn after_days_without_an_arrival_a_message_that_is_given_up_stops_its_endpoint() {
    let answers: Vec<&str> = vec![BROKEN; 28];
    let (url, _told) = receiver(answers.leak());
    let town = Town::with(&url);
    let tasks = town.tasks();
    let give_up = || {
        town.announce(Happened::DealWon);
        tasks.run_all();
        for _try in 1..14 {
            tasks.bring_forward();
            tasks.run_all();
        }
    };
    let failed = (DeliveryState::Failed, Some(500), 14);
    give_up();
    assert_eq!(town.sent(), [failed]);
    let counted = |since| {
        let towns = [town.bench.town];
        let found = town.bench.db.queue.lobby_blocking(|lobby| ended_lately(lobby, &towns, since)).unwrap();
        found.into_iter().map(|one| (one.name, one.count)).collect::<Vec<_>>()
    };
    assert_eq!(town.run(|tx| Ok(unheard_count(tx)?)).unwrap(), 1, "administrators are told");
    let whose = town.run(|tx| Ok(unheard(tx)?)).unwrap();
    assert_eq!(whose.into_iter().collect::<Vec<_>>(), [(town.endpoint, 1)], "and whose it was");
    let now = town.bench.now();
    assert_eq!(counted(now - TimeDelta::minutes(5)), [("failed".to_owned(), 1)], "monitoring is told");
    assert_eq!(counted(now + TimeDelta::minutes(5)), []);
    assert_eq!(
        town.found().state,
        EndpointState::Active,
        "one message given up within an hour is a bad hour"
    );
    town.bench.pass(Duration::from_hours(73));
    give_up();
    assert_eq!(town.sent(), [failed, failed]);
    let endpoint = town.found();
    assert_eq!((endpoint.state, endpoint.stopped_for), (EndpointState::Stopped, Some(Stop::Failing)));
    assert_eq!(town.bench.db.arrange(town.bench.town, stops), 1, "told once");
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    assert_eq!((town.found().state, town.found().failing_since), (EndpointState::Active, None));
}

fn stops(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let asked = "SELECT count(*) AS count FROM events WHERE kind = 'webhook.stopped'";
    let found: Count = diesel::sql_query(asked).get_result(tx.conn())?;
    Ok(found.count)
}

#[test]
fn a_paused_endpoint_is_told_when_it_goes_on_and_another_towns_never() {
    let (url, told) = receiver(&[WELL, WELL]);
    let town = Town::with(&url);
    // Written before the pause, and come to after it.
    town.announce(Happened::DealWon);
    town.run(|tx| pause(tx, town.endpoint)).unwrap();
    assert!(matches!(town.run(|tx| pause(tx, town.endpoint)), Err(WebhookError::Conflict)));
    town.announce(Happened::OrderOpened);
    let tasks = town.tasks();
    tasks.run_all();
    let waiting = (DeliveryState::Waiting, None, 0);
    assert_eq!(town.sent(), [waiting, waiting]);
    let other = town.bench.db.town("shiojiri");
    let theirs: Result<_, WebhookError> =
        town.bench.db.app.run_blocking(kernel::Scope::system(other), |tx| resume(tx, town.endpoint));
    assert!(matches!(theirs, Err(WebhookError::Db(DbError::NotFound))));
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    tasks.run_all();
    let well = (DeliveryState::Delivered, Some(204), 1);
    assert_eq!(town.sent(), [well, well]);
    assert_eq!(told.iter().take(2).count(), 2);
}

#[test]
fn an_endpoint_is_changed_by_whoever_saw_it_last_and_forgotten_with_its_messages() {
    let (url, _told) = receiver(&[]);
    let town = Town::with(&url);
    let there = town.run(|tx| add(tx, &town.key, Reach::ThisMachineToo, &input(&url)));
    let Err(WebhookError::Invalid(taken)) = there else { panic!("one address is one endpoint") };
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("url", Code::Taken));
    let alter = |version| {
        let input = EndpointInput { kinds: vec!["delivery.sent".into()], ..input("https://example.jp/hook") };
        town.run(|tx| change(tx, Reach::Public, town.endpoint, version, &input))
    };
    let changed = alter(1).unwrap();
    assert_eq!(
        (changed.url.as_str(), changed.kinds.as_slice()),
        ("https://example.jp/hook", &[Happened::DeliverySent][..])
    );
    assert!(matches!(alter(1), Err(WebhookError::Stale)));
    town.announce(Happened::DeliverySent);
    town.run(|tx| remove(tx, town.endpoint)).unwrap();
    town.tasks().run_all();
    assert!(matches!(town.run(|tx| remove(tx, town.endpoint)), Err(WebhookError::Db(DbError::NotFound))));
}

/// A name that looks like any other and leads to this machine or its network.
fn name_inside() -> Option<String> {
    use std::net::ToSocketAddrs as _;
    let own = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let leads_inside = |name: &String| {
        let found = (name.as_str(), 443).to_socket_addrs();
        found.is_ok_and(|mut all| {
            all.len() > 0 && all.all(|address| !Reach::Public.allows(address.ip(), true))
        })
    };
    [own.trim(), "ip6-localhost", "ip6-loopback"].map(str::to_owned).into_iter().find(leads_inside)
}

#[test]
fn an_address_inside_is_refused_when_it_is_entered_and_when_it_is_reached() {
    let (url, told) = receiver(&[WELL]);
    let town = Town::with(&url);
    let enter = |url: &str| {
        town.run(|tx| add(tx, &town.key, Reach::Public, &input(url))).map(|(endpoint, _secret)| endpoint.id)
    };
    for inside in ["http://127.0.0.1/", "https://localhost/", "https://169.254.169.254/"] {
        let Err(WebhookError::Invalid(refused)) = enter(inside) else { panic!("{inside}") };
        let problem = &refused.fields()[0];
        assert_eq!((problem.field.as_str(), problem.code), ("url", Code::NotPublic), "{inside}");
    }
    assert!(matches!(enter("https://example.jp:22/"), Err(WebhookError::Invalid(_))));
    let none = EndpointInput { url: "https://example.jp/".into(), ..EndpointInput::default() };
    let Err(WebhookError::Invalid(invalid)) = town.run(|tx| add(tx, &town.key, Reach::Public, &none)) else {
        panic!("nothing to be told of")
    };
    assert_eq!(invalid.fields()[0].field, "kinds");
    // A name of the public internet may come to lead inside: what counts is where it leads at that moment. And what was
    // entered while this machine could be reached is refused once it cannot.
    let mut ids = vec![town.endpoint];
    match name_inside() {
        Some(name) => ids.push(enter(&format!("https://{name}/")).unwrap()),
        None => eprintln!("SKIPPED: no name of this machine leads inside but localhost"),
    }
    let tasks = town.reaching(Reach::Public).leave(i64::try_from(ids.len()).unwrap());
    for id in ids {
        town.run(|tx| ping(tx, id)).unwrap();
        tasks.run_all();
        let [one] = &town.told(id)[..] else { panic!("one message") };
        assert_eq!((one.state, one.status), (DeliveryState::Pending, None));
        assert!(one.problem.contains("no address of the public internet"), "{one:?}");
    }
    assert!(told.try_recv().is_err(), "nobody inside heard of it");
}

#[test]
fn what_is_no_answer_of_http_or_leads_elsewhere_has_not_arrived() {
    let long: &'static str = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(40_000)).leak();
    let answers = vec![
        "220 mail.example ESMTP\r\n",
        "",
        long,
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\r\n",
    ];
    let (url, _told) = receiver(answers.leak());
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    let tasks = town.tasks().leave(1);
    let mut seen = Vec::new();
    for _answer in 0..4 {
        tasks.run_all();
        tasks.bring_forward();
        let one = town.told(town.endpoint).remove(0);
        assert_eq!(one.state, DeliveryState::Pending);
        seen.push((one.status, one.problem));
    }
    let no_http = (None, "the answer is not HTTP".to_owned());
    let closed = (None, "no connection: it was closed before an answer came".to_owned());
    assert_eq!(seen, [no_http.clone(), closed, no_http, (Some(302), format!("{ANSWERED}302"))]);
}

#[test]
fn what_a_person_takes_back_has_failed_and_can_be_sent_once_more() {
    let (url, told) = receiver(&[BROKEN, WELL]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    let tasks = town.tasks();
    tasks.run_all();
    let first = town.told(town.endpoint)[0].id;
    assert!(matches!(town.run(|tx| replay(tx, first)), Err(WebhookError::Conflict)), "it is tried already");
    let waiting = town.run(|tx| Ok(queue::tasks::retrying(tx)?)).unwrap().remove(0).id;
    let take_back = || town.run(|tx| Ok(end_task(tx, waiting, queue::tasks::cancel)?)).unwrap();
    assert_eq!((take_back(), take_back()), (true, false));
    let one = town.told(town.endpoint).remove(0);
    assert_eq!((one.state, one.attempts, one.problem.as_str()), (DeliveryState::Failed, 1, CANCELLED));
    assert_eq!(town.run(|tx| Ok(unheard_count(tx)?)).unwrap(), 0, "whoever took it back knows");
    town.run(|tx| replay(tx, first)).unwrap();
    tasks.run_all();
    assert_eq!(town.sent()[1..], [(DeliveryState::Delivered, Some(204), 1)]);
    assert_eq!(told.iter().take(2).count(), 2);
}

#[test]
fn what_waits_of_a_kind_is_taken_back_at_once_and_its_program_does_not_hear_of_it() {
    let (url, _told) = receiver(&[WELL]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    town.announce(Happened::DealWon);
    let end = |kind: &str| town.run(|tx| Ok(end_kind(tx, kind, 10)?)).unwrap();
    assert_eq!(end("of.another/kind"), 0);
    assert_eq!(end(<Deliver as queue::Task>::KIND), 2);
    assert_eq!(town.tasks().run_all(), 0, "nothing is left to be sent");
    for one in town.told(town.endpoint) {
        assert_eq!((one.state, one.problem.as_str()), (DeliveryState::Failed, CANCELLED));
    }
    assert_eq!(town.run(|tx| Ok(unheard(tx)?)).unwrap().len(), 0, "whoever took it back knows");
}

#[test]
fn what_failed_before_is_sent_at_once_to_a_program_that_goes_on() {
    let (url, _told) = receiver(&[BROKEN, WELL]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    let tasks = town.tasks();
    tasks.run_all();
    town.run(|tx| pause(tx, town.endpoint)).unwrap();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Waiting, Some(500), 1)], "nobody takes it for being sent");
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Delivered, Some(204), 2)], "its tries count on");
}

#[test]
fn what_fails_while_its_program_is_being_paused_waits_from_then_on() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let town = Town::with(&format!("http://{}/hook", listener.local_addr().unwrap()));
    let (db, here, endpoint) = (town.bench.db.app.clone(), town.bench.town, town.endpoint);
    let program = std::thread::spawn(move || {
        let (stream, _from) = listener.accept().unwrap();
        let paused: Result<(), WebhookError> =
            db.run_blocking(kernel::Scope::system(here), |tx| pause(tx, endpoint));
        answered(stream, BROKEN);
        let (stream, _from) = listener.accept().unwrap();
        answered(stream, WELL);
        paused
    });
    town.announce(Happened::DealWon);
    let tasks = town.tasks();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Waiting, Some(500), 1)], "its next try waits for the program");
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Delivered, Some(204), 2)]);
    program.join().unwrap().unwrap();
}

#[test]
fn what_failed_at_the_old_address_is_tried_at_once_at_the_new_one() {
    let (url, _told) = receiver(&[BROKEN]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    let tasks = town.tasks();
    tasks.run_all();
    let alter = |version, input: &EndpointInput| {
        town.run(|tx| change(tx, Reach::ThisMachineToo, town.endpoint, version, input)).unwrap();
    };
    alter(1, &EndpointInput { note: "別の名前".into(), ..input(&url) });
    assert_eq!(tasks.run_all(), 0, "at the same address it waits for its next try");
    let (elsewhere, told) = receiver(&[WELL]);
    alter(2, &input(&elsewhere));
    tasks.run_all();
    assert_eq!(town.sent(), [(DeliveryState::Delivered, Some(204), 2)]);
    assert_eq!(told.iter().take(1).count(), 1);
}

#[test]
fn what_failed_before_yui_stopped_waits_with_the_rest() {
    let (url, _told) = receiver(&[BROKEN, "HTTP/1.1 410 Gone\r\n\r\n"]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    town.announce(Happened::DealWon);
    town.tasks().run_all();
    let expected = [(DeliveryState::Waiting, Some(500), 1), (DeliveryState::Failed, Some(410), 1)];
    assert_eq!(town.sent(), expected);
}

#[test]
fn a_message_says_when_it_is_tried_next_or_that_operators_paused_it() {
    let (url, _told) = receiver(&[BROKEN]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    let tasks = town.tasks().leave(1);
    tasks.run_all();
    let one = town.told(town.endpoint).remove(0);
    let waiting = town.run(|tx| Ok(queue::tasks::retrying(tx)?)).unwrap().remove(0);
    assert_eq!((one.next_try_at, one.tries_left, one.paused), (Some(waiting.run_at), Some(13), false));
    let kind = <Deliver as queue::Task>::KIND;
    town.run(|tx| Ok(queue::tasks::pause(tx, kind)?)).unwrap();
    tasks.bring_forward();
    tasks.run_all();
    let one = town.run(|tx| Ok(delivery(tx, one.id)?)).unwrap();
    assert_eq!(
        (one.state, one.next_try_at, one.tries_left, one.paused),
        (DeliveryState::Pending, None, Some(13), true)
    );
    let waiting = town.run(|tx| Ok(queue::tasks::retrying(tx)?)).unwrap().remove(0);
    assert_eq!(waiting.state, "parked", "nobody can hurry it");
    assert!(!town.run(|tx| Ok(queue::tasks::retry(tx, waiting.id)?)).unwrap());
}

#[test]
fn a_month_later_a_message_is_forgotten_whatever_became_of_it() {
    let (url, _told) = receiver(&[WELL]);
    let town = Town::with(&url);
    town.announce(Happened::DealWon);
    town.tasks().run_all();
    town.run(|tx| pause(tx, town.endpoint)).unwrap();
    town.announce(Happened::DealWon);
    let swept = || town.run(|tx| Ok(sweep(tx)?)).unwrap();
    town.bench.pass(Duration::from_hours(29 * 24));
    assert_eq!(swept(), 0);
    town.bench.pass(Duration::from_hours(25));
    assert_eq!(swept(), 2, "what nobody let go on in a month as well");
    town.run(|tx| resume(tx, town.endpoint)).unwrap();
    town.announce(Happened::DealWon);
    town.bench.sql("DELETE FROM tasks");
    town.bench.pass(Duration::from_hours(31 * 24));
    assert_eq!(swept(), 1, "and what nothing tries any more");
}
