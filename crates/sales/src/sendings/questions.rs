//! What a client asked about a quote and had no answer to when the deal was won: it stays as a todo, because a won deal has no next
//! action that could say so.

use accounts::persons;
use db::{DbError, Tx};
use kernel::{DealId, Language};

use super::lists;
use super::model::{self, QuoteEvent};
use crate::about::About;
use crate::deals::Deal;
use crate::todos::{self, Todo, TodoStatus};

/// Keeps the question of a deal that is about to be won, for whoever works on it. A deal whose next action is another one by now was
/// answered in another way than by mail.
pub(crate) fn keep_question(tx: &mut Tx<'_>, deal: &Deal) -> Result<(), DbError> {
    let next = deal.state.next_action();
    if !next.is_some_and(|next| model::waits_for_answer(&next.next_action)) {
        return Ok(());
    }
    let Some(asked) = lists::open_question(tx, deal.id)? else { return Ok(()) };
    let language = persons::find(tx, deal.owner_id)?.preferences.language;
    todos::keep(tx, deal.owner_id, model::question_kept(language, &asked.note), About::Deal(deal.id))?;
    Ok(())
}

/// The question that was kept when a deal was won, with the todo that waits for its answer.
pub fn kept_question(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<(QuoteEvent, Todo)>, DbError> {
    let Some(asked) = lists::open_question(tx, deal)? else { return Ok(None) };
    let titles: Vec<String> =
        Language::ALL.iter().map(|language| model::question_kept(*language, &asked.note)).collect();
    let mut about = todos::of(tx, About::Deal(deal))?.into_iter();
    let kept = about.find(|todo| todo.state.status() == TodoStatus::Open && titles.contains(&todo.title));
    Ok(kept.map(|todo| (asked, todo)))
}
