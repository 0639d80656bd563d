//! Rows that become contacts. One is recognised within their company: by mail address, else by name where no other
//! address stands against it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clients::call_wishes::{self, CallWishError, CallWishInput, Wish};
use clients::contacts::{self, Contact, ContactError, ContactInput};
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{Code, CompanyId, ContactId, EmailAddress, Invalid};
use serde::{Deserialize, Serialize};

use super::model::{ImportId, ImportKind, RowProblem};
use super::refs::{MOST_OF_A_NAME, NamedCompanies, noted, over};
use super::target::{Cells, Existing, Found, Likeness, Linked, Meant, Refused, Target};
use crate::events::InvitationsRefused;

/// A contact's input with the company they belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ContactOf {
    /// `None` where the row does not lead to one; such a row is bad.
    company: Option<CompanyId>,
    input: ContactInput,
}

/// The contacts that a chunk of rows may be about.
pub(super) struct Contacts {
    companies: NamedCompanies,
    by_id: BTreeMap<ContactId, Contact>,
    /// Who stands for those that were merged away.
    standing: HashMap<ContactId, ContactId>,
}

fn existing(contact: &Contact) -> Existing<ContactOf> {
    let input = ContactOf { company: Some(contact.company_id), input: ContactInput::from(contact) };
    Existing { id: contact.id.0, version: contact.version, input }
}

/// A row's names: its own columns, or the parts of a full one, family name first.
struct Names<'r> {
    family: &'r str,
    given: &'r str,
    family_kana: &'r str,
    given_kana: &'r str,
}

impl<'r> Names<'r> {
    fn of(row: &'r Cells) -> Self {
        let parts = |full: &'r str| {
            let (family, given) = full.split_once([' ', '\u{3000}']).unwrap_or((full, ""));
            (family.trim(), given.trim())
        };
        let (full, kana) = (parts(row.get("full_name")), parts(row.get("full_kana")));
        let or = |own: &'r str, part: &'r str| if own.is_empty() { part } else { own };
        Self {
            family: or(row.get("family_name"), full.0),
            given: or(row.get("given_name"), full.1),
            family_kana: or(row.get("family_kana"), kana.0),
            given_kana: or(row.get("given_kana"), kana.1),
        }
    }

    fn key(&self) -> String {
        search_key(&format!("{}{}", self.family, self.given))
    }
}

fn email_key(text: &str) -> Option<String> {
    EmailAddress::parse(text).ok().map(|email| email.key())
}

/// Whether a row says that something is refused; `Err` for a word that might mean either: a cross in a column of refusals may be
/// "no refusal" as well as "no calls".
pub(super) fn says_refused(text: &str) -> Result<bool, ()> {
    match search_key(text).as_str() {
        "" | "いいえ" | "なし" | "無" | "無し" | "no" | "false" | "0" | "n" | "-" | "−" | "ー" | "—"
        | "–" => Ok(false),
        "断り" | "お断り" | "断っている" | "拒否" | "不可" | "あり" | "有" | "有り" | "はい" | "済"
        | "済み" | "○" | "◯" | "〇" | "●" | "✓" | "✔" | "☑" | "れ" | "yes" | "true" | "1" | "y" | "on"
        | "refused" => Ok(true),
        _ => Err(()),
    }
}

/// What rows may say is refused.
pub(super) const REFUSALS: [&str; 2] = ["refuses_calls", "refuses_news"];

/// Which contacts the rows say refuse something.
fn refusing(rows: &[(i64, &Cells)], what: &str) -> Vec<ContactId> {
    let refuses = rows.iter().filter(|(_, row)| says_refused(row.get(what)) == Ok(true));
    refuses.map(|(id, _)| ContactId(*id)).collect()
}

/// The word for a language that people write.
fn language(text: &str) -> &str {
    match search_key(text).as_str() {
        "ja" | "日本語" | "japanese" | "にほんご" => "ja",
        "en" | "英語" | "english" => "en",
        _ => text,
    }
}

impl Contacts {
    /// Who of the company a row is about.
    fn of_company(&self, row: &Cells, company: CompanyId) -> Found<ContactOf> {
        let (email, name) = (email_key(row.get("email")), Names::of(row).key());
        let here = || self.by_id.values().filter(|contact| contact.company_id == company);
        let key_of = |contact: &Contact| contact.email.as_ref().map(EmailAddress::key);
        if let Some(email) = &email
            && let Some(contact) = here().find(|contact| key_of(contact).as_ref() == Some(email))
        {
            return Found::One(existing(contact));
        }
        let is_same = |contact: &&Contact| {
            search_key(&contact.display_name()) == name && (email.is_none() || key_of(contact).is_none())
        };
        let mut same = here().filter(is_same);
        if !row.get("external_id").is_empty() {
            return Found::Nothing(String::new());
        }
        match (same.next(), same.next()) {
            (Some(contact), None) => Found::One(existing(contact)),
            (Some(_), Some(_)) => {
                let shown = format!("{} {}", Names::of(row).family, Names::of(row).given);
                Found::Unclear(RowProblem::new("family_name", shown.trim(), Code::SeveralMatch))
            }
            (None, _) => Found::Nothing(email.map_or_else(
                || format!("{company} name {name}"),
                |email| format!("{company} email {email}"),
            )),
        }
    }
}

impl Target for Contacts {
    const KIND: ImportKind = ImportKind::Contacts;
    type Input = ContactOf;

    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &Linked) -> Result<Self, DbError> {
        let mut ids: Vec<ContactId> = linked.ids().map(ContactId).collect();
        ids.extend(rows.iter().filter_map(|row| row.get("yui_id").parse::<ContactId>().ok()));
        let standing = contacts::standing_for(tx, &ids)?;
        ids.extend(standing.values().copied());
        let mut found = contacts::find_many(tx, &ids)?;
        let companies = NamedCompanies::of(tx, rows, &[])?;
        let emails: Vec<String> = rows.iter().filter_map(|row| email_key(row.get("email"))).collect();
        found.extend(contacts::with_emails(tx, &emails, MOST_OF_A_NAME)?);
        let name = |names: Names<'_>| format!("{} {}", names.family, names.given);
        let people: Vec<(CompanyId, String)> = rows
            .iter()
            .filter_map(|row| Some((companies.named_in(row).ok()??, name(Names::of(row)))))
            .collect();
        found.extend(contacts::with_names(tx, &people, MOST_OF_A_NAME)?);
        let by_id = found.into_iter().map(|contact| (contact.id, contact)).collect();
        Ok(Self { companies, by_id, standing })
    }

    fn by_id(&self, id: i64) -> Option<Existing<ContactOf>> {
        let id = self.standing.get(&ContactId(id)).copied().unwrap_or(ContactId(id));
        self.by_id.get(&id).map(existing)
    }

    fn find(&self, row: &Cells) -> Found<ContactOf> {
        match self.companies.named_in(row) {
            Err(problem) => Found::Unclear(problem),
            Ok(None) => Found::Unclear(RowProblem::new("company", "", Code::Required)),
            Ok(Some(company)) => self.of_company(row, company),
        }
    }

    fn meant(&self, row: &Cells, current: Option<&ContactOf>) -> Meant<ContactOf> {
        let mut problems = Vec::new();
        let told = noted(self.companies.named_in(row), &mut problems);
        let own = current.and_then(|current| current.company);
        if told.is_some() && own.is_some() && told != own {
            // A contact never moves to another company.
            problems.push(RowProblem::new("company", row.get("company"), Code::Conflict));
        }
        let company = told.or(own);
        if company.is_none() && problems.is_empty() {
            problems.push(RowProblem::new("company", "", Code::Required));
        }
        for field in REFUSALS.into_iter().filter(|field| says_refused(row.get(field)).is_err()) {
            problems.push(RowProblem::new(field, row.get(field), Code::UnknownChoice));
        }
        let names = Names::of(row);
        let mut values: Vec<(&str, &str)> = ["department", "title", "email", "phone"]
            .into_iter()
            .map(|field| (field, row.get(field)))
            .chain([
                ("family_name", names.family),
                ("given_name", names.given),
                ("family_kana", names.family_kana),
                ("given_kana", names.given_kana),
                ("language", language(row.get("language"))),
            ])
            .collect();
        values.retain(|(_, value)| !value.is_empty());
        let base = current.map(|current| current.input.clone()).unwrap_or_default();
        Meant { input: over(&base, &values).map(|input| ContactOf { company, input }), problems }
    }

    fn settled(
        &self,
        input: &ContactOf,
        _current: Option<&Existing<ContactOf>>,
    ) -> Result<ContactOf, Invalid> {
        Ok(ContactOf { company: input.company, input: input.input.settled()? })
    }

    fn alike(&self, input: &ContactOf) -> BTreeSet<i64> {
        let email = email_key(input.input.email.as_str());
        let is_alike =
            |contact: &&Contact| email.is_some() && contact.email.as_ref().map(EmailAddress::key) == email;
        self.by_id.values().filter(is_alike).map(|contact| contact.id.0).collect()
    }

    fn likeness(input: &ContactOf) -> Likeness {
        Likeness { reach: email_key(input.input.email.as_str()), ..Likeness::default() }
    }

    fn create(&self, tx: &mut Tx<'_>, inputs: &[ContactOf]) -> Result<Vec<i64>, Refused> {
        let of = |one: &ContactOf| Some((one.company?, one.input.clone()));
        let inputs: Vec<(CompanyId, ContactInput)> = inputs.iter().filter_map(of).collect();
        let added = contacts::add_many(tx, &inputs).map_err(refused)?;
        Ok(added.into_iter().map(|contact| contact.id.0).collect())
    }

    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &ContactOf) -> Result<i32, Refused> {
        let contact =
            contacts::correct_knowingly(tx, ContactId(id), version, &input.input).map_err(refused)?;
        Ok(contact.version)
    }

    /// A refusal is added and never taken back: an empty column says nothing, because the file may be older than what was said
    /// since.
    fn told(tx: &mut Tx<'_>, import: ImportId, rows: &[(i64, &Cells)]) -> Result<(), DbError> {
        let calls = contacts::find_many(tx, &refusing(rows, "refuses_calls"))?;
        let wish = CallWishInput { wish: Wish::Refused.as_str().into(), note: noted_in(import).into() };
        for contact in calls.iter().filter(|contact| contact.may_be_called) {
            match call_wishes::record(tx, contact.id, &wish) {
                Ok(_) => {}
                Err(CallWishError::Db(error)) => return Err(error),
                Err(CallWishError::Invalid(invalid)) => log::error!("a refusal of an import: {invalid}"),
            }
        }
        let contacts = refusing(rows, "refuses_news");
        if !contacts.is_empty() {
            queue::record(tx, &InvitationsRefused { contacts, note: noted_in(import) })?;
        }
        Ok(())
    }

    fn take_back(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<i64>, DbError> {
        let ids: Vec<ContactId> = ids.iter().map(|id| ContactId(*id)).collect();
        Ok(contacts::take_back(tx, &ids)?.into_iter().map(|id| id.0).collect())
    }
}

/// How it is known that somebody refuses.
fn noted_in(import: ImportId) -> String {
    format!("取込 / Import {import}")
}

fn refused(error: ContactError) -> Refused {
    match error {
        ContactError::Db(error) => Refused::Again(error),
        ContactError::Stale => Refused::Again(DbError::NotFound),
        rule => Refused::by_rule(&rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_however_lists_mark_it() {
        for refused in ["○", "◯", "〇", "✓", "✔", "済", "済み", "はい", "YES", "True", "１", "レ", "拒否"]
        {
            assert_eq!(says_refused(refused), Ok(true), "{refused}");
        }
        for free in ["", "－", "-", "ー", "いいえ", "No", "false", "０", "なし"] {
            assert_eq!(says_refused(free), Ok(false), "{free}");
        }
        // Whoever refused must not be called because a cross was taken for "no".
        for unclear in ["×", "△", "?", "たぶん"] {
            assert_eq!(says_refused(unclear), Err(()), "{unclear}");
        }
    }
}
