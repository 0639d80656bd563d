//! Mails about what a team steers by: targets at risk, milestones that are due, what is due after an adviser's session.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail, either};
use crate::messages::Category;

mails! {
    /// A milestone's day comes: to whoever sees to it.
    MilestoneDue = "milestone_due", Team, "/roadmap/milestones/4", must say ["due_on", "link"], {
        /// What is reached.
        title: String = "取引先10社", "Ten client firms";
        /// The day it is planned for, in words.
        due_on: String = "2026年12月18日(金)", "Fri 18 Dec 2026";
        /// What it comes to by now, where it is bound to a metric; may be empty.
        reads: String = "新しい取引先（4月から）10社のうち、実績6社＋見込み2.4社、あと1.6社", "New clients: 6 companies so far + 2.4 companies weighted of 10 companies, 1.6 companies short";
    }
}

mails! {
    /// A report or a questionnaire is due after an adviser's session: to whoever sees to it.
    AdviceDue = "advice_due", Team, "/advice/3", must say ["due_on", "link"], {
        /// What is due, in words.
        what: String = "助言の報告", "Report on advice";
        /// Who advised.
        adviser: String = "アドバイザー 01", "Adviser 01";
        /// The day the session was held, in words.
        held_on: String = "2026年11月20日(金)", "Fri 20 Nov 2026";
        /// By which day, in words.
        due_on: String = "2026年11月27日(金)", "Fri 27 Nov 2026";
    }
}

/// A target whose pace is behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RiskLine {
    /// What is counted, of whom and when.
    pub name: String,
    /// What is reached, what should be by now, and the target.
    pub standing: String,
}

/// Targets whose pace is behind: to whoever they are of, or to the team and the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetAtRisk {
    /// How many there are.
    pub count: u32,
    /// The first of them.
    pub targets: Vec<RiskLine>,
    /// How many more there are than the mail names.
    pub more: u32,
    /// The page of the targets.
    pub link: Link,
}

impl Mail for TargetAtRisk {
    const NAME: &'static str = "target_at_risk";
    const CATEGORY: Category = Category::Work;
    const AUDIENCE: Audience = Audience::Team;
    const MUST_SAY: &'static [&'static str] = &["link"];

    fn sample(language: Language) -> Self {
        let line = |name_ja, name_en, standing_ja, standing_en| RiskLine {
            name: either(language, name_ja, name_en),
            standing: either(language, standing_ja, standing_en),
        };
        Self {
            count: 9,
            targets: vec![
                line(
                    "受注額 · 町全体 · 下期（10月〜3月）",
                    "Orders · Whole town · Second half (October–March)",
                    "実績3,200,000円、今日の目安4,100,000円、目標11,000,000円",
                    "¥3,200,000 reached, ¥4,100,000 expected by now, target ¥11,000,000",
                ),
                line(
                    "訪問 · 営業チーム · 11月",
                    "Visits · Sales team · November",
                    "実績4件、今日の目安7件、目標8件",
                    "4 reached, 7 expected by now, target 8",
                ),
            ],
            more: 7,
            link: Link::sample("/targets"),
        }
    }
}
