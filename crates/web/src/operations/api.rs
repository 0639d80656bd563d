//! `/api/v1/messages` and `/api/v1/tasks`

use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, ContactId, Invalid, MessageId, PersonId, TaskId, Typed};
use notifier::messages::{
    self, Cause, Message, MessageError, MessageFilter, MessageState, MessageSummary, Redriven, Stuck,
};
use notifier::webhooks;
use queue::tasks::{self, Depth, Redrive, TaskFailure, TaskRow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tasks::{REDRIVEN, clear_paused, is_ours, pause_known};
use super::{BounceInput, ResendInput};
use crate::api::{self, At, Chosen, Created, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which mails.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct MessagesQuery {
    /// Only those in this state.
    state: Chosen<MessageState>,
    /// Only those to this person of the town.
    person: Chosen<PersonId>,
    /// Only those to this contact of a company.
    contact: Chosen<ContactId>,
    /// Only those whose reader’s name, address or subject holds this, in any case.
    q: Typed,
}

/// `GET /api/v1/messages`
pub(crate) async fn messages(
    call: Rc<Call>,
    Query(query): Query<MessagesQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<MessageSummary>, Failure> {
    let paging = paged.paging::<MessageId>()?;
    let text = query.q.as_str().trim();
    let filter = MessageFilter {
        state: query.state.0,
        person: query.person.0,
        contact: query.contact.0,
        text: (!text.is_empty()).then(|| text.to_owned()),
        ..MessageFilter::default()
    };
    Ok(call.db(move |tx| messages::recent(tx, &filter, &paging)).await?.into())
}

/// Mails that stopped for one cause.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StuckMails {
    /// Where they stand.
    state: MessageState,
    /// How far the last attempt got (`auth`, `recipient`, …), or anybody’s at the relay that took nothing when they expired;
    /// empty where none was made.
    stage: String,
    /// Why they were refused or put off (`policy`, `content`, …); empty where nobody said.
    cause: String,
    /// What the relay said to the latest of them.
    reply: Option<String>,
    /// How many.
    count: i64,
    /// When the latest of them was written.
    last: DateTime<Utc>,
}

/// A cause that stopped mails, as `GET /api/v1/messages/stuck` names it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "state": "expired", "stage": "auth", "cause": "" }]))]
pub(crate) struct StuckCauseInput {
    /// Where they stand.
    state: Typed,
    /// How far they came.
    stage: String,
    /// Why they were refused or put off.
    cause: String,
}

/// Mails of one cause that are to go once more.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "state": "expired", "stage": "auth", "cause": "", "reason": "中継サーバーを直した" }]))]
pub(crate) struct StuckRedriveInput {
    /// Where they stand.
    state: Typed,
    /// How far they came.
    stage: String,
    /// Why they were refused or put off.
    cause: String,
    /// Why they go once more, at most 400 characters; required. It stays on record.
    reason: Typed,
}

/// What became of a wish to send mails once more.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MailsRedriven {
    /// They go, at most 500, within their readers’ hours; call again for the rest.
    sent: usize,
    /// They stay: codes or links for one use, those whose time is over, or those that their readers no longer want.
    left: usize,
}

/// What was put away.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MailsSeen {
    /// How many mails.
    seen: usize,
}

/// `GET /api/v1/messages/stuck`
pub(crate) async fn stuck(call: Rc<Call>) -> Result<Listed<StuckMails>, Failure> {
    let found = call.db(messages::stuck).await?;
    let mails = |one: Stuck| StuckMails {
        state: one.cause.state,
        stage: one.cause.stage,
        cause: one.cause.reason,
        reply: one.reply,
        count: one.count,
        last: one.last,
    };
    Ok(found.into_iter().map(mails).collect::<Vec<_>>().into())
}

/// The cause that a program names.
fn cause_of(standing: &Typed, stage: String, reason: String) -> Result<Cause, MessageError> {
    let refused = |_word| Invalid::field("state", Code::UnknownChoice);
    Ok(Cause { state: standing.as_str().parse().map_err(refused)?, stage, reason })
}

/// `POST /api/v1/messages/stuck/redrive`
pub(crate) async fn redrive_stuck(
    call: Rc<Call>,
    Json(input): Json<StuckRedriveInput>,
) -> Result<Once<One<MailsRedriven>>, Failure> {
    api::once(&call, move |tx| -> Result<_, MessageError> {
        let cause = cause_of(&input.state, input.stage, input.cause)?;
        let Redriven { sent, left } = messages::redrive(tx, &cause, &input.reason, super::stuck::REDRIVEN)?;
        Ok(One(MailsRedriven { sent, left }))
    })
    .await
}

/// `POST /api/v1/messages/stuck/seen`
pub(crate) async fn seen_stuck(
    call: Rc<Call>,
    Json(input): Json<StuckCauseInput>,
) -> Result<Once<One<MailsSeen>>, Failure> {
    api::once(&call, move |tx| -> Result<_, MessageError> {
        let cause = cause_of(&input.state, input.stage, input.cause)?;
        Ok(One(MailsSeen { seen: messages::all_seen(tx, &cause)? }))
    })
    .await
}

/// `GET /api/v1/messages/{id}`
pub(crate) async fn message(call: Rc<Call>, At(id): At<MessageId>) -> Result<One<Message>, Failure> {
    call.db(move |tx| messages::find(tx, id)).await.map(One)
}

/// `POST /api/v1/messages/{id}/resend`
pub(crate) async fn resend(
    call: Rc<Call>,
    At(id): At<MessageId>,
    Json(input): Json<ResendInput>,
) -> Result<Once<Created<Message>>, Failure> {
    api::once(&call, move |tx| -> Result<_, MessageError> {
        let new = messages::resend(tx, id, &input.reason)?;
        Ok(Created(messages::find(tx, new)?))
    })
    .await
}

/// `POST /api/v1/messages/{id}/bounce`
pub(crate) async fn bounce(
    call: Rc<Call>,
    At(id): At<MessageId>,
    Json(input): Json<BounceInput>,
) -> Result<Once<One<Message>>, Failure> {
    decide(&call, id, move |tx, id| messages::bounce(tx, id, input.notice.as_str())).await
}

/// `POST /api/v1/messages/{id}/release`
pub(crate) async fn release(call: Rc<Call>, At(id): At<MessageId>) -> Result<Once<One<Message>>, Failure> {
    decide(&call, id, messages::release).await
}

/// `POST /api/v1/messages/{id}/hold`
pub(crate) async fn hold(call: Rc<Call>, At(id): At<MessageId>) -> Result<Once<One<Message>>, Failure> {
    decide(&call, id, messages::hold).await
}

/// `POST /api/v1/messages/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>, At(id): At<MessageId>) -> Result<Once<One<Message>>, Failure> {
    decide(&call, id, messages::cancel).await
}

/// `POST /api/v1/messages/{id}/seen`
pub(crate) async fn seen(call: Rc<Call>, At(id): At<MessageId>) -> Result<Once<One<Message>>, Failure> {
    decide(&call, id, messages::seen).await
}

async fn decide(
    call: &Call,
    id: MessageId,
    verb: impl FnOnce(&mut Tx<'_>, MessageId) -> Result<(), MessageError> + Send + 'static,
) -> Result<Once<One<Message>>, Failure> {
    api::once(call, move |tx| -> Result<_, MessageError> {
        verb(tx, id)?;
        Ok(One(messages::find(tx, id)?))
    })
    .await
}

/// `GET /api/v1/tasks`
pub(crate) async fn depths(call: Rc<Call>) -> Result<Listed<Depth>, Failure> {
    Ok(call.db(tasks::depths).await?.into())
}

/// A task that failed too often.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DeadTask {
    /// The task.
    #[serde(flatten)]
    task: TaskRow,
    /// Its failures, the latest first.
    failures: Vec<TaskFailure>,
}

/// `GET /api/v1/tasks/dead`
pub(crate) async fn dead(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<DeadTask>, Failure> {
    let paging = paged.paging::<TaskId>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let page = tasks::dead(tx, &paging)?;
        let with_failures = |task: TaskRow| Ok(DeadTask { failures: tasks::failures(tx, task.id)?, task });
        let items = page.items.into_iter().map(with_failures).collect::<Result<_, DbError>>()?;
        Ok(kernel::Page { items, next: page.next })
    });
    Ok(page.await?.into())
}

/// A kind of background task.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "webhooks.deliver" }]))]
pub(crate) struct TaskKindInput {
    /// The kind, as `GET /api/v1/tasks/kinds` names it.
    kind: String,
}

/// Dead tasks that get another chance.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "webhooks.deliver" }]))]
pub(crate) struct RedriveInput {
    /// Those of this kind.
    kind: String,
    /// Only those that died of this cause, as the page of tasks shows it; all where it is left out.
    cause: Option<String>,
}

/// How many got another chance.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TasksRedriven {
    /// At most a thousand; call again for the rest.
    tasks: usize,
}

/// A kind of background task, and whether it is paused.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TaskKind {
    /// The kind.
    kind: String,
    /// Whether this town has paused it.
    paused: bool,
}

/// `GET /api/v1/tasks/kinds`
pub(crate) async fn kinds(call: Rc<Call>) -> Result<Listed<TaskKind>, Failure> {
    let paused: BTreeSet<String> =
        call.db(tasks::pauses).await?.into_iter().map(|pause| pause.kind).collect();
    let all: BTreeSet<String> = call.app.settings.task_kinds.iter().cloned().chain(paused.clone()).collect();
    let kind = |kind: String| TaskKind { paused: paused.contains(&kind), kind };
    Ok(all.into_iter().map(kind).collect::<Vec<_>>().into())
}

/// `POST /api/v1/tasks/pause`
pub(crate) async fn pause(
    call: Rc<Call>,
    Json(input): Json<TaskKindInput>,
) -> Result<Once<NoContent>, Failure> {
    let is_ours = is_ours(&call, &input.kind);
    api::once(&call, move |tx| pause_known(tx, &input.kind, is_ours).map(|()| NoContent)).await
}

/// `POST /api/v1/tasks/resume`
pub(crate) async fn resume(
    call: Rc<Call>,
    Json(input): Json<TaskKindInput>,
) -> Result<Once<NoContent>, Failure> {
    api::once(
        &call,
        move |tx| {
            if tasks::resume(tx, &input.kind)? { Ok(NoContent) } else { Err(DbError::NotFound) }
        },
    )
    .await
}

/// `POST /api/v1/tasks/clear`
pub(crate) async fn clear(
    call: Rc<Call>,
    Json(input): Json<TaskKindInput>,
) -> Result<Once<One<TasksRedriven>>, Failure> {
    api::once(&call, move |tx| Ok::<_, DbError>(One(TasksRedriven { tasks: clear_paused(tx, &input.kind)? })))
        .await
}

/// `POST /api/v1/tasks/redrive`
pub(crate) async fn redrive(
    call: Rc<Call>,
    Json(input): Json<RedriveInput>,
) -> Result<Once<One<TasksRedriven>>, Failure> {
    let kind = input.kind;
    let which = match input.cause {
        Some(cause) => Redrive::Cause { kind, cause },
        None => Redrive::Kind(kind),
    };
    let redriven = move |tx: &mut Tx<'_>| tasks::redrive(tx, &which, REDRIVEN);
    api::once(&call, move |tx| Ok::<_, DbError>(One(TasksRedriven { tasks: redriven(tx)? }))).await
}

/// `POST /api/v1/tasks/{id}/retry`
pub(crate) async fn retry(call: Rc<Call>, At(id): At<TaskId>) -> Result<Once<NoContent>, Failure> {
    settle(&call, id, tasks::retry).await
}

/// `POST /api/v1/tasks/{id}/discard`
pub(crate) async fn discard(call: Rc<Call>, At(id): At<TaskId>) -> Result<Once<NoContent>, Failure> {
    settle(&call, id, |tx, id| webhooks::end_task(tx, id, tasks::discard)).await
}

/// `POST /api/v1/tasks/{id}/cancel`
pub(crate) async fn cancel_task(call: Rc<Call>, At(id): At<TaskId>) -> Result<Once<NoContent>, Failure> {
    settle(&call, id, |tx, id| webhooks::end_task(tx, id, tasks::cancel)).await
}

async fn settle(
    call: &Call,
    id: TaskId,
    verb: fn(&mut Tx<'_>, TaskId) -> Result<bool, DbError>,
) -> Result<Once<NoContent>, Failure> {
    api::once(call, move |tx| if verb(tx, id)? { Ok(NoContent) } else { Err(DbError::NotFound) }).await
}
