//! A process that is lied to by its machine about the time and about where names lead ([`Lies`]; `lies.c`).

use std::process::Command;

/// What one process is told.
pub(in crate::whole) struct Lies {
    directory: tempfile::TempDir,
}

impl Lies {
    /// The truth, until something else is said.
    pub(in crate::whole) fn new(name: &str) -> Self {
        // The loader takes a space in the path for its end.
        let directory = tempfile::Builder::new().prefix(&format!("yui-lies-{name}-")).tempdir().unwrap();
        let lies = Self { directory };
        let source = lies.path("lies.c");
        std::fs::write(&source, include_str!("lies.c")).unwrap();
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o", &lies.path("lies.so"), &source, "-ldl"])
            .status()
            .unwrap();
        assert!(built.success(), "cc: {built}");
        lies
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().unwrap().to_owned()
    }

    /// What the process has to find in its environment.
    pub(in crate::whole) fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("LD_PRELOAD", self.path("lies.so")),
            ("YUI_LIE_CLOCK", self.path("clock")),
            ("YUI_LIE_NAMES", self.path("names")),
        ]
    }

    /// From now on its clock is wrong by so many seconds.
    pub(in crate::whole) fn clock_is_off_by(&self, seconds: i64) {
        self.say("clock", &seconds.to_string());
    }

    /// From now on names that end in `.lies.example` lead there: to an address, or `unknown`, `failing`, `slow`.
    pub(in crate::whole) fn names_lead_to(&self, answer: &str) {
        self.say("names", answer);
    }

    /// At once or not at all, never half.
    fn say(&self, file: &str, words: &str) {
        let draft = self.path("draft");
        std::fs::write(&draft, words).unwrap();
        std::fs::rename(draft, self.path(file)).unwrap();
    }
}
