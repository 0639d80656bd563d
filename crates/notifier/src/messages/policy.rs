//! The one table of rules: what each category of mail may do, who may switch it off, and how patient it is.

use std::time::Duration;

use kernel::text_enum;

text_enum!(
    /// Why a mail is sent, which decides how patiently and what happens when nobody knows whether it arrived.
    #[schemars(rename = "MessageCategory")]
    Category {
        /// Invitations, codes, security notices.
        Account = "account",
        /// What the law wants to be told, such as the terms of a piece of work.
        Legal = "legal",
        /// Everything about orders, units and deliveries.
        Work = "work",
        /// Open work, at once or gathered into one mail a day.
        Digest = "digest",
        /// Advertising.
        Commercial = "commercial",
    }
);

/// What is done with a message that may or may not have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InDoubt {
    /// Send the same bytes again after a pause: better twice than never. Receivers fold copies by Message-ID.
    SendAgain,
    /// Wait for a person: better late than twice.
    Hold,
}

/// What a reader may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Nothing: it is owed to them.
    Locked,
    /// To have none of it; wanted until they say so.
    SwitchOff,
    /// To get it at all: nothing is sent before they agreed (特定電子メール法 art. 3).
    AskFirst,
}

/// When it may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// Somebody waits for it, or the law says at once.
    AnyTime,
    /// Within the reader's own hours, 8:00 to 21:00 in Japan unless they chose others.
    ReadersOwn,
}

/// How much one address gets; the rest waits its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// So many mails,
    pub most: u8,
    /// in so much time.
    pub per: Duration,
}

/// The rules of one category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long it is worth sending when the caller names no end.
    pub time_to_live: Duration,
    /// Refusals for now after which it is dead.
    pub attempts: i16,
    /// The longest wait between two attempts, the relay's own wish aside.
    pub longest_wait: Duration,
    /// What happens when an attempt got no answer after the final dot.
    pub in_doubt: InDoubt,
    /// What its reader may decide.
    pub choice: Choice,
    /// When it may go.
    pub hours: Hours,
    /// How much of it one address gets.
    pub throttle: Option<Throttle>,
}

/// How long a message in doubt rests before it is sent again: time for a slow relay's late copy to be noticed.
pub const DOUBT_PAUSE: Duration = Duration::from_mins(5);

/// Attempts without an answer after which even a category that sends again waits for a person.
pub const DOUBTS: i64 = 3;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Category {
    /// The table of rules.
    ///
    /// | category | lives | attempts | longest wait | in doubt | reader may | hours | at most |
    /// |---|---|---|---|---|---|---|---|
    /// | account | 24 hours | 12 | 1 hour | hold: it carries a secret for one use | nothing | any time | |
    /// | legal | 5 days | 24 | 4 hours | same bytes again after 5 minutes | nothing | any time | |
    /// | work | 3 days | 20 | 4 hours | same bytes again after 5 minutes | switch off | reader's | 60 an hour |
    /// | digest | 18 hours | 8 | 4 hours | same bytes again after 5 minutes | switch off | reader's | 12 a day |
    /// | commercial | 24 hours | 8 | 4 hours | hold: never twice | agree first | reader's | 1 a day |
    pub const fn policy(self) -> Policy {
        let patient = Policy {
            time_to_live: DAY,
            attempts: 8,
            longest_wait: Duration::from_hours(4),
            in_doubt: InDoubt::SendAgain,
            choice: Choice::SwitchOff,
            hours: Hours::ReadersOwn,
            throttle: None,
        };
        match self {
            Self::Account => Policy {
                attempts: 12,
                longest_wait: HOUR,
                in_doubt: InDoubt::Hold,
                choice: Choice::Locked,
                hours: Hours::AnyTime,
                ..patient
            },
            Self::Legal => Policy {
                time_to_live: Duration::from_hours(120),
                attempts: 24,
                choice: Choice::Locked,
                hours: Hours::AnyTime,
                ..patient
            },
            Self::Work => Policy {
                time_to_live: Duration::from_hours(72),
                attempts: 20,
                throttle: Some(Throttle { most: 60, per: HOUR }),
                ..patient
            },
            Self::Digest => Policy {
                time_to_live: Duration::from_hours(18),
                throttle: Some(Throttle { most: 12, per: DAY }),
                ..patient
            },
            Self::Commercial => Policy {
                in_doubt: InDoubt::Hold,
                choice: Choice::AskFirst,
                throttle: Some(Throttle { most: 1, per: DAY }),
                ..patient
            },
        }
    }

    /// Whether its mails carry a link and a header with which the reader ends them in one step (RFC 8058). Mails that
    /// are owed carry none.
    pub const fn is_subscription(self) -> bool {
        matches!(self, Self::Digest | Self::Commercial)
    }

    /// 1 goes before 2, and so on: a code does not wait behind a thousand digests.
    pub const fn urgency(self) -> i16 {
        match self {
            Self::Account => 1,
            Self::Legal => 2,
            Self::Work => 3,
            Self::Digest | Self::Commercial => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_can_neither_be_switched_off_nor_delayed() {
        for category in [Category::Account, Category::Legal] {
            let policy = category.policy();
            assert_eq!((policy.choice, policy.hours), (Choice::Locked, Hours::AnyTime), "{category}");
            assert!(policy.throttle.is_none() && !category.is_subscription(), "{category}");
        }
    }

    #[test]
    fn secrets_and_advertising_never_go_twice() {
        let held: Vec<_> =
            Category::ALL.iter().filter(|category| category.policy().in_doubt == InDoubt::Hold).collect();
        assert_eq!(held, [&Category::Account, &Category::Commercial]);
    }
}
