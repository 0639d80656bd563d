//! What a file may be: a workbook, headers below a title, and what cannot be read, which says why.

use encoding_rs::SHIFT_JIS;

use super::*;

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let office = Office::new();
    let refused = |name: &str, bytes: &[u8]| {
        let import = office.read(ImportKind::Companies, name, bytes);
        assert_eq!(import.state, ImportState::Refused);
        (import.problem.unwrap(), import.problem_line)
    };
    assert_eq!(refused("a.csv", "会社名,電話\n".as_bytes()), (FileProblem::Empty, None));
    let wide = format!("会社名\n{}\n", ",x".repeat(300));
    assert_eq!(refused("a.csv", wide.as_bytes()), (FileProblem::TooManyColumns, Some(2)));
    let endless = format!("会社名,電話\n甲,\"{}", "x,y\n".repeat(100_000));
    assert_eq!(refused("a.csv", endless.as_bytes()), (FileProblem::RowTooLong, Some(2)));
    let open = office.check(&office.read(
        ImportKind::Companies,
        "a.csv",
        "会社名,電話\n甲,\n乙,\"0857\n丙,\n".as_bytes(),
    ));
    assert_eq!(office.problems(&open), [(3, String::new(), "unclosed-quote".to_owned())]);
    let (cp932, _, _) = SHIFT_JIS.encode("会社名,備考\n髙橋商店,x\n");
    let mut broken = cp932.into_owned();
    broken.extend_from_slice(b"\x89\xff,y,z\n");
    let import = office.store.receive_blocking(office.bench.town, "a.csv", broken, 1024);
    assert!(import.is_err(), "what is text in no encoding is not taken in");
}

#[test]
fn a_workbook_is_imported_like_any_other_file() {
    let office = Office::new();
    let bytes = include_bytes!("../../../../files/src/rows/companies.xlsx");
    let read = office.read(ImportKind::Companies, "companies.xlsx", bytes);
    assert_eq!((read.state, read.encoding), (ImportState::Columns, Some(Encoding::Workbook)));
    let applied = office.apply(&office.check(&read));
    assert_eq!((applied.rows_created, applied.rows_updated), (0, 1), "the bench's company has no number yet");
}

#[test]
fn headers_below_a_title_are_found_and_lines_stay_those_of_the_file() {
    let office = Office::new();
    let cells = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let mut book = files::rows::WorkbookWriter::begin(&cells(&["商談一覧（2026年度）"])).unwrap();
    for row in [
        &["商談名", "企業名", "次の行動", "次の行動日"][..],
        &["名簿", "米子建設株式会社", "電話", "2026-12-01"],
        &["封入", "無い会社", "電話", "2026-12-01"],
    ] {
        book.row(&cells(row)).unwrap();
    }
    let read = office.read(ImportKind::Deals, "deals.xlsx", &book.finish().unwrap());
    assert_eq!(read.columns, ["title", "company", "next_action", "next_action_on"]);
    assert_eq!((read.header_line, read.rows_read), (Some(2), 2));
    let checked = office.check(&read);
    assert_eq!(office.problems(&checked)[0].0, 4, "its line in the file");

    let text = "Sansan 名刺データ一覧\n\n会社名,TEL会社\n甲商店,0857-00-0001\n";
    let read = office.read(ImportKind::Companies, "cards.csv", text.as_bytes());
    assert_eq!(
        (read.header_line, read.columns.as_slice()),
        (Some(3), &["name", "phone"].map(str::to_owned)[..])
    );
    let again = |line: &str| {
        let input = ColumnsInput { header_line: line.into(), ..ColumnsInput::default() };
        office.act(|tx| choose_columns(tx, read.id, &input))
    };
    assert_eq!(again("0").unwrap_err().code(), Code::Invalid);
    again("１").unwrap();
    office.runner.run_all().unwrap();
    let first = office.now(&read);
    assert_eq!((first.state, first.header_line, first.rows_read), (ImportState::Columns, Some(1), 2));
    assert_eq!(first.headers, ["Sansan 名刺データ一覧"]);
    again("3").unwrap();
    office.runner.run_all().unwrap();
    assert_eq!(office.apply(&office.check(&office.now(&read))).rows_created, 1);
    assert_eq!(again("2").unwrap_err().code(), Code::Conflict, "what has gone in is not read again");
}
