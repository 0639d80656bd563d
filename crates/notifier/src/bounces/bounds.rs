//! What is read of a mail that anybody may have written: the beginning, if it is not nested beyond what notices are, in a
//! thread of its own. A parser that loses its way costs one mail and never the process.

use std::io;

/// How much of a mail is looked at: a notice says what it has to say at its beginning, a copy of ours comes after.
const LOOKED_AT: usize = 256 * 1024;
/// A notice has three parts, one of them a mail. Each part in a part costs the parser another look at all that follows.
const MOST_MARKS: usize = 64;
/// Mails in mails are dropped one inside the other: room for as many as `LOOKED_AT` could hold if the marks were missed.
const STACK: usize = 32 * 1024 * 1024;

/// What begins a part or a mail within a mail (RFC 2046 sections 5.1.1 and 5.2.1, RFC 6532 section 3.7).
const MARKS: [&[u8]; 3] = [b"boundary", b"message/rfc822", b"message/global"];

/// What `read` makes of the beginning of a mail, or `unread` where that is too much nested for any notice or cannot be
/// read at all. An error: there is no thread to read it in.
pub(super) fn read_apart<T: Send>(
    bytes: &[u8],
    unread: T,
    read: impl FnOnce(&[u8]) -> T + Send,
) -> io::Result<T> {
    let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if !is_bearable(beginning) {
        return Ok(unread);
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("notice".to_owned()).stack_size(STACK);
        let reading = thread.spawn_scoped(scope, || read(beginning))?;
        Ok(reading.join().unwrap_or_else(|_panic| {
            log::error!("a mail that came to us cannot be read: its parser panicked");
            unread
        }))
    })
}

fn is_bearable(bytes: &[u8]) -> bool {
    let text = bytes.to_ascii_lowercase();
    let count = |mark: &[u8]| text.windows(mark.len()).filter(|part| *part == mark).count();
    MARKS.into_iter().map(count).sum::<usize>() <= MOST_MARKS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(mail: &[u8]) -> io::Result<usize> {
        read_apart(mail, 0, |bytes| {
            mail_parser::MessageParser::default().parse(bytes).map_or(0, |mail| mail.parts.len())
        })
    }

    #[test]
    fn what_is_nested_beyond_any_notice_is_not_read() {
        let nested = |times| "Content-Type: message/rfc822\r\n\r\n".repeat(times);
        assert_ne!(parts(nested(3).as_bytes()).unwrap(), 0);
        assert_eq!(parts(nested(60_000).as_bytes()).unwrap(), 0);
        let opened = "Content-Type: Multipart/Mixed; BOUNDARY=a\r\n\r\n--a\r\n".repeat(5_000);
        assert_eq!(parts(opened.as_bytes()).unwrap(), 0);
    }

    /// With a space the mark is missed, and the stack has to bear it.
    #[test]
    fn what_hides_its_nesting_is_borne() {
        let nested = "Content-Type:message /rfc822\n\n".repeat(70_000);
        parts(nested.as_bytes()).unwrap();
    }

    #[test]
    fn a_parser_that_panics_costs_one_mail() {
        assert_eq!(read_apart(b"x", 7, |_bytes| panic!("lost")).unwrap(), 7);
    }
}
