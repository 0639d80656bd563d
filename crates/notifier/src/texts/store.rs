//! Rows of `mail_texts`: written once, never changed.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::Language;

use super::model::TextVersion;
use crate::mails::OwnWords;
use crate::schema::mail_texts;

/// How many versions of a wording are shown.
const SHOWN: i64 = 20;

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_texts)]
struct Row {
    version: i32,
    subject: Option<String>,
    body: Option<String>,
    written_at: DateTime<Utc>,
    written_by: String,
}

impl From<Row> for TextVersion {
    fn from(row: Row) -> Self {
        let words = row.subject.zip(row.body).map(|(subject, body)| OwnWords { subject, body });
        Self { version: row.version, words, written_at: row.written_at, written_by: row.written_by }
    }
}

/// The versions of one wording, newest first.
pub fn history(tx: &mut Tx<'_>, template: &str, language: Language) -> Result<Vec<TextVersion>, DbError> {
    let rows: Vec<Row> = mail_texts::table
        .filter(mail_texts::template.eq(template))
        .filter(mail_texts::language.eq(language))
        .order(mail_texts::version.desc())
        .limit(SHOWN)
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(TextVersion::from).collect())
}

/// The town's own wording with its version; `None` where Yui's own holds.
pub fn current(
    tx: &mut Tx<'_>,
    template: &str,
    language: Language,
) -> Result<Option<(i32, OwnWords)>, DbError> {
    let newest: Option<Row> = mail_texts::table
        .filter(mail_texts::template.eq(template))
        .filter(mail_texts::language.eq(language))
        .order(mail_texts::version.desc())
        .select(Row::as_select())
        .first(tx.conn())
        .optional()?;
    let newest = newest.map(TextVersion::from);
    Ok(newest.and_then(|newest| newest.words.map(|words| (newest.version, words))))
}

/// Which mails this town has wordings of its own for.
pub fn changed(tx: &mut Tx<'_>) -> Result<Vec<(String, Language)>, DbError> {
    let rows: Vec<(String, Language, Option<String>)> = mail_texts::table
        .distinct_on((mail_texts::template, mail_texts::language))
        .order((mail_texts::template, mail_texts::language, mail_texts::version.desc()))
        .select((mail_texts::template, mail_texts::language, mail_texts::body))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(template, language, body)| body.map(|_| (template, language))).collect())
}

/// The next version; two writers at once get two numbers, or one of them an error.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    template: &str,
    language: Language,
    words: Option<&OwnWords>,
) -> Result<i32, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    let latest: Option<i32> = mail_texts::table
        .filter(mail_texts::template.eq(template))
        .filter(mail_texts::language.eq(language))
        .select(diesel::dsl::max(mail_texts::version))
        .first(tx.conn())?;
    let version = latest.unwrap_or(0) + 1;
    diesel::insert_into(mail_texts::table)
        .values((
            mail_texts::template.eq(template),
            mail_texts::language.eq(language),
            mail_texts::version.eq(version),
            mail_texts::subject.eq(words.map(|words| &words.subject)),
            mail_texts::body.eq(words.map(|words| &words.body)),
            mail_texts::written_at.eq(now),
            mail_texts::written_by.eq(actor),
        ))
        .execute(tx.conn())?;
    Ok(version)
}
