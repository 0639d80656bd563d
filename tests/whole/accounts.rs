//! Members and passwords over HTTP: corrections, races between two administrators, what a new password ends.

use super::world::World;

#[test]
fn a_corrected_member_is_another_name_and_a_slip_keeps_what_was_typed() {
    let world = World::shared();
    let admin = world.signed_in("admin");
    let page = admin.submit(
        "/members/new",
        "/members",
        &[("family_name", "高橋"), ("email", "takahashi-accounts@demo.example"), ("roles", "officer")],
    );
    let form = admin.get(&page);
    let (csrf, version) = (form.csrf(), form.value_of("version"));
    let correct = |version: &str, family: &str, email: &str| {
        admin.post(&page, &[("csrf", &csrf), ("version", version), ("family_name", family), ("email", email)])
    };
    let slip = correct(&version, "髙橋", "nobody");
    assert_eq!(slip.status, 422, "{}", slip.body);
    assert_eq!((slip.value_of("family_name"), slip.value_of("email")), ("髙橋".into(), "nobody".into()));
    assert_eq!(correct(&version, "髙橋", "takahashi-accounts@demo.example").status, 303);
    assert!(admin.get(&page).body.contains("髙橋"));

    let stale = correct(&version, "高梁", "takahashi-accounts@demo.example");
    assert_eq!(stale.status, 412, "{}", stale.body);
    assert!(stale.body.contains("髙橋"), "how things stand now");
    assert_eq!(stale.value_of("family_name"), "高梁", "what was typed");
    assert_ne!(stale.value_of("version"), version);

    let roles = format!("{page}/roles");
    let late = admin.post(&roles, &[("csrf", &csrf), ("version", &version), ("roles", "admin")]);
    assert_eq!(late.status, 412, "{}", late.body);
    let fresh = late.value_of("version");
    let chosen = [("csrf", csrf.as_str()), ("version", fresh.as_str()), ("roles", "adviser")];
    assert_eq!(admin.post(&roles, &chosen).status, 303);
    assert_eq!(admin.post(&roles, &chosen).status, 412);
}

#[test]
fn a_new_password_ends_the_tokens_unless_they_are_kept() {
    let world = World::shared();
    let newcomer = world.newcomer("sales");
    let person = world.enters(&newcomer);
    let csrf = person.get("/me").csrf();
    let made =
        person.post("/me/tokens", &[("csrf", &csrf), ("name", "x"), ("access", "read"), ("days", "9")]);
    let token = made.body.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let works = || world.guest().json("GET", "/api/v1/companies", Some(&token), "").status;
    assert!(person.get("/me").body.contains("name=\"revoke_tokens\" value=\"yes\" checked"));
    let change = |from: &str, to: &str, revoke: &str| {
        let mut fields = vec![("csrf", csrf.as_str()), ("old_password", from)];
        fields.extend([("password", to), ("password_again", to), ("revoke_tokens", revoke)]);
        assert_eq!(person.post("/me/password", &fields).status, 303);
        person.get("/me").body
    };
    assert!(change(&newcomer.password, "雨の日の散歩は静かで 47", "").contains("APIトークンはそのまま"));
    assert_eq!(works(), 200);
    assert!(
        change("雨の日の散歩は静かで 47", "雪の日の散歩は静かで 48", "yes")
            .contains("APIトークンを終わらせました")
    );
    assert_eq!(works(), 401);
}
