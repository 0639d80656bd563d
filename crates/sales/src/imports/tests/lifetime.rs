//! An import from its beginning to its end: killed, cancelled, behind another, forgotten, and nobody else's.

use std::fmt::Write as _;

use kernel::{OrganizationId, PersonId};

use super::*;

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
