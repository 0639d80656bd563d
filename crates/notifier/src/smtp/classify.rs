//! The table of `notifier.md` 2b: stage × code × enhanced code → what it means for the message.
//!
//! A pure function, so that the whole table is tested as data. Codes are RFC 5321 section 4.2, enhanced codes
//! RFC 3463, authentication RFC 4954. Invariant: no 5yz before MAIL touches a message
//! (`t16_a_wrong_password_is_the_relays_trouble`).

use super::content::Unsendable;
use super::outcome::{Cause, Delay, Outcome, Reason, Stage};
use super::reply::Reply;

/// Phrases with which servers that send no enhanced code say that the address does not exist. Japanese carriers
/// among them, and their dead addresses must be suppressed too.
const NO_SUCH_ADDRESS: [&str; 8] = [
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "does not exist",
    "mailbox not found",
    "recipient not found",
    "unknown recipient",
];

/// What `cause` at `stage` means for the message being sent.
///
/// At [`Stage::Final`] a 2yz reply is acceptance; a positive reply anywhere else is out of place and reads as a
/// broken conversation.
pub fn classify(stage: Stage, cause: Cause) -> Outcome {
    if stage.is_opening() {
        return Outcome::RelayDown { stage, cause };
    }
    match cause {
        Cause::Reply(reply) if stage == Stage::Final => final_reply(reply),
        Cause::Reply(reply) => before_dot(stage, reply),
        Cause::Unsendable(defect) => unsendable(stage, defect),
        cause if stage == Stage::Final => Outcome::Unknown { cause },
        cause => deferred(stage, cause, Delay::Interrupted),
    }
}

/// After the dot: only a clear yes or no counts; 421 is neither, the relay went away in mid-decision.
fn final_reply(reply: Reply) -> Outcome {
    match reply.code() {
        421 => Outcome::Unknown { cause: Cause::Reply(reply) },
        200..=299 => Outcome::Accepted { reply },
        400..=499 => refused_for_now(Stage::Final, reply),
        500..=599 => refused_for_good(Stage::Final, reply),
        _ => Outcome::Unknown { cause: Cause::Unreadable },
    }
}

fn before_dot(stage: Stage, reply: Reply) -> Outcome {
    match reply.code() {
        // Authentication or encryption demanded (RFC 4954 section 6): no message would pass.
        530 | 534 | 535 | 538 => Outcome::RelayDown { stage, cause: Cause::Reply(reply) },
        421 => deferred(stage, Cause::Reply(reply), Delay::RelayClosing),
        400..=499 => refused_for_now(stage, reply),
        500..=599 => refused_for_good(stage, reply),
        _ => deferred(stage, Cause::Unreadable, Delay::Interrupted),
    }
}

fn unsendable(stage: Stage, defect: Unsendable) -> Outcome {
    let reason =
        if matches!(defect, Unsendable::LargerThanOffered { .. }) { Reason::Size } else { Reason::Content };
    Outcome::Rejected { stage, cause: Cause::Unsendable(defect), reason, suppress: false }
}

fn deferred(stage: Stage, cause: Cause, why: Delay) -> Outcome {
    let wish = cause.reply().and_then(Reply::wait_hint);
    Outcome::Deferred { stage, retry_after: wish.unwrap_or(why.first_wait()), cause, why }
}

fn refused_for_now(stage: Stage, reply: Reply) -> Outcome {
    let why = match (stage, reply.enhanced()) {
        (_, Some(enhanced)) if enhanced.is(2, 2) => Delay::MailboxFull,
        (Stage::Recipient, _) => Delay::Recipient,
        _ => Delay::RelayBusy,
    };
    deferred(stage, Cause::Reply(reply), why)
}

fn refused_for_good(stage: Stage, reply: Reply) -> Outcome {
    if is_mailbox_full(stage, &reply) {
        return deferred(stage, Cause::Reply(reply), Delay::MailboxFull);
    }
    let reason = reason_for(stage, &reply);
    let suppress = reason == Reason::Recipient && names_a_dead_address(&reply);
    Outcome::Rejected { stage, cause: Cause::Reply(reply), reason, suppress }
}

/// 5.2.2 says so; a bare 552 says "exceeded storage", which at RCPT can only be the mailbox (RFC 5321 section 4.2.3)
/// and after the dot is the size unless the text speaks of a quota.
fn is_mailbox_full(stage: Stage, reply: &Reply) -> bool {
    if let Some(enhanced) = reply.enhanced() {
        return enhanced.is(2, 2);
    }
    let text = reply.text().to_ascii_lowercase();
    let speaks_of_mailbox = ["mailbox", "quota", "full"].into_iter().any(|word| text.contains(word));
    reply.code() == 552 && (stage == Stage::Recipient || (stage == Stage::Final && speaks_of_mailbox))
}

fn reason_for(stage: Stage, reply: &Reply) -> Reason {
    if let Some(reason) = reply.enhanced().and_then(|enhanced| by_subject(enhanced.subject, enhanced.detail))
    {
        let about_us = stage == Stage::Mail && !matches!(reason, Reason::Size | Reason::Protocol);
        return if about_us { Reason::Sender } else { reason };
    }
    match (stage, reply.code()) {
        (_, 552) => Reason::Size,
        (_, 500..=504 | 555) => Reason::Protocol,
        (Stage::Mail, _) => Reason::Sender,
        (Stage::Recipient, 550 | 551 | 553 | 556) => Reason::Recipient,
        _ if says_no_such_address(reply.text()) => Reason::Recipient,
        _ => Reason::Policy,
    }
}

/// RFC 3463 section 3: what the enhanced code is about. `None` leaves it to the basic code.
fn by_subject(subject: u16, detail: u16) -> Option<Reason> {
    match (subject, detail) {
        (1, 7 | 8) => Some(Reason::Sender),
        (1 | 2, 0..=2 | 4..=999) | (1, 3) | (4, 1 | 4 | 6) => Some(Reason::Recipient),
        (2, 3) | (3, 4) => Some(Reason::Size),
        (5, 1..) => Some(Reason::Protocol),
        (6, _) => Some(Reason::Content),
        (7, _) => Some(Reason::Policy),
        _ => None,
    }
}

/// Only a reply that says the address or its domain does not exist suppresses: a wrong suppression loses legal
/// notices, a missing one costs a repeated bounce.
fn names_a_dead_address(reply: &Reply) -> bool {
    match reply.enhanced() {
        Some(enhanced) if enhanced.subject == 1 => matches!(enhanced.detail, 1 | 2 | 3 | 6 | 10),
        // 5.0.0 and 5.5.0 are what servers say that have an enhanced code only for form's sake.
        Some(enhanced) if !matches!(enhanced.subject, 0 | 5) => false,
        _ => reply.code() == 556 || says_no_such_address(reply.text()),
    }
}

/// Whether a server's own words say that the address does not exist, whatever its code.
pub(crate) fn says_no_such_address(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    NO_SUCH_ADDRESS.into_iter().any(|phrase| text.contains(phrase))
}
