//! How a person wants their mails, and what of it they may decide. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::messages::{Category, Choice};

text_enum!(
    /// How somebody hears of open work.
    #[schemars(rename = "OfferMails")]
    Offers {
        /// With each offer.
        AtOnce = "at_once",
        /// Once a day, all in one mail.
        Daily = "daily",
        /// On the page alone.
        Off = "off",
    }
);

text_enum!(
    /// The time zones a person can live in for Yui; PostgreSQL knows their summer times.
    #[schemars(rename = "TimeZone")]
    Zone {
        /// Japan.
        Tokyo = "Asia/Tokyo",
        /// Korea.
        Seoul = "Asia/Seoul",
        /// China.
        Shanghai = "Asia/Shanghai",
        /// Singapore.
        Singapore = "Asia/Singapore",
        /// Vietnam, Thailand.
        Bangkok = "Asia/Bangkok",
        /// India.
        Kolkata = "Asia/Kolkata",
        /// Eastern Australia.
        Sydney = "Australia/Sydney",
        /// Britain.
        London = "Europe/London",
        /// Central Europe.
        Paris = "Europe/Paris",
        /// The east of the United States.
        NewYork = "America/New_York",
        /// The west of the United States.
        LosAngeles = "America/Los_Angeles",
        /// Hawaii.
        Honolulu = "Pacific/Honolulu",
    }
);

/// The part of the day in which mails may come, in the reader's own time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MailHours")]
pub struct Window {
    /// Minutes after midnight from which on they may.
    pub opens: i16,
    /// Minutes after midnight before which they may.
    pub closes: i16,
    /// Whose midnight.
    pub zone: Zone,
}

impl Window {
    /// 8:00 to 21:00 in Japan.
    pub const USUAL: Self = Self { opens: 8 * 60, closes: 21 * 60, zone: Zone::Tokyo };
}

/// How one person wants their mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MailPreferences")]
pub struct Preferences {
    /// News of the orders, units and deliveries they have to do with.
    pub work: bool,
    /// Open work.
    pub offers: Offers,
    /// The hour of the day, in their zone, at which gathered offers come.
    pub digest_hour: i16,
    /// Advertising: the town's own invitations.
    pub news: bool,
    /// When mails that can wait may come.
    pub window: Window,
    /// When they were set; none: never.
    pub changed_at: Option<DateTime<Utc>>,
    /// Counts the changes; 0: never set.
    pub version: i32,
}

impl Default for Preferences {
    /// What holds for somebody who never chose.
    fn default() -> Self {
        Self {
            work: true,
            offers: Offers::AtOnce,
            digest_hour: 18,
            news: false,
            window: Window::USUAL,
            changed_at: None,
            version: 0,
        }
    }
}

impl Preferences {
    /// Whether they want mails of this category. What is owed to them is always wanted.
    pub fn wants(&self, category: Category) -> bool {
        category.policy().choice == Choice::Locked
            || match category {
                Category::Work => self.work,
                Category::Digest => self.offers != Offers::Off,
                Category::Commercial => self.news,
                Category::Account | Category::Legal => true,
            }
    }
}

/// Preferences as typed into the form or sent to the API; all of them each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "MailPreferencesInput", extend("examples" = [{
    "work": "yes", "offers": "daily", "digest_hour": 18, "news": "no", "opens": 8, "closes": 21, "zone": "Asia/Tokyo",
}]))]
pub struct PreferencesInput {
    /// `yes` or `no`.
    #[schemars(with = "Answer")]
    pub work: Typed,
    /// `at_once`, `daily` or `off`.
    #[schemars(with = "Offers")]
    pub offers: Typed,
    /// 0 to 23.
    pub digest_hour: Typed,
    /// `yes` or `no`.
    #[schemars(with = "Answer")]
    pub news: Typed,
    /// The hour from which on mails may come, 0 to 23.
    pub opens: Typed,
    /// The hour before which they may come, 1 to 24; later than `opens`.
    pub closes: Typed,
    /// A time zone of the list.
    #[schemars(with = "Zone")]
    pub zone: Typed,
}

text_enum!(
    /// A yes or a no as forms carry it.
    #[schemars(rename = "YesOrNo")]
    Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
);

impl PreferencesInput {
    /// What somebody has now, to fill their form.
    pub fn of(now: &Preferences) -> Self {
        let answer = |wanted| Typed(if wanted { Answer::Yes } else { Answer::No }.to_string());
        Self {
            work: answer(now.work),
            offers: Typed(now.offers.to_string()),
            digest_hour: Typed(now.digest_hour.to_string()),
            news: answer(now.news),
            opens: Typed((now.window.opens / 60).to_string()),
            closes: Typed((now.window.closes / 60).to_string()),
            zone: Typed(now.window.zone.to_string()),
        }
    }

    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<Preferences, Invalid> {
        let mut checks = Checks::new();
        let usual = Preferences::default();
        let answer = |checks: &mut Checks, field: &str, typed: &Typed| {
            checks.choice::<Answer>(field, typed) == Some(Answer::Yes)
        };
        let hour = |checks: &mut Checks, field: &str, typed: &Typed, range| {
            i16::try_from(checks.number(field, typed, range)).unwrap_or_default()
        };
        let preferences = Preferences {
            work: answer(&mut checks, "work", &self.work),
            offers: checks.choice("offers", &self.offers).unwrap_or(usual.offers),
            digest_hour: hour(&mut checks, "digest_hour", &self.digest_hour, 0..=23),
            news: answer(&mut checks, "news", &self.news),
            window: Window {
                opens: hour(&mut checks, "opens", &self.opens, 0..=23) * 60,
                closes: hour(&mut checks, "closes", &self.closes, 1..=24) * 60,
                zone: checks.choice("zone", &self.zone).unwrap_or(usual.window.zone),
            },
            ..usual
        };
        if preferences.window.opens >= preferences.window.closes {
            checks.problem("closes", Code::OutOfRange);
        }
        checks.done(preferences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_is_always_wanted() {
        let nothing = Preferences { work: false, offers: Offers::Off, news: false, ..Preferences::default() };
        for category in Category::ALL.iter().copied() {
            let owed = matches!(category, Category::Account | Category::Legal);
            assert_eq!(nothing.wants(category), owed, "{category}");
        }
        assert!(!Preferences::default().wants(Category::Commercial), "advertising is asked for first");
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut input = PreferencesInput::of(&Preferences::default());
        assert_eq!(input.checked().unwrap(), Preferences::default());
        input.work = "perhaps".into();
        input.opens = "21".into();
        input.closes = "8".into();
        input.zone = "Mars/Olympus".into();
        let problems = input.checked().unwrap_err().0;
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["work", "zone", "closes"]);
    }
}
