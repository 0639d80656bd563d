//! What the pages of orders, jobs, review, deliveries and workers share: choices, moments, counts in words.

use std::collections::{BTreeSet, HashMap};

use accounts::Role;
use accounts::persons::{self, Person};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use clients::companies;
use db::{DbError, Tx};
use fluent_bundle::FluentArgs;
use fulfillment::orders::{Order, Progress};
use kernel::{Code, CompanyId, JST, Language, PersonId, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// One choice of a select, of radio buttons or of a filter.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Choice {
    /// A choice named by a thing.
    pub(crate) fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }

    /// One choice for each word of an enum, named by the text `PREFIX-WORD` with hyphens for underscores.
    pub(crate) fn words<T: ToString>(call: &Call, prefix: &str, values: &[T]) -> Vec<Self> {
        let choice = |value: &T| {
            let word = value.to_string();
            Self { label: call.text(&text_key(prefix, &word)), value: word }
        };
        values.iter().map(choice).collect()
    }
}

/// `PREFIX-WORD`, as keys of texts spell a stored word.
pub(crate) fn text_key(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace('_', "-"))
}

/// A text with variables.
pub(crate) fn say(call: &Call, key: &str, variables: &[(&'static str, String)]) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in variables {
        args.set(*name, value.clone());
    }
    call.app.texts.get(call.language, key, &args)
}

/// A text that counts something.
pub(crate) fn say_count(call: &Call, key: &str, count: i64) -> String {
    let mut args = FluentArgs::new();
    args.set("count", count);
    call.app.texts.get(call.language, key, &args)
}

/// A tab above a list.
#[derive(Debug, Serialize)]
pub(crate) struct Tab {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// A moment for people and machines.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct When {
    pub(crate) text: String,
    pub(crate) full: String,
    pub(crate) iso: String,
}

impl When {
    pub(crate) fn of(language: Language, instant: DateTime<Utc>) -> Self {
        let time = instant.with_timezone(&JST).format("%H:%M");
        Self {
            text: format::moment(language, instant),
            full: format!("{} {time}", format::full_date(language, date_in_japan(instant))),
            iso: instant.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

/// A day written out, for rows of facts.
pub(crate) fn day(language: Language, date: NaiveDate) -> String {
    format::full_date(language, date)
}

/// A unit as people name it: `回答の入力 – No. 3`. A label alone says nothing beside those of other jobs; one that begins
/// with its job's title says it already.
pub(crate) fn unit_name(call: &Call, job_title: &str, label: &str) -> String {
    if label.starts_with(job_title) {
        return label.to_owned();
    }
    say(call, "unit-name", &[("job", job_title.to_owned()), ("label", label.to_owned())])
}

/// How far something has come: a bar with its count in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Bar {
    pub(crate) done: i64,
    pub(crate) total: i64,
    pub(crate) text: String,
    pub(crate) note: String,
}

impl Bar {
    /// Finished units out of those that still count.
    pub(crate) fn of(call: &Call, progress: &Progress) -> Self {
        let (done, total) = (progress.finished(), progress.live());
        Self { done, total: total.max(1), text: of_total(call, done, total), note: standing(call, progress) }
    }
}

/// `30件中24件`.
pub(crate) fn of_total(call: &Call, done: i64, total: i64) -> String {
    let variables = [("done", format::count(done)), ("total", format::count(total))];
    say(call, "orders-done-of-total", &variables)
}

/// Where the units stand, the parts that are not zero: `募集中 3 · 検品待ち 2`.
pub(crate) fn standing(call: &Call, progress: &Progress) -> String {
    let parts = [
        ("orders-part-draft", progress.draft),
        ("orders-part-offered", progress.offered),
        ("orders-part-claimed", progress.claimed),
        ("orders-part-working", progress.working),
        ("orders-part-submitted", progress.submitted),
        ("orders-part-returned", progress.returned),
        ("orders-part-passed", progress.passed),
        ("orders-part-delivered", progress.delivered),
        ("orders-part-accepted", progress.accepted),
        ("orders-part-claimed-back", progress.claimed_back),
        ("orders-part-refused", progress.refused),
        ("orders-part-cancelled", progress.cancelled),
    ];
    let filled = parts.into_iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> =
        filled.map(|(key, count)| format!("{} {}", call.text(key), format::count(count))).collect();
    words.join(" · ")
}

/// The names of the companies behind some orders.
pub(crate) fn client_names(
    tx: &mut Tx<'_>,
    orders: &[&Order],
) -> Result<HashMap<CompanyId, String>, DbError> {
    let ids: BTreeSet<CompanyId> = orders.iter().map(|order| order.company_id).collect();
    companies::names(tx, &ids.into_iter().collect::<Vec<_>>())
}

/// The names of some people, in the reader's language.
pub(crate) fn people(
    tx: &mut Tx<'_>,
    language: Language,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, String>, DbError> {
    let ids: BTreeSet<PersonId> = ids.into_iter().collect();
    let found = persons::find_many(tx, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|(id, person): (PersonId, Person)| (id, person.name_in(language))).collect())
}

/// Whether the reader may change orders, jobs and the like; others see them without buttons.
pub(crate) fn may_write(call: &Call) -> bool {
    call.who.as_ref().is_some_and(|who| who.is(Role::Coordinator) || who.is(Role::Admin))
}

/// The state `state` names in a query, if it is one of `T`'s words.
pub(crate) fn word_of<T: std::str::FromStr>(typed: &kernel::Typed) -> Option<T> {
    typed.as_str().trim().parse().ok()
}

/// What a query says of `name` and is none of `T`'s words, as it was asked; a list then shows everything and says so
/// (`ui.unknown_filter`).
pub(crate) fn unknown_word<T: std::str::FromStr>(name: &str, typed: &kernel::Typed) -> Option<String> {
    let asked = typed.as_str().trim();
    let is_unknown = !asked.is_empty() && word_of::<T>(typed).is_none();
    is_unknown.then(|| format!("{name}={asked}"))
}

/// Whether a refused action should show its page again, fresh and with the reason, rather than an error page.
pub(crate) fn stays(failure: &Failure) -> bool {
    failure.is_about_input() && failure.code != Code::OwnWork
}
