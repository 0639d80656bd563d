//! Importing, finding and adopting against a real database, on small files of our own and on the published one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use db::private_postgres::Role;
use db::testing::{TestDb, migrate, shared_data, test_server};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use encoding_rs::SHIFT_JIS;
use kernel::{OrganizationId, Paging, PersonId};

use super::reader::RowReason;
use super::row::tests::line_with;
use super::*;
use crate::schema::{registry_companies as company, registry_imports, registry_versions};

const SALES: PersonId = PersonId(1);
const IWAMI: &str = "1000020313025";
const COURT: &str = "1000013050238";
const THIRD: &str = "7123456789012";

fn number(digits: &str) -> CorporateNumber {
    CorporateNumber::parse(digits).unwrap()
}

/// A folder of its own with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Rows in CP932 under a published-looking name.
    fn register(&self, rows: &[Vec<(usize, &str)>]) -> PathBuf {
        let lines: String = rows.iter().map(|row| line_with(row) + "\r\n").collect();
        self.file("31_tottori_all_20260731.csv", SHIFT_JIS.encode(&lines).0)
    }
}

fn imported(db: &TestDb, file: &Path) -> Result<ImportSummary, ImportError> {
    import(&mut db.owner(), file, &AtomicBool::new(false), |_| {})
}

/// Rows in each of the register's tables: imports, companies, versions.
fn stored(db: &TestDb) -> [i64; 3] {
    let mut owner = db.owner();
    [
        registry_imports::table.count().get_result(&mut owner).unwrap(),
        company::table.count().get_result(&mut owner).unwrap(),
        registry_versions::table.count().get_result(&mut owner).unwrap(),
    ]
}

fn found(db: &TestDb, town: OrganizationId, query: &str, filter: &RegistryFilter) -> Vec<RegistrySummary> {
    let mut paging = Paging::first(100);
    let mut rows = Vec::new();
    loop {
        let page = db.arrange(town, |tx| search(tx, query, filter, &paging));
        rows.extend(page.items);
        match page.next {
            Some(key) => paging.after = Some(key),
            None => return rows,
        }
    }
}

fn names(rows: Vec<RegistrySummary>) -> Vec<String> {
    rows.into_iter().map(|row| row.name).collect()
}

fn everything() -> RegistryFilter {
    RegistryFilter { include_closed: true, ..RegistryFilter::default() }
}

const CLOSED: [(usize, &str); 5] =
    [(3, "21"), (5, "2026-07-01"), (6, "2026-06-30"), (19, "2026-06-30"), (20, "01")];

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let file = folder.register(&[vec![], vec![(2, COURT), (7, "鳥取簡易裁判所"), (9, "101")]]);
    let first = imported(&db, &file).unwrap();
    assert_eq!((first.rows_read, first.new, first.is_unchanged()), (2, 2, false));
    assert_eq!(
        first.by_kind,
        BTreeMap::from([(CompanyKind::StateBody, 1), (CompanyKind::LocalGovernment, 1)])
    );
    assert_eq!(stored(&db), [1, 2, 2]);
    let second = imported(&db, &file).unwrap();
    assert_eq!((second.rows_read, second.same, second.is_unchanged()), (2, 2, true));
    assert_eq!(stored(&db), [2, 2, 2]);
}

#[test]
fn changes_and_closures_arrive_as_new_versions() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let town = db.town("tateshina");
    imported(&db, &folder.register(&[vec![], vec![(2, COURT)], vec![(2, THIRD)]])).unwrap();
    let renamed = vec![(3, "11"), (5, "2026-07-30"), (7, "岩美新町")];
    let closed = [&[(2, COURT)], CLOSED.as_slice()].concat();
    let summary = imported(&db, &folder.register(&[renamed, closed, vec![(2, THIRD)]])).unwrap();
    assert_eq!((summary.new, summary.changed, summary.same, summary.closed), (0, 2, 1, 1));
    assert_eq!(stored(&db), [2, 3, 5]);

    let iwami = db.arrange(town, |tx| find(tx, &number(IWAMI)));
    assert_eq!((iwami.version, iwami.record.name.as_str()), (2, "岩美新町"));
    let history = db.arrange(town, |tx| versions(tx, &number(IWAMI)));
    let told: Vec<_> = history.iter().map(|state| (state.version, state.name.as_str())).collect();
    assert_eq!(told, [(2, "岩美新町"), (1, "岩美町")]);
    let court = db.arrange(town, |tx| find(tx, &number(COURT)));
    assert_eq!(court.record.closure.map(|closure| closure.cause), Some(CloseCause::WoundUp));
    let history = db.arrange(town, |tx| versions(tx, &number(COURT)));
    assert_eq!(history[0].closed_on, court.record.ended_on());
    assert_eq!(names(found(&db, town, "新町", &RegistryFilter::default())), ["岩美新町"]);
}

#[test]
fn an_older_file_does_not_undo_a_newer_one() {
    let (db, folder) = (TestDb::new(), Folder::new());
    imported(&db, &folder.register(&[vec![(5, "2026-07-30"), (7, "岩美新町")]])).unwrap();
    let summary = imported(&db, &folder.register(&[vec![]])).unwrap();
    assert_eq!((summary.older, summary.is_unchanged()), (1, true));
    assert_eq!(stored(&db), [2, 1, 1]);
}

#[test]
fn bad_rows_are_reported_and_the_rest_goes_in() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let rows = [
        vec![],
        vec![(2, "1000013050239")],
        vec![(2, COURT), (24, "0")],
        vec![(7, "二度目")],
        vec![(2, THIRD), (9, "999")],
        vec![(2, COURT), (5, "2026-02-30")],
    ];
    let summary = imported(&db, &folder.register(&rows)).unwrap();
    assert_eq!((summary.rows_read, summary.new, summary.history, summary.rows_rejected), (6, 1, 1, 4));
    let told: Vec<_> = summary
        .rejected
        .iter()
        .map(|problem| (problem.line, problem.column.map(|column| column.position), problem.reason))
        .collect();
    assert_eq!(
        told,
        [
            (2, Some(2), RowReason::CheckDigit),
            (4, Some(2), RowReason::Duplicate),
            (5, Some(9), RowReason::UnknownCode),
            (6, Some(5), RowReason::NotADate)
        ]
    );
    assert_eq!(stored(&db), [1, 1, 1]);
}

#[test]
fn a_file_that_is_no_register_leaves_nothing_behind() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let whole = format!("{}\r\n{}\r\n", line_with(&[]), line_with(&[(2, COURT)]));
    let broken_rows = format!("{whole}{}", "a,b,c\r\n".repeat(101));
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long_line = format!("{whole}{}", "1".repeat(1 << 20));
    for (name, bytes) in [
        ("empty.csv", Vec::new()),
        ("cut.csv", whole.as_bytes()[..whole.len() - 20].to_vec()),
        ("columns.csv", "a,b,c\r\n".repeat(5).into_bytes()),
        ("late.csv", broken_rows.into_bytes()),
        ("utf16.csv", utf16),
        ("euc.csv", encoding_rs::EUC_JP.encode(&whole).0.into_owned()),
        ("long.csv", long_line.into_bytes()),
        ("register.zip", b"PK\x03\x04".to_vec()),
    ] {
        let refused = imported(&db, &folder.file(name, bytes)).unwrap_err();
        assert!(matches!(refused, ImportError::File(_)), "{name}: {refused}");
        assert_eq!(stored(&db), [0, 0, 0], "{name}");
    }
    let directory = imported(&db, folder.0.path()).unwrap_err();
    assert!(directory.to_string().contains("is a directory"), "{directory}");
    let missing = imported(&db, &folder.0.path().join("nowhere.csv")).unwrap_err();
    assert!(missing.to_string().contains("nowhere.csv"), "{missing}");
}

#[test]
fn a_cancelled_import_leaves_nothing_behind_and_progress_reaches_the_end() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let file = folder.register(&[vec![], vec![(2, COURT)]]);
    let size = fs::metadata(&file).unwrap().len();
    let cancel = AtomicBool::new(false);
    let mut last = None;
    let cancelled = import(&mut db.owner(), &file, &cancel, |progress| {
        last = Some(progress);
        cancel.store(true, Ordering::Relaxed);
    });
    assert!(matches!(cancelled, Err(ImportError::Cancelled)));
    assert_eq!(last, Some(Progress { bytes_read: size, bytes_total: size, rows: 2 }));
    assert_eq!(stored(&db), [0, 0, 0]);
}

#[test]
fn two_imports_at_once_do_not_mix() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let file = folder.register(&[vec![]]);
    let mut other = db.owner();
    other
        .transaction::<_, ImportError, _>(|other| {
            assert!(store::shut_others_out(other)?);
            assert!(matches!(imported(&db, &file), Err(ImportError::Busy)));
            Ok(())
        })
        .unwrap();
    assert_eq!(imported(&db, &file).unwrap().new, 1);
}

/// As on a real server, where bootstrap lets the serving role write every new table unless a migration says no.
#[test]
fn no_town_can_write_the_register() {
    #[derive(QueryableByName)]
    struct Right {
        #[diesel(sql_type = Text)]
        of: String,
    }
    let db = TestDb::new();
    let name = format!("{}_with_default_rights", db.name());
    db.owner().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let url = test_server().0.url_of(Role::Owner, &name);
    let mut owner = PgConnection::establish(&url).unwrap();
    let by_default = "ALTER DEFAULT PRIVILEGES IN SCHEMA public \
                      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yui_app";
    owner.batch_execute(by_default).unwrap();
    migrate(&url);
    let rights: Vec<Right> = diesel::sql_query(
        "SELECT relation || ' ' || wanted AS of \
         FROM unnest(ARRAY['registry_imports', 'registry_companies', 'registry_versions', 'companies']) relation, \
              unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) wanted \
         WHERE has_table_privilege('yui_app', relation, wanted) AND (wanted <> 'SELECT' OR relation <> 'companies')",
    )
    .load(&mut owner)
    .unwrap();
    let mut rights: Vec<_> = rights.into_iter().map(|right| right.of).collect();
    rights.sort();
    assert_eq!(
        rights,
        [
            "companies DELETE",
            "companies INSERT",
            "companies UPDATE",
            "registry_companies SELECT",
            "registry_imports SELECT",
            "registry_versions SELECT"
        ]
    );
}

#[test]
fn closed_hidden_and_deleted_ones_are_shown_on_request_and_marked() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let town = db.town("tateshina");
    let closed = [&[(2, COURT), (7, "岩美閉鎖"), (29, "イワミ")], CLOSED.as_slice()].concat();
    let hidden = vec![(2, THIRD), (7, "岩美不明"), (29, "ウ"), (30, "1")];
    let deleted = vec![(2, "4011001098993"), (3, "99"), (7, "岩美削除"), (29, "エ")];
    imported(&db, &folder.register(&[vec![], closed, hidden, deleted])).unwrap();
    assert_eq!(names(found(&db, town, "岩美", &RegistryFilter::default())), ["岩美町"]);
    let all = found(&db, town, "岩美", &everything());
    let marks: Vec<_> =
        all.iter().map(|row| (row.name.as_str(), row.closure.is_some(), row.hidden, row.deleted)).collect();
    assert_eq!(
        marks,
        [
            ("岩美閉鎖", true, false, false),
            ("岩美町", false, false, false),
            ("岩美不明", false, true, false),
            ("岩美削除", false, false, true)
        ]
    );
    let by_number = found(&db, town, "４０１１００１０９８９９３", &RegistryFilter::default());
    assert_eq!(names(by_number), ["岩美削除"]);
    let overview = db.arrange(town, overview).unwrap();
    assert_eq!((overview.companies, overview.closed, overview.source), (3, 1, "国税庁法人番号公表サイト"));
    assert_eq!(overview.as_of, "2026-07-31".parse().ok());
}

#[test]
fn the_search_keeps_to_its_place() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let town = db.town("tateshina");
    assert_eq!(db.arrange(town, overview), None);
    let tokyo = vec![(2, COURT), (7, "岩美東京"), (10, "東京都"), (11, "千代田区")];
    imported(&db, &folder.register(&[vec![], tokyo])).unwrap();
    let within = |prefecture: &str, city: &str| {
        let filter = RegistryFilter {
            prefecture: prefecture.to_owned(),
            city: city.to_owned(),
            include_closed: false,
        };
        names(found(&db, town, "岩美", &filter))
    };
    assert_eq!(within("東京都", ""), ["岩美東京"]);
    assert_eq!(within("", "岩美町"), ["岩美町"]);
    assert_eq!(within("東京都", "岩美町"), [] as [String; 0]);
    assert_eq!(within("", "%"), [] as [String; 0]);
    assert_eq!(found(&db, town, "", &everything()).len(), 2);
}

#[test]
fn a_registered_corporation_becomes_a_client_once() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let (ours, theirs) = (db.town("tateshina"), db.town("shiojiri"));
    imported(&db, &folder.register(&[vec![(7, "　﨑岩美町㈱")]])).unwrap();
    let company = db.acting(ours, SALES, |tx| adopt(tx, &number(IWAMI), false)).unwrap();
    assert_eq!(company.corporate_number, Some(number(IWAMI)));
    assert_eq!((company.name.as_str(), company.furigana.as_str()), ("　﨑岩美町㈱", "イワミチヨウ"));
    assert_eq!(company.postal_code, "681-0003");
    assert_eq!(company.address, "鳥取県岩美郡岩美町大字浦富６７５－１");

    let again = db.acting(ours, SALES, |tx| adopt(tx, &number(IWAMI), false)).unwrap_err();
    assert_eq!(again.code(), Code::Taken);
    assert!(matches!(again, AdoptError::Taken(id) if id == company.id));
    let known = |town| found(&db, town, "岩美", &everything())[0].company;
    assert_eq!((known(ours), known(theirs)), (Some(company.id), None));
    db.acting(theirs, SALES, |tx| adopt(tx, &number(IWAMI), false)).unwrap();
    let unknown = db.acting(ours, SALES, |tx| adopt(tx, &number(THIRD), false)).unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
}

#[test]
fn a_closed_corporation_is_adopted_only_when_confirmed_and_warns_ever_after() {
    let (db, folder) = (TestDb::new(), Folder::new());
    let town = db.town("tateshina");
    let deleted = vec![(2, THIRD), (3, "99")];
    imported(&db, &folder.register(&[CLOSED.to_vec(), vec![(2, COURT)], deleted])).unwrap();
    let refused = db.acting(town, SALES, |tx| adopt(tx, &number(IWAMI), false)).unwrap_err();
    assert_eq!(refused.code(), Code::CompanyClosed);
    let closed = db.acting(town, SALES, |tx| adopt(tx, &number(IWAMI), true)).unwrap();
    let open = db.acting(town, SALES, |tx| adopt(tx, &number(COURT), false)).unwrap();
    let gone = db.acting(town, SALES, |tx| adopt(tx, &number(THIRD), true)).unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);

    let unnumbered =
        companies::CompanyInput { name: "無番号".into(), ..companies::CompanyInput::default() };
    let unnumbered = db.acting(town, SALES, |tx| companies::enter(tx, unnumbered)).unwrap();
    let closed_on = |id| db.arrange(town, |tx| companies::closed_on(tx, id));
    assert_eq!(closed_on(closed.id), "2026-06-30".parse().ok());
    assert_eq!((closed_on(open.id), closed_on(unnumbered.id)), (None, None));
}

/// The published file of Tottori prefecture, where it lies beside the project.
fn tottori() -> Option<PathBuf> {
    shared_data("corporate_numbers_tottori_20260731.csv")
}

/// Number, name and reading of each line, read without any of the code under test.
fn read_plainly(file: &Path) -> Vec<(String, String, String)> {
    let bytes = fs::read(file).unwrap();
    let (text, _, replaced) = SHIFT_JIS.decode(&bytes);
    assert!(!replaced);
    let bare = |column: Option<&str>| column.unwrap().trim_matches('"').to_owned();
    let read = |line: &str| {
        let mut columns = line.split(',');
        (bare(columns.nth(1)), bare(columns.nth(4)), bare(line.rsplit(',').nth(1)))
    };
    text.lines().map(read).collect()
}

#[test]
fn the_published_file_goes_in_whole_and_byte_exact() {
    let Some(file) = tottori() else { return };
    let (db, folder) = (TestDb::new(), Folder::new());
    let town = db.town("tateshina");
    let started = kernel::clock::machine_time();
    let summary = imported(&db, &file).unwrap();
    let lasted = (kernel::clock::machine_time() - started).num_milliseconds();
    println!("importing {} rows took {lasted} ms", summary.rows_read);
    assert_eq!((summary.rows_read, summary.new, summary.rows_rejected), (20_214, 20_214, 0));
    assert_eq!((summary.closed, summary.as_of), (2_764, "2026-07-31".parse().ok()));
    let of_kind = |kind| summary.by_kind[&kind];
    assert_eq!(of_kind(CompanyKind::LimitedCompany), 7_774);
    assert_eq!(of_kind(CompanyKind::StockCompany), 6_662);
    assert_eq!(of_kind(CompanyKind::OtherRegistered), 3_759);
    assert_eq!(of_kind(CompanyKind::LimitedLiabilityCompany), 1_242);
    assert_eq!(stored(&db), [1, 20_214, 20_214]);
    let overview = db.arrange(town, overview).unwrap();
    assert_eq!((overview.companies, overview.closed), (20_214, 2_764));

    let kept: Vec<(String, String, String)> = company::table
        .order(company::corporate_number)
        .select((company::corporate_number, company::name, company::furigana))
        .load(&mut db.owner())
        .unwrap();
    let mut published = read_plainly(&file);
    published.sort();
    assert!(kept == published, "a name or reading is not what was published");

    let again = imported(&db, &file).unwrap();
    assert_eq!((again.same, again.is_unchanged()), (20_214, true));
    let unicode = SHIFT_JIS.decode(&fs::read(&file).unwrap()).0.into_owned();
    for (name, mark) in [("unicode_20260731.csv", ""), ("marked_20260731.csv", "\u{feff}")] {
        let unicode = imported(&db, &folder.file(name, format!("{mark}{unicode}"))).unwrap();
        assert_eq!((unicode.edition, unicode.same), (reader::Edition::Unicode, 20_214));
    }
    assert_eq!(stored(&db), [4, 20_214, 20_214]);
}

#[test]
fn two_characters_find_what_a_plain_scan_finds_through_the_index() {
    let Some(file) = tottori() else { return };
    let db = TestDb::new();
    let town = db.town("tateshina");
    imported(&db, &file).unwrap();
    let published = read_plainly(&file);
    for query in ["米子", "建設", "鳥", "大山乳業"] {
        let mut expected: Vec<&str> = published
            .iter()
            .filter(|(_, name, _)| name.contains(query))
            .map(|(number, ..)| number.as_str())
            .collect();
        let rows = found(&db, town, query, &everything());
        let mut numbers: Vec<&str> = rows.iter().map(|row| row.corporate_number.as_str()).collect();
        assert!(rows.is_sorted_by_key(|row| {
            kernel::likeness::kana_key(if row.furigana.is_empty() { &row.name } else { &row.furigana })
        }));
        expected.sort_unstable();
        numbers.sort_unstable();
        assert_eq!(numbers, expected, "{query}");
        assert!(!expected.is_empty(), "{query}");
    }
    for query in ["米子", "建設", "大山乳業"] {
        let plan = db.arrange(town, |tx| lists::explaining::plan(tx, query));
        assert!(plan.contains("registry_companies_grams"), "{query}:\n{plan}");
        let started = kernel::clock::machine_time();
        db.arrange(town, |tx| search(tx, query, &RegistryFilter::default(), &Paging::first(20)));
        let lasted = (kernel::clock::machine_time() - started).num_microseconds();
        println!("the first page of {query} took {lasted:?} µs");
    }
}

#[test]
fn a_changed_and_a_closed_row_of_the_published_file_become_second_versions() {
    let Some(file) = tottori() else { return };
    let (db, folder) = (TestDb::new(), Folder::new());
    imported(&db, &file).unwrap();
    let text = SHIFT_JIS.decode(&fs::read(&file).unwrap()).0.into_owned();
    let renamed = "2,1000020313025,11,1,2026-08-01,2026-08-01,\"岩美新町\",,201";
    let later = text
        .replace("2,1000020313025,01,1,2018-04-09,2015-10-05,\"岩美町\",,201", renamed)
        .replacen(",6891402,,,,,,,", ",6891402,,,2026-07-31,01,,,", 1)
        .replacen("1000020313289,01,1,2018-04-09", "1000020313289,21,1,2026-08-01", 1);
    let summary =
        imported(&db, &folder.file("31_tottori_all_20260831.csv", SHIFT_JIS.encode(&later).0)).unwrap();
    assert_eq!((summary.new, summary.changed, summary.same, summary.closed), (0, 2, 20_212, 2_765));
    assert_eq!(stored(&db), [2, 20_214, 20_216]);
}
