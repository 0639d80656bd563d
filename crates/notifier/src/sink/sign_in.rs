//! AUTH PLAIN and LOGIN (RFC 4954, RFC 4616).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::answer::Answer;
use super::settings::SignIn;

/// A name and a password as the client gave them.
pub(super) struct Claim {
    user: String,
    password: String,
}

impl Claim {
    /// PLAIN's one response: authorization, name and password, divided by NUL.
    pub(super) fn from_plain(response: &str) -> Option<Self> {
        let decoded = decode(response)?;
        let mut parts = decoded.splitn(3, '\0').skip(1);
        Some(Self { user: parts.next()?.to_owned(), password: parts.next()?.to_owned() })
    }

    /// LOGIN's two responses.
    pub(super) fn from_login(user: &str, password: &str) -> Option<Self> {
        Some(Self { user: decode(user)?, password: decode(password)? })
    }

    /// The name, if it is let in.
    pub(super) fn admitted(self, rule: &SignIn) -> Result<String, Answer> {
        let admitted = match rule {
            SignIn::Anybody => true,
            SignIn::NotOffered | SignIn::Nobody => false,
            SignIn::Required { user, password } => self.user == *user && self.password == *password,
        };
        if admitted { Ok(self.user) } else { Err(Answer::new(535, "5.7.8 name or password is wrong")) }
    }
}

fn decode(response: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(response).ok()?).ok()
}
