//! What can be wrong with a town's own wording, in terms its writer knows: which field, which line. The engine's own
//! words are for programmers and English.

use std::fmt;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use super::templates::{OwnWords, Sheet};

/// Which of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The body.
    Body,
}

/// Where in a wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which text.
    pub part: Part,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Subject => f.write_str("the subject"),
            Part::Body => write!(f, "line {}", self.line),
        }
    }
}

/// Why a wording cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordingFault {
    /// It names a field that this mail does not have.
    #[error("{{{{ {0} }}}} is undefined: this mail has no such field")]
    UnknownField(String),
    /// It shows a field that says yes or no and is no text by itself.
    #[error("{{{{ {0} }}}} is yes or no, not a text: ask for it with {{% if %}}")]
    NotText(String),
    /// It shows a list as if it were a text.
    #[error("{{{{ {0} }}}} is a list, not a text: go through it with {{% for %}}")]
    IsList(String),
    /// Braces or a word of the template language are in the wrong place.
    #[error("{0}: syntax error")]
    Syntax(Place),
    /// It asks for something a wording may not do.
    #[error("{0}: a wording may not do that ({1})")]
    NotAllowed(Place, String),
    /// It becomes longer than any mail should be.
    #[error("the text becomes too long")]
    TooLong,
    /// It repeats something too often.
    #[error("it takes too much work (out of fuel)")]
    TooMuchWork,
    /// It fails for another reason.
    #[error("{0}: {1}")]
    Fails(Place, String),
}

/// What a formatter says of a value that is no text; nobody reads it but [`fault`].
const NOT_TEXT: &str = "not a text";

/// Writes texts and numbers; a value that readers would see as `true` or `[…]` is a fault of the wording.
pub(super) fn write_text(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    match value.kind() {
        ValueKind::String | ValueKind::Number | ValueKind::Undefined => {
            minijinja::escape_formatter(out, state, value)
        }
        _ => Err(Error::new(ErrorKind::InvalidOperation, NOT_TEXT)),
    }
}

/// The first field, in the order of the alphabet, that a wording names and `sheet` does not have.
pub(super) fn unknown_field(
    own: &Environment<'static>,
    words: &OwnWords,
    sheet: &Sheet,
    town_fields: &[String],
) -> Option<WordingFault> {
    let known = |path: &str| match path.split_once('.') {
        Some(("mail", field)) => sheet.names().iter().any(|name| name == field),
        Some(("town", field)) => town_fields.iter().any(|name| name == field),
        Some(_) => false,
        None => {
            ["mail", "town", "recipient", "language"].contains(&path)
                || own.globals().any(|(name, _)| name == path)
        }
    };
    let unknown = named(own, words).into_iter().find(|path| !known(path));
    unknown.map(WordingFault::UnknownField)
}

fn named(own: &Environment<'static>, words: &OwnWords) -> Vec<String> {
    let mut paths: Vec<String> = [&words.subject, &words.body]
        .into_iter()
        .filter_map(|source| own.template_from_str(source).ok())
        .flat_map(|template| template.undeclared_variables(true))
        .collect();
    paths.sort();
    paths
}

/// What an engine's error means to whoever wrote the wording.
pub(super) fn fault(
    own: &Environment<'static>,
    words: &OwnWords,
    sheet: &Sheet,
    part: Part,
    error: &Error,
) -> WordingFault {
    let place = Place { part, line: error.line().unwrap_or(1) };
    let detail = || error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::InvalidDelimiter => WordingFault::Syntax(place),
        ErrorKind::OutOfFuel => WordingFault::TooMuchWork,
        ErrorKind::InvalidOperation if error.detail() == Some(NOT_TEXT) => {
            let of_kind = |kind| {
                named(own, words)
                    .into_iter()
                    .find(|path| path.strip_prefix("mail.").is_some_and(|name| sheet.kind_of(name) == kind))
            };
            match (of_kind(ValueKind::Bool), of_kind(ValueKind::Seq)) {
                (Some(field), _) => WordingFault::NotText(field),
                (None, Some(field)) => WordingFault::IsList(field),
                (None, None) => WordingFault::Fails(place, detail()),
            }
        }
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownMethod
        | ErrorKind::UnknownBlock
        | ErrorKind::BadInclude
        | ErrorKind::TemplateNotFound => WordingFault::NotAllowed(place, detail()),
        _ => WordingFault::Fails(place, detail()),
    }
}
