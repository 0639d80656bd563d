//! Every setting, read once from the environment. The README's table is compared with [`SETTINGS`] by a test.

mod bounces;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use notifier::webhooks::Reach;

pub use bounces::Bounces;

/// One line of the configuration table.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable. `NAME_FILE` names a file to read it from instead, where `secret` is set.
    pub name: &'static str,
    /// What holds without it.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether it can be read from a file named by `NAME_FILE`.
    pub secret: bool,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning, secret: false }
}

const fn secret(name: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default: "", meaning, secret: true }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting(
        "YUI_DATA",
        "/var/lib/yui as root, else yui in XDG_DATA_HOME or ~/.local/share",
        "directory of the database, files and keys",
    ),
    setting("YUI_LISTEN", "127.0.0.1:8080", "address and port of the web server"),
    setting("YUI_BASE_URL", "http://YUI_LISTEN", "where people reach it; links in mails start with this"),
    setting(
        "YUI_TRUSTED_PROXIES",
        "",
        "addresses of reverse proxies whose X-Forwarded-For is believed, by comma",
    ),
    secret(
        "DATABASE_URL",
        "a PostgreSQL server of your own, as the role that serves people; nothing is started then",
    ),
    secret(
        "DATABASE_OWNER_URL",
        "the same server as the role that owns the tables (migrate, import, backup)",
    ),
    secret("DATABASE_QUEUE_URL", "the same server as the role that claims tasks and mails"),
    setting("YUI_POOL", "10", "database connections for people and tasks"),
    setting(
        "YUI_POOLER",
        "no",
        "yes behind a transaction-mode pooler: nothing is prepared, nobody listens, workers poll",
    ),
    setting("YUI_TASK_THREADS", "4", "background tasks run at the same time"),
    setting("YUI_MAIL_CONNECTIONS", "2", "connections to the mail relay"),
    setting(
        "YUI_SMTP_HOST",
        "",
        "the mail relay; without it mails go to the sandbox mailbox, on loopback only",
    ),
    setting("YUI_SMTP_PORT", "465", "its port"),
    setting("YUI_SMTP_SECURITY", "tls", "tls, starttls, or plain (loopback only)"),
    setting("YUI_SMTP_USER", "", "its user name, if it wants one"),
    secret("YUI_SMTP_PASSWORD", "its password"),
    setting(
        "YUI_SMTP_FALLBACK_HOST",
        "",
        "a second relay, used while the first one does not take mail; its other settings are named likewise",
    ),
    setting("YUI_SMTP_FALLBACK_PORT", "465", "its port"),
    setting("YUI_SMTP_FALLBACK_SECURITY", "tls", "tls, starttls, or plain (loopback only)"),
    setting("YUI_SMTP_FALLBACK_USER", "", "its user name, if it wants one"),
    secret("YUI_SMTP_FALLBACK_PASSWORD", "its password"),
    setting(
        "YUI_SMTP_CA",
        "",
        "a PEM file of authorities to believe besides the public ones, for a relay inside a town hall's network; for both relays",
    ),
    setting(
        "YUI_MAIL_DOMAIN_RATE",
        "20",
        "mails a second to one recipient domain, in the long run; 0: no limit",
    ),
    setting("YUI_MAIL_FROM", "yui@localhost.localdomain", "the sender address of every mail"),
    setting(
        "YUI_BOUNCE_ADDRESS",
        "",
        "a mailbox for notices of non-delivery, whose server takes bounces+anything@ for it; each mail gets an address of its own there",
    ),
    setting(
        "YUI_BOUNCE_MAILDIR",
        "",
        "the maildir into which that mailbox is delivered; read by the process that sends mail",
    ),
    setting(
        "YUI_BOUNCE_LMTP",
        "",
        "instead of a maildir or beside it: where a mail server hands that mailbox's mail in by LMTP, a loopback address and port or the path of a socket",
    ),
    secret(
        "YUI_METRICS_TOKEN",
        "what a monitoring program sends as bearer token to read /metrics, at least 16 characters; without it there is no such page",
    ),
    setting(
        "YUI_WEBHOOKS_TO_LOOPBACK",
        "no",
        "yes to try webhooks out: they may then go to this machine too, on any port and without TLS; refused where other people reach Yui",
    ),
    setting("YUI_UPLOAD_PERSON_MB", "500", "megabytes one person may upload within a day"),
    setting("YUI_UPLOAD_TOWN_MB", "5000", "megabytes all people of a town may upload within a day"),
    setting("YUI_LOG", "info", "what is logged: error, warn, info, debug, or module=level by comma"),
];

/// A setting that cannot be used, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    name: &'static str,
    problem: String,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User name and password.
    pub credentials: Option<(String, String)>,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS or nothing.
    StartTls,
    /// Unprotected; only to this machine itself.
    Plain,
}

/// A server of the operator's own.
#[derive(Debug, Clone)]
pub struct DatabaseUrls {
    /// As the role that serves people.
    pub app: String,
    /// As the role that owns the tables.
    pub owner: String,
    /// As the role that claims tasks and mails.
    pub queue: String,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Directory of the database, files and keys.
    pub data: PathBuf,
    /// Address and port of the web server.
    pub listen: SocketAddr,
    /// Where people reach it, without a trailing slash.
    pub base_url: String,
    /// Reverse proxies that are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// A server of the operator's own; otherwise the private one.
    pub database: Option<DatabaseUrls>,
    /// Database connections for people and tasks.
    pub pool: u32,
    /// What stands between Yui and the database server.
    pub path: db::Path,
    /// Background tasks run at the same time.
    pub task_threads: usize,
    /// Connections to the mail relay.
    pub mail_connections: usize,
    /// The relay; `None`: the sandbox mailbox.
    pub smtp: Option<Smtp>,
    /// Takes over while the relay does not take mail.
    pub smtp_fallback: Option<Smtp>,
    /// Authorities that prove a relay, besides the public ones.
    pub smtp_ca: Option<PathBuf>,
    /// Mails a second to one recipient domain; 0: no limit.
    pub mail_domain_rate: u16,
    /// The sender address of every mail.
    pub mail_from: kernel::EmailAddress,
    /// Where notices of non-delivery come to.
    pub bounces: Option<Bounces>,
    /// What monitoring programs prove themselves by.
    pub metrics_token: Option<String>,
    /// Whom webhooks may reach.
    pub webhook_reach: Reach,
    /// How much is uploaded within a day.
    pub uploads: files::Quota,
    /// How long a stop may take.
    pub grace: Duration,
}

/// Where values come from: the process' environment, or a test's table.
pub struct Source<'a>(pub &'a dyn Fn(&str) -> Option<String>);

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source")
    }
}

/// The process' environment.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Source<'_> {
    fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let value = (self.0)(name);
        let is_secret = SETTINGS.iter().any(|setting| setting.name == name && setting.secret);
        let file = if is_secret { (self.0)(&format!("{name}_FILE")) } else { None };
        match (value, file) {
            (Some(_), Some(_)) => Err(problem(name, format!("give either {name} or {name}_FILE, not both"))),
            (value, None) => Ok(value),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned())),
                Err(error) => Err(problem(name, format!("cannot read {path}: {error}"))),
            },
        }
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        name: &'static str,
        default: T,
        kind: &str,
    ) -> Result<T, ConfigError> {
        match self.text(name)? {
            None => Ok(default),
            Some(text) => {
                text.parse().map_err(|_unreadable| problem(name, format!("`{text}` is not {kind}")))
            }
        }
    }
}

fn problem(name: &'static str, problem: String) -> ConfigError {
    ConfigError { name, problem }
}

impl Config {
    /// Reads and checks everything; the first problem is told with its variable's name.
    pub fn read(source: &Source<'_>, is_root: bool) -> Result<Self, ConfigError> {
        let listen: SocketAddr = source.parsed(
            "YUI_LISTEN",
            SocketAddr::from(([127, 0, 0, 1], 8080)),
            "an address and port such as 127.0.0.1:8080",
        )?;
        let base_url = base_url(source, listen)?;
        let smtp = smtp(source, &FIRST_RELAY)?;
        if smtp.is_none() && !is_loopback(&base_url) {
            return Err(problem(
                "YUI_SMTP_HOST",
                format!(
                    "{base_url} is reached by other people, but no mail relay is set: legal notices would vanish into the sandbox mailbox. Set YUI_SMTP_HOST."
                ),
            ));
        }
        Ok(Self {
            data: data_directory(source, is_root)?,
            listen,
            webhook_reach: webhook_reach(source, &base_url)?,
            base_url,
            trusted_proxies: trusted_proxies(source)?,
            database: database(source)?,
            pool: source.parsed("YUI_POOL", 10, "a number of connections")?,
            path: path(source)?,
            task_threads: source.parsed("YUI_TASK_THREADS", 4, "a number of threads")?,
            mail_connections: source.parsed("YUI_MAIL_CONNECTIONS", 2, "a number of connections")?,
            smtp,
            smtp_fallback: smtp_fallback(source)?,
            smtp_ca: source.text("YUI_SMTP_CA")?.map(PathBuf::from),
            mail_domain_rate: source.parsed("YUI_MAIL_DOMAIN_RATE", 20, "a number of mails")?,
            mail_from: mail_from(source)?,
            bounces: bounces::read(source)?,
            metrics_token: metrics_token(source)?,
            uploads: uploads(source)?,
            grace: Duration::from_secs(30),
        })
    }
}

fn uploads(source: &Source<'_>) -> Result<files::Quota, ConfigError> {
    let bytes = |name, megabytes: u32| -> Result<u64, ConfigError> {
        Ok(u64::from(source.parsed(name, megabytes, "a number of megabytes")?) * 1024 * 1024)
    };
    Ok(files::Quota {
        person_bytes: bytes("YUI_UPLOAD_PERSON_MB", 500)?,
        town_bytes: bytes("YUI_UPLOAD_TOWN_MB", 5000)?,
    })
}

fn data_directory(source: &Source<'_>, is_root: bool) -> Result<PathBuf, ConfigError> {
    if let Some(path) = source.text("YUI_DATA")? {
        return Ok(PathBuf::from(path));
    }
    if is_root {
        return Ok(PathBuf::from("/var/lib/yui"));
    }
    let home = (source.0)("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| (source.0)("HOME").map(|home| PathBuf::from(home).join(".local/share")));
    home.map(|home| home.join("yui"))
        .ok_or_else(|| problem("YUI_DATA", "HOME is not set; say where Yui may keep its data".to_owned()))
}

fn base_url(source: &Source<'_>, listen: SocketAddr) -> Result<String, ConfigError> {
    let text = source.text("YUI_BASE_URL")?.unwrap_or_else(|| {
        let host = if listen.ip().is_unspecified() { IpAddr::from([127, 0, 0, 1]) } else { listen.ip() };
        format!("http://{}", SocketAddr::new(host, listen.port()))
    });
    let url = text.trim_end_matches('/').to_owned();
    let valid = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match valid {
        Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ']) => Ok(url),
        _ => Err(problem("YUI_BASE_URL", format!("`{text}` is not of the form https://yui.example.jp"))),
    }
}

/// Whether only this machine reaches `url`.
pub fn is_loopback(url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_scheme, rest)| rest);
    // The colons inside brackets belong to the address.
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some(split) => split,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let is_port = port.is_empty() || port.starts_with(':');
    is_port && (host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}

fn trusted_proxies(source: &Source<'_>) -> Result<Vec<IpAddr>, ConfigError> {
    let text = source.text("YUI_TRUSTED_PROXIES")?.unwrap_or_default();
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            entry
                .parse()
                .map_err(|_unreadable| problem("YUI_TRUSTED_PROXIES", format!("`{entry}` is not an address")))
        })
        .collect()
}

fn database(source: &Source<'_>) -> Result<Option<DatabaseUrls>, ConfigError> {
    let Some(app) = source.text("DATABASE_URL")? else { return Ok(None) };
    let missing = |name| {
        problem(
            name,
            "is needed beside DATABASE_URL; `yui doctor --roles` prints the SQL that makes the roles"
                .to_owned(),
        )
    };
    let owner = source.text("DATABASE_OWNER_URL")?.ok_or_else(|| missing("DATABASE_OWNER_URL"))?;
    let queue = source.text("DATABASE_QUEUE_URL")?.ok_or_else(|| missing("DATABASE_QUEUE_URL"))?;
    Ok(Some(DatabaseUrls { app, owner, queue }))
}

fn path(source: &Source<'_>) -> Result<db::Path, ConfigError> {
    match source.text("YUI_POOLER")?.as_deref() {
        None | Some("no") => Ok(db::Path::Direct),
        Some("yes") => Ok(db::Path::Pooler),
        Some(other) => Err(problem("YUI_POOLER", format!("`{other}` is neither yes nor no"))),
    }
}

/// Where other people reach Yui, its webhooks never reach this machine: whoever may enter an address could look around in it.
fn webhook_reach(source: &Source<'_>, base_url: &str) -> Result<Reach, ConfigError> {
    const NAME: &str = "YUI_WEBHOOKS_TO_LOOPBACK";
    match source.text(NAME)?.as_deref() {
        None | Some("no") => Ok(Reach::Public),
        Some("yes") if is_loopback(base_url) => Ok(Reach::ThisMachineToo),
        Some("yes") => Err(problem(NAME, format!("{base_url} is reached by other people; leave it at no"))),
        Some(other) => Err(problem(NAME, format!("`{other}` is neither yes nor no"))),
    }
}

/// The names of one relay's settings.
struct RelayNames {
    host: &'static str,
    port: &'static str,
    security: &'static str,
    user: &'static str,
    password: &'static str,
}

const FIRST_RELAY: RelayNames = RelayNames {
    host: "YUI_SMTP_HOST",
    port: "YUI_SMTP_PORT",
    security: "YUI_SMTP_SECURITY",
    user: "YUI_SMTP_USER",
    password: "YUI_SMTP_PASSWORD",
};

const SECOND_RELAY: RelayNames = RelayNames {
    host: "YUI_SMTP_FALLBACK_HOST",
    port: "YUI_SMTP_FALLBACK_PORT",
    security: "YUI_SMTP_FALLBACK_SECURITY",
    user: "YUI_SMTP_FALLBACK_USER",
    password: "YUI_SMTP_FALLBACK_PASSWORD",
};

fn smtp_fallback(source: &Source<'_>) -> Result<Option<Smtp>, ConfigError> {
    let fallback = smtp(source, &SECOND_RELAY)?;
    if fallback.is_some() && source.text("YUI_SMTP_HOST")?.is_none() {
        return Err(problem(
            "YUI_SMTP_FALLBACK_HOST",
            "there is no first relay: set YUI_SMTP_HOST".to_owned(),
        ));
    }
    Ok(fallback)
}

fn smtp(source: &Source<'_>, names: &RelayNames) -> Result<Option<Smtp>, ConfigError> {
    let Some(host) = source.text(names.host)? else { return Ok(None) };
    let security = match source.text(names.security)?.as_deref() {
        None | Some("tls") => Security::Tls,
        Some("starttls") => Security::StartTls,
        Some("plain") => Security::Plain,
        Some(other) => {
            return Err(problem(names.security, format!("`{other}` is none of tls, starttls, plain")));
        }
    };
    let usual_port = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::Plain => 25,
    };
    let user = source.text(names.user)?;
    let password = source.text(names.password)?;
    let credentials = match (user, password) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        _ => return Err(problem(names.user, "give user name and password, or neither".to_owned())),
    };
    Ok(Some(Smtp { host, port: source.parsed(names.port, usual_port, "a port")?, security, credentials }))
}

/// Shorter ones could be guessed.
const SHORTEST_TOKEN: usize = 16;

fn metrics_token(source: &Source<'_>) -> Result<Option<String>, ConfigError> {
    let token = source.text("YUI_METRICS_TOKEN")?;
    if token.as_ref().is_some_and(|token| token.len() < SHORTEST_TOKEN) {
        let problem_text = format!("must have at least {SHORTEST_TOKEN} characters");
        return Err(problem("YUI_METRICS_TOKEN", problem_text));
    }
    Ok(token)
}

fn mail_from(source: &Source<'_>) -> Result<kernel::EmailAddress, ConfigError> {
    let text = source.text("YUI_MAIL_FROM")?.unwrap_or_else(|| "yui@localhost.localdomain".to_owned());
    kernel::EmailAddress::parse(&text).map_err(|error| problem("YUI_MAIL_FROM", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let find =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::read(&Source(&find), true)
    }

    #[test]
    fn nothing_has_to_be_set() {
        let config = read(&[]).unwrap();
        assert_eq!(config.base_url, "http://127.0.0.1:8080");
        assert_eq!(config.data, PathBuf::from("/var/lib/yui"));
        assert!(config.database.is_none() && config.smtp.is_none());
    }

    #[test]
    fn a_public_address_without_a_relay_is_refused() {
        let refused = read(&[("YUI_BASE_URL", "https://yui.example.jp")]).unwrap_err();
        assert!(refused.to_string().contains("legal notices would vanish"), "{refused}");
        assert!(
            read(&[("YUI_BASE_URL", "https://yui.example.jp"), ("YUI_SMTP_HOST", "relay.example.jp")])
                .is_ok()
        );
        assert!(read(&[("YUI_BASE_URL", "http://[::1]:8080/")]).is_ok());
    }

    #[test]
    fn a_second_relay_needs_a_first_one() {
        let both = [("YUI_SMTP_HOST", "a.example.jp"), ("YUI_SMTP_FALLBACK_HOST", "b.example.jp")];
        assert_eq!(read(&both).unwrap().smtp_fallback.unwrap().host, "b.example.jp");
        let refused = read(&both[1..]).unwrap_err();
        assert!(refused.to_string().starts_with("YUI_SMTP_FALLBACK_HOST"), "{refused}");
    }

    #[test]
    fn this_machine_is_known_by_each_of_its_names() {
        for url in [
            "http://[::1]",
            "http://[::1]:8080",
            "http://127.0.0.1",
            "http://127.3.2.1:80",
            "http://localhost",
            "http://localhost:8080",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://yui.example.jp",
            "http://[2001:db8::1]",
            "http://[::1].example.jp",
            "http://localhost.example.jp:80",
            "http://0.0.0.0",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn every_mistake_names_its_variable() {
        for (name, value) in [
            ("YUI_LISTEN", "8080"),
            ("YUI_BASE_URL", "yui.example.jp"),
            ("YUI_POOL", "many"),
            ("YUI_POOLER", "perhaps"),
            ("YUI_TRUSTED_PROXIES", "10.0.0.1, proxy"),
            ("YUI_MAIL_FROM", "yui"),
            ("YUI_BOUNCE_ADDRESS", "bounces"),
            ("YUI_BOUNCE_LMTP", "192.0.2.1:24"),
            ("YUI_BOUNCE_LMTP", "bounces.sock"),
            ("YUI_METRICS_TOKEN", "too short"),
        ] {
            let refused = read(&[(name, value)]).unwrap_err();
            assert!(refused.to_string().starts_with(name), "{refused}");
        }
        let refused = read(&[("YUI_BOUNCE_MAILDIR", "/var/mail/bounces")]).unwrap_err();
        assert!(refused.to_string().starts_with("YUI_BOUNCE_ADDRESS"), "{refused}");
        let refused = read(&[("YUI_BOUNCE_LMTP", "127.0.0.1:2424")]).unwrap_err();
        assert!(refused.to_string().starts_with("YUI_BOUNCE_ADDRESS"), "{refused}");
        let refused = read(&[("DATABASE_URL", "postgresql://x")]).unwrap_err();
        assert!(refused.to_string().starts_with("DATABASE_OWNER_URL"), "{refused}");
    }

    #[test]
    fn a_secret_comes_from_a_file_or_the_variable_but_not_both() {
        let folder = std::env::temp_dir().join(format!("yui-config-{}", std::process::id()));
        std::fs::write(&folder, "geheim\n").unwrap();
        let path = folder.to_str().unwrap();
        let base = [
            ("YUI_SMTP_HOST", "relay.example.jp"),
            ("YUI_SMTP_USER", "yui"),
            ("YUI_SMTP_PASSWORD_FILE", path),
        ];
        let config = read(&base).unwrap();
        assert_eq!(config.smtp.unwrap().credentials, Some(("yui".to_owned(), "geheim".to_owned())));
        let both = [base[0], base[1], base[2], ("YUI_SMTP_PASSWORD", "x")];
        assert!(read(&both).unwrap_err().to_string().contains("not both"));
        std::fs::remove_file(&folder).unwrap();
    }
}
