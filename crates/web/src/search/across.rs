//! Words of which some name a company and the others something of it: みほん 展示会 is the deal 展示会 of みほん商店. Every part is looked
//! for through its own index.

use clients::{companies, contacts};
use db::{DbError, Tx};
use kernel::{CompanyId, likeness, text};
use sales::deals;

use super::{Found, Kinds, SHOWN};

/// Of more words nobody tries every part.
const MOST_WORDS: usize = 3;
/// How many companies are looked through for what belongs to them.
const COMPANIES: i32 = 30;
/// How many things are looked through for those of a company whose name holds a common word.
const THINGS: i32 = 100;
/// How many of a company's things are asked for.
const MOST: i64 = 5;

/// The words of a query in two parts.
struct Split {
    /// Which words are those of a company's name, bit by bit.
    of_name: usize,
    name: String,
    /// The others.
    own: String,
}

/// The words of a query parted in every way, each part of a name before the names that hold it.
fn splits(q: &str) -> Vec<Split> {
    let words: Vec<&str> = q.split_whitespace().collect();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        return Vec::new();
    }
    let part = |mask: usize, is_name: bool| {
        let own = words.iter().enumerate().filter(|(place, _)| ((mask >> place) & 1 == 1) == is_name);
        own.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    };
    let every = 1..(1_usize << words.len()) - 1;
    every.map(|mask| Split { of_name: mask, name: part(mask, true), own: part(mask, false) }).collect()
}

/// Whether a company's name holds these words; how they may be spelt is found once.
fn called(words: &str) -> impl Fn(&str) -> bool {
    let spellings = likeness::spellings(words);
    move |company| {
        let key = text::search_key(company);
        spellings.iter().any(|spelling| text::spells(&key, spelling))
    }
}

/// Adds deals and contacts of companies that the words name together, as far as there is room for them.
pub(super) fn add(tx: &mut Tx<'_>, kinds: Kinds, q: &str, found: &mut Found) -> Result<(), DbError> {
    // Words that no company is called by: whatever holds them names none either.
    let mut of_nobody: Vec<usize> = Vec::new();
    for Split { of_name, name, own } in splits(q) {
        let wants_deals = kinds.deals && found.deals.len() < SHOWN;
        let wants_contacts = kinds.contacts && found.contacts.len() < SHOWN;
        if !wants_deals && !wants_contacts {
            break;
        }
        if of_nobody.iter().any(|words| of_name & words == *words) {
            continue;
        }
        let named = companies::search(tx, &name, COMPANIES)?;
        let named: Vec<CompanyId> = named.into_iter().map(|company| company.id).collect();
        if named.is_empty() {
            of_nobody.push(of_name);
            continue;
        }
        if wants_deals {
            add_deals(tx, &named, (&name, &own), found)?;
        }
        if wants_contacts {
            add_contacts(tx, &named, (&name, &own), found)?;
        }
    }
    Ok(())
}

fn add_deals(
    tx: &mut Tx<'_>,
    named: &[CompanyId],
    (name, own): (&str, &str),
    found: &mut Found,
) -> Result<(), DbError> {
    let mut hits = deals::search_of(tx, named, own, MOST)?;
    hits.extend(deals::search_with(tx, own, THINGS, called(name))?);
    for deal in hits {
        if found.deals.len() < SHOWN && found.deals.iter().all(|known| known.id != deal.id) {
            found.deals.push(deal);
        }
    }
    Ok(())
}

fn add_contacts(
    tx: &mut Tx<'_>,
    named: &[CompanyId],
    (name, own): (&str, &str),
    found: &mut Found,
) -> Result<(), DbError> {
    let mut hits = contacts::search_of(tx, named, own, MOST)?;
    let others = contacts::search(tx, own, THINGS)?;
    let ids: Vec<CompanyId> = others.iter().map(|contact| contact.company_id).collect();
    let theirs = companies::names(tx, &ids)?;
    let is_named = called(name);
    let is_theirs = |id: &CompanyId| theirs.get(id).is_some_and(|company| is_named(company));
    hits.extend(others.into_iter().filter(|contact| is_theirs(&contact.company_id)));
    for contact in hits {
        if found.contacts.len() < SHOWN && found.contacts.iter().all(|known| known.id != contact.id) {
            found.contacts.push(contact);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_in_every_way_between_a_company_and_what_it_has() {
        let parted = |q: &str| -> Vec<String> {
            splits(q).iter().map(|split| format!("{}/{}", split.name, split.own)).collect()
        };
        let two = parted("みほん　展示会");
        assert_eq!(two, ["みほん/展示会", "展示会/みほん"]);
        let three = parted("い ろ は");
        assert_eq!(three, ["い/ろ は", "ろ/い は", "い ろ/は", "は/い ろ", "い は/ろ", "ろ は/い"]);
        for q in ["", "みほん", "い ろ は に"] {
            assert!(splits(q).is_empty(), "{q}");
        }
    }

    #[test]
    fn a_companys_name_is_held_as_the_search_looks_for_it() {
        assert!(called("高澤")("髙澤㈱"));
        assert!(called("ﾐｽﾞﾀﾏ")("株式会社みずたま"));
        assert!(!called("展示会")("みほん商店"));
    }
}
