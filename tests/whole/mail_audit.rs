//! An independent count: what lies on the mailbox's disk against what was asked for. It knows nothing of how mails are
//! sent; it reads a file of lines and one query.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Text};
use notifier::sink::ReceivedMail;
use sha2::{Digest as _, Sha256};

/// What the mailbox writes down of a mail: its Message-ID and the digest of its bytes.
pub(super) fn line_of(mail: &ReceivedMail) -> String {
    let text = String::from_utf8_lossy(&mail.message);
    let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap();
    format!("{id}\t{}\n", hex(&Sha256::digest(&mail.message)))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// What lies on the mailbox's disk: Message-ID → digests of its copies.
fn delivered(log: &Path) -> BTreeMap<String, Vec<String>> {
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in BufReader::new(File::open(log).unwrap()).lines() {
        let line = line.unwrap();
        let (id, digest) = line.split_once('\t').unwrap();
        copies.entry(id.to_owned()).or_default().push(digest.to_owned());
    }
    copies
}

#[derive(QueryableByName)]
struct Intent {
    #[diesel(sql_type = Text)]
    message_id: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bytea)]
    sha256: Vec<u8>,
    /// Attempts that ended without an answer.
    #[diesel(sql_type = BigInt)]
    unknown: i64,
}

/// What the count found.
pub(super) struct Audit {
    /// Everything that was asked for.
    pub(super) intents: usize,
    /// What some attempt ended with no answer about.
    pub(super) unknown: BTreeSet<String>,
    /// Copies beyond the first.
    pub(super) too_many: usize,
    /// What waits for a person, or was given up, and was not delivered.
    pub(super) kept: usize,
}

/// Compares what was asked for with what lies on the disk: nothing is lost, nothing went twice that is not listed, no
/// secret went twice, every copy is the very same.
pub(super) fn audit(owner: &mut PgConnection, log: &Path) -> Audit {
    let copies = delivered(log);
    let intents: Vec<Intent> = diesel::sql_query(
        "SELECT m.message_id, m.category, m.state, b.sha256, (SELECT count(*) FROM message_attempts a \
             WHERE a.organization_id = m.organization_id AND a.message_id = m.id AND a.outcome = 'unknown') AS unknown \
         FROM messages m JOIN message_bytes b ON b.organization_id = m.organization_id AND b.message_id = m.id",
    )
    .load(owner)
    .unwrap();
    let mut kept = 0;
    for one in &intents {
        let own = copies.get(&one.message_id).map_or(&[] as &[String], Vec::as_slice);
        // What may not go twice is put aside at the next look when it is in doubt.
        let goes_once = matches!(one.category.as_str(), "account" | "commercial");
        let aside = goes_once && one.state == "unknown";
        let waits = aside || matches!(one.state.as_str(), "held" | "dead");
        assert!(!own.is_empty() || waits, "lost: {} is {}", one.message_id, one.state);
        kept += usize::from(own.is_empty());
        assert!(
            own.len() <= 1 + usize::try_from(one.unknown).unwrap(),
            "an unlisted copy: {}",
            one.message_id
        );
        assert!(own.len() <= 1 || !goes_once, "what goes once went twice: {}", one.message_id);
        let frozen = hex(&one.sha256);
        assert!(own.iter().all(|digest| *digest == frozen), "{} changed on its way", one.message_id);
    }
    let known: BTreeSet<&str> = intents.iter().map(|one| one.message_id.as_str()).collect();
    assert!(copies.keys().all(|id| known.contains(id.as_str())), "a mail that nobody asked for");
    let unknown = intents.iter().filter(|one| one.unknown > 0).map(|one| one.message_id.clone()).collect();
    Audit { intents: intents.len(), unknown, too_many: copies.values().map(|own| own.len() - 1).sum(), kept }
}
