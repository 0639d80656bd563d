//! `/api/v1/members`

use std::collections::BTreeSet;
use std::rc::Rc;

use accounts::persons::{self, PersonFilter, PersonInput, PersonKey, PersonState};
use accounts::{Person, Role, invitations};
use kernel::{Language, PersonId, Typed};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{add, let_go};
use crate::api::{self, At, Chosen, Created, IfMatch, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which people.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct MembersQuery {
    /// Only those who hold this role.
    role: Chosen<Role>,
    /// Only those in this state.
    state: Chosen<PersonState>,
}

/// `GET /api/v1/members`
pub(crate) async fn index(
    call: Rc<Call>,
    Query(query): Query<MembersQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Person>, Failure> {
    let paging = paged.paging::<PersonKey>()?;
    let filter = PersonFilter { role: query.role.0, state: query.state.0, ..PersonFilter::default() };
    Ok(call.db(move |tx| persons::list(tx, filter, &paging)).await?.into())
}

/// A person to add, with what they may do.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "email": "hanako.yamada@example.jp", "language": "ja", "roles": ["sales", "worker"],
}]))]
pub(crate) struct MemberInput {
    /// 姓; required.
    family_name: Typed,
    /// 名.
    given_name: Typed,
    /// Reading of the family name in kana of any kind and width.
    family_kana: Typed,
    /// Reading of the given name.
    given_kana: Typed,
    /// Where the invitation goes; required.
    email: Typed,
    /// `ja` or `en`; Japanese where empty.
    #[schemars(with = "Option<Language>")]
    language: Typed,
    /// What they may do.
    roles: BTreeSet<Role>,
}

/// `POST /api/v1/members`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<MemberInput>,
) -> Result<Once<Created<Person>>, Failure> {
    let (key, roles) = (call.app.key.clone(), input.roles);
    let person = PersonInput {
        family_name: input.family_name,
        given_name: input.given_name,
        family_kana: input.family_kana,
        given_kana: input.given_kana,
        email: input.email,
        language: input.language,
    };
    api::once(&call, move |tx| add(tx, &key, &person, &roles).map(Created)).await
}

/// `GET /api/v1/members/{id}`
pub(crate) async fn show(call: Rc<Call>, At(id): At<PersonId>) -> Result<One<Person>, Failure> {
    call.db(move |tx| persons::find(tx, id)).await.map(One)
}

/// `PUT /api/v1/members/{id}`
pub(crate) async fn correct(
    call: Rc<Call>,
    At(id): At<PersonId>,
    IfMatch(version): IfMatch,
    Json(input): Json<PersonInput>,
) -> Result<One<Person>, Failure> {
    call.db(move |tx| persons::correct(tx, id, version, &input)).await.map(One)
}

/// What a person may do from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{ "roles": ["coordinator", "worker"] }]))]
pub(crate) struct RolesInput {
    /// All of their roles.
    roles: BTreeSet<Role>,
}

/// `PUT /api/v1/members/{id}/roles`
pub(crate) async fn set_roles(
    call: Rc<Call>,
    At(id): At<PersonId>,
    IfMatch(version): IfMatch,
    Json(input): Json<RolesInput>,
) -> Result<One<Person>, Failure> {
    let changed = call.db(move |tx| {
        persons::change_roles(tx, id, version, &input.roles).and_then(|person| let_go(tx, person))
    });
    changed.await.map(One)
}

/// `POST /api/v1/members/{id}/invite`: the link goes by mail alone, never to the caller.
pub(crate) async fn invite(call: Rc<Call>, At(id): At<PersonId>) -> Result<Once<NoContent>, Failure> {
    let key = call.app.key.clone();
    api::once(&call, move |tx| invitations::invite(tx, &key, id).map(|_link| NoContent)).await
}

/// `POST /api/v1/members/{id}/disable`
pub(crate) async fn disable(call: Rc<Call>, At(id): At<PersonId>) -> Result<Once<One<Person>>, Failure> {
    api::once(&call, move |tx| persons::disable(tx, id).and_then(|person| let_go(tx, person)).map(One)).await
}

/// `POST /api/v1/members/{id}/enable`
pub(crate) async fn enable(call: Rc<Call>, At(id): At<PersonId>) -> Result<Once<One<Person>>, Failure> {
    api::once(&call, move |tx| persons::enable(tx, id).map(One)).await
}
