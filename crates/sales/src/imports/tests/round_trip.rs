//! What is written out comes back and changes nothing, whatever it holds and whoever has saved it in between.

use ::clients::companies::CompanyInput;
use ::clients::contacts as clients_contacts;
use proptest::prelude::*;

use super::*;
use crate::deals as sales_deals;

#[test]
fn what_is_written_out_comes_back_and_changes_nothing() {
    let office = Office::new();
    office.bench.at("2026-11-22T05:00:00Z");
    office.import(ImportKind::Companies, COMPANIES);
    office.import(
        ImportKind::Companies,
        "会社名,外部ID,備考\n𠮷野家,X-1,'''=cmd\n＝全角,X-2,\"a,\"\"b\"\"\"\n",
    );
    office.import(
        ImportKind::Leads,
        "会社名,経路,営業担当,問い合わせ日\n鳥取商事,紹介,suzuki@example.jp,2026-11-18\n",
    );
    office.bench.open("開いた商談");
    office.bench.won("取れた商談", 10);
    let lost = office.bench.open("失った商談");
    office
        .act(|tx| {
            sales_deals::lose(
                tx,
                lost.id,
                1,
                sales_deals::LoseInput { reason: "price".into(), ..Default::default() },
            )
        })
        .unwrap();
    // Next actions are overdue by then, which an unchanged deal may be.
    office.bench.at("2027-02-01T05:00:00Z");
    for exported in [
        Exported::Companies(clients_companies::CompanyFilter::default(), String::new()),
        Exported::Contacts(clients_contacts::ContactFilter::Everybody, String::new()),
        Exported::Leads(None),
        Exported::Deals(sales_deals::DealFilter::default()),
    ] {
        for language in Language::ALL {
            let rows = office.exported(&exported, *language);
            let bytes = written(&rows, Encoding::Utf8Marked);
            let read = office.read(exported.kind(), "back.csv", &bytes);
            assert!(read.columns.iter().all(|column| !column.is_empty()), "{:?}", read.columns);
            let back = office.apply(&office.check(&read));
            let count = i32::try_from(rows.len() - 1).unwrap();
            assert_eq!(counts(&back), (0, 0, count, 0), "{exported:?}: {:?}", office.problems(&back));
            assert!(count > 0);
        }
    }
}

#[test]
fn a_closed_deal_that_excel_has_written_out_again_is_the_same_deal() {
    let office = Office::new();
    let bench = &office.bench;
    let deal = bench.act(|tx| {
        let input = sales_deals::DealInput {
            expected_close_on: "2026-12-31".into(),
            amount: "1200000".into(),
            ..bench.input("閉じた商談")
        };
        sales_deals::open(tx, input)
    });
    let lose = sales_deals::LoseInput { reason: "price".into(), ..Default::default() };
    bench.act(|tx| sales_deals::lose(tx, deal.unwrap().id, 1, lose)).unwrap();
    let rows = office.exported(&Exported::Deals(sales_deals::DealFilter::default()), Language::Ja);
    let bytes = written(&rows, Encoding::Utf8Marked);
    let text = String::from_utf8(bytes)
        .unwrap()
        .replace("2026-12-31", "2026/12/31")
        .replace("1200000", "\"1,200,000\"");
    let back = office.import(ImportKind::Deals, text.trim_start_matches('\u{feff}'));
    assert_eq!(counts(&back), (0, 0, 1, 0), "{:?}", office.problems(&back));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_companies_hold_comes_back_as_it_was(
        texts in prop::collection::vec(("[^\\p{C}]{1,20}", "[^\\p{C}]{0,12}", "([^\\p{C}]|\n|'|=|@){0,20}"), 1..8),
    ) {
        let office = Office::new();
        let mut entered = 0;
        for (name, address, note) in texts {
            let input = CompanyInput {
                name: name.into(), address: address.into(), note: note.into(), ..CompanyInput::default()
            };
            entered += i32::from(office.act(|tx| clients_companies::enter_knowingly(tx, input)).is_ok());
        }
        let exported = Exported::Companies(clients_companies::CompanyFilter::default(), String::new());
        let bytes = written(&office.exported(&exported, Language::Ja), Encoding::Utf16Le);
        let back = office.apply(&office.check(&office.read(ImportKind::Companies, "back.csv", &bytes)));
        // The bench has a company of its own.
        prop_assert_eq!(counts(&back), (0, 0, entered + 1, 0), "{:?}", office.problems(&back));
    }
}
