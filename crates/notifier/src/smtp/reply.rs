//! What a server answered: code, enhanced code and text, cleaned and bounded so that it can be stored.

use std::fmt;
use std::time::Duration;

/// How many characters of a reply's text are kept; some servers answer with pages.
const TEXT_LIMIT: usize = 2_000;
/// The longest wait a server may ask for in its text.
const LONGEST_HINT: Duration = Duration::from_hours(24);
/// The shortest wait a server may ask for in its text.
const SHORTEST_HINT: Duration = Duration::from_secs(30);

/// One SMTP reply (RFC 5321 section 4.2), its lines joined by line feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    enhanced: Option<EnhancedCode>,
    text: String,
}

impl Reply {
    /// A reply as received. Control characters become spaces and the text is cut at 2,000 characters.
    pub fn new(code: u16, text: &str) -> Self {
        let text: String = text
            .chars()
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
            .take(TEXT_LIMIT)
            .collect();
        let enhanced = EnhancedCode::leading(&text).filter(|e| u16::from(e.class) == code / 100);
        Self { code, enhanced, text }
    }

    /// The three-digit code, 200–599.
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The enhanced code at the start of the text, if it agrees with the code's class (RFC 2034 section 4).
    pub fn enhanced(&self) -> Option<EnhancedCode> {
        self.enhanced
    }

    /// The text, possibly of several lines. It may repeat addresses: store it, do not log it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the command was carried out (2yz).
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// Whether the refusal is for now (4yz).
    pub fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// Whether the refusal is for good (5yz).
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// The relay's own name for the accepted mail, to find it in the relay's log: Postfix writes
    /// `queued as NAME`, Exim `id=NAME`.
    pub fn queue_id(&self) -> Option<&str> {
        let after = ["queued as ", "id="]
            .into_iter()
            .find_map(|mark| self.text.split_once(mark).map(|(_, rest)| rest))?;
        let name = after.split(|c: char| c.is_whitespace() || c == '>').next()?;
        Some(name.trim_end_matches(['.', ',', ')'])).filter(|name| !name.is_empty())
    }

    /// The wait the server asks for in words ("try again in 300 seconds"), kept between 30 seconds and a day.
    pub fn wait_hint(&self) -> Option<Duration> {
        let lower = self.text.to_ascii_lowercase();
        let mut words = lower.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let digits = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let unit = words.peek().copied().unwrap_or_default();
            if let (Ok(count), Some(seconds)) = (digits.parse::<u32>(), seconds_in(unit)) {
                let asked = Duration::from_secs(u64::from(count) * seconds);
                return Some(asked.clamp(SHORTEST_HINT, LONGEST_HINT));
            }
        }
        None
    }
}

fn seconds_in(unit: &str) -> Option<u64> {
    match unit {
        _ if unit.starts_with("sec") => Some(1),
        _ if unit.starts_with("min") => Some(60),
        _ if unit.starts_with("hour") => Some(3_600),
        _ => None,
    }
}

impl fmt::Display for Reply {
    /// `code text` on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text.replace('\n', " / "))
    }
}

/// An enhanced status code such as 5.1.1 (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedCode {
    /// 2 success, 4 for now, 5 for good.
    pub class: u8,
    /// What it is about: 1 address, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail within the subject.
    pub detail: u16,
}

impl EnhancedCode {
    /// The code a reply's text begins with.
    fn leading(text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace().next()?.splitn(3, '.');
        let class = parts.next()?.parse().ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        let subject = small_number(parts.next()?)?;
        let detail = small_number(parts.next()?)?;
        Some(Self { class, subject, detail })
    }

    /// Whether subject and detail are these, whatever the class.
    pub fn is(self, subject: u16, detail: u16) -> bool {
        self.subject == subject && self.detail == detail
    }
}

/// One to three digits (RFC 3463 section 2).
fn small_number(digits: &str) -> Option<u16> {
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}
