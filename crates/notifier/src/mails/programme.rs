//! Mails to people of the programme about what is theirs in it beside work: their time in the centre, the
//! account their pay goes to, what they ask the town for. What is asked and why never stands in a mail.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// Somebody booked a place of the centre for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookingMade {
    /// What the place is called.
    pub place: String,
    /// When, in words.
    pub when: String,
    /// Who booked it.
    pub by: String,
    /// How to get there and use it; may be empty.
    pub access: String,
    /// The page with their bookings.
    pub link: Link,
}

impl Mail for BookingMade {
    const NAME: &'static str = "booking_made";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["place", "when", "link"];

    fn sample(language: Language) -> Self {
        Self {
            place: either(language, "個室A", "Room A"),
            when: either(language, "12月7日(月) 9:00〜11:30", "Mon 7 Dec 9:00–11:30"),
            by: either(language, "進行 花子", "Hanako Shinko"),
            access: either(language, "入口に段差はありません。", "There is no step at the entrance."),
            link: Link::sample("/centre/bookings"),
        }
    }
}

/// Somebody cancelled what they had booked in the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookingCancelled {
    /// What the place is called.
    pub place: String,
    /// When it had been booked for, in words.
    pub when: String,
    /// Why the centre is closed; may be empty.
    pub note: String,
    /// The page on which another time is found.
    pub link: Link,
}

impl Mail for BookingCancelled {
    const NAME: &'static str = "booking_cancelled";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["place", "when"];

    fn sample(language: Language) -> Self {
        Self {
            place: either(language, "個室A", "Room A"),
            when: either(language, "12月29日(火) 9:00〜11:30", "Tue 29 Dec 9:00–11:30"),
            note: either(language, "年末年始", "New Year holidays"),
            link: Link::sample("/centre"),
        }
    }
}

/// The account their pay goes to was entered, changed or taken away. It says nothing of the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BankChanged {
    /// When, in words.
    pub at: String,
    /// The page with the account.
    pub link: Link,
    /// The page to ask for a new password on, if it was somebody else.
    pub reset_link: Link,
}

impl Mail for BankChanged {
    const NAME: &'static str = "bank_changed";
    const CATEGORY: Category = Category::Account;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["at", "reset_link"];

    fn sample(language: Language) -> Self {
        Self {
            at: either(language, "11月24日(火) 10:32", "Tue 24 Nov, 10:32 Japan time"),
            link: Link::sample("/my-bank"),
            reset_link: Link::sample("/forgot"),
        }
    }
}

/// A worker asked for consideration, and coordination answers by a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CareAsked {
    /// Who asked.
    pub worker: String,
    /// The day by which they are answered, in words.
    pub answer_by: String,
    /// The request's page.
    pub link: Link,
}

impl Mail for CareAsked {
    const NAME: &'static str = "care_asked";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        Self {
            worker: either(language, "見本 花子", "Hanako Mihon"),
            answer_by: either(language, "2026年12月1日(火)", "Tue 1 Dec 2026"),
            link: Link::sample("/care-requests/5"),
        }
    }
}

/// The town answered a worker's request for consideration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CareAnswered {
    /// The request's page.
    pub link: Link,
}

impl Mail for CareAnswered {
    const NAME: &'static str = "care_answered";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(_: Language) -> Self {
        Self { link: Link::sample("/care-requests/5") }
    }
}

/// Something waits for them at the desk for harassment. It says nothing else, because mail is read on shared screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportWaits {
    /// Where they read it.
    pub link: Link,
}

impl Mail for ReportWaits {
    const NAME: &'static str = "report_waits";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Account;
    const MUST_SAY: &'static [&'static str] = &["link"];
    // That a report is there, and who wrote or reads it, is the secret itself.
    const IS_CONFIDENTIAL: bool = true;

    fn sample(_: Language) -> Self {
        Self { link: Link::sample("/harassment/5") }
    }
}
