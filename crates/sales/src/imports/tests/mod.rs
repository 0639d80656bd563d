//! Whole imports against a real database, a file store and the queue.

mod contacts;
mod dry_run;
mod idle;
mod leads_and_deals;
mod lifetime;
mod mapping;
mod reading;
mod repeats;
mod round_trip;
mod standing;
mod taking_back;
mod values;

use ::clients::companies::{self as clients_companies, Company};
use db::testing::TestDb;
use db::{DbError, Tx};
use files::Store;
use files::rows::{Encoder, Encoding, Layout, Separator};
use kernel::{Language, Paging};
use queue::{Registry, Runner};

use super::*;
use crate::testing::Bench;

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

    /// The same of a file that was not uploaded yet.
    fn checked(&self, kind: ImportKind, text: &str) -> Import {
        let read = self.read(kind, "list.csv", text.as_bytes());
        assert_eq!(read.state, ImportState::Columns, "{read:?}");
        self.check(&read)
    }

    fn would_do_anything(&self, import: &Import) -> bool {
        self.act(|tx| would_do_anything(tx, import)).unwrap()
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
        self.apply(&self.checked(kind, text))
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
