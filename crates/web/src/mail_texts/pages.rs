//! 文面: a town's own wording of the mails, with a preview before anything is kept.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::Language;
use notifier::mails::{KINDS, Kind, OwnWords, Part, Place, Rendered, WordingFault};
use notifier::texts::{self, TextError, TextInput, TextVersion};
use serde::Serialize;

use super::MailName;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::operations::sandbox::sandboxed;
use crate::phrases::{said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ListPage {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    category: String,
    languages: Vec<LanguageCell>,
}

#[derive(Serialize)]
struct LanguageCell {
    label: String,
    href: String,
    own: bool,
}

fn href(kind: &Kind, language: Language) -> String {
    format!("/mail-texts/{}/{language}", kind.name)
}

fn kind_name(call: &Call, kind: &Kind) -> String {
    word(call, "message-kind", kind.name)
}

/// `GET /mail-texts`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let changed = call.db(texts::changed).await?;
    let in_language = |kind: &Kind, language: Language| LanguageCell {
        label: call.text(&format!("mail-text-{language}")),
        href: href(kind, language),
        own: changed.iter().any(|(name, own)| name == kind.name && *own == language),
    };
    let rows = KINDS.iter().map(|kind| Row {
        name: kind_name(&call, kind),
        category: word(&call, "message-category", kind.category),
        languages: Language::ALL.iter().map(|language| in_language(kind, *language)).collect(),
    });
    call.page("mail_texts/index.html", &ListPage { title: call.text("nav-mail-texts"), rows: rows.collect() })
}

#[derive(Serialize)]
struct EditPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    lang: Language,
    own: bool,
    fields: Vec<String>,
    required: Vec<String>,
    versions: Vec<VersionRow>,
    preview: Preview,
    form: FormView,
}

#[derive(Serialize)]
struct VersionRow {
    version: i32,
    at: String,
    own: bool,
}

/// What the words become with sample data, or why they do not.
#[derive(Serialize, Default)]
struct Preview {
    subject: String,
    text: String,
    problem: String,
}

fn preview_of(call: &Call, shown: Result<Rendered, TextError>) -> Preview {
    match shown {
        Ok(rendered) => Preview { subject: rendered.subject, text: rendered.text, problem: String::new() },
        Err(TextError::LeavesOut(field)) => {
            let problem =
                said(call, "mail-text-leaves-out", [("field", &in_braces(&format!("mail.{field}")))]);
            Preview { problem, ..Preview::default() }
        }
        Err(TextError::Wording(fault)) => {
            Preview { problem: fault_in_words(call, &fault), ..Preview::default() }
        }
        Err(TextError::Invalid(_)) => Preview::default(),
        Err(error) => Preview { problem: error.to_string(), ..Preview::default() },
    }
}

fn in_braces(field: &str) -> String {
    format!("{{{{ {field} }}}}")
}

/// What is wrong with a wording and where, for its writer.
fn fault_in_words(call: &Call, fault: &WordingFault) -> String {
    let at = |place: &Place| match place.part {
        Part::Subject => call.text("mail-text-in-subject"),
        Part::Body => said(call, "mail-text-in-line", [("line", &place.line.to_string())]),
    };
    match fault {
        WordingFault::UnknownField(field) => {
            said(call, "mail-text-unknown-field", [("field", &in_braces(field))])
        }
        WordingFault::NotText(field) => {
            let (shown, asked) = (in_braces(field), format!("{{% if {field} %}} … {{% endif %}}"));
            said(call, "mail-text-not-text", [("field", &shown), ("asked", &asked)])
        }
        WordingFault::IsList(field) => {
            let each = format!("{{% for one in {field} %}} … {{% endfor %}}");
            said(call, "mail-text-is-list", [("field", &in_braces(field)), ("each", &each)])
        }
        WordingFault::Syntax(place) => said(call, "mail-text-syntax", [("place", &at(place))]),
        WordingFault::NotAllowed(place, _) => said(call, "mail-text-not-allowed", [("place", &at(place))]),
        WordingFault::TooLong => call.text("mail-text-too-long"),
        WordingFault::TooMuchWork => call.text("mail-text-too-much"),
        WordingFault::Fails(place, _) => said(call, "mail-text-fails", [("place", &at(place))]),
    }
}

/// Which mail, in which language.
fn subject(call: &Call) -> Result<(&'static Kind, Language), Failure> {
    let name: MailName = call.id("name")?;
    Ok((name.kind(), call.id("language")?))
}

type Shown = (Option<(i32, OwnWords)>, Vec<TextVersion>, Result<Rendered, TextError>);

/// The page with `form`, or with the words that hold now.
async fn edit_page(
    call: &Call,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (kind, language) = subject(call)?;
    let outbox = call.app.outbox.clone();
    let typed: Option<TextInput> = form.map(Form::input).transpose()?;
    let shipped = TextInput::of(&kind.shipped(&outbox, language));
    let (own, versions, shown): Shown = call
        .db(move |tx| -> Result<Shown, Failure> {
            let own = texts::current(tx, kind.name, language)?;
            let now = own.as_ref().map_or(shipped, |(_, words)| TextInput::of(words));
            let shown = texts::preview(tx, &outbox, kind, language, typed.as_ref().unwrap_or(&now));
            Ok((own, texts::history(tx, kind.name, language)?, shown))
        })
        .await?;
    let words = own.as_ref().map(|(_, words)| words.clone());
    let begun = words.unwrap_or_else(|| kind.shipped(&call.app.outbox, language));
    let form = form.cloned().unwrap_or_else(|| Form::of(&begun));
    let page = EditPage {
        title: kind_name(call, kind),
        crumbs: vec![Crumb::new(call, "nav-mail-texts", "/mail-texts")],
        action: href(kind, language),
        lang: language,
        own: own.is_some(),
        fields: kind.fields(),
        required: kind.required().iter().map(ToString::to_string).collect(),
        versions: versions
            .into_iter()
            .map(|version| VersionRow {
                version: version.version,
                at: format::moment(call.language, version.written_at),
                own: version.words.is_some(),
            })
            .collect(),
        preview: preview_of(call, shown),
        form: form.view(call, failure),
    };
    let status = failure.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "mail_texts/edit.html", &page)
}

/// `GET /mail-texts/{name}/{language}`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    edit_page(&call, None, None).await
}

/// `POST /mail-texts/{name}/{language}`: keeps a version that can be sent; anything else comes back with the reason.
pub(crate) async fn write(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (kind, language) = subject(&call)?;
    let (form, outbox) = (call.form(), call.app.outbox.clone());
    let input: TextInput = form.input()?;
    match call.db(move |tx| texts::write(tx, &outbox, kind, language, &input)).await {
        Ok(_version) => Ok(call.done(href(kind, language), "done-saved")),
        Err(failure) if failure.is_about_input() => edit_page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /mail-texts/{name}/{language}/preview`: the same page with what the words become; nothing is kept.
pub(crate) async fn preview(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    edit_page(&call, Some(&form), None).await
}

/// `POST /mail-texts/{name}/{language}/look`: the HTML part, shut into a sandbox where nothing runs.
pub(crate) async fn look(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (kind, language) = subject(&call)?;
    let (form, outbox) = (call.form(), call.app.outbox.clone());
    let input: TextInput = form.input()?;
    match call.db(move |tx| texts::preview(tx, &outbox, kind, language, &input)).await {
        Ok(rendered) => Ok(sandboxed(rendered.html)),
        Err(failure) if failure.is_about_input() => edit_page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /mail-texts/{name}/{language}/test`: a mail with sample data to oneself.
pub(crate) async fn test(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (kind, language) = subject(&call)?;
    let (form, outbox) = (call.form(), call.app.outbox.clone());
    let input: TextInput = form.input()?;
    match call.db(move |tx| texts::send_to_me(tx, &outbox, kind, language, &input)).await {
        Ok(_message) => {
            // The form comes back with what was typed: trying out keeps nothing.
            let mut page = edit_page(&call, Some(&form), None).await?;
            call.add_cookie(&mut page, &call.flash_cookie("done-mail-text-tried"));
            Ok(page)
        }
        Err(failure) if failure.is_about_input() => edit_page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /mail-texts/{name}/{language}/reset`
pub(crate) async fn reset(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (kind, language) = subject(&call)?;
    call.db(move |tx| texts::reset(tx, kind, language)).await?;
    Ok(call.done(href(kind, language), "done-mail-text-reset"))
}
