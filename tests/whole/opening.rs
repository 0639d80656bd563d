//! The very first start: opening a town from the page and from the shell, with a slip of the hand before.

use super::commands::{run, said};
use super::languages::in_both_languages;
use super::world::{Person, Process, Scratch};

const PASSWORD: &str = "とても長くて忘れにくい合言葉 31";

#[test]
fn a_slip_on_the_first_page_leaves_no_town_and_the_corrected_form_opens_it() {
    let scratch = Scratch::new("set-up");
    let process = Process::start(&["up"], &scratch.0);
    let code = std::fs::read_to_string(scratch.0.join("setup-code.txt"));
    let greeting = process.said_until("Ctrl-C stops everything").join("\n");
    let code =
        code.or_else(|_made_meanwhile| std::fs::read_to_string(scratch.0.join("setup-code.txt"))).unwrap();
    assert!(greeting.contains(&code), "{greeting}");

    in_both_languages(&process.guest(), "/setup", "");
    let person = process.guest();
    let form = person.get("/setup");
    assert_eq!(form.status, 200, "{}", form.body);
    let csrf = form.csrf();
    let filled = |email| {
        [
            ("csrf", csrf.as_str()),
            ("code", code.as_str()),
            ("name", "立科町"),
            ("slug", "tateshina"),
            ("family_name", "田中"),
            ("email", email),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ]
    };
    let empty = person.post("/setup", &[("csrf", &csrf), ("name", "立科町")]);
    assert_eq!(empty.status, 422, "{}", empty.body);
    assert_eq!(empty.value_of("name"), "立科町");
    for field in ["code", "slug", "family_name", "email", "password"] {
        assert!(empty.body.contains(&format!("href=\"#f-{field}\"")), "{field} is not named");
    }
    let slip = person.post("/setup", &filled("nobody"));
    assert_eq!(slip.status, 422, "{}", slip.body);
    assert_eq!((slip.value_of("email"), slip.value_of("slug")), ("nobody".into(), "tateshina".into()));
    assert!(!slip.body.contains(PASSWORD));
    assert_eq!(person.get("/").location, "/setup", "there is still no town");

    let opened = person.post("/setup", &filled("tanaka@example.jp"));
    assert_eq!((opened.status, opened.location.as_str()), (303, "/"), "{}", opened.body);
    assert_eq!(person.get("/members").status, 200, "the administrator is signed in");
    assert_eq!(person.get("/setup").location, "/", "there is nothing to set up any more");
    process.stop();

    let again = Process::start(&["up"], &scratch.0);
    let greeting = again.said_until("Ctrl-C stops everything").join("\n");
    assert!(greeting.contains("/t/tateshina/sign-in") && !greeting.contains(&code), "{greeting}");
    again.stop();
}

#[test]
fn a_slip_in_the_shell_leaves_no_town_either() {
    let scratch = Scratch::migrated("create");
    let create = |email: &str| {
        let arguments =
            ["organization", "create", "tateshina", "立科町", "--admin-name", "田中", "--admin-email"];
        run(&scratch.0, &[&arguments[..], &[email]].concat())
    };
    let slip = create("nobody");
    assert_eq!(slip.status.code(), Some(2), "{}", said(&slip));
    assert!(said(&slip).contains("email"), "{}", said(&slip));
    assert!(said(&run(&scratch.0, &["organization", "list"])).contains("no town yet"));
    let opened = create("tanaka@example.jp");
    assert!(opened.status.success() && said(&opened).contains("/join/"), "{}", said(&opened));
    assert!(said(&run(&scratch.0, &["organization", "list"])).contains("tateshina"));
}

#[test]
fn two_who_send_the_first_page_at_once_open_one_town() {
    let scratch = Scratch::migrated("set-up at once");
    let process = Process::start(&["up"], &scratch.0);
    process.said_until("Ctrl-C stops everything");
    let code = std::fs::read_to_string(scratch.0.join("setup-code.txt")).unwrap();
    let (start, base) = (std::sync::Barrier::new(2), process.base.clone());
    let open = |slug: &'static str| {
        let person = Person::at(&base);
        let csrf = person.get("/setup").csrf();
        let email = format!("{slug}@example.jp");
        start.wait();
        let fields = [
            ("csrf", csrf.as_str()),
            ("code", &code),
            ("name", slug),
            ("slug", slug),
            ("family_name", "田中"),
            ("email", &email),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = person.post("/setup", &fields);
        assert_eq!((answer.status, answer.location.as_str()), (303, "/"), "{}", answer.body);
        person.get("/members").status
    };
    let mut statuses = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(|| open("tateshina")), scope.spawn(|| open("shiojiri")));
        [one.join().unwrap(), other.join().unwrap()]
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "one is the administrator of the only town, the other is not signed in");
    let towns = said(&run(&scratch.0, &["organization", "list"]));
    assert_ne!(towns.contains("tateshina"), towns.contains("shiojiri"), "{towns}");
    process.stop();
}
