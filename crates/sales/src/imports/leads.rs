//! Rows that become leads. One is recognised by its company's name together with its person: by mail address, else by
//! name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{Code, EmailAddress, Invalid, Language, LeadId, PersonId, date_in_japan};

use super::cells;
use super::model::{ImportKind, RowProblem};
use super::refs::{Owners, over};
use super::target::{Cells, Existing, Found, Linked, Meant, Refused, Target};
use crate::leads::{self, Lead, LeadError, LeadInput, LeadSource};

/// How many leads of one company's name are looked at; a row of a name with more has to say which by an id.
const MOST_OF_ONE_COMPANY: i64 = 1000;

/// The leads that a chunk of rows may be about.
pub(super) struct Leads {
    by_id: BTreeMap<LeadId, Lead>,
    /// By their companies' names, folded; with their persons' addresses and names, folded too.
    by_name: HashMap<String, Vec<Named>>,
    owners: Owners,
    /// Who imports, and owns what no row gives to another.
    person: Option<PersonId>,
    today: NaiveDate,
}

/// A lead as rows name one.
struct Named {
    id: LeadId,
    email: Option<String>,
    person: String,
    is_closed: bool,
}

fn existing(lead: &Lead) -> Existing<LeadInput> {
    Existing { id: lead.id.0, version: lead.version, input: LeadInput::from(lead) }
}

fn email_key(text: &str) -> Option<String> {
    EmailAddress::parse(text).ok().map(|email| email.key())
}

/// What people write for each source: first the English word, then the Japanese, as our own files do.
const SOURCES: [(LeadSource, &[&str]); 8] = [
    (
        LeadSource::Web,
        &["Web", "ウェブサイト", "webサイト", "ホームページ", "HP", "website", "問い合わせフォーム"],
    ),
    (LeadSource::Phone, &["Phone", "電話", "TEL"]),
    (LeadSource::Mail, &["Mail", "メール", "email"]),
    (LeadSource::Introduction, &["Introduction", "紹介", "referral"]),
    (LeadSource::Visit, &["Visit", "訪問", "飛び込み"]),
    (LeadSource::Event, &["Event", "イベント", "展示会", "セミナー", "trade show", "催し"]),
    (
        LeadSource::Register,
        &["Register", "法人番号公表サイト", "法人番号", "法人番号検索", "Company register"],
    ),
    (LeadSource::Other, &["Other", "その他", "そのほか"]),
];

/// The source a word means; nothing for any other word.
fn source(text: &str) -> Option<LeadSource> {
    let key = search_key(text);
    let found = SOURCES.iter().find(|(_, words)| words.iter().any(|word| search_key(word) == key));
    found.map(|(source, _)| *source)
}

/// What our own files write for a source.
pub(super) fn source_word(source: LeadSource, language: Language) -> &'static str {
    let words = SOURCES.iter().find(|(one, _)| *one == source).map(|(_, words)| *words).unwrap_or_default();
    words.get(usize::from(language == Language::Ja)).copied().unwrap_or_default()
}

/// The person a row names: in one column, or with the family name and the given name in columns of their own.
fn person(row: &Cells) -> String {
    let whole = row.get("contact_name");
    if !whole.is_empty() {
        return whole.to_owned();
    }
    format!("{} {}", row.get("family_name"), row.get("given_name")).trim().to_owned()
}

/// The day on which they asked, without the time that forms and other systems write; what is no day stays as it stands, and is
/// refused as such.
fn asked_on(row: &Cells) -> String {
    let written = row.get("asked_on");
    cells::day(written).map_or_else(|| written.to_owned(), |day| day.to_string())
}

impl Target for Leads {
    const KIND: ImportKind = ImportKind::Leads;
    type Input = LeadInput;

    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &Linked) -> Result<Self, DbError> {
        let mut ids: Vec<LeadId> = linked.ids().map(LeadId).collect();
        ids.extend(rows.iter().filter_map(|row| row.get("yui_id").parse::<LeadId>().ok()));
        let mut found = leads::find_many(tx, &ids)?;
        let keys: Vec<String> = rows.iter().map(|row| search_key(row.get("company_name"))).collect();
        found.extend(leads::of_names(tx, &keys, MOST_OF_ONE_COMPANY)?);
        let holders: Vec<PersonId> = found.iter().filter_map(|lead| lead.owner_id).collect();
        let by_id: BTreeMap<LeadId, Lead> = found.into_iter().map(|lead| (lead.id, lead)).collect();
        let mut by_name: HashMap<String, Vec<Named>> = HashMap::new();
        for lead in by_id.values() {
            let named = Named {
                id: lead.id,
                email: lead.email.as_ref().map(EmailAddress::key),
                person: search_key(&lead.contact_name),
                is_closed: lead.is_closed(),
            };
            by_name.entry(search_key(&lead.company_name)).or_default().push(named);
        }
        let owners = Owners::of(tx, rows, &holders)?;
        Ok(Self { by_id, by_name, owners, person: tx.actor().person(), today: date_in_japan(tx.now()) })
    }

    fn by_id(&self, id: i64) -> Option<Existing<LeadInput>> {
        self.by_id.get(&LeadId(id)).map(existing)
    }

    fn find(&self, row: &Cells) -> Found<LeadInput> {
        let company = search_key(row.get("company_name"));
        let (email, name) = (email_key(row.get("email")), search_key(&person(row)));
        if !row.get("external_id").is_empty() {
            return Found::Nothing(String::new());
        }
        let is_same = |lead: &&Named| match (&email, &lead.email) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => lead.person == name,
        };
        let all = self.by_name.get(&company).map(Vec::as_slice).unwrap_or_default();
        let mut same = all.iter().filter(is_same);
        let unclear =
            || Found::Unclear(RowProblem::new("company_name", row.get("company_name"), Code::SeveralMatch));
        match (same.next(), same.next()) {
            (Some(lead), None) => {
                self.by_id.get(&lead.id).map_or_else(unclear, |lead| Found::One(existing(lead)))
            }
            (Some(_), Some(_)) => unclear(),
            // Of a name that so many share, nobody has looked at all.
            (None, _) if all.len() >= usize::try_from(MOST_OF_ONE_COMPANY).unwrap_or(usize::MAX) => unclear(),
            (None, _) => Found::Nothing(format!("{company} {}", email.unwrap_or(name))),
        }
    }

    fn meant(&self, row: &Cells, current: Option<&LeadInput>) -> Meant<LeadInput> {
        let mut problems = Vec::new();
        let company = row.get("company_name");
        if current.is_none() && cells::holds_two(company) {
            problems.push(RowProblem::new("company_name", company, Code::TwoInOneCell));
        }
        let owner = self.owners.named_in(row).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let written = row.get("source");
        let source = source(written);
        if source.is_none() && !written.is_empty() {
            problems.push(RowProblem::new("source", written, Code::UnknownChoice));
        }
        // A file that says nothing of how they came to us is one of the other ways.
        let source = source.map_or(if current.is_none() { "other" } else { "" }, LeadSource::as_str);
        let owner = owner.map(|owner| owner.to_string()).unwrap_or_default();
        let (person, asked_on) = (person(row), asked_on(row));
        let mut values: Vec<(&str, &str)> = ["company_name", "email", "phone", "need"]
            .into_iter()
            .map(|field| (field, row.get(field)))
            .chain([("contact_name", person.as_str()), ("asked_on", asked_on.as_str())])
            .chain([("source", source), ("owner_id", owner.as_str())])
            .collect();
        values.retain(|(_, value)| !value.is_empty());
        Meant { input: over(&current.cloned().unwrap_or_default(), &values), problems }
    }

    fn settled(
        &self,
        input: &LeadInput,
        current: Option<&Existing<LeadInput>>,
    ) -> Result<LeadInput, Invalid> {
        let settled = input.settled(self.person.filter(|_| current.is_none()), self.today)?;
        let is_closed = |lead: &Lead| lead.is_closed();
        match current.and_then(|existing| self.by_id.get(&LeadId(existing.id))) {
            // A closed lead never changes again.
            Some(lead) if is_closed(lead) && settled != LeadInput::from(lead) => {
                Err(Invalid::field("", Code::Conflict))
            }
            _ => Ok(settled),
        }
    }

    fn alike(&self, input: &LeadInput) -> BTreeSet<i64> {
        let alike = self.by_name.get(&search_key(input.company_name.as_str())).into_iter().flatten();
        alike.filter(|lead| !lead.is_closed).map(|lead| lead.id.0).collect()
    }

    fn create(&self, tx: &mut Tx<'_>, inputs: &[LeadInput]) -> Result<Vec<i64>, Refused> {
        let entered = leads::enter_many(tx, inputs).map_err(refused)?;
        Ok(entered.into_iter().map(|lead| lead.id.0).collect())
    }

    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &LeadInput) -> Result<i32, Refused> {
        Ok(leads::correct_quietly(tx, LeadId(id), version, input).map_err(refused)?.version)
    }

    fn take_back(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<i64>, DbError> {
        let ids: Vec<LeadId> = ids.iter().map(|id| LeadId(*id)).collect();
        Ok(leads::take_back(tx, &ids)?.into_iter().map(|id| id.0).collect())
    }
}

fn refused(error: LeadError) -> Refused {
    match error {
        LeadError::Db(error) => Refused::Again(error),
        LeadError::Stale => Refused::Again(DbError::NotFound),
        rule => Refused::by_rule(&rule),
    }
}
