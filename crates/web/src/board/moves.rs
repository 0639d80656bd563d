//! Moving a card: to another column, or to another place of its own.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::{BoardStageId, Code, DealId};
use sales::deals::{self, AdvanceInput, Deal, DealStatus, ReorderInput};
use sales::stages::{self, Stage, StageKind};

use super::pages::{Trouble, board_page, column_path};
use crate::call::Call;
use crate::deals::show::show_in_its_stage;
use crate::deals::{missing_words, step};
use crate::failure::Failure;
use crate::paths;
use crate::phrases;
use crate::pipelines::stages::next_words;

enum Moved {
    To(BoardStageId, BoardStageId),
    /// It stands there already.
    Stays,
    /// Winning, losing and opening again have forms of their own.
    ByForm(&'static str),
}

/// `POST /deals/{id}/move`: with the `version` the card had, the `stage` it goes to and, where it was dropped between
/// others, the card it stands under; with `back` from the deal's own page.
pub(crate) async fn to_column(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let to: BoardStageId = form.get("stage").parse().map_err(|_no_number| Failure::not_found())?;
    let input = AdvanceInput { after: form.get("after").into(), ..AdvanceInput::to(to) };
    let moved = call
        .db(move |tx| -> Result<Moved, Failure> {
            let before = deals::find(tx, id)?;
            if let (DealStatus::Open, Some(verb)) =
                (before.state.status(), closing_verb(&stages::find(tx, to)?))
            {
                return Ok(Moved::ByForm(verb));
            }
            if before.stage_id == to {
                return Ok(Moved::Stays);
            }
            if before.state.status() != DealStatus::Open {
                return Ok(Moved::ByForm("reopen"));
            }
            let deal = deals::advance(tx, id, version, input)?;
            Ok(Moved::To(before.stage_id, deal.stage_id))
        })
        .await;
    match moved {
        Ok(Moved::ByForm(verb)) => Ok(call.see_other(step(id, verb))),
        Ok(Moved::Stays) => Ok(call.noted(format!("{}#deal-{id}", column_path(to)), "done-deal-stays")),
        Ok(Moved::To(..)) if form.get("back") == "deal" => Ok(call.done(paths::deal(id), "done-deal-moved")),
        Ok(Moved::To(from, to)) => {
            let back = format!("{}&moved={id}&from={from}#deal-{id}", column_path(to));
            Ok(call.done(back, "done-deal-moved"))
        }
        Err(failure) if failure.is_about_input() => stayed(&call, id, &failure).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /deals/{id}/reorder`: with the `version` the card had and a `step`, or the card it was dropped under.
pub(crate) async fn within_column(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let input = ReorderInput { step: form.get("step").into(), after: form.get("after").into() };
    let under: Option<DealId> = form.get("after").parse().ok();
    let reordered = call.db(move |tx| -> Result<_, deals::DealError> {
        let before = deals::find(tx, id)?;
        let was_under = deals::card_above(tx, &before)?;
        let deal = deals::reorder(tx, id, version, input)?;
        // The card it was to stand under may have gone elsewhere: then it stands on top, and that is said.
        let is_there = match under {
            Some(under) => deals::stands_in(tx, under, deal.stage_id)?,
            None => true,
        };
        Ok((deal, was_under, is_there))
    });
    match reordered.await {
        Ok((deal, _, is_there)) if form.get("put_back") == "yes" => {
            let back = format!("{}#deal-{id}", column_path(deal.stage_id));
            Ok(if is_there {
                call.done(back, "done-deal-put-back")
            } else {
                call.noted(back, "done-deal-put-on-top")
            })
        }
        Ok((deal, was_under, _)) => {
            let was = was_under.map(|card| card.to_string()).unwrap_or_default();
            let back = format!("{}&reordered={id}&was={was}#deal-{id}", column_path(deal.stage_id));
            Ok(call.done(back, "done-deal-reordered"))
        }
        Err(failure) if failure.is_about_input() => stayed(&call, id, &failure).await,
        Err(failure) => Err(failure),
    }
}

fn closing_verb(stage: &Stage) -> Option<&'static str> {
    match stage.kind {
        StageKind::Open => None,
        StageKind::Won => Some("win"),
        StageKind::Lost => Some("lose"),
    }
}

/// Where the move came from, the board or the deal's own page, as it is now, and why the card stayed.
async fn stayed(call: &Call, id: DealId, failure: &Failure) -> Result<HttpResponse, Failure> {
    let (deal, all) = call
        .db(move |tx| -> Result<_, db::DbError> { Ok((deals::find(tx, id)?, stages::list(tx)?)) })
        .await?;
    let stage = all.iter().find(|stage| stage.id == deal.stage_id).ok_or_else(Failure::not_found)?;
    let here = deal.stage_id;
    let trouble = match failure.code {
        Code::StageStep => forbidden(call, deal, stage, &all),
        _ => trouble(call, deal, stage, failure),
    };
    let status: StatusCode = phrases::again(failure);
    if call.form().get("back") == "deal" {
        let is_here = trouble.href == paths::deal(id);
        let link = if is_here { String::new() } else { trouble.link };
        return show_in_its_stage(call, id, Trouble { link, ..trouble }, status).await;
    }
    let mut page = board_page(call, Some(here)).await?;
    page.trouble = Some(trouble);
    call.page_with(status, "board/index.html", &page)
}

/// Which step the town's rules do not let the deal take, and which they do.
fn forbidden(call: &Call, deal: Deal, from: &Stage, all: &[Stage]) -> Trouble {
    let form = call.form();
    let name = |stage: &Stage| stage.id.to_string() == form.get("stage");
    let to = all.iter().find(|stage| name(stage)).map(|stage| stage.name.as_str()).unwrap_or_default();
    let next = next_words(call, from, all);
    let words = [("from", from.name.as_str()), ("to", to), ("next", &next)];
    Trouble {
        title: deal.title,
        text: phrases::said(call, "board-step", words),
        href: paths::deal(deal.id),
        link: call.text("board-open-deal"),
    }
}

fn trouble(call: &Call, deal: Deal, stage: &Stage, failure: &Failure) -> Trouble {
    let Deal { id, ref title, ref state, .. } = deal;
    let title = title.clone();
    if failure.code == Code::Stale {
        let next = state.next_action().map(|next| next.next_action.clone()).unwrap_or_default();
        let words = [("stage", stage.name.as_str()), ("next", &next)];
        let key = if next.is_empty() { "board-newer-closed" } else { "board-newer" };
        let text = phrases::said(call, key, words);
        return Trouble { title, text, href: paths::deal(id), link: call.text("board-open-deal") };
    }
    if failure.code != Code::StageRequirement {
        let text = failure.sentence(call);
        return Trouble { title, text, href: paths::deal(id), link: call.text("board-open-deal") };
    }
    let missing = missing_words(call, &failure.fields);
    let only_quote = failure.fields.iter().all(|problem| problem.field == "quote");
    let (verb, link) =
        if only_quote { ("quotes/new", "quote-new-title") } else { ("edit", "board-enter-missing") };
    Trouble {
        title,
        text: phrases::said(call, "board-missing", [("missing", &missing)]),
        href: step(id, verb),
        link: call.text(link),
    }
}
