//! Files as people have them, read row by row; and what was written read back.

use std::io::{Cursor, Write as _};

use encoding_rs::{EUC_JP, SHIFT_JIS};
use proptest::prelude::*;

use super::*;

fn rows_of(bytes: &[u8]) -> Result<(Option<Layout>, Vec<Row>), RowsProblem> {
    let (mut layout, mut rows) = (None, Vec::new());
    read(Cursor::new(bytes), MediaType::Csv, &mut |found, row| {
        layout = Some(found);
        rows.push(row);
        Ok::<_, RowsProblem>(())
    })?;
    Ok((layout, rows))
}

fn cells_of(bytes: &[u8]) -> Vec<Vec<String>> {
    rows_of(bytes).unwrap().1.into_iter().map(|row| row.cells).collect()
}

fn layout(encoding: Encoding, separator: Separator) -> Layout {
    Layout { encoding, separator }
}

#[test]
fn the_encodings_of_such_files_are_read() {
    let cp932 = SHIFT_JIS.encode("立科町,髙橋").0.into_owned();
    assert_eq!(text_of(&cp932).as_deref(), Ok("立科町,髙橋"));
    assert_eq!(text_of("\u{feff}立科町".as_bytes()).as_deref(), Ok("立科町"));
    assert_eq!(text_of("𠮷野".as_bytes()).as_deref(), Ok("𠮷野"));
    let unicode: Vec<u8> = "\u{feff}髙橋\t1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text_of(&unicode).as_deref(), Ok("髙橋\t1"), "what Excel calls Unicode text");
    assert_eq!(text_of(b"\xff\xfe\x80"), Err(None));
    assert_eq!(text_of(b"PK\x03\x04\x14\x00\xff\xff"), Err(Some(1)));
    let mixed = ["名前\n".as_bytes(), &cp932, b"\n"].concat();
    assert_eq!(text_of(&mixed), Err(Some(2)), "nothing is garbled without a word");
}

#[test]
fn every_encoding_and_separator_of_spreadsheets_gives_the_same_rows() {
    let expected = [["会社名", "電話"], ["髙橋①㈱", "０８５９ｰ00"]];
    for separator in Separator::ALL {
        let mark = separator.character();
        let text = format!("会社名{mark}電話\r\n髙橋①㈱{mark}０８５９ｰ00\r\n");
        let cp932 = SHIFT_JIS.encode(&text).0.into_owned();
        let marked = format!("\u{feff}{text}");
        let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [
            (text.as_bytes(), Encoding::Utf8),
            (marked.as_bytes(), Encoding::Utf8Marked),
            (&cp932, Encoding::Cp932),
            (&little, Encoding::Utf16Le),
            (&big, Encoding::Utf16Be),
        ] {
            assert_eq!(cells_of(bytes), expected, "{encoding} {separator}");
            assert_eq!(rows_of(bytes).unwrap().0, Some(layout(encoding, *separator)));
        }
    }
}

#[test]
fn a_letter_of_another_encoding_in_the_last_line_decides() {
    let text = format!("name,note\r\n{}山田,x\r\n", "a,b\r\n".repeat(20_000));
    let cp932 = SHIFT_JIS.encode(&text).0.into_owned();
    let (layout, rows) = rows_of(&cp932).unwrap();
    assert_eq!(layout.unwrap().encoding, Encoding::Cp932);
    assert_eq!(rows.last().unwrap().cells[0], "山田");
}

#[test]
fn what_older_systems_write_is_read_and_told_from_shift_jis() {
    for text in
        ["会社名,電話\n鳥取印刷株式会社,0857\n", "会社名,読み\n髙橋商店,タカハシ\n", "name,note\na,ひと言\n"]
    {
        let (euc, cp932) = (EUC_JP.encode(text).0.into_owned(), SHIFT_JIS.encode(text).0.into_owned());
        assert_eq!(rows_of(&euc).unwrap().0.unwrap().encoding, Encoding::EucJp, "{text}");
        assert_eq!(rows_of(&cp932).unwrap().0.unwrap().encoding, Encoding::Cp932, "{text}");
        assert_eq!(cells_of(&euc), cells_of(text.as_bytes()));
        assert_eq!(text_of(&euc).as_deref(), Ok(text));
    }
    let halves = SHIFT_JIS.encode("ｶﾅ,ﾃﾞﾝﾜ\nﾄｯﾄﾘ,ｱｱ\n").0.into_owned();
    assert_eq!(rows_of(&halves).unwrap().0.unwrap().encoding, Encoding::Cp932, "half-width kana alone");
    let encoder = Encoder(layout(Encoding::EucJp, Separator::Comma));
    assert_eq!(encoder.lacks("髙橋"), None);
    assert_eq!(EUC_JP.decode(&encoder.line(&["𠮷野"])).0, "〓野\r\n");
}

#[test]
fn every_row_knows_its_number_in_a_spreadsheet() {
    let text = "a,b\n\n\r\n1,\"two\nlines\"\r\n\r\n,,\n2,\"x\"\"y\"\n3,17\"\" screen\n4,d";
    let (_, rows) = rows_of(text.as_bytes()).unwrap();
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    assert_eq!(
        lines,
        [1, 4, 7, 8, 9],
        "rows of nothing are passed over and counted, lines of one value are not"
    );
    assert_eq!(rows[1].cells[1], "two\nlines");
    assert_eq!(rows[2].cells[1], "x\"y");
    assert!(rows.iter().all(|row| !row.is_unclosed));
    let (_, rows) = rows_of(b"a,b\r1,\"two\rlines\"\r2,x\r\n\r\n3,y").unwrap();
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 3, 5], "whatever ends a line");
}

#[test]
fn what_nothing_closes_is_told_with_its_row() {
    let (_, rows) = rows_of(b"a,b\n1,2\n3,\"open\n4,5\n6,7\n").unwrap();
    let told: Vec<(u64, bool)> = rows.iter().map(|row| (row.line, row.is_unclosed)).collect();
    assert_eq!(told, [(1, false), (2, false), (3, true)]);
    let endless = format!("a,b\n1,\"{}", "x,y\n".repeat(200_000));
    assert!(matches!(rows_of(endless.as_bytes()), Err(RowsProblem::RowTooLong(2))));
}

#[test]
fn too_many_columns_are_refused_with_their_line() {
    let wide = format!("a,b\n{}\n", ",x".repeat(MOST_COLUMNS));
    assert!(matches!(rows_of(wide.as_bytes()), Err(RowsProblem::TooManyColumns(2))));
}

#[test]
fn what_an_encoding_lacks_is_named_and_printed_as_a_missing_letter() {
    let encoder = Encoder(layout(Encoding::Cp932, Separator::Comma));
    assert_eq!(encoder.lacks("髙橋﨑①"), None);
    assert_eq!(encoder.lacks("𠮷野"), Some('𠮷'));
    assert_eq!(encoder.lacks("¥100"), Some('¥'), "it would come back as a backslash");
    assert_eq!(SHIFT_JIS.decode(&encoder.line(&["𠮷野", "=1"])).0, "〓野,'=1\r\n");
    // A minus sign in a telephone number comes back as the hyphen that looks like it.
    for (encoding, read_by) in [(Encoding::Cp932, SHIFT_JIS), (Encoding::EucJp, EUC_JP)] {
        let encoder = Encoder(layout(encoding, Separator::Comma));
        assert_eq!(encoder.lacks("０２６７\u{2212}５６"), None);
        let written = encoder.line(&["０２６７\u{2212}５６"]);
        assert_eq!(read_by.decode(&written).0, "０２６７\u{ff0d}５６\r\n");
    }
}

#[test]
fn a_workbook_gives_its_first_sheet_as_people_would_have_typed_it() {
    let bytes = include_bytes!("companies.xlsx");
    let mut rows = Vec::new();
    read(Cursor::new(bytes), MediaType::Xlsx, &mut |_, row| {
        rows.push((row.line, row.cells));
        Ok::<_, RowsProblem>(())
    })
    .unwrap();
    assert_eq!(rows[0].1, ["会社名", "法人番号", "電話", "予定日"]);
    assert_eq!(
        rows[1],
        (3, ["米子建設株式会社", "7123456789012", "0859-00-0000", "2026-04-01"].map(str::to_owned).to_vec())
    );
    let broken = read(Cursor::new(&bytes[..200]), MediaType::Xlsx, &mut |_, _| Ok::<_, RowsProblem>(()));
    assert!(matches!(broken, Err(RowsProblem::Damaged(_))));
}

#[test]
fn a_workbook_becomes_text_whose_lines_are_its_rows() {
    let text = text_of_workbook(include_bytes!("companies.xlsx")).unwrap();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(lines[0], "\"会社名\",\"法人番号\",\"電話\",\"予定日\",");
    assert_eq!(lines[1], "", "the sheet's second row has nothing in it");
    assert!(lines[2].starts_with("\"米子建設株式会社\",\"7123456789012\","));
    assert_eq!(separator_of(&text), Separator::Comma);
    assert!(matches!(text_of_workbook(b"PK\x03\x04"), Err(RowsProblem::Damaged(_))));
}

proptest! {
    #[test]
    fn what_is_guarded_comes_back_as_it_was(text in "['=+\\-@\\ta-c\"]{0,8}") {
        let cell = guarded(&text);
        prop_assert_eq!(unguarded(&cell), text.as_str());
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
    }

    #[test]
    fn written_rows_are_read_as_they_were(
        rows in prop::collection::vec(prop::collection::vec("[a-z一二三株髙①ｱ'=,;\"\\t\\n -]{1,6}", 2..5), 1..6),
        encoding in prop::sample::select(vec![Encoding::Utf8Marked, Encoding::Cp932, Encoding::Utf16Le, Encoding::Utf16Be]),
    ) {
        let encoder = Encoder(layout(encoding, Separator::Comma));
        let mut bytes = encoder.begin().to_vec();
        // A header decides that commas separate.
        bytes.extend(encoder.line(&["一", "二"]));
        for row in &rows {
            bytes.extend(encoder.line(row));
        }
        let read: Vec<Vec<String>> = cells_of(&bytes).into_iter().skip(1)
            .map(|row| row.iter().map(|cell| unguarded(cell).to_owned()).collect()).collect();
        let filled = |row: &&Vec<String>| row.iter().any(|cell| !guarded(cell).trim().is_empty());
        prop_assert_eq!(read, rows.iter().filter(filled).cloned().collect::<Vec<_>>());
    }

    #[test]
    fn whatever_bytes_come_there_are_rows_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok((_, rows)) = rows_of(&bytes) {
            prop_assert!(rows.windows(2).all(|two| two[0].line < two[1].line));
        }
        let _said_why = read(Cursor::new(&bytes), MediaType::Xlsx, &mut |_, _| Ok::<_, RowsProblem>(()));
    }
}

#[test]
fn a_written_workbook_reads_back_as_it_was_with_every_cell_a_text() {
    let rows = [
        ["会社名", "法人番号", "覚え"],
        ["髙橋 & 𠮷野 <商店>", "0012345678901", "=1+1"],
        ["", "", "二行\nの覚え"],
        ["\u{1}札", " 前後の空白 ", "\"引用\""],
    ]
    .map(|row| row.map(str::to_owned));
    let mut written = WorkbookWriter::begin(&rows[0]).unwrap();
    rows[1..].iter().for_each(|row| written.row(row).unwrap());
    let bytes = written.finish().unwrap();
    let mut read = Vec::new();
    let mut visit = |_: Layout, row: Row| -> Result<(), RowsProblem> {
        read.push(row.cells);
        Ok(())
    };
    workbook::read(Cursor::new(&bytes), &mut visit).unwrap();
    let mut expected = rows.map(Vec::from);
    expected[3][0] = "札".to_owned();
    assert_eq!(read, expected);
    assert!(bytes.starts_with(b"PK\x03\x04"));
}

/// A workbook of these rows, as XML, and of these texts that its cells share.
fn workbook_of(rows: &str, shared: &str) -> Vec<u8> {
    let sheet = format!("{}{rows}{}", written::SHEET_BEGINS, written::SHEET_ENDS);
    let shared =
        format!("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{shared}</sst>");
    let more = [("xl/worksheets/sheet1.xml", sheet.as_str()), ("xl/sharedStrings.xml", shared.as_str())];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in written::PARTS.into_iter().chain(more) {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_text_that_many_cells_share_is_not_repeated_beyond_measure() {
    let shared = format!("<si><t>{}</t></si>", "x".repeat(30_000));
    let rows = |count| "<row><c t=\"s\"><v>0</v></c></row>".repeat(count);
    assert_eq!(text_of_workbook(&workbook_of(&rows(2), &shared)).unwrap().len(), 2 * 30_004);
    let many = workbook_of(&rows(1_000), &shared);
    assert!(many.len() < 10_000);
    assert!(matches!(text_of_workbook(&many), Err(RowsProblem::Bomb)));
}

#[test]
fn a_cell_far_below_every_sheet_makes_no_empty_lines() {
    let sheet = |place: &str| {
        let cell = format!("<row><c r=\"{place}\" t=\"inlineStr\"><is><t>x</t></is></c></row>");
        text_of_workbook(&workbook_of(&cell, ""))
    };
    assert_eq!(sheet("A3").unwrap(), "\n\n\"x\",\n");
    assert_eq!(sheet("A1048576").unwrap().lines().count(), 1_048_576);
    assert!(matches!(sheet("A1048577"), Err(RowsProblem::Damaged(_))));
}

#[test]
fn a_title_above_the_columns_does_not_say_what_stands_between_them() {
    assert_eq!(separator_of("名刺データ一覧\n会社名,備考\n甲,x\n"), Separator::Comma);
    assert_eq!(separator_of("名刺データ一覧\n\n会社名\t備考\n甲\tx,y\n"), Separator::Tab);
    assert_eq!(separator_of("名刺データ一覧\n会社名;備考\n甲;x\n"), Separator::Semicolon);
    assert_eq!(separator_of("会社名\n甲\n乙;丙\n丁\n"), Separator::Comma, "one column of names");
    assert_eq!(separator_of("会社名\n甲\n乙\t丙\n丁\n"), Separator::Comma);
}
