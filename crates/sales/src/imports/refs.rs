//! What rows name instead of an id: a company by its number or its name, an owner by mail address or name.

use std::collections::{BTreeSet, HashMap};

use accounts::Role;
use accounts::persons::{self, Person};
use clients::companies::{self, Company};
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{Code, CompanyId, CorporateNumber, EmailAddress, Language, PersonId};

use super::cells;
use super::model::RowProblem;
use super::target::Cells;

/// How many things of one name, address or number are looked at: far more than anybody could tell apart by it.
pub(super) const MOST_OF_A_NAME: i64 = 50;

/// The companies that a chunk of rows names.
#[derive(Debug, Default)]
pub(super) struct NamedCompanies {
    by_id: HashMap<CompanyId, Company>,
    by_number: HashMap<CorporateNumber, CompanyId>,
    by_name: HashMap<String, BTreeSet<CompanyId>>,
    /// Who stands for those that were merged away.
    standing: HashMap<CompanyId, CompanyId>,
}

impl NamedCompanies {
    /// Those of `rows` and those of `ids`.
    pub(super) fn of(tx: &mut Tx<'_>, rows: &[Cells], ids: &[CompanyId]) -> Result<Self, DbError> {
        let mut wanted: Vec<CompanyId> =
            rows.iter().filter_map(|row| row.get("company_id").parse().ok()).collect();
        wanted.extend_from_slice(ids);
        let numbers: Vec<CorporateNumber> =
            rows.iter().filter_map(|row| CorporateNumber::parse(row.get("company_number")).ok()).collect();
        let called = || rows.iter().map(|row| row.get("company")).filter(|name| !name.is_empty());
        let mut named = Self::default();
        if !wanted.is_empty() {
            named.standing = companies::standing_for(tx, &wanted)?;
            wanted.extend(named.standing.values().copied());
            named.add(companies::find_many(tx, &wanted)?);
        }
        if !numbers.is_empty() {
            named.add(companies::with_numbers(tx, &numbers)?);
        }
        if called().next().is_some() {
            named.add(companies::with_names(tx, called(), MOST_OF_A_NAME)?);
        }
        Ok(named)
    }

    fn add(&mut self, found: Vec<Company>) {
        for company in found {
            if let Some(number) = &company.corporate_number {
                self.by_number.insert(number.clone(), company.id);
            }
            self.by_name.entry(search_key(&company.name)).or_default().insert(company.id);
            self.by_id.insert(company.id, company);
        }
    }

    /// The company a row names, by its id, else its number, else its name; nothing where it names none.
    pub(super) fn named_in(&self, row: &Cells) -> Result<Option<CompanyId>, RowProblem> {
        let unknown = |field: &str| RowProblem::new(field, row.get(field), Code::UnknownChoice);
        let id = row.get("company_id");
        if !id.is_empty() {
            let meant = |id: CompanyId| self.standing.get(&id).copied().unwrap_or(id);
            let found = id.parse().ok().map(meant).filter(|id| self.by_id.contains_key(id));
            return found.map(Some).ok_or_else(|| unknown("company_id"));
        }
        let number = row.get("company_number");
        if !number.is_empty() {
            let parsed = CorporateNumber::parse(number).ok();
            let found = parsed.and_then(|number| self.by_number.get(&number).copied());
            return found.map(Some).ok_or_else(|| unknown("company_number"));
        }
        let name = row.get("company");
        if name.is_empty() {
            return Ok(None);
        }
        // Even where somebody has a company of both names: it came of such a cell.
        if cells::holds_two(name) {
            return Err(RowProblem::new("company", name, Code::TwoInOneCell));
        }
        match self.by_name.get(&search_key(name)) {
            Some(ids) if ids.len() == 1 => Ok(ids.first().copied()),
            Some(several) => Err(RowProblem::several("company", name, several.iter().copied())),
            None => Err(unknown("company")),
        }
    }
}

/// Who may own a lead or a deal: by mail address, or by name where only one has it.
#[derive(Debug, Default)]
pub(super) struct Owners {
    all: Vec<(PersonId, Vec<String>)>,
}

impl Owners {
    /// Everybody who may own what `rows` are about; nobody where no row names anyone.
    pub(super) fn of(tx: &mut Tx<'_>, rows: &[Cells], holders: &[PersonId]) -> Result<Self, DbError> {
        if rows.iter().all(|row| row.get("owner").is_empty()) {
            return Ok(Self::default());
        }
        Ok(Self::among(&sellers(tx, holders)?))
    }

    /// These.
    pub(super) fn among(people: &[Person]) -> Self {
        let known_as = |person: &Person| {
            let names = [Language::Ja, Language::En].map(|language| search_key(&person.name_in(language)));
            let email = person.email.as_ref().map(EmailAddress::key);
            names.into_iter().chain(email).chain([number_of(person.id)]).collect()
        };
        let mut all: Vec<(PersonId, Vec<String>)> =
            people.iter().map(|person| (person.id, known_as(person))).collect();
        all.sort();
        all.dedup();
        Self { all }
    }

    /// The owner a row names; nothing where it names nobody.
    pub(super) fn named_in(&self, row: &Cells) -> Result<Option<PersonId>, RowProblem> {
        let owner = row.get("owner");
        if owner.is_empty() { Ok(None) } else { self.named(owner).map(Some) }
    }

    /// Whoever is called so.
    pub(super) fn named(&self, owner: &str) -> Result<PersonId, RowProblem> {
        let key = search_key(owner);
        let mut found = self.all.iter().filter(|(_, names)| names.contains(&key));
        match (found.next(), found.next()) {
            (Some((id, _)), None) => Ok(*id),
            (Some(_), Some(_)) => Err(RowProblem::new("owner", owner, Code::SeveralMatch)),
            (None, _) => Err(RowProblem::new("owner", owner, Code::UnknownChoice)),
        }
    }
}

/// What an answer calls a person whom a file calls otherwise.
pub(super) fn number_of(person: PersonId) -> String {
    format!("#{person}")
}

/// Everybody who sells, who imports, and these, who own something already; each once.
pub(super) fn sellers(tx: &mut Tx<'_>, holders: &[PersonId]) -> Result<Vec<Person>, DbError> {
    let mut people: Vec<Person> = persons::with_role(tx, Role::Sales)?;
    let own = tx.actor().person();
    let known: Vec<PersonId> = holders.iter().copied().chain(own).collect();
    for person in persons::find_many(tx, &known)?.into_values() {
        if people.iter().all(|one| one.id != person.id) {
            people.push(person);
        }
    }
    Ok(people)
}

/// What was found; what was not is noted.
pub(super) fn noted<T>(found: Result<Option<T>, RowProblem>, problems: &mut Vec<RowProblem>) -> Option<T> {
    match found {
        Ok(found) => found,
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Puts a row's values over an input's fields of the same names.
pub(super) fn over<I: serde::Serialize + serde::de::DeserializeOwned>(
    base: &I,
    values: &[(&str, &str)],
) -> Option<I> {
    let mut fields = serde_json::to_value(base).ok()?;
    for (name, value) in values {
        if let Some(place) = fields.as_object_mut()?.get_mut(*name) {
            *place = serde_json::Value::String((*value).to_owned());
        }
    }
    serde_json::from_value(fields).ok()
}
