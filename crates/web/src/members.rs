//! The people of the town: adding, inviting, roles, shutting out. For administrators.

pub(crate) mod api;

use std::collections::BTreeSet;
use std::rc::Rc;

use accounts::persons::{self, PersonError, PersonFilter, PersonInput, PersonKey, PersonState};
use accounts::{LinkKey, Person, Role, invitations};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Paging, PersonId, Typed};
use sales::feeds;
use serde::{Deserialize, Serialize};

use crate::calendar::pages::FeedView;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{address, counted};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ListPage {
    title: String,
    tabs: Vec<Tab>,
    total: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: &'static str,
    current: bool,
    count: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    /// A [`View`]'s word; staff where it is none.
    state: Typed,
    after: Typed,
}

/// Where those who were invited and have not come yet are listed.
pub(crate) const INVITED: &str = "/members?state=invited";

/// One of the lists. Workers are many, and the town's staff would be lost among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Staff,
    Workers,
    Invited,
    Disabled,
}

impl View {
    const ALL: [Self; 4] = [Self::Staff, Self::Workers, Self::Invited, Self::Disabled];

    fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.word() == word).unwrap_or(Self::Staff)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Staff => "",
            Self::Workers => "workers",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }

    const fn href(self) -> &'static str {
        match self {
            Self::Staff => "/members",
            Self::Workers => "/members?state=workers",
            Self::Invited => INVITED,
            Self::Disabled => "/members?state=disabled",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Staff => "members-staff",
            Self::Workers => "role-worker",
            Self::Invited => "state-member-invited",
            Self::Disabled => "state-member-disabled",
        }
    }

    fn filter(self) -> PersonFilter {
        let active = PersonFilter { state: Some(PersonState::Active), ..PersonFilter::default() };
        match self {
            Self::Staff => staff(),
            Self::Workers => PersonFilter { role: Some(Role::Worker), ..active },
            Self::Invited => PersonFilter { invited: true, ..PersonFilter::default() },
            Self::Disabled => PersonFilter { state: Some(PersonState::Disabled), ..PersonFilter::default() },
        }
    }
}

/// Who is listed at `/members`.
pub(crate) fn staff() -> PersonFilter {
    PersonFilter { state: Some(PersonState::Active), staff: true, ..PersonFilter::default() }
}

#[derive(Serialize)]
struct Row {
    href: String,
    name: String,
    kana: String,
    email: String,
    roles: String,
    state: &'static str,
}

fn state_key(person: &Person) -> &'static str {
    match (person.state, person.has_password) {
        (PersonState::Active, false) if person.email.is_none() => "offline",
        (PersonState::Disabled, _) => "disabled",
        (PersonState::Active, true) => "active",
        (PersonState::Active, false) => "invited",
    }
}

/// The names of roles in words.
pub(crate) fn role_words(call: &Call, roles: &BTreeSet<Role>) -> String {
    roles.iter().map(|role| call.text(&format!("role-{role}"))).collect::<Vec<_>>().join(" · ")
}

/// `GET /members`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let after = format::read_page_key::<PersonKey>(query.after.as_str());
    let (view, is_first) = (View::parse(query.state.as_str()), after.is_none());
    let (page, counts) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = persons::list(tx, view.filter(), &Paging { after, ..Paging::first(50) })?;
            let mut counts = Vec::new();
            for one in View::ALL {
                counts.push((one, persons::count(tx, one.filter())?));
            }
            Ok((page, counts))
        })
        .await?;
    let total = counts.iter().find(|(one, _)| *one == view).map_or(0, |(_, count)| *count);
    let rows = page.items.into_iter().map(|person| Row {
        href: paths::member(person.id),
        name: person.name.name_in(call.language),
        kana: person.name.kana(),
        roles: role_words(&call, &person.roles),
        state: state_key(&person),
        email: person.email.map(String::from).unwrap_or_default(),
    });
    let here = |after: &str| address("/members", &[("state", view.word()), ("after", after)]);
    let tab = |(one, count): (View, i64)| Tab {
        label: call.text(one.label()),
        href: one.href(),
        current: one == view,
        count: format::count(count),
    };
    let page = ListPage {
        title: call.text("nav-members"),
        tabs: counts.into_iter().map(tab).collect(),
        total: counted(&call, "members-total", "count", total),
        rows: rows.collect(),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("members/index.html", &page)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    roles: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct Choice {
    value: Role,
    label: String,
    support: String,
}

fn role_choices(call: &Call) -> Vec<Choice> {
    let choice = |role: &Role| Choice {
        value: *role,
        label: call.text(&format!("role-{role}")),
        support: call.text(&format!("role-{role}-does")),
    };
    Role::ALL.iter().map(choice).collect()
}

fn form_page(call: &Call, form: &Form, failure: Option<&Failure>) -> FormPage {
    FormPage {
        title: call.text("member-new-title"),
        crumbs: vec![Crumb::new(call, "nav-members", "/members")],
        roles: role_choices(call),
        form: form.view(call, failure),
    }
}

/// `GET /members/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.page("members/form.html", &form_page(&call, &Form::default(), None))
}

fn read_roles(form: &Form) -> BTreeSet<Role> {
    form.all("roles").iter().filter_map(|word| word.parse().ok()).collect()
}

/// Adds a person with their roles and invites them, for the form and for JSON.
fn add(
    tx: &mut Tx<'_>,
    key: &LinkKey,
    input: &PersonInput,
    roles: &BTreeSet<Role>,
) -> Result<Person, Failure> {
    let person = persons::add_member(tx, input, roles)?;
    invitations::invite(tx, key, person.id)?;
    Ok(person)
}

fn read_person(form: &Form) -> PersonInput {
    let field = |name: &str| form.get(name).into();
    PersonInput {
        family_name: field("family_name"),
        given_name: field("given_name"),
        family_kana: field("family_kana"),
        given_kana: field("given_kana"),
        email: field("email"),
        language: field("language"),
    }
}

/// `POST /members`: adds the person and mails the invitation.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = read_person(&form);
    let (roles, key) = (read_roles(&form), call.app.key.clone());
    let added = move |tx: &mut Tx<'_>| add(tx, &key, &input, &roles).map(|person| paths::member(person.id));
    match call.once(&form, added).await {
        Ok(page) => Ok(call.done(page, "done-member-invited")),
        Err(failure) if failure.is_about_input() => {
            call.page_with(failure.status(), "members/form.html", &form_page(&call, &form, Some(&failure)))
        }
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct MemberPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: &'static str,
    email: String,
    kana: String,
    since: String,
    roles: Vec<Choice>,
    /// What both forms on the page are based on.
    version: i32,
    person_form: FormView,
    roles_form: FormView,
    href: String,
    /// Their calendar's secret address, where they have one.
    calendar: Option<FeedView>,
}

/// Which part of the page was refused.
enum Refused<'a> {
    /// What was typed into the person's fields stays; the facts above say how things stand now.
    Person(&'a Form, &'a Failure),
    /// Anything else: the page shows how things stand now.
    Other(&'a Failure),
}

async fn member_page(
    call: &Call,
    id: PersonId,
    refused: Option<Refused<'_>>,
) -> Result<HttpResponse, Failure> {
    let (person, feed, now) = call
        .db(move |tx| -> Result<_, DbError> { Ok((persons::find(tx, id)?, feeds::of(tx, id)?, tx.now())) })
        .await?;
    let held = person.roles.iter().fold(Form::default(), |form, role| form.preset("roles", role));
    let stored = Form::of(&PersonInput::from(&person));
    let (person_form, roles_form, status) = match refused {
        Some(Refused::Person(typed, failure)) => {
            (typed.view(call, Some(failure)), held.view(call, None), failure.status())
        }
        Some(Refused::Other(failure)) => {
            (stored.view(call, None), held.view(call, Some(failure)), failure.status())
        }
        None => (stored.view(call, None), held.view(call, None), StatusCode::OK),
    };
    let page = MemberPage {
        title: person.name.name_in(call.language),
        crumbs: vec![Crumb::new(call, "nav-members", "/members")],
        state: state_key(&person),
        kana: person.name.kana(),
        since: format::full_date(call.language, kernel::date_in_japan(person.created_at)),
        roles: role_choices(call),
        version: person.version,
        person_form,
        roles_form,
        href: paths::member(id),
        calendar: feed.map(|feed| FeedView::of(call, now, &feed)),
        email: person.email.map(String::from).unwrap_or_default(),
    };
    call.page_with(status, "members/show.html", &page)
}

/// `GET /members/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    member_page(&call, call.id("id")?, None).await
}

/// `POST /members/{id}`: corrects name, mail address and language.
pub(crate) async fn correct(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form) = (call.id::<PersonId>("id")?, call.form());
    let (input, version) = (read_person(&form), form.version());
    let outcome = match version {
        Ok(version) => call.db(move |tx| persons::correct(tx, id, version, &input)).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok(_) => Ok(call.done(paths::member(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            member_page(&call, id, Some(Refused::Person(&form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /members/{id}/roles`
pub(crate) async fn set_roles(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form) = (call.id::<PersonId>("id")?, call.form());
    let roles = read_roles(&form);
    let outcome = match form.version() {
        Ok(version) => {
            call.db(move |tx| {
                persons::change_roles(tx, id, version, &roles).and_then(|person| let_go(tx, person))
            })
            .await
        }
        Err(failure) => Err(failure),
    };
    settle(&call, id, outcome).await
}

/// `POST /members/{id}/disable`
pub(crate) async fn disable(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PersonId = call.id("id")?;
    let disabled = call.db(move |tx| persons::disable(tx, id).and_then(|person| let_go(tx, person)));
    settle(&call, id, disabled.await).await
}

/// What hangs on what somebody may do ends with it, in the same transaction: their calendar's address.
fn let_go(tx: &mut Tx<'_>, person: Person) -> Result<Person, PersonError> {
    feeds::end_unless_selling(tx, &person)?;
    Ok(person)
}

/// `POST /members/{id}/calendar/end`
pub(crate) async fn end_calendar(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PersonId = call.id("id")?;
    let ended = move |tx: &mut Tx<'_>| -> Result<(), DbError> {
        let person = persons::find(tx, id)?;
        feeds::end_of(tx, person.id)
    };
    call.db(ended).await?;
    Ok(call.done(paths::member(id), "done-calendar-ended"))
}

/// `POST /members/{id}/enable`
pub(crate) async fn enable(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PersonId = call.id("id")?;
    settle(&call, id, call.db(move |tx| persons::enable(tx, id)).await).await
}

/// `POST /members/{id}/invite`
pub(crate) async fn invite(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, key) = (call.id::<PersonId>("id")?, call.app.key.clone());
    settle(&call, id, call.db(move |tx| invitations::invite(tx, &key, id)).await).await
}

async fn settle<T>(call: &Call, id: PersonId, outcome: Result<T, Failure>) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(_) => Ok(call.done(paths::member(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            member_page(call, id, Some(Refused::Other(&failure))).await
        }
        Err(failure) => Err(failure),
    }
}
