//! `/api/v1/mail-texts`

use std::rc::Rc;

use db::Tx;
use kernel::{Language, MessageId};
use notifier::mails::{KINDS, Kind, OwnWords};
use notifier::messages::Category;
use notifier::texts::{self, TextError, TextInput, TextVersion};
use schemars::JsonSchema;
use serde::Serialize;

use super::MailName;
use crate::api::{self, At, Created, Json, Listed, Once, One};
use crate::call::Call;
use crate::failure::Failure;

/// A mail that may be worded anew.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MailKind {
    /// Its name.
    name: &'static str,
    /// Why it is sent.
    category: Category,
    /// The languages in which the town words it itself.
    own: Vec<Language>,
    /// The fields its text may use, as `{{ mail.NAME }}`.
    fields: Vec<String>,
    /// Those of them without which the mail is of no use.
    required: &'static [&'static str],
}

/// `GET /api/v1/mail-texts`
pub(crate) async fn index(call: Rc<Call>) -> Result<Listed<MailKind>, Failure> {
    let changed = call.db(texts::changed).await?;
    let one = |kind: &Kind| MailKind {
        name: kind.name,
        category: kind.category,
        own: changed.iter().filter(|(name, _)| name == kind.name).map(|(_, language)| *language).collect(),
        fields: kind.fields(),
        required: kind.required(),
    };
    Ok(KINDS.iter().map(one).collect::<Vec<_>>().into())
}

/// A wording with its history.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MailText {
    /// The mail.
    name: &'static str,
    /// Its language.
    language: Language,
    /// The words that hold now.
    words: OwnWords,
    /// Every version, the newest first.
    versions: Vec<TextVersion>,
}

fn whole(tx: &mut Tx<'_>, shipped: OwnWords, kind: &Kind, language: Language) -> Result<MailText, TextError> {
    let own = texts::current(tx, kind.name, language)?;
    Ok(MailText {
        name: kind.name,
        language,
        words: own.map_or(shipped, |(_, words)| words),
        versions: texts::history(tx, kind.name, language)?,
    })
}

/// `GET /api/v1/mail-texts/{name}/{language}`
pub(crate) async fn show(
    call: Rc<Call>,
    At(name): At<MailName>,
    At(language): At<Language>,
) -> Result<One<MailText>, Failure> {
    let kind = name.kind();
    let shipped = kind.shipped(&call.app.outbox, language);
    call.db(move |tx| whole(tx, shipped, kind, language)).await.map(One)
}

/// `POST /api/v1/mail-texts/{name}/{language}`
pub(crate) async fn write(
    call: Rc<Call>,
    At(name): At<MailName>,
    At(language): At<Language>,
    Json(input): Json<TextInput>,
) -> Result<Once<Created<MailText>>, Failure> {
    let (kind, outbox) = (name.kind(), call.app.outbox.clone());
    let shipped = kind.shipped(&outbox, language);
    api::once(&call, move |tx| -> Result<_, TextError> {
        texts::write(tx, &outbox, kind, language, &input)?;
        whole(tx, shipped, kind, language).map(Created)
    })
    .await
}

/// A mail with sample data.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MailPreview {
    /// Its subject.
    subject: String,
    /// Its text part.
    text: String,
    /// Its HTML part.
    html: String,
}

/// `POST /api/v1/mail-texts/{name}/{language}/preview`
pub(crate) async fn preview(
    call: Rc<Call>,
    At(name): At<MailName>,
    At(language): At<Language>,
    Json(input): Json<TextInput>,
) -> Result<One<MailPreview>, Failure> {
    let (kind, outbox) = (name.kind(), call.app.outbox.clone());
    let shown = call.db(move |tx| texts::preview(tx, &outbox, kind, language, &input)).await?;
    Ok(One(MailPreview { subject: shown.subject, text: shown.text, html: shown.html }))
}

/// A mail that was sent to try a wording out.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TestMail {
    /// The mail.
    message: MessageId,
}

/// `POST /api/v1/mail-texts/{name}/{language}/test`
pub(crate) async fn test(
    call: Rc<Call>,
    At(name): At<MailName>,
    At(language): At<Language>,
    Json(input): Json<TextInput>,
) -> Result<Once<Created<TestMail>>, Failure> {
    let (kind, outbox) = (name.kind(), call.app.outbox.clone());
    api::once(&call, move |tx| {
        texts::send_to_me(tx, &outbox, kind, language, &input).map(|message| Created(TestMail { message }))
    })
    .await
}

/// `POST /api/v1/mail-texts/{name}/{language}/reset`
pub(crate) async fn reset(
    call: Rc<Call>,
    At(name): At<MailName>,
    At(language): At<Language>,
) -> Result<Once<One<MailText>>, Failure> {
    let kind = name.kind();
    let shipped = kind.shipped(&call.app.outbox, language);
    api::once(&call, move |tx| -> Result<_, TextError> {
        texts::reset(tx, kind, language)?;
        whole(tx, shipped, kind, language).map(One)
    })
    .await
}
