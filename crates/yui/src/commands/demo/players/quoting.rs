//! Quotes on their way: a salesperson mails one, and the client answers on the page behind its link.

use kernel::{DealId, PersonId};
use sales::quotes;
use sales::sendings::{self, AcceptInput, AnswerError, SendError, SendInput, WordsInput};

use super::super::score::{Act, Cue};
use super::super::story::CLIENTS;
use super::{Troupe, missing};
use crate::Stop;

impl Troupe<'_> {
    pub(super) fn send(&mut self, cue: &Cue, seller: PersonId, deal: DealId) -> Result<(), Stop> {
        let number = self.playing(cue)?.scene.client;
        let (_company, contact) =
            self.clients.get(number).copied().flatten().ok_or_else(|| missing("client"))?;
        let english = CLIENTS.get(number).is_some_and(|client| client.english);
        let message = if english {
            "This is for the work we talked about. (Demo)"
        } else {
            "先日のお打合せの内容でお見積りしました。（デモ）"
        };
        let input = SendInput { contact_id: contact.to_string().into(), message: message.into() };
        let key = &self.stage.key;
        let sent = self.stage.act(seller, |tx| -> Result<_, SendError> {
            let quote = quotes::standing(tx, deal)?.ok_or(db::DbError::NotFound)?;
            sendings::send(tx, key, quote.id, &input)
        })?;
        self.piece(cue)?.sent = Some(sent);
        Ok(())
    }

    /// The client opens the link, and does what the cue says.
    pub(super) fn answer(&mut self, cue: &Cue, deal: DealId) -> Result<(), Stop> {
        let sent = self.piece(cue)?.sent.clone().ok_or_else(|| missing("quote in the post"))?;
        let client = CLIENTS.get(self.playing(cue)?.scene.client).ok_or_else(|| missing("client"))?;
        let stage = self.stage;
        let secret = sendings::link_secret(&stage.key, stage.organization, sent.id, sent.sent_at);
        let name = client.contact.0;
        let words = |text: &str| WordsInput { name: name.into(), text: text.into() };
        stage.client(|tx| sendings::open(tx, &secret))?;
        stage.wait(3);
        stage.client(|tx| -> Result<(), AnswerError> {
            match cue.act {
                Act::AskBack(text) => sendings::ask(tx, &secret, &words(text)),
                Act::Decline(reason) => sendings::decline(tx, &secret, &words(reason)),
                _ => sendings::accept(tx, &secret, &ordered_by(name)).map(|_acceptance| ()),
            }
        })?;
        if matches!(cue.act, Act::OrderByPage) { self.ordered(cue, deal) } else { Ok(()) }
    }
}

fn ordered_by(name: &str) -> AcceptInput {
    AcceptInput {
        name: name.into(),
        order_number: "D-1024".into(),
        note: "納品書も一緒にお願いします。（デモ）".into(),
        may_order: "yes".into(),
    }
}
