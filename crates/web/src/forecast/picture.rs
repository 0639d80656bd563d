//! A forecast as a picture: what is won, committed, weighted and possible, and where the target stands.

use kernel::Yen;
use sales::forecasts::Outlook;

use crate::analyses::picture::{Bars, Number};
use crate::call::Call;
use crate::format;

/// The parts of a forecast beside its target, where one is set; nothing where nothing is expected.
pub(super) fn picture(call: &Call, finding: &str, outlook: &Outlook, target: Option<Yen>) -> Option<Bars> {
    let number = |key: &str, amount: Yen, tone: &'static str| Number {
        name: call.text(key),
        text: format::yen(call.language, amount),
        size: amount.0,
        mark: target.map(|target| target.0),
        tone,
    };
    let mut numbers = vec![
        number("forecast-won", outlook.won.amount, "b"),
        number("forecast-commit", outlook.commit, "a"),
        number("forecast-weighted", outlook.weighted, "a"),
        number("forecast-best-case", outlook.best_case, "c"),
    ];
    if numbers.iter().all(|one| one.size == 0) {
        return None;
    }
    numbers.extend(target.map(|target| number("forecast-target", target, "c")));
    Some(Bars::of(finding.to_owned(), &numbers))
}
