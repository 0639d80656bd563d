//! Mails to resident workers on their way into work and beside it: appointments, skills, trainings.

use kernel::Language;
use serde::Serialize;

use super::{Audience, Link, Mail, either};
use crate::messages::Category;

/// An interview has a day, a first or another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InterviewDate {
    /// When it begins, in words.
    pub when: String,
    /// How they meet, in words.
    pub way: String,
    /// Who leads it.
    pub lead: String,
    /// Where to join it, an address or words; empty where nothing is to be joined.
    pub join: String,
    /// The worker's own home.
    pub link: Link,
}

impl Mail for InterviewDate {
    const NAME: &'static str = "interview_date";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["when", "way", "link"];

    fn sample(language: Language) -> Self {
        Self {
            when: either(language, "2026年12月1日(火) 10:00", "Tue 1 Dec 2026, 10:00"),
            way: either(language, "オンライン", "online"),
            lead: either(language, "調整 春子", "Haruko Chosei"),
            join: "https://meet.example/yui-1201".to_owned(),
            link: Link::sample("/"),
        }
    }
}

/// Something with a day does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppointmentOff {
    /// What it was.
    pub title: String,
    /// When it would have been, in words.
    pub when: String,
    /// Where other dates are seen.
    pub link: Link,
}

impl Mail for AppointmentOff {
    const NAME: &'static str = "appointment_off";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["title", "when", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "面談", "Interview"),
            when: either(language, "2026年12月1日(火) 10:00", "Tue 1 Dec 2026, 10:00"),
            link: Link::sample("/"),
        }
    }
}

/// A skill of theirs runs out soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkillExpires {
    /// Its name.
    pub skill: String,
    /// The last day it counts, in words.
    pub last_day: String,
    /// Their own skills and trainings.
    pub link: Link,
}

impl Mail for SkillExpires {
    const NAME: &'static str = "skill_expires";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["skill", "last_day", "link"];

    fn sample(language: Language) -> Self {
        Self {
            skill: either(language, "文字起こし", "Transcription"),
            last_day: either(language, "2026年12月26日(土)", "Sat 26 Dec 2026"),
            link: Link::sample("/my-learning"),
        }
    }
}

/// They have a seat in a training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CourseBooked {
    /// What it is called.
    pub title: String,
    /// When it begins, in words.
    pub when: String,
    /// Where it is held, in words.
    pub place: String,
    /// Their own skills and trainings.
    pub link: Link,
}

impl Mail for CourseBooked {
    const NAME: &'static str = "course_booked";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["title", "when", "place", "link"];

    fn sample(language: Language) -> Self {
        Self {
            title: either(language, "文字起こし入門", "Transcription for beginners"),
            when: either(language, "2026年12月10日(木) 10:00", "Thu 10 Dec 2026, 10:00"),
            place: either(language, "会場（センター2階）", "in a room (centre, 2nd floor)"),
            link: Link::sample("/my-learning"),
        }
    }
}

/// A training they have a seat in begins tomorrow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CourseSoon {
    /// What it is called.
    pub title: String,
    /// When it begins, in words.
    pub when: String,
    /// Where it is held, in words.
    pub place: String,
    /// Their own skills and trainings.
    pub link: Link,
}

impl Mail for CourseSoon {
    const NAME: &'static str = "course_soon";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Worker;
    const MUST_SAY: &'static [&'static str] = &["title", "when", "place", "link"];

    fn sample(language: Language) -> Self {
        let CourseBooked { title, when, place, link } = CourseBooked::sample(language);
        Self { title, when, place, link }
    }
}
