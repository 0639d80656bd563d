//! Companies, entered over HTTP as a person without JavaScript would: found by two characters, corrected, refused with what was typed.

use super::world::{Person, World};

#[test]
fn a_company_is_entered_found_and_corrected() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.submit(
        "/companies/new",
        "/companies",
        &[("name", "𠮷野商店（試験）"), ("furigana", "よしのしょうてん")],
    );
    let shown = sales.get(&page);
    assert!(shown.body.contains("𠮷野商店（試験）"));
    assert!(
        sales.get("/companies?q=%E9%87%8E%E5%95%86").body.contains("𠮷野商店（試験）"),
        "two characters find it"
    );
    let refused = post(
        &sales,
        "/companies/new",
        "/companies",
        &[("name", ""), ("phone", "026-000-0000"), ("corporate_number", "7123456789013")],
    );
    assert_eq!(refused.0, 422);
    assert!(refused.1.contains("026-000-0000"), "what was typed stays");
    assert!(refused.1.contains("検査数字"), "the number's problem is named");
}

fn post(person: &Person, page: &str, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let token = person.get(page).csrf();
    let mut all = vec![("csrf", token.as_str())];
    all.extend_from_slice(fields);
    let answer = person.post(path, &all);
    (answer.status, answer.body)
}
