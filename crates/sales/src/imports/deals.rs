//! Rows that become deals. One is recognised by its title within its company. A new one is opened in the stage it names,
//! by that stage's own rules, or kept as history where the row says that it was won or lost: on the day it was, and nothing
//! follows from it. A deal that is here is won and lost on its own page, because an order or a reason hangs on it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use accounts::persons;
use chrono::NaiveDate;
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{
    BoardStageId, Code, CompanyId, ContactId, DealId, EmailAddress, Invalid, Language, PersonId, Typed,
    date_in_japan,
};
use serde::{Deserialize, Serialize};

use super::cells;
use super::decided::{self, Decided, Ending};
use super::model::{ImportKind, RowProblem};
use super::refs::{MOST_OF_A_NAME, NamedCompanies, Owners, noted, over};
use super::target::{Cells, Existing, Found, Linked, Meant, Refused, Target};
use crate::deals::{
    self, AdvanceInput, AmountBasis, Deal, DealError, DealInput, DealState, DealStatus, PastDeal,
};
use crate::lines;
use crate::pipelines::{self, Pipeline, PipelineId};
use crate::stages::{self, Stage, StageKind};

/// A deal's input with the stage it stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct DealIn {
    stage: BoardStageId,
    state: DealStatus,
    input: DealInput,
    /// Where its amount came from; what is entered now comes from a hand.
    #[serde(default)]
    basis: Option<AmountBasis>,
    /// When and why it was decided, where it is won or lost.
    #[serde(default)]
    decided: Option<Decided>,
    /// The open stage that a row says it stood in before it was decided.
    #[serde(default)]
    from: Option<BoardStageId>,
}

/// The deals that a chunk of rows may be about.
pub(super) struct Deals {
    companies: NamedCompanies,
    people: HashMap<CompanyId, BTreeMap<ContactId, Contact>>,
    owners: Owners,
    /// Those in use, the one first that new deals begin in.
    pipelines: Vec<Pipeline>,
    stages: Vec<Stage>,
    by_id: BTreeMap<DealId, Deal>,
    person: Option<PersonId>,
    /// The language of whoever imports.
    language: Language,
    today: NaiveDate,
}

fn existing(deal: &Deal) -> Existing<DealIn> {
    let input = DealIn {
        stage: deal.stage_id,
        state: deal.state.status(),
        input: DealInput::from(deal),
        basis: Some(deal.amount_basis),
        decided: match &deal.state {
            DealState::Won { won_at } => Some(Decided { on: date_in_japan(*won_at), loss: None }),
            DealState::Lost { lost_at, loss } => {
                Some(Decided { on: date_in_japan(*lost_at), loss: Some(loss.clone()) })
            }
            DealState::Open(_) | DealState::Dormant { .. } => None,
        },
        from: None,
    };
    Existing { id: deal.id.0, version: deal.version, input }
}

impl Deals {
    /// The pipeline a row is about: the deal's own, which a file does not change, or for a new one the one it names, else
    /// the first in use.
    fn pipeline(&self, row: &Cells, current: Option<&DealIn>) -> Result<PipelineId, RowProblem> {
        let name = row.get("pipeline");
        let key = search_key(name);
        let own = current.and_then(|current| self.stages.iter().find(|stage| stage.id == current.stage));
        let named = self.pipelines.iter().find(|pipeline| search_key(&pipeline.name) == key);
        match (own, named) {
            (Some(own), _) if name.is_empty() => Ok(own.pipeline_id),
            (Some(own), Some(named)) if named.id == own.pipeline_id => Ok(named.id),
            (Some(_), Some(_)) => Err(RowProblem::new("pipeline", name, Code::OtherPipeline)),
            (None, Some(named)) => Ok(named.id),
            (None, None) if name.is_empty() => {
                let first = self.pipelines.first().map(|pipeline| pipeline.id);
                first.ok_or_else(|| RowProblem::new("pipeline", "", Code::Required))
            }
            (_, None) => Err(RowProblem::new("pipeline", name, Code::UnknownChoice)),
        }
    }

    /// The stage a row names; the first open one of its pipeline where a new deal names none.
    fn stage(&self, row: &Cells, current: Option<&DealIn>) -> Result<BoardStageId, RowProblem> {
        let pipeline = self.pipeline(row, current)?;
        let mut here = self.stages.iter().filter(|stage| stage.pipeline_id == pipeline);
        let name = row.get("stage");
        if name.is_empty() {
            let first = here.find(|stage| stage.kind == StageKind::Open);
            let stage = current.map(|current| current.stage).or(first.map(|stage| stage.id));
            return stage.ok_or_else(|| RowProblem::new("stage", "", Code::Required));
        }
        let named = here.find(|stage| search_key(&stage.name) == search_key(name));
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
        let mut found = self.people.get(&company).into_iter().flat_map(BTreeMap::values).filter(is_meant);
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

    /// The values of the row that are its input's, and those that lead to others by name; what leads nowhere is among the
    /// `problems`.
    fn values<'r>(
        &self,
        row: &'r Cells,
        current: Option<&DealIn>,
        is_over: bool,
        problems: &mut Vec<RowProblem>,
    ) -> Vec<(&'r str, String)> {
        let company = noted(self.companies.named_in(row), problems);
        let before = current.and_then(|current| current.input.company_id.as_str().parse().ok());
        let contact = match company.or(before) {
            Some(company) => {
                let now = current.and_then(|current| current.input.contact_id.as_str().parse().ok());
                noted(self.contact(row, company, now), problems)
            }
            None => None,
        };
        let owner = noted(self.owners.named_in(row), problems);
        // What is over has nothing next, whatever its row says.
        let next = if is_over { [].as_slice() } else { &["next_action", "next_action_on"] };
        let own = ["title", "amount", "expected_close_on"];
        let mut values: Vec<(&str, String)> =
            own.iter().chain(next).map(|field| (*field, settled_value(field, row.get(field)))).collect();
        if current.is_none() {
            // What was said for all rows that name none; whoever is at work on a deal already has a next action.
            for (field, value) in &mut values {
                let unsaid = row.get(cells::unsaid(field));
                if value.is_empty() && !unsaid.is_empty() {
                    unsaid.clone_into(value);
                }
            }
        }
        problems.extend(cells::other_money(row));
        values.push(("company_id", company.map(|id| id.to_string()).unwrap_or_default()));
        values.push(("contact_id", contact.map(|id| id.to_string()).unwrap_or_default()));
        values.push(("owner_id", owner.map(|id| id.to_string()).unwrap_or_default()));
        values.retain(|(_, value)| !value.is_empty());
        values
    }

    /// How a row says its deal ended; nothing where it says no such thing.
    fn ending(&self, row: &Cells, current: Option<&DealIn>) -> Result<Option<Ending>, RowProblem> {
        // A pipeline that leads nowhere is told with the row's stage.
        let Ok(pipeline) = self.pipeline(row, current) else { return Ok(None) };
        let here: Vec<&Stage> = self.stages.iter().filter(|stage| stage.pipeline_id == pipeline).collect();
        decided::ending(row, &here)
    }

    /// A row of a deal that was won or lost elsewhere, and is none of ours yet.
    fn past(&self, row: &Cells, ending: Ending, mut problems: Vec<RowProblem>) -> Meant<DealIn> {
        let told = decided::told(row, ending.status, None, (self.today, self.language));
        let decided = noted(told.map(Some), &mut problems);
        let values = self.values(row, None, true, &mut problems);
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let input = over(&DealInput::default(), &values).map(|input| DealIn {
            stage: ending.stage,
            state: ending.status,
            input,
            basis: None,
            // So that the other values of a row without a day are looked at as well.
            decided: decided.or(Some(Decided { on: self.today, loss: None })),
            from: ending.from,
        });
        Meant { input, problems }
    }

    /// A row that says of a won or lost deal what it is.
    fn over_still(
        &self,
        row: &Cells,
        ending: Ending,
        current: Option<&DealIn>,
        mut problems: Vec<RowProblem>,
    ) -> Meant<DealIn> {
        let Some(current) = current else { return Meant { input: None, problems } };
        let before = current.decided.as_ref();
        let told = decided::told(row, ending.status, before, (self.today, self.language));
        let decided = noted(told.map(Some), &mut problems);
        let values = self.values(row, Some(current), true, &mut problems);
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let input = over(&current.input, &values).map(|input| DealIn {
            stage: if ending.is_named { ending.stage } else { current.stage },
            input,
            decided: decided.or_else(|| current.decided.clone()),
            ..current.clone()
        });
        Meant { input, problems }
    }

    /// A row of a deal that is being worked on, or that says nothing of how one ended.
    fn alive(&self, row: &Cells, current: Option<&DealIn>, mut problems: Vec<RowProblem>) -> Meant<DealIn> {
        let is_told = problems.iter().any(|problem| problem.field == "state");
        let named = if is_told { None } else { noted(self.stage(row, current).map(Some), &mut problems) };
        // So that the other values of a row whose stage is unknown are looked at as well.
        let first = || self.stages.iter().find(|stage| stage.kind == StageKind::Open).map(|stage| stage.id);
        let stage = named.or_else(first);
        let status = current.map_or(DealStatus::Open, |current| current.state);
        let is_over = matches!(status, DealStatus::Won | DealStatus::Lost);
        let values = self.values(row, current, is_over, &mut problems);
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let base = current.map(|current| current.input.clone()).unwrap_or_default();
        if !is_told {
            problems.extend(state_fits(row, status).err());
        }
        // Of a pipeline that is not here nobody knows whether the deal is over: nothing next is asked for.
        let is_unknown = current.is_none() && self.pipeline(row, None).is_err();
        let unknown = || is_unknown.then_some(Decided { on: self.today, loss: None });
        let input = over(&base, &values).zip(stage).map(|(input, stage)| DealIn {
            stage,
            state: status,
            input,
            basis: current.and_then(|current| current.basis),
            decided: current.and_then(|current| current.decided.clone()).or_else(unknown),
            from: None,
        });
        Meant { input, problems }
    }

    fn of(&self, existing: &Existing<DealIn>) -> Option<&Deal> {
        self.by_id.get(&DealId(existing.id))
    }
}

/// A day or an amount as it is stored, however a spreadsheet has written it; anything else as it stands.
fn settled_value(field: &str, written: &str) -> String {
    let settled = match field {
        _ if written.is_empty() => None,
        "expected_close_on" | "next_action_on" => cells::day(written).map(|day| day.to_string()),
        "amount" => cells::yen(written).map(|amount| amount.0.to_string()),
        _ => None,
    };
    settled.unwrap_or_else(|| written.to_owned())
}

/// The company a row names, or that of the deal it is about.
fn company_of(companies: &NamedCompanies, linked: &Linked, found: &[Deal], row: &Cells) -> Option<CompanyId> {
    let about = || {
        let id = row.get("yui_id").parse().ok().or_else(|| linked.of_row(row).map(DealId))?;
        found.iter().find(|deal| deal.id == id).map(|deal| deal.company_id)
    };
    companies.named_in(row).ok().flatten().or_else(about)
}

/// Everybody whom rows name as contacts of their companies, by mail address or name, and those the deals have already.
fn people_of(
    tx: &mut Tx<'_>,
    rows: &[(&Cells, CompanyId)],
    found: &[Deal],
) -> Result<HashMap<CompanyId, BTreeMap<ContactId, Contact>>, DbError> {
    let written = || {
        rows.iter().map(|(row, company)| (row.get("contact"), *company)).filter(|(name, _)| !name.is_empty())
    };
    let emails: Vec<String> =
        written().filter_map(|(name, _)| EmailAddress::parse(name).ok()).map(|email| email.key()).collect();
    let names: Vec<(CompanyId, String)> =
        written().map(|(name, company)| (company, name.to_owned())).collect();
    let known: Vec<ContactId> = found.iter().filter_map(|deal| deal.contact_id).collect();
    let mut all = contacts::find_many(tx, &known)?;
    all.extend(contacts::with_emails(tx, &emails, MOST_OF_A_NAME)?);
    all.extend(contacts::with_names(tx, &names, MOST_OF_A_NAME)?);
    let mut people: HashMap<CompanyId, BTreeMap<ContactId, Contact>> = HashMap::new();
    for contact in all {
        people.entry(contact.company_id).or_default().insert(contact.id, contact);
    }
    Ok(people)
}

/// What a row says of the deal's state has to be so: a file closes and wakes nothing.
fn state_fits(row: &Cells, current: DealStatus) -> Result<(), RowProblem> {
    let written = row.get("state");
    match decided::state(written) {
        _ if written.is_empty() => Ok(()),
        Some(state) if state == current => Ok(()),
        Some(_) => Err(RowProblem::new("state", written, Code::ClosingStage)),
        None => Err(RowProblem::new("state", written, Code::UnknownChoice)),
    }
}

impl Target for Deals {
    const KIND: ImportKind = ImportKind::Deals;
    const IS_TRIED: bool = true;
    type Input = DealIn;

    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &Linked) -> Result<Self, DbError> {
        let mut ids: Vec<DealId> = linked.ids().map(DealId).collect();
        ids.extend(rows.iter().filter_map(|row| row.get("yui_id").parse::<DealId>().ok()));
        let mut found = deals::find_many(tx, &ids)?;
        let around: Vec<CompanyId> = found.iter().map(|deal| deal.company_id).collect();
        let companies = NamedCompanies::of(tx, rows, &around)?;
        let placed: Vec<(&Cells, CompanyId)> =
            rows.iter().filter_map(|row| Some((row, company_of(&companies, linked, &found, row)?))).collect();
        let titles: Vec<(CompanyId, String)> =
            placed.iter().map(|(row, company)| (*company, search_key(row.get("title")))).collect();
        found.extend(deals::of_titles(tx, &titles, MOST_OF_A_NAME)?);
        let holders: Vec<PersonId> = found.iter().map(|deal| deal.owner_id).collect();
        let people = people_of(tx, &placed, &found)?;
        let language = match tx.actor().person() {
            Some(person) => persons::find(tx, person)?.preferences.language,
            None => Language::Ja,
        };
        Ok(Self {
            companies,
            people,
            pipelines: pipelines::in_use(tx)?,
            owners: Owners::of(tx, rows, &holders)?,
            stages: stages::list(tx)?,
            by_id: found.into_iter().map(|deal| (deal.id, deal)).collect(),
            person: tx.actor().person(),
            language,
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
        let mut problems = Vec::new();
        let ending = noted(self.ending(row, current), &mut problems);
        let status = current.map(|current| current.state);
        match (ending, status) {
            (Some(ending), None) => self.past(row, ending, problems),
            (Some(ending), Some(status)) if ending.status == status => {
                self.over_still(row, ending, current, problems)
            }
            _ => self.alive(row, current, problems),
        }
    }

    fn settled(&self, input: &DealIn, current: Option<&Existing<DealIn>>) -> Result<DealIn, Invalid> {
        let deal = current.and_then(|existing| self.of(existing));
        if deal.is_some_and(|deal| deal.state.status() != DealStatus::Open) {
            return Err(Invalid::field("", Code::DealNotOpen));
        }
        if let Some(decided) = &input.decided {
            let settled = input.input.settled_past(self.person, decided.on)?;
            return Ok(DealIn { input: settled, ..input.clone() });
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
        let (mut alive, mut over) = (Vec::new(), Vec::new());
        for one in inputs {
            match &one.decided {
                None => alive.push((one.stage, one.input.clone())),
                Some(decided) => over.push(PastDeal {
                    input: one.input.clone(),
                    stage: one.stage,
                    from: one.from,
                    on: decided.on,
                    loss: decided.loss.clone(),
                }),
            }
        }
        let mut opened = match alive.as_slice() {
            [] => Vec::new(),
            alive => deals::open_many(tx, alive).map_err(refused)?,
        }
        .into_iter();
        let mut recorded = match over.as_slice() {
            [] => Vec::new(),
            over => deals::record_many(tx, over).map_err(refused)?,
        }
        .into_iter();
        let made =
            inputs.iter().map(|one| if one.decided.is_some() { recorded.next() } else { opened.next() });
        Ok(made.flatten().map(|deal| deal.id.0).collect())
    }

    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &DealIn) -> Result<i32, Refused> {
        let mut deal =
            deals::correct_quietly(tx, DealId(id), version, input.input.clone()).map_err(refused)?;
        // Taken back, an amount comes again from the lines it came from.
        let is_by_hand = deal.amount_basis == AmountBasis::Hand;
        if is_by_hand
            && input.basis == Some(AmountBasis::Lines)
            && lines::of_deal(tx, deal.id)?.total == deal.amount
        {
            let amount = deal.amount;
            deal = deals::value(tx, deal, amount, AmountBasis::Lines).map_err(refused)?;
        }
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
