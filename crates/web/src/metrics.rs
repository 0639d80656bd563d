//! `/metrics`: what monitoring programs read, in the text form of Prometheus (version 0.0.4). Numbers by kind and state of
//! all towns together; no town, person, address or subject is named.
//!
//! Invariant: nobody reads them without the installation's own token, and without that setting there is no such page
//! (`metrics_are_for_the_holder_of_the_token_alone`).

use std::fmt::Write as _;
use std::rc::Rc;

use accounts::organizations;
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use chrono::TimeDelta;
use db::{Db, DbError, Lobby};
use kernel::OrganizationId;
use notifier::messages::{self, gauges};
use notifier::webhooks;
use queue::tasks;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::app::{MailState, Readiness, TaskState};
use crate::call::Call;
use crate::failure::Failure;
use crate::server::bearer;

/// What "lately" means in a metric's name.
const LATELY_MINUTES: i64 = 5;

/// What a monitoring program proves itself by. Only its digest is kept in memory.
#[derive(Clone)]
pub struct MetricsToken([u8; 32]);

impl MetricsToken {
    /// Of the setting's own text.
    pub fn new(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Whether `said` is that text; the time it takes tells nothing about it.
    fn fits(&self, said: &str) -> bool {
        let said: [u8; 32] = Sha256::digest(said).into();
        self.0.ct_eq(&said).into()
    }
}

impl std::fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MetricsToken(…)")
    }
}

/// `GET /metrics`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let token = call.app.settings.metrics.as_ref().ok_or_else(Failure::not_found)?;
    if !bearer(&call.request).is_some_and(|said| token.fits(&said)) {
        let mut refused = HttpResponse::Unauthorized();
        return Ok(refused.insert_header((header::WWW_AUTHENTICATE, "Bearer")).finish());
    }
    let found = call.app.queue.lobby(read).await;
    if let Err(error) = &found {
        log::warn!("metrics without the database: {error}");
    }
    let mut text = Exposition::default();
    process(&mut text, &call.app.readiness, &call.app.db, &call.app.queue);
    text.gauge("yui_database_answers", "Whether the database answered this very request.");
    text.sample("yui_database_answers", &[], i64::from(found.is_ok()));
    if let Ok(found) = found {
        found.write(&mut text);
    }
    let mut answer = HttpResponse::build(StatusCode::OK);
    Ok(answer.content_type("text/plain; version=0.0.4; charset=utf-8").body(text.0))
}

/// What this process knows by itself.
fn process(text: &mut Exposition, readiness: &Readiness, app: &Db, queue: &Db) {
    text.gauge("yui_info", "Always 1; the version that runs.");
    text.sample("yui_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    text.gauge("yui_ready", "Whether this process can do its work.");
    text.sample("yui_ready", &[], i64::from(readiness.is_ready()));
    text.gauge(
        "yui_relay_takes_mail",
        "Whether a mail relay takes mail; missing where this process sends none.",
    );
    if readiness.mail_state() != MailState::Unknown {
        text.sample("yui_relay_takes_mail", &[], i64::from(readiness.mail_state() == MailState::Flowing));
    }
    text.gauge("yui_workers_run", "Whether task threads are free; missing where this process has none.");
    if readiness.task_state() != TaskState::Unknown {
        text.sample("yui_workers_run", &[], i64::from(readiness.task_state() == TaskState::Running));
    }
    text.gauge("yui_database_connections", "Connections of this process to the database.");
    for (role, pool) in [("app", app), ("queue", queue)] {
        let (open, idle) = pool.connections();
        text.sample(
            "yui_database_connections",
            &[("role", role), ("state", "busy")],
            i64::from(open - idle.min(open)),
        );
        text.sample("yui_database_connections", &[("role", role), ("state", "idle")], i64::from(idle));
    }
}

/// What the database says, in one transaction.
struct Found {
    tasks: Vec<tasks::Gauge>,
    ended: Vec<tasks::EndedLately>,
    oldest_task: f64,
    waiting: Vec<gauges::Gauge>,
    attempts: Vec<gauges::Gauge>,
    oldest_mail: f64,
    /// Attempts at tasks that failed.
    failed: Vec<tasks::FailedLately>,
    ended_mails: Vec<gauges::Gauge>,
    told: Vec<gauges::Gauge>,
}

fn read(lobby: &mut Lobby<'_>) -> Result<Found, DbError> {
    let towns: Vec<OrganizationId> =
        organizations::directory(lobby)?.into_iter().map(|town| town.id).collect();
    let since = lobby.now() - TimeDelta::minutes(LATELY_MINUTES);
    Ok(Found {
        tasks: tasks::gauges(lobby)?,
        ended: tasks::ended_lately(lobby, &towns, since)?,
        oldest_task: tasks::oldest_ready_age(lobby)?,
        waiting: gauges::waiting(lobby, &towns)?,
        attempts: gauges::attempts_lately(lobby, &towns, since)?,
        oldest_mail: messages::oldest_due_age(lobby)?,
        failed: tasks::failed_lately(lobby, &towns, since)?,
        ended_mails: gauges::ended_lately(lobby, &towns, since)?,
        told: webhooks::ended_lately(lobby, &towns, since)?,
    })
}

impl Found {
    fn write(&self, text: &mut Exposition) {
        text.gauge("yui_tasks", "Background tasks by kind and state; at most 100000 of a state are counted.");
        for one in &self.tasks {
            text.sample("yui_tasks", &[("kind", &one.kind), ("state", &one.state)], one.count);
        }
        text.gauge("yui_tasks_ended_5m", "Tasks that ended within five minutes by kind and outcome.");
        for one in &self.ended {
            text.sample("yui_tasks_ended_5m", &[("kind", &one.kind), ("outcome", &one.outcome)], one.count);
        }
        text.gauge("yui_task_oldest_ready_seconds", "How long the oldest ready task has waited.");
        text.seconds("yui_task_oldest_ready_seconds", self.oldest_task);
        text.gauge("yui_mails_open", "Mails that have not ended by state.");
        for one in &self.waiting {
            text.sample("yui_mails_open", &[("state", &one.name)], one.count);
        }
        text.gauge("yui_mail_attempts_5m", "Attempts to send that ended within five minutes by outcome.");
        for one in &self.attempts {
            text.sample("yui_mail_attempts_5m", &[("outcome", &one.name)], one.count);
        }
        text.gauge("yui_mail_oldest_due_seconds", "How long the longest-waiting mail has been due.");
        text.seconds("yui_mail_oldest_due_seconds", self.oldest_mail);
        self.write_failures(text);
    }

    /// What somebody should be called for.
    fn write_failures(&self, text: &mut Exposition) {
        text.gauge("yui_task_failures_5m", "Attempts at tasks that failed within five minutes by kind.");
        for one in &self.failed {
            text.sample("yui_task_failures_5m", &[("kind", &one.kind)], one.count);
        }
        text.gauge("yui_mails_ended_5m", "Mails that ended within five minutes by state: dead, expired, …");
        for one in &self.ended_mails {
            text.sample("yui_mails_ended_5m", &[("state", &one.name)], one.count);
        }
        text.gauge("yui_webhooks_ended_5m", "Messages to programs that ended within five minutes by state.");
        for one in &self.told {
            text.sample("yui_webhooks_ended_5m", &[("state", &one.name)], one.count);
        }
    }
}

/// The text form: each family of samples after its HELP and TYPE.
#[derive(Default)]
struct Exposition(String);

impl Exposition {
    fn gauge(&mut self, name: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} gauge"));
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: i64) {
        let labels: Vec<String> =
            labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
        if labels.is_empty() {
            self.line(format_args!("{name} {value}"));
        } else {
            self.line(format_args!("{name}{{{}}} {value}", labels.join(",")));
        }
    }

    fn seconds(&mut self, name: &str, seconds: f64) {
        self.line(format_args!("{name} {seconds:.3}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _written = writeln!(self.0, "{line}");
    }
}

/// A label's value: a kind may hold anything.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_itself_alone_and_is_never_shown() {
        let token = MetricsToken::new("correct horse battery staple");
        assert!(token.fits("correct horse battery staple"));
        for other in [
            "",
            "correct horse battery stapl",
            "Correct horse battery staple",
            "correct horse battery staple ",
        ] {
            assert!(!token.fits(other), "{other}");
        }
        assert_eq!(format!("{token:?}"), "MetricsToken(…)");
    }

    #[test]
    fn whatever_a_kind_is_called_the_text_stays_one_line() {
        let mut text = Exposition::default();
        text.gauge("yui_tasks", "Tasks.");
        text.sample("yui_tasks", &[("kind", "a\"b\\c\nd"), ("state", "ready")], 3);
        text.sample("yui_ready", &[], 1);
        text.seconds("yui_age", 1.5);
        let expected = "# HELP yui_tasks Tasks.\n# TYPE yui_tasks gauge\n\
            yui_tasks{kind=\"a\\\"b\\\\c\\nd\",state=\"ready\"} 3\nyui_ready 1\nyui_age 1.500\n";
        assert_eq!(text.0, expected);
    }
}
