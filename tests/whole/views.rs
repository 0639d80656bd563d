//! Saved views and changes to many things, by forms alone.

use super::boards::deal;
use super::world::World;

#[test]
fn a_view_is_put_together_without_scripts_and_its_rows_are_changed_and_put_back() {
    let sales = World::shared().signed_in("sales");
    let id = deal(&sales, "表示で見つける名簿");
    let new = "/views/new?kind=deals";
    let csrf = sales.get(new).csrf();
    let start = [("csrf", csrf.as_str()), ("kind", "deals"), ("name", ""), ("joined", "all")];
    let added = sales.post("/views", &[&start[..], &[("add_root", "title"), ("step", "add:")]].concat());
    assert_eq!(added.status, 200, "a condition more keeps nothing and asks for nothing");
    assert!(added.body.contains("name=\"rows[0].values\""));
    let condition = [
        ("kind", "deals"),
        ("name", "名簿だけの表示"),
        ("joined", "all"),
        ("rows[0].depth", "1"),
        ("rows[0].field", "title"),
        ("rows[0].operator", "contains"),
        ("rows[0].values", "見つける名簿"),
        ("columns[]", "amount"),
        ("columns[]", "next_action_on"),
    ];
    let empty: Vec<_> =
        condition.iter().map(|(name, value)| (*name, if *name == "name" { "" } else { *value })).collect();
    let refused =
        sales.post("/views", &[&[("csrf", csrf.as_str())][..], &empty[..], &[("step", "save")]].concat());
    assert_eq!(refused.status, 422, "a view has a name");
    assert!(refused.body.contains("見つける名簿"), "everything typed is kept");
    let view = sales.submit(new, "/views", &[&condition[..], &[("step", "save")]].concat());
    let listed = sales.get(&view).body;
    assert!(listed.contains("表示で見つける名簿") && listed.contains("「見つける名簿」を含む"), "{listed}");
    let view_id = view.trim_start_matches("/views/");
    let choose = format!("/bulk-edits/new?kind=deals&view_id={view_id}&ids%5B%5D={id}");
    let fields = [
        ("kind", "deals"),
        ("view_id", view_id),
        ("ids[]", id.as_str()),
        ("which", "ticked"),
        ("field", "next_action_on"),
        ("value_next_action_on", "2099-02-01"),
    ];
    let form = sales.get(&choose);
    let (csrf, key) = (form.csrf(), form.value_of("form_key"));
    let unchosen = [&fields[..4], &[("csrf", csrf.as_str()), ("form_key", key.as_str())]].concat();
    let refused = sales.post("/bulk-edits", &unchosen);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body.matches("<a href=\"#f-field\"").count(), 1, "told once: {}", refused.body);
    let edit = sales.submit(&choose, "/bulk-edits", &fields);
    let page = |path: &str| sales.get(path).body;
    assert!(page(&format!("/deals/{id}")).contains("2099年1月5日"), "looking changes nothing");
    sales.submit(&edit, &format!("{edit}/apply"), &[]);
    assert!(page(&format!("/deals/{id}")).contains("2099年2月1日"));
    sales.submit(&edit, &format!("{edit}/undo"), &[]);
    assert!(page(&format!("/deals/{id}")).contains("2099年1月5日"));
    let found = page("/search?q=%E5%90%8D%E7%B0%BF&kind=deals");
    assert!(found.contains("表示で見つける名簿") && found.contains("件名に一致"), "{found}");
}

#[test]
fn where_only_one_thing_can_be_changed_it_is_chosen_already() {
    let sales = World::shared().signed_in("sales");
    let form = sales.get("/bulk-edits/new?kind=leads&ids%5B%5D=1").body;
    assert!(form.contains("name=\"field\" value=\"owner\" checked"), "{form}");
    let form = sales.get("/bulk-edits/new?kind=companies&ids%5B%5D=1").body;
    assert!(!form.contains("name=\"field\" value=\"tag_add\" checked"), "of two nobody chooses: {form}");
}
