//! What is known of a file. No database here.

use chrono::{DateTime, Utc};
use kernel::{FileId, PersonId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::MediaType;

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoredFile {
    /// Its id.
    pub id: FileId,
    /// Its name as it was uploaded.
    // Send it through `crate::content_disposition`.
    pub name: String,
    /// What it is.
    pub media_type: MediaType,
    /// How large it is.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// Who uploaded it; nobody where it came over a link or was made by the system.
    pub person: Option<PersonId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Where its bytes are, for backup and restore.
    #[serde(skip)]
    pub storage_key: String,
}

/// How much is taken in within 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// From one person, and from all together who have no account, in bytes.
    pub person_bytes: u64,
    /// From everybody of one town, in bytes.
    pub town_bytes: u64,
}
