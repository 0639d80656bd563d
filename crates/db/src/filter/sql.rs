//! A tree of conditions as one expression. Names of columns are constants of the program; every value is bound.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use diesel::BoolExpressionMethods;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::{Array, BigInt, Bool, Date, Text, Timestamptz};
use kernel::{JST, date_in_japan, text};

use super::model::{Condition, DaySpan, Finder, Group, Joined, Kind, Me, Node, Test};
use super::sorting::{RowKey, Sort, SortKey};
use crate::Tx;
use crate::search::{Found, found};

/// Who asks, and on which day.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The day in Japan.
    pub today: NaiveDate,
    /// The person who asks; nothing is theirs where it is no person.
    pub me: Me,
}

impl Asked {
    /// By whom and when a transaction is.
    pub fn of(tx: &Tx<'_>) -> Self {
        Self { today: date_in_japan(tx.now()), me: tx.actor().person() }
    }
}

/// The rows of `T` that a tree lets pass.
pub fn passes<T: 'static>(tree: &Group, asked: Asked) -> Found<T> {
    let mut parts = tree.nodes.iter().map(|node| match node {
        Node::Group(group) => passes(group, asked),
        Node::Condition(condition) => holds(condition, asked),
    });
    let Some(first) = parts.next() else { return Box::new(sql::<Bool>("TRUE")) };
    parts.fold(first, |together: Found<T>, part| match tree.joined {
        Joined::All => Box::new(together.and(part)),
        Joined::Any => Box::new(together.or(part)),
    })
}

fn holds<T: 'static>(condition: &Condition, asked: Asked) -> Found<T> {
    let test = &condition.test;
    match condition.field.kind {
        Kind::Text { key, finder } => text_holds(key, finder, test),
        Kind::Words { key, finder } => text_holds(key, Some(finder), test),
        Kind::Found { column, function } => match test {
            Test::Contains(words) => found(column, function, words, i32::MAX),
            _ => nothing(),
        },
        Kind::Blank { column } => emptiness(&format!("COALESCE({column}, '') = ''"), test),
        Kind::Word { column, .. } => word_holds(column, test),
        Kind::Choice { column, .. } => choice_holds(column, test, asked.me),
        Kind::Choices { column, query, .. } => match test {
            Test::Among(ids) => any_of(&format!("({column} IN ({query} = ANY("), ids, ")))"),
            Test::NotAmong(ids) if ids.is_empty() => nothing(),
            Test::NotAmong(ids) => any_of(&format!("({column} NOT IN ({query} = ANY("), ids, ")))"),
            _ => nothing(),
        },
        Kind::Yen { column } => match *test {
            Test::Numbers(from, to) => numbers_hold(column, from, to),
            _ => nothing(),
        },
        Kind::Day { column } => match test.days(asked.today) {
            Some(span) => days_hold(column, span),
            None => emptiness(&format!("{column} IS NULL"), test),
        },
        Kind::Moment { column } => match test.days(asked.today) {
            Some(span) => moments_hold(column, span),
            None => emptiness(&format!("{column} IS NULL"), test),
        },
    }
}

/// What no row passes: a test that does not fit its field, or one about nothing that is still there.
fn nothing<T: 'static>() -> Found<T> {
    Box::new(sql::<Bool>("FALSE"))
}

fn emptiness<T: 'static>(is_empty: &str, test: &Test) -> Found<T> {
    match test {
        Test::Empty => Box::new(sql::<Bool>(&format!("({is_empty})"))),
        Test::Filled => Box::new(sql::<Bool>(&format!("(NOT ({is_empty}))"))),
        _ => nothing(),
    }
}

/// LIKE alone reads every row of the town: what a finder finds by its index is all that it has to look at.
fn text_holds<T: 'static>(key: &str, finder: Option<Finder>, test: &Test) -> Found<T> {
    match test {
        Test::Contains(words) => {
            let alike: Found<T> = Box::new(
                sql::<Bool>(&format!("({key} LIKE ANY ("))
                    .bind::<Array<Text>, _>(text::like_patterns(words))
                    .sql("))"),
            );
            match finder {
                Some(Finder { id, function }) => Box::new(found(id, function, words, i32::MAX).and(alike)),
                None => alike,
            }
        }
        Test::Is(words) => {
            Box::new(sql::<Bool>(&format!("({key} = ")).bind::<Text, _>(text::search_key(words)).sql(")"))
        }
        _ => emptiness(&format!("{key} = ''"), test),
    }
}

fn word_holds<T: 'static>(column: &str, test: &Test) -> Found<T> {
    let bound = |before: &str, words: &Vec<String>, after: &str| -> Found<T> {
        Box::new(sql::<Bool>(before).bind::<Array<Text>, _>(words.clone()).sql(after))
    };
    match test {
        Test::AmongWords(words) => bound(&format!("({column} = ANY("), words, "))"),
        Test::NotAmongWords(words) => bound(&format!("({column} IS NULL OR {column} <> ALL("), words, "))"),
        _ => nothing(),
    }
}

fn choice_holds<T: 'static>(column: &str, test: &Test, me: Me) -> Found<T> {
    match test {
        Test::Mine => {
            any_of(&format!("({column} = ANY("), &me.iter().map(|me| me.0).collect::<Vec<_>>(), "))")
        }
        Test::Among(ids) => any_of(&format!("({column} = ANY("), ids, "))"),
        Test::NotAmong(ids) if ids.is_empty() => nothing(),
        Test::NotAmong(ids) => any_of(&format!("({column} IS NULL OR {column} <> ALL("), ids, "))"),
        _ => emptiness(&format!("{column} IS NULL"), test),
    }
}

fn any_of<T: 'static>(before: &str, ids: &[i64], after: &str) -> Found<T> {
    Box::new(sql::<Bool>(before).bind::<Array<BigInt>, _>(ids.to_vec()).sql(after))
}

fn numbers_hold<T: 'static>(column: &str, from: Option<i64>, to: Option<i64>) -> Found<T> {
    let bound = |sign: &str, number: i64| -> Found<T> {
        Box::new(sql::<Bool>(&format!("({column} {sign} ")).bind::<BigInt, _>(number).sql(")"))
    };
    both(from.map(|from| bound(">=", from)), to.map(|to| bound("<=", to)))
}

fn days_hold<T: 'static>(column: &str, (from, until): DaySpan) -> Found<T> {
    let bound = |sign: &str, day: NaiveDate| -> Found<T> {
        Box::new(sql::<Bool>(&format!("({column} {sign} ")).bind::<Date, _>(day).sql(")"))
    };
    both(from.map(|from| bound(">=", from)), until.map(|until| bound("<", until)))
}

fn moments_hold<T: 'static>(column: &str, (from, until): DaySpan) -> Found<T> {
    let bound = |sign: &str, day: NaiveDate| -> Found<T> {
        Box::new(sql::<Bool>(&format!("({column} {sign} ")).bind::<Timestamptz, _>(beginning(day)).sql(")"))
    };
    both(from.map(|from| bound(">=", from)), until.map(|until| bound("<", until)))
}

fn both<T: 'static>(one: Option<Found<T>>, other: Option<Found<T>>) -> Found<T> {
    match (one, other) {
        (Some(one), Some(other)) => Box::new(one.and(other)),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => nothing(),
    }
}

/// The instant a day begins in Japan.
fn beginning(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Japan has one offset all year round, so there is exactly one such instant.
    JST.from_local_datetime(&midnight).single().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// The rows that stand in `sort` after `key`; `id` is the column of ids. The first of the two bounds is one of the index,
/// which the second alone would not be. A key of another order is no bound.
pub fn beyond<T: 'static>(sort: &Sort, id: &str, key: &RowKey) -> Found<T> {
    let RowKey(place, last) = key;
    if !place.fits(sort) {
        return Box::new(sql::<Bool>("TRUE"));
    }
    let (column, sign) = (sort.column, if sort.descending { "<" } else { ">" });
    let (from, or, end) =
        (format!("({column} {sign}= "), format!(" AND ({column} {sign} "), format!(" OR {id} {sign} "));
    let from = sql::<Bool>(&from);
    match place.clone() {
        SortKey::Text(place) => Box::new(
            from.bind::<Text, _>(place.clone())
                .sql(&or)
                .bind::<Text, _>(place)
                .sql(&end)
                .bind::<BigInt, _>(*last)
                .sql("))"),
        ),
        SortKey::Number(place) => Box::new(
            from.bind::<BigInt, _>(place)
                .sql(&or)
                .bind::<BigInt, _>(place)
                .sql(&end)
                .bind::<BigInt, _>(*last)
                .sql("))"),
        ),
        SortKey::Day(place) => Box::new(
            from.bind::<Date, _>(place)
                .sql(&or)
                .bind::<Date, _>(place)
                .sql(&end)
                .bind::<BigInt, _>(*last)
                .sql("))"),
        ),
        SortKey::Moment(place) => Box::new(
            from.bind::<Timestamptz, _>(place)
                .sql(&or)
                .bind::<Timestamptz, _>(place)
                .sql(&end)
                .bind::<BigInt, _>(*last)
                .sql("))"),
        ),
    }
}

/// What a query is ordered by.
pub fn in_order(sort: &Sort, id: &str) -> SqlLiteral<Bool> {
    let direction = if sort.descending { "DESC" } else { "ASC" };
    sql(&format!("{} {direction}, {id} {direction}", sort.column))
}
