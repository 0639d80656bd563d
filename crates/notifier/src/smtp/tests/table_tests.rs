//! The table of `notifier.md` 2b as data.

use super::fixture::brief;
use crate::smtp::{Cause, Outcome, Reply, Stage, Unsendable, classify};

const MAIL: Stage = Stage::Mail;
const RCPT: Stage = Stage::Recipient;
const DATA: Stage = Stage::Data;
const FINAL: Stage = Stage::Final;

#[rustfmt::skip]
const REPLIES: &[(Stage, u16, &str, &str)] = &[
    // Opening: never the message's fault.
    (Stage::Tls, 454, "4.7.0 TLS not available", "relay down at tls"),
    (Stage::Banner, 421, "busy", "relay down at banner"),
    (Stage::Banner, 554, "no SMTP service here", "relay down at banner"),
    (Stage::Hello, 550, "go away", "relay down at hello"),
    (Stage::Auth, 454, "4.7.0 temporary authentication failure", "relay down at auth"),
    (Stage::Auth, 530, "5.7.0 must issue STARTTLS first", "relay down at auth"),
    (Stage::Auth, 534, "5.7.9 mechanism too weak", "relay down at auth"),
    (Stage::Auth, 535, "5.7.8 bad credentials", "relay down at auth"),
    (Stage::Auth, 538, "5.7.11 encryption required", "relay down at auth"),
    (MAIL, 530, "5.7.0 authentication required", "relay down at mail"),
    (RCPT, 530, "5.7.0 authentication required", "relay down at recipient"),
    // MAIL.
    (MAIL, 421, "4.7.0 too much", "deferred at mail: relay_closing"),
    (MAIL, 451, "4.3.0 later", "deferred at mail: relay_busy"),
    (MAIL, 452, "4.3.1 disk full", "deferred at mail: relay_busy"),
    (MAIL, 550, "5.7.1 sender not yours", "rejected at mail: sender"),
    (MAIL, 553, "5.1.8 domain of sender does not exist", "rejected at mail: sender"),
    (MAIL, 550, "who are you", "rejected at mail: sender"),
    (MAIL, 552, "5.3.4 too large", "rejected at mail: size"),
    (MAIL, 552, "too large", "rejected at mail: size"),
    (MAIL, 503, "5.5.1 order", "rejected at mail: protocol"),
    (MAIL, 555, "parameter", "rejected at mail: protocol"),
    // RCPT.
    (RCPT, 421, "closing", "deferred at recipient: relay_closing"),
    (RCPT, 450, "4.2.0 greylisted", "deferred at recipient: recipient"),
    (RCPT, 451, "4.7.1 greylisted", "deferred at recipient: recipient"),
    (RCPT, 452, "4.5.3 too many recipients", "deferred at recipient: recipient"),
    (RCPT, 452, "4.2.2 over quota", "deferred at recipient: mailbox_full"),
    (RCPT, 552, "5.2.2 mailbox full", "deferred at recipient: mailbox_full"),
    (RCPT, 552, "exceeded storage", "deferred at recipient: mailbox_full"),
    (RCPT, 550, "5.1.1 no such user", "rejected at recipient: recipient, suppress"),
    (RCPT, 550, "5.1.2 no such domain", "rejected at recipient: recipient, suppress"),
    (RCPT, 553, "5.1.3 syntax", "rejected at recipient: recipient, suppress"),
    (RCPT, 551, "5.1.6 moved", "rejected at recipient: recipient, suppress"),
    (RCPT, 556, "5.1.10 null MX", "rejected at recipient: recipient, suppress"),
    (RCPT, 556, "no mail here", "rejected at recipient: recipient, suppress"),
    (RCPT, 550, "Unknown user someone@docomo.ne.jp", "rejected at recipient: recipient, suppress"),
    (RCPT, 550, "<someone@ezweb.ne.jp>: User unknown", "rejected at recipient: recipient, suppress"),
    (RCPT, 550, "5.0.0 no such user here", "rejected at recipient: recipient, suppress"),
    (RCPT, 550, "5.1.0 address rejected", "rejected at recipient: recipient"),
    (RCPT, 550, "5.2.1 mailbox disabled", "rejected at recipient: recipient"),
    (RCPT, 550, "5.4.1 no answer from host", "rejected at recipient: recipient"),
    (RCPT, 550, "mailbox unavailable", "rejected at recipient: recipient"),
    (RCPT, 551, "user not local", "rejected at recipient: recipient"),
    (RCPT, 550, "5.1.8 bad sender", "rejected at recipient: sender"),
    (RCPT, 550, "5.7.1 relaying denied", "rejected at recipient: policy"),
    (RCPT, 554, "5.7.1 listed", "rejected at recipient: policy"),
    (RCPT, 554, "no", "rejected at recipient: policy"),
    (RCPT, 550, "5.2.3 too long for this mailbox", "rejected at recipient: size"),
    (RCPT, 501, "5.5.4 syntax", "rejected at recipient: protocol"),
    (RCPT, 550, "4.1.1 classes disagree", "rejected at recipient: recipient"),
    // DATA.
    (DATA, 421, "closing", "deferred at data: relay_closing"),
    (DATA, 451, "4.3.0 later", "deferred at data: relay_busy"),
    (DATA, 250, "what?", "deferred at data: interrupted"),
    (DATA, 554, "5.5.1 no valid recipients", "rejected at data: protocol"),
    (DATA, 554, "no", "rejected at data: policy"),
    // After the dot.
    (FINAL, 250, "2.0.0 queued", "accepted"),
    (FINAL, 421, "4.4.2 closing", "unknown"),
    (FINAL, 354, "again?", "unknown"),
    (FINAL, 451, "4.3.0 later", "deferred at final: relay_busy"),
    (FINAL, 452, "4.2.2 over quota", "deferred at final: mailbox_full"),
    (FINAL, 552, "5.2.2 mailbox full", "deferred at final: mailbox_full"),
    (FINAL, 552, "over quota", "deferred at final: mailbox_full"),
    (FINAL, 552, "5.3.4 too large", "rejected at final: size"),
    (FINAL, 552, "message size exceeds fixed limit", "rejected at final: size"),
    (FINAL, 550, "5.1.1 no such user", "rejected at final: recipient, suppress"),
    (FINAL, 550, "no such user", "rejected at final: recipient, suppress"),
    (FINAL, 550, "5.7.26 DMARC", "rejected at final: policy"),
    (FINAL, 554, "5.7.1 spam", "rejected at final: policy"),
    (FINAL, 554, "refused", "rejected at final: policy"),
    (FINAL, 554, "5.6.0 broken MIME", "rejected at final: content"),
];

#[test]
fn replies_mean_what_the_table_says() {
    for (stage, code, text, expected) in REPLIES {
        let outcome = classify(*stage, Cause::Reply(Reply::new(*code, text)));
        assert_eq!(brief(&outcome), *expected, "{stage} {code} {text}");
    }
}

#[test]
fn a_broken_conversation_is_safe_to_repeat_before_the_dot_and_unknown_after_it() {
    let causes = [
        Cause::Timeout,
        Cause::Closed,
        Cause::Network(std::io::ErrorKind::ConnectionReset),
        Cause::Unreadable,
        Cause::Unsolicited,
    ];
    for cause in causes {
        for stage in [MAIL, RCPT, DATA, Stage::Content] {
            let outcome = classify(stage, cause.clone());
            assert_eq!(brief(&outcome), format!("deferred at {stage}: interrupted"));
            assert!(outcome.strains_relay());
        }
        assert_eq!(brief(&classify(FINAL, cause.clone())), "unknown");
        for stage in [Stage::Resolve, Stage::Connect, Stage::Tls, Stage::Banner, Stage::Hello, Stage::Auth] {
            assert_eq!(brief(&classify(stage, cause.clone())), format!("relay down at {stage}"));
        }
    }
}

/// T16: whatever is said before MAIL, no message is refused by it.
#[test]
fn t16_a_wrong_password_is_the_relays_trouble() {
    for stage in [Stage::Tls, Stage::Banner, Stage::Hello, Stage::Auth] {
        for code in 200..600 {
            let outcome = classify(stage, Cause::Reply(Reply::new(code, "5.1.1 user unknown")));
            assert!(matches!(outcome, Outcome::RelayDown { .. }), "{stage} {code}");
        }
    }
}

#[test]
fn our_own_refusals_never_suppress() {
    let large = Unsendable::LargerThanOffered { octets: 2, limit: 1 };
    assert_eq!(brief(&classify(Stage::Check, Cause::Unsendable(large))), "rejected at check: size");
    let bare = Unsendable::BareLf { line: 1 };
    assert_eq!(brief(&classify(Stage::Check, Cause::Unsendable(bare))), "rejected at check: content");
}

#[test]
fn the_server_may_name_the_wait() {
    let outcome = classify(RCPT, Cause::Reply(Reply::new(450, "4.2.0 greylisted, try again in 420 seconds")));
    assert!(matches!(outcome, Outcome::Deferred { retry_after, .. } if retry_after.as_secs() == 420));
    let outcome = classify(RCPT, Cause::Reply(Reply::new(450, "4.2.0 greylisted")));
    assert!(matches!(outcome, Outcome::Deferred { retry_after, .. } if retry_after.as_secs() == 300));
}

#[test]
fn a_full_mailbox_is_tried_for_three_days() {
    let outcome = classify(RCPT, Cause::Reply(Reply::new(552, "5.2.2 full")));
    let Outcome::Deferred { why, .. } = outcome else { panic!("not deferred") };
    assert_eq!(why.patience(), Some(std::time::Duration::from_hours(72)));
}
