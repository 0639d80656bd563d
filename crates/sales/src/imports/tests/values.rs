//! Cells as other programs write them: telephone numbers, amounts, days, addresses, names.

use super::*;
use crate::leads as sales_leads;

#[test]
fn numbers_amounts_and_days_are_taken_as_real_files_have_them() {
    let office = Office::new();
    let phones = ["0267-56-2311（代）", "TEL 0267-56-2312", "5153435776", "397.884.0519x718"];
    let rows = phones.map(|phone| format!("電話{phone},{phone}")).join("\n");
    let companies = office.import(ImportKind::Companies, &format!("会社名,Phone 1\n{rows}\n"));
    assert_eq!(counts(&companies).0, 4, "{:?}", office.problems(&companies));
    for phone in phones {
        let company = office.company(&format!("電話{phone}")).unwrap();
        assert_eq!(company.phone, phone, "kept as typed");
    }
    let text = "案件名,取引先,状態,金額,完了予定日\n\
        平成の受注,米子建設株式会社,受注,\"1,054.00\",H28.10.20\n\
        端数,米子建設株式会社,受注,1054.50,2026-05-03\n\
        月が先,米子建設株式会社,受注,1,10/11/2016\n";
    let deals = office.check(&office.read(ImportKind::Deals, "crm.csv", text.as_bytes()));
    let told = |line, field: &str, code: &str| (line, field.to_owned(), code.to_owned());
    let expected = [told(3, "amount", "not-a-whole-number"), told(4, "expected_close_on", "not-a-date")];
    assert_eq!(office.problems(&deals), expected, "each cell once, under its own column");
}

#[test]
fn addresses_names_and_days_of_other_systems_are_read() {
    let office = Office::new();
    let text = "Company name,Street Address,City,State/Region\n\
        鳥取商会,\"中町20-1\n中町ビル 2F\",米子市,鳥取県\n\
        Springfield Ltd,1-2 Main St,Springfield,Ohio\n";
    let applied = office.import(ImportKind::Companies, text);
    assert_eq!(counts(&applied), (2, 0, 0, 0), "{:?}", office.problems(&applied));
    assert_eq!(office.company("鳥取商会").unwrap().address, "鳥取県米子市中町20-1 中町ビル 2F");
    assert_eq!(office.company("Springfield Ltd").unwrap().address, "1-2 Main St, Springfield, Ohio");
    assert_eq!(counts(&office.import(ImportKind::Companies, text)), (0, 0, 2, 0));

    let leads = "First Name,Last Name,Company\n太郎,山田,岩美商店\n,佐藤,倉吉工業\n";
    let applied = office.import(ImportKind::Leads, leads);
    assert_eq!(applied.rows_created, 2, "{:?}", office.problems(&applied));
    let all = office.act(|tx| sales_leads::list(tx, None, &Paging::first(10))).unwrap().items;
    let mut named: Vec<&str> = all.iter().map(|lead| lead.contact_name.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, ["佐藤", "山田 太郎"]);
    assert_eq!(counts(&office.import(ImportKind::Leads, leads)), (0, 0, 2, 0));
}

#[test]
fn money_that_is_none_of_yen_is_refused() {
    let office = Office::new();
    let text = "商談名,企業名,金額,通貨,次の行動,次の行動日\n\
        円,米子建設株式会社,1000,JPY,電話,2026-12-01\nドル,米子建設株式会社,1000,USD,電話,2026-12-01\n";
    let checked = office.check(&office.read(ImportKind::Deals, "money.csv", text.as_bytes()));
    assert_eq!(office.problems(&checked), [(3, "currency".to_owned(), "unknown-choice".to_owned())]);
}

#[test]
fn two_companies_in_one_cell_are_never_taken_for_one() {
    let office = Office::new();
    office.import(ImportKind::Companies, "会社名\n甲商店\n乙商店\n");
    let joined = |line: i64, field: &str| (line, field.to_owned(), Code::TwoInOneCell.as_str().to_owned());
    let persons = "First Name,Last Name,Associated Company\n太郎,山田,甲商店;乙商店\n花子,佐藤,甲商店\n";
    let contacts = office.checked(ImportKind::Contacts, persons);
    assert_eq!((counts(&contacts), office.problems(&contacts)), ((1, 0, 0, 1), vec![joined(2, "company")]));
    let companies = office.checked(ImportKind::Companies, persons);
    assert_eq!((counts(&companies), office.problems(&companies)), ((0, 0, 1, 1), vec![joined(2, "name")]));
    let leads = office.checked(ImportKind::Leads, persons);
    assert_eq!((counts(&leads), office.problems(&leads)), ((1, 0, 0, 1), vec![joined(2, "company_name")]));
    let deals = "Deal Name,Associated Company,次の行動,次の行動日\n\
        名簿,甲商店; 乙商店,電話,2026-12-01\n名簿,甲商店;,電話,2026-12-01\n";
    let deals = office.checked(ImportKind::Deals, deals);
    let told = office.problems(&deals);
    assert_eq!(told.first(), Some(&joined(2, "company")), "{told:?}");
    let own = office.checked(ImportKind::Companies, "会社名,電話\n甲;乙,\n");
    assert_eq!(counts(&own), (1, 0, 0, 0), "a list of companies says what they are called");
}

#[test]
fn days_with_their_year_last_are_read_where_their_column_says_in_which_order() {
    let office = Office::new();
    let file = |first: &str, second: &str| {
        format!("会社名,Created Date\n甲商店,{first}\n乙商店,{second}\n丙商店,2026-11-03\n")
    };
    let asked = || -> Vec<Option<String>> {
        let leads = office.act(|tx| crate::leads::list(tx, None, &Paging::first(10))).unwrap().items;
        let mut days: Vec<_> =
            leads.into_iter().map(|lead| lead.asked_on.map(|day| day.to_string())).collect();
        days.sort();
        days
    };
    for (first, second, order) in [
        ("11/20/2026 14:30", "11/02/2026", DayOrder::MonthFirst),
        ("20.11.2026", "02.11.2026 9:05", DayOrder::DayFirst),
    ] {
        let applied = office.import(ImportKind::Leads, &file(first, second));
        assert_eq!(counts(&applied), (3, 0, 0, 0), "{first}: {:?}", office.problems(&applied));
        assert_eq!(applied.beside.days.get("asked_on"), Some(&order), "{first}");
        let days = ["2026-11-02", "2026-11-03", "2026-11-20"].map(|day| Some(day.to_owned()));
        assert_eq!(asked(), days, "{first}");
        office.undo(&applied);
    }
    let wrong = |line: i64| (line, "asked_on".to_owned(), Code::NotADate.as_str().to_owned());
    for (first, second) in [("11/10/2026", "11/02/2026"), ("11/20/2026", "20/11/2026")] {
        let unclear = office.checked(ImportKind::Leads, &file(first, second));
        assert_eq!(office.problems(&unclear), [wrong(2), wrong(3)], "{first}: nobody guesses");
        assert!(unclear.beside.days.is_empty());
    }
}
