//! Mail addresses as they are typed: full-width forms folded, nothing else changed.

use std::fmt;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Not of the form `name@domain`.
    #[error("not a mail address: write it as name@example.jp")]
    Malformed,
    /// Longer than RFC 5321 §4.5.3.1 allows (64 before the @, 254 in all).
    #[error("mail address is too long: at most 64 characters before the @ and 254 in all")]
    TooLong,
}

/// A deliverable-looking address. Its domain is lower case; its local part is as typed.
///
/// RFC-breaking local parts that Japanese carriers once issued (`a..b@docomo.ne.jp`) are accepted, because
/// their owners can receive mail; the sender quotes them.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    AsExpression,
    FromSqlRow,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(extend("format" = "idn-email"))]
#[diesel(sql_type = Text)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads what a person typed; full-width letters, digits and ＠ become ASCII, spaces around go.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let folded = crate::text::fold_width(typed);
        let (local, domain) = folded.trim().rsplit_once('@').ok_or(EmailError::Malformed)?;
        if local.len() > 64 || local.len() + domain.len() + 1 > 254 {
            return Err(EmailError::TooLong);
        }
        if !is_local_part(local) || !is_domain(domain) {
            return Err(EmailError::Malformed);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the @, lower case.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// For logs: the first character and the domain, `t***@example.jp`.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('?');
        format!("{first}***@{}", self.domain())
    }

    /// The form two spellings of one mailbox share: lower case throughout. For look-ups, never for sending.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// ASCII without spaces, controls or the characters that would need quoting even for a carrier's old address.
fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.chars().all(|c| {
            c.is_ascii_graphic()
                && !matches!(c, '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '@' | '[' | '\\' | ']')
        })
}

/// Dot-separated labels, at least two; non-ASCII labels are allowed and punycoded by the sender.
fn is_domain(domain: &str) -> bool {
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.chars().count() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
    };
    domain.contains('.') && domain.split('.').all(label_ok)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl FromSql<Text, Pg> for EmailAddress {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(bytes).map(Self)
    }
}

impl ToSql<Text, Pg> for EmailAddress {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <str as ToSql<Text, Pg>>::to_sql(&self.0, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read() {
        for (typed, read) in [
            ("  tanaka@Example.JP ", "tanaka@example.jp"),
            ("ｔａｎａｋａ＠example.jp", "tanaka@example.jp"),
            ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
            ("taro+yui@example.co.jp", "taro+yui@example.co.jp"),
        ] {
            assert_eq!(EmailAddress::parse(typed).unwrap().as_str(), read, "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_mailed_or_could_inject_is_refused() {
        for typed in [
            "",
            "@",
            "a@b",
            "a@b@c.jp",
            "a b@example.jp",
            "a@exa mple.jp",
            "a@example.jp\r\nBcc: x@y.jp",
            "a@[127.0.0.1]",
            "<a@example.jp>",
            "a@-x.jp",
            "a@x..jp",
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(EmailError::Malformed), "{typed}");
        }
        let long = format!("{}@example.jp", "a".repeat(65));
        assert_eq!(EmailAddress::parse(&long), Err(EmailError::TooLong));
    }

    #[test]
    fn a_log_line_never_carries_the_local_part() {
        assert_eq!(EmailAddress::parse("tanaka@example.jp").unwrap().masked(), "t***@example.jp");
    }
}
