//! Rows that become companies. One is recognised by its corporate number, else by its name: the same name in any width,
//! kana, spacing and spelling of its legal form.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clients::companies::{self, Company, CompanyError, CompanyInput, Reached};
use db::{DbError, Tx};
use kernel::text::search_key;
use kernel::{Code, CompanyId, CorporateNumber, Invalid, likeness, reach};

use super::cells;
use super::model::{ImportKind, RowProblem};
use super::refs::{MOST_OF_A_NAME, over};
use super::target::{Cells, Existing, Found, Likeness, Linked, Meant, Refused, Target};

/// The companies that a chunk of rows may be about.
pub(super) struct Companies {
    by_id: BTreeMap<CompanyId, Company>,
    by_number: HashMap<CorporateNumber, CompanyId>,
    by_name: HashMap<String, BTreeSet<CompanyId>>,
    by_likeness: HashMap<String, BTreeSet<CompanyId>>,
    reached: Vec<Reached>,
    /// Who stands for those that were merged away.
    standing: HashMap<CompanyId, CompanyId>,
}

fn existing(company: &Company) -> Existing<CompanyInput> {
    Existing { id: company.id.0, version: company.version, input: CompanyInput::from(company) }
}

impl Companies {
    fn of(found: Vec<Company>, reached: Vec<Reached>, standing: HashMap<CompanyId, CompanyId>) -> Self {
        let (mut by_number, mut by_name, mut by_likeness) = (HashMap::new(), HashMap::new(), HashMap::new());
        for company in &found {
            if let Some(number) = &company.corporate_number {
                by_number.insert(number.clone(), company.id);
            }
            let ids: &mut BTreeSet<CompanyId> = by_name.entry(search_key(&company.name)).or_default();
            ids.insert(company.id);
            let ids: &mut BTreeSet<CompanyId> =
                by_likeness.entry(likeness::name_key(&company.name)).or_default();
            ids.insert(company.id);
        }
        let by_id = found.into_iter().map(|company| (company.id, company)).collect();
        Self { by_id, by_number, by_name, by_likeness, reached, standing }
    }

    fn one(&self, id: CompanyId) -> Option<Existing<CompanyInput>> {
        self.by_id.get(&id).map(existing)
    }
}

/// The signs of `rows` by which companies are reached, folded; hosts that many share do not count.
fn ways(rows: &[Cells]) -> (Vec<String>, Vec<String>) {
    let filled = |keys: Vec<String>| keys.into_iter().filter(|key| !key.is_empty()).collect();
    let phones = rows.iter().map(|row| reach::phone_key(row.get("phone"))).collect();
    let sites = rows.iter().map(|row| reach::site_key(row.get("website")));
    (filled(phones), filled(sites.filter(|host| !reach::is_shared_host(host)).collect()))
}

impl Target for Companies {
    const KIND: ImportKind = ImportKind::Companies;
    type Input = CompanyInput;

    fn know(tx: &mut Tx<'_>, rows: &[Cells], linked: &Linked) -> Result<Self, DbError> {
        let mut ids: Vec<CompanyId> = linked.ids().map(CompanyId).collect();
        ids.extend(rows.iter().filter_map(|row| row.get("yui_id").parse::<CompanyId>().ok()));
        let numbers: Vec<CorporateNumber> =
            rows.iter().filter_map(|row| CorporateNumber::parse(row.get("corporate_number")).ok()).collect();
        let standing = companies::standing_for(tx, &ids)?;
        ids.extend(standing.values().copied());
        let mut found = companies::find_many(tx, &ids)?;
        found.extend(companies::with_numbers(tx, &numbers)?);
        found.extend(companies::with_names(tx, rows.iter().map(|row| row.get("name")), MOST_OF_A_NAME)?);
        let (phones, sites) = ways(rows);
        let reached = companies::reached_by(tx, &phones, &sites, MOST_OF_A_NAME)?;
        Ok(Self::of(found, reached, standing))
    }

    fn by_id(&self, id: i64) -> Option<Existing<CompanyInput>> {
        self.one(self.standing.get(&CompanyId(id)).copied().unwrap_or(CompanyId(id)))
    }

    fn find(&self, row: &Cells) -> Found<CompanyInput> {
        let number = CorporateNumber::parse(row.get("corporate_number")).ok();
        if let Some(number) = &number {
            let known = self.by_number.get(number).and_then(|id| self.one(*id));
            if let Some(known) = known {
                return Found::One(known);
            }
        }
        let name = search_key(row.get("name"));
        let is_by_name = row.get("external_id").is_empty();
        // Whoever has another number is another company, whatever it is called.
        let same: Vec<CompanyId> = self
            .by_name
            .get(&name)
            .into_iter()
            .flatten()
            .copied()
            .filter(|id| {
                let theirs = self.by_id.get(id).and_then(|company| company.corporate_number.as_ref());
                number.is_none() || theirs.is_none()
            })
            .collect();
        match (is_by_name, same.as_slice()) {
            (true, [id]) => self.one(*id).map_or(Found::Nothing(name), Found::One),
            (true, [_, _, ..]) => {
                Found::Unclear(RowProblem::several("name", row.get("name"), same.iter().copied()))
            }
            _ => Found::Nothing(number.map_or(format!("name {name}"), |number| format!("number {number}"))),
        }
    }

    fn meant(&self, row: &Cells, current: Option<&CompanyInput>) -> Meant<CompanyInput> {
        let address = cells::address(row);
        let mut values: Vec<(&str, &str)> =
            row.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        values.retain(|(name, _)| *name != "address");
        if !address.is_empty() {
            values.push(("address", &address));
        }
        let base = current.cloned().unwrap_or_default();
        Meant::input(over(&base, &values))
    }

    fn settled(
        &self,
        input: &CompanyInput,
        current: Option<&Existing<CompanyInput>>,
    ) -> Result<CompanyInput, Invalid> {
        let settled = input.settled()?;
        let number = CorporateNumber::parse(settled.corporate_number.as_str()).ok();
        let holder = number.and_then(|number| self.by_number.get(&number));
        match holder {
            Some(id) if current.is_none_or(|existing| existing.id != id.0) => {
                Err(Invalid::field("corporate_number", Code::Taken))
            }
            _ => Ok(settled),
        }
    }

    fn unique_key(&self, input: &CompanyInput) -> Option<String> {
        let number = input.corporate_number.as_str();
        (!number.is_empty()).then(|| format!("number {number}"))
    }

    fn alike(&self, input: &CompanyInput) -> BTreeSet<i64> {
        let name = likeness::name_key(input.name.as_str());
        let mut alike: BTreeSet<i64> =
            self.by_likeness.get(&name).into_iter().flatten().map(|id| id.0).collect();
        let (phone, site) = (reach::phone_key(input.phone.as_str()), reach::site_key(input.website.as_str()));
        let is_alike = |one: &&Reached| {
            (!phone.is_empty() && one.phone_key == phone)
                || (!site.is_empty() && one.site_key == site && !reach::is_shared_host(&site))
        };
        alike.extend(self.reached.iter().filter(is_alike).map(|one| one.id.0));
        alike
    }

    fn likeness(input: &CompanyInput) -> Likeness {
        let filled = |key: String| (!key.is_empty()).then_some(key);
        let site = reach::site_key(input.website.as_str());
        Likeness {
            name: filled(likeness::name_key(input.name.as_str())),
            reach: filled(reach::phone_key(input.phone.as_str())),
            site: filled(site).filter(|host| !reach::is_shared_host(host)),
        }
    }

    fn create(&self, tx: &mut Tx<'_>, inputs: &[CompanyInput]) -> Result<Vec<i64>, Refused> {
        let entered = companies::enter_many(tx, inputs).map_err(refused)?;
        Ok(entered.into_iter().map(|company| company.id.0).collect())
    }

    fn update(&self, tx: &mut Tx<'_>, id: i64, version: i32, input: &CompanyInput) -> Result<i32, Refused> {
        let company = companies::correct_knowingly(tx, CompanyId(id), version, input).map_err(refused)?;
        Ok(company.version)
    }

    fn take_back(tx: &mut Tx<'_>, ids: &[i64]) -> Result<Vec<i64>, DbError> {
        let ids: Vec<CompanyId> = ids.iter().map(|id| CompanyId(*id)).collect();
        Ok(companies::take_back(tx, &ids)?.into_iter().map(|id| id.0).collect())
    }
}

fn refused(error: CompanyError) -> Refused {
    match error {
        CompanyError::Db(error) => Refused::Again(error),
        CompanyError::Stale => Refused::Again(DbError::NotFound),
        rule => Refused::by_rule(&rule),
    }
}
