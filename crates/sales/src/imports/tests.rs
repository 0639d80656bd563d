//! Whole imports against a real database, a file store and the queue.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ::clients::companies::{self as clients_companies, Company, CompanyInput};
use ::clients::contacts as clients_contacts;
use db::testing::TestDb;
use db::{DbError, Tx};
use encoding_rs::SHIFT_JIS;
use files::Store;
use files::rows::{Encoder, Encoding, Layout, Separator};
use kernel::{Code, Coded, Language, OrganizationId, Paging, PersonId};
use proptest::prelude::*;
use queue::{Registry, Runner};

use super::*;
use crate::testing::Bench;
use crate::{deals as sales_deals, leads as sales_leads, pipelines};

/// A town with a file store and a worker for its imports.
struct Office {
    bench: Bench,
    store: Store,
    runner: Runner,
    _directory: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("files")).unwrap();
        let bench = Bench::new();
        let runner = Self::worker(&bench.db, &store);
        Self { bench, store, runner, _directory: directory }
    }

    fn worker(db: &TestDb, store: &Store) -> Runner {
        let (mut registry, store) = (Registry::new(), store.clone());
        registry.detached::<RunImport>(move |db, town, attempt, task| run(db, &store, town, attempt, task));
        Runner::new(db.app.clone(), db.queue.clone(), registry)
    }

    fn act<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.bench.act(work)
    }

    /// Uploads a file and lets it be read.
    fn read(&self, kind: ImportKind, name: &str, bytes: &[u8]) -> Import {
        let received =
            self.store.receive_blocking(self.bench.town, name, bytes.to_vec(), 32 * 1024 * 1024).unwrap();
        let import = self
            .act(|tx| {
                let file = files::keep(tx, &received)?;
                begin(tx, kind, file.id)
            })
            .unwrap();
        self.runner.run_all().unwrap();
        self.now(&import)
    }

    fn now(&self, import: &Import) -> Import {
        self.act(|tx| find(tx, import.id)).unwrap()
    }

    /// Takes the guessed columns and looks at every row.
    fn check(&self, import: &Import) -> Import {
        let columns = import.columns.iter().map(|column| column.as_str().into()).collect();
        self.act(|tx| choose_columns(tx, import.id, &ColumnsInput { columns, ..ColumnsInput::default() }))
            .unwrap();
        self.runner.run_all().unwrap();
        self.now(import)
    }

    fn apply(&self, import: &Import) -> Import {
        self.act(|tx| apply(tx, import.id)).unwrap();
        self.runner.run_all().unwrap();
        self.now(import)
    }

    /// What a worker does of an import in one transaction.
    fn chunk(&self, tx: &mut Tx<'_>, import: &Import) -> Result<(), DbError> {
        let mut import = store::locked(tx, import.id)?;
        let staged = store::next_rows(tx, import.id, import.rows_done, 1000, true)?;
        let last = staged.last().unwrap().number;
        let cells = judge::read(&import, staged);
        judge::apply::<companies::Companies>(tx, &mut import, &cells)?;
        import.rows_done = last;
        store::update(tx, &import)
    }

    fn one_chunk(&self, import: &Import) {
        self.act(|tx| self.chunk(tx, import)).unwrap();
    }

    fn undo(&self, import: &Import) -> Import {
        self.act(|tx| undo(tx, import.id)).unwrap();
        self.runner.run_all().unwrap();
        self.now(import)
    }

    /// A whole import of a file.
    fn import(&self, kind: ImportKind, text: &str) -> Import {
        let read = self.read(kind, "list.csv", text.as_bytes());
        assert_eq!(read.state, ImportState::Columns, "{read:?}");
        self.apply(&self.check(&read))
    }

    fn rows(&self, import: &Import, filter: RowFilter) -> Vec<ImportRow> {
        self.act(|tx| rows(tx, import.id, filter, &Paging::first(100))).unwrap().items
    }

    /// Line, field and code of everything that is wrong.
    fn problems(&self, import: &Import) -> Vec<(i64, String, String)> {
        let bad = RowFilter { verdict: Some(Verdict::Bad), ..RowFilter::default() };
        let of_row = |row: ImportRow| {
            row.problems.into_iter().map(move |problem| (row.line, problem.field, problem.code))
        };
        self.rows(import, bad).into_iter().flat_map(of_row).collect()
    }

    fn company(&self, name: &str) -> Option<Company> {
        let found = self.act(|tx| clients_companies::with_names(tx, [name], 10)).unwrap();
        found.into_iter().find(|company| company.name == name)
    }

    /// Everything of a list as rows, the first one too.
    fn exported(&self, exported: &Exported, language: Language) -> Vec<Vec<String>> {
        let mut all = vec![exported.head(language)];
        let mut after = None;
        loop {
            let (rows, next) = self.act(|tx| page(tx, exported, after.clone(), language)).unwrap();
            all.extend(rows);
            match next {
                Some(next) => after = Some(next),
                None => return all,
            }
        }
    }
}

fn counts(import: &Import) -> (i32, i32, i32, i32) {
    (import.rows_new, import.rows_changed, import.rows_same, import.rows_bad)
}

fn written(rows: &[Vec<String>], encoding: Encoding) -> Vec<u8> {
    let encoder = Encoder(Layout { encoding, separator: Separator::Comma });
    let lines = rows.iter().flat_map(|row| encoder.line(row));
    encoder.begin().iter().copied().chain(lines).collect()
}

const COMPANIES: &str = "\u{feff}会社名（必須）,ﾌﾘｶﾞﾅ,法人番号,ＴＥＬ,郵便番号,備考,担当\r\n\
    鳥取印刷株式会社,ﾄｯﾄﾘｲﾝｻﾂ,７１２３４５６７８９０１２,０８５７－００－００００,〒６８０-０００１,\"一行目\n二行目\",x\r\n\
    ,,,,,名前のない会社,\r\n\
    ㈱岩美商店,イワミ,,0857-11-1111,,'=1+1,\r\n\
    悪い番号社,漢字,1234567890123,12,1,,\r\n";

#[test]
fn a_bad_row_does_nothing_and_is_named() {
    let office = Office::new();
    let read = office.read(ImportKind::Companies, "list.csv", COMPANIES.as_bytes());
    assert_eq!(
        read.columns,
        ["name", "furigana", "corporate_number", "phone", "postal_code", "note", ""],
        "guessed"
    );
    let checked = office.check(&read);
    assert_eq!((checked.state, counts(&checked)), (ImportState::Checked, (2, 0, 0, 2)));
    assert_eq!(office.company("鳥取印刷株式会社"), None, "nothing was changed");
    let named = |line: i64, field: &str, code: Code| (line, field.to_owned(), code.as_str().to_owned());
    assert_eq!(
        office.problems(&checked),
        [
            named(3, "name", Code::Required),
            named(5, "corporate_number", Code::CheckDigit),
            named(5, "furigana", Code::NotFurigana),
            named(5, "postal_code", Code::NotAPostalCode),
            named(5, "phone", Code::NotAPhone),
        ]
    );
    let applied = office.apply(&checked);
    assert_eq!((applied.state, applied.rows_created, applied.rows_bad), (ImportState::Applied, 2, 2));
    let printer = office.company("鳥取印刷株式会社").unwrap();
    assert_eq!(printer.phone, "０８５７－００－００００", "kept as typed");
    assert_eq!(printer.note, "一行目\n二行目");
    assert_eq!(office.company("㈱岩美商店").unwrap().note, "=1+1", "the guard of a formula is no part of it");
    assert_eq!(office.company("悪い番号社"), None);
}

#[test]
fn the_same_file_once_more_changes_nothing() {
    let office = Office::new();
    office.import(ImportKind::Companies, COMPANIES);
    let again = office.import(ImportKind::Companies, COMPANIES);
    assert_eq!(counts(&again), (0, 0, 2, 2));
    assert_eq!((again.rows_created, again.rows_updated), (0, 0));
    let spelt = "企業名,法人番号,電話\n株式会社 岩美商店,,0857-22-2222\n別の名前,7123456789012,\n";
    let changed = office.import(ImportKind::Companies, spelt);
    assert_eq!((counts(&changed), changed.rows_updated), ((0, 2, 0, 0), 2), "one by name, one by number");
    let renamed = office.company("別の名前").unwrap();
    assert_eq!(renamed.phone, "０８５７－００－００００", "an empty cell erases nothing");
}

#[test]
fn one_click_takes_back_what_nobody_has_touched_since() {
    let office = Office::new();
    let first =
        office.import(ImportKind::Companies, "会社名,電話\n甲商店,0857-11-1111\n乙商店,\n丙商店,\n丁商店,\n");
    assert_eq!(first.rows_created, 4);
    let second = office.import(ImportKind::Companies, "会社名,電話\n甲商店,0857-22-2222\n戊商店,\n");
    assert_eq!((second.rows_created, second.rows_updated), (1, 1));
    let undone = office.undo(&second);
    assert_eq!((undone.state, undone.rows_undone, undone.rows_kept), (ImportState::Undone, 2, 0));
    assert_eq!(office.company("甲商店").unwrap().phone, "0857-11-1111", "the former value");
    assert_eq!(office.company("戊商店"), None);
    let (second, third) = (office.company("乙商店").unwrap(), office.company("丙商店").unwrap());
    office
        .act(|tx| {
            let noted = CompanyInput { note: "電話した".into(), ..CompanyInput::from(&second) };
            clients_companies::correct(tx, second.id, second.version, noted)
        })
        .unwrap();
    let sato = clients_contacts::ContactInput { family_name: "佐藤".into(), ..Default::default() };
    office.act(|tx| clients_contacts::add(tx, third.id, sato)).unwrap();
    let undone = office.undo(&first);
    assert_eq!(
        (undone.rows_undone, undone.rows_kept),
        (1, 3),
        "甲 has another version since, 乙 a note, 丙 a contact"
    );
    assert_eq!(office.company("丁商店"), None);
    let kept = office.rows(&first, RowFilter { outcome: Some(Outcome::Kept), ..RowFilter::default() });
    assert_eq!(kept.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
    let late = office.act(|tx| undo(tx, first.id)).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
}

#[test]
fn rows_of_one_file_about_the_same_thing_are_refused_but_the_first() {
    let office = Office::new();
    let text = "会社名,外部ID,電話\n甲商店,,\n甲商店,,0857-00-0001\n甲 商店,A-1,\n乙商店,A-1,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    let twice = |line: i64, field: &str| (line, field.to_owned(), Code::TwiceInFile.as_str().to_owned());
    assert_eq!(office.problems(&checked), [twice(3, "name"), twice(5, "external_id")], "told at its column");
    let applied = office.apply(&checked);
    assert_eq!(applied.rows_created, 2, "an id of its own makes another company of the same name");
    let renamed = office.import(ImportKind::Companies, "会社名,外部ID\n丙商店,A-1\n");
    assert_eq!((renamed.rows_created, renamed.rows_updated), (0, 1), "found by the id it has elsewhere");
    let unclear = office.check(&office.read(
        ImportKind::Companies,
        "b.csv",
        "Yui ID,会社名\n999999999,丁商店\n".as_bytes(),
    ));
    assert_eq!(office.problems(&unclear)[0].1, "yui_id");
}

#[test]
fn a_row_that_says_no_more_than_one_before_it_is_passed_over() {
    let office = Office::new();
    let mut text = "会社名,住所,電話\n".to_owned();
    for number in 0..1000 {
        writeln!(text, "多人数商店{number},鳥取市本町{number},0857-00-{number:04}").unwrap();
    }
    // The first company's other people, beyond the first chunk of rows: with less, as wide as it may be, and with something else.
    text.push_str("多人数商店0,,\n多人数商店１,鳥取市本町1,０８５７-00-0001\n多人数商店2,鳥取市西町2,\n");
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!(counts(&checked), (1000, 0, 2, 1));
    assert_eq!(office.problems(&checked), [(1004, "name".to_owned(), "twice-in-file".to_owned())]);
    let same = RowFilter { verdict: Some(Verdict::Same), ..RowFilter::default() };
    let repeated: Vec<_> =
        office.rows(&checked, same).iter().map(|row| (row.line, row.repeats_line)).collect();
    assert_eq!(repeated, [(1002, Some(2)), (1003, Some(3))]);
    let applied = office.apply(&checked);
    assert_eq!((applied.rows_created, applied.rows_same), (1000, 2));

    // The file comes back with its last row mended: nobody above it is accused.
    let mended = text.replace("多人数商店2,鳥取市西町2,", "多人数商店2,鳥取市本町2,");
    let again = office.import(ImportKind::Companies, &mended);
    assert_eq!((counts(&again), again.rows_updated), ((0, 0, 1003, 0), 0));
    assert_eq!(office.undo(&applied).rows_undone, 1000);
}

#[test]
fn a_row_that_says_what_is_there_is_not_accused_of_what_one_before_it_changes() {
    let office = Office::new();
    let text = "会社名,法人番号\n甲商店,123\n甲商店,\n";
    let first = office.import(ImportKind::Companies, text);
    assert_eq!(counts(&first), (1, 0, 0, 1));
    let mended = office.check(&office.read(
        ImportKind::Companies,
        "mended.csv",
        "会社名,法人番号,電話\n甲商店,7000012050002,\n甲商店,,\n甲商店,,0857-00-0001\n".as_bytes(),
    ));
    assert_eq!(counts(&mended), (0, 1, 1, 1));
    assert_eq!(office.problems(&mended)[0].0, 4, "which says more than either");
}

#[test]
fn a_row_that_changes_something_says_what() {
    let office = Office::new();
    office.import(ImportKind::Companies, "会社名,外部ID,電話\n四月商会,A-1,0857-00-0001\n四月工業,A-2,\n");
    let text = "会社名,外部ID,電話\n五月商会,A-1,0857-00-0001\n四月工業,A-2,0857-00-0002\n";
    let checked = office.check(&office.read(ImportKind::Companies, "b.csv", text.as_bytes()));
    let told: Vec<Vec<(String, String, String)>> = office
        .rows(&checked, RowFilter::default())
        .into_iter()
        .map(|row| row.changes.into_iter().map(|one| (one.field, one.from, one.to)).collect())
        .collect();
    let change = |field: &str, from: &str, to: &str| vec![(field.to_owned(), from.to_owned(), to.to_owned())];
    assert_eq!(told, [change("name", "四月商会", "五月商会"), change("phone", "", "0857-00-0002")]);
    let applied = office.apply(&checked);
    let kept = office.rows(&applied, RowFilter::default());
    assert!(kept.iter().all(|row| row.changes.len() == 1), "afterwards it says what was changed");
}

#[test]
fn a_running_number_is_nobodys_id() {
    let office = Office::new();
    office.import(ImportKind::Companies, "No,会社名\n1,四月商会\n2,四月工業\n");
    let next = office.import(ImportKind::Companies, "No,会社名\n1,五月商会\n2,四月工業\n");
    assert_eq!((next.rows_created, next.rows_updated, next.rows_same), (1, 0, 1), "nobody is renamed");
}

#[test]
fn look_alikes_go_in_and_are_shown() {
    let office = Office::new();
    office.import(
        ImportKind::Companies,
        "会社名,電話,URL\n株式会社高沢,0267-56-0000,https://takazawa.example.jp\n",
    );
    let text = "会社名,電話,URL\n髙澤有限会社,,\n別の社,+81 267 56 0000,\nもう一社,,takazawa.example.jp/x\n遠い社,,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!((counts(&checked), checked.rows_alike), ((4, 0, 0, 0), 3));
    let alike = office.rows(&checked, RowFilter { alike: true, ..RowFilter::default() });
    assert_eq!(alike.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn columns_are_remembered_for_files_of_the_same_shape() {
    let office = Office::new();
    let text = "なまえ,れんらくさき\n甲商店,0857-00-0000\n";
    let read = office.read(ImportKind::Companies, "a.csv", text.as_bytes());
    let choose = |columns: &[&str]| {
        let columns = columns.iter().map(|column| (*column).into()).collect();
        office.act(|tx| choose_columns(tx, read.id, &ColumnsInput { columns, ..ColumnsInput::default() }))
    };
    for (columns, code) in [
        (vec!["", "phone"], Code::ColumnMissing),
        (vec!["name", "name"], Code::ColumnTwice),
        (vec!["name", "colour"], Code::Invalid),
        (vec!["name"], Code::Invalid),
    ] {
        assert_eq!(choose(&columns).unwrap_err().code(), code, "{columns:?}");
    }
    choose(&["name", "phone"]).unwrap();
    office.runner.run_all().unwrap();
    let again = office.read(ImportKind::Companies, "b.csv", text.replace("なまえ", "ナマエ").as_bytes());
    assert_eq!(again.columns, ["name", "phone"]);
    let others = office.read(ImportKind::Leads, "b.csv", text.as_bytes());
    assert_eq!(others.columns, ["", ""], "of the same kind");
}

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
    let bytes = include_bytes!("../../../files/src/rows/companies.xlsx");
    let read = office.read(ImportKind::Companies, "companies.xlsx", bytes);
    assert_eq!((read.state, read.encoding), (ImportState::Columns, Some(Encoding::Workbook)));
    let applied = office.apply(&office.check(&read));
    assert_eq!((applied.rows_created, applied.rows_updated), (0, 1), "the bench's company has no number yet");
}

#[test]
fn an_import_killed_at_any_moment_goes_on_where_it_stopped() {
    let office = Office::new();
    let mut text = String::from("会社名,電話\n");
    for number in 0..2500 {
        writeln!(text, "企業{number},{}", if number % 100 == 3 { "bad" } else { "" }).unwrap();
    }
    let read = office.read(ImportKind::Companies, "a.csv", text.as_bytes());
    assert_eq!(read.rows_read, 2500);
    let checked = office.check(&read);
    assert_eq!(counts(&checked), (2475, 0, 0, 25));
    office.act(|tx| apply(tx, checked.id)).unwrap();
    // A worker that dies after its first chunk: what it had committed stays, and so does the task.
    office.one_chunk(&checked);
    // One that dies in the middle of its second: nothing of that is there.
    let died = office.act(|tx| {
        office.chunk(tx, &checked)?;
        Err::<(), _>(DbError::NotFound)
    });
    assert!(died.is_err());
    assert_eq!(office.now(&checked).rows_created, 1000, "of the second chunk nothing");
    office.runner.run_all().unwrap();
    let applied = office.now(&checked);
    assert_eq!((applied.state, applied.rows_created), (ImportState::Applied, 2475));
    let undone = office.undo(&applied);
    assert_eq!((undone.rows_undone, undone.rows_kept), (2475, 0));
}

#[test]
fn a_cancelled_import_stops_and_what_it_did_can_be_undone() {
    let office = Office::new();
    let read = office.read(ImportKind::Companies, "a.csv", "会社名\n甲商店\n".as_bytes());
    let cancelled = office.act(|tx| cancel(tx, read.id)).unwrap();
    assert_eq!(cancelled.state, ImportState::Cancelled);
    assert!(!cancelled.can_be_undone());
    assert_eq!(office.act(|tx| cancel(tx, read.id)).unwrap_err().code(), Code::Conflict);
    let mut text = String::from("会社名\n");
    for number in 0..1500 {
        writeln!(text, "商店{number}").unwrap();
    }
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    office.act(|tx| apply(tx, checked.id)).unwrap();
    office.one_chunk(&checked);
    let cancelled = office.act(|tx| cancel(tx, checked.id)).unwrap();
    office.runner.run_all().unwrap();
    assert_eq!((office.now(&checked).rows_created, cancelled.can_be_undone()), (1000, true));
    assert_eq!(office.company("商店1400"), None, "nothing was begun after it");
    let undone = office.undo(&cancelled);
    assert_eq!((undone.state, undone.rows_undone, undone.rows_kept), (ImportState::Undone, 1000, 0));
    assert_eq!(office.company("商店7"), None);
}

#[test]
fn contacts_go_to_companies_that_are_there() {
    let office = Office::new();
    let text = "会社名,氏名,フリガナ,メールアドレス,電話番号,役職\n\
        米子建設株式会社,鈴木　花子,スズキ ハナコ,hanako@example.jp,090-1111-2222,課長\n\
        無い会社,佐藤,,,,\n\
        ㈱米子建設,山田 太郎,,yamada@example.jp,,部長\n\
        米子建設株式会社,田中 一郎,,まちがい,,\n";
    let applied = office.import(ImportKind::Contacts, text);
    assert_eq!((applied.rows_created, applied.rows_updated, applied.rows_bad), (1, 0, 3));
    assert_eq!(
        office.problems(&applied).iter().map(|(line, field, _)| (*line, field.as_str())).collect::<Vec<_>>(),
        [(3, "company"), (4, "company"), (5, "email")],
        "㈱ before the name is another company than 株式会社 after it"
    );
    let everybody = office.act(|tx| clients_contacts::of_company(tx, office.bench.company)).unwrap();
    let hanako = everybody.iter().find(|contact| contact.family_name == "鈴木").unwrap();
    assert_eq!((hanako.given_name.as_str(), hanako.given_kana.as_str()), ("花子", "ハナコ"));
    let again = office.import(ImportKind::Contacts, text);
    assert_eq!((counts(&again), again.rows_created), ((0, 0, 1, 3), 0));
    let promoted = office.import(
        ImportKind::Contacts,
        "会社名,姓,名,メール,役職\n米子建設株式会社,鈴木,花子,HANAKO@example.jp,部長\n",
    );
    assert_eq!(promoted.rows_updated, 1);
    assert_eq!(
        (office.undo(&promoted).rows_undone, office.undo(&applied).rows_undone),
        (1, 0),
        "changed since"
    );
}

#[test]
fn leads_and_deals_follow_their_own_rules() {
    let office = Office::new();
    let text = "会社名,担当者名,電話,経路,内容,営業担当\n\
        鳥取商事,田中,0857-00-0000,展示会,名簿,tanaka@example.jp\n\
        岩美商店,,,,,\n\
        倉吉工業,,,霊感,,\n\
        米子運輸,,,,,だれか\n";
    let applied = office.import(ImportKind::Leads, text);
    assert_eq!((applied.rows_created, applied.rows_bad), (2, 2));
    let all = office.act(|tx| sales_leads::list(tx, None, &Paging::first(10))).unwrap().items;
    let sources: BTreeMap<&str, sales_leads::LeadSource> =
        all.iter().map(|lead| (lead.company_name.as_str(), lead.source)).collect();
    assert_eq!(sources["鳥取商事"], sales_leads::LeadSource::Event);
    assert_eq!(sources["岩美商店"], sales_leads::LeadSource::Other);
    assert!(all.iter().all(|lead| lead.owner_id == Some(office.bench.sales)));
    assert_eq!(counts(&office.import(ImportKind::Leads, text)), (0, 0, 2, 2));

    let text = "案件名,取引先,担当者,フェーズ,状態,金額（円）,次回アクション,期日,受注予定日\n\
        名簿の入力,米子建設株式会社,山田 太郎,提案,,\"１，２００，０００円\",見積を送る,R8.12.1,令和8年12月31日\n\
        受注済み,米子建設株式会社,,受注,失注,,x,2026/12/1,\n\
        交渉から,米子建設株式会社,,交渉,,¥1000,x,2026/12/1,\n\
        昔の話,米子建設株式会社,,,,,x,令和99年4月1日,\n\
        行動なし,米子建設株式会社,,,,,,,2026-02-31\n";
    let checked = office.check(&office.read(ImportKind::Deals, "d.csv", text.as_bytes()));
    let problems = office.problems(&checked);
    let named: Vec<(i64, &str, &str)> =
        problems.iter().map(|(line, field, code)| (*line, field.as_str(), code.as_str())).collect();
    assert_eq!(
        named,
        [
            (3, "state", "conflict"),
            (4, "quote", "required"),
            (5, "next_action_on", "not-a-date"),
            (6, "expected_close_on", "not-a-date"),
            (6, "next_action", "next-action-missing"),
            (6, "next_action_on", "required"),
        ]
    );
    let applied = office.apply(&checked);
    assert_eq!(applied.rows_created, 1);
    let found = office.act(|tx| sales_deals::search(tx, "名簿の入力", 5)).unwrap();
    let deal = office.bench.deal(found[0].id);
    assert_eq!((deal.amount.0, deal.stage_id), (1_200_000, office.bench.stage("提案")));
    assert_eq!(
        office.act(|tx| sales_deals::history(tx, deal.id)).unwrap().len(),
        1,
        "opened where it stands"
    );
    assert_eq!(counts(&office.import(ImportKind::Deals, text)), (0, 0, 1, 4));
    let quote = office.bench.quote(deal.id, 10);
    let dearer = "商談名,企業名,金額\n名簿の入力,米子建設株式会社,9999999\n";
    let refused = office.check(&office.read(ImportKind::Deals, "d.csv", dearer.as_bytes()));
    assert_eq!(office.problems(&refused)[0].2, "quote-stands", "{quote:?}");
    assert_eq!(office.undo(&applied).rows_kept, 1, "a quote was issued for it");
    let other = office.import(
        ImportKind::Deals,
        "商談名,企業名,次の行動,次の行動日\n別件,米子建設株式会社,電話,2026-12-01\n",
    );
    assert_eq!(office.undo(&other).rows_undone, 1, "with the one line of its history");
}

#[test]
fn a_list_of_inquiries_keeps_the_days_on_which_they_asked() {
    let office = Office::new();
    let text = "会社名,問い合わせ日時,内容\n\
        鳥取商事,2026/11/18 9:05,名簿\n\
        岩美商店,,\n\
        倉吉工業,2026-11-23,\n\
        米子運輸,先週,\n";
    let checked = office.check(&office.read(ImportKind::Leads, "a.csv", text.as_bytes()));
    let wrong = |line: i64, code: &str| (line, "asked_on".to_owned(), code.to_owned());
    assert_eq!(office.problems(&checked), [wrong(4, "too-late"), wrong(5, "not-a-date")]);
    assert_eq!(counts(&office.apply(&checked)), (2, 0, 0, 2));
    let asked = || -> BTreeMap<String, Option<String>> {
        let all = office.act(|tx| sales_leads::list(tx, None, &Paging::first(10))).unwrap().items;
        assert!(all.iter().all(|lead| lead.answer_by.is_none()), "nobody here promised them anything");
        all.into_iter().map(|lead| (lead.company_name, lead.asked_on.map(|day| day.to_string()))).collect()
    };
    assert_eq!((asked()["鳥取商事"].as_deref(), asked()["岩美商店"].as_deref()), (Some("2026-11-18"), None));
    assert_eq!(counts(&office.import(ImportKind::Leads, text)), (0, 0, 2, 2));

    let later = "Company,Created Date\n岩美商店,2026-11-19T20:00:00Z\n鳥取商事,\n";
    assert_eq!(counts(&office.import(ImportKind::Leads, later)), (0, 1, 1, 0));
    assert_eq!(asked()["岩美商店"].as_deref(), Some("2026-11-20"), "the day in Japan");
    assert_eq!(asked()["鳥取商事"].as_deref(), Some("2026-11-18"), "what a file leaves out stays");
    let rows = office.exported(&Exported::Leads(None), Language::Ja);
    for written in ["お問い合わせ日", "2026-11-18", "2026-11-20"] {
        assert!(rows.iter().flatten().any(|cell| cell == written), "{written}: {rows:?}");
    }
}

#[test]
fn many_are_opened_by_the_rules_of_one() {
    let bench = Bench::new();
    let first = bench.stage("接触");
    let one = bench.input("一つ");
    let alone = bench.act(|tx| sales_deals::open(tx, one.clone())).unwrap();
    let many =
        bench.act(|tx| sales_deals::open_many(tx, &[(first, one.clone()), (first, one.clone())])).unwrap();
    for deal in many {
        let same = sales_deals::Deal { id: alone.id, ..deal };
        assert_eq!(same, alone);
    }
    for wrong in [
        sales_deals::DealInput { title: "".into(), ..one.clone() },
        sales_deals::DealInput { next_action_on: "2026-11-01".into(), ..one.clone() },
        sales_deals::DealInput {
            company_id: bench.another_client("他社").0.to_string().into(),
            ..one.clone()
        },
        sales_deals::DealInput { amount: "-1".into(), ..one.clone() },
        sales_deals::DealInput { company_id: "999999".into(), contact_id: "".into(), ..one.clone() },
    ] {
        let alone = bench.act(|tx| sales_deals::open(tx, wrong.clone())).unwrap_err();
        let many = bench.act(|tx| sales_deals::open_many(tx, &[(first, wrong.clone())])).unwrap_err();
        assert_eq!((alone.code(), alone.fields()), (many.code(), many.fields()), "{wrong:?}");
    }
}

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
fn another_towns_imports_and_ids_are_not_there() {
    let office = Office::new();
    let import = office.import(ImportKind::Companies, "会社名,外部ID\n甲商店,A-1\n");
    let elsewhere: OrganizationId = office.bench.db.town("shiojiri");
    let stranger: PersonId = office.bench.db.person(elsewhere, "Sato", &["sales"]);
    let asked = |work: fn(&mut Tx<'_>, ImportId) -> Result<Import, ImportError>| {
        office.bench.db.acting(elsewhere, stranger, |tx| work(tx, import.id)).unwrap_err().code()
    };
    assert_eq!(asked(|tx, id| Ok(find(tx, id)?)), Code::NotFound);
    for verb in [apply, cancel, undo] {
        assert_eq!(asked(verb), Code::NotFound);
    }
    let theirs = |tx: &mut Tx<'_>| begin(tx, ImportKind::Companies, import.file_id);
    assert_eq!(office.bench.db.acting(elsewhere, stranger, theirs).unwrap_err().code(), Code::NotFound);
    let colleague = office.bench.colleague;
    assert_eq!(
        office.bench.db.acting(office.bench.town, colleague, theirs).unwrap_err().code(),
        Code::NotFound
    );
}

#[test]
fn one_corporate_number_under_two_outside_ids_is_told_before_anything_is_done() {
    let office = Office::new();
    let text = "外部ID,会社名,法人番号\nA-1,甲本社,7000012050002\nA-2,甲支店,7000012050002\nA-3,乙,\n";
    let checked = office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes()));
    assert_eq!(counts(&checked), (2, 0, 0, 1));
    assert_eq!(office.problems(&checked)[0].2, "twice-in-file");
    let applied = office.apply(&checked);
    assert_eq!((applied.state, applied.rows_created), (ImportState::Applied, 2));
    assert_eq!(office.undo(&applied).rows_undone, 2);
}

#[test]
fn what_an_import_made_is_not_changed_by_a_later_row_of_its_file() {
    let office = Office::new();
    // By their numbers and names these are two companies when they are looked at.
    let mut text = String::from("会社名,法人番号,電話\n甲商店,7000012050002,0857-00-0001\n");
    for number in 0..1000 {
        writeln!(text, "間の{number},,").unwrap();
    }
    text.push_str("甲商店,,0857-00-0002\n");
    let applied = office.apply(&office.check(&office.read(ImportKind::Companies, "a.csv", text.as_bytes())));
    assert_eq!((applied.rows_created, applied.rows_updated, applied.rows_bad), (1001, 0, 1));
    assert_eq!(office.company("甲商店").unwrap().phone, "0857-00-0001");
    let undone = office.undo(&applied);
    assert_eq!((undone.rows_undone, undone.rows_kept), (1001, 0));
}

#[test]
fn outside_ids_and_our_own_follow_a_merge() {
    let office = Office::new();
    office.import(ImportKind::Companies, "外部ID,会社名\nX-1,株式会社まえ\nX-2,のち商店\n");
    let (gone, kept) = (office.company("株式会社まえ").unwrap(), office.company("のち商店").unwrap());
    office
        .act(|tx| {
            let input = ::clients::merges::CompanyMergeInput {
                other: gone.id.to_string().into(),
                other_version: gone.version.to_string().into(),
                ..Default::default()
            };
            ::clients::merges::merge_companies(tx, kept.id, kept.version, &input, |tx, from, into| {
                crate::merging::move_company(tx, from, into, None)
            })
        })
        .unwrap();
    let again = office.import(ImportKind::Companies, "外部ID,会社名,電話\nX-1,のち商店,0857-00-0009\n");
    assert_eq!((again.rows_created, again.rows_updated), (0, 1), "{:?}", office.problems(&again));
    assert_eq!(office.company("のち商店").unwrap().phone, "0857-00-0009");
    let by_id = format!("Yui ID,会社名,電話\n{},のち商店,0857-00-0010\n", gone.id);
    assert_eq!(office.import(ImportKind::Companies, &by_id).rows_updated, 1);
    let person = format!("企業のYui ID,姓\n{},佐藤\n", gone.id);
    assert_eq!(office.import(ImportKind::Contacts, &person).rows_created, 1);
}

#[test]
fn taken_back_outside_ids_lead_where_they_led_before() {
    let office = Office::new();
    office.import(ImportKind::Companies, "外部ID,会社名\nK-1,はじめ商店\n");
    let first = office.company("はじめ商店").unwrap();
    // The id moves on to another, and one that changes nothing is called something for the first time.
    let text = format!("外部ID,Yui ID,会社名\nK-1,{},米子建設株式会社\n", office.bench.company);
    let moved = office.import(ImportKind::Companies, &text);
    assert_eq!(counts(&moved), (0, 0, 1, 0));
    let named = |company: i64| {
        office.act(|tx| external_ids(tx, ImportKind::Companies, &[company])).unwrap().remove(&company)
    };
    assert_eq!((named(first.id.0), named(office.bench.company.0)), (None, Some("K-1".to_owned())));
    let changing =
        office.import(ImportKind::Companies, "外部ID,会社名,電話\nK-1,米子建設株式会社,0859-00-0001\n");
    assert_eq!(changing.rows_updated, 1);
    assert_eq!(office.undo(&changing).rows_undone, 1);
    assert_eq!(named(office.bench.company.0), Some("K-1".to_owned()), "said before it");
}

#[test]
fn two_files_of_one_town_are_applied_one_after_the_other() {
    let office = Office::new();
    let text = "会社名\n双子商店\n".as_bytes();
    let one = office.check(&office.read(ImportKind::Companies, "a.csv", text));
    let other = office.check(&office.read(ImportKind::Companies, "b.csv", text));
    for import in [&one, &other] {
        office.act(|tx| apply(tx, import.id)).unwrap();
    }
    office.runner.run_all().unwrap();
    let (one, other) = (office.now(&one), office.now(&other));
    assert_eq!((one.rows_created, other.rows_created, other.rows_same), (1, 0, 1));
    assert_eq!(<RunImport as queue::Task>::LIMITS, queue::Limits::SERIAL);
}

#[test]
fn deals_go_to_the_pipeline_their_row_names_and_never_to_one_out_of_use() {
    let office = Office::new();
    let bench = &office.bench;
    let add = |name: &str| {
        let input = pipelines::PipelineInput { name: name.into(), ..Default::default() };
        bench.act(|tx| pipelines::add(tx, &input)).unwrap()
    };
    let (old, new) = (bench.pipeline(), add("町の事業"));
    let row = |title: &str, pipeline: &str, stage: &str| {
        format!(
            "商談名,企業名,商談の流れ,段階,次の行動,次の行動日\n{title},米子建設株式会社,{pipeline},{stage},電話,2026-12-01\n"
        )
    };
    let pipeline_of = |title: &str| {
        let found = bench.act(|tx| sales_deals::search(tx, title, 5)).unwrap();
        let (stage, stages) = (bench.deal(found[0].id).stage_id, bench.act(crate::stages::list).unwrap());
        stages.into_iter().find(|one| one.id == stage).unwrap().pipeline_id
    };
    office.import(ImportKind::Deals, &row("流れを言わない", "", ""));
    office.import(ImportKind::Deals, &row("流れを言う", "町の事業", "ヒアリング"));
    assert_eq!((pipeline_of("流れを言わない"), pipeline_of("流れを言う")), (old, new.id));
    for (pipeline, problem) in [("無い流れ", "unknown-choice"), ("町の事業", "other-pipeline")] {
        let refused = office.import(ImportKind::Deals, &row("流れを言わない", pipeline, ""));
        assert_eq!(office.problems(&refused)[0].2, problem);
    }
    let rows = office.exported(&Exported::Deals(sales_deals::DealFilter::default()), Language::Ja);
    let bytes = written(&rows, Encoding::Utf8Marked);
    let back = office.apply(&office.check(&office.read(ImportKind::Deals, "back.csv", &bytes)));
    assert_eq!(counts(&back), (0, 0, 2, 0), "{:?}", office.problems(&back));

    let everything = sales_deals::DealFilter::default();
    for card in bench.act(|tx| sales_deals::list(tx, &everything, &Paging::first(10))).unwrap().items {
        if pipeline_of(&card.title) == old {
            let (version, lose) = (
                bench.deal(card.id).version,
                sales_deals::LoseInput { reason: "price".into(), ..Default::default() },
            );
            bench.act(|tx| sales_deals::lose(tx, card.id, version, lose)).unwrap();
        }
    }
    let version = bench.act(|tx| pipelines::find(tx, old)).unwrap().version;
    bench.act(|tx| pipelines::archive(tx, old, version)).unwrap();
    office.import(ImportKind::Deals, &row("しまったあと", "", "ヒアリング"));
    assert_eq!(pipeline_of("しまったあと"), new.id);
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

#[test]
fn half_a_year_later_an_import_is_its_counts_and_cannot_be_taken_back() {
    let office = Office::new();
    let file = "会社名\n株式会社半年\n".as_bytes();
    let done = office.apply(&office.check(&office.read(ImportKind::Companies, "half.csv", file)));
    let waiting = office.read(ImportKind::Companies, "waiting.csv", "会社名\n株式会社待機\n".as_bytes());
    let rows = |import: &Import| {
        let all = RowFilter::default();
        office.act(|tx| rows(tx, import.id, all, &Paging::first(10))).unwrap().items.len()
    };
    assert_eq!(office.act(sweep).unwrap(), 0, "nothing of today is old");

    office.bench.at(&(done.kept_until() + TimeDelta::seconds(1)).to_rfc3339());
    assert_eq!(office.act(sweep).unwrap(), 2);
    assert_eq!((rows(&done), rows(&waiting)), (0, 0));
    let (done, waiting) = (office.now(&done), office.now(&waiting));
    assert_eq!((done.state, done.rows_created, done.can_be_undone()), (ImportState::Applied, 1, false));
    assert_eq!(waiting.state, ImportState::Cancelled, "nobody went on with it");
    assert_eq!(office.act(|tx| undo(tx, done.id)).unwrap_err().code(), Code::Conflict);
    assert_eq!(office.act(sweep).unwrap(), 0);
}

#[test]
fn what_rows_may_be_about_is_found_through_indexes_alone() {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let office = Office::new();
    let mut owner = office.bench.db.owner();
    let town = office.bench.town;
    for sql in [
        format!(
            "INSERT INTO leads (organization_id, company_name, source) SELECT {town}, '企業' || n, 'web' FROM generate_series(1, 3000) n"
        ),
        "ANALYZE leads, deals".to_owned(),
    ] {
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut owner).unwrap();
    }
    let explain = "EXPLAIN SELECT id FROM leads WHERE company_key = ANY (ARRAY['企業1', '企業2']) ORDER BY id LIMIT 5000";
    let plan: Vec<Line> = office
        .act(|tx| Ok::<_, DbError>(diesel::RunQueryDsl::load(diesel::sql_query(explain), tx.conn())?))
        .unwrap();
    let plan: String = plan.into_iter().map(|line| line.line).collect();
    assert!(plan.contains("leads_by_company") && !plan.contains("Seq Scan"), "{plan}");
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
fn what_was_decided_elsewhere_is_history_and_orders_nothing() {
    let office = Office::new();
    let bench = &office.bench;
    let text = "案件名,取引先,フェーズ,状態,金額,完了予定日,失注理由,次回アクション\n\
        昔の受注,米子建設株式会社,受注,,120000,2026-04-10 14:30,,お礼\n\
        昔の失注,米子建設株式会社,提案,失注,80000,2026/5/1 0:00:00,価格,\n\
        町外の失注,米子建設株式会社,Closed Lost,,50000,2026-05-02,社長の交代,\n\
        理由のない失注,米子建設株式会社,,Lost,50000,2026-05-03,,\n\
        日のない受注,米子建設株式会社,,Won,1,,,\n\
        明日の受注,米子建設株式会社,,Won,1,2026-11-23,,\n\
        食い違い,米子建設株式会社,受注,失注,1,2026-05-03,,\n";
    let checked = office.check(&office.read(ImportKind::Deals, "crm.csv", text.as_bytes()));
    let problems = office.problems(&checked);
    let named: Vec<(i64, &str, &str)> =
        problems.iter().map(|(line, field, code)| (*line, field.as_str(), code.as_str())).collect();
    let missing = [(6, "closed_on", "required"), (7, "closed_on", "too-late"), (8, "state", "conflict")];
    assert_eq!(named[..2], missing[..2]);
    assert!(named.contains(&missing[2]), "{named:?}");
    let applied = office.apply(&checked);
    assert_eq!((applied.rows_created, applied.rows_bad), (4, 3));

    let all = bench.act(|tx| sales_deals::list(tx, &sales_deals::DealFilter::default(), &Paging::first(10)));
    let deals: BTreeMap<String, sales_deals::Deal> =
        all.unwrap().items.into_iter().map(|card| (card.title.clone(), bench.deal(card.id))).collect();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let won = &deals["昔の受注"];
    assert!(matches!(won.state, sales_deals::DealState::Won { won_at }
        if date_in_japan(won_at) == day("2026-04-10")));
    assert_eq!((won.amount.0, won.stage_id), (120_000, bench.stage("受注")));
    let why = |title: &str| match &deals[title].state {
        sales_deals::DealState::Lost { loss, .. } => (loss.lost_reason, loss.lost_note.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(why("昔の失注").0, sales_deals::LostReason::Price);
    assert_eq!(why("町外の失注"), (sales_deals::LostReason::Other, "社長の交代".to_owned()));
    assert_eq!(why("理由のない失注").0, sales_deals::LostReason::Other);
    let history = bench.act(|tx| sales_deals::history(tx, deals["昔の失注"].id)).unwrap();
    assert!(sales_deals::is_past(&history));
    assert_eq!(history[0].from_stage_id, Some(bench.stage("提案")), "the stage it was lost in");
    assert_eq!(date_in_japan(history[0].happened_at), day("2026-05-01"));
    assert!(bench.told::<crate::events::DealWon>().is_empty(), "nobody is to deliver it");

    let april = crate::chances::of_one;
    let open = bench.open("いまの商談");
    let chance = bench.act(|tx| april(tx, open.id)).unwrap();
    assert_eq!((chance.decided.won, chance.decided.lost), (1, 3), "rates count it");

    assert_eq!(counts(&office.import(ImportKind::Deals, text)), (0, 0, 4, 3), "once more changes nothing");
    let changed = text.replace("120000", "130000");
    let refused = office.check(&office.read(ImportKind::Deals, "crm.csv", changed.as_bytes()));
    assert!(office.problems(&refused).iter().any(|(line, _, code)| *line == 2 && code == "deal-not-open"));
    assert_eq!(office.undo(&applied).rows_undone, 4, "with the one line of its history");
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
fn a_file_that_comes_back_mended_has_the_columns_it_was_said_to_have() {
    let office = Office::new();
    let columns = |import: &Import| import.columns.clone();
    let first = office.read(ImportKind::Companies, "a.csv", "会社名,謎の列\n鳥取商会,0857\n".as_bytes());
    assert_eq!(columns(&first), ["name", ""]);
    let said = ColumnsInput { columns: vec!["name".into(), "phone".into()], ..ColumnsInput::default() };
    office.act(|tx| choose_columns(tx, first.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    for language in Language::ALL {
        let mended = format!("会社名,謎の列,{}\n鳥取商会,0857,x\n", reason_header(*language));
        let back = office.read(ImportKind::Companies, "a.csv", mended.as_bytes());
        assert_eq!(columns(&back), ["name", "phone", ""]);
    }
}

#[test]
fn a_file_adds_refusals_and_takes_none_back() {
    #[derive(diesel::QueryableByName)]
    struct Told {
        #[diesel(sql_type = diesel::sql_types::Text)]
        contacts: String,
    }

    let office = Office::new();
    office.import(ImportKind::Companies, "会社名\n甲\n");
    let with = |family: &str, calls: &str, news: &str| {
        format!("会社名,姓,電話,電話のお断り,ご案内メールのお断り\n甲,{family},0267-00-0000,{calls},{news}\n")
    };
    let find = || {
        let company = office.company("甲").unwrap().id;
        office.act(|tx| clients_contacts::of_company(tx, company)).unwrap()
    };
    let refused = || -> Vec<String> {
        let told = "SELECT payload ->> 'contacts' AS contacts FROM events WHERE kind = 'invitations.refused' ORDER BY id";
        let rows: Vec<Told> =
            diesel::RunQueryDsl::load(diesel::sql_query(told), &mut office.bench.db.owner()).unwrap();
        rows.into_iter().map(|told| told.contacts).collect()
    };
    let new = office.import(ImportKind::Contacts, &with("田中", "断り", "はい"));
    assert_eq!((new.rows_created, new.rows_bad), (1, 0), "{new:?}");
    let contact = find().remove(0);
    assert!(!contact.may_be_called);
    assert_eq!(refused(), [format!("[{}]", contact.id)]);

    let again = office.import(ImportKind::Contacts, &with("田中", "", "いいえ"));
    assert_eq!((again.rows_same, again.rows_updated), (1, 0));
    assert!(!find()[0].may_be_called, "an empty column says nothing");
    assert_eq!(refused().len(), 1);
    let record = || office.act(|tx| clients::call_wishes::history(tx, contact.id)).unwrap().len();
    office.import(ImportKind::Contacts, &with("田中", "yes", ""));
    assert_eq!(record(), 1, "what is known already is not noted twice");

    let unclear =
        office.check(&office.read(ImportKind::Contacts, "unclear.csv", with("田中", "×", "").as_bytes()));
    assert_eq!(office.problems(&unclear), [(2, "refuses_calls".to_owned(), "unknown-choice".to_owned())]);
    let undone = office.undo(&new);
    assert_eq!((undone.rows_undone, undone.rows_kept), (0, 1), "who refused stays, or would be called again");
    assert!(!find()[0].may_be_called);
}

#[test]
fn companies_of_a_file_of_persons_are_made_once_and_its_persons_find_them() {
    let office = Office::new();
    let text = "Contact ID,First Name,Last Name,Account Name\n\
        003A,花子,鈴木,Example Industries Inc.\n003B,太郎,山田,Example Industries Inc.\n";
    let companies = office.read(ImportKind::Companies, "contacts.csv", text.as_bytes());
    assert_eq!(companies.columns, ["", "", "", "name"], "a contact's id is no company's");
    let companies = office.apply(&office.check(&companies));
    assert_eq!((companies.rows_created, counts(&companies)), (1, (1, 0, 1, 0)), "for each person once");
    let contacts = office.import(ImportKind::Contacts, text);
    assert_eq!((contacts.rows_created, contacts.rows_bad), (2, 0), "{:?}", office.problems(&contacts));
}

#[test]
fn rows_of_one_file_that_look_alike_are_shown_before_they_go_in() {
    let office = Office::new();
    let mut text = String::from("Record ID,Company name,Phone,Domain\n1,Hub Spotless KK,03-1111-2222,\n");
    // More than a chunk between them.
    for number in 0..1100 {
        writeln!(text, "a{number},あいだの会社{number},,").unwrap();
    }
    text.push_str(
        "2,Hub Spotless K.K.,+81 3 1111 2222,\n3,別名,,hub.example.jp\n4,もう一つ,,www.hub.example.jp\n",
    );
    let checked = office.check(&office.read(ImportKind::Companies, "hub.csv", text.as_bytes()));
    assert_eq!((counts(&checked).0, checked.rows_alike), (1104, 2));
    let alike = office.rows(&checked, RowFilter { alike: true, ..RowFilter::default() });
    let told: Vec<(i64, &[i64])> = alike.iter().map(|row| (row.line, row.alike_lines.as_slice())).collect();
    assert_eq!(told, [(1103, &[2][..]), (1105, &[1104][..])], "each with the line it looks like");
    assert!(alike.iter().all(|row| row.alike.is_empty()), "nothing of the sort is there");
    assert_eq!(office.check(&checked).rows_alike, 2, "looked at again, nothing looks like itself");
    assert_eq!(office.apply(&office.now(&checked)).rows_created, 1104, "as with what is there, they go in");
}

#[test]
fn a_company_that_could_be_two_is_refused_with_both() {
    let office = Office::new();
    office.import(ImportKind::Companies, "会社名,外部ID\n双子商店,A-1\n双子商店,A-2\n");
    let twins: Vec<kernel::CompanyId> = office
        .act(|tx| clients_companies::with_names(tx, ["双子商店"], 10))
        .unwrap()
        .into_iter()
        .map(|company| company.id)
        .collect();
    assert_eq!(twins.len(), 2);
    for (kind, text) in [
        (ImportKind::Contacts, "会社名,姓\n双子商店,佐藤\n"),
        (ImportKind::Companies, "会社名,電話\n双子商店,0857-00-0001\n"),
    ] {
        let checked = office.check(&office.read(kind, "a.csv", text.as_bytes()));
        let bad = office.rows(&checked, RowFilter { verdict: Some(Verdict::Bad), ..RowFilter::default() });
        let mut named = bad[0].problems[0].among.clone();
        named.sort();
        let mut twins = twins.clone();
        twins.sort();
        assert_eq!(named, twins, "{kind}");
    }
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

#[test]
fn open_deals_of_another_system_come_in_with_their_stages_and_a_next_action_for_all() {
    let office = Office::new();
    let text = "Opportunity Name,Account Name,Stage,Next Step\n\
        名簿,米子建設株式会社,Qualified,\n封入,米子建設株式会社,Discovery,電話する\n";
    let read = office.read(ImportKind::Deals, "sf.csv", text.as_bytes());
    let names = office.act(|tx| unknown_names(tx, &read, Language::Ja)).unwrap();
    let [stages] = names.as_slice() else { panic!("{names:?}") };
    assert_eq!((stages.field, stages.unknown.join(" ")), ("stage", "Discovery Qualified".to_owned()));
    assert!(stages.ours.iter().any(|one| one.name == "ヒアリング"), "{names:?}");
    let columns: Vec<kernel::Typed> = read.columns.iter().map(|column| column.as_str().into()).collect();
    let said = ColumnsInput {
        columns: columns.clone(),
        stages: [("Qualified", "ヒアリング"), ("Discovery", "接触")]
            .map(|(theirs, ours)| (theirs.to_owned(), kernel::Typed::from(ours)))
            .into(),
        next_action: "様子を聞く".into(),
        next_action_on: "2026-12-01".into(),
        ..ColumnsInput::default()
    };
    office.act(|tx| choose_columns(tx, read.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    let applied = office.apply(&office.now(&read));
    assert_eq!((applied.rows_created, applied.rows_bad), (2, 0), "{:?}", office.problems(&applied));
    let deal = |title: &str| {
        let found = office.act(|tx| sales_deals::search(tx, title, 5)).unwrap();
        office.bench.deal(found[0].id)
    };
    let next = |title: &str| deal(title).state.next_action().unwrap().next_action.clone();
    assert_eq!(deal("名簿").stage_id, office.bench.stage("ヒアリング"));
    assert_eq!((next("名簿"), next("封入")), ("様子を聞く".to_owned(), "電話する".to_owned()));

    let again = office.read(ImportKind::Deals, "sf.csv", text.as_bytes());
    assert_eq!(again.beside, office.now(&read).beside, "remembered with the columns");
    let bare = ColumnsInput { columns, ..ColumnsInput::default() };
    office.act(|tx| choose_columns(tx, again.id, &bare)).unwrap();
    office.runner.run_all().unwrap();
    let problems = office.problems(&office.now(&again));
    assert!(
        problems.iter().all(|(_, field, code)| field == "stage" && code == "unknown-choice"),
        "{problems:?}"
    );
    let late = office.read(ImportKind::Deals, "late.csv", text.as_bytes());
    assert_eq!(late.beside, Beside::default(), "what was said last counts");
}

#[test]
fn pipelines_and_owners_of_another_system_are_asked_for_and_remembered() {
    let office = Office::new();
    let text = "Deal Name,Company,Pipeline,Deal Stage,Deal owner,Amount,Close Date\n\
        名簿,米子建設株式会社,Sales Pipeline,closedwon,Jane Doe,\"JPY 300,000\",2026-03-04\n";
    let read = office.read(ImportKind::Deals, "hubspot.csv", text.as_bytes());
    let checked = office.check(&read);
    let fields: Vec<String> = office.problems(&checked).into_iter().map(|(_, field, _)| field).collect();
    assert_eq!(fields, ["pipeline", "owner"], "and no next action of a deal that may be over");
    let names = office.act(|tx| unknown_names(tx, &checked, Language::En)).unwrap();
    let asked: Vec<_> = names.iter().map(|one| (one.field, one.unknown.join(" "))).collect();
    assert_eq!(asked, [("pipeline", "Sales Pipeline".to_owned()), ("owner", "Jane Doe".to_owned())]);
    let colleague = refs::number_of(office.bench.colleague);
    assert!(names[1].ours.iter().any(|one| one.value == colleague), "{names:?}");
    let answer = |theirs: &str, ours: &str| [(theirs.to_owned(), kernel::Typed::from(ours))].into();
    let said = ColumnsInput {
        columns: read.columns.iter().map(|column| column.as_str().into()).collect(),
        pipelines: answer("Sales Pipeline", &names[0].ours[0].value),
        owners: answer("Jane Doe", &colleague),
        ..ColumnsInput::default()
    };
    office.act(|tx| choose_columns(tx, read.id, &said)).unwrap();
    office.runner.run_all().unwrap();
    let applied = office.apply(&office.now(&read));
    assert_eq!((applied.rows_created, applied.rows_bad), (1, 0), "{:?}", office.problems(&applied));
    let found = office.act(|tx| sales_deals::search(tx, "名簿", 5)).unwrap();
    let deal = office.bench.deal(found[0].id);
    assert_eq!((deal.owner_id, deal.amount), (office.bench.colleague, kernel::Yen(300_000)));
    let again = office.read(ImportKind::Deals, "next month.csv", text.as_bytes());
    assert_eq!(again.beside, office.now(&read).beside, "remembered with the columns");
}

#[test]
fn money_that_is_none_of_yen_is_refused() {
    let office = Office::new();
    let text = "商談名,企業名,金額,通貨,次の行動,次の行動日\n\
        円,米子建設株式会社,1000,JPY,電話,2026-12-01\nドル,米子建設株式会社,1000,USD,電話,2026-12-01\n";
    let checked = office.check(&office.read(ImportKind::Deals, "money.csv", text.as_bytes()));
    assert_eq!(office.problems(&checked), [(3, "currency".to_owned(), "unknown-choice".to_owned())]);
}
