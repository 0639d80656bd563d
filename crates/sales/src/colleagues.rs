//! Whom one salesperson can ask or tell something: whoever may open what it is about.

use std::collections::BTreeSet;

use accounts::{Person, PersonName, Role, persons};
use db::{DbError, Tx};
use kernel::{Code, Invalid, PersonId, text};

/// The active salespeople and administrators of the town, in gojūon order within each role.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    let mut people = persons::with_role(tx, Role::Sales)?;
    let admins = persons::with_role(tx, Role::Admin)?;
    people.extend(admins.into_iter().filter(|admin| !admin.is(Role::Sales)));
    Ok(people)
}

/// The colleagues whom a text names after an at sign: `＠田中さん、確認を`, `@Tanaka Ken`. The family name is enough; where
/// several have it, all of them are meant. A mail address names nobody.
pub(crate) fn named_in(tx: &mut Tx<'_>, text: &str) -> Result<Vec<PersonId>, DbError> {
    if !text.contains(['@', '＠']) {
        return Ok(Vec::new());
    }
    let people: Vec<(PersonId, Vec<String>)> =
        list(tx)?.into_iter().map(|person| (person.id, ways_to_name(&person.name))).collect();
    Ok(among(&people, text))
}

/// As people write and search keys do not: width and case folded, every other sign kept.
fn plain(text: &str) -> String {
    text::fold_width(text).to_lowercase()
}

/// The ways to name somebody, without the spaces that a name may be entered with: `営業 01` is called `営業01` as well.
fn ways_to_name(name: &PersonName) -> Vec<String> {
    let (family, given) = (unspaced(&name.family), unspaced(&name.given));
    let whole = [format!("{family}{given}"), format!("{given}{family}")];
    let mut ways = vec![family];
    if !given.is_empty() {
        ways.extend(whole);
    }
    ways
}

fn unspaced(name: &str) -> String {
    plain(name).chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// Of the ways to name somebody that fit after a sign, the longest is meant: `@田中丸` is not `田中`.
fn among(people: &[(PersonId, Vec<String>)], text: &str) -> Vec<PersonId> {
    let text = plain(text);
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('@') {
        let (before, rest) = text.split_at(at);
        let rest = rest.trim_start_matches('@');
        if before.ends_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '@') {
            continue;
        }
        let fits = |way: &&String| !way.is_empty() && past(way, rest).is_some_and(|after| ends(way, after));
        let longest = people.iter().flat_map(|(_, ways)| ways.iter().filter(fits)).map(String::len).max();
        let meant = |ways: &[String]| ways.iter().filter(fits).any(|way| Some(way.len()) == longest);
        found.extend(people.iter().filter(|(_, ways)| meant(ways)).map(|(person, _)| *person));
    }
    found.into_iter().collect()
}

/// What follows a name at the beginning of a text, wherever its writer put spaces; nothing where it does not stand there.
fn past<'t>(way: &str, text: &'t str) -> Option<&'t str> {
    let mut rest = text;
    for (place, sign) in way.chars().enumerate() {
        if place > 0 {
            rest = rest.trim_start_matches(' ');
        }
        rest = rest.strip_prefix(sign)?;
    }
    Some(rest)
}

/// A name in letters or digits ends where no other follows; one in Japanese script may be followed by anything.
fn ends(way: &str, after: &str) -> bool {
    let is_letter = |sign: char| sign.is_ascii_alphanumeric();
    !(way.ends_with(is_letter) && after.starts_with(is_letter))
}

/// Whether somebody is one of [`list`].
pub fn sells(person: &Person) -> bool {
    person.is_active() && (person.is(Role::Sales) || person.is(Role::Admin))
}

/// Whether somebody is one of [`list`]; anybody else is a wrong choice in `field`.
pub(crate) fn check<E>(tx: &mut Tx<'_>, field: &str, id: PersonId) -> Result<(), E>
where
    E: From<DbError> + From<Invalid>,
{
    match persons::find(tx, id) {
        Ok(person) if sells(&person) => Ok(()),
        Ok(_) | Err(DbError::NotFound) => Err(Invalid::field(field, Code::UnknownChoice).into()),
        Err(error) => Err(error.into()),
    }
}

/// Whether somebody may be given a deal or a lead: who sells, as the menus of owners offer them.
pub(crate) fn owns(person: &Person) -> bool {
    person.is_active() && person.is(Role::Sales)
}

/// Whether somebody may look after a deal or a lead: who sells, whoever did so `before`, or who writes it down. Anybody else
/// is a wrong choice in `owner_id`, administrators too, as in the menus.
pub(crate) fn check_owner<E>(tx: &mut Tx<'_>, owner: PersonId, before: Option<PersonId>) -> Result<(), E>
where
    E: From<DbError> + From<Invalid>,
{
    if Some(owner) == before || Some(owner) == tx.actor().person() {
        return Ok(());
    }
    match persons::find(tx, owner) {
        Ok(person) if owns(&person) => Ok(()),
        Ok(_) | Err(DbError::NotFound) => Err(Invalid::field("owner_id", Code::UnknownChoice).into()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(family: &str, given: &str) -> Vec<String> {
        ways_to_name(&PersonName {
            family: family.into(),
            given: given.into(),
            family_kana: String::new(),
            given_kana: String::new(),
        })
    }

    #[test]
    fn a_colleague_is_named_after_an_at_sign_and_a_mail_address_names_nobody() {
        let people = [
            (PersonId(1), name("田中", "健")),
            (PersonId(2), name("田中丸", "幸")),
            (PersonId(3), name("Tan", "Mary")),
            (PersonId(4), name("田中", "葵")),
        ];
        let named = |text: &str| among(&people, text).into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(named("明日は@田中 健さんへ"), [1]);
        assert_eq!(named("＠田中丸さん、確認を。@tan も"), [2, 3]);
        assert_eq!(named("@田中さん"), [1, 4], "both are meant");
        assert_eq!(named("@Mary Tan."), [3]);
        assert_eq!(named("@Tanaka"), [0; 0], "a longer name is another's");
        assert_eq!(named("a@tan.example への返事"), [0; 0]);
        assert_eq!(named("田中さんに電話"), [0; 0]);
    }

    #[test]
    fn a_name_is_the_same_with_and_without_its_spaces() {
        let people = [
            (PersonId(1), name("営業 01", "")),
            (PersonId(2), name("営業 02", "")),
            (PersonId(3), name("髙橋", "みどり")),
            (PersonId(12), name("営業 012", "")),
        ];
        let named = |text: &str| among(&people, text).into_iter().map(|id| id.0).collect::<Vec<_>>();
        for text in
            ["@営業02", "＠営業０２さん", "@営業 02、明日お願いします", "＠営業　０２", "見積は@営業02さんへ"]
        {
            assert_eq!(named(text), [2], "{text}");
        }
        assert_eq!(named("@営業012"), [12], "a longer number is another's");
        assert_eq!(named("@髙橋みどりさん @営業 01"), [1, 3]);
        assert_eq!(named("@営業"), [0; 0], "a part of a name is nobody's");
        assert_eq!(named("@営業\n02"), [0; 0], "a name stands in one line");
    }
}
