//! chromedriver, and a window of Chromium for each person.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::hand::Hand;

/// How many browsers walk at once: more would make each other wait beyond anybody's patience.
const MOST_WALKS: usize = 2;
static WALKS: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Leave to walk, given back at the end.
struct Leave;

impl Leave {
    fn take() -> Self {
        let walks = WALKS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut walks =
            ENDED.wait_while(walks, |walks| *walks >= MOST_WALKS).unwrap_or_else(PoisonError::into_inner);
        *walks += 1;
        Self
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        *WALKS.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_one();
    }
}

/// Whether pages may run scripts. Both must work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    On,
    Off,
}

/// How wide a window is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Screen {
    Desk,
    Phone,
}

/// How every browser here is started.
const ARGUMENTS: [&str; 13] = [
    // Containers and root have no user namespaces; every page here is our own.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    // What nobody here looks at costs a third of opening a page: copies of pages for the way back, translations, what a new
    // user is shown, what would be updated.
    "--disable-features=BackForwardCache,Translate,OptimizationHints,MediaRouter,PaintHolding",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--force-prefers-reduced-motion",
    "--lang=ja",
    "--window-size=1280,900",
];

/// A started chromedriver and what has to end with it.
pub(super) struct Driver {
    process: Child,
    url: String,
    runtime: Runtime,
    scripts: Scripts,
    homes: Mutex<HashMap<String, tempfile::TempDir>>,
    _leave: Option<Leave>,
}

impl Driver {
    pub(super) fn start(scripts: Scripts) -> Self {
        Self::with(scripts, Some(Leave::take()))
    }

    /// One more for the same walk.
    pub(super) fn beside(scripts: Scripts) -> Self {
        Self::with(scripts, None)
    }

    fn with(scripts: Scripts, leave: Option<Leave>) -> Self {
        // The port it draws may be another's before it listens there.
        let (process, port) = (0..3).find_map(|_| started()).expect("chromedriver names no port");
        let url = format!("http://127.0.0.1:{port}");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { process, url, runtime, scripts, homes: Mutex::default(), _leave: leave }
    }

    /// A new window with a profile of its own, looking at `base`.
    pub(super) fn window<'a>(&'a self, name: &str, base: &str, screen: Screen) -> Hand<'a> {
        let home = tempfile::tempdir().unwrap();
        let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).into();
        // The shell knows no other way than without a head, and opens no page in a profile that is named.
        if shell().is_none() {
            arguments.push("--headless=new".to_owned());
            arguments.push(format!("--user-data-dir={}", home.path().join("profile").display()));
        }
        let mut options = json!({ "args": arguments, "prefs": {
            "intl.accept_languages": "ja",
            "download.default_directory": home.path().join("downloads"),
            "download.prompt_for_download": false,
        } });
        if let Some(binary) = browser() {
            options["binary"] = json!(binary);
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let connect = async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities).connect(&self.url).await
        };
        let client = self.runtime.block_on(connect).expect("no window of Chromium opens");
        let downloads = home.path().join("downloads");
        self.homes.lock().unwrap().insert(name.to_owned(), home);
        Hand::new(&self.runtime, client, name, base, downloads, screen, self.scripts)
    }
}

/// A chromedriver and the port it has drawn; nothing where it ended without one.
fn started() -> Option<(Child, String)> {
    let driver = fetched("chromedriver").unwrap_or_else(|| "chromedriver".into());
    let mut process = Command::new(driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver does not start: `make test` installs it (.ci/install test)");
    let out = BufReader::new(process.stdout.take().unwrap());
    let port = out.lines().map_while(Result::ok).find_map(|line| {
        line.split_once("started successfully on port ")
            .map(|(_, port)| port.trim_end_matches('.').to_owned())
    });
    if port.is_none() {
        let _ended = process.wait();
    }
    Some((process, port?))
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end, it closes its browsers too; killed, it would leave them.
        let _asked = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ended = self.process.wait();
    }
}

/// The program that `.ci/install test` fetched where the system has none to offer (Ubuntu).
fn fetched(program: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browsers").join(program);
    path.exists().then_some(path)
}

/// Chromium without a browser's frame around its pages: the same engine for little more than half of the work.
/// Not by the script in PATH: told to end, that ends alone.
fn shell() -> Option<PathBuf> {
    let installed = || {
        let path = PathBuf::from("/usr/lib/chromium/chromium-headless-shell");
        path.exists().then_some(path)
    };
    fetched("chrome-headless-shell").or_else(installed)
}

/// Where the browser is, unless chromedriver finds it by itself.
fn browser() -> Option<PathBuf> {
    shell().or_else(|| fetched("chrome"))
}

/// A command of the browser's own protocol, which `WebDriver` only passes on.
#[derive(Debug)]
pub(super) struct DevTools {
    pub(super) command: &'static str,
    pub(super) parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}

/// Ends a session; its window closes.
pub(super) async fn close(client: Client) {
    let _gone_already = client.close().await;
}
