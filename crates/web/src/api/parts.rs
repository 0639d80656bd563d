//! The parts of a request that a handler of the JSON API names in its signature.

use std::cell::{Cell, RefCell};
use std::str::FromStr;

use actix_web::http::header;
use kernel::{Code, Paging, Typed};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::operation::Operation;
use super::query::Known;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::route::braces;
use crate::uploads::{self, Upload};

/// A request while its parts are being read.
pub(crate) struct Reading<'a> {
    call: &'a Call,
    places: Cell<usize>,
    body_is_read: Cell<bool>,
    query: RefCell<Known>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(call: &'a Call) -> Self {
        Self { call, places: Cell::new(0), body_is_read: Cell::new(false), query: RefCell::default() }
    }

    /// A handler that takes no body gets none but `{}`, and no condition that it does not know: what is sent to it all the same
    /// is a mistake that must not pass in silence.
    pub(super) fn done(self) -> Result<(), Failure> {
        self.query.borrow().must_hold(self.call)?;
        if self.body_is_read.get() || self.call.body.is_empty() {
            return Ok(());
        }
        self.call.json::<Nothing>().map(|Nothing {}| ())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Something a handler takes from the request.
pub(crate) trait Part: Sized {
    /// Takes it, or says what is wrong with it.
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure>;

    /// What the description says of it.
    fn describe(operation: &mut Operation<'_>);
}

/// The next parameter of the path. What cannot be one is simply not found.
pub(crate) struct At<T>(pub(crate) T);

impl<T: FromStr + JsonSchema> Part for At<T> {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        let place = reading.places.get();
        reading.places.set(place + 1);
        let name = braces(reading.call.route.path).nth(place).ok_or_else(Failure::not_found)?;
        reading.call.id(name).map(Self)
    }

    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.given::<T>();
        operation.place(schema);
    }
}

/// The query string as a struct whose fields all have defaults. Several structs may share the query string; what none of them
/// takes is refused ([`Reading::done`]).
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned + Default + JsonSchema> Part for Query<T> {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        if !reading.call.request.query_string().is_empty() {
            reading.query.borrow_mut().add::<T>();
        }
        Ok(Self(reading.call.query()))
    }

    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.fields_of::<T>();
        operation.query(&schema);
    }
}

/// One value of a query string, which an empty one leaves out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<T>(pub(crate) Option<T>);

impl<T> Default for Chosen<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Chosen<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Typed::deserialize(deserializer).map(|typed| Self(typed.as_str().trim().parse().ok()))
    }
}

impl<T: JsonSchema> JsonSchema for Chosen<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    // Another than its choice's: with the same, the choice would count as being described already and be named only.
    fn schema_id() -> std::borrow::Cow<'static, str> {
        format!("Chosen<{}>", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Paged {
    /// The `next` of the page before; without it, the first page.
    after: String,
    /// How many rows at most; 50 unless told.
    #[schemars(range(min = 1, max = 100), extend("default" = 50))]
    limit: Chosen<u16>,
}

impl Paged {
    /// The page asked for: 50 rows unless told, 100 at most.
    pub(crate) fn paging<K: DeserializeOwned>(&self) -> Paging<K> {
        Paging { after: format::read_page_key(&self.after), ..Paging::first(self.limit.0.unwrap_or(50)) }
    }
}

/// The body as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + JsonSchema> Part for Json<T> {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        reading.body_is_read.set(true);
        reading.call.json().map(Self)
    }

    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.taken::<T>();
        operation.json_body(schema, true);
    }
}

/// A body that may be left out.
impl<T: DeserializeOwned + JsonSchema> Part for Option<Json<T>> {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        if reading.call.body.is_empty() {
            return Ok(None);
        }
        Json::read(reading).await.map(Some)
    }

    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.taken::<T>();
        operation.json_body(schema, false);
    }
}

/// The version that `If-Match` names. An edit without it is refused (428, RFC 6585): it could
/// overwrite what its author never saw.
pub(crate) struct IfMatch(pub(crate) i32);

impl Part for IfMatch {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        let value =
            reading.call.request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        let tag = value.ok_or_else(|| Failure::of(Code::VersionMissing))?;
        let version = tag.trim().trim_start_matches("W/").trim_matches('"').parse();
        version.map(Self).map_err(|_no_number| Failure::of(Code::Stale))
    }

    fn describe(operation: &mut Operation<'_>) {
        operation.if_match();
    }
}

/// A multipart form with the part `file`.
pub(crate) struct Multipart(pub(crate) Upload);

impl Part for Multipart {
    async fn read(reading: &Reading<'_>) -> Result<Self, Failure> {
        reading.body_is_read.set(true);
        if !uploads::is_multipart(&reading.call.request) {
            return Err(Failure::bad_json("send multipart/form-data with the part `file`"));
        }
        uploads::read(reading.call).await.map(Self)
    }

    fn describe(operation: &mut Operation<'_>) {
        operation.file_body();
    }
}
