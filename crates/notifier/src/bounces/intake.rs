//! Reading the bounce mailbox: a maildir into which the mail server delivers. What has been read is moved from `new` to
//! `cur`, so that progress is where mail programs keep it too; a crash in between reads a notice twice, which changes
//! nothing. Notices are marked as seen; what people may have to read is left unread there.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use db::{Db, DbError};

use super::Fate;
use super::return_path::ReturnPath;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(10);
/// How much of a mail is read: a notice with a copy of a mail of ours is far smaller.
pub(super) const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Mails read at a time.
const AT_A_TIME: usize = 200;

/// A maildir and whose notices lie in it.
#[derive(Debug, Clone)]
pub struct Mailbox {
    directory: PathBuf,
    return_path: ReturnPath,
}

/// What one look at the mailbox found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Read {
    /// Notices that changed something.
    pub taken: usize,
    /// Notices that changed nothing: known already, forged, about mails of others, or good news.
    pub ignored: usize,
    /// Automatic answers, put aside as read.
    pub automatic: usize,
    /// Left unread for people.
    pub left: usize,
}

impl Mailbox {
    /// `directory` holds `new` and `cur`; they are made where they are missing.
    pub fn open(directory: PathBuf, return_path: ReturnPath) -> io::Result<Self> {
        for part in ["new", "cur", "tmp"] {
            fs::create_dir_all(directory.join(part))?;
        }
        Ok(Self { directory, return_path })
    }

    /// Reads what is new, at most 200 mails, the oldest name first. A database that does not answer leaves the rest for
    /// the next time.
    pub fn read_blocking(&self, db: &Db) -> Result<Read, DbError> {
        let mut read = Read::default();
        for path in self.new_mails().map_err(|error| DbError::Unavailable(error.to_string()))? {
            match contents(&path) {
                Ok(bytes) => self.one(db, &path, &bytes, &mut read)?,
                Err(error) => self.not_read(&path, &error, &mut read),
            }
        }
        Ok(read)
    }

    /// What we are not allowed to read stays so: it is put aside unread, once, for people who may. Whatever else stands in
    /// the way passes, so that mail is looked at again.
    fn not_read(&self, path: &Path, error: &io::Error, read: &mut Read) {
        match error.kind() {
            // Somebody else has put it away.
            io::ErrorKind::NotFound => {}
            io::ErrorKind::PermissionDenied => {
                log::warn!("a mail in the bounce mailbox may not be read and is put aside: {error}");
                read.left += 1;
                self.put_away(path, false);
            }
            _ => log::warn!("cannot read a mail in the bounce mailbox: {error}"),
        }
    }

    fn new_mails(&self) -> io::Result<Vec<PathBuf>> {
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(self.directory.join("new"))? {
            let entry = entry?;
            let is_mail =
                entry.file_type()?.is_file() && !entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_mail {
                names.push(entry.path());
            }
        }
        names.sort();
        names.truncate(AT_A_TIME);
        Ok(names)
    }

    fn one(&self, db: &Db, path: &Path, bytes: &[u8], read: &mut Read) -> Result<(), DbError> {
        let count = match super::receive(db, bytes, &self.return_path)? {
            Fate::Taken => &mut read.taken,
            Fate::Ignored => &mut read.ignored,
            Fate::Automatic => &mut read.automatic,
            // Looked at again with the next look.
            Fate::TooEarly => return Ok(()),
            Fate::ForPeople => {
                read.left += 1;
                self.put_away(path, false);
                return Ok(());
            }
        };
        *count += 1;
        self.put_away(path, true);
        Ok(())
    }

    fn put_away(&self, path: &Path, seen: bool) {
        let Some(name) = path.file_name() else { return };
        let mut name = name.to_owned();
        name.push(if seen { ":2,S" } else { ":2," });
        if let Err(error) = fs::rename(path, self.directory.join("cur").join(name)) {
            log::warn!("cannot put a mail of the bounce mailbox away: {error}");
        }
    }
}

fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A thread that reads the mailbox every few seconds.
#[derive(Debug)]
pub struct Intake {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Intake {
    /// Starts it. `db` is the role that works inside a town.
    pub fn start(db: Db, mailbox: Mailbox) -> Self {
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || until_stopped(&db, &mailbox, &stopped));
        Self { stop, thread }
    }

    /// Lets the mail under way end.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            log::error!("the thread that reads the bounce mailbox panicked");
        }
    }
}

fn until_stopped(db: &Db, mailbox: &Mailbox, stopped: &Receiver<()>) {
    loop {
        match mailbox.read_blocking(db) {
            Ok(read) if read == Read::default() => {}
            Ok(read) => log::info!(
                taken = read.taken, ignored = read.ignored, automatic = read.automatic, left = read.left;
                "the bounce mailbox was read"
            ),
            Err(error) => log::warn!("cannot take what lies in the bounce mailbox: {error}"),
        }
        if !matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use accounts::secrets::LinkKey;
    use kernel::EmailAddress;

    use super::*;

    /// The error is made up: who runs the tests may be allowed to read everything.
    #[test]
    fn what_may_not_be_read_is_put_aside_once_and_a_passing_error_is_tried_again() {
        let directory = std::env::temp_dir().join(format!("yui-bounces-{}-closed", std::process::id()));
        let address = EmailAddress::parse("bounces@town.example").unwrap();
        let path = ReturnPath::new(&address, LinkKey::generate()).unwrap();
        let mailbox = Mailbox::open(directory.clone(), path).unwrap();
        fs::write(directory.join("new/closed"), "").unwrap();
        let closed = mailbox.new_mails().unwrap().remove(0);
        let mut read = Read::default();
        mailbox.not_read(&closed, &io::ErrorKind::Interrupted.into(), &mut read);
        assert_eq!((read, mailbox.new_mails().unwrap().len()), (Read::default(), 1));
        mailbox.not_read(&closed, &io::ErrorKind::PermissionDenied.into(), &mut read);
        assert_eq!(read, Read { left: 1, ..Read::default() });
        assert_eq!(mailbox.new_mails().unwrap(), [] as [PathBuf; 0]);
        assert!(directory.join("cur/closed:2,").exists());
        mailbox.not_read(&closed, &io::ErrorKind::NotFound.into(), &mut read);
        assert_eq!(read.left, 1, "what somebody else put away is none of ours");
        fs::remove_dir_all(directory).unwrap();
    }
}
