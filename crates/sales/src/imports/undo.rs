//! Taking back what an import did: what it made goes, what it changed gets its former values, and whatever somebody has
//! worked with since stays as it is.

use std::collections::BTreeSet;

use db::{DbError, Tx};

use super::model::{Import, Outcome};
use super::store::{self, Deed};
use super::target::{Linked, Refused, Target};

pub(super) fn take_back<T: Target>(
    tx: &mut Tx<'_>,
    import: &mut Import,
    deeds: Vec<Deed>,
) -> Result<(), DbError> {
    let made: Vec<i64> =
        deeds.iter().filter(|deed| deed.outcome == Outcome::Created).map(|deed| deed.target).collect();
    let gone = removed::<T>(tx, &made)?;
    let targets: Vec<i64> = deeds.iter().map(|deed| deed.target).collect();
    let known = T::know(tx, &[], &Linked::of(&targets))?;
    let mut ended = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let is_undone = match deed.outcome {
            Outcome::Created => gone.contains(&deed.target),
            _ => restored(tx, &known, &deed)?,
        };
        if is_undone {
            import.rows_undone += 1;
        } else {
            import.rows_kept += 1;
        }
        ended.push(Deed { outcome: if is_undone { Outcome::Undone } else { Outcome::Kept }, ..deed });
    }
    store::write_deeds(tx, import.id, &ended)
}

/// Removes what nobody has touched: all at once, or one by one where something refers to one of them.
fn removed<T: Target>(tx: &mut Tx<'_>, ids: &[i64]) -> Result<BTreeSet<i64>, DbError> {
    match tx.savepoint(|tx| T::take_back(tx, ids)) {
        Ok(gone) => return Ok(gone.into_iter().collect()),
        Err(error) if error.is_still_referenced() => {}
        Err(error) => return Err(error),
    }
    let mut gone = BTreeSet::new();
    for id in ids {
        match tx.savepoint(|tx| T::take_back(tx, &[*id])) {
            Ok(one) => gone.extend(one),
            Err(error) if error.is_still_referenced() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}

/// Gives a thing its former values, if nobody has changed it since.
fn restored<T: Target>(tx: &mut Tx<'_>, known: &T, deed: &Deed) -> Result<bool, DbError> {
    let before = deed.before.clone().and_then(|before| serde_json::from_value::<T::Input>(before).ok());
    let untouched = known
        .by_id(deed.target)
        .is_some_and(|existing| (existing.id, existing.version) == (deed.target, deed.version));
    let Some(before) = before.filter(|_| untouched) else { return Ok(false) };
    let done = tx.savepoint(|tx| match known.update(tx, deed.target, deed.version, &before) {
        Ok(_version) => Ok(true),
        Err(Refused::Again(error)) => Err(error),
        // A rule of today refuses what was right then: it stays as it is, and is listed.
        Err(Refused::Row(_)) => Err(DbError::NotFound),
    });
    match done {
        Err(DbError::NotFound) => Ok(false),
        other => other,
    }
}
