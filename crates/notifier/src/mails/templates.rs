//! The mail template engine: embedded files, strict about anything undefined, bounded in its work.

use std::collections::BTreeMap;

use kernel::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context,
};
use rust_embed::RustEmbed;
use schemars::JsonSchema;
use serde::Serialize;

use super::wording::{self, Part, WordingFault};
use super::{Audience, KINDS, Mail, Town};
use crate::compose::visible;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/mails"]
#[include = "*.html"]
#[include = "*.txt"]
struct Files;

/// Steps a template may take; a mail takes a few hundred.
const FUEL: u64 = 100_000;
/// Steps a town's own wording may take.
const OWN_FUEL: u64 = 20_000;
/// What the name of a subject's template ends with, after that of its text.
const SUBJECT: &str = ".subject";
/// The longest text a town's own wording may become, in bytes.
const LONGEST: usize = 64 * 1024;

/// Why a mail could not be rendered: a defect of ours.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template does not compile, or asks for a field that is not there.
    #[error("mail template: {0:#}")]
    Engine(#[from] Error),
    /// A text template that does not begin with `Subject: ` and an empty line.
    #[error("mail template {0} must begin with \"Subject: …\" and an empty line")]
    NoSubject(String),
    /// A kind of mail without one of its four templates.
    #[error("mail template {0} is missing")]
    Missing(String),
    /// A town's own wording cannot be sent.
    #[error(transparent)]
    Wording(#[from] WordingFault),
}

/// A mail in words, before it becomes bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A town's own wording, as templates: the fields are the same as in ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MailWords")]
pub struct OwnWords {
    /// One line.
    pub subject: String,
    /// The text without its footer, which is always ours: it names the sender as the law wants.
    pub body: String,
}

/// A mail without its type: what templates see of it.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    pub(crate) audience: Audience,
    fields: Value,
}

impl Sheet {
    pub(crate) fn of<M: Mail>(mail: &M) -> Self {
        Self { name: M::NAME, audience: M::AUDIENCE, fields: Value::from(Serde(mail)) }
    }

    /// A field as a text; empty where there is none of that name.
    pub(super) fn field(&self, name: &str) -> String {
        let field = self.fields.get_attr(name).ok().filter(|field| !field.is_undefined());
        field.map(|field| field.to_string()).unwrap_or_default()
    }

    /// The names of all fields, for whoever writes a text.
    pub(super) fn names(&self) -> Vec<String> {
        self.fields.try_iter().map(|names| names.map(|name| name.to_string()).collect()).unwrap_or_default()
    }

    /// Whether a field is a text, a number, yes or no, or a list.
    pub(super) fn kind_of(&self, name: &str) -> ValueKind {
        self.fields.get_attr(name).unwrap_or_default().kind()
    }

    /// The same mail with everything that may be empty empty, and yes for no: what the sample does not show.
    pub(super) fn turned(&self) -> Self {
        let links = self.links();
        let turn = |name: String| {
            let field = self.fields.get_attr(&name).unwrap_or_default();
            let turned = match field.kind() {
                ValueKind::Bool => Value::from(!field.is_true()),
                ValueKind::String if !links.contains(&field.to_string()) => Value::from(""),
                _ => field,
            };
            (name, turned)
        };
        let fields: BTreeMap<String, Value> = self.names().into_iter().map(turn).collect();
        Self { name: self.name, audience: self.audience, fields: Value::from(fields) }
    }

    /// The links: fields of that type are the only ones so named.
    fn links(&self) -> Vec<String> {
        self.names().iter().filter(|name| name.ends_with("link")).map(|name| self.field(name)).collect()
    }
}

/// Whom a mail is rendered for.
#[derive(Debug)]
pub(crate) struct Addressee<'a> {
    /// Their name without 様 or さん.
    pub(crate) name: &'a str,
    /// The language they read.
    pub(crate) language: Language,
    /// Where they end such mails in one step; empty for mails that are owed.
    pub(crate) unsubscribe: &'a str,
}

/// One paragraph of a town's own text in HTML.
#[derive(Debug, Serialize)]
struct Paragraph {
    rows: Vec<String>,
    /// A link of ours that stood on a line of its own; the line before it is its label.
    link: String,
    label: String,
}

/// All mail templates, each compiled when it is first asked for: what is compiled takes many times the room of its text.
#[derive(Debug)]
pub(crate) struct Templates {
    environment: Environment<'static>,
    /// For towns' own wordings: nothing to include, less fuel.
    own: Environment<'static>,
}

impl Templates {
    /// Takes up every embedded template and checks that no kind of mail lacks one. That each one compiles is a test's to say.
    pub(crate) fn load() -> Result<Self, TemplateError> {
        check_all_there()?;
        let mut environment = strict(FUEL)?;
        environment.set_loader(|name| {
            let as_theirs = |error: TemplateError| Error::new(ErrorKind::SyntaxError, error.to_string());
            source(name).map_err(as_theirs)
        });
        let mut own = strict(OWN_FUEL)?;
        own.set_formatter(wording::write_text);
        Ok(Self { environment, own })
    }

    /// Renders one mail for one recipient, in the town's own words where it has any.
    pub(crate) fn render(
        &self,
        sheet: &Sheet,
        own: Option<&OwnWords>,
        town: &Town,
        to: &Addressee<'_>,
    ) -> Result<Rendered, TemplateError> {
        let common = common(sheet, town, to);
        match own {
            Some(own) => self.render_own(sheet, own, to, common),
            None => self.render_shipped(sheet, to.language, common),
        }
    }

    fn render_shipped(
        &self,
        sheet: &Sheet,
        language: Language,
        common: Value,
    ) -> Result<Rendered, TemplateError> {
        let text_path = format!("{}.{language}.txt", sheet.name);
        let subject = self.environment.get_template(&subject_of(&text_path))?.render(&common)?;
        let subject = visible(&subject);
        let text = self.environment.get_template(&text_path)?.render(&common)?;
        let page = self.environment.get_template(&format!("{}.{language}.html", sheet.name))?;
        let html = page.render(context! { subject => &subject, ..common })?;
        Ok(Rendered { subject, text, html })
    }

    /// The town's words are one text: the HTML part says exactly the same, and the footer stays ours.
    fn render_own(
        &self,
        sheet: &Sheet,
        own: &OwnWords,
        to: &Addressee<'_>,
        common: Value,
    ) -> Result<Rendered, TemplateError> {
        let language = to.language;
        let render = |part, source| {
            let rendered = self.own.template_from_str(source).and_then(|template| template.render(&common));
            rendered.map_err(|error| wording::fault(&self.own, own, sheet, part, &error))
        };
        let subject = visible(&bounded(render(Part::Subject, &own.subject)?)?);
        let body = bounded(render(Part::Body, &own.body)?)?.replace("\r\n", "\n").trim().to_owned();
        let footer = self.environment.get_template(&format!("_footer.{language}.txt"))?.render(&common)?;
        let paragraphs = paragraphs(&body, &sheet.links());
        let page = self.environment.get_template("_own.html")?;
        let paragraphs = Value::from(Serde(&paragraphs));
        let html = page.render(context! { subject => &subject, paragraphs, ..common })?;
        Ok(Rendered { subject, text: format!("{body}\n\n{footer}"), html })
    }

    /// What is wrong with a wording whatever the mail says: a field it does not have, or a way through it that fails.
    pub(crate) fn check_own(
        &self,
        sheet: &Sheet,
        own: &OwnWords,
        town: &Town,
        to: &Addressee<'_>,
    ) -> Result<(), TemplateError> {
        let town_fields = Value::from(Serde(town));
        let town_fields: Vec<String> = town_fields
            .try_iter()
            .map(|names| names.map(|name| name.to_string()).collect())
            .unwrap_or_default();
        if let Some(unknown) = wording::unknown_field(&self.own, own, sheet, &town_fields) {
            return Err(unknown.into());
        }
        self.render(&sheet.turned(), Some(own), town, to).map(drop)
    }

    /// The shipped wording as its author wrote it, for whoever begins to change it: subject and text, without footer.
    pub(crate) fn shipped(&self, name: &str, language: Language) -> OwnWords {
        let path = format!("{name}.{language}.txt");
        let source = |path: &str| {
            self.environment.get_template(path).map(|found| found.source().to_owned()).unwrap_or_default()
        };
        let footer = format!("{{% include \"_footer.{language}.txt\" %}}");
        OwnWords {
            subject: source(&subject_of(&path)),
            body: source(&path).replace(&footer, "").trim_end().to_owned(),
        }
    }
}

/// Each kind of mail has a text and a page in each language, and a subject.
fn check_all_there() -> Result<(), TemplateError> {
    for kind in KINDS {
        for language in Language::ALL {
            let (text, page) =
                (format!("{}.{language}.txt", kind.name), format!("{}.{language}.html", kind.name));
            for name in [subject_of(&text), text, page] {
                if source(&name)?.is_none() {
                    return Err(TemplateError::Missing(name));
                }
            }
        }
    }
    Ok(())
}

/// The embedded template of that name; nothing where there is none. The first line of a text is a template of its own.
fn source(name: &str) -> Result<Option<String>, TemplateError> {
    let (path, is_subject) = match name.strip_suffix(SUBJECT) {
        Some(path) => (path, true),
        None => (name, false),
    };
    let Some(file) = Files::get(path) else { return Ok(None) };
    let source = String::from_utf8_lossy(&file.data).into_owned();
    if path.starts_with('_') || path.strip_suffix(".txt").is_none() {
        return Ok(Some(source).filter(|_| !is_subject));
    }
    let (subject, text) = split_subject(path, &source)?;
    Ok(Some(if is_subject { subject } else { text }))
}

fn strict(fuel: u64) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(fuel));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_formatter(write_value);
    // Nothing typed by people may be declared markup.
    environment.remove_filter("safe");
    Ok(environment)
}

fn common(sheet: &Sheet, town: &Town, to: &Addressee<'_>) -> Value {
    context! {
        mail => sheet.fields.clone(),
        town => Value::from(Serde(town)),
        recipient => visible(to.name),
        language => to.language.as_str(),
        audience => sheet.audience.as_str(),
        unsubscribe => to.unsubscribe,
    }
}

fn bounded(text: String) -> Result<String, WordingFault> {
    if text.len() > LONGEST { Err(WordingFault::TooLong) } else { Ok(text) }
}

/// Paragraphs of a text; a link of ours on a line of its own becomes a button named by the line before it.
fn paragraphs(text: &str, links: &[String]) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let mut rows: Vec<String> = Vec::new();
        for row in block.lines() {
            if links.iter().any(|link| link == row.trim()) {
                let label = rows.pop().unwrap_or_default();
                if !rows.is_empty() {
                    let rows = std::mem::take(&mut rows);
                    found.push(Paragraph { rows, link: String::new(), label: String::new() });
                }
                let link = row.trim().to_owned();
                let label = label.trim_end_matches(['：', ':', ' ', '　']).to_owned();
                let label = if label.is_empty() { link.clone() } else { label };
                found.push(Paragraph { rows: Vec::new(), link, label });
            } else {
                rows.push(row.to_owned());
            }
        }
        if !rows.is_empty() {
            found.push(Paragraph { rows, link: String::new(), label: String::new() });
        }
    }
    found
}

/// The subject is a template of its own, so that no field can end it early.
fn subject_of(path: &str) -> String {
    format!("{path}{SUBJECT}")
}

fn split_subject(path: &str, source: &str) -> Result<(String, String), TemplateError> {
    let split = source.strip_prefix("Subject: ").and_then(|rest| rest.split_once("\n\n"));
    match split {
        Some((subject, text)) if !subject.contains('\n') => Ok((subject.to_owned(), text.to_owned())),
        _ => Err(TemplateError::NoSubject(path.to_owned())),
    }
}

/// Escapes for HTML what is a text, and leaves slashes alone: links stay readable in the source.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            let mut escaped = String::with_capacity(text.len() + text.len() / 8);
            for character in text.chars() {
                match character {
                    '&' => escaped.push_str("&amp;"),
                    '<' => escaped.push_str("&lt;"),
                    '>' => escaped.push_str("&gt;"),
                    '"' => escaped.push_str("&quot;"),
                    '\'' => escaped.push_str("&#39;"),
                    other => escaped.push(other),
                }
            }
            out.write_str(&escaped).map_err(Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// The embedded files' names.
#[cfg(test)]
pub(super) fn paths() -> impl Iterator<Item = String> {
    Files::iter().map(|path| path.to_string())
}
