//! The private server against real processes: started, refused, killed, repaired, by root and by others.
//!
//! Nothing sleeps: [`eventually`] waits on a condition with a deadline. What needs another process or another user
//! runs this test binary again, with [`as_another_process`] as its only test.

use std::ffi::OsString;
use std::fs::Permissions;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use rustix::process::{Pid, Signal};

use super::PostgresError as E;
use super::*;

const DEADLINE: Duration = Duration::from_mins(1);
/// The user that every system has.
const NOBODY: u32 = 65534;

/// A directory for one test, which every user may pass through; removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("yui-pg-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Scratch(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(data: &Path) -> Result<PrivatePostgres, PostgresError> {
    PrivatePostgres::start(Settings::durable(data.to_path_buf(), 20))
}

fn refusal(data: &Path) -> String {
    start(data).unwrap_err().to_string()
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let (_never, silence) = mpsc::channel::<()>();
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "waited too long for: {what}");
        let _ = silence.recv_timeout(Duration::from_millis(10));
    }
}

fn execute(url: &str, sql: &str) -> QueryResult<()> {
    PgConnection::establish(url).expect(url).batch_execute(sql)
}

fn number(url: &str, sql: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<BigInt>(sql))
        .get_result(&mut PgConnection::establish(url).unwrap())
        .unwrap()
}

fn add_row(url: &str) {
    execute(url, "CREATE TABLE IF NOT EXISTS kept (n bigint); INSERT INTO kept VALUES (1)").unwrap();
}

fn rows(url: &str) -> i64 {
    number(url, "(SELECT count(*) FROM kept)")
}

fn cluster_of(data: &Path) -> PathBuf {
    let candidates = find_binaries(&Search::system()).unwrap();
    Cluster::choose(&data.join("pg"), &candidates).unwrap().directory
}

fn postmaster_of(data: &Path) -> Pid {
    let file = PidFile::read(&cluster_of(data)).expect("a postmaster.pid");
    Pid::from_raw(i32::try_from(file.process_id).unwrap()).unwrap()
}

fn is_gone(process: Pid) -> bool {
    rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().mode() & 0o777
}

// ---- another process -------------------------------------------------------------------------------------------

/// Not a test by itself: what this binary does when a test runs it again.
#[test]
fn as_another_process() {
    let Some(task) = std::env::var_os("YUI_TEST_TASK") else { return };
    let data = PathBuf::from(std::env::var_os("YUI_TEST_DATA").unwrap());
    let outcome = match task.to_str().unwrap() {
        "throwaway" => PrivatePostgres::start(Settings { data, ..Settings::throwaway() }),
        _ => start(&data),
    };
    match outcome {
        Ok(server) => {
            add_row(&server.owner_url());
            println!("\n=> serving");
            // Until the test lets go, or kills us.
            let _ = io::stdin().read(&mut [0]);
            server.stop().unwrap();
            println!("\n=> stopped");
        }
        Err(error) => println!("\n=> {error}"),
    }
}

/// A program to run. Not `std::fs::copy`: a process that another test starts meanwhile would inherit the open file,
/// and the system refuses to run a file that is open for writing.
fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg(from).arg(to).status().unwrap().success());
}

/// A shell script named `name`.
fn fake_program(directory: &Path, name: &str, text: &str) {
    let draft = directory.join(format!("{name}.draft"));
    std::fs::write(&draft, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&draft, Permissions::from_mode(0o755)).unwrap();
    copy(&draft, &directory.join(name));
}

struct Other {
    child: Child,
    lines: mpsc::Receiver<String>,
    _program: Scratch,
}

/// Runs this binary again, as `user_id` where given. The copy is where every user can reach it.
fn another_process(task: &str, data: &Path, user_id: Option<u32>) -> Other {
    let scratch = Scratch::new();
    let program = scratch.join("test");
    copy(&std::env::current_exe().unwrap(), &program);
    let mut command = Command::new(&program);
    command.args(["--exact", "private_postgres::tests::as_another_process", "--nocapture"]);
    command.env("YUI_TEST_TASK", task).env("YUI_TEST_DATA", data).current_dir("/");
    if let Some(user_id) = user_id {
        command.uid(user_id).gid(user_id);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok).filter(|line| line.starts_with("=> ")) {
            let _ = sender.send(line.trim_start_matches("=> ").to_owned());
        }
    });
    Other { child, lines, _program: scratch }
}

impl Other {
    fn says(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("an answer")
    }

    fn kill_9(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn let_go(&mut self) {
        drop(self.child.stdin.take());
    }
}

// ---- the ordinary life -----------------------------------------------------------------------------------------

#[test]
fn starts_fresh_in_a_path_with_spaces_and_japanese_and_starts_again() {
    let scratch = Scratch::new();
    let data = scratch.join("町 の データ");
    let server = start(&data).unwrap();
    add_row(&server.owner_url());
    assert_eq!(attach(&data).unwrap(), *server.connection());
    assert_eq!(mode(&data.join("run")), 0o700);
    assert_eq!(mode(&data), if is_root() { 0o710 } else { 0o700 });
    assert_eq!(mode(&data.join("postgres.log")), 0o600);
    let old = postmaster_of(&data);
    let group = rustix::process::getpgid(Some(old)).unwrap().as_raw_pid();
    let Keeper::Alone(running) = &server.keeper else { panic!("nobody supervises") };
    assert_eq!(
        u32::try_from(group),
        Ok(running.guard.process_id),
        "a group of its own: Ctrl-C reaches yui first"
    );
    server.stop().unwrap();
    assert!(is_gone(old));
    assert!(PidFile::read(&cluster_of(&data)).is_none(), "a clean shutdown");
    assert!(attach(&data).unwrap_err().to_string().contains("start it with `yui up`"));

    let server = start(&data).unwrap();
    assert_eq!(rows(&server.owner_url()), 1);
    assert_eq!(server.state().now(), ServerState::Serving);
    assert!(server.binaries().program("postgres").is_file());
}

#[test]
fn a_long_path_gets_a_short_socket_of_its_own() {
    let scratch = Scratch::new();
    let data = scratch.join(&"長い道".repeat(20));
    let server = start(&data).unwrap();
    let sockets = server.connection().socket_directory().to_path_buf();
    assert!(sockets.starts_with("/tmp"), "{}", sockets.display());
    assert_eq!(mode(&sockets), 0o700);
    add_row(&server.owner_url());
    assert_eq!(attach(&data).unwrap(), *server.connection());
    server.stop().unwrap();
    start(&data).unwrap().stop().unwrap();
    std::fs::remove_dir_all(sockets).unwrap();
}

#[test]
fn a_throwaway_server_leaves_nothing() {
    let settings = Settings::throwaway();
    let data = settings.data.clone();
    let server = PrivatePostgres::start(settings).unwrap();
    add_row(&server.owner_url());
    drop(server);
    assert!(!data.exists());
}

#[test]
fn a_throwaway_server_never_takes_a_directory_with_something_in_it() {
    let scratch = Scratch::new();
    std::fs::write(scratch.join("diary"), "dear").unwrap();
    let settings = Settings { data: scratch.0.clone(), ..Settings::throwaway() };
    let error = PrivatePostgres::start(settings).unwrap_err();
    assert!(matches!(error, PostgresError::ThrowawayNotEmpty { .. }), "{error}");
    assert!(scratch.join("diary").exists());
}

#[test]
fn roles_are_what_they_claim() {
    let server = PrivatePostgres::start(Settings::throwaway()).unwrap();
    let (owner, app, queue) = (server.owner_url(), server.app_url(), server.queue_url());
    execute(&owner, "CREATE EXTENSION pg_trgm; CREATE TABLE t (n bigint); CREATE POLICY p ON t USING (true)")
        .unwrap();
    execute(&owner, "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY")
        .unwrap();
    execute(&owner, "CREATE DATABASE copy_of_yui TEMPLATE template0").unwrap();
    assert!(execute(&app, "INSERT INTO t VALUES (1)").is_err(), "nothing is granted by default");
    execute(&owner, "GRANT INSERT ON t TO yui_app").unwrap();
    execute(&app, "INSERT INTO t VALUES (1)").unwrap();
    for (url, sql) in [
        (&app, "CREATE TABLE mine (n bigint)"),
        (&app, "CREATE TEMPORARY TABLE mine (n bigint)"),
        (&app, "DROP TABLE t"),
        (&app, "ALTER TABLE t DISABLE ROW LEVEL SECURITY"),
        (&app, "SET ROLE yui_owner"),
        (&queue, "SELECT * FROM t"),
        (&queue, "CREATE TABLE mine (n bigint)"),
        (&owner, "CREATE ROLE another"),
        (&owner, "COPY t FROM PROGRAM 'true'"),
    ] {
        assert!(execute(url, sql).is_err(), "{sql} must be refused");
    }
    let attributes = "SELECT count(*) FROM pg_roles WHERE rolname IN ('yui_owner', 'yui_app', 'yui_queue')
         AND NOT rolsuper AND NOT rolcreaterole AND NOT rolreplication
         AND rolbypassrls = (rolname = 'yui_owner') AND rolcreatedb = (rolname = 'yui_owner')";
    assert_eq!(number(&app, &format!("({attributes})")), 3);
    let limits = "SELECT count(*) FROM (VALUES ('lock_timeout', '5s'), ('statement_timeout', '30s'),
         ('idle_in_transaction_session_timeout', '30s'), ('TimeZone', 'UTC')) AS wanted(name, value)
         WHERE current_setting(wanted.name) = wanted.value";
    assert_eq!([number(&app, &format!("({limits})")), number(&queue, &format!("({limits})"))], [4, 4]);
    // Again, as at every start and as an operator would on a server of their own, whose role may have been made by hand.
    let mut superuser = server.connection().superuser(DATABASE).unwrap();
    superuser.batch_execute("ALTER ROLE yui_owner NOBYPASSRLS").unwrap();
    superuser.batch_execute(bootstrap_sql()).unwrap();
    assert_eq!(number(&app, &format!("({attributes})")), 3);
}

// ---- deaths ----------------------------------------------------------------------------------------------------

#[test]
fn kill_9_leaves_no_orphan_and_the_next_start_recovers() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let mut yui = another_process("durable", &data, None);
    assert_eq!(yui.says(), "serving");
    let orphan = postmaster_of(&data);
    yui.kill_9();
    eventually("the orphan's end", || is_gone(orphan));

    let mut yui = another_process("durable", &data, None);
    assert_eq!(yui.says(), "serving");
    yui.kill_9();
    // At once, while the old server may still be shutting down.
    let server = start(&data).unwrap();
    assert_eq!(rows(&server.owner_url()), 2);
}

#[test]
fn kill_9_in_the_middle_of_a_start_leaves_nothing_behind() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let named = |test: fn(&str) -> bool| {
        let entries = data.join("pg").read_dir().into_iter().flatten().filter_map(Result::ok);
        entries.map(|entry| entry.file_name()).any(|name| test(&name.to_string_lossy()))
    };
    let initialising = || named(|name| name.contains(".tmp"));
    let initialised = || named(|name| name.parse::<u16>().is_ok());
    let launched = || PidFile::read(&cluster_of(&data)).is_some();
    let moments: [(&str, &dyn Fn() -> bool); 3] =
        [("initdb", &initialising), ("its end", &initialised), ("a postmaster.pid", &launched)];
    for (what, moment) in moments {
        let mut yui = another_process("durable", &data, None);
        eventually(what, moment);
        yui.kill_9();
    }
    eventually("the server's end", || !launched());
    let server = start(&data).unwrap();
    add_row(&server.owner_url());
    assert!(!initialising());
}

#[test]
fn kill_9_removes_a_throwaway_directory() {
    let scratch = Scratch::new();
    // The guard can remove its directory only where its user may, as in the temporary directory.
    std::fs::set_permissions(&scratch.0, Permissions::from_mode(0o1777)).unwrap();
    let data = scratch.join("data");
    let mut yui = another_process("throwaway", &data, None);
    assert_eq!(yui.says(), "serving");
    assert!(data.join("pg").exists());
    yui.kill_9();
    eventually("the directory's end", || !data.exists());
}

#[test]
fn kill_9_of_postgres_is_repaired() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let mut server = start(&data).unwrap();
    add_row(&server.owner_url());
    let (sender, states) = mpsc::channel();
    server.supervise(move |state| sender.send(state).unwrap());
    let victim = postmaster_of(&data);
    rustix::process::kill_process(victim, Signal::KILL).unwrap();
    assert_eq!(states.recv_timeout(DEADLINE).unwrap(), ServerState::Restarting);
    assert_eq!(states.recv_timeout(DEADLINE).unwrap(), ServerState::Serving);
    assert_eq!(rows(&server.app_url().replace("yui_app", "yui_owner")), 1);
    assert_ne!(postmaster_of(&data), victim);
    server.stop().unwrap();
    assert_eq!(states.recv_timeout(DEADLINE).unwrap(), ServerState::Stopped);
}

#[test]
fn a_server_beyond_help_is_given_up() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let mut server = start(&data).unwrap();
    let (sender, states) = mpsc::channel();
    server.supervise(move |state| sender.send(state).unwrap());
    let victim = postmaster_of(&data);
    std::fs::rename(cluster_of(&data), data.join("pg/stolen")).unwrap();
    rustix::process::kill_process(victim, Signal::KILL).unwrap();
    assert_eq!(states.recv_timeout(DEADLINE).unwrap(), ServerState::Restarting);
    assert_eq!(states.recv_timeout(DEADLINE).unwrap(), ServerState::Failed);
    assert_eq!(server.state().now(), ServerState::Failed);
    let error = server.stop().unwrap_err().to_string();
    assert!(
        error.starts_with("PostgreSQL ended (") && error.contains("could not access directory"),
        "{error}"
    );
}

#[test]
fn a_leftover_server_is_stopped_and_replaced() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let server = start(&data).unwrap();
    add_row(&server.owner_url());
    let (program, connection) = (server.binaries().program("postgres"), server.connection().clone());
    server.stop().unwrap();

    let identity = Identity::current().unwrap();
    let mut command = Command::new(program);
    command.arg("-D").arg(cluster_of(&data)).arg("-k").arg(connection.socket_directory());
    command.args(["-c", "listen_addresses="]).stderr(Stdio::null());
    identity.dress(&mut command);
    let mut unguarded = command.spawn().unwrap();
    eventually("the unguarded server's answer", || connection.probe().is_ok());

    let reaper = std::thread::spawn(move || unguarded.wait().unwrap());
    let server = start(&data).unwrap();
    assert!(reaper.join().unwrap().success(), "it was asked to stop, not killed");
    assert_eq!(rows(&server.owner_url()), 1);
}

#[test]
fn a_stale_number_that_is_now_a_strangers_does_not_prevent_a_start() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    start(&data).unwrap().stop().unwrap();
    let identity = Identity::current().unwrap();
    let mut command = Command::new("sleep");
    identity.dress(command.arg("600"));
    let mut stranger = command.spawn().unwrap();
    let pid_file = cluster_of(&data).join("postmaster.pid");
    let sockets = data.join("run");
    let text =
        format!("{}\n{}\n0\n5432\n{}\n\n", stranger.id(), cluster_of(&data).display(), sockets.display());
    std::fs::write(&pid_file, text).unwrap();
    std::fs::set_permissions(&pid_file, Permissions::from_mode(0o600)).unwrap();
    identity.hand_over(&pid_file).unwrap();
    let server = start(&data).unwrap();
    add_row(&server.owner_url());
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger is left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn interrupted_initdb_is_begun_anew() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let unfinished = data.join("pg/15.4711.tmp");
    std::fs::create_dir_all(unfinished.join("base")).unwrap();
    std::fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let server = start(&data).unwrap();
    add_row(&server.owner_url());
    assert!(!unfinished.exists());
}

// ---- refusals --------------------------------------------------------------------------------------------------

#[test]
fn second_instance_is_refused() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let server = start(&data).unwrap();
    let text = refusal(&data);
    assert!(
        text.starts_with(&format!("another yui (process {}) is already running on ", std::process::id())),
        "{text}"
    );
    add_row(&server.owner_url());
}

#[test]
fn other_major_is_left_alone() {
    let scratch = Scratch::new();
    let data = scratch.join("data");
    let cluster = data.join("pg/13");
    std::fs::create_dir_all(&cluster).unwrap();
    std::fs::write(cluster.join("PG_VERSION"), "13\n").unwrap();
    let text = refusal(&data);
    assert!(text.contains("was written by PostgreSQL 13, and only 1"), "{text}");
    assert!(text.ends_with("; nothing was changed"), "{text}");
    let left: Vec<OsString> = cluster.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["PG_VERSION"]);
    std::fs::remove_file(cluster.join("PG_VERSION")).unwrap();
    assert!(refusal(&data).contains("pg/13 holds no database"));
}

#[test]
fn missing_and_too_old_programs_say_what_to_install() {
    let scratch = Scratch::new();
    let search = |directory: &Path| Settings {
        search: Search::only(directory.to_path_buf()),
        ..Settings::durable(scratch.join("data"), 20)
    };
    let missing = PrivatePostgres::start(search(&scratch.0)).unwrap_err().to_string();
    assert!(missing.starts_with("PostgreSQL 15 or newer is not installed"), "{missing}");
    for program in ["postgres", "initdb"] {
        fake_program(&scratch.0, program, "echo 'postgres (PostgreSQL) 14.9'");
    }
    let old = PrivatePostgres::start(search(&scratch.0)).unwrap_err().to_string();
    assert!(old.starts_with("PostgreSQL 14 in ") && old.contains("too old"), "{old}");
    assert!(!scratch.join("data").exists(), "nothing is made before the programs are found");
}

#[test]
fn a_failing_initdb_quotes_its_log() {
    let scratch = Scratch::new();
    fake_program(&scratch.0, "postgres", "echo 'postgres (PostgreSQL) 16.1'");
    fake_program(&scratch.0, "initdb", "echo no room >&2; exit 1");
    let search = Search::only(scratch.0.clone());
    let settings = Settings { search, ..Settings::durable(scratch.join("data"), 20) };
    let text = PrivatePostgres::start(settings).unwrap_err().to_string();
    assert!(text.ends_with("pg/16: no room"), "{text}");
}

#[test]
fn as_root_a_closed_home_and_a_strangers_directory_are_refused() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let home = scratch.join("home");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, Permissions::from_mode(0o700)).unwrap();
    let text = refusal(&home.join("data"));
    assert!(text.contains(&format!("may not enter {}, so it cannot reach", home.display())), "{text}");

    let strange = scratch.join("strange");
    std::fs::create_dir(&strange).unwrap();
    std::os::unix::fs::chown(&strange, Some(NOBODY), None).unwrap();
    let text = refusal(&strange);
    assert!(text.contains(" belongs to user nobody, not to root: run yui as nobody,"), "{text}");
    assert_eq!(strange.read_dir().unwrap().count(), 0, "nothing was made");
}

#[test]
fn an_existing_directory_of_root_is_opened_to_the_server_only() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let data = scratch.join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
    drop(start(&data).unwrap());
    assert_eq!(mode(&data), 0o710);
    assert_eq!(data.metadata().unwrap().uid(), 0);
}

#[test]
fn another_user_starts_its_own_and_is_refused_elsewhere() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let own = scratch.join("own");
    std::fs::create_dir(&own).unwrap();
    std::os::unix::fs::chown(&own, Some(NOBODY), Some(NOBODY)).unwrap();
    let mut yui = another_process("durable", &own.join("data"), Some(NOBODY));
    assert_eq!(yui.says(), "serving");
    assert_eq!(cluster_of(&own.join("data")).metadata().unwrap().uid(), NOBODY);
    assert!(attach(&own.join("data")).is_ok(), "root may look after everybody's server");
    yui.let_go();
    assert_eq!(yui.says(), "stopped");

    let unwritable = another_process("durable", &scratch.join("data"), Some(NOBODY));
    let text = unwritable.says();
    assert!(text.starts_with("cannot write to ") && text.contains("make it writable"), "{text}");
    std::fs::create_dir(scratch.join("of-root")).unwrap();
    let strange = another_process("durable", &scratch.join("of-root"), Some(NOBODY));
    let text = strange.says();
    assert!(text.contains(" belongs to user root, not to nobody: run yui as root,"), "{text}");
    let nameless = another_process("durable", &scratch.join("data"), Some(54321));
    assert!(nameless.says().starts_with("user id 54321 has no name in this system's user list"));
}

// ---- sentences -------------------------------------------------------------------------------------------------

fn path() -> PathBuf {
    PathBuf::from("/srv/yui")
}

fn hint() -> String {
    "install it with `x`".to_owned()
}

fn check_texts<const N: usize>(sentences: [(E, &str); N]) {
    for (error, text) in sentences {
        assert_eq!(error.to_string(), text);
        assert!(!text.contains('\n'));
    }
}

#[test]
fn texts_about_programs_and_places() {
    let source = io::Error::from(io::ErrorKind::PermissionDenied);
    check_texts([
        (
            E::BinariesMissing { searched: "PATH".into(), hint: hint() },
            "PostgreSQL 15 or newer is not installed (looked in PATH): install it with `x`, or set DATABASE_URL to a server you have",
        ),
        (
            E::TooOld { found: 14, directory: path(), hint: hint() },
            "PostgreSQL 14 in /srv/yui is too old, Yui needs 15 or newer: install it with `x`",
        ),
        (
            E::MajorMissing {
                cluster: path(),
                written_by: "16".into(),
                installed: "15, 17".into(),
                hint: hint(),
            },
            "the data in /srv/yui was written by PostgreSQL 16, and only 15, 17 is installed: install it with `x`; nothing was changed",
        ),
        (
            E::ClusterDamaged { cluster: path() },
            "/srv/yui holds no database (its PG_VERSION is missing): restore a backup, or move the directory away to begin anew",
        ),
        (
            E::AlreadyRunning { process_id: "7".into(), data: path() },
            "another yui (process 7) is already running on /srv/yui: stop it first, or choose another place with --data",
        ),
        (
            E::WrongOwner { path: path(), owner: "a".into(), expected: "b".into() },
            "/srv/yui belongs to user a, not to b: run yui as a, choose another place with --data, or hand it over with chown -R",
        ),
        (
            E::NotWritable { path: path(), source },
            "cannot write to /srv/yui (permission denied): make it writable for this user, or choose another place with --data",
        ),
        (E::NotADirectory { path: path() }, "/srv/yui is not a directory: choose another place with --data"),
        (
            E::NotTraversable { path: path(), blocked: "/srv".into(), user: "postgres".into() },
            "as root PostgreSQL runs as user postgres, who may not enter /srv, so it cannot reach /srv/yui: choose another place with --data, for example /var/lib/yui",
        ),
        (
            E::PathUnusable { path: path(), reason: "its name is too long" },
            "the data directory /srv/yui cannot be used, its name is too long: choose another place with --data",
        ),
        (
            E::DiskFull { path: path(), free_megabytes: 12, needed_megabytes: 200 },
            "only 12 MB are free where /srv/yui lives, and 200 MB are needed: free some space, or choose another disk with --data",
        ),
    ]);
}

#[test]
fn texts_about_users_and_servers() {
    let source = io::Error::from(io::ErrorKind::NotFound);
    check_texts([
        (
            E::NoServerUser { name: "postgres", hint: hint() },
            "PostgreSQL refuses to run as root and there is no user postgres here: install it with `x`, run yui as an ordinary user, or set DATABASE_URL",
        ),
        (
            E::NoUserName { user_id: 7 },
            "user id 7 has no name in this system's user list, which PostgreSQL needs: run yui as a named user, or set DATABASE_URL",
        ),
        (
            E::SocketDirectory { path: path() },
            "/srv/yui was made by somebody else or is open to others: remove it, or choose a shorter path with --data so that it is not needed",
        ),
        (
            E::ThrowawayNotEmpty { path: path() },
            "a throwaway server deletes its directory at the end, and /srv/yui is not empty: give it a new one",
        ),
        (
            E::InitFailed { cluster: path(), log: "no".into() },
            "PostgreSQL could not create its files in /srv/yui: no",
        ),
        (
            E::Exited { status: "exit status: 1".into(), log: "no".into() },
            "PostgreSQL ended (exit status: 1); its log says: no",
        ),
        (
            E::NotReady { seconds: 60, reason: "r".into(), log: "no".into() },
            "PostgreSQL did not answer within 60 s (r); its log says: no",
        ),
        (
            E::LeftoverStuck { process_id: 7 },
            "a PostgreSQL left over from an earlier run (process 7) does not stop: end it with kill -INT 7 and try again",
        ),
        (E::Bootstrap { reason: "r".into() }, "the database or its roles could not be set up: r"),
        (
            E::NotRunning { data: path(), reason: "r".into() },
            "no yui is running on /srv/yui (r): start it with `yui up`, or set DATABASE_URL",
        ),
        (
            E::DoesNotStop { process_id: 7, seconds: 40 },
            "PostgreSQL (guarded by process 7) did not stop within 40 s: leave it to finish its work, and do not kill it with -9",
        ),
        (E::Stopping, "stopped before PostgreSQL was ready"),
        (E::System { action: "open", path: path(), source }, "cannot open /srv/yui (entity not found)"),
    ]);
}
