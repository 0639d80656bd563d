//! Faults by address: the local part says what happens to it, so that one sink serves every test at once.
//!
//! `LETTER CODE [-ENHANCED] [xCOUNT-then-ok]` answers with a code: `m` at MAIL (by the sender), `r` at RCPT, `d` at
//! DATA, `f` after the final dot. `r450x2-then-ok@…` is greylisted twice, `r550-5.1.1@…` does not exist. The other
//! words are in [`NAMED`]. What follows a `+` is ignored and keeps addresses apart.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Act, Moment, Script, Step};

/// A word, the step it is about, and what happens then.
type Named = (&'static str, Step, fn() -> Act);

/// Words for faults that are no plain code.
const NAMED: [Named; 17] = [
    ("hang-rcpt", Step::Recipient, || Act::Hang),
    ("hang-data", Step::Data, || Act::Hang),
    ("hang-mid-data", Step::Text, || Act::Hang),
    ("hang-after-dot", Step::Stored, || Act::Hang),
    ("close-rcpt", Step::Recipient, || Act::Close),
    ("close-data", Step::Data, || Act::Close),
    ("close-mid-data", Step::Text, || Act::Close),
    ("lost-after-dot", Step::Arrived, || Act::Close),
    ("cut-after-dot", Step::Stored, || Act::Close),
    ("tarpit", Step::Recipient, || Act::Drip { words: b"250 2.1.5 well\r\n".to_vec(), every: TARPIT }),
    ("multi-rcpt", Step::Recipient, || Act::Reword(several_lines(3))),
    ("huge-rcpt", Step::Recipient, || Act::Reword(several_lines(HUGE))),
    ("huge-final", Step::Stored, || Act::Reword(several_lines(HUGE))),
    ("multi-final", Step::Stored, || Act::Reword(several_lines(3))),
    ("binary-rcpt", Step::Recipient, || Act::Answer(foreign("550 5.1.1"))),
    ("binary-final", Step::Stored, || Act::Reword(foreign("250 2.0.0"))),
    ("noise-final", Step::Stored, || Act::Reword(b"what?\r\n".to_vec())),
];
/// The pause of a tarpit (T9).
const TARPIT: Duration = Duration::from_secs(30);
/// Lines of 50 octets that make more than 100 kB.
const HUGE: usize = 2_100;

fn several_lines(count: usize) -> Vec<u8> {
    let mut reply = "250-2.0.0 a reply may have as many lines as it wants\r\n".repeat(count - 1);
    reply.push_str("250 2.0.0 and then it ends\r\n");
    reply.into_bytes()
}

/// 宛先不明 in `Shift_JIS`, which is not UTF-8.
fn foreign(start: &str) -> Vec<u8> {
    let mut reply = start.as_bytes().to_vec();
    reply.extend_from_slice(b" \x88\xb6\x90\xe6\x95\x73\x96\xbe\r\n");
    reply
}

/// Acts by the local part of the sender (at MAIL) or of the recipient.
#[derive(Debug, Default)]
pub struct LocalPartScript {
    refusals: Mutex<HashMap<String, u32>>,
}

impl Script for LocalPartScript {
    fn act(&self, moment: &Moment<'_>) -> Act {
        let address = match moment.step {
            Step::Mail | Step::Recipient => moment.argument,
            _ => moment.recipients.first().map_or("", String::as_str),
        };
        let local = address.split(['@', '+']).next().unwrap_or_default();
        if let Some((_, _, act)) = NAMED.iter().find(|(name, step, _)| *name == local && *step == moment.step)
        {
            return act();
        }
        match Coded::parse(local) {
            Some(coded) if coded.step == moment.step && self.is_due(address, coded.times) => {
                Act::answer(&coded.line)
            }
            _ => Act::Proceed,
        }
    }
}

impl LocalPartScript {
    /// Whether the address is still to be refused, and counts it.
    fn is_due(&self, address: &str, times: Option<u32>) -> bool {
        let Some(times) = times else {
            return true;
        };
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        let count = refusals.entry(address.to_owned()).or_default();
        *count += 1;
        *count <= times
    }
}

/// `r450-4.2.0x2-then-ok` in parts.
struct Coded {
    step: Step,
    line: String,
    times: Option<u32>,
}

impl Coded {
    fn parse(local: &str) -> Option<Self> {
        let (letter, rest) = local.split_at_checked(1)?;
        let step = match letter {
            "m" => Step::Mail,
            "r" => Step::Recipient,
            "d" => Step::Data,
            "f" => Step::Arrived,
            _ => return None,
        };
        let (code, rest) = rest.split_at_checked(3)?;
        let code: u16 = code.parse().ok()?;
        let (enhanced, times) = match rest.strip_suffix("-then-ok") {
            Some(rest) => rest.split_once('x').map(|(enhanced, times)| (enhanced, times.parse().ok()))?,
            None => (rest, None),
        };
        let enhanced = enhanced.strip_prefix('-').unwrap_or_default();
        Some(Self { step, line: format!("{code} {enhanced} as scripted").replace("  ", " "), times })
    }
}
