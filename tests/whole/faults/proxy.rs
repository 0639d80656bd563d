//! A wire between a client and the server's socket that can fall silent: bytes are taken and not passed on, and nobody is
//! told. That is what a half-open connection looks like from both ends.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::whole::world::Scratch;

pub(super) struct Proxy {
    state: Arc<State>,
    url: String,
    _directory: Scratch,
}

#[derive(Default)]
struct State {
    /// Connections made before this many have fallen silent.
    silent_before: AtomicUsize,
    connections: AtomicUsize,
    refusing: AtomicBool,
    /// A client that says this is not heard, and everything so far falls silent.
    taboo: Mutex<Option<&'static [u8]>>,
}

impl Proxy {
    /// A proxy before the server of `url`.
    pub(super) fn before(url: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let directory = Scratch::new(&format!("wire {}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let listener = UnixListener::bind(directory.0.join(".s.PGSQL.5432")).unwrap();
        // postgresql://ROLE@/DATABASE?host=DIRECTORY&port=…, percent-encoded.
        let (before, rest) = url.split_once("host=").unwrap();
        let (host, after) = rest.split_once('&').unwrap();
        let decoded = format!("host={host}");
        let host = url::form_urlencoded::parse(decoded.as_bytes()).next().unwrap().1.into_owned();
        let socket = Path::new(&host).join(".s.PGSQL.5432");
        let own = directory.0.to_str().unwrap().replace('/', "%2F").replace(' ', "%20");
        let url = format!("{before}host={own}&{after}");
        let state = Arc::new(State::default());
        let accepting = state.clone();
        std::thread::spawn(move || accept(&listener, &socket, &accepting));
        Self { state, url, _directory: directory }
    }

    /// The server's URL through this proxy.
    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    /// How many connections have been made.
    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Nothing passes any more over the connections there are; new ones work.
    pub(super) fn fall_silent(&self) {
        self.state.fall_silent();
    }

    /// The next time a client says `words`, they get lost, and nothing passes any more over the connections there are.
    pub(super) fn fall_silent_at(&self, words: &'static [u8]) {
        *self.state.taboo.lock().unwrap() = Some(words);
    }

    /// New connections are taken and never answered.
    pub(super) fn refuse(&self) {
        self.state.refusing.store(true, Ordering::SeqCst);
    }
}

impl State {
    fn fall_silent(&self) {
        self.silent_before.store(self.connections.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    fn listen_for_the_taboo(&self, said: &[u8]) {
        let mut taboo = self.taboo.lock().unwrap();
        if taboo.is_some_and(|words| said.windows(words.len()).any(|part| part == words)) {
            *taboo = None;
            self.fall_silent();
        }
    }
}

fn accept(listener: &UnixListener, socket: &PathBuf, state: &Arc<State>) {
    let mut unanswered = Vec::new();
    for client in listener.incoming() {
        let Ok(client) = client else { return };
        if state.refusing.load(Ordering::SeqCst) {
            unanswered.push(client);
            continue;
        }
        let Ok(server) = UnixStream::connect(socket) else { continue };
        let number = state.connections.fetch_add(1, Ordering::SeqCst);
        for (from, to) in [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client)] {
            let state = state.clone();
            std::thread::spawn(move || pass_on(from, to, number, &state));
        }
    }
}

fn pass_on(mut from: UnixStream, mut to: UnixStream, number: usize, state: &State) {
    let mut bytes = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        state.listen_for_the_taboo(&bytes[..read]);
        if number < state.silent_before.load(Ordering::SeqCst) {
            continue;
        }
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    // A silent wire does not even tell that an end has gone.
    if number >= state.silent_before.load(Ordering::SeqCst) {
        let _closed_already = to.shutdown(std::net::Shutdown::Both);
    }
}
