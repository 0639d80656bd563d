//! Mails that stopped (止まったメール), by what stopped them, and sending all of one cause off again.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::Tx;
use kernel::Typed;
use notifier::MessageState;
use notifier::messages::{self, Cause, Redriven, RelayTrouble, Stuck};
use serde::{Deserialize, Serialize};

use crate::app::MailState;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::forms::{Form, FormView};
use crate::phrases::{address, said, word};
use crate::shell::Crumb;

/// Mails that one press sends off again; the rest stays for the next.
pub(super) const REDRIVEN: u16 = 500;

#[derive(Serialize)]
struct Page {
    title: String,
    crumbs: Vec<Crumb>,
    /// How many in all.
    count: i64,
    /// Why nothing leaves at all; empty while mail leaves.
    trouble: String,
    /// What the relay said to that.
    trouble_reply: String,
    /// What to do about it; empty where only the relay's words say it.
    trouble_advice: String,
    rows: Vec<Row>,
    /// What came of the press before; nothing where there was none.
    told: Option<Told>,
    /// Whether whoever looks may send them off again, and invite people.
    may_redrive: bool,
    form: FormView,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    sent: Typed,
    left: Typed,
}

/// How many of a cause go once more, and how many of it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Told {
    sent: u32,
    left: u32,
}

impl Told {
    /// As the address of the page says it; nothing where no press led there.
    fn of(call: &Call) -> Option<Self> {
        let query: Query = call.query();
        Some(Self { sent: query.sent.as_str().parse().ok()?, left: query.left.as_str().parse().ok()? })
    }
}

#[derive(Serialize)]
struct Row {
    state: MessageState,
    /// What its state means.
    says: String,
    stage: String,
    /// How far they came, in words.
    at_stage: String,
    reason: String,
    reply: String,
    count: i64,
    last: Moment,
    /// The list of mails in this state.
    href: String,
    /// The name of the field for why they are sent again.
    field: String,
    /// Whether they have ended, so that one can put them away.
    has_ended: bool,
    /// Whether any of them can be sent off again; what carries a secret for one use cannot once it has ended.
    can_go: bool,
    /// Whether they go again by themselves, as mails in doubt do.
    goes_by_itself: bool,
}

/// `GET /messages/stuck`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, &Form::default(), None).await
}

async fn list(call: &Call, form: &Form, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let found = call.db(|tx| -> Result<_, db::DbError> {
        Ok((tx.now(), messages::stuck(tx)?, messages::relay_trouble(tx)?))
    });
    let (now, stuck, trouble) = found.await?;
    let trouble = trouble.filter(|_last| call.app.readiness.mail_state() == MailState::Waiting);
    let page = Page {
        title: call.text("stuck-title"),
        crumbs: vec![Crumb::new(call, "nav-messages", "/messages")],
        count: stuck.iter().map(|one| one.count).sum(),
        told: Told::of(call).filter(|_told| refused.is_none()),
        trouble: trouble.as_ref().map(|one| in_words(call, one)).unwrap_or_default(),
        trouble_advice: trouble.as_ref().map(|one| advice(call, one)).unwrap_or_default(),
        trouble_reply: trouble.and_then(|one| one.reply).unwrap_or_default(),
        rows: stuck.into_iter().map(|one| row(call, now, one)).collect(),
        may_redrive: call.who.as_ref().is_some_and(|who| who.is(accounts::Role::Admin)),
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "operations/stuck.html", &page)
}

/// Where the relay stopped, and when. It is shown only while no relay takes mail: afterwards the last attempt is history.
pub(super) fn in_words(call: &Call, trouble: &RelayTrouble) -> String {
    let stage = match trouble.stage.as_str() {
        "" => call.text("stuck-somewhere"),
        stage => word(call, "message-stage", stage),
    };
    let at = format::moment(call.language, trouble.at);
    said(call, "stuck-relay", [("relay", &trouble.relay), ("stage", &stage), ("at", &at)])
}

/// What an operator does about it; empty where that depends on the relay's own words.
pub(super) fn advice(call: &Call, trouble: &RelayTrouble) -> String {
    if trouble.stage == "auth" { call.text("stuck-trouble-auth") } else { String::new() }
}

fn row(call: &Call, now: DateTime<Utc>, Stuck { cause, reply, count, repeatable, last }: Stuck) -> Row {
    Row {
        says: word(call, "message-says", cause.state),
        at_stage: match cause.stage.as_str() {
            "" => call.text("stuck-untried"),
            stage => word(call, "message-stage", stage),
        },
        reply: reply.unwrap_or_default(),
        count,
        last: Moment::of(call.language, now, last),
        href: address("/messages", &[("state", cause.state.as_str())]),
        field: reason_field(&cause),
        has_ended: cause.state.is_ended(),
        can_go: repeatable > 0 || !cause.state.is_ended(),
        goes_by_itself: cause.state == MessageState::Unknown,
        state: cause.state,
        stage: cause.stage,
        reason: cause.reason,
    }
}

/// Each cause has its own, because one page has many.
fn reason_field(cause: &Cause) -> String {
    format!("why.{}.{}.{}", cause.state, cause.stage, cause.reason)
}

const STUCK: &str = "/messages/stuck";

/// Where a press leads: kept with the press, so that the second says what the first did.
fn told_at(Redriven { sent, left }: Redriven) -> String {
    address(STUCK, &[("sent", &sent.to_string()), ("left", &left.to_string())])
}

/// The cause that a form of ours names.
fn cause_in(form: &Form) -> Result<Cause, Failure> {
    let state = form.get("state").parse().map_err(|_unknown| Failure::not_found())?;
    Ok(Cause { state, stage: form.get("stage").to_owned(), reason: form.get("cause").to_owned() })
}

/// `POST /messages/stuck/seen`: somebody has seen all that ended for one cause.
pub(crate) async fn all_seen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let cause = cause_in(&call.form())?;
    call.db(move |tx| messages::all_seen(tx, &cause)).await?;
    Ok(call.done(STUCK, "done-message-seen"))
}

/// `POST /messages/stuck`: pressed twice, it goes once; so it does pressed by two people at once.
pub(crate) async fn redrive(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let cause = cause_in(&form)?;
    let field = reason_field(&cause);
    let why = Typed::from(form.get(&field));
    let drive = move |tx: &mut Tx<'_>| messages::redrive(tx, &cause, &why, REDRIVEN).map(told_at);
    match call.once(&form, drive).await {
        // The page says it itself, with the numbers.
        Ok(page) => Ok(call.see_other(page)),
        Err(mut failure) if failure.is_about_input() => {
            for problem in failure.fields.iter_mut().filter(|problem| problem.field == "reason") {
                problem.field.clone_from(&field);
            }
            list(&call, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}
