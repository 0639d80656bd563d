//! What went wrong, as a page with the way back or as problem+json (RFC 9457), chosen by the route. Causes are
//! logged once, with the request's id and without names or secrets, and never shown.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode, header};
use kernel::{Candidate, Code, Coded, FieldProblem};
use schemars::JsonSchema;
use serde::Serialize;

use crate::call::Call;
use crate::files;
use crate::orders::parts;
use crate::phrases;

/// A request that did not end well.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) fields: Vec<FieldProblem>,
    /// Seconds after which a try makes sense again.
    pub(crate) retry_after: Option<u64>,
    /// What is said of its first field instead of the code's sentence, where that names what was sent.
    pub(crate) words: Option<String>,
    /// What is there already and looks like what was refused.
    candidates: Vec<Candidate>,
    cause: String,
}

impl<E: Coded> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            code: error.code(),
            fields: error.fields().to_vec(),
            retry_after: None,
            words: None,
            candidates: error.candidates(),
            cause: error.to_string(),
        }
    }
}

impl Failure {
    /// A failure that its code says everything about.
    pub(crate) fn of(code: Code) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after: None,
            words: None,
            candidates: Vec::new(),
            cause: String::new(),
        }
    }

    /// The same, said of its field in these words where there are any.
    pub(crate) fn in_words(self, words: Option<String>) -> Self {
        Self { words, ..self }
    }

    /// The same about these fields and no others.
    pub(crate) fn about(self, fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..self }
    }

    /// Nothing here.
    pub(crate) fn not_found() -> Self {
        Self::of(Code::NotFound)
    }

    /// Nobody is signed in.
    pub(crate) fn signed_out() -> Self {
        Self::of(Code::SignedOut)
    }

    /// A body that is not what the route takes.
    pub(crate) fn bad_json(cause: &str) -> Self {
        Self { cause: cause.to_owned(), ..Self::of(Code::BadJson) }
    }

    /// Our own fault.
    pub(crate) fn internal(cause: String) -> Self {
        Self { cause, ..Self::of(Code::Internal) }
    }

    /// Whether the form should come back with its fields kept: the person can mend it there.
    pub(crate) fn is_about_input(&self) -> bool {
        !self.fields.is_empty()
            || (self.status().is_client_error()
                && !matches!(
                    self.code,
                    Code::NotFound | Code::SignedOut | Code::Forbidden | Code::BadFormToken
                ))
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The sentence for the whole failure.
    pub(crate) fn sentence(&self, call: &Call) -> String {
        if call.route.is_api() && self.code == Code::BadFormToken {
            // A program has no page to go back to.
            return call.text("error-bad-form-token-api");
        }
        call.text(&format!("error-{}", self.code))
    }

    /// The sentence for one of its fields.
    pub(crate) fn sentence_of(&self, call: &Call, problem: &FieldProblem) -> String {
        let is_first = self.fields.first().is_some_and(|first| first.field == problem.field);
        let words = self.words.clone().filter(|_| is_first);
        words.unwrap_or_else(|| sentence(call, problem))
    }

    /// The answer, in the form the route speaks.
    pub(crate) fn answer(&self, call: &Call) -> HttpResponse {
        if self.code.status() >= 500 {
            log::error!("request {} {}: {}: {}", call.request_id, call.route.path, self.code, self.cause);
        } else if !self.cause.is_empty() {
            log::debug!("request {} {}: {}: {}", call.request_id, call.route.path, self.code, self.cause);
        }
        let mut response = if call.route.is_api() { self.problem(call) } else { self.page(call) };
        self.say_when_to_retry(&mut response);
        response
    }

    /// Adds the time after which a try makes sense again, for a page that shows the failure itself.
    pub(crate) fn say_when_to_retry(&self, response: &mut HttpResponse) {
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
    }

    fn problem(&self, call: &Call) -> HttpResponse {
        let detail = if self.code == Code::BadJson { Some(self.cause.clone()) } else { None };
        let errors = self.fields.iter().map(|problem| FieldError {
            field: problem.field.clone(),
            code: problem.code,
            detail: self.sentence_of(call, problem),
        });
        let body = Problem {
            kind: format!("/problems/{}", self.code),
            title: self.sentence(call),
            status: self.code.status(),
            detail,
            code: self.code,
            request_id: call.request_id.to_string(),
            errors: errors.collect(),
            candidates: self.candidates.clone(),
        };
        HttpResponse::build(self.status())
            .content_type("application/problem+json")
            .body(serde_json::to_string(&body).unwrap_or_else(|_unwritable| "{}".to_owned()))
    }

    fn page(&self, call: &Call) -> HttpResponse {
        let form = form_of(call.request.path()).filter(|_| self.code == Code::TooLarge);
        let (back, back_key) = match (self.code, form) {
            (Code::SignedOut, _) => (front_door(call), "error-back-sign-in"),
            (Code::LinkGone, _) => ("/".to_owned(), "error-back-sign-in"),
            (_, Some(form)) => (form, "error-back-form"),
            _ => ("/".to_owned(), "error-back-home"),
        };
        let page = ErrorPage {
            title: self.title(call),
            what: call.text(&format!("error-{}-what", self.way())),
            back,
            back_label: call.text(back_key),
            keeps_drafts: matches!(self.code, Code::SignedOut | Code::BadFormToken | Code::BadJson)
                && call.request.method() != Method::GET,
            request_id: call.request_id.to_string(),
        };
        call.page_with(self.status(), "error.html", &page).unwrap_or_else(|broken| {
            log::error!("request {}: the error page itself fails: {}", call.request_id, broken.cause);
            HttpResponse::build(self.status()).content_type("text/plain; charset=utf-8").body(page.title)
        })
    }

    /// The sentence; what is too large is told how large it may be.
    fn title(&self, call: &Call) -> String {
        if self.code != Code::TooLarge {
            return self.sentence(call);
        }
        // What pages with files say; the route itself leaves room for the texts beside them.
        let most = u64::try_from(call.route.body_limit).unwrap_or(u64::MAX).min(files::MOST_BYTES);
        let megabytes = most.div_ceil(files::MEGABYTE);
        parts::say_count(call, "error-too-large-limit", i64::try_from(megabytes).unwrap_or(i64::MAX))
    }

    /// Which advice fits: what was kept, and what to do.
    fn way(&self) -> &'static str {
        match self.code {
            Code::NotFound => "missing",
            Code::LinkGone => "link-gone",
            Code::Forbidden | Code::OwnWork => "not-allowed",
            Code::SignedOut | Code::BadFormToken => "session",
            Code::Unavailable | Code::Busy | Code::Internal => "ours",
            Code::TooManyTries => "wait",
            Code::TooLarge => "too-large",
            Code::BadJson => "unread",
            _ => "changed",
        }
    }
}

/// The way to the sign-in, which leads back to the page that was asked for, or that the form was on where that is known;
/// not to what a form would have done.
fn front_door(call: &Call) -> String {
    let on_page = || form_of(call.request.path()).unwrap_or_default();
    let asked = if call.request.method() == Method::GET { call.asked() } else { on_page() };
    phrases::address("/", &[("back", &asked)])
}

/// Where the form of a refused upload is: its text is kept there.
fn form_of(path: &str) -> Option<String> {
    let page = path.strip_suffix("/submit").map(str::to_owned);
    page.or_else(|| path.strip_suffix("/jobs").map(|order| format!("{order}/jobs/new")))
}

/// The sentence for one field.
pub(crate) fn sentence(call: &Call, problem: &FieldProblem) -> String {
    call.app.texts.of_problem(call.language, problem)
}

#[derive(Serialize)]
struct ErrorPage {
    title: String,
    what: String,
    back: String,
    back_label: String,
    /// A form was sent by somebody whose session has ended: what they wrote is with them.
    keeps_drafts: bool,
    request_id: String,
}

/// What went wrong (RFC 9457), with a `code` for programs.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Problem {
    /// Names the kind of problem: `/problems/` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// A sentence in the caller's language.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What was wrong with the JSON, where that was it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What programs switch on.
    code: Code,
    /// Finds the request in the server's log.
    request_id: String,
    /// One entry for each field that cannot be accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// What is there already and looks like what was refused (`looks-alike`): sent back among `apart_from`, their ids say
    /// that it is another one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Candidate>,
}

/// What is wrong with one field.
#[derive(Serialize, JsonSchema)]
struct FieldError {
    /// The field, as in the request: `lines[0].quantity`.
    field: String,
    /// What programs switch on.
    code: Code,
    /// A sentence in the caller's language.
    detail: String,
}
