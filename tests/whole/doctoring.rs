//! What an operator asks first: is everything in place, how are the roles made on a server of one's own, and what stands in
//! the way.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use db::private_postgres::{ConnectionInfo, Role};
use db::testing::test_server;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

use super::commands::{run, said};
use super::world::{Scratch, yui};

/// `yui doctor` on a server of the operator's own, as these URLs say.
fn on_own_server(data: &Path, arguments: &[&str], urls: &[(&str, &str)]) -> Output {
    let mut command = Command::new(yui());
    command.args(arguments).env("YUI_DATA", data).env("YUI_LOG", "warn").stdin(Stdio::null());
    for name in ["DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_QUEUE_URL"] {
        command.env_remove(name);
    }
    command.envs(urls.iter().copied()).output().unwrap()
}

/// Each line of what the doctor says, as whether it is fine and what about.
fn findings(output: &Output) -> Vec<(bool, String)> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let line = |line: &str| {
        let (verdict, rest) = line.split_at_checked(6).unwrap_or_else(|| panic!("{line:?} in\n{text}"));
        let is_fine = match verdict {
            "ok    " => true,
            "FAIL  " => false,
            _ => panic!("no verdict in {line:?} of\n{text}"),
        };
        let (name, found) = rest.split_once(": ").unwrap_or_else(|| panic!("{line:?} names nothing"));
        assert!(!found.trim().is_empty(), "{line:?} says nothing");
        (is_fine, name.to_owned())
    };
    text.lines().map(line).collect()
}

fn names(findings: &[(bool, String)]) -> Vec<&str> {
    findings.iter().map(|(_, name)| name.as_str()).collect()
}

fn failed(findings: &[(bool, String)]) -> Vec<&str> {
    findings.iter().filter(|(is_fine, _)| !is_fine).map(|(_, name)| name.as_str()).collect()
}

#[test]
fn where_everything_is_in_place_the_doctor_says_so_line_by_line() {
    let scratch = Scratch::migrated("doctor");
    let output = run(&scratch.0, &["doctor"]);
    assert!(output.status.success(), "{}", said(&output));
    let found = findings(&output);
    assert_eq!(failed(&found), [] as [&str; 0], "{}", said(&output));
    let all = [
        "settings",
        "PostgreSQL programs",
        "data directory",
        "link key",
        "sealing keys",
        "database",
        "migrations",
        "clock",
        "role yui_owner",
        "role yui_app",
        "role yui_queue",
        "database stops",
        "address",
        "mail",
    ];
    assert_eq!(names(&found), all);
}

/// A database that nobody has prepared, on the server that all tests share.
struct Fresh {
    server: &'static ConnectionInfo,
    name: String,
}

impl Fresh {
    fn new() -> Self {
        let fresh = Self { server: test_server().0, name: format!("fresh_{}", std::process::id()) };
        fresh.as_superuser("postgres", &format!("CREATE DATABASE {}", fresh.name));
        fresh
    }

    fn as_superuser(&self, database: &str, sql: &str) {
        let mut superuser = PgConnection::establish(&self.server.superuser_url_of(database)).unwrap();
        superuser.batch_execute(sql).unwrap();
    }

    fn urls(&self) -> [(&'static str, String); 3] {
        let url = |role| self.server.url_of(role, &self.name);
        [
            ("DATABASE_URL", url(Role::App)),
            ("DATABASE_OWNER_URL", url(Role::Owner)),
            ("DATABASE_QUEUE_URL", url(Role::Queue)),
        ]
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Ok(mut superuser) = PgConnection::establish(&self.server.superuser_url_of("postgres")) else {
            return;
        };
        // What is left where this fails goes with its server.
        let _dropped =
            superuser.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

#[test]
fn what_the_doctor_prints_makes_the_roles_and_then_it_finds_everything_in_place() {
    let (scratch, fresh) = (Scratch::new("own server"), Fresh::new());
    let printed = on_own_server(&scratch.0, &["doctor", "--roles"], &[]);
    assert!(printed.status.success(), "{}", said(&printed));
    let sql = String::from_utf8(printed.stdout).unwrap();
    assert!(sql.starts_with("-- "), "what to do with it stands first: {sql}");
    for role in Role::ALL {
        assert!(sql.contains(&format!("CREATE ROLE {} ", role.name())), "{sql}");
    }
    // Twice, for whoever is not sure that the first time worked.
    fresh.as_superuser(&fresh.name, &sql);
    fresh.as_superuser(&fresh.name, &sql);

    let urls = fresh.urls();
    let urls = urls.each_ref().map(|(name, url)| (*name, url.as_str()));
    let before = on_own_server(&scratch.0, &["doctor"], &urls);
    assert_eq!(before.status.code(), Some(3), "{}", said(&before));
    assert_eq!(failed(&findings(&before)), ["migrations"], "{}", said(&before));
    assert!(said(&before).contains("are pending; run `yui migrate`"), "{}", said(&before));
    let migrated = on_own_server(&scratch.0, &["migrate"], &urls);
    assert!(migrated.status.success(), "{}", said(&migrated));
    let after = on_own_server(&scratch.0, &["doctor"], &urls);
    assert!(after.status.success(), "{}", said(&after));
    assert_eq!(failed(&findings(&after)), [] as [&str; 0]);

    let alone = on_own_server(&scratch.0, &["doctor"], &urls[..1]);
    assert_eq!(alone.status.code(), Some(3), "{}", said(&alone));
    let told = said(&alone);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("DATABASE_OWNER_URL") && told.contains("`yui doctor --roles`"), "{told}");
}

#[test]
fn a_database_that_does_not_answer_is_one_line_for_each_who_is_not_let_in() {
    let scratch = Scratch::new("no answer");
    // Nothing listens there.
    let url = |role: &str| format!("postgresql://{role}@127.0.0.1:9/yui");
    let urls = [url("yui_app"), url("yui_owner"), url("yui_queue")];
    let urls = [
        ("DATABASE_URL", urls[0].as_str()),
        ("DATABASE_OWNER_URL", urls[1].as_str()),
        ("DATABASE_QUEUE_URL", urls[2].as_str()),
    ];
    let output = on_own_server(&scratch.0, &["doctor"], &urls);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let found = findings(&output);
    let without = ["database", "role yui_app", "role yui_queue"];
    assert_eq!(failed(&found), without, "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "yui: 3 checks failed\n");
}

#[test]
fn an_address_in_use_is_one_line_and_nothing_is_made_before_it() {
    let scratch = Scratch::new("address");
    let data = scratch.0.join("data");
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    for arguments in [&["up"][..], &["up", "--demo"], &["serve"]] {
        let output = Command::new(yui())
            .args(arguments)
            .env("YUI_DATA", &data)
            .env("YUI_LISTEN", &address)
            .env("YUI_LOG", "warn")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", said(&output));
        let told = said(&output);
        assert_eq!(told.lines().count(), 1, "{arguments:?}: {told}");
        let expected = format!("yui: cannot listen on {address}: ");
        assert!(told.starts_with(&expected) && told.contains("YUI_LISTEN"), "{arguments:?}: {told}");
        assert!(!data.exists(), "{arguments:?} has begun to make its data directory");
    }
}
