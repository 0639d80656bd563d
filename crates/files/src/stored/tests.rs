//! Files with their rows against a real database.

use db::testing::TestDb;
use kernel::{Code, Coded, FileId, OrganizationId, PersonId, Scope};
use tempfile::TempDir;

use super::*;
use crate::{FileError, MediaType, Store, sweep};

struct Town {
    db: TestDb,
    id: OrganizationId,
    person: PersonId,
    store: Store,
    _directory: TempDir,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        let person = db.person(id, "tanaka", &["worker"]);
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("files")).unwrap();
        Self { db, id, person, store, _directory: directory }
    }

    fn receive(&self, name: &str, content: &'static str) -> Received {
        self.store.receive_blocking(self.id, name, content, 1_000).unwrap()
    }

    fn run<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>) -> Result<T, DbError> {
        self.db.acting(self.id, self.person, work)
    }

    /// As many days later as it takes for bytes to count as forgotten.
    fn sweep_later(&self) -> usize {
        self.db.freeze(kernel::clock::machine_time() + chrono::TimeDelta::hours(25));
        self.sweep()
    }

    fn sweep(&self) -> usize {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(sweep(&self.store, &self.db.app, self.id)).unwrap()
    }
}

#[test]
fn a_kept_file_reads_back_byte_for_byte() {
    let town = Town::new();
    let received = town.receive("C:\\納品\\一覧.csv", "名前\r\n田中\r\n");
    let kept = town.run(|tx| keep(tx, &received)).unwrap();
    assert_eq!((kept.name.as_str(), kept.media_type), ("一覧.csv", MediaType::Csv));
    assert_eq!((kept.bytes, kept.person), (16, Some(town.person)));
    let expected: String =
        received.sha256.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).map(char::from).collect();
    assert_eq!(kept.sha256, expected);
    assert_eq!(town.run(|tx| find(tx, kept.id)).unwrap(), kept);
    assert_eq!(town.run(|tx| find_many(tx, &[kept.id, FileId(9_999)])).unwrap().len(), 1);
    assert_eq!(town.store.read_blocking(&kept, 16).unwrap(), "名前\r\n田中\r\n");
    let too_much = town.store.read_blocking(&kept, 15).unwrap_err();
    assert_eq!(too_much.code(), Code::TooLarge);
}

#[test]
fn another_towns_file_is_not_there() {
    let town = Town::new();
    let other = Scope::system(town.db.town("shiojiri"));
    let received = town.receive("a.txt", "a");
    let taken = town.db.app.run_blocking(other, |tx| keep(tx, &received));
    assert!(matches!(taken, Err(DbError::NotFound)));
    let kept = town.run(|tx| keep(tx, &received)).unwrap();
    let found = town.db.app.run_blocking(other, |tx| find(tx, kept.id));
    assert!(matches!(found, Err(DbError::NotFound)));
}

#[test]
fn what_the_system_keeps_has_no_uploader() {
    let town = Town::new();
    let received = town.receive("a.txt", "a");
    let kept = town.db.arrange(town.id, |tx| keep(tx, &received));
    assert_eq!(kept.person, None);
}

#[test]
fn bytes_without_a_row_are_swept_a_day_later_and_others_never() {
    let town = Town::new();
    let received = town.receive("kept.txt", "kept");
    let kept = town.run(|tx| keep(tx, &received)).unwrap();
    let lost = town.receive("lost.txt", "lost");
    let staged = town.store.directory().join(format!("{}#1", lost.storage_key));
    std::fs::write(&staged, "half").unwrap();
    let theirs = town.db.town("shiojiri");
    let elsewhere = town.store.receive_blocking(theirs, "theirs.txt", "theirs", 1_000).unwrap();
    assert_eq!(town.sweep(), 0, "their transaction may still be open");
    assert_eq!(town.sweep_later(), 2);
    assert!(!staged.exists() && !town.store.directory().join(&lost.storage_key).exists());
    assert!(town.store.directory().join(&elsewhere.storage_key).exists());
    assert_eq!(town.store.read_blocking(&kept, 10).unwrap(), "kept");
    assert_eq!(town.sweep(), 0);
}

#[test]
fn a_row_whose_bytes_are_gone_is_said_to_be() {
    let town = Town::new();
    let received = town.receive("a.txt", "a");
    let kept = town.run(|tx| keep(tx, &received)).unwrap();
    std::fs::remove_file(town.store.directory().join(&kept.storage_key)).unwrap();
    let gone = town.store.read_blocking(&kept, 10).unwrap_err();
    assert!(matches!(gone, FileError::Gone));
    assert_eq!(gone.code(), Code::NotFound);
}

#[test]
fn a_day_has_a_quota_per_person_and_per_town_and_the_next_day_begins_anew() {
    let town = Town::new();
    let colleague = town.db.person(town.id, "suzuki", &["worker"]);
    let quota = Quota { person_bytes: 10, town_bytes: 15 };
    let upload = |person: PersonId, content: &'static str| {
        let received = town.receive("a.txt", content);
        town.db.acting(town.id, person, |tx| keep_within(tx, &received, &quota))
    };
    upload(town.person, "12345678").unwrap();
    let refused = upload(town.person, "123").unwrap_err();
    assert!(matches!(refused, FileError::QuotaUsedUp { most_bytes: 10 }), "{refused}");
    assert_eq!(refused.code(), Code::UploadLimit);
    upload(town.person, "12").unwrap();
    let refused = upload(colleague, "123456").unwrap_err();
    assert!(matches!(refused, FileError::QuotaUsedUp { most_bytes: 15 }), "the town's");
    upload(colleague, "12345").unwrap();
    town.db.freeze(kernel::clock::machine_time() + chrono::TimeDelta::hours(25));
    upload(town.person, "1234567890").unwrap();
}

#[test]
fn all_who_have_no_account_share_one_persons_quota_and_leave_the_towns_to_its_people() {
    let town = Town::new();
    let quota = Quota { person_bytes: 10, town_bytes: 100 };
    let outside = |content: &'static str| {
        let received = town.receive("a.txt", content);
        town.db.app.run_blocking(Scope::system(town.id), |tx| keep_within(tx, &received, &quota))
    };
    outside("12345678").unwrap();
    let refused = outside("123").unwrap_err();
    assert!(matches!(refused, FileError::QuotaUsedUp { most_bytes: 10 }), "{refused}");
    outside("12").unwrap();
    let received = town.receive("a.txt", "1234567890");
    town.db.acting(town.id, town.person, |tx| keep_within(tx, &received, &quota)).unwrap();
}
