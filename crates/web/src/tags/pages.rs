//! The list of tags, one tag to rename or merge, and giving tags to a company.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::tags::{self, CompanyTagsInput, MergeInput, TagId, TagInput, TagUse};
use db::DbError;
use kernel::CompanyId;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{Choice, address, counted};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    rows: Vec<Row>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    companies: String,
    href: String,
    change: String,
}

impl Row {
    fn of(call: &Call, one: &TagUse) -> Self {
        let id = one.tag.id;
        Self {
            id: format!("tag-{id}"),
            name: one.tag.name.clone(),
            companies: counted(call, "tag-companies", "count", one.companies),
            href: address("/companies", &[("tag", &id.to_string())]),
            change: path(id),
        }
    }
}

fn path(id: TagId) -> String {
    format!("/tags/{id}")
}

async fn list(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let found = call.db(tags::list).await?;
    let empty = Form::default();
    let page = ListPage {
        title: call.text("tags"),
        crumbs: vec![Crumb::new(call, "nav-companies", "/companies")],
        rows: found.iter().map(|one| Row::of(call, one)).collect(),
        form: returned.map_or(&empty, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "tags/index.html", &page)
}

/// `GET /tags`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, None).await
}

/// `POST /tags`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: TagInput = form.input()?;
    match call.once(&form, move |tx| tags::create(tx, &input).map(|_tag| "/tags".to_owned())).await {
        Ok(page) => Ok(call.done(page, "done-tag-made")),
        Err(failure) if failure.is_about_input() => list(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct TagPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: i32,
    companies: String,
    href: String,
    /// The tags it may be merged into.
    others: Vec<Choice>,
    rename_form: FormView,
    merge_form: FormView,
}

/// Which of the two forms came back.
#[derive(Default)]
struct Returned<'a> {
    rename: Option<(&'a Form, &'a Failure)>,
    merge: Option<(&'a Form, &'a Failure)>,
}

async fn one(call: &Call, returned: Returned<'_>) -> Result<HttpResponse, Failure> {
    let id: TagId = call.id("id")?;
    let found = call.db(tags::list).await?;
    let tag = found.iter().find(|one| one.tag.id == id).ok_or_else(Failure::not_found)?;
    let others = found.iter().filter(|one| one.tag.id != id);
    let named = Form::default().preset("name", &tag.tag.name);
    let empty = Form::default();
    let view = |given: Option<(&Form, &Failure)>, fresh: &Form| {
        given.map_or(fresh, |(form, _)| form).view(call, given.map(|(_, failure)| failure))
    };
    let row = Row::of(call, tag);
    let page = TagPage {
        title: tag.tag.name.clone(),
        crumbs: vec![Crumb::new(call, "nav-companies", "/companies"), Crumb::new(call, "tags", "/tags")],
        action: path(id),
        version: tag.tag.version,
        companies: row.companies,
        href: row.href,
        others: others.map(|one| Choice::new(one.tag.id, one.tag.name.as_str())).collect(),
        rename_form: view(returned.rename, &named),
        merge_form: view(returned.merge, &empty),
    };
    let failure = returned.rename.or(returned.merge).map(|(_, failure)| failure);
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "tags/show.html", &page)
}

/// `GET /tags/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    one(&call, Returned::default()).await
}

/// `POST /tags/{id}`
pub(crate) async fn rename(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (TagId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<TagInput>()?, form.version()?);
    match call.db(move |tx| tags::rename(tx, id, version, &input)).await {
        Ok(_tag) => Ok(call.done("/tags", "done-saved")),
        Err(failure) if failure.is_about_input() => {
            one(&call, Returned { rename: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /tags/{id}/merge`
pub(crate) async fn merge(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (TagId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<MergeInput>()?, form.version()?);
    match call.db(move |tx| tags::merge(tx, id, version, &input)).await {
        Ok(_survivor) => Ok(call.done("/tags", "done-tags-merged")),
        Err(failure) if failure.is_about_input() => {
            one(&call, Returned { merge: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /companies/{id}/tags`
pub(crate) async fn give(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (CompanyId, _) = (call.id("id")?, call.form());
    let input: CompanyTagsInput = form.input()?;
    call.db(move |tx| tags::give(tx, id, &input)).await?;
    Ok(call.done(paths::company(id), "done-saved"))
}

/// The tags of the town as the boxes of a company's form, and what the company has.
#[derive(Serialize)]
pub(crate) struct CompanyTags {
    /// The names of those it has.
    given: Vec<String>,
    options: Vec<Choice>,
    form: FormView,
    action: String,
}

impl CompanyTags {
    /// Those of one company.
    pub(crate) async fn of(call: &Rc<Call>, company: CompanyId) -> Result<Self, Failure> {
        let (all, given) = call
            .db(move |tx| -> Result<_, DbError> {
                let given = tags::of_companies(tx, &[company])?.remove(&company).unwrap_or_default();
                Ok((tags::list(tx)?, given))
            })
            .await?;
        let form = given.iter().fold(Form::default(), |form, tag| form.preset("tags[]", tag.id));
        Ok(Self {
            given: given.into_iter().map(|tag| tag.name).collect(),
            options: all.into_iter().map(|one| Choice::new(one.tag.id, one.tag.name)).collect(),
            form: form.view(call, None),
            action: format!("{}/tags", paths::company(company)),
        })
    }
}
