//! Files of rows on their way into a town's lists: how long ten thousand take with three bad ones in a hundred, and what a
//! hundred thousand need of memory.

use std::fmt::Write as _;
use std::time::Instant;

use db::Db;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use files::Store;
use kernel::{Actor, PersonId, RequestId, Scope};
use queue::{Registry, Runner};
use sales::imports::{self, ColumnsInput, Import, ImportError, ImportId, ImportKind, ImportState, RunImport};

use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{Place, Server};

const ROWS: usize = 10_000;
const MANY_ROWS: usize = 100_000;
const MOST_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) const BENCHES: &[Bench] = &[
    Bench {
        name: "imports rows",
        figures: &[Figure {
            name: "imports: 10,000 companies, 3 % bad, read, checked and applied",
            unit: "s",
            target: Target::AtMost(5.0),
        }],
        measure: measure_time,
    },
    Bench {
        name: "imports memory",
        figures: &[
            Figure {
                name: "imports: memory that 100,000 companies need beside 10,000",
                unit: "MB",
                target: Target::AtMost(16.0),
            },
            Figure {
                name: "imports: 100,000 companies, read, checked and applied",
                unit: "s",
                target: Target::Told,
            },
        ],
        measure: measure_memory,
    },
];

fn measure_time(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let office = Office::open(&place)?;
    let import = office.upload(&file(ROWS))?;
    let began = Instant::now();
    office.run_through(import, ROWS)?;
    Ok(vec![Sample::of(began.elapsed().as_secs_f64())])
}

fn measure_memory(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let office = Office::open(&place)?;
    let few = office.upload(&file(ROWS))?;
    let few_bytes = peak(|| office.run_through(few, ROWS))?;
    let other = server.place()?;
    let office = Office::open(&other)?;
    let many = office.upload(&file(MANY_ROWS))?;
    let began = Instant::now();
    let many_bytes = peak(|| office.run_through(many, MANY_ROWS))?;
    Ok(vec![
        Sample::of(megabytes(many_bytes) - megabytes(few_bytes)),
        Sample::of(began.elapsed().as_secs_f64()),
    ])
}

/// Companies as a spreadsheet writes them; three in a hundred have no telephone number that could be dialled.
fn file(rows: usize) -> String {
    let mut text = String::from("\u{feff}会社名,フリガナ,郵便番号,住所,電話番号,備考\r\n");
    for number in 0..rows {
        let phone = if number % 100 < 3 {
            "不明".to_owned()
        } else {
            format!("0857-{:02}-{:04}", number / 10_000, number % 10_000)
        };
        let _ = write!(
            text,
            "株式会社取込{number},カブシキガイシャトリコミ,680-0001,鳥取県鳥取市東町{number}丁目,{phone},\"名簿の入力, 二行\n目\"\r\n"
        );
    }
    text
}

/// A town's person who imports, with a file store and a worker.
struct Office<'p> {
    db: &'p Db,
    scope: Scope,
    store: Store,
    runner: Runner,
    _directory: tempfile::TempDir,
}

impl<'p> Office<'p> {
    fn open(place: &'p Place<'_>) -> Result<Self, Trouble> {
        #[derive(QueryableByName)]
        struct Added {
            #[diesel(sql_type = BigInt)]
            id: PersonId,
        }
        let person: Added = diesel::sql_query(
            "INSERT INTO persons (organization_id, family_name, family_kana, email, email_key) \
             VALUES ($1, 'Bench', 'Bench', 'bench@example.jp', 'bench@example.jp') RETURNING id",
        )
        .bind::<BigInt, _>(place.town)
        .get_result(&mut place.owner()?)?;
        let directory = tempfile::tempdir()?;
        let store = Store::open(&directory.path().join("files"))?;
        let (mut registry, files) = (Registry::new(), store.clone());
        registry.detached::<RunImport>(move |db, town, attempt, task| {
            imports::run(db, &files, town, attempt, task)
        });
        let runner = Runner::new(place.app.clone(), place.queue.clone(), registry);
        let scope =
            Scope { organization: place.town, actor: Actor::Person(person.id), request: RequestId(1) };
        Ok(Self { db: &place.app, scope, store, runner, _directory: directory })
    }

    fn upload(&self, text: &str) -> Result<ImportId, Trouble> {
        let town = self.scope.organization;
        let received =
            self.store.receive_blocking(town, "companies.csv", text.as_bytes().to_vec(), MOST_BYTES)?;
        let import = self.db.run_blocking::<_, ImportError, _>(self.scope, |tx| {
            let file = files::keep(tx, &received)?;
            imports::begin(tx, ImportKind::Companies, file.id)
        })?;
        Ok(import.id)
    }

    /// From the uploaded file to the last good row.
    fn run_through(&self, id: ImportId, rows: usize) -> Result<(), Trouble> {
        self.runner.run_all()?;
        let columns = self.now(id)?.columns.into_iter().map(Into::into).collect();
        let input = ColumnsInput { columns, ..ColumnsInput::default() };
        self.db.run_blocking(self.scope, |tx| imports::choose_columns(tx, id, &input))?;
        self.runner.run_all()?;
        self.db.run_blocking(self.scope, |tx| imports::apply(tx, id))?;
        self.runner.run_all()?;
        let import = self.now(id)?;
        let bad = i32::try_from(rows / 100 * 3)?;
        let created = i32::try_from(rows)? - bad;
        if (import.state, import.rows_created, import.rows_bad) == (ImportState::Applied, created, bad) {
            Ok(())
        } else {
            Err(format!("the import came to something else: {import:?}").into())
        }
    }

    fn now(&self, id: ImportId) -> Result<Import, Trouble> {
        Ok(self.db.run_blocking(self.scope, |tx| imports::find(tx, id))?)
    }
}

/// How much more memory than before this process held at any moment of `work`, in bytes.
fn peak(work: impl FnOnce() -> Result<(), Trouble>) -> Result<u64, Trouble> {
    let before = status("VmRSS")?;
    // Forgets the peak so far (proc(5), clear_refs).
    std::fs::write("/proc/self/clear_refs", "5")?;
    work()?;
    Ok(status("VmHWM")?.saturating_sub(before))
}

fn status(name: &str) -> Result<u64, Trouble> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find(|line| line.starts_with(name)).ok_or("no such line in /proc/self/status")?;
    let kibibytes = line.split_whitespace().nth(1).ok_or("an empty line in /proc/self/status")?;
    Ok(kibibytes.parse::<u64>()? * 1024)
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one program")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
