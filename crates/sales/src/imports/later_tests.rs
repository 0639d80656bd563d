//! Whole imports: what fresh users of them ran into.

use db::{DbError, Tx};
use files::Store;
use kernel::Paging;
use queue::{Registry, Runner};

use super::*;
use crate::testing::Bench;

/// A town with a file store and a worker for its imports.
struct Desk {
    bench: Bench,
    store: Store,
    runner: Runner,
    _directory: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("files")).unwrap();
        let bench = Bench::new();
        let (mut registry, own) = (Registry::new(), store.clone());
        registry.detached::<RunImport>(move |db, town, attempt, task| run(db, &own, town, attempt, task));
        let runner = Runner::new(bench.db.app.clone(), bench.db.queue.clone(), registry);
        Self { bench, store, runner, _directory: directory }
    }

    fn act<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.bench.act(work)
    }

    /// Uploads a file, takes the guessed columns and looks at every row.
    fn check(&self, kind: ImportKind, text: &str) -> Import {
        let bytes = text.as_bytes().to_vec();
        let received = self.store.receive_blocking(self.bench.town, "list.csv", bytes, 1024 * 1024).unwrap();
        let begun = self.act(|tx| {
            let file = files::keep(tx, &received)?;
            begin(tx, kind, file.id)
        });
        let id = begun.unwrap().id;
        self.runner.run_all().unwrap();
        let read = self.act(|tx| find(tx, id)).unwrap();
        assert_eq!(read.state, ImportState::Columns, "{read:?}");
        let columns = read.columns.iter().map(|column| column.as_str().into()).collect();
        let input = ColumnsInput { columns, ..ColumnsInput::default() };
        self.act(|tx| choose_columns(tx, id, &input)).unwrap();
        self.runner.run_all().unwrap();
        self.act(|tx| find(tx, id)).unwrap()
    }

    /// A whole import of a file.
    fn import(&self, kind: ImportKind, text: &str) -> Import {
        let checked = self.check(kind, text);
        self.act(|tx| apply(tx, checked.id)).unwrap();
        self.runner.run_all().unwrap();
        self.act(|tx| find(tx, checked.id)).unwrap()
    }

    fn would_do_anything(&self, import: &Import) -> bool {
        self.act(|tx| would_do_anything(tx, import)).unwrap()
    }

    /// Line, field and code of everything that is wrong.
    fn problems(&self, import: &Import) -> Vec<(i64, String, String)> {
        let bad = RowFilter { verdict: Some(Verdict::Bad), ..RowFilter::default() };
        let found = self.act(|tx| rows(tx, import.id, bad, &Paging::first(100))).unwrap().items;
        let of_row = |row: ImportRow| {
            row.problems.into_iter().map(move |problem| (row.line, problem.field, problem.code))
        };
        found.into_iter().flat_map(of_row).collect()
    }
}

fn counts(import: &Import) -> (i32, i32, i32, i32) {
    (import.rows_new, import.rows_changed, import.rows_same, import.rows_bad)
}

#[test]
fn what_says_only_what_is_there_would_do_nothing_unless_it_brings_an_id_or_a_refusal() {
    let desk = Desk::new();
    let plain = "会社名,法人番号\n甲商店,7000012050002\n";
    assert!(desk.would_do_anything(&desk.check(ImportKind::Companies, plain)));
    desk.import(ImportKind::Companies, plain);
    assert!(!desk.would_do_anything(&desk.check(ImportKind::Companies, plain)));
    assert!(
        !desk.would_do_anything(&desk.check(ImportKind::Companies, "会社名,法人番号\n甲商店,123\n")),
        "bad"
    );

    let named = "会社名,法人番号,外部ID\n甲商店,7000012050002,A-1\n";
    let checked = desk.check(ImportKind::Companies, named);
    assert_eq!(
        (counts(&checked), desk.would_do_anything(&checked)),
        ((0, 0, 1, 0), true),
        "an id of its own"
    );
    desk.import(ImportKind::Companies, named);
    assert!(!desk.would_do_anything(&desk.check(ImportKind::Companies, named)), "which is known now");

    let person = |calls: &str| format!("会社名,姓,電話のお断り\n甲商店,田中,{calls}\n");
    desk.import(ImportKind::Contacts, &person(""));
    assert!(!desk.would_do_anything(&desk.check(ImportKind::Contacts, &person("いいえ"))));
    let refuses = desk.check(ImportKind::Contacts, &person("断り"));
    assert_eq!((counts(&refuses), desk.would_do_anything(&refuses)), ((0, 0, 1, 0), true));
}

#[test]
fn two_companies_in_one_cell_are_never_taken_for_one() {
    let desk = Desk::new();
    desk.import(ImportKind::Companies, "会社名\n甲商店\n乙商店\n");
    let joined = |line: i64, field: &str| (line, field.to_owned(), Code::TwoInOneCell.as_str().to_owned());
    let persons = "First Name,Last Name,Associated Company\n太郎,山田,甲商店;乙商店\n花子,佐藤,甲商店\n";
    let contacts = desk.check(ImportKind::Contacts, persons);
    assert_eq!((counts(&contacts), desk.problems(&contacts)), ((1, 0, 0, 1), vec![joined(2, "company")]));
    let companies = desk.check(ImportKind::Companies, persons);
    assert_eq!((counts(&companies), desk.problems(&companies)), ((0, 0, 1, 1), vec![joined(2, "name")]));
    let leads = desk.check(ImportKind::Leads, persons);
    assert_eq!((counts(&leads), desk.problems(&leads)), ((1, 0, 0, 1), vec![joined(2, "company_name")]));
    let deals = "Deal Name,Associated Company,次の行動,次の行動日\n\
        名簿,甲商店; 乙商店,電話,2026-12-01\n名簿,甲商店;,電話,2026-12-01\n";
    let deals = desk.check(ImportKind::Deals, deals);
    let told = desk.problems(&deals);
    assert_eq!(told.first(), Some(&joined(2, "company")), "{told:?}");
    let own = desk.check(ImportKind::Companies, "会社名,電話\n甲;乙,\n");
    assert_eq!(counts(&own), (1, 0, 0, 0), "a list of companies says what they are called");
}

#[test]
fn days_with_their_year_last_are_read_where_their_column_says_in_which_order() {
    let desk = Desk::new();
    let file = |first: &str, second: &str| {
        format!("会社名,Created Date\n甲商店,{first}\n乙商店,{second}\n丙商店,2026-11-03\n")
    };
    let asked = || -> Vec<Option<String>> {
        let leads = desk.act(|tx| crate::leads::list(tx, None, &Paging::first(10))).unwrap().items;
        let mut days: Vec<_> =
            leads.into_iter().map(|lead| lead.asked_on.map(|day| day.to_string())).collect();
        days.sort();
        days
    };
    for (first, second, order) in [
        ("11/20/2026 14:30", "11/02/2026", DayOrder::MonthFirst),
        ("20.11.2026", "02.11.2026 9:05", DayOrder::DayFirst),
    ] {
        let applied = desk.import(ImportKind::Leads, &file(first, second));
        assert_eq!(counts(&applied), (3, 0, 0, 0), "{first}: {:?}", desk.problems(&applied));
        assert_eq!(applied.beside.days.get("asked_on"), Some(&order), "{first}");
        let days = ["2026-11-02", "2026-11-03", "2026-11-20"].map(|day| Some(day.to_owned()));
        assert_eq!(asked(), days, "{first}");
        desk.act(|tx| undo(tx, applied.id)).unwrap();
        desk.runner.run_all().unwrap();
    }
    let wrong = |line: i64| (line, "asked_on".to_owned(), Code::NotADate.as_str().to_owned());
    for (first, second) in [("11/10/2026", "11/02/2026"), ("11/20/2026", "20/11/2026")] {
        let unclear = desk.check(ImportKind::Leads, &file(first, second));
        assert_eq!(desk.problems(&unclear), [wrong(2), wrong(3)], "{first}: nobody guesses");
        assert!(unclear.beside.days.is_empty());
    }
}
