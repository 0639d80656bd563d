//! What a person does in a window: open, read, type, press. Everything waits until it can be done.

use std::cell::RefCell;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::driver::{DevTools, Screen, Scripts, close};
use crate::whole::world::SignIn;

/// How long anybody waits for a page on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(45);

/// One person's window.
pub(super) struct Hand<'a> {
    runtime: &'a Runtime,
    client: Option<Client>,
    name: String,
    base: String,
    downloads: PathBuf,
    scripts: Scripts,
    /// What the browser calls the long script it was told.
    kept: RefCell<Option<String>>,
}

impl<'a> Hand<'a> {
    pub(super) fn new(
        runtime: &'a Runtime,
        client: Client,
        name: &str,
        base: &str,
        downloads: PathBuf,
        screen: Screen,
        scripts: Scripts,
    ) -> Self {
        let (name, base) = (name.to_owned(), base.to_owned());
        let hand =
            Self { runtime, client: Some(client), name, base, downloads, scripts, kept: RefCell::default() };
        // The shell does not read where preferences say it.
        let keep = json!({ "behavior": "allow", "downloadPath": hand.downloads });
        hand.tell_browser("Browser.setDownloadBehavior", keep);
        if let Screen::Phone = screen {
            // Only the measures: chromedriver's own phone taps by script, which waits for ever where none may run.
            let measures = json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false });
            hand.tell_browser("Emulation.setDeviceMetricsOverride", measures);
        }
        if scripts == Scripts::Off {
            hand.forbid_scripts();
        }
        hand
    }

    /// Whether pages may run scripts here.
    pub(super) fn scripts(&self) -> Scripts {
        self.scripts
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    fn wait<T>(&self, doing: impl Future<Output = T>) -> T {
        let bounded = async { tokio::time::timeout(PATIENCE, doing).await };
        self.runtime
            .block_on(bounded)
            .unwrap_or_else(|_late| panic!("{}: the browser does not answer", self.name))
    }

    /// Scripts of pages no longer run in this window; what the test asks the browser still does.
    fn forbid_scripts(&self) {
        self.scripts_disabled(json!(true));
        let probe = "data:text/html,<title>off</title><script>document.title='on'</script>";
        self.wait(self.client().goto(probe)).unwrap();
        assert_eq!(self.wait(self.client().title()).unwrap(), "off", "scripts still run");
    }

    /// Lets a script of the test work that waits for timers and promises, which rest where scripts are forbidden. The
    /// page's own scripts were passed over when it was read and do not come back.
    pub(super) fn while_scripts_may_run<T>(&self, look: impl FnOnce() -> T) -> T {
        if self.scripts == Scripts::On {
            return look();
        }
        self.scripts_disabled(json!(false));
        let seen = look();
        self.scripts_disabled(json!(true));
        seen
    }

    fn tell_browser(&self, command: &'static str, parameters: Value) {
        self.asks_browser(command, parameters);
    }

    /// What the browser answers to a command of its own protocol.
    pub(super) fn asks_browser(&self, command: &'static str, parameters: Value) -> Value {
        self.wait(self.client().issue_cmd(DevTools { command, parameters })).unwrap()
    }

    /// Every page that is opened from now on runs this script before its own.
    pub(super) fn brings_along(&self, script: &str) {
        self.tell_browser("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    fn scripts_disabled(&self, value: Value) {
        self.tell_browser("Emulation.setScriptExecutionDisabled", json!({ "value": value }));
    }

    /// Goes to a path of the town or to a whole address.
    pub(super) fn open(&self, address: &str) {
        let url =
            if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() };
        self.wait(self.client().goto(&url)).unwrap_or_else(|error| panic!("{}: {url}: {error}", self.name));
    }

    pub(super) fn sign_in(&self, who: &SignIn) {
        self.sign_in_unseen(who);
        self.see("今日");
    }

    /// Whoever used the window is gone, and nothing of theirs stays in it.
    pub(super) fn is_handed_on(&self) {
        self.run("localStorage.clear(); sessionStorage.clear()");
        self.wait(self.client().delete_all_cookies()).unwrap();
    }

    /// Signs in somebody whose pages speak either language.
    pub(super) fn sign_in_unseen(&self, who: &SignIn) {
        self.open("/t/demo/sign-in");
        self.fill("email", &who.email);
        self.fill("password", &who.password);
        self.press("サインインする");
        self.until("the sign-in leads nowhere", || (self.path() == "/").then_some(()));
    }

    /// The path and query of a link that leads to a place of this town.
    pub(super) fn path_here(&self, link: &str) -> Option<String> {
        let path = link.strip_prefix(&self.base)?;
        path.split('#').next().map(str::to_owned)
    }

    /// An attribute of the first element of this CSS selector.
    pub(super) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let read = async { self.client().find(Locator::Css(selector)).await?.attr(name).await };
        self.wait(read).unwrap_or_default()
    }

    /// The path that the window shows now.
    pub(super) fn path(&self) -> String {
        self.wait(self.client().current_url()).unwrap().path().to_owned()
    }

    /// The words of the page, as it lays them out: a tenth of what asking the driver for them takes.
    pub(super) fn text(&self) -> String {
        let words = "return document.body?.innerText ?? ''";
        let read = self.wait(self.client().execute(words, Vec::new()));
        read.ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The words of the first element at an `XPath`.
    pub(super) fn text_of(&self, path: &str) -> String {
        let read = async { self.client().find(Locator::XPath(path)).await?.text().await };
        self.wait(read).unwrap_or_else(|error| panic!("{}: {path}: {error}", self.name))
    }

    /// Waits until the page says `words`.
    pub(super) fn see(&self, words: &str) {
        self.until(&format!("{words:?} is not on the page"), || self.text().contains(words).then_some(()));
    }

    /// Presses the visible link, button or menu item that says `words`; exactly those before what
    /// begins with them, and that before what contains them.
    pub(super) fn press(&self, words: &str) {
        self.press_in("/", words);
    }

    /// Whether there is something to press that says exactly this.
    pub(super) fn may_press(&self, words: &str) -> bool {
        let path = pressable("/", &says_exactly(&quoted(words)));
        self.wait(self.client().find_all(Locator::XPath(&path))).is_ok_and(|found| !found.is_empty())
    }

    /// The same inside of the first element at the `XPath` `place`; labels of round buttons and boxes count too.
    pub(super) fn press_in(&self, place: &str, words: &str) {
        self.until(&format!("there is no {words:?} to press"), || {
            self.wait(self.try_press(place, words)).unwrap_or(false).then_some(())
        });
    }

    async fn try_press(&self, place: &str, words: &str) -> Result<bool, CmdError> {
        for says in [says_exactly, says_first, says_somewhere] {
            let path = pressable(place, &says(&quoted(words)));
            for found in self.client().find_all(Locator::XPath(&path)).await? {
                if found.is_displayed().await? {
                    self.bring_up(&found).await?;
                    found.click().await?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Drags the element of one CSS selector onto that of another with the mouse, as low inside of it as `below` says:
    /// half its height from its middle is its edge.
    pub(super) fn drag(&self, from: &str, onto: &str, below: f64) {
        let by_hand = async {
            let (held, over) = (
                self.client().find(Locator::Css(from)).await?,
                self.client().find(Locator::Css(onto)).await?,
            );
            self.bring_up(&held).await?;
            let at = |element: &Element, y: f64| PointerAction::MoveToElement {
                element: element.clone(),
                duration: Some(Duration::from_millis(100)),
                x: 0.0,
                y,
            };
            let way = MouseActions::new("mouse".to_owned())
                .then(at(&held, 0.0))
                .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
                // The first few pixels make it a drag.
                .then(PointerAction::MoveBy { duration: None, x: 8.0, y: 8.0 })
                .then(at(&over, 0.0))
                .then(at(&over, below))
                .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
            self.client().perform_actions(way).await
        };
        self.wait(by_hand).unwrap_or_else(|error| panic!("{}: {from} onto {onto}: {error}", self.name));
    }

    /// Types into the field called `name`, in place of what stood there.
    pub(super) fn fill(&self, name: &str, value: &str) {
        self.act(&field_at(name), |field| {
            let value = value.to_owned();
            async move {
                if field.attr("type").await?.as_deref() == Some("date") {
                    // How a date is typed depends on the system's language; the value does not.
                    let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }));";
                    let element = serde_json::to_value(&field).unwrap_or_default();
                    self.client().execute(script, vec![element, json!(value)]).await?;
                    return Ok(());
                }
                field.clear().await?;
                field.send_keys(&value).await
            }
        });
    }

    /// Types into the one large text field inside of the `XPath` `place`.
    pub(super) fn fill_text(&self, place: &str, value: &str) {
        self.act(&format!("{place}//textarea"), |field| async move { field.send_keys(value).await });
    }

    /// Takes the choice that says `words` in the list called `name`; exactly those first, as in [`Self::press`].
    pub(super) fn choose(&self, name: &str, words: &str) {
        let options = [says_exactly, says_first, says_somewhere]
            .map(|says| format!("./option[{}]", says(&quoted(words))));
        self.act(&field_at(name), |field| {
            let options = options.clone();
            async move {
                for option in &options {
                    if let Some(found) = field.find_all(Locator::XPath(option)).await?.first() {
                        return found.click().await;
                    }
                }
                field.find(Locator::XPath(&options[0])).await?.click().await
            }
        });
    }

    /// Chooses a file.
    pub(super) fn attach(&self, name: &str, file: &Path) {
        let path = file.to_str().unwrap().to_owned();
        self.act(&field_at(name), |field| {
            let path = path.clone();
            async move { field.send_keys(&path).await }
        });
    }

    /// Every address that the page links to.
    pub(super) fn links(&self) -> Vec<String> {
        let script = "return [...document.querySelectorAll('a[href]')].map((link) => link.href)";
        let found = self.run(script);
        found.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Waits for a downloaded file of this name and reads it.
    pub(super) fn downloaded(&self, name: &str) -> Vec<u8> {
        let path = self.downloads.join(name);
        self.until(&format!("{name} does not arrive"), || std::fs::read(&path).ok())
    }

    /// Keeps a picture of the window beside the build, for whoever looks into a failure; says where.
    pub(super) fn picture(&self) -> String {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.png", self.name));
        match self.wait(self.client().screenshot()).map(|image| std::fs::write(&path, image)) {
            Ok(Ok(())) => path.display().to_string(),
            _ => String::from("no picture"),
        }
    }

    /// Presses keys.
    pub(super) fn perform(&self, actions: KeyActions) {
        self.wait(self.client().perform_actions(actions))
            .unwrap_or_else(|error| panic!("{}: {}: {error}", self.name, self.path()));
    }

    /// Runs a script of the test in the page.
    pub(super) fn run(&self, script: &str) -> Value {
        self.wait(self.client().execute(script, Vec::new())).unwrap()
    }

    /// Runs a long script of the test in the page, which the browser is told once and keeps.
    pub(super) fn run_kept(&self, script: &str) {
        let again = self.kept.borrow().clone().is_some_and(|kept| self.run_known(kept));
        if !again {
            let told = DevTools {
                command: "Runtime.compileScript",
                parameters: json!({ "expression": script, "sourceURL": "", "persistScript": true }),
            };
            let told = self.wait(self.client().issue_cmd(told)).unwrap();
            let kept = told["scriptId"].as_str().unwrap().to_owned();
            assert!(self.run_known(kept.clone()), "the script does not run at {}", self.path());
            *self.kept.borrow_mut() = Some(kept);
        }
    }

    /// Whether a script that the browser was told has run: another process of it knows nothing of what one was told.
    fn run_known(&self, script: String) -> bool {
        let run = DevTools { command: "Runtime.runScript", parameters: json!({ "scriptId": script }) };
        let ran = self.wait(self.client().issue_cmd(run));
        ran.is_ok_and(|ran| ran.get("exceptionDetails").is_none())
    }

    /// Runs a script that calls its last argument back.
    pub(super) fn run_later(&self, script: &str) -> Value {
        self.wait(self.client().execute_async(script, Vec::new())).unwrap()
    }

    /// Does something with the first element at the `XPath` `path`.
    fn act<F: Future<Output = Result<(), CmdError>>>(&self, path: &str, action: impl Fn(Element) -> F) {
        self.until(&format!("{path} cannot be used"), || {
            let tried = async {
                let found = self.client().find(Locator::XPath(path)).await?;
                self.bring_up(&found).await?;
                action(found).await
            };
            self.wait(tried).ok()
        });
    }

    /// To the middle of the window, where no bar covers it.
    async fn bring_up(&self, element: &Element) -> Result<(), CmdError> {
        let script = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let element = serde_json::to_value(element).unwrap_or_default();
        self.client().execute(script, vec![element]).await.map(drop)
    }

    /// Looks again and again, for as long as anybody would wait.
    pub(super) fn until<T>(&self, otherwise: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                Instant::now() < end,
                "{}: {otherwise} ({}, {}):\n{}",
                self.name,
                self.path(),
                self.picture(),
                self.text()
            );
            self.wait(async { tokio::time::sleep(Duration::from_millis(50)).await });
        }
    }
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            self.wait(close(client));
        }
    }
}

fn says_exactly(words: &str) -> String {
    format!("normalize-space(.)={words}")
}

fn says_first(words: &str) -> String {
    format!("starts-with(normalize-space(.), {words})")
}

fn says_somewhere(words: &str) -> String {
    format!("contains(normalize-space(.), {words})")
}

/// What can be pressed inside of `place`.
fn pressable(place: &str, says: &str) -> String {
    let label = if place == "/" { "" } else { " or self::label" };
    format!("{place}/descendant::*[self::a or self::button or self::summary{label}][{says}]")
}

/// The field called `name`; `place > name` means the one inside of the `XPath` `place`.
fn field_at(name: &str) -> String {
    let (place, name) = name.rsplit_once(" > ").unwrap_or(("/", name));
    format!("{place}/descendant::*[@name={} and not(@type='hidden')]", quoted(name))
}

/// As a string of `XPath`; no name or text here holds a double quote.
fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "{text} cannot be quoted");
    format!("\"{text}\"")
}
