//! `yui demo --simulate`: months out of scenario files, played by the real program, and looked at afterwards by a checker
//! that knows nothing of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use db::private_postgres::{PrivatePostgres, Settings};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::Value;

use super::commands::{run, said};
use super::world::{Process, Scratch, yui};
use crate::checker;

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// What the program says of a month that is played in `data`.
fn played(data: &Path, file: &Path) -> Value {
    let output = run(data, &["demo", "--simulate", file.to_str().unwrap(), "--json"]);
    assert!(output.status.success(), "{}", said(&output));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("playing the month: 50 %"), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    received: i64,
    #[diesel(sql_type = BigInt)]
    in_time: i64,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
}

/// Of each town whose month it is: units, those that were received, those whose first version came in time, and minutes granted.
const COUNTED: &str = "SELECT t.slug, count(*) AS units, count(first.at) AS received, \
         count(*) FILTER (WHERE (first.at AT TIME ZONE 'Asia/Tokyo')::date <= j.work_due_on) AS in_time, \
         COALESCE(sum(held.times * j.unit_minutes), 0)::bigint AS minutes \
     FROM organizations t JOIN units u ON u.organization_id = t.id \
     JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id \
     CROSS JOIN LATERAL (SELECT min(s.submitted_at) AS at FROM submissions s \
         WHERE s.organization_id = u.organization_id AND s.unit_id = u.id) first \
     CROSS JOIN LATERAL (SELECT count(*) AS times FROM assignments a \
         WHERE a.organization_id = u.organization_id AND a.unit_id = u.id \
             AND COALESCE(a.end_kind, '') NOT IN ('handed_back', 'taken_back', 'expired')) held \
     WHERE t.slug IN ('simulated-fair', 'simulated-first-come') \
     GROUP BY t.slug ORDER BY t.slug";

fn figure(month: &Value, rule: &str, name: &str) -> f64 {
    month[rule][name].as_f64().unwrap_or_else(|| panic!("{rule}.{name} in {month}"))
}

/// Plays a scenario, holds it against what is promised, and lets the checker look at what is left of it.
fn keeps_its_promise(name: &str, least_even: f64, more: impl FnOnce(&mut PgConnection)) {
    let scratch = Scratch::migrated(name);
    let month = played(&scratch.0, &scenario(name));
    let of = |rule: &str, figure_name: &str| figure(&month, rule, figure_name);
    let (fair, first) = (of("fair", "jain"), of("first_come", "jain"));
    assert!(fair >= least_even && fair > first, "Jain's index: fair {fair}, first come {first}");
    let (fair, first) = (of("fair", "on_time"), of("first_come", "on_time"));
    assert!(fair >= first - 0.02, "in time: fair {fair}, first come {first}");
    let server = PrivatePostgres::start(Settings::durable(scratch.0.clone(), 20)).unwrap();
    let mut owner = PgConnection::establish(&server.owner_url()).unwrap();
    let counted: Vec<Counted> = diesel::sql_query(COUNTED).load(&mut owner).unwrap();
    assert_eq!(counted.len(), 2);
    for (town, rule) in counted.iter().zip(["fair", "first_come"]) {
        assert_eq!(town.slug, format!("simulated-{}", rule.replace('_', "-")));
        for (figure_name, number) in [
            ("units", town.units),
            ("received", town.received),
            ("in_time", town.in_time),
            ("granted_minutes", town.minutes),
        ] {
            assert_eq!(month[rule][figure_name], number, "{rule}.{figure_name}");
        }
    }
    assert_eq!(checker::broken(&mut owner), [] as [String; 0]);
    more(&mut owner);
    drop(owner);
    server.stop().unwrap();
}

#[derive(QueryableByName)]
struct Happened {
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    times: i64,
}

/// What went otherwise than it was meant to in each town, and what it shared: how often.
const HAPPENED: &str = "SELECT t.slug, h.what, count(h.id) AS times FROM organizations t JOIN ( \
         SELECT organization_id, 'appeal ' || outcome AS what, id FROM review_appeals WHERE decided_at IS NOT NULL \
         UNION ALL SELECT d.organization_id, CASE WHEN d.review_id IS NULL THEN 'changed by a client' \
                 WHEN EXISTS (SELECT FROM review_appeals p WHERE p.organization_id = d.organization_id \
                     AND p.review_id = d.review_id AND p.outcome = 'changed') THEN 'paid anew on appeal' ELSE 'changed in review' END, \
                 e.id FROM fix_decisions d JOIN earnings e ON e.organization_id = d.organization_id AND e.fix_decision_id = d.id \
                 JOIN statement_earnings x ON x.organization_id = e.organization_id AND x.earning_id = e.id \
                 JOIN statements s ON s.organization_id = x.organization_id AND s.id = x.statement_id \
             WHERE d.fault = 'specification' AND s.paid_on IS NOT NULL \
         UNION ALL SELECT organization_id, 'share ' || side || ' ' || state, id FROM shares \
         UNION ALL SELECT organization_id, 'order ' || state, id FROM orders \
         UNION ALL SELECT i.organization_id, 'paid late', i.id FROM client_invoices i JOIN client_payments m \
                 ON m.organization_id = i.organization_id AND m.invoice_id = i.id WHERE m.received_on > i.due_on \
     ) h ON h.organization_id = t.id GROUP BY t.slug, h.what";

/// An upstream and a downstream town, appeals that stand, pass and are about what was not agreed, changed specifications and a late
/// client: all of it did happen.
fn has_everything(owner: &mut PgConnection) {
    let happened: Vec<Happened> = diesel::sql_query(HAPPENED).load(owner).unwrap();
    let times = |slug: &str, what: &str| {
        let found = happened.iter().find(|one| one.slug == slug && one.what == what);
        found.map_or(0, |one| one.times)
    };
    for town in ["simulated-fair", "simulated-first-come"] {
        for what in [
            "appeal upheld",
            "appeal passed",
            "appeal changed",
            "paid anew on appeal",
            "changed by a client",
            "changed in review",
            "share in finished",
            "share out finished",
            "paid late",
        ] {
            assert!(times(town, what) > 0, "{town} has no {what}");
        }
        for (side, what) in [("upstream", "share out finished"), ("downstream", "share in finished")] {
            for what in [what, "order closed"] {
                assert_eq!(times(&format!("{town}-{side}"), what), 1, "{side}: {what}");
            }
        }
    }
    checker::corruptions::each_dispute_is_named(owner);
}

#[test]
fn an_ordinary_month_with_appeals_changes_and_partner_towns_is_even_in_time_and_paid_to_the_yen() {
    keeps_its_promise("ordinary.json", 0.9, has_everything);
}

#[test]
fn little_work_among_many_who_are_new_is_even_and_in_time() {
    keeps_its_promise("scarce.json", 0.9, |_owner| {});
}

#[test]
fn long_absences_and_a_rare_skill_leave_a_month_even_and_in_time_and_each_corruption_of_it_is_named() {
    keeps_its_promise("absences.json", 0.9, checker::corruptions::each_is_named);
}

/// A month of a week.
const SMALL: &str = r#"{
    "name": "A week", "seed": 3, "days": 9, "skills": [],
    "people": [{ "name": "Aoki", "hours": 10 }, { "name": "Baba", "hours": 5, "answer_hours": 1 }],
    "orders": [{ "title": "Cards", "day": 1, "units": 6, "minutes": 60, "due": 7 }]
}"#;

#[test]
fn a_scenario_that_cannot_be_read_is_refused_line_by_line_before_anything_starts() {
    let scratch = Scratch::new("unreadable");
    let file = scratch.0.join("bad.json");
    std::fs::write(&file, SMALL.replace("\"hours\": 5", "\"hours\": 500, \"age\": 40")).unwrap();
    let data = scratch.0.join("data");
    let refused = run(&data, &["demo", "--simulate", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let text = said(&refused);
    assert!(text.contains("bad.json: line 3: people[1].age: there is no such field"), "{text}");
    assert!(
        text.contains("bad.json: line 3: people[1].hours: a number from 0.5 to 60 is expected"),
        "{text}"
    );
    assert!(!data.exists());
    let missing = run(&data, &["demo", "--simulate", "nowhere.json"]);
    assert_eq!(missing.status.code(), Some(2), "{}", said(&missing));
    assert!(said(&missing).contains("nowhere.json: cannot be read"), "{}", said(&missing));
    let with_scale = run(&data, &["demo", "--simulate", "x.json", "--scale", "10"]);
    assert_eq!(with_scale.status.code(), Some(2), "{}", said(&with_scale));
}

#[test]
fn the_same_seed_gives_the_same_month_in_a_database_that_is_taken_away_again() {
    let scratch = Scratch::new("same");
    let file = scratch.0.join("week.json");
    std::fs::write(&file, SMALL).unwrap();
    let place = scratch.0.join("tmp");
    std::fs::create_dir(&place).unwrap();
    let play = |more: &[&str]| {
        let output = Command::new(yui())
            .args(["demo", "--simulate", file.to_str().unwrap()])
            .args(more)
            .env("TMPDIR", &place)
            .env("YUI_LOG", "warn")
            .env_remove("YUI_DATA")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let (one, other) = (play(&["--json"]), play(&["--json"]));
    assert_eq!(one, other);
    let month: Value = serde_json::from_str(&one).unwrap();
    assert_eq!((&month["people"][0]["name"], &month["fair"]["units"]), (&"Aoki".into(), &6.into()));
    assert!(play(&[]).contains("Jain's index (1: all alike)"));
    let left: Vec<_> = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [] as [PathBuf; 0]);
}

#[test]
fn a_simulation_can_be_stopped_and_wants_a_database_for_itself() {
    let scratch = Scratch::migrated("stopped");
    let mut process =
        Process::start(&["demo", "--simulate", scenario("ordinary.json").to_str().unwrap()], &scratch.0);
    process.wait_for("playing the month: 10 %");
    process.signal("INT");
    process.wait_for("cancelled before the month was over");
    assert_eq!(process.child.wait().unwrap().code(), Some(1));
    let again = run(&scratch.0, &["demo", "--simulate", scenario("ordinary.json").to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert!(said(&again).contains("holds the town `simulated-fair`"), "{}", said(&again));
}
