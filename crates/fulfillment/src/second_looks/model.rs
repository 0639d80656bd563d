//! What a second look is, and whether reviewers judge alike. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, FileId, Invalid, JobId, PersonId, ReviewId, SubmissionId, Typed, UnitId, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One verdict that is given once more.
    SecondLookId
);

text_enum!(
    /// What somebody says who looks a second time.
    SecondVerdict {
        /// Good enough for the client.
        Pass = "pass",
        /// Not good enough.
        Fail = "fail",
    }
);

/// A verdict that is given once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SecondLook {
    /// Its id.
    pub id: SecondLookId,
    /// The first verdict; nothing of it is told before the second is given.
    #[serde(skip)]
    pub(super) review_id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// The version.
    pub submission_id: SubmissionId,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
    /// Who looked; none until somebody did.
    pub looker_id: Option<PersonId>,
    /// Whether it is good enough.
    pub is_good: Option<bool>,
    /// What they wrote.
    pub comment: String,
    /// When.
    pub looked_at: Option<DateTime<Utc>>,
}

/// A version that waits for a second look, with what is needed to judge it and nothing of how it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SecondLookToGive")]
pub struct ToLook {
    /// Its id.
    pub id: SecondLookId,
    /// The version.
    pub submission_id: SubmissionId,
    /// Its number.
    pub number: i32,
    /// What the unit is called.
    pub label: String,
    /// The job.
    pub job_id: JobId,
    /// What it is called.
    pub job_title: String,
    /// What the client would get in words.
    pub result_text: String,
    /// The files the client would get.
    pub files: Vec<FileId>,
    /// What the maker says to whoever checks it.
    pub memo: String,
    /// When it was drawn.
    pub drawn_at: DateTime<Utc>,
}

/// Where a page of them ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondLookKey(pub DateTime<Utc>, pub SecondLookId);

/// A second verdict as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "verdict": "pass", "comment": "" }]))]
pub struct SecondLookInput {
    /// A [`SecondVerdict`]'s word; required.
    #[schemars(with = "SecondVerdict")]
    pub verdict: Typed,
    /// What stood out; required where it is not good enough.
    pub comment: Typed,
}

impl SecondLookInput {
    pub(super) fn checked(&self) -> Result<(bool, String), Invalid> {
        let mut checks = Checks::new();
        let verdict: Option<SecondVerdict> = checks.choice("verdict", &self.verdict);
        let comment = if verdict == Some(SecondVerdict::Fail) {
            checks.required_lines("comment", &self.comment, 4000)
        } else {
            checks.lines("comment", &self.comment, 4000)
        };
        checks.done((verdict == Some(SecondVerdict::Pass), comment))
    }
}

/// How two verdicts on the same versions, each given without knowing the other, fall together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(rename = "ReviewAgreement")]
pub struct Agreement {
    /// Both let it pass.
    pub both_good: i64,
    /// Neither did.
    pub both_bad: i64,
    /// The first let it pass, the second did not.
    pub only_first: i64,
    /// The second let it pass, the first did not.
    pub only_second: i64,
}

/// Cohen's κ: how far verdicts agree beyond chance; 1 is always, 0 is no more than by chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Kappa {
    /// The best guess.
    pub value: f64,
    /// It lies above this,
    pub low: f64,
    /// and below this, with a probability of 95 %.
    pub high: f64,
}

/// The agreement of a town's reviewers as it is shown: never κ without its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ReviewAgreementKnown")]
pub struct Known {
    /// How verdicts fall together.
    pub counts: Agreement,
    /// How far they agree beyond chance; none where nothing was judged twice, or everything was judged the same way.
    pub kappa: Option<Kappa>,
    /// The first day that counts.
    pub since: NaiveDate,
}

impl Agreement {
    /// How many versions were judged twice.
    pub fn count(self) -> i64 {
        self.both_good + self.both_bad + self.only_first + self.only_second
    }

    /// On how many of them both said the same.
    pub fn alike(self) -> i64 {
        self.both_good + self.both_bad
    }

    /// κ (Cohen 1960). Its interval is that of the observed agreement after Wilson, with chance taken as it was found: unlike
    /// the usual one it has a width where a few verdicts happen to agree all.
    pub fn kappa(self) -> Option<Kappa> {
        let whole = |count: i64| i32::try_from(count).map_or(f64::INFINITY, f64::from);
        let count = whole(self.count());
        if self.count() == 0 || !count.is_finite() {
            return None;
        }
        let share = |units: i64| whole(units) / count;
        let observed = share(self.alike());
        let (first, second) =
            (share(self.both_good + self.only_first), share(self.both_good + self.only_second));
        let chance = first * second + (1.0 - first) * (1.0 - second);
        if chance >= 1.0 {
            return None;
        }
        let beyond = |agreed: f64| ((agreed - chance) / (1.0 - chance)).max(-1.0);
        let (low, high) = wilson(observed, count);
        Some(Kappa { value: beyond(observed), low: beyond(low), high: beyond(high) })
    }
}

/// The interval of 95 % of a share found in so many cases (Wilson 1927).
fn wilson(share: f64, cases: f64) -> (f64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let square = Z * Z;
    let middle = (share + square / (2.0 * cases)) / (1.0 + square / cases);
    let spread =
        Z * (share * (1.0 - share) / cases + square / (4.0 * cases * cases)).sqrt() / (1.0 + square / cases);
    ((middle - spread).max(0.0), (middle + spread).min(1.0))
}

#[cfg(test)]
mod tests {
    use kernel::Code;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn agreement_beyond_chance_is_known_with_an_interval() {
        // Cohen (1960), by hand: 35 of 50 alike; 25 and 30 said to be good, so chance is 0.5.
        let agreement = Agreement { both_good: 20, both_bad: 15, only_first: 5, only_second: 10 };
        let kappa = agreement.kappa().unwrap();
        assert!((kappa.value - 0.4).abs() < 1e-12);
        // Wilson of 35 in 50: 0.5625 to 0.8090.
        assert!((kappa.low - 0.125).abs() < 1e-3 && (kappa.high - 0.618).abs() < 1e-3, "{kappa:?}");
        assert_eq!(Agreement::default().kappa(), None);
        assert_eq!(
            Agreement { both_good: 9, ..Agreement::default() }.kappa(),
            None,
            "chance alone explains it"
        );
        let few = Agreement { both_good: 3, both_bad: 1, ..Agreement::default() }.kappa().unwrap();
        assert!((few.value - 1.0).abs() < 1e-12 && few.low < 0.2, "four alike prove little: {few:?}");
    }

    #[test]
    fn what_is_not_good_enough_says_why() {
        let input = |verdict: &str, comment: &str| SecondLookInput {
            verdict: verdict.into(),
            comment: comment.into(),
        };
        assert_eq!(input("pass", "").checked().unwrap(), (true, String::new()));
        let code = |verdict, comment| input(verdict, comment).checked().unwrap_err().0[0].code;
        assert_eq!(
            (code("fail", ""), code("", ""), code("maybe", "")),
            (Code::Required, Code::Required, Code::UnknownChoice)
        );
    }

    proptest! {
        #[test]
        fn kappa_lies_within_its_interval_and_is_the_same_the_other_way_round(
            both_good in 0i64..60, both_bad in 0i64..60, only_first in 0i64..60, only_second in 0i64..60,
        ) {
            let one = Agreement { both_good, both_bad, only_first, only_second };
            let other = Agreement { only_first: only_second, only_second: only_first, ..one };
            if let Some(kappa) = one.kappa() {
                prop_assert!(kappa.low <= kappa.value + 1e-9 && kappa.value <= kappa.high + 1e-9);
                prop_assert!((-1.0..=1.0).contains(&kappa.low) && kappa.high <= 1.0 + 1e-9);
                prop_assert!((kappa.value - other.kappa().unwrap().value).abs() < 1e-9);
            }
        }
    }
}
