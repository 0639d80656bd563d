//! `/api/v1/todos`

use std::rc::Rc;

use sales::todos::{
    self, FinishInput, Listed as Shown, PostponeInput, Todo, TodoId, TodoInput, TodoKey, TodoStatus,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which todos.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TodosQuery {
    /// Those of the caller in this state; open ones unless told.
    state: Chosen<TodoStatus>,
    /// `yes` for those the caller wrote down, whoever does them and whatever their state.
    asked: String,
}

/// `GET /api/v1/todos`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<TodosQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Todo>, Failure> {
    let (person, paging) = (call.person()?, paged.paging::<TodoKey>()?);
    let shown = if query.asked.is_empty() {
        Shown::Of(person, query.state.0.unwrap_or(TodoStatus::Open))
    } else {
        Shown::AskedBy(person)
    };
    Ok(call.db(move |tx| todos::list(tx, shown, &paging)).await?.into())
}

/// `POST /api/v1/todos`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<TodoInput>,
) -> Result<Once<Created<Todo>>, Failure> {
    api::once(&call, move |tx| todos::add(tx, &input).map(Created)).await
}

/// `GET /api/v1/todos/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<TodoId>) -> Result<One<Todo>, Failure> {
    call.db(move |tx| todos::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/todos/{id}`
pub(crate) async fn update(
    call: Rc<Call>,
    At(id): At<TodoId>,
    IfMatch(version): IfMatch,
    Json(input): Json<TodoInput>,
) -> Result<One<Todo>, Failure> {
    call.db(move |tx| todos::change(tx, id, version, &input)).await.map(One)
}

/// `POST /api/v1/todos/{id}/finish`
pub(crate) async fn finish(
    call: Rc<Call>,
    At(id): At<TodoId>,
    IfMatch(version): IfMatch,
    Json(input): Json<FinishInput>,
) -> Result<Once<One<Todo>>, Failure> {
    api::once(&call, move |tx| todos::finish(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/todos/{id}/postpone`
pub(crate) async fn postpone(
    call: Rc<Call>,
    At(id): At<TodoId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PostponeInput>,
) -> Result<Once<One<Todo>>, Failure> {
    api::once(&call, move |tx| todos::postpone(tx, id, version, &input).map(One)).await
}

/// `POST /api/v1/todos/{id}/reopen`
pub(crate) async fn reopen(
    call: Rc<Call>,
    At(id): At<TodoId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Todo>>, Failure> {
    api::once(&call, move |tx| todos::reopen(tx, id, version).map(One)).await
}
