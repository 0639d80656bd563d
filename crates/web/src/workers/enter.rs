//! Registering a worker, for the form and for JSON: somebody the town knows already, or a new person.

use accounts::persons::{self, PersonInput};
use accounts::{LinkKey, Role, invitations};
use db::Tx;
use kernel::{Checks, Invalid, Language, PersonId, Typed, date_in_japan};
use schemars::JsonSchema;
use serde::Deserialize;
use workforce::workers::{self, Entry, PhoneInput, RegisterInput, Worker};

use crate::failure::Failure;

/// A registration or an application as typed: `person_id` of somebody known, or the names of somebody new.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "family_name": "山田", "given_name": "花子", "email": "hanako.yamada@example.jp", "invite": "yes", "weekly_minutes": 750 }]))]
pub(crate) struct EnterInput {
    /// Somebody the town knows; then the names stay empty.
    pub(crate) person_id: Typed,
    /// 姓 of somebody new.
    pub(crate) family_name: Typed,
    /// 名.
    pub(crate) given_name: Typed,
    /// Reading of the family name in kana.
    pub(crate) family_kana: Typed,
    /// Reading of the given name.
    pub(crate) given_kana: Typed,
    /// Mail address.
    pub(crate) email: Typed,
    /// Where they can be called.
    pub(crate) phone: Typed,
    /// `ja` or `en`; Japanese where empty.
    #[schemars(with = "Option<Language>")]
    pub(crate) language: Typed,
    /// `yes` mails an invitation to whoever has an address and no password yet.
    pub(crate) invite: Typed,
    /// Whether they register now or ask to take part; they register where empty.
    #[schemars(with = "Option<Entry>")]
    pub(crate) entry: Typed,
    /// Minutes of work a week they want at most; 600 where empty.
    pub(crate) weekly_minutes: Typed,
    /// The day they registered; today in Japan where empty.
    pub(crate) happened_on: Typed,
}

/// Registers the worker, or notes that they ask to take part, and lets the person sign in as one.
pub(crate) fn enter(tx: &mut Tx<'_>, key: &LinkKey, input: EnterInput) -> Result<Worker, Failure> {
    let mut checks = Checks::new();
    let known = checks.optional_number("person_id", &input.person_id, 1..=i64::MAX).map(PersonId);
    let entry = if input.entry.as_str().trim().is_empty() {
        Some(Entry::Registered)
    } else {
        checks.choice("entry", &input.entry)
    };
    let (new, phone) = (new_person(&input), PhoneInput { phone: input.phone });
    let register = RegisterInput { weekly_minutes: input.weekly_minutes, happened_on: input.happened_on };
    // All at once, so that a form is not refused twice.
    let read = checks.done((known, entry));
    let mut wrong = read.as_ref().err().map(|refused| refused.0.clone()).unwrap_or_default();
    if input.person_id.as_str().trim().is_empty() {
        wrong.extend([new.problems(), phone.problems(), register.problems(date_in_japan(tx.now()))].concat());
    }
    if !wrong.is_empty() {
        return Err(Invalid(wrong).into());
    }
    let (known, entry) = read?;
    let person = match known {
        Some(id) => persons::find(tx, id)?,
        None => persons::add(tx, &new)?,
    };
    let mut roles = person.roles.clone();
    if roles.insert(Role::Worker) {
        persons::set_roles(tx, person.id, &roles)?;
    }
    let mut worker = match entry {
        Some(Entry::Applied) => workers::apply(tx, person.id, register)?,
        Some(Entry::Registered) | None => workers::register(tx, person.id, register)?,
    };
    if !phone.phone.as_str().trim().is_empty() {
        worker = workers::set_phone(tx, worker.id, worker.version, &phone)?;
    }
    let wanted = matches!(input.invite.as_str().trim(), "yes" | "true");
    if wanted && person.email.is_some() && !person.has_password && person.is_active() {
        invitations::invite(tx, key, person.id)?;
    }
    Ok(worker)
}

fn new_person(input: &EnterInput) -> PersonInput {
    PersonInput {
        family_name: input.family_name.clone(),
        given_name: input.given_name.clone(),
        family_kana: input.family_kana.clone(),
        given_kana: input.given_kana.clone(),
        email: input.email.clone(),
        language: input.language.clone(),
    }
}
