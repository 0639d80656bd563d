//! A week's hours as people say them: typed in hours, kept in minutes.

use kernel::{Bound, Typed, text};

use crate::failure::Failure;

/// The form's name for what the verb calls `weekly_minutes`.
pub(super) const FIELD: &str = "weekly_hours";

/// `12.5` is 750 minutes. What is no such number stays as it is, for the verb to refuse.
pub(super) fn minutes(typed: &str) -> Typed {
    let folded = text::fold_width(typed).trim().to_owned();
    let (whole, part) = folded.split_once('.').unwrap_or((&folded, "0"));
    let hundredths = match part.len() {
        1 => part.parse::<u8>().ok().map(|tenths| i64::from(tenths) * 10),
        2 => part.parse::<u8>().ok().map(i64::from),
        _ => None,
    };
    match (whole.parse::<i64>(), hundredths) {
        (Ok(hours), Some(hundredths)) if (0..10_000).contains(&hours) => {
            (hours * 60 + (hundredths * 60 + 50) / 100).to_string().as_str().into()
        }
        _ => typed.into(),
    }
}

/// 750 minutes are `12.5`.
pub(super) fn hours(minutes: i32) -> String {
    let (whole, hundredths) = (minutes / 60, (minutes % 60 * 100 + 30) / 60);
    match (hundredths, hundredths % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02}"),
    }
}

/// The verb's problem with minutes, at the form's field and in hours.
pub(super) fn in_hours(mut failure: Failure) -> Failure {
    for problem in failure.fields.iter_mut().filter(|problem| problem.field == "weekly_minutes") {
        FIELD.clone_into(&mut problem.field);
        if let Some(Bound::Number(most)) = &mut problem.bound {
            *most /= 60;
        }
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_go_there_and_back() {
        for (typed, kept) in
            [("12.5", "750"), ("１０", "600"), ("0.5", "30"), (" 40 ", "2400"), ("10.25", "615")]
        {
            assert_eq!(minutes(typed).as_str(), kept, "{typed}");
        }
        for odd in ["", "たくさん", "1.234", "-3", "1.x"] {
            assert_eq!(minutes(odd).as_str(), odd, "the verb says what is wrong with it");
        }
        for kept in 0..=2400 {
            assert_eq!(minutes(&hours(kept)).as_str(), kept.to_string());
        }
        assert_eq!((hours(750), hours(600), hours(615)), ("12.5".into(), "10".into(), "10.25".into()));
    }
}
