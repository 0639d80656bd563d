//! Merging on the pages: from the warning and from the company to the preview, the result, and back.

use super::pages::check;
use super::world::{Answer, Person, World};

fn company(sales: &Person, name: &str) -> String {
    let token = sales.get("/companies/new").csrf();
    let answer = sales.post("/companies", &[("csrf", &token), ("name", name)]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

fn contact(sales: &Person, company: &str, name: &str) {
    let form = format!("{company}/contacts/new");
    sales.submit(&form, &format!("{company}/contacts"), &[("family_name", name), ("language", "ja")]);
}

fn merge(sales: &Person, preview: &Answer, path: &str, more: &[(&str, &str)]) -> Answer {
    let hidden =
        ["csrf", "form_key", "version", "other", "other_version"].map(|name| (name, preview.value_of(name)));
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend_from_slice(more);
    sales.post(path, &fields)
}

#[test]
fn a_company_entered_twice_becomes_one_and_two_again() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let (kept, other) = (company(&sales, "株式会社ふたつあり"), company(&sales, "ふたつあり商会"));
    contact(&sales, &other, "重複");
    let id = other.rsplit('/').next().unwrap();
    let itself = sales.get(&format!("{kept}/merge?with={}", kept.rsplit('/').next().unwrap()));
    assert!(itself.status == 422 && itself.body.contains("これは同じものです"), "{}", itself.body);
    let search = sales.get(&format!("{kept}/merge?q=%E3%81%B5%E3%81%9F%E3%81%A4"));
    check(&search, &kept, "ja");
    assert!(search.body.contains(&format!("with={id}")), "{}", search.body);
    let path = format!("{kept}/merge");
    let preview = sales.get(&format!("{path}?with={id}"));
    check(&preview, &path, "ja");
    assert!(preview.body.contains("担当者 1人"), "{}", preview.body);
    let merged = merge(&sales, &preview, &path, &[("name", "merged")]);
    assert_eq!(merged.status, 303, "{}", merged.body);
    let again = merge(&sales, &preview, &path, &[("name", "merged")]);
    assert_eq!(again.location, merged.location, "pressed twice, it is one merge");
    let late = sales.get(&format!("{path}?with={id}"));
    assert_eq!((late.status, late.location.as_str()), (303, kept.as_str()), "it is done already");
    let record = sales.get(&merged.location);
    check(&record, &merged.location, "ja");
    let page = sales.get(&kept);
    assert!(page.body.contains("ふたつあり商会") && page.body.contains("重複"), "{}", page.body);
    let gone = sales.get(&other);
    assert_eq!((gone.status, gone.location.as_str()), (303, kept.as_str()), "its page leads to the one kept");
    let list = sales.get("/companies?q=%E3%81%B5%E3%81%9F%E3%81%A4%E3%81%82%E3%82%8A").body;
    assert!(!list.contains(&format!("href=\"{other}\"")), "{list}");
    let undo = format!("{}/undo", merged.location);
    sales.submit(&merged.location, &undo, &[]);
    let back = sales.get(&other);
    assert!(back.status == 200 && back.body.contains("重複"), "{}", back.body);
    assert!(sales.get(&kept).body.contains("株式会社ふたつあり"));
    let token = sales.get(&merged.location).csrf();
    let late = sales.post(&undo, &[("csrf", &token)]);
    assert!(late.status == 409 && late.body.contains("もう元に戻してあります"), "{}", late.body);
}

#[test]
fn the_warning_while_editing_leads_to_the_merge() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let (kept, other) = (company(&sales, "合同会社そっくり"), company(&sales, "ちがう名前"));
    let form = sales.get(&format!("{other}/edit"));
    let fields = [("csrf", &*form.csrf()), ("version", "1"), ("name", "（同）そっくり")];
    let warned = sales.post(&other, &fields);
    assert_eq!(warned.status, 409, "{}", warned.body);
    let link = format!("{other}/merge?with={}", kept.rsplit('/').next().unwrap());
    assert!(warned.body.replace("&#x2f;", "/").contains(&link), "{}", warned.body);
}

#[test]
fn two_people_of_one_company_become_one() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let home = company(&sales, "二人は一人株式会社");
    contact(&sales, &home, "一人目");
    contact(&sales, &home, "二人目");
    let page = sales.get(&home).body.replace("&#x2f;", "/");
    let ids: Vec<&str> =
        page.split("id=\"contact-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let choose = sales.get(&format!("/contacts/{}/merge", ids[0]));
    check(&choose, "choose", "ja");
    assert!(choose.body.contains(&format!("with={}", ids[1])), "{}", choose.body);
    let path = format!("/contacts/{}/merge", ids[0]);
    let preview = sales.get(&format!("{path}?with={}", ids[1]));
    check(&preview, &path, "ja");
    let merged = merge(&sales, &preview, &path, &[]);
    assert_eq!(merged.status, 303, "{}", merged.body);
    check(&sales.get(&merged.location), &merged.location, "ja");
    let gone = sales.get(&format!("/contacts/{}/edit", ids[1]));
    assert_eq!(gone.location, format!("/contacts/{}/edit", ids[0]));
}

#[test]
fn two_companies_of_one_name_are_told_apart_before_they_become_one() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let enter = |phone: &str, address: &str, apart_from: &[(&str, &str)]| {
        let token = sales.get("/companies/new").csrf();
        let own = [("csrf", &*token), ("name", "同名水産株式会社"), ("phone", phone), ("address", address)];
        let answer = sales.post("/companies", &[&own[..], apart_from].concat());
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.location
    };
    let number = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let kept = enter("0859-77-0001", "米子市中町20", &[]);
    let ours = number(&kept);
    let other = enter("0859-77-0002", "境港市上道町3000", &[("apart_from[]", &ours)]);
    contact(&sales, &other, "重複");
    let theirs = number(&other);
    let path = format!("{kept}/merge?with={theirs}");
    let preview = sales.get(&path);
    check(&preview, &path, "ja");
    for said in [
        format!("0859-77-0001（残るほう #{ours}）"),
        format!("境港市上道町3000（まとめられるほう #{theirs}）"),
        format!("同名水産株式会社（#{ours}）"),
        format!("同名水産株式会社（#{theirs}）"),
    ] {
        assert!(preview.body.contains(&said), "{said} is not on\n{}", preview.body);
    }
    assert!(preview.body.contains("に登録"), "{}", preview.body);
}
