//! What a merge is, which value of two is kept, and what taking it back would contradict. No database here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, CompanyId, ContactId, Invalid, MergeId, Typed, text_enum};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::companies::{Company, CompanyFields};
use crate::contacts::{Contact, ContactFields};

/// The longest note two notes may come to.
const LONGEST_NOTE: i64 = 4000;

text_enum!(
    /// Of two values, the one that stays.
    Side {
        /// That of the one kept.
        Kept = "kept",
        /// That of the one merged away.
        Merged = "merged",
        /// Both, one after the other; of notes alone.
        Both = "both",
    }
);

text_enum!(
    /// Why a merge is not taken back: what happened since that would be lost or left astray.
    Hindrance {
        /// It was taken back before.
        Undone = "undone",
        /// A field that the merge had changed was changed again.
        FieldChanged = "field_changed",
        /// The one kept was itself merged into another since: that merge is taken back first.
        KeptMerged = "kept_merged",
        /// Another company has the corporate number by now.
        NumberTaken = "number_taken",
        /// Terms were agreed on top of those taken over.
        TermsAgreed = "terms_agreed",
        /// People of both companies were merged with each other: that merge is taken back first.
        PeopleMerged = "people_merged",
        /// Something that moved has since been given to somebody else.
        MovedOn = "moved_on",
        /// A deal or an order since then names a person of one company and belongs to the other.
        Entangled = "entangled",
    }
);

/// What became one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Pair {
    /// Two companies.
    Companies {
        /// The one that stays.
        kept: CompanyId,
        /// The one that points to it now.
        merged: CompanyId,
    },
    /// Two contacts of one company.
    Contacts {
        /// The one that stays.
        kept: ContactId,
        /// The one that points to them now.
        merged: ContactId,
    },
}

/// The ids of rows that a merge moved, by table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved(BTreeMap<String, Vec<i64>>);

impl Moved {
    /// Keeps what moved of a table; the order says nothing.
    pub fn note(&mut self, table: &str, mut ids: Vec<i64>) {
        ids.sort_unstable();
        self.0.insert(table.to_owned(), ids);
    }

    /// What moved of a table.
    pub fn of(&self, table: &str) -> &[i64] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// What moved of other tables too.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// How many rows moved, by table; tables of which nothing moved are left out.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let some = self.0.iter().filter(|(_, ids)| !ids.is_empty());
        some.map(|(table, ids)| (table.clone(), ids.len())).collect()
    }

    /// Whether the tables in `self` hold the same rows in `other`.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.iter().all(|(table, ids)| other.of(table) == ids.as_slice())
    }
}

/// Each field that a merge changed: what it was, and what it became.
pub(super) type Changed = Map<String, Value>;

/// A merge as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// What became one.
    #[serde(flatten)]
    pub pair: Pair,
    /// The name of the one merged away.
    pub merged_name: String,
    /// The fields of the one kept that changed.
    pub fields: Vec<String>,
    /// How many rows moved, by table.
    pub counts: BTreeMap<String, usize>,
    /// When it was done.
    pub merged_at: DateTime<Utc>,
    /// By whom: `person:42`.
    pub merged_by: String,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// By whom.
    pub undone_by: Option<String>,
    #[serde(skip)]
    pub(super) changed: Changed,
    #[serde(skip)]
    pub(super) moved: Moved,
}

impl Merge {
    /// What moved from the one merged away to the one kept.
    pub fn moved(&self) -> &Moved {
        &self.moved
    }
}

/// Two values of a field, and what stays unless somebody says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldChoice {
    /// The field's name, as in the input.
    pub field: &'static str,
    /// What the one kept has; empty where it has nothing.
    pub kept: String,
    /// What the one merged away has.
    pub merged: String,
    /// What stays where nothing is chosen; nothing where somebody has to choose.
    pub stays: Option<Side>,
}

/// How two companies become one: of each field the value that stays. Empty keeps what the kept one has, or takes the
/// other's where it has nothing; two corporate numbers that differ are decided by a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "other": 43, "other_version": 1, "corporate_number": "kept", "name": "merged" }]))]
pub struct CompanyMergeInput {
    /// The company that is merged away; required.
    #[schemars(with = "CompanyId")]
    pub other: Typed,
    /// The version of it that was seen; required.
    #[schemars(with = "i32")]
    pub other_version: Typed,
    /// Which corporate number; required where both have one and they differ.
    #[schemars(with = "Option<Side>")]
    pub corporate_number: Typed,
    /// Which name.
    #[schemars(with = "Option<Side>")]
    pub name: Typed,
    /// Which reading.
    #[schemars(with = "Option<Side>")]
    pub furigana: Typed,
    /// Which postal code.
    #[schemars(with = "Option<Side>")]
    pub postal_code: Typed,
    /// Which address.
    #[schemars(with = "Option<Side>")]
    pub address: Typed,
    /// Which phone number.
    #[schemars(with = "Option<Side>")]
    pub phone: Typed,
    /// Which web site.
    #[schemars(with = "Option<Side>")]
    pub website: Typed,
    /// Which note; `both` where empty and both have one.
    #[schemars(with = "Option<Side>")]
    pub note: Typed,
    /// Whose terms stand.
    #[schemars(with = "Option<Side>")]
    pub terms: Typed,
}

/// How two contacts of one company become one: of each field the value that stays, as for companies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "other": 43, "other_version": 1, "email": "merged" }]))]
pub struct ContactMergeInput {
    /// The contact who is merged away; required.
    #[schemars(with = "ContactId")]
    pub other: Typed,
    /// The version of them that was seen; required.
    #[schemars(with = "i32")]
    pub other_version: Typed,
    /// Which family name.
    #[schemars(with = "Option<Side>")]
    pub family_name: Typed,
    /// Which given name.
    #[schemars(with = "Option<Side>")]
    pub given_name: Typed,
    /// Which reading of the family name.
    #[schemars(with = "Option<Side>")]
    pub family_kana: Typed,
    /// Which reading of the given name.
    #[schemars(with = "Option<Side>")]
    pub given_kana: Typed,
    /// Which department.
    #[schemars(with = "Option<Side>")]
    pub department: Typed,
    /// Which position.
    #[schemars(with = "Option<Side>")]
    pub title: Typed,
    /// Which mail address.
    #[schemars(with = "Option<Side>")]
    pub email: Typed,
    /// Which phone number.
    #[schemars(with = "Option<Side>")]
    pub phone: Typed,
    /// Which language.
    #[schemars(with = "Option<Side>")]
    pub language: Typed,
}

/// The other one and the version of it that was seen.
pub(super) fn other<Id: std::str::FromStr>(id: &Typed, version: &Typed) -> Result<(Id, i32), Invalid> {
    let mut checks = Checks::new();
    let other = checks.choice("other", id);
    let version = checks.number("other_version", version, 1..=i64::from(i32::MAX));
    match (other, i32::try_from(version)) {
        (Some(other), Ok(version)) => checks.done((other, version)),
        _ => Err(checks.done(()).err().unwrap_or_else(|| Invalid::field("other", Code::Required))),
    }
}

/// Whose terms somebody wants to stand, where they said so.
pub(super) fn terms_of(input: &CompanyMergeInput) -> Result<Option<Side>, Invalid> {
    let mut picker = Picker::default();
    let side = picker.said("terms", &input.terms);
    picker.checks.done(side.filter(|side| *side != Side::Both))
}

/// Reads what was chosen, field by field, and keeps every problem.
#[derive(Default)]
struct Picker {
    checks: Checks,
}

impl Picker {
    fn said(&mut self, field: &str, typed: &Typed) -> Option<Side> {
        if typed.as_str().trim().is_empty() { None } else { self.checks.choice(field, typed) }
    }

    /// The value that stays; one that is empty gives way.
    fn pick<T: Clone + PartialEq + Default>(
        &mut self,
        field: &str,
        typed: &Typed,
        kept: &T,
        merged: &T,
    ) -> T {
        let usual = if *kept == T::default() { Side::Merged } else { Side::Kept };
        match self.said(field, typed).unwrap_or(usual) {
            Side::Kept => kept.clone(),
            Side::Merged => merged.clone(),
            Side::Both => {
                self.checks.problem(field, Code::UnknownChoice);
                kept.clone()
            }
        }
    }

    /// A value that differs only if one of the two is wrong: somebody has to say which.
    fn decided<T: Clone + PartialEq>(
        &mut self,
        field: &str,
        typed: &Typed,
        kept: &Option<T>,
        merged: &Option<T>,
    ) -> Option<T> {
        if kept.is_some() && merged.is_some() && kept != merged && typed.as_str().trim().is_empty() {
            self.checks.problem(field, Code::Required);
        }
        self.pick(field, typed, kept, merged)
    }

    fn note(&mut self, typed: &Typed, kept: &str, merged: &str) -> String {
        let side = self.said("note", typed).unwrap_or(Side::Both);
        let note = match side {
            Side::Kept => kept.to_owned(),
            Side::Merged => merged.to_owned(),
            Side::Both => both_notes(kept, merged),
        };
        if i64::try_from(note.chars().count()).unwrap_or(i64::MAX) > LONGEST_NOTE {
            self.checks.bounded("note", Code::TooLong, LONGEST_NOTE);
        }
        note
    }
}

fn both_notes(kept: &str, merged: &str) -> String {
    match (kept, merged) {
        ("", one) | (one, "") => one.to_owned(),
        (kept, merged) if kept == merged => kept.to_owned(),
        (kept, merged) => format!("{kept}\n\n{merged}"),
    }
}

impl CompanyMergeInput {
    /// What the kept company has afterwards.
    pub(super) fn joined(&self, kept: &Company, merged: &Company) -> Result<CompanyFields, Invalid> {
        let mut picker = Picker::default();
        let fields = CompanyFields {
            corporate_number: picker.decided(
                "corporate_number",
                &self.corporate_number,
                &kept.corporate_number,
                &merged.corporate_number,
            ),
            name: picker.pick("name", &self.name, &kept.name, &merged.name),
            furigana: picker.pick("furigana", &self.furigana, &kept.furigana, &merged.furigana),
            postal_code: picker.pick(
                "postal_code",
                &self.postal_code,
                &kept.postal_code,
                &merged.postal_code,
            ),
            address: picker.pick("address", &self.address, &kept.address, &merged.address),
            phone: picker.pick("phone", &self.phone, &kept.phone, &merged.phone),
            website: picker.pick("website", &self.website, &kept.website, &merged.website),
            note: picker.note(&self.note, &kept.note, &merged.note),
        };
        picker.checks.done(fields)
    }
}

impl ContactMergeInput {
    /// What the kept contact has afterwards.
    pub(super) fn joined(&self, kept: &Contact, merged: &Contact) -> Result<ContactFields, Invalid> {
        let mut picker = Picker::default();
        let fields = ContactFields {
            family_name: picker.pick(
                "family_name",
                &self.family_name,
                &kept.family_name,
                &merged.family_name,
            ),
            given_name: picker.pick("given_name", &self.given_name, &kept.given_name, &merged.given_name),
            family_kana: picker.pick(
                "family_kana",
                &self.family_kana,
                &kept.family_kana,
                &merged.family_kana,
            ),
            given_kana: picker.pick("given_kana", &self.given_kana, &kept.given_kana, &merged.given_kana),
            department: picker.pick("department", &self.department, &kept.department, &merged.department),
            title: picker.pick("title", &self.title, &kept.title, &merged.title),
            email: picker.pick("email", &self.email, &kept.email, &merged.email),
            phone: picker.pick("phone", &self.phone, &kept.phone, &merged.phone),
            language: match picker.said("language", &self.language) {
                Some(Side::Merged) => merged.language,
                _ => kept.language,
            },
        };
        picker.checks.done(fields)
    }
}

fn choice(field: &'static str, kept: &str, merged: &str) -> Option<FieldChoice> {
    let stays = if kept.is_empty() { Side::Merged } else { Side::Kept };
    let choice = FieldChoice { field, kept: kept.to_owned(), merged: merged.to_owned(), stays: Some(stays) };
    (kept != merged).then_some(choice)
}

fn written<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

/// The fields in which two companies differ.
pub fn company_choices(kept: &Company, merged: &Company) -> Vec<FieldChoice> {
    let number = |company: &Company| company.corporate_number.clone().map(String::from).unwrap_or_default();
    let mut choices: Vec<FieldChoice> = [
        choice("corporate_number", &number(kept), &number(merged)),
        choice("name", &kept.name, &merged.name),
        choice("furigana", &kept.furigana, &merged.furigana),
        choice("postal_code", &kept.postal_code, &merged.postal_code),
        choice("address", &kept.address, &merged.address),
        choice("phone", &kept.phone, &merged.phone),
        choice("website", &kept.website, &merged.website),
        choice("note", &kept.note, &merged.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    for one in &mut choices {
        match one.field {
            "corporate_number" if !one.kept.is_empty() && !one.merged.is_empty() => one.stays = None,
            "note" if !one.kept.is_empty() && !one.merged.is_empty() => one.stays = Some(Side::Both),
            _ => {}
        }
    }
    choices
}

/// The fields in which two contacts differ.
pub fn contact_choices(kept: &Contact, merged: &Contact) -> Vec<FieldChoice> {
    let choices = [
        choice("family_name", &kept.family_name, &merged.family_name),
        choice("given_name", &kept.given_name, &merged.given_name),
        choice("family_kana", &kept.family_kana, &merged.family_kana),
        choice("given_kana", &kept.given_kana, &merged.given_kana),
        choice("department", &kept.department, &merged.department),
        choice("title", &kept.title, &merged.title),
        choice("email", &written(kept.email.as_ref()), &written(merged.email.as_ref())),
        choice("phone", &kept.phone, &merged.phone),
        choice("language", kept.language.as_str(), merged.language.as_str()),
    ];
    choices.into_iter().flatten().collect()
}

/// Each field that differs between `before` and `after`, with both values.
pub(super) fn differences<F: Serialize>(before: &F, after: &F) -> serde_json::Result<Changed> {
    let (before, after) = (object(before)?, object(after)?);
    let mut changed = Changed::new();
    for (field, value) in after {
        let was = before.get(&field).cloned().unwrap_or_default();
        if was != value {
            changed.insert(field, Value::Array(vec![was, value]));
        }
    }
    Ok(changed)
}

/// `current` with the changed fields as they were before; `None` where one of them has been changed again since.
pub(super) fn reverted<F: Serialize + DeserializeOwned>(
    current: &F,
    changed: &Changed,
) -> serde_json::Result<Option<F>> {
    let mut fields = object(current)?;
    for (field, values) in changed {
        let (was, became) = (values.get(0), values.get(1));
        if fields.get(field) != became {
            return Ok(None);
        }
        fields.insert(field.clone(), was.cloned().unwrap_or_default());
    }
    serde_json::from_value(Value::Object(fields)).map(Some)
}

fn object<F: Serialize>(fields: &F) -> serde_json::Result<Map<String, Value>> {
    match serde_json::to_value(fields)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::CorporateNumber;

    fn company(name: &str) -> Company {
        Company {
            id: CompanyId(1),
            corporate_number: None,
            name: name.to_owned(),
            furigana: String::new(),
            postal_code: String::new(),
            address: String::new(),
            phone: String::new(),
            website: String::new(),
            note: String::new(),
            created_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn what_the_kept_one_lacks_is_taken_over_and_notes_are_joined() {
        let kept = Company { note: "甲".into(), ..company("米子建設") };
        let merged =
            Company { note: "乙".into(), phone: "0859-00-0000".into(), ..company("米子建設（株）") };
        let joined = CompanyMergeInput::default().joined(&kept, &merged).unwrap();
        assert_eq!((joined.name.as_str(), joined.phone.as_str()), ("米子建設", "0859-00-0000"));
        assert_eq!(joined.note, "甲\n\n乙");
        let chosen = CompanyMergeInput { name: "merged".into(), note: "kept".into(), ..Default::default() };
        let joined = chosen.joined(&kept, &merged).unwrap();
        assert_eq!((joined.name.as_str(), joined.note.as_str()), ("米子建設（株）", "甲"));
    }

    #[test]
    fn two_numbers_that_differ_are_decided_by_a_person() {
        let numbered = |number: &str| Company {
            corporate_number: Some(CorporateNumber::parse(number).unwrap()),
            ..company("甲")
        };
        let (kept, merged) = (numbered("7123456789012"), numbered("8000012010038"));
        let refused = CompanyMergeInput::default().joined(&kept, &merged).unwrap_err();
        assert_eq!((refused.0[0].field.as_str(), refused.0[0].code), ("corporate_number", Code::Required));
        assert_eq!(company_choices(&kept, &merged)[0].stays, None);
        let chosen = CompanyMergeInput { corporate_number: "merged".into(), ..Default::default() };
        let joined = chosen.joined(&kept, &merged).unwrap();
        assert_eq!(joined.corporate_number, merged.corporate_number);
        assert_eq!(
            CompanyMergeInput::default().joined(&kept, &kept).unwrap().corporate_number,
            kept.corporate_number
        );
    }

    #[test]
    fn a_side_is_one_of_three_words_and_both_are_for_notes() {
        let (kept, merged) = (company("甲"), company("乙"));
        for typed in ["both", "neither"] {
            let input = CompanyMergeInput { name: typed.into(), ..Default::default() };
            let refused = input.joined(&kept, &merged).unwrap_err();
            assert_eq!((refused.0[0].field.as_str(), refused.0[0].code), ("name", Code::UnknownChoice));
        }
    }

    #[test]
    fn a_field_changed_again_is_not_put_back_and_others_may_have_changed() {
        let before = CompanyFields::from(&company("甲"));
        let after = CompanyFields { phone: "1".into(), ..before.clone() };
        let changed = differences(&before, &after).unwrap();
        let noted = CompanyFields { note: "later".into(), ..after.clone() };
        let back = reverted(&noted, &changed).unwrap().unwrap();
        assert_eq!(back, CompanyFields { note: "later".into(), ..before });
        let moved_on = CompanyFields { phone: "2".into(), ..after };
        assert_eq!(reverted(&moved_on, &changed).unwrap(), None);
    }
}
