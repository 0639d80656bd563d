//! Two people save the same form: nobody's words are written over unseen, and nobody's are lost.

use super::world::{Person, World};

/// A form with the fields that stand in it, and the one that both change.
struct Shared<'a> {
    path: String,
    fields: &'a [(&'a str, &'a str)],
    field: &'a str,
}

impl Shared<'_> {
    fn post(&self, who: &Person, csrf: &str, version: &str, text: &str) -> super::world::Answer {
        let mut fields = vec![("csrf", csrf), ("version", version), (self.field, text)];
        fields.extend(self.fields);
        who.post(&self.path, &fields)
    }

    /// One is faster; the other sees what stands beside what they typed, and saves when they have seen it.
    fn is_never_overwritten_unseen(&self, world: &World) {
        let edit = format!("{}/edit", self.path);
        let (one, other) = (world.signed_in("sales"), world.enters(&world.newcomer("sales")));
        let (mine, theirs) = (one.get(&edit), other.get(&edit));
        let (csrf, version) = (mine.csrf(), mine.value_of("version"));
        let faster = self.post(&other, &theirs.csrf(), &theirs.value_of("version"), "先に保存した言葉");
        assert_eq!(faster.status, 303, "{edit}: {}", faster.body);
        let late = self.post(&one, &csrf, &version, "あとから書いた言葉");
        assert_eq!(late.status, 409, "{edit}");
        let beside =
            late.body.split("id=\"overtaken\"").nth(1).and_then(|rest| rest.split("<form").next()).unwrap();
        for text in ["先に保存した言葉", "あとから書いた言葉"] {
            assert!(beside.contains(text), "{edit}: {text} is missing in {beside}");
        }
        assert_eq!(beside.matches("<tr").count(), 2, "{edit}: the one field that differs: {beside}");
        let seen = late.value_of("version");
        assert_eq!(self.post(&one, &csrf, &seen, "あとから書いた言葉").status, 303, "{edit}");
        assert!(one.get(&edit).body.contains("あとから書いた言葉"), "{edit}");
    }
}

/// Who is chosen as the owner on a page.
fn owner_in(page: &str) -> String {
    let choices = page.split("name=\"owner_id\"").nth(1).unwrap();
    let chosen = choices.split("value=\"").find(|choice| choice.contains("selected")).unwrap();
    chosen.split('"').next().unwrap().to_owned()
}

#[test]
fn companies_contacts_leads_and_deals_show_what_somebody_else_saved_before_they_are_saved_over() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let name = format!("株式会社二人同時{}", std::process::id());
    let company = sales.submit("/companies/new", "/companies", &[("name", &name)]);
    Shared { path: company.clone(), fields: &[("name", &name)], field: "note" }
        .is_never_overwritten_unseen(world);

    let page = format!("{company}/contacts/new");
    let person = [("family_name", "同時"), ("language", "ja")];
    sales.submit(&page, &format!("{company}/contacts"), &person);
    let body = sales.get(&company).body.replace("&#x2f;", "/");
    let contact =
        body.split("href=\"/contacts/").nth(1).and_then(|rest| rest.split(['/', '"']).next()).unwrap();
    Shared { path: format!("/contacts/{contact}"), fields: &person, field: "department" }
        .is_never_overwritten_unseen(world);

    let owner = owner_in(&sales.get("/leads/new").body);
    let asked = [("company_name", &*name), ("source", "phone"), ("owner_id", &owner)];
    let lead = sales.submit("/leads/new", "/leads", &asked);
    Shared { path: lead, fields: &asked, field: "need" }.is_never_overwritten_unseen(world);

    let id = company.rsplit('/').next().unwrap();
    let new = format!("/deals/new?company_id={id}");
    let owner = owner_in(&sales.get(&new).body);
    let fields = [
        ("company_id", id),
        ("title", "二人で直す商談"),
        ("next_action_on", "2099-01-05"),
        ("owner_id", &owner),
        ("amount", "0"),
    ];
    let mut opened = vec![("next_action", "電話する")];
    opened.extend(fields);
    let deal = sales.submit(&new, "/deals", &opened);
    Shared { path: deal, fields: &fields, field: "next_action" }.is_never_overwritten_unseen(world);
}
