//! What is asked for while everything goes wrong: in one transaction a mail and two tasks, as fast as the database takes
//! them. What a COMMIT has been answered about is written down apart; only that must not be lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::secrets::LinkKey;
use db::{Db, PoolSettings, Tx};
use kernel::{EmailAddress, Language, MessageId, OrganizationId, Scope, TaskId};
use notifier::mails::{AcceptCode, Mail, OrderOpened, TermsNotice};
use notifier::{KeepsHours, MailSettings, MessageError, NewMessage, Outbox, Party, Recipient};
use queue::Task;
use serde::{Deserialize, Serialize};

/// A task whose writes and end commit together.
#[derive(Serialize, Deserialize)]
struct InTransaction {}

impl Task for InTransaction {
    const KIND: &'static str = "sandbox.sweep";
}

/// A task that works outside a transaction.
#[derive(Serialize, Deserialize)]
struct Detached {}

impl Task for Detached {
    const KIND: &'static str = "files.sweep";
}

/// The kinds asked for.
pub(super) const KINDS: [&str; 2] = [InTransaction::KIND, Detached::KIND];

/// What is known to have been committed.
#[derive(Default)]
pub(super) struct Committed {
    pub(super) tasks: Vec<TaskId>,
    pub(super) mails: Vec<MessageId>,
}

/// Asks until `over`.
pub(super) fn produce(app_url: &str, town: OrganizationId, over: &AtomicBool, committed: &Mutex<Committed>) {
    let app = Db::connect(app_url, &PoolSettings { size: 1, ..PoolSettings::default() });
    let outbox = outbox();
    let bell = queue::Wake::default();
    let mut number = 0_u64;
    while !over.load(Ordering::SeqCst) {
        number += 1;
        let asked = app.run_blocking(Scope::system(town), |tx| ask(tx, &outbox, number));
        match asked {
            Ok((mail, tasks)) => {
                let mut committed = committed.lock().unwrap();
                committed.mails.push(mail);
                committed.tasks.extend(tasks);
            }
            // Committed or not, nobody knows: it counts only if it is there.
            Err(error) => drop::<MessageError>(error),
        }
        bell.wait(Duration::from_millis(25));
    }
}

fn ask(tx: &mut Tx<'_>, outbox: &Outbox, number: u64) -> Result<(MessageId, [TaskId; 2]), MessageError> {
    let mail = match number % 3 {
        0 => mail::<AcceptCode>(tx, outbox, number)?,
        1 => mail::<TermsNotice>(tx, outbox, number)?,
        _ => mail::<OrderOpened>(tx, outbox, number)?,
    };
    Ok((mail, [queue::enqueue(tx, &InTransaction {})?, queue::enqueue(tx, &Detached {})?]))
}

/// The outbox whose mails are asked for.
pub(in crate::whole) fn outbox() -> Outbox {
    let settings = MailSettings::new("yui@town.example", "http://127.0.0.1:8080").unwrap();
    Outbox::new(settings, LinkKey::generate(), KeepsHours::Always).unwrap()
}

/// Asks for one mail to somebody of their own.
pub(in crate::whole) fn mail<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    number: u64,
) -> Result<MessageId, MessageError> {
    let recipient = Recipient {
        party: Party::Nobody,
        name: "山田 太郎".to_owned(),
        address: EmailAddress::parse(&format!("somebody{number}@example.jp")).unwrap(),
        language: Language::Ja,
    };
    let message = NewMessage::new(M::sample(Language::Ja), recipient).as_asked();
    Ok(notifier::queue(tx, outbox, message)?.id().unwrap())
}
