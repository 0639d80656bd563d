//! The lists of companies, contacts, leads and deals as files, filtered as they are seen, that an import reads back.

use std::collections::BTreeSet;
use std::rc::Rc;

use ::files::rows::{Encoder, Encoding, Layout, Separator, unguarded};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies::CompanyFilter;
use clients::contacts::{self, Contact, ContactFilter};
use clients::tags::TagId;
use db::{DbError, Tx};
use futures_util::stream;
use kernel::{BoardStageId, Code, CompanyId, ContactId, FiscalYear, PersonId, date_in_japan, reach};
use notifier::consents;
use sales::deals::{DealFilter, DealStatus};
use sales::imports::{self, Exported, ImportKind, Next};
use sales::leads::LeadStatus;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::workbooks::Workbook;
use crate::api::Chosen;
use crate::call::Call;
use crate::csv;
use crate::failure::Failure;
use crate::phrases::{address, word};
use crate::shell::Crumb;

/// How many letters that an encoding lacks are shown.
const LACKING_SHOWN: usize = 20;

/// What of a list is written out, and how.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ExportQuery {
    /// `xlsx` for a workbook; `cp932` for programs that read nothing else; UTF-8 with a byte-order mark, which Excel reads, unless
    /// told.
    encoding: String,
    /// `yes`: letters that CP932 lacks become 〓. Without it a list with such letters is refused with `conflict`.
    replace: String,
    /// Companies and contacts: only those that this finds.
    q: String,
    /// Companies: only those with this tag.
    tag: Chosen<TagId>,
    /// Contacts: `yes` for the call list.
    calls: String,
    /// Leads: `yes` for those nobody has answered by the day that was promised.
    late: String,
    /// Leads and deals: only those in this state.
    state: String,
    /// Deals: only this person’s.
    owner: Chosen<PersonId>,
    /// Deals: only this company’s.
    company: Chosen<CompanyId>,
    /// Deals: only those closed in this fiscal year.
    year: Chosen<FiscalYear>,
    /// Deals: only those in this stage.
    stage: Chosen<BoardStageId>,
}

impl ExportQuery {
    fn layout(&self) -> Layout {
        let encoding = match self.encoding.as_str() {
            "cp932" => Encoding::Cp932,
            "xlsx" => Encoding::Workbook,
            _ => Encoding::Utf8Marked,
        };
        Layout { encoding, separator: Separator::Comma }
    }

    fn exported(&self, kind: ImportKind) -> Exported {
        let query = self.q.trim().to_owned();
        match kind {
            ImportKind::Companies => Exported::Companies(CompanyFilter { tag: self.tag.0 }, query),
            ImportKind::Contacts if self.calls.is_empty() => {
                Exported::Contacts(ContactFilter::Everybody, query)
            }
            ImportKind::Contacts => Exported::Contacts(ContactFilter::ToBeCalled, query),
            ImportKind::Leads if !self.late.is_empty() => Exported::LateLeads,
            ImportKind::Leads => Exported::Leads(self.state.parse::<LeadStatus>().ok()),
            ImportKind::Deals => Exported::Deals(DealFilter {
                state: self.state.parse::<DealStatus>().ok(),
                owner: self.owner.0,
                company: self.company.0,
                stage: self.stage.0,
                closed_in: self.year.0,
            }),
        }
    }

    /// The same in the address of another page.
    fn address(&self, path: &str, encoding: &str, replace: &str) -> String {
        let of = |value: Option<String>| value.unwrap_or_default();
        address(
            path,
            &[
                ("encoding", encoding),
                ("replace", replace),
                ("q", &self.q),
                ("tag", &of(self.tag.0.map(|tag| tag.to_string()))),
                ("calls", &self.calls),
                ("late", &self.late),
                ("state", &self.state),
                ("owner", &of(self.owner.0.map(|owner| owner.to_string()))),
                ("company", &of(self.company.0.map(|company| company.to_string()))),
                ("year", &of(self.year.0.map(|year| year.to_string()))),
                ("stage", &of(self.stage.0.map(|stage| stage.to_string()))),
            ],
        )
    }

    /// Whether it is less than the whole list.
    fn is_filtered(&self) -> bool {
        !self.address("", "", "").is_empty()
    }
}

/// A letter that the encoding lacks, and where it stands.
#[derive(Debug, Serialize)]
struct Lacking {
    letter: String,
    text: String,
}

/// The texts of a list that hold letters which the encoding lacks, the first few.
async fn lacking(call: &Call, exported: &Exported, encoder: Encoder) -> Result<Vec<Lacking>, Failure> {
    let (mut found, mut after, mut is_first) = (Vec::new(), None, true);
    if encoder.0.encoding != Encoding::Cp932 {
        return Ok(found);
    }
    while is_first || after.is_some() {
        is_first = false;
        let (rows, next) = rows_of(call, exported.clone(), after).await?;
        for text in rows.into_iter().flatten() {
            if let Some(letter) = encoder.lacks(&text) {
                found.push(Lacking { letter: letter.to_string(), text });
            }
            if found.len() == LACKING_SHOWN {
                return Ok(found);
            }
        }
        after = next;
    }
    Ok(found)
}

type Rows = (Vec<Vec<String>>, Option<Next>);

async fn rows_of(call: &Call, exported: Exported, after: Option<Next>) -> Result<Rows, Failure> {
    let (language, refused) = (call.language, call.text("export-refused"));
    let page = move |tx: &mut Tx<'_>| -> Result<Rows, DbError> {
        let (mut rows, next) = imports::page(tx, &exported, after, language)?;
        if exported.kind() == ImportKind::Contacts {
            mark_refusals(tx, &mut rows, &refused)?;
        }
        Ok((rows, next))
    };
    call.db(page).await
}

/// What stands above the columns beside an import's own: of contacts, who refuses calls, and who refuses advertising. The
/// two are read back by nobody; they go along so that a list that leaves the house still says whom to leave alone.
fn head_of(call: &Call, exported: &Exported) -> Vec<String> {
    let mut head = exported.head(call.language);
    if exported.kind() == ImportKind::Contacts {
        head.extend([call.text("export-refuses-calls"), call.text("export-refuses-news")]);
    }
    head
}

/// Adds to each row of a contact whether calls and advertising are refused there. A row begins with the contact's id.
fn mark_refusals(tx: &mut Tx<'_>, rows: &mut [Vec<String>], refused: &str) -> Result<(), DbError> {
    let id = |row: &Vec<String>| row.first().and_then(|id| id.parse::<ContactId>().ok());
    let ids: Vec<ContactId> = rows.iter().filter_map(id).collect();
    let people = contacts::of_ids(tx, &ids)?;
    let phones = contacts::refused_phones(tx, people.iter().map(|contact| contact.phone.as_str()))?;
    let refuses_calls =
        |contact: &&Contact| !contact.may_be_called || phones.contains(&reach::phone_key(&contact.phone));
    let calls: BTreeSet<ContactId> = people.iter().filter(refuses_calls).map(|contact| contact.id).collect();
    let news = consents::refusing(tx, &ids)?;
    for row in rows {
        let id = id(row);
        let mark = |those: &BTreeSet<ContactId>| {
            if id.is_some_and(|id| those.contains(&id)) { refused.to_owned() } else { String::new() }
        };
        row.extend([mark(&calls), mark(&news)]);
    }
    Ok(())
}

/// The file, page by page as it is taken.
pub(super) async fn send(
    call: Rc<Call>,
    kind: ImportKind,
    query: &ExportQuery,
) -> Result<HttpResponse, Failure> {
    let (exported, layout) = (query.exported(kind), query.layout());
    if query.replace.is_empty() && !lacking(&call, &exported, Encoder(layout)).await?.is_empty() {
        return Err(Failure::of(Code::Conflict));
    }
    let head = head_of(&call, &exported);
    let today = call.db(|tx| Ok::<_, DbError>(date_in_japan(tx.now()))).await?;
    let is_workbook = layout.encoding == Encoding::Workbook;
    let ending = if is_workbook { "xlsx" } else { "csv" };
    let name = format!("{}-{today}.{ending}", word(&call, "import-kind", kind));
    if is_workbook {
        return Box::pin(workbook(&call, &exported, &head, &name)).await;
    }
    // The first page is read before the answer begins, so that a failure is still one.
    let first = rows_of(&call, exported.clone(), None).await?;
    let pages = stream::unfold((call, exported, Some(first)), |(call, exported, page)| async move {
        let (rows, next) = page?;
        let following = match next {
            None => None,
            Some(next) => match rows_of(&call, exported.clone(), Some(next)).await {
                Ok(page) => Some(page),
                Err(failure) => return Some((Err(failure), (call, exported, None))),
            },
        };
        Some((Ok(rows), (call, exported, following)))
    });
    Ok(csv::download_as(layout, &name, &head, pages))
}

/// The list as a workbook in which every cell is text.
async fn workbook(
    call: &Call,
    exported: &Exported,
    head: &[String],
    name: &str,
) -> Result<HttpResponse, Failure> {
    let mut book = Workbook::begin(head)?;
    let mut page = rows_of(call, exported.clone(), None).await?;
    loop {
        let (rows, next) = page;
        book = book.with(rows.into_iter().map(kept_as_it_is).collect()).await?;
        match next {
            Some(next) => page = rows_of(call, exported.clone(), Some(next)).await?,
            None => return book.sent(name),
        }
    }
}

/// Texts that an import would take for guarded ones are guarded once more, so that they come back as they were; nothing runs in a
/// cell of text.
fn kept_as_it_is(row: Vec<String>) -> Vec<String> {
    let kept = |cell: String| if unguarded(&cell) == cell { cell } else { format!("'{cell}") };
    row.into_iter().map(kept).collect()
}

#[derive(Serialize)]
struct ExportPage {
    title: String,
    crumbs: Vec<Crumb>,
    is_filtered: bool,
    xlsx: String,
    utf8: String,
    cp932: String,
    replaced: String,
    whole: String,
    lacking: Vec<Lacking>,
    cancel: &'static str,
}

/// The page of the list of that kind, and the key of its name.
pub(super) fn list_of(kind: ImportKind) -> (&'static str, &'static str) {
    match kind {
        ImportKind::Companies => ("/companies", "nav-companies"),
        ImportKind::Contacts => ("/contacts", "nav-contacts"),
        ImportKind::Leads => ("/leads", "nav-leads"),
        ImportKind::Deals => ("/deals", "deals-title"),
    }
}

/// The page that offers the file; with the letters that stand in the way of CP932, where that was asked for.
async fn offer(call: &Call, kind: ImportKind, query: &ExportQuery) -> Result<HttpResponse, Failure> {
    let lacking = lacking(call, &query.exported(kind), Encoder(query.layout())).await?;
    let ((list, list_key), path) = (list_of(kind), format!("/exports/{kind}"));
    let file = format!("{path}/file");
    let status = if lacking.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let page = ExportPage {
        title: word(call, "export-title", kind),
        crumbs: vec![Crumb::new(call, list_key, list)],
        is_filtered: query.is_filtered(),
        xlsx: query.address(&file, "xlsx", ""),
        utf8: query.address(&file, "", ""),
        cp932: query.address(&file, "cp932", ""),
        replaced: query.address(&file, "cp932", "yes"),
        whole: path,
        lacking,
        cancel: list,
    };
    call.page_with(status, "exports/show.html", &page)
}

/// `GET /exports/{kind}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind: ImportKind = call.id("kind")?;
    let query: ExportQuery = call.query();
    offer(&call, kind, &ExportQuery { encoding: String::new(), ..query }).await
}

/// `GET /exports/{kind}/file`
pub(crate) async fn file(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind: ImportKind = call.id("kind")?;
    let query: ExportQuery = call.query();
    match Box::pin(send(Rc::clone(&call), kind, &query)).await {
        Err(failure) if failure.code == Code::Conflict => offer(&call, kind, &query).await,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_a_workbook_comes_back_as_it_was() {
        for cell in ["'=1+1", "''@x", "=1+1", "-5", "'普通", "", "0123"] {
            let kept = kept_as_it_is(vec![cell.to_owned()]);
            assert_eq!(unguarded(&kept[0]), cell);
        }
        assert_eq!(kept_as_it_is(vec!["=1+1".to_owned()]), ["=1+1"], "nothing runs in a cell of text");
    }
}
