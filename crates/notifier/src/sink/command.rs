//! Commands as the client writes them (RFC 5321 section 4.1.1).

/// A command, its arguments still text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// EHLO: the client's name.
    Ehlo(&'a str),
    /// LHLO (RFC 2033): the client's name.
    Lhlo(&'a str),
    /// HELO: the client's name.
    Helo(&'a str),
    /// MAIL FROM.
    Mail(Path<'a>),
    /// RCPT TO.
    Recipient(Path<'a>),
    /// DATA.
    Data,
    /// RSET.
    Reset,
    /// NOOP.
    Noop,
    /// VRFY, which tells nothing.
    Verify,
    /// AUTH: mechanism and, perhaps, a first response.
    Auth(&'a str, Option<&'a str>),
    /// QUIT.
    Quit,
    /// A known verb with arguments that make no sense.
    Malformed,
    /// Anything else.
    Unknown,
}

/// What stands between the brackets and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path<'a> {
    /// The address; empty for `<>`.
    pub(super) address: &'a str,
    /// `KEYWORD=value` words.
    pub(super) parameters: Vec<&'a str>,
}

impl<'a> Command<'a> {
    /// Reads one line without its end.
    pub(super) fn parse(line: &'a str) -> Self {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        let argument = argument.trim();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if is_name(argument) => Self::Ehlo(argument),
            "LHLO" if is_name(argument) => Self::Lhlo(argument),
            "HELO" if is_name(argument) => Self::Helo(argument),
            "MAIL" => path(argument, "FROM:").map_or(Self::Malformed, Self::Mail),
            "RCPT" => path(argument, "TO:").map_or(Self::Malformed, Self::Recipient),
            "AUTH" => auth(argument),
            "DATA" if argument.is_empty() => Self::Data,
            "RSET" if argument.is_empty() => Self::Reset,
            "QUIT" if argument.is_empty() => Self::Quit,
            "NOOP" => Self::Noop,
            "VRFY" => Self::Verify,
            "EHLO" | "LHLO" | "HELO" | "DATA" | "RSET" | "QUIT" => Self::Malformed,
            _ => Self::Unknown,
        }
    }
}

fn is_name(argument: &str) -> bool {
    !argument.is_empty() && !argument.contains(char::is_whitespace)
}

fn auth(argument: &str) -> Command<'_> {
    let mut words = argument.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(mechanism), first, None) => Command::Auth(mechanism, first),
        _ => Command::Malformed,
    }
}

/// `FROM:<address> parameters`; a space after the colon is forgiven.
fn path<'a>(argument: &'a str, keyword: &str) -> Option<Path<'a>> {
    let (head, rest) = argument.split_at_checked(keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = rest.trim_start().strip_prefix('<')?;
    let end = closing_bracket(rest)?;
    let (address, rest) = rest.split_at_checked(end)?;
    let parameters = rest.strip_prefix('>')?;
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return None;
    }
    Some(Path { address, parameters: parameters.split_whitespace().collect() })
}

/// The first `>` outside a quoted string.
fn closing_bracket(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(index),
            _ => {}
        }
    }
    None
}
