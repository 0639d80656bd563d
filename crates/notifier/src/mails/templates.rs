//! The mail template engine: embedded files, strict about anything undefined, bounded in its work.

use kernel::Language;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, Value, context};
use rust_embed::RustEmbed;

use super::{KINDS, Mail, Town};
use crate::compose::visible;
use crate::messages::Recipient;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/mails"]
#[include = "*.html"]
#[include = "*.txt"]
struct Files;

/// Steps a template may take; a mail takes a few hundred.
const FUEL: u64 = 100_000;

/// Why a mail could not be rendered: a defect of ours.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template does not compile, or asks for a field that is not there.
    #[error("mail template: {0:#}")]
    Engine(#[from] minijinja::Error),
    /// A text template that does not begin with `Subject: ` and an empty line.
    #[error("mail template {0} must begin with \"Subject: …\" and an empty line")]
    NoSubject(String),
    /// A kind of mail without one of its four templates.
    #[error("mail template {0} is missing")]
    Missing(String),
    /// A sample's own data are wrong.
    #[error("sample: {0}")]
    Sample(String),
}

impl TemplateError {
    pub(super) fn sample(cause: impl std::fmt::Display) -> Self {
        Self::Sample(cause.to_string())
    }
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

/// All mail templates, compiled.
#[derive(Debug)]
pub(crate) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Compiles every embedded template and checks that no kind of mail lacks one.
    pub(crate) fn load() -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_formatter(write_value);
        // Nothing typed by people may be declared markup.
        environment.remove_filter("safe");
        for path in Files::iter() {
            let Some(file) = Files::get(&path) else { continue };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            if path.ends_with(".txt") && !path.starts_with('_') {
                let (subject, text) = split_subject(&path, &source)?;
                environment.add_template_owned(subject_of(&path), subject)?;
                environment.add_template_owned(path.to_string(), text)?;
            } else {
                environment.add_template_owned(path.to_string(), source)?;
            }
        }
        let templates = Self { environment };
        templates.check_all_there()?;
        Ok(templates)
    }

    /// Renders one mail for one recipient.
    pub(crate) fn render<M: Mail>(
        &self,
        mail: &M,
        town: &Town,
        recipient: &Recipient,
    ) -> Result<Rendered, TemplateError> {
        let language = recipient.language;
        let common = context! {
            mail => Value::from(Serde(mail)),
            town => Value::from(Serde(town)),
            recipient => visible(&recipient.name),
            language => language.as_str(),
            audience => M::AUDIENCE.as_str(),
        };
        let text_path = format!("{}.{language}.txt", M::NAME);
        let subject = self.environment.get_template(&subject_of(&text_path))?.render(&common)?;
        let subject = visible(&subject);
        let text = self.environment.get_template(&text_path)?.render(&common)?;
        let page = self.environment.get_template(&format!("{}.{language}.html", M::NAME))?;
        let html = page.render(context! { subject => &subject, ..common })?;
        Ok(Rendered { subject, text, html })
    }

    fn check_all_there(&self) -> Result<(), TemplateError> {
        for kind in KINDS {
            for language in Language::ALL {
                for ending in ["txt", "html"] {
                    let path = format!("{}.{language}.{ending}", kind.name);
                    if self.environment.get_template(&path).is_err() {
                        return Err(TemplateError::Missing(path));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The subject is a template of its own, so that no field can end it early.
fn subject_of(path: &str) -> String {
    format!("{path}.subject")
}

fn split_subject(path: &str, source: &str) -> Result<(String, String), TemplateError> {
    let split = source.strip_prefix("Subject: ").and_then(|rest| rest.split_once("\n\n"));
    match split {
        Some((subject, text)) if !subject.contains('\n') => Ok((subject.to_owned(), text.to_owned())),
        _ => Err(TemplateError::NoSubject(path.to_owned())),
    }
}

/// Escapes for HTML what is a text, and leaves slashes alone: links stay readable in the source.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
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
            out.write_str(&escaped).map_err(minijinja::Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// The embedded files' names.
#[cfg(test)]
pub(super) fn paths() -> impl Iterator<Item = String> {
    Files::iter().map(|path| path.to_string())
}
