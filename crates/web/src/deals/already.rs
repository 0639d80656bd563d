//! A step that comes twice: a second press, the back button, an answer that was lost on the way. Whoever took it is
//! told that it is done and where it stands now, not that "somebody else" changed something.

use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::{DealId, Paging, PersonId};
use sales::activities::{self, ActivityInput, ActivityKey};
use sales::deals::{self, DealEventKind};

use crate::call::Call;
use crate::failure::Failure;
use crate::paths;

/// The text for somebody who took the step `kind` before.
const fn done(kind: DealEventKind) -> Option<&'static str> {
    match kind {
        DealEventKind::Won => Some("done-deal-already-won"),
        DealEventKind::Lost => Some("done-deal-already-lost"),
        DealEventKind::Slept => Some("done-deal-already-asleep"),
        DealEventKind::Reopened => Some("done-deal-already-reopened"),
        DealEventKind::Opened | DealEventKind::Moved | DealEventKind::Revalued => None,
    }
}

/// Where the deal's last step was this very one, taken by the person who asks for it again: the way to the deal.
pub(super) async fn step(
    call: &Call,
    id: DealId,
    kind: DealEventKind,
) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    let last = call.db(move |tx| deals::history(tx, id)).await?.into_iter().next();
    let mine = last.is_some_and(|last| last.kind == kind && last.person() == Some(person));
    Ok(done(kind).filter(|_| mine).map(|key| call.noted(paths::deal(id), key)))
}

/// Where the deal's last activity is this very one, logged by the same person with the same next action.
pub(super) async fn logged(
    call: &Call,
    id: DealId,
    input: ActivityInput,
) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    let same = call.db(move |tx| is_last(tx, id, person, &input)).await?;
    Ok(same.then(|| call.noted(paths::deal(id), "done-activity-already-logged")))
}

fn is_last(tx: &mut Tx<'_>, id: DealId, person: PersonId, input: &ActivityInput) -> Result<bool, DbError> {
    let page = activities::history(tx, id, &Paging::<ActivityKey>::first(1))?;
    let deal = deals::find(tx, id)?;
    let (Some(last), Some(next)) = (page.items.first(), deal.state.next_action()) else { return Ok(false) };
    Ok(last.person_id == person
        && last.kind.as_str() == input.kind.as_str().trim()
        && last.outcome.as_str() == input.outcome.as_str().trim()
        && last.note.lines().map(str::trim).eq(input.note.as_str().trim().lines().map(str::trim))
        && next.next_action == input.next_action.as_str().trim()
        && next.next_action_on.to_string() == input.next_action_on.as_str().trim())
}
