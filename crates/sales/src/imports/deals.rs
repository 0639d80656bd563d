//! Rows that become deals. One is recognised by its title within its company. A new one is opened in the stage it names,
//! by that stage's own rules; what is won or lost comes from elsewhere, because an order or a reason hangs on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{
    BoardStageId, Code, CompanyId, ContactId, DealId, EmailAddress, Invalid, Language, PersonId, Typed,
    date_in_japan,
};
use serde::{Deserialize, Serialize};

use super::model::{ImportKind, RowProblem};
use super::refs::{MOST_OF_A_NAME, NamedCompanies, Owners, over};
use super::target::{Cells, Existing, Found, Meant, Refused, Target};
use crate::deals::{self, AdvanceInput, Deal, DealError, DealInput, DealStatus};
use crate::stages::{self, Stage, StageKind};

/// A deal's input with the stage it stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct DealIn {
    stage: BoardStageId,
    state: DealStatus,
    input: DealInput,
}

/// The deals that a chunk of rows may be about.
pub(super) struct Deals {
    companies: NamedCompanies,
    people: HashMap<CompanyId, Vec<Contact>>,
    owners: Owners,
    stages: Vec<Stage>,
    by_id: BTreeMap<DealId, Deal>,
    person: Option<PersonId>,
    today: NaiveDate,
}

fn existing(deal: &Deal) -> Existing<DealIn> {
    let input = DealIn { stage: deal.stage_id, state: deal.state.status(), input: DealInput::from(deal) };
    Existing { id: deal.id.0, version: deal.version, input }
}

/// What people write for each state: first the English word, then the Japanese, as our own files do.
const STATES: [(DealStatus, &[&str]); 4] = [
    (DealStatus::Open, &["Open", "進行中", "商談中", "対応中"]),
    (DealStatus::Won, &["Won", "受注", "成約"]),
    (DealStatus::Lost, &["Lost", "失注"]),
    (DealStatus::Dormant, &["Dormant", "休眠", "保留"]),
];

/// The state a word means; nothing for any other word.
fn state(text: &str) -> Option<DealStatus> {
    let key = search_key(text);
    let found = STATES.iter().find(|(_, words)| words.iter().any(|word| search_key(word) == key));
    found.map(|(state, _)| *state)
}

/// What our own files write for a state.
pub(super) fn state_word(state: DealStatus, language: Language) -> &'static str {
    let words = STATES.iter().find(|(one, _)| *one == state).map(|(_, words)| *words).unwrap_or_default();
    words.get(usize::from(language == Language::Ja)).copied().unwrap_or_default()
}

impl Deals {
    /// The stage a row names; the first open one where a new deal names none.
    fn stage(&self, row: &Cells, current: Option<&DealIn>) -> Result<BoardStageId, RowProblem> {
        let name = row.get("stage");
        if name.is_empty() {
            let first = self.stages.iter().find(|stage| stage.kind == StageKind::Open);
            let stage = current.map(|current| current.stage).or(first.map(|stage| stage.id));
            return stage.ok_or_else(|| RowProblem::new("stage", "", Code::Required));
        }
        let named = self.stages.iter().find(|stage| search_key(&stage.name) == search_key(name));
        match named {
            None => Err(RowProblem::new("stage", name, Code::UnknownChoice)),
            Some(stage) if current.is_some_and(|current| current.stage == stage.id) => Ok(stage.id),
            Some(stage) if stage.kind != StageKind::Open => {
                Err(RowProblem::new("stage", name, Code::ClosingStage))
            }
            Some(stage) => Ok(stage.id),
        }
    }

    /// The contact a row names, by mail address or name; nothing where it names none.
    fn contact(
        &self,
        row: &Cells,
        company: CompanyId,
        current: Option<ContactId>,
    ) -> Result<Option<ContactId>, RowProblem> {
        let written = row.get("contact");
        if written.is_empty() {
            return Ok(None);
        }
        let (key, email) = (search_key(written), EmailAddress::parse(written).ok().map(|email| email.key()));
        let is_meant = |contact: &&Contact| {
            let address = contact.email.as_ref().map(EmailAddress::key);
            search_key(&contact.display_name()) == key || (email.is_some() && address == email)
        };
        let mut found = self.people.get(&company).into_iter().flatten().filter(is_meant);
        // Of two with one name, the one who is there already is meant.
        if let Some(current) = current
            && found.clone().any(|contact| contact.id == current)
        {
            return Ok(Some(current));
        }
        match (found.next(), found.next()) {
            (Some(contact), None) => Ok(Some(contact.id)),
            (Some(_), Some(_)) => Err(RowProblem::new("contact", written, Code::SeveralMatch)),
            (None, _) => Err(RowProblem::new("contact", written, Code::UnknownChoice)),
        }
    }

    /// The values of the row that are its input's, and those that lead to others by name.
    fn values<'r>(
        &self,
        row: &'r Cells,
        current: Option<&DealIn>,
    ) -> Result<Vec<(&'r str, String)>, Vec<RowProblem>> {
        let mut problems = Vec::new();
        let company = noted(self.companies.named_in(row), &mut problems);
        let before = current.and_then(|current| current.input.company_id.as_str().parse().ok());
        let contact = match company.or(before) {
            Some(company) => {
                let now = current.and_then(|current| current.input.contact_id.as_str().parse().ok());
                noted(self.contact(row, company, now), &mut problems)
            }
            None => None,
        };
        let owner = noted(self.owners.named_in(row), &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let own = ["title", "amount", "expected_close_on", "next_action", "next_action_on"];
        let mut values: Vec<(&str, String)> =
            own.into_iter().map(|field| (field, row.get(field).to_owned())).collect();
        values.push(("company_id", company.map(|id| id.to_string()).unwrap_or_default()));
        values.push(("contact_id", contact.map(|id| id.to_string()).unwrap_or_default()));
        values.push(("owner_id", owner.map(|id| id.to_string()).unwrap_or_default()));
        values.retain(|(_, value)| !value.is_empty());
        Ok(values)
    }

    fn of(&self, existing: &Existing<DealIn>) -> Option<&Deal> {
        self.by_id.get(&DealId(existing.id))
    }
}

/// What a row says of the deal's state has to be so: a file closes and wakes nothing.
fn state_fits(row: &Cells, current: DealStatus) -> Result<(), RowProblem> {
    let written = row.get("state");
    match state(written) {
        _ if written.is_empty() => Ok(()),
        Some(state) if state == current => Ok(()),
        Some(_) => Err(RowProblem::new("state", written, Code::ClosingStage)),
        None => Err(RowProblem::new("state", written, Code::UnknownChoice)),
    }
}

/// What was found; what was not is noted.
fn noted<T>(found: Result<Option<T>, RowProblem>, problems: &mut Vec<RowProblem>) -> Option<T> {
    match found {
        Ok(found) => found,
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

impl Target for Deals {
    const KIND: ImportKind = ImportKind::Deals;
    const IS_TRIED: bool = true;
    type Input = DealIn;

    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &[i64]) -> Result<Self, DbError> {
        let mut ids: Vec<DealId> = linked.iter().map(|id| DealId(*id)).collect();
        ids.extend(rows.iter().filter_map(|row| row.get("yui_id").parse::<DealId>().ok()));
        let mut found = deals::find_many(tx, &ids)?;
        let around: Vec<CompanyId> = found.iter().map(|deal| deal.company_id).collect();
        let companies = NamedCompanies::of(tx, rows, &around)?;
        let titles: Vec<String> = rows.iter().map(|row| search_key(row.get("title"))).collect();
        found.extend(deals::of_titles(tx, &companies.ids(), &titles, MOST_OF_A_NAME)?);
        let holders: Vec<PersonId> = found.iter().map(|deal| deal.owner_id).collect();
        let mut people: HashMap<CompanyId, Vec<Contact>> = HashMap::new();
        if rows.iter().any(|row| !row.get("contact").is_empty()) {
            for contact in contacts::of_companies(tx, &companies.ids(), MOST_OF_A_NAME)? {
                people.entry(contact.company_id).or_default().push(contact);
            }
        }
        Ok(Self {
            companies,
            people,
            owners: Owners::of(tx, rows, &holders)?,
            stages: stages::list(tx)?,
            by_id: found.into_iter().map(|deal| (deal.id, deal)).collect(),
            person: tx.actor().person(),
            today: date_in_japan(tx.now()),
        })
    }

    fn by_id(&self, id: i64) -> Option<Existing<DealIn>> {
        self.by_id.get(&DealId(id)).map(existing)
    }

    fn find(&self, row: &Cells) -> Found<DealIn> {
        let company = match self.companies.named_in(row) {
            Err(problem) => return Found::Unclear(problem),
            Ok(None) => return Found::Unclear(RowProblem::new("company", "", Code::Required)),
            Ok(Some(company)) => company,
        };
        if !row.get("external_id").is_empty() {
            return Found::Nothing(String::new());
        }
        let title = search_key(row.get("title"));
        let is_same = |deal: &&Deal| deal.company_id == company && search_key(&deal.title) == title;
        let mut same = self.by_id.values().filter(is_same);
        match (same.next(), same.next()) {
            (Some(deal), None) => Found::One(existing(deal)),
            (Some(_), Some(_)) => {
                Found::Unclear(RowProblem::new("title", row.get("title"), Code::SeveralMatch))
            }
            (None, _) => Found::Nothing(format!("{company} {title}")),
        }
    }

    fn meant(&self, row: &Cells, current: Option<&DealIn>) -> Meant<DealIn> {
        let stage = match self.stage(row, current) {
            Ok(stage) => stage,
            Err(problem) => return Meant::Problems(vec![problem]),
        };
        let values = match self.values(row, current) {
            Ok(values) => values,
            Err(problems) => return Meant::Problems(problems),
        };
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let base = current.map(|current| current.input.clone()).unwrap_or_default();
        let status = current.map_or(DealStatus::Open, |current| current.state);
        if let Err(problem) = state_fits(row, status) {
            return Meant::Problems(vec![problem]);
        }
        over(&base, &values).map_or_else(
            || Meant::Problems(Vec::new()),
            |input| Meant::Input(DealIn { stage, state: status, input }),
        )
    }

    fn settled(&self, input: &DealIn, current: Option<&Existing<DealIn>>) -> Result<DealIn, Invalid> {
        let deal = current.and_then(|existing| self.of(existing));
        if deal.is_some_and(|deal| deal.state.status() != DealStatus::Open) {
            return Err(Invalid::field("", Code::DealNotOpen));
        }
        let (owner, earliest) = match deal {
            Some(deal) => (Some(deal.owner_id), None),
            None => (self.person, Some(self.today)),
        };
        let stage = self.stages.iter().find(|stage| stage.id == input.stage).filter(|_| deal.is_none());
        Ok(DealIn { input: input.input.settled(owner, earliest, stage)?, ..input.clone() })
    }

    fn alike(&self, _input: &DealIn) -> BTreeSet<i64> {
        BTreeSet::new()
    }

    fn create(&self, tx: &mut Tx<'_>, inputs: &[DealIn]) -> Result<Vec<i64>, Refused> {
        let inputs: Vec<(BoardStageId, DealInput)> =
            inputs.iter().map(|one| (one.stage, one.input.clone())).collect();
        let opened = deals::open_many(tx, &inputs).map_err(refused)?;
        Ok(opened.into_iter().map(|deal| deal.id.0).collect())
    }

    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &DealIn) -> Result<i32, Refused> {
        let deal = deals::correct(tx, DealId(id), version, input.input.clone()).map_err(refused)?;
        if deal.stage_id == input.stage {
            return Ok(deal.version);
        }
        let to = AdvanceInput { to_stage: Typed(input.stage.to_string()), ..AdvanceInput::default() };
        Ok(deals::advance(tx, deal.id, deal.version, to).map_err(refused)?.version)
    }

    fn take_back(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<i64>, DbError> {
        let ids: Vec<DealId> = ids.iter().map(|id| DealId(*id)).collect();
        Ok(deals::take_back(tx, &ids)?.into_iter().map(|id| id.0).collect())
    }
}

fn refused(error: DealError) -> Refused {
    match error {
        DealError::Db(error) => Refused::Again(error),
        DealError::Stale => Refused::Again(DbError::NotFound),
        rule => Refused::by_rule(&rule),
    }
}
