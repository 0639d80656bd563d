//! The whole year on a real database, for days on which calendars like to break.

use accounts::LinkKey;
use chrono::NaiveDate;
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::Text;
use notifier::{MailSettings, Outbox};
use queue::Registry;
use std::sync::Arc;

use super::open_town;
use super::players::Troupe;
use crate::notices::Notices;
use crate::{runtime, subscriptions};

fn played(today: &str) -> TestDb {
    let db = TestDb::new();
    let today: NaiveDate = today.parse().unwrap();
    let key = LinkKey::generate();
    let (stage, sign_ins) = open_town(db.app.clone(), key.clone(), today).unwrap();
    assert_eq!(sign_ins.len(), 13);
    let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
    let notices = Arc::new(Notices { outbox: Outbox::new(settings).unwrap(), key });
    let mut mailing = Registry::new();
    subscriptions::register(&mut mailing, notices);
    Troupe::gather(&stage, &db.queue, mailing, runtime::silent_registry()).play(|_, _| {}).unwrap();
    db
}
