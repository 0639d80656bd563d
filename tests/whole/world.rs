//! A running Yui with the demo town, and people who talk to it over HTTP.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use db::private_postgres::{self, Role};
use diesel::{Connection as _, PgConnection};
use http::Response;
use ureq::Agent;

/// How long anything may take on a loaded machine without a sign of life.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// The executable under test.
pub(crate) fn yui() -> &'static str {
    env!("CARGO_BIN_EXE_yui-under-test")
}

/// A directory of its own that is removed at the end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("yui whole {} {name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// What lives as long as all tests is dropped by nobody: it goes once their process, and then `user`, has ended.
    #[expect(clippy::zombie_processes, reason = "it outlives us, which is what it is for")]
    fn is_removed_after_all_tests(&self, user: Option<u32>) {
        let wait =
            "read _; while [ -n \"$2\" ] && kill -0 \"$2\" 2>/dev/null; do sleep 1; done; rm -rf -- \"$1\"";
        let mut broom = Command::new("sh")
            .args(["-c", wait, "broom"])
            .arg(&self.0)
            .args(user.map(|process| process.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Its input ends with us.
        std::mem::forget(broom.stdin.take());
    }
}

impl Scratch {
    /// One that begins like a Yui that has migrated and has no town yet.
    pub(crate) fn migrated(name: &str) -> Self {
        let scratch = Self::new(name);
        db::testing::begin_migrated(&scratch.0);
        scratch
    }

    /// One that begins with the demo town, filled and stopped.
    pub(crate) fn with_demo(name: &str) -> Self {
        let scratch = Self::new(name);
        // Everything as it is, and whose it is: the database's files are its server's.
        let copied = Command::new("cp").arg("-a").arg(filled().join(".")).arg(&scratch.0).status().unwrap();
        assert!(copied.success(), "cp: {copied}");
        scratch
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.0);
    }
}

/// Lets others work before one looks again.
pub(crate) fn a_moment() {
    std::thread::park_timeout(Duration::from_millis(20));
}

/// A port that was free a moment ago and stays so: below those that a system hands to its own outgoing connections (Linux begins at
/// 32768, IANA and macOS at 49152), another one at every call, and from another start on in another process.
pub(crate) fn free_port() -> u16 {
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(701);
    let next = || start.wrapping_add(CALLS.fetch_add(1, Ordering::Relaxed)) % COUNT + FIRST;
    std::iter::repeat_with(next)
        .take(1_000)
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}

/// A started process whose output is read line by line.
pub(crate) struct Process {
    pub(crate) child: Child,
    lines: Receiver<String>,
    pub(crate) base: String,
    /// Ends the process when this one is gone, however it went: its input ends with us.
    leash: Child,
}

impl Process {
    /// Starts `yui` with its data in `data`.
    pub(crate) fn start(arguments: &[&str], data: &Path) -> Self {
        Self::start_with(arguments, data, &[])
    }

    /// The same with more settings.
    pub(crate) fn start_with(arguments: &[&str], data: &Path, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let mut child = Command::new(yui())
            .args(arguments)
            .env("YUI_DATA", data)
            .env("YUI_LISTEN", format!("127.0.0.1:{port}"))
            .env("YUI_LOG", "warn")
            .env_remove("DATABASE_URL")
            .envs(settings.iter().copied())
            .env("YUI_UNDER_TEST_ENDS_WITH_TEST", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let leash = Command::new("sh")
            .args(["-c", "read _; kill -INT \"$1\"", "leash", &child.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (say, lines) = channel();
        let out = child.stdout.take().unwrap();
        let err = child.stderr.take().unwrap();
        let say_errors = say.clone();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(say.send(line)));
        });
        std::thread::spawn(move || {
            BufReader::new(err).lines().map_while(Result::ok).for_each(|line| drop(say_errors.send(line)));
        });
        Self { child, lines, leash, base: format!("http://127.0.0.1:{port}") }
    }

    /// Waits until the process has said something that contains `text`.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.said_until(text).pop().unwrap()
    }

    /// The same, with every line before it.
    pub(crate) fn said_until(&self, text: &str) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => {
                    said.push(line);
                    return said;
                }
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("never said {text:?}; it said:\n{}", said.join("\n"))
                }
            }
        }
    }

    /// Somebody who talks to this process and is not signed in.
    pub(crate) fn guest(&self) -> Person {
        Person::at(&self.base)
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let status =
            Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success());
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) {
        self.signal("INT");
        let status = self.child.wait().unwrap();
        assert!(status.success(), "ended with {status}");
    }
}

/// A test that fails leaves no process behind. What lives as long as all tests is held by its leash.
impl Drop for Process {
    fn drop(&mut self) {
        // Each fails only if it has ended already; the leash first, while the number is still the process' own.
        for process in [&mut self.leash, &mut self.child] {
            let _ended = process.kill();
            let _ended = process.wait();
        }
    }
}

/// How one role of the demo town signs in.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl SignIn {
    /// All of the demo whose data is in `data`.
    pub(crate) fn of_demo(data: &Path) -> Vec<Self> {
        let text = std::fs::read_to_string(data.join("demo-passwords.txt")).unwrap();
        let read = |line: &str| {
            let parts: Vec<&str> = line.split('\t').collect();
            Self { email: parts[1].to_owned(), password: parts[2].to_owned() }
        };
        text.lines().map(read).collect()
    }
}

/// Runs another command of Yui on `data` and gives what it printed; it has to succeed.
pub(crate) fn command(data: &Path, arguments: &[&str]) -> String {
    let mut yui = Command::new(yui());
    let output = yui.args(arguments).env("YUI_DATA", data).env_remove("DATABASE_URL").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The one running demo all these tests share; each test makes its own things in it.
pub(crate) struct World {
    pub(crate) base: String,
    pub(crate) sign_ins: Vec<SignIn>,
    process: Mutex<Process>,
    scratch: Scratch,
}

/// The demo town as it stands when it is filled and stopped: filled once, and every world begins as a copy of it. The first filling
/// is killed on its way, so that whatever is tried in a world is also true of a town that was filled again.
fn filled() -> &'static Path {
    static FILLED: OnceLock<Scratch> = OnceLock::new();
    let filled = FILLED.get_or_init(|| {
        let scratch = Scratch::new("filled");
        let mut half = Process::start(&["up", "--demo"], &scratch.0);
        half.wait_for("filling the demo town: 20 %");
        half.signal("KILL");
        half.child.wait().unwrap();
        let process = Process::start(&["up", "--demo"], &scratch.0);
        process.wait_for("it is discarded and filled again");
        process.wait_for("Ctrl-C stops everything");
        process.stop();
        scratch.is_removed_after_all_tests(None);
        scratch
    });
    &filled.0
}

/// What a monitoring program of a demo's server proves itself by.
pub(crate) const METRICS_TOKEN: &str = "of every demo under test";
/// With what every world is started.
const USUAL: [(&str, &str); 2] = [("YUI_METRICS_TOKEN", METRICS_TOKEN), ("YUI_WEBHOOKS_TO_LOOPBACK", "yes")];

impl World {
    pub(crate) fn shared() -> &'static Self {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| {
            let world = Self::start("demo");
            let process = world.process.lock().unwrap().child.id();
            world.scratch.is_removed_after_all_tests(Some(process));
            world
        })
    }

    /// A demo of one's own, for a test that moves the figures others compare; [stop](Self::stop) it.
    pub(crate) fn start(name: &str) -> Self {
        Self::start_with(name, &[])
    }

    /// The same with more settings.
    pub(crate) fn start_with(name: &str, more: &[(&str, &str)]) -> Self {
        let scratch = Scratch::with_demo(name);
        let settings = [&USUAL[..], more].concat();
        let process = Process::start_with(&["up", "--demo"], &scratch.0, &settings);
        process.wait_for("Ctrl-C stops everything");
        let sign_ins = SignIn::of_demo(&scratch.0);
        Self { base: process.base.clone(), sign_ins, process: Mutex::new(process), scratch }
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(self) {
        self.process.into_inner().unwrap().stop();
    }

    /// Kills it, whatever it is doing, and starts it again where it was: whoever is signed in stays so.
    pub(crate) fn is_killed_and_starts_again(&self) {
        let mut process = self.process.lock().unwrap();
        process.signal("KILL");
        process.child.wait().unwrap();
        let address = self.base.trim_start_matches("http://");
        let settings = [&USUAL[..], &[("YUI_LISTEN", address)]].concat();
        *process = Process::start_with(&["up", "--demo"], &self.scratch.0, &settings);
        process.wait_for("Ctrl-C stops everything");
    }

    /// The directory of its data.
    pub(crate) fn data(&self) -> &Path {
        &self.scratch.0
    }

    /// How the person of the demo whose address begins with `part` signs in.
    pub(crate) fn sign_in(&self, part: &str) -> &SignIn {
        self.sign_ins.iter().find(|one| one.email.starts_with(&format!("{part}@"))).unwrap()
    }

    /// A new member with this one role, who came by the invitation's mail: theirs alone to change, whatever other
    /// tests do at the same time.
    pub(crate) fn newcomer(&self, role: &str) -> SignIn {
        let (email, link) = self.invited(role);
        self.joins(email, &link)
    }

    /// The mail address of somebody who was invited, and the link they were mailed.
    pub(crate) fn invited(&self, role: &str) -> (String, String) {
        static ARRIVED: AtomicU32 = AtomicU32::new(1);
        let email = format!("newcomer{}@demo.example", ARRIVED.fetch_add(1, Ordering::Relaxed));
        let admin = self.signed_in("admin");
        admin.submit(
            "/members/new",
            "/members",
            &[("family_name", "新任"), ("email", &email), ("language", "ja"), ("roles", role)],
        );
        let link = self.mailed_link(&admin, &email, "/join/");
        (email, link)
    }

    /// Whoever was invited chooses their password on the page of the link.
    pub(crate) fn joins(&self, email: String, link: &str) -> SignIn {
        let password = "とても長くて忘れにくい合言葉 31".to_owned();
        let joining = self.guest();
        let form = joining.get(link);
        let answer = joining
            .post(link, &[("csrf", &form.csrf()), ("password", &password), ("password_again", &password)]);
        assert_eq!(answer.status, 303, "{email} cannot join: {}", answer.body);
        SignIn { email, password }
    }

    /// Waits for a mail to `email` in the sandbox mailbox and returns the path of its first link below `start`.
    pub(crate) fn mailed_link(&self, admin: &Person, email: &str, start: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let list = admin.get("/sandbox").body;
            let mail = list.split("href=\"/sandbox/").skip(1).find(|row| row.contains(email));
            let number = mail.and_then(|row| row.split('"').next());
            let text = number.map(|number| admin.get(&format!("/sandbox/{number}")).body).unwrap_or_default();
            let link = text.split('"').find_map(|part| part.strip_prefix(&self.base)).map(str::to_owned);
            if let Some(link) = link.filter(|link| link.starts_with(start)) {
                return link;
            }
            assert!(Instant::now() < end, "no mail to {email} links to {start}");
            a_moment();
        }
    }

    /// An API token of a person of the demo, made by the command.
    pub(crate) fn token(&self, email: &str, access: &[&str]) -> String {
        command(self.data(), &[&["token", "demo", email], access].concat())
    }

    /// The database as its owner, who sees every town: for asserting what really stands in the tables.
    pub(crate) fn owner(&self) -> PgConnection {
        let server = private_postgres::attach(self.data()).unwrap();
        PgConnection::establish(&server.url(Role::Owner)).unwrap()
    }

    /// Somebody who is not signed in.
    pub(crate) fn guest(&self) -> Person {
        Person::at(&self.base)
    }

    /// The person of the demo whose address begins with `part`.
    pub(crate) fn signed_in(&self, part: &str) -> Person {
        self.enters(self.sign_in(part))
    }

    /// Somebody who signs in.
    pub(crate) fn enters(&self, sign_in: &SignIn) -> Person {
        let person = self.guest();
        let answer = person.tries("demo", sign_in);
        assert_eq!(answer.status, 303, "{} cannot sign in: {}", sign_in.email, answer.body);
        person
    }
}

/// A browser without a window.
pub(crate) struct Person {
    agent: Agent,
    base: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) location: String,
    pub(crate) headers: http::HeaderMap,
}

impl Answer {
    fn of(mut response: Response<ureq::Body>) -> Self {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (status, location, headers) =
            (response.status().as_u16(), header("location"), response.headers().clone());
        let body = response.body_mut().read_to_string().unwrap_or_default();
        Self { status, body, location, headers }
    }

    /// The body as JSON.
    pub(crate) fn read(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}: no JSON: {}", self.status, self.body))
    }

    /// The id of the thing that was made.
    pub(crate) fn id(&self) -> i64 {
        self.read()["id"].as_i64().unwrap_or_else(|| panic!("{}: no id: {}", self.status, self.body))
    }

    /// The problem's code; empty where there is no problem.
    pub(crate) fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The page's form token.
    pub(crate) fn csrf(&self) -> String {
        self.value_of("csrf")
    }

    /// The value of the first hidden or filled field called `name`.
    pub(crate) fn value_of(&self, name: &str) -> String {
        let field = self.body.split("<input").find(|field| field.contains(&format!("name=\"{name}\"")));
        let field = field.unwrap_or_else(|| panic!("no field {name} in:\n{}", self.body));
        field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

impl Person {
    /// Somebody who has come to the server at `base`.
    pub(crate) fn at(base: &str) -> Self {
        let agent = Agent::config_builder().max_redirects(0).http_status_as_error(false).build().new_agent();
        Self { agent, base: base.to_owned() }
    }

    /// Fills in the sign-in form of `town`.
    pub(crate) fn tries(&self, town: &str, sign_in: &SignIn) -> Answer {
        let path = format!("/t/{town}/sign-in");
        let csrf = self.get(&path).csrf();
        self.post(&path, &[("csrf", &csrf), ("email", &sign_in.email), ("password", &sign_in.password)])
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        Answer::of(self.agent.get(format!("{}{path}", self.base)).call().unwrap())
    }

    /// How many bytes a page is on its way to a browser, which takes it compressed.
    pub(crate) fn packed(&self, path: &str) -> usize {
        let asked = self.agent.get(format!("{}{path}", self.base)).header("accept-encoding", "gzip");
        let mut response = asked.call().unwrap();
        let status = response.status().as_u16();
        let is_packed = response.headers().get("content-encoding").is_some_and(|name| name == "gzip");
        assert!(status != 200 || is_packed, "GET {path} comes as it is");
        response.body_mut().read_to_vec().unwrap().len()
    }

    /// The lines of an answer that does not end, as they come.
    pub(crate) fn listen(&self, path: &str) -> impl BufRead {
        let response = self.agent.get(format!("{}{path}", self.base)).call().unwrap();
        assert_eq!(response.status().as_u16(), 200, "GET {path}");
        BufReader::new(response.into_body().into_reader())
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.agent.post(format!("{}{path}", self.base)).send_form(fields.iter().copied()).unwrap())
    }

    /// Posts a form that answers with a file: the status, the headers, and the bytes as they came.
    pub(crate) fn downloads(&self, path: &str, fields: &[(&str, &str)]) -> (u16, http::HeaderMap, Vec<u8>) {
        let posted = self.agent.post(format!("{}{path}", self.base)).send_form(fields.iter().copied());
        let mut response = posted.unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap();
        (response.status().as_u16(), response.headers().clone(), bytes)
    }

    /// Posts with the token of `page`, and asserts that the answer leads on.
    pub(crate) fn submit(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let token = self.get(page).csrf();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        let answer = self.post(path, &all);
        assert_eq!(answer.status, 303, "POST {path}: {}", answer.body);
        answer.location
    }

    /// One request of any method with JSON.
    pub(crate) fn json(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        self.send(method, path, &headers, body)
    }

    /// One request of any method with any headers.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let request = http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::of(self.agent.run(request.body(body.to_owned()).unwrap()).unwrap())
    }

    /// Sends a form with a file of text: its field, its name and what is in it.
    pub(crate) fn post_with_file(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, content): (&str, &str, &str),
    ) -> Answer {
        const EDGE: &str = "edge-of-the-form";
        let part = |(name, value): &(&str, &str)| {
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n{content}\r\n--{EDGE}--\r\n"
        );
        let body = fields.iter().map(part).chain([file]).collect::<String>();
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send("POST", path, &[("content-type", &kind)], &body)
    }

    /// Uploads a text file with a token, in a form with this `boundary`.
    pub(crate) fn upload(&self, token: &str, key: &str, boundary: &str, content: &str) -> Answer {
        let kind = format!("multipart/form-data; boundary={boundary}");
        let bearer = format!("Bearer {token}");
        let headers = [("content-type", &*kind), ("authorization", &*bearer), ("idempotency-key", key)];
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"result.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n{content}\r\n--{boundary}--\r\n"
        );
        self.send("POST", "/api/v1/files", &headers, &body)
    }
}
