//! What a team steers by, walked over HTTP as a person without JavaScript would: a version of targets is opened, filled,
//! refused where it must be, and closed; and what somebody thinks of a forecast stands beside what is reckoned.

use super::world::{Person, World};

fn of_target(metric: &str, scope: &str, value: &str) -> Vec<(String, String)> {
    [("metric", metric), ("scope", scope), ("period", "q1"), ("value", value), ("reason", "試験")]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec()
}

/// Sends a form of the page and gives what came back.
fn sent(person: &Person, page: &str, fields: &[(String, String)]) -> super::world::Answer {
    let csrf = person.get(page).csrf();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend(fields.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    person.post(page, &all)
}

#[test]
fn a_version_of_targets_is_filled_refused_and_closed_without_a_script() {
    let world = World::start("targets");
    let officer = world.signed_in("officer");
    let page = officer.submit(
        "/targets?year=2030",
        "/targets/plans",
        &[("fiscal_year", "２０３０"), ("reason", "次の年の準備")],
    );
    assert_eq!(sent(&officer, &page, &of_target("calls", "team", "４０")).status, 303);
    let whose = officer.get(&page).body;
    let person = whose.split("name=\"person_id\"").nth(1).unwrap();
    let person = person.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let mut above = of_target("calls", "person", "41");
    above.push(("person_id".to_owned(), person));
    let refused = sent(&officer, &page, &above);
    assert_eq!(refused.status, 422);
    let form =
        refused.body.split("name=\"value\"").skip(1).map(|part| part.chars().take(400).collect::<String>());
    let form = form.collect::<Vec<_>>();
    assert!(refused.body.contains("より大きい数です"), "{form:?}");
    assert!(refused.body.contains("value=\"41\""), "{form:?}");
    above.push(("above_is_meant".to_owned(), "yes".to_owned()));
    assert_eq!(sent(&officer, &page, &above).status, 303);
    let shown = officer.get(&page).body;
    assert!(
        shown.contains("40件") && shown.contains("41件") && shown.contains("第1四半期（4月〜6月）"),
        "{shown}"
    );
    let csrf = officer.get(&page).csrf();
    assert_eq!(officer.post(&format!("{page}/close"), &[("csrf", &csrf)]).status, 303);
    let late = sent(&officer, &page, &of_target("calls", "team", "1"));
    assert_eq!(late.status, 409);
    assert!(late.body.contains("この版の目標は確定しています"));
    let year = officer.get("/targets?year=2030").body;
    assert!(year.contains("祝日がまだわからない"), "nobody guesses the holidays of 2030");
    assert!(year.contains("+1件"), "the people's targets come to one more than the team's");
    assert_eq!(world.signed_in("adviser").get("/targets?year=2030").status, 200);
    world.stop();
}

#[test]
fn what_somebody_thinks_stands_beside_what_is_reckoned() {
    let world = World::start("forecast");
    let (sales, officer) = (world.signed_in("sales"), world.signed_in("officer"));
    let before = sales.get("/forecast").body;
    assert!(before.contains("確実") && before.contains("最良"), "{before}");
    let fields = [("fiscal_year", "2030"), ("period", "q1"), ("amount", "-1,000"), ("reason", "遅れそう")];
    let path = sales.submit("/forecast?year=2030&period=q1", "/forecast/adjustments", &fields);
    let whose = officer.get(&path).body;
    let shown = whose.replace('\u{2212}', "-");
    assert!(shown.contains("-1,000円") && shown.contains("本人の見立て") && shown.contains("遅れそう"));
    let csrf = sales.get("/forecast").csrf();
    let wrong = [
        ("csrf", csrf.as_str()),
        ("fiscal_year", "2030"),
        ("period", "q1"),
        ("amount", "多い"),
        ("reason", ""),
    ];
    let refused = sales.post("/forecast/adjustments", &wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("value=\"多い\""), "what was typed stays");
    world.stop();
}
