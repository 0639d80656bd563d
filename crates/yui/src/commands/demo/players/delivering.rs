//! Deliveries: what has passed goes to the client, who answers by the link and the code from their mails.

use std::sync::{Arc, Mutex, PoisonError};

use accounts::OrgSecret;
use chrono::TimeDelta;
use fulfillment::acceptance::{self, AcceptError, AnswerInput, ClientUnit, UnitAnswer};
use fulfillment::client_questions::{self, QuestionInput, ReplyInput};
use fulfillment::deliveries::{self, DeliverInput};
use fulfillment::events::DeliverySent;
use fulfillment::fixes::{self, FixInput};
use fulfillment::units::UnitState;
use kernel::DeliveryId;
use queue::Registry;

use super::super::score::Cue;
use super::super::story::CLIENTS;
use super::{Handed, Held, Troupe, missing};
use crate::Stop;

/// How many days from the decision a fix is due.
const FIX_DAYS: i64 = 5;

/// What the demo's clients find in the post: the facts about deliveries, from which links are made.
#[derive(Clone, Default)]
pub(in super::super) struct Post(Arc<Mutex<Vec<DeliverySent>>>);

impl Post {
    /// Listens for deliveries while the demo is filled.
    pub(super) fn subscribe(&self, registry: &mut Registry) {
        let arrived = self.clone();
        registry.subscribe::<DeliverySent>("demo-post", move |_tx, sent| {
            arrived.0.lock().unwrap_or_else(PoisonError::into_inner).push(sent.fact);
            Ok(())
        });
    }

    fn about(&self, delivery: DeliveryId) -> Option<DeliverySent> {
        let arrived = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.iter().find(|sent| sent.delivery == delivery).cloned()
    }
}

impl Troupe<'_> {
    pub(super) fn deliver(&mut self, cue: &Cue) -> Result<(), Stop> {
        let coordinator = self.stage.who("coordinator")?;
        let order = self.piece(cue)?.order.ok_or_else(|| missing("order"))?;
        let english = CLIENTS.get(self.playing(cue)?.scene.client).is_some_and(|client| client.english);
        let message = if english {
            "Please have a look and let us know. (Demo)"
        } else {
            "ご確認をお願いいたします。（デモ）"
        };
        let input = DeliverInput { message: message.into(), ..DeliverInput::default() };
        let delivery =
            self.stage.act(coordinator, |tx| deliveries::assemble(tx, &self.stage.key, order, input))?;
        self.react()?;
        let sent = self.post.about(delivery.id).ok_or_else(|| missing("delivery in the post"))?;
        self.piece(cue)?.delivery = Some(sent);
        Ok(())
    }

    /// The client accepts everything but the first so many units, which they want mended.
    pub(super) fn receive(&mut self, cue: &Cue, fixes: usize) -> Result<(), Stop> {
        let sent = self.piece(cue)?.delivery.take().ok_or_else(|| missing("delivery"))?;
        let (stage, client) = (self.stage, self.playing(cue)?.scene.client);
        let client = CLIENTS.get(client).ok_or_else(|| missing("client"))?;
        let secret = acceptance::link_secret(&stage.key, stage.organization, sent.link, sent.link_issued_at);
        if fixes > 0 {
            self.asks(&secret, client.contact.0, client.english)?;
        }
        self.react()?;
        let (view, asked_at) = stage.client(|tx| -> Result<_, AcceptError> {
            let view = acceptance::open_link(tx, &secret)?;
            acceptance::request_code(tx, &stage.key, &secret)?;
            Ok((view, tx.now()))
        })?;
        // A code lives for ten minutes: its mail would be over before anybody could read it.
        self.silent.run_all().map_err(Stop::failed)?;
        stage.wait(2);
        let input = AnswerInput {
            name: client.contact.0.into(),
            code: acceptance::mailed_code(&stage.key, stage.organization, sent.link, asked_at).into(),
            units: answers(&view.units, fixes, client.english),
        };
        stage.client(|tx| acceptance::answer(tx, &secret, input))?;
        let waiting = view.units.iter().filter(|unit| unit.state == UnitState::Delivered);
        self.piece(cue)?.asked = waiting.take(fixes).map(|unit| unit.unit).collect();
        Ok(())
    }

    /// Before they send something back they ask, and coordination answers on the same page.
    fn asks(&self, secret: &OrgSecret, name: &str, english: bool) -> Result<(), Stop> {
        let (question, answer) = if english {
            ("Which page of the sample did you go by?", "By its second page. We are happy to change it.")
        } else {
            (
                "表記は、見本のどのページに合わせていますか。",
                "2ページ目に合わせています。ご希望があれば直します。",
            )
        };
        let input = QuestionInput { asker: name.into(), question: question.into() };
        let asked = self.stage.client(|tx| client_questions::ask(tx, secret, &input))?;
        let coordinator = self.stage.who("coordinator")?;
        let input = ReplyInput { answer: answer.into() };
        self.stage.act(coordinator, |tx| client_questions::reply(tx, asked.id, &input))?;
        self.react()
    }

    /// Every other playing the specification had changed. Units to be mended are in their makers' hands again.
    pub(super) fn decide(&mut self, cue: &Cue) -> Result<(), Stop> {
        let coordinator = self.stage.who("coordinator")?;
        let asked = std::mem::take(&mut self.piece(cue)?.asked);
        let changed = cue.playing.is_multiple_of(2);
        for unit in asked {
            let input = FixInput {
                fault: if changed { "specification" } else { "worker" }.into(),
                extra_pay: if changed { "500" } else { "" }.into(),
                due_on: (cue.day + TimeDelta::days(FIX_DAYS)).to_string().into(),
                comment: "見本を添えました。ご確認のうえ、直しをお願いします。".into(),
                ..FixInput::default()
            };
            self.stage.act(coordinator, |tx| fixes::decide(tx, unit, input))?;
            let piece = self.piece(cue)?;
            let made = piece.passed.iter().find(|handed| handed.held.unit == unit);
            let Handed { held, .. } = *made.ok_or_else(|| missing("maker"))?;
            piece.held.push(Held { begun: true, ..held });
        }
        Ok(())
    }
}

fn answers(units: &[ClientUnit], fixes: usize, english: bool) -> Vec<UnitAnswer> {
    let wish = if english {
        "Please use the spelling of the sample."
    } else {
        "見本の表記に合わせてください。"
    };
    let waiting = units.iter().filter(|unit| unit.state == UnitState::Delivered).enumerate();
    let answer = |(place, unit): (usize, &ClientUnit)| UnitAnswer {
        unit_id: unit.unit,
        answer: if place < fixes { "fix" } else { "accepted" }.into(),
        note: if place < fixes { wish } else { "" }.into(),
    };
    waiting.map(answer).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;

    #[test]
    fn what_the_demo_listens_with_has_a_name_where_tasks_are_shown() {
        let mut registry = Registry::new();
        Post::default().subscribe(&mut registry);
        for kind in registry.kinds() {
            for language in Language::ALL {
                assert_ne!(web::task_name(*language, &kind), kind, "{language}");
            }
        }
    }
}
