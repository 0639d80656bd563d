//! A file of rows brought in by its pages alone, without a script: read, its columns confirmed, mended, applied, written
//! out and taken back.

use std::time::Instant;

use super::world::{Answer, PATIENCE, Person, World};

/// Sends the form that begins an import.
fn begun(sales: &Person, kind: &str, name: &str, content: &str) -> Answer {
    let csrf = sales.get("/imports/new").csrf();
    let fields = [("csrf", &*csrf), ("kind", kind)];
    sales.post_with_file("/imports", &fields, ("file", name, content))
}

/// A text as an address has it.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The page as soon as it says `text`, looked at again and again as its reader would.
fn until(sales: &Person, path: &str, text: &str) -> Answer {
    let end = Instant::now() + PATIENCE;
    loop {
        let page = sales.get(path);
        if page.body.contains(text) {
            return page;
        }
        assert!(Instant::now() < end, "{path} never says {text}:\n{}", page.body);
        crate::whole::world::a_moment();
    }
}

#[test]
fn a_file_is_brought_in_mended_and_taken_back_without_a_script() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let refused = begun(&sales, "companies", "list.pdf", "会社名\n");
    assert_eq!(refused.status, 422, "{}", refused.body);
    let begun = begun(
        &sales,
        "companies",
        "展示会.csv",
        "社名,TEL,覚え\n帯刀商店,0857-00-9999,=1\n,,x\n<b>,1,\n長い行,,,,x,y\n",
    );
    assert_eq!(begun.status, 303, "{}", begun.body);
    let path = begun.location;
    let columns = until(&sales, &path, "name=\"column-2\"");
    assert!(columns.body.contains("展示会.csv") && columns.body.contains("帯刀商店"), "{}", columns.body);
    let post = |step: &str, fields: &[(&str, &str)]| {
        let csrf = sales.get(&path).csrf();
        sales.post(&format!("{path}/{step}"), &[&[("csrf", csrf.as_str())], fields].concat())
    };
    let missing = post("columns", &[("column-0", ""), ("column-1", "phone"), ("column-2", "note")]);
    assert_eq!(missing.status, 422);
    assert!(missing.body.contains("「企業名」の列を選んでください"), "{}", missing.body);
    let chosen = post("columns", &[("column-0", "name"), ("column-1", "phone"), ("column-2", "note")]);
    assert_eq!((chosen.status, &chosen.location), (303, &path));
    let checked = until(&sales, &path, "1件を取り込む");
    for said in ["3行目", "4行目", "新規 1件、変更 0件、変わらない 0件、直すところがある行 3件", "&lt;b&gt;"]
    {
        assert!(checked.body.contains(said), "{said} is not on\n{}", checked.body);
    }
    let returned = sales.get(&format!("{path}/file"));
    assert!(
        returned.body.starts_with("社名,TEL,覚え,取込の理由\r\n帯刀商店,0857-00-9999,'=1,\r\n"),
        "{}",
        returned.body
    );
    assert!(returned.body.contains("<b>,1,,TEL: "), "{}", returned.body);
    let long = returned.body.lines().find(|line| line.starts_with("長い行")).unwrap();
    assert!(long.ends_with(",,x,y"), "what stands beyond the columns comes back: {long}");
    assert_eq!(post("apply", &[]).status, 303);
    until(&sales, &path, "登録 1件、変更 0件");
    changes_are_said(&sales);
    let exported = sales.get(&format!("/exports/companies/file?q={}", encoded("帯刀商店")));
    assert!(exported.body.contains("帯刀商店") && exported.body.contains("'=1"), "{}", exported.body);
    assert_eq!(post("apply", &[]).location, path, "too late is told on the page");
    assert_eq!(post("undo", &[]).status, 303);
    until(&sales, &path, "元に戻した 1件");
    assert!(!sales.get(&format!("/companies?q={}", encoded("帯刀商店"))).body.contains("0857-00-9999"));
}

/// Another file that would change what the first has brought is told apart by what it changes; it is left there.
fn changes_are_said(sales: &Person) {
    let begun = begun(sales, "companies", "直し.csv", "会社名,電話番号\n帯刀商店,0857-00-8888\n");
    until(sales, &begun.location, "name=\"column-1\"");
    let csrf = sales.get(&begun.location).csrf();
    let columns = [("csrf", csrf.as_str()), ("column-0", "name"), ("column-1", "phone")];
    assert_eq!(sales.post(&format!("{}/columns", begun.location), &columns).status, 303);
    let checked = until(sales, &begun.location, "変更 1件");
    assert!(checked.body.contains("「0857-00-9999」を「0857-00-8888」に変えます"), "{}", checked.body);
}

#[test]
fn letters_that_an_encoding_lacks_are_said_before_a_list_is_written_out() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let name = "𠮷野書き出し商店";
    let page = sales.get("/companies/new");
    sales.post("/companies", &[("csrf", page.csrf().as_str()), ("name", name)]);
    let file = format!("/exports/companies/file?q={}&encoding=cp932", encoded(name));
    let told = sales.get(&file);
    assert_eq!(told.status, 409);
    assert!(
        told.body.contains(&format!("𠮷 — {name}")) && told.body.contains("replace=yes"),
        "{}",
        told.body
    );
    let replaced = sales.get(&format!("{file}&replace=yes"));
    assert_eq!(
        (replaced.status, replaced.headers["content-type"].to_str().unwrap()),
        (200, "text/csv; charset=Shift_JIS")
    );
    let api = sales.get(&file.replace("/exports/companies/file", "/api/v1/exports/companies"));
    assert_eq!((api.status, &*api.code()), (409, "conflict"));
}

#[test]
fn open_deals_of_another_system_come_in_by_a_form_that_asks_for_what_their_file_lacks() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.get("/companies/new");
    sales.post("/companies", &[("csrf", page.csrf().as_str()), ("name", "他社システム商店")]);
    let text = "商談一覧（2026年度）\n商談名,企業名,段階\n他社の名簿,他社システム商店,Qualified\n";
    let begun = begun(&sales, "deals", "sf.csv", text);
    assert_eq!(begun.status, 303, "{}", begun.body);
    let path = begun.location;
    let asked = until(&sales, &path, "name=\"stage-0\"");
    for said in
        ["見出しは2行目です", "value=\"Qualified\"", "「Qualified」はどの段階か", "name=\"next_action_on\""]
    {
        assert!(asked.body.contains(said), "{said} is not on\n{}", asked.body);
    }
    let post = |fields: &[(&str, &str)]| {
        let columns = [("column-0", "title"), ("column-1", "company"), ("column-2", "stage")];
        let said =
            [("theirs-stage-0", "Qualified"), ("stage-0", "ヒアリング"), ("next_action", "様子を聞く")];
        let csrf = sales.get(&path).csrf();
        let head = [("csrf", csrf.as_str())];
        sales.post(&format!("{path}/columns"), &[&head[..], &columns, &said, fields].concat())
    };
    let refused = post(&[]);
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("columns-error") && refused.body.contains("様子を聞く"),
        "{}",
        refused.body
    );
    assert_eq!(post(&[("next_action_on", "2035-01-15")]).status, 303);
    let checked = until(&sales, &path, "1件を取り込む");
    assert!(checked.body.contains("新規 1件"), "{}", checked.body);
    let way = format!("{path}?step=columns");
    assert!(checked.body.contains(&format!("href=\"{way}\"")), "{}", checked.body);
    let chosen_again = sales.get(&way).body;
    for kept in ["name=\"stage-0\"", "value=\"様子を聞く\"", "value=\"2035-01-15\""] {
        assert!(chosen_again.contains(kept), "{kept} is not on\n{chosen_again}");
    }

    let csrf = checked.csrf();
    let again = sales.post(&format!("{path}/columns"), &[("csrf", csrf.as_str()), ("header_line", "1")]);
    assert_eq!(again.status, 303);
    until(&sales, &path, "見出しは1行目です");
}

#[test]
fn a_row_said_twice_is_told_at_its_column_and_look_alikes_before_they_go_in() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let text = "部署名,会社名,電話,外部ID\n営業,二度書き商店,0857-31-3131,\n営業,二度書き商店,0857-31-3132,\n\
        経理,別名の商店,0857-31-3131,T-9\n総務,二度書き商店,,\n";
    let path = begun(&sales, "companies", "sansan.csv", text).location;
    let columns = until(&sales, &path, "name=\"column-3\"");
    let csrf = columns.csrf();
    let chosen = [("column-0", ""), ("column-1", "name"), ("column-2", "phone"), ("column-3", "external_id")];
    sales.post(&format!("{path}/columns"), &[&[("csrf", csrf.as_str())][..], &chosen].concat());
    let checked = until(&sales, &path, "2件を取り込む");
    assert!(checked.body.contains("新規のうち1件は"), "{}", checked.body);
    let alike = sales.get(&format!("{path}?show=alike"));
    assert!(alike.body.contains("2行目"), "{}", alike.body);
    let same = sales.get(&format!("{path}?show=same"));
    assert!(same.body.contains("2行目と同じ内容なので"), "{}", same.body);
    let returned = sales.get(&format!("{path}/file"));
    assert!(returned.body.contains("会社名: 2行目と同じものです"), "{}", returned.body);
    assert!(!returned.body.contains("部署名: "), "{}", returned.body);
}

#[test]
fn a_list_is_written_out_as_a_workbook_that_comes_back_as_it_was() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.get("/companies/new");
    let fields =
        [("csrf", page.csrf()), ("name", "表計算書き出し商店".to_owned()), ("note", "'=1+1".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(sales.post("/companies", &fields).status, 303);
    let q = encoded("表計算書き出し商店");
    let offered = sales.get(&format!("/exports/companies?q={q}"));
    assert!(offered.body.contains("encoding=xlsx"), "{}", offered.body);
    let file = sales.get(&format!("/exports/companies/file?q={q}&encoding=xlsx"));
    let media_type = file.headers["content-type"].to_str().unwrap();
    assert_eq!(media_type, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains(".xlsx"));
}

#[test]
fn a_file_that_says_only_what_is_there_is_not_offered_to_go_in() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.get("/companies/new");
    sales.post("/companies", &[("csrf", page.csrf().as_str()), ("name", "変わらない商店")]);
    let path = begun(&sales, "companies", "same.csv", "会社名\n変わらない商店\n").location;
    let csrf = until(&sales, &path, "name=\"column-0\"").csrf();
    sales.post(&format!("{path}/columns"), &[("csrf", csrf.as_str()), ("column-0", "name")]);
    let checked = until(&sales, &path, "取り込んでも何も変わりません");
    assert!(!checked.body.contains(&format!("{path}/apply")), "{}", checked.body);
    assert!(checked.body.contains("変わらない商店"), "what it says is shown: {}", checked.body);
    assert!(
        checked.body.contains("取り込むものなし") && !checked.body.contains("取込待ち"),
        "{}",
        checked.body
    );
    assert!(sales.get("/imports").body.contains("取り込むものなし"));
}

#[test]
fn what_looks_like_a_company_or_a_line_above_names_it_before_it_goes_in() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let page = sales.get("/companies/new");
    let own = sales.post("/companies", &[("csrf", page.csrf().as_str()), ("name", "株式会社前後書き商店")]);
    assert_eq!(own.status, 303, "{}", own.body);
    let text = "会社名,電話\n前後書き商店㈱,\n㈱左右書き商店,\n左右書き商店株式会社,\n";
    let path = begun(&sales, "companies", "alike.csv", text).location;
    let csrf = until(&sales, &path, "name=\"column-1\"").csrf();
    let chosen = [("csrf", csrf.as_str()), ("column-0", "name"), ("column-1", "phone")];
    sales.post(&format!("{path}/columns"), &chosen);
    until(&sales, &path, "3件を取り込む");
    let alike = sales.get(&format!("{path}?show=alike")).body;
    let link =
        alike.split("<a href=\"/companies/").skip(1).find(|rest| rest.contains("株式会社前後書き商店</a>"));
    assert!(link.is_some(), "{alike}");
    assert!(alike.contains("3行目「㈱左右書き商店」"), "{alike}");
}

#[test]
fn how_days_with_their_year_last_were_read_is_said_before_they_go_in() {
    let world = World::shared();
    let sales = world.signed_in("sales");
    let text = "会社名,お問い合わせ日\n月が先の商店,11/20/2025 14:30\n読めない商店,21/11/25\n";
    let path = begun(&sales, "leads", "us.csv", text).location;
    let csrf = until(&sales, &path, "name=\"column-1\"").csrf();
    let chosen = [("csrf", csrf.as_str()), ("column-0", "company_name"), ("column-1", "asked_on")];
    sales.post(&format!("{path}/columns"), &chosen);
    let checked = until(&sales, &path, "1件を取り込む").body;
    assert!(checked.contains("「お問い合わせ日」の列は、月/日/年の順の日付として読みました"), "{checked}");
    assert!(checked.contains("年・月・日の順にしてください"), "what to do is said: {checked}");
}
