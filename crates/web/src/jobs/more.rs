//! More units than were ordered: that is asked about once before any of them is made.

use db::{DbError, Tx};
use fulfillment::jobs::{self, JobInput, NewUnit};
use fulfillment::orders::{self, Pieces};
use kernel::{Code, Coded as _, Invalid, JobId, OrderId, date_in_japan};

use super::new::typed_number;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::Form;
use crate::orders::parts;

/// The tick that confirms it.
pub(super) const FIELD: &str = "more_than_ordered";
pub(super) const YES: &str = "yes";

/// Refuses a request for more than is left of an order and that does not say so ([`JobInput::more_than_ordered`]).
pub(super) fn in_request(tx: &mut Tx<'_>, order: OrderId, input: &JobInput) -> Result<(), Failure> {
    if input.more_than_ordered.as_str().trim() == YES {
        return Ok(());
    }
    let order = orders::find(tx, order)?;
    let units = match input.file_ids.len() {
        0 => input.preview(date_in_japan(tx.now()), order.due_on)?.len(),
        files => files,
    };
    let each = typed_number(input.unit_pieces.as_str()).unwrap_or(1);
    let most = Most { left: pieces_without(tx, order.id, input.replaces()?)?.left(), each };
    match most.exceeded_by(i64::try_from(units).unwrap_or(i64::MAX)) {
        None => Ok(()),
        Some(_) => Err(Invalid::field(FIELD, Code::OutOfRange).into()),
    }
}

/// The pieces of an order as they are once `replaced` has been called off, in whose place other units are made.
pub(super) fn pieces_without(
    tx: &mut Tx<'_>,
    order: OrderId,
    replaced: Option<JobId>,
) -> Result<Pieces, DbError> {
    let mut pieces = orders::pieces(tx, order)?;
    if replaced.is_some() {
        let of_order = jobs::of_order(tx, order)?;
        let gone = of_order.iter().filter(|one| Some(one.job.id) == replaced);
        pieces.split -= gone.map(|one| one.progress.live() * i64::from(one.job.unit_pieces)).sum::<i64>();
    }
    Ok(pieces)
}

/// How much is left of what was ordered, and how much of it each unit stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Most {
    left: i64,
    each: i64,
}

impl Most {
    pub(super) fn of(form: &Form, pieces: Pieces) -> Self {
        Self { left: pieces.left(), each: typed_number(form.get("unit_pieces")).unwrap_or(1) }
    }

    /// How many pieces so many units are, where that is more than is left.
    fn exceeded_by(self, units: i64) -> Option<i64> {
        Some(units.saturating_mul(self.each)).filter(|made| *made > self.left.max(0))
    }
}

/// Whether the form has to ask for the tick.
pub(super) fn is_asked(form: &Form, failure: Option<&Failure>) -> bool {
    let refused = failure.iter().flat_map(|failure| &failure.fields).any(|problem| problem.field == FIELD);
    refused || !form.get(FIELD).is_empty()
}

/// Refuses so many units, as typed, where they are more than `most` and nobody confirmed it. What is no number is refused by
/// others.
pub(super) fn within(call: &Call, most: Option<Most>, typed: &str) -> Result<(), Failure> {
    typed_number(typed).map_or(Ok(()), |units| checked(call, most, units))
}

/// The question together with everything else that is wrong with the form: whoever has answered it has nothing new to mend.
pub(super) fn beside(mut asked: Failure, others: Result<Vec<NewUnit>, Invalid>) -> Failure {
    if let Err(invalid) = others {
        asked.fields.extend_from_slice(invalid.fields());
    }
    asked
}

/// [`within`] of units that were counted.
pub(super) fn made_within(call: &Call, most: Option<Most>, units: usize) -> Result<(), Failure> {
    checked(call, most, i64::try_from(units).unwrap_or(i64::MAX))
}

fn checked(call: &Call, most: Option<Most>, units: i64) -> Result<(), Failure> {
    let Some((most, made)) = most.and_then(|most| Some((most, most.exceeded_by(units)?))) else {
        return Ok(());
    };
    let counts = [("left", format::count(most.left.max(0))), ("made", format::count(made))];
    let words = parts::say(call, "jobs-more-than-ordered", &counts);
    Err(Failure::from(Invalid::field(FIELD, Code::OutOfRange)).in_words(Some(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted_in_pieces_and_not_in_units() {
        let most = |left, each| Most { left, each };
        assert_eq!(most(10, 1).exceeded_by(10), None);
        assert_eq!(most(10, 1).exceeded_by(11), Some(11));
        assert_eq!(most(10, 5).exceeded_by(2), None);
        assert_eq!(most(10, 5).exceeded_by(3), Some(15));
        assert_eq!(most(-2, 1).exceeded_by(1), Some(1), "more than ordered is there already");
    }
}
