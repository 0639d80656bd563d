//! What can go wrong at the door, before and below every rule of the product.

use diesel::result::{DatabaseErrorKind, Error as QueryError};
use kernel::{Code, Coded};

/// The result of a store function.
pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// A failure of the database or of the way to it. Never shown to people beyond its [`Code`].
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection within the pool's time limit, or the server is away. Nothing was changed.
    #[error("database is unavailable: {0}")]
    Unavailable(String),
    /// A guarded row was not there, or no longer in the state the statement asked for.
    #[error("row is missing or has changed")]
    NotFound,
    /// The statement failed.
    #[error(transparent)]
    Query(QueryError),
}

impl DbError {
    /// Whether this is the violation of the named UNIQUE, CHECK, foreign-key or exclusion constraint.
    pub fn violates(&self, constraint: &str) -> bool {
        matches!(self, Self::Query(QueryError::DatabaseError(_, info)) if info.constraint_name() == Some(constraint))
    }
}

impl DbError {
    /// Whether a row could not go because others refer to it.
    pub fn is_still_referenced(&self) -> bool {
        matches!(self, Self::Query(QueryError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)))
    }
}

impl From<QueryError> for DbError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::NotFound => Self::NotFound,
            QueryError::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
                Self::Unavailable(info.message().to_owned())
            }
            other => Self::Query(other),
        }
    }
}

impl Coded for DbError {
    fn code(&self) -> Code {
        match self {
            Self::Unavailable(_) => Code::Unavailable,
            Self::NotFound => Code::NotFound,
            Self::Query(_) => Code::Internal,
        }
    }
}
