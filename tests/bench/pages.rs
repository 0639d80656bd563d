//! The pages a salesperson opens all day, in a town of a thousand deals and in one of a hundred thousand with a million
//! activities: through the running program, as a browser asks for them, one after the other.
//!
//! The towns are made once for all runs (`yui demo --scale`), which takes minutes, and taken away at the end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::program::{Started, binary};
use crate::server::{self, Server};

/// How often each page is asked for before it is timed, and then.
const WARM: usize = 20;
const TIMED: usize = 100;
/// A page is at most so slow among a hundred thousand deals, in milliseconds, and so many times slower than among a thousand.
const MOST: f64 = 100.0;
const TIMES: f64 = 3.0;

/// A page and what is asked of it; `{deal}` is one of the town's deals.
struct Page {
    path: &'static str,
}

const PAGES: [Page; 10] = [
    Page { path: "/board" },
    Page { path: "/deals" },
    Page { path: "/deals?state=won" },
    Page { path: "/companies" },
    Page { path: "/search?q=%E5%85%A5%E5%8A%9B" },
    Page { path: "/search?q=%E6%9E%B6%E7%A9%BA7" },
    // A company of one trade and its deals; then three that no company, contact and deal share, each common by itself.
    Page { path: "/search?q=%E5%95%86%E5%BA%97+%E6%A0%A1%E6%AD%A3" },
    Page { path: "/search?q=%E6%9D%BE%E6%9C%AC+%E5%B0%8F%E6%9E%97+%E9%9B%86%E8%A8%88" },
    Page { path: "/deals/{deal}" },
    Page { path: "/" },
];

const fn at_most(name: &'static str) -> Figure {
    Figure { name, unit: "ms", target: Target::AtMost(MOST) }
}

const fn times(name: &'static str) -> Figure {
    Figure { name, unit: "times", target: Target::AtMost(TIMES) }
}

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "pages",
    figures: &[
        at_most("pages: board among 100,000 deals, p95"),
        times("pages: board, against 1,000 deals"),
        at_most("pages: open deals among 100,000, p95"),
        times("pages: open deals, against 1,000"),
        at_most("pages: won deals among 100,000, p95"),
        times("pages: won deals, against 1,000"),
        at_most("pages: companies among 20,000, p95"),
        times("pages: companies, against 200"),
        at_most("pages: search for a common word, p95"),
        times("pages: search for a common word, against 1,000 deals"),
        at_most("pages: search for a rare word, p95"),
        times("pages: search for a rare word, against 1,000 deals"),
        at_most("pages: search for two words, p95"),
        times("pages: search for two words, against 1,000 deals"),
        at_most("pages: search for three words, p95"),
        times("pages: search for three words, against 1,000 deals"),
        at_most("pages: a deal among 100,000, p95"),
        times("pages: a deal, against 1,000"),
        at_most("pages: home of sales among 100,000 deals, p95"),
        times("pages: home of sales, against 1,000 deals"),
        Figure {
            name: "pages: making 100,000 deals and 1,000,000 activities",
            unit: "s",
            target: Target::Told,
        },
    ],
    measure,
}];

/// A demo town on disk, and somebody in it.
pub(crate) struct Town {
    home: tempfile::TempDir,
    pub(crate) email: String,
    password: String,
    /// How long it took to bring it to its size.
    pub(crate) seconds: f64,
}

/// The small one and the large one, once they are made.
static TOWNS: Mutex<Vec<Town>> = Mutex::new(Vec::new());

/// Takes the towns away again.
pub(crate) fn clear() {
    TOWNS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

fn measure(_server: &Server) -> Result<Vec<Sample>, Trouble> {
    let binary = binary()?;
    let mut towns = TOWNS.lock().unwrap_or_else(PoisonError::into_inner);
    for deals in [1_000, 100_000].into_iter().skip(towns.len()) {
        towns.push(Town::made(&binary, "--scale", deals, "sales")?);
    }
    let [small, large] = towns.as_slice() else { return Err("there are two towns".into()) };
    let paths = |reader: &Reader| -> Result<Vec<String>, Trouble> {
        let deal = reader.a_deal()?;
        Ok(PAGES.iter().map(|page| page.path.replace("/deals/{deal}", &deal)).collect())
    };
    let (few, many) = (small.timed(&binary, paths)?, large.timed(&binary, paths)?);
    let mut samples: Vec<Sample> = few
        .into_iter()
        .zip(many)
        .flat_map(|(few, many)| [Sample::of(many), Sample::of(many / few)])
        .collect();
    samples.push(Sample::of(large.seconds));
    Ok(samples)
}

impl Town {
    /// A demo town brought to a size by an option of `yui demo`, as somebody with `role` sees it.
    pub(crate) fn made(binary: &Path, option: &str, size: u32, role: &str) -> Result<Self, Trouble> {
        let home = tempfile::Builder::new().prefix("yui-bench-pages-").tempdir()?;
        server::open_to_server(home.path())?;
        let data = home.path().join("data");
        let demo = |arguments: &[&str]| -> Result<(String, f64), Trouble> {
            let began = Instant::now();
            let run = Command::new(binary)
                .arg("--data")
                .arg(&data)
                .arg("demo")
                .args(arguments)
                .stderr(Stdio::null())
                .output()?;
            if !run.status.success() {
                return Err(format!("yui demo failed: {}", run.status).into());
            }
            Ok((String::from_utf8(run.stdout)?, began.elapsed().as_secs_f64()))
        };
        let (sign_ins, _) = demo(&[])?;
        let (_, seconds) = demo(&[option, &size.to_string()])?;
        let reader = sign_ins.lines().find(|line| line.split_whitespace().next() == Some(role));
        let mut words = reader.ok_or("nobody has that role in the demo")?.split_whitespace().skip(1);
        let mut word = || words.next().map(str::to_owned).ok_or("a sign-in lacks a word");
        Ok(Self { email: word()?, password: word()?, home, seconds })
    }

    /// Where its data lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// The p95 of each of the pages that `paths` names, in milliseconds.
    pub(crate) fn timed(
        &self,
        binary: &Path,
        paths: impl Fn(&Reader) -> Result<Vec<String>, Trouble>,
    ) -> Result<Vec<f64>, Trouble> {
        let (running, _) = Started::until_first_page(binary, &self.data())?;
        let reader = Reader::signed_in(running.port, self)?;
        let times: Result<Vec<f64>, Trouble> = paths(&reader)?
            .iter()
            .map(|path| {
                let all: Result<Vec<f64>, Trouble> =
                    (0..WARM + TIMED).map(|_| reader.milliseconds(path)).collect();
                Ok(percentile(all?.into_iter().skip(WARM), 0.95))
            })
            .collect();
        running.stop()?;
        times
    }
}

/// Somebody's browser.
pub(crate) struct Reader {
    port: u16,
    cookies: String,
}

impl Reader {
    pub(crate) fn signed_in(port: u16, town: &Town) -> Result<Self, Trouble> {
        let stranger = Self { port, cookies: String::new() };
        let form = stranger.ask("GET", "/t/demo/sign-in", "")?;
        let csrf = between(&form, "name=\"csrf\" value=\"", "\"").ok_or("the form has no token")?;
        let guest = Self { port, cookies: cookies(&form) };
        let typed =
            format!("csrf={csrf}&email={}&password={}", town.email.replace('@', "%40"), town.password);
        let entered = guest.ask("POST", "/t/demo/sign-in", &typed)?;
        if !entered.starts_with("HTTP/1.1 303") {
            return Err(format!("cannot sign in: {}", entered.lines().next().unwrap_or_default()).into());
        }
        Ok(Self { port, cookies: cookies(&entered) })
    }

    /// The address of a deal with a long history: the last won one.
    fn a_deal(&self) -> Result<String, Trouble> {
        let list = self.ask("GET", "/deals?state=lost", "")?;
        let id = list.split("href=\"/deals/").skip(1).find_map(|rest| {
            let id = rest.split('"').next()?;
            id.bytes().all(|byte| byte.is_ascii_digit()).then_some(id)
        });
        Ok(format!("/deals/{}", id.ok_or("no deal was lost")?))
    }

    fn milliseconds(&self, path: &str) -> Result<f64, Trouble> {
        let began = Instant::now();
        let page = self.ask("GET", path, "")?;
        let taken = began.elapsed().as_secs_f64() * 1_000.0;
        if page.starts_with("HTTP/1.1 200") { Ok(taken) } else { Err(format!("{path} is no page").into()) }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Result<String, Trouble> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let origin = format!("http://127.0.0.1:{}", self.port);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {origin}\r\nCookie: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookies,
            body.len(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// What an answer sets, as the next request sends it.
fn cookies(answer: &str) -> String {
    let set = answer.lines().take_while(|line| !line.is_empty()).filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next().unwrap_or_default())
    });
    set.collect::<Vec<_>>().join("; ")
}

pub(crate) fn between<'text>(text: &'text str, before: &str, after: &str) -> Option<&'text str> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}
