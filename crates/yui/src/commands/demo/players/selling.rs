//! Sales: leads, deals, activities, quotes.

use chrono::{Days, NaiveDate};
use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use clients::tags::{self, CompanyTagsInput, TagError, TagInput};
use clients::terms::{self, ClientTermsInput};
use kernel::{CompanyId, ContactId, DealId, PersonId, Typed, date_in_japan};
use sales::activities::{self, ActivityInput};
use sales::deals::{self, AdvanceInput, DealError, DealInput, DealStatus, LoseInput, ReopenInput, WinInput};
use sales::leads::{self, ContactedInput, ConvertInput, DisqualifyInput, LeadError, LeadInput};
use sales::lines::{self, LineInput, LinesInput};
use sales::quotes::{self, QuoteError, QuoteInput, QuoteLineInput};
use sales::stages;
use web::reopening::{ReopenError, reopen};

use super::super::people::SKILLS;
use super::super::score::{Act, Cue, Line, Playing};
use super::super::story::{CLIENTS, Client};
use super::{Troupe, missing};
use crate::Stop;

/// The first talk with a lead, and the next by `on`.
fn spoken(on: NaiveDate) -> ContactedInput {
    ContactedInput {
        kind: "call".into(),
        outcome: "interested".into(),
        note: "折り返して、困りごとを聞きました。".into(),
        next_action: "くわしい話を聞く".into(),
        next_action_on: on.to_string().into(),
    }
}

/// What brought clients to the town; names of tags.
const WAYS_HERE: [&str; 3] = ["事業者説明会", "ご紹介", "町の事業"];

impl Troupe<'_> {
    pub(super) fn sell(&mut self, cue: &Cue) -> Result<(), Stop> {
        let seller = self.stage.who(self.playing(cue)?.scene.seller)?;
        match cue.act {
            Act::Ask(source, need) => return self.ask(cue, seller, source, need),
            Act::Answer | Act::Disqualify(_) => return self.lead(cue, seller),
            Act::Convert => return self.convert(cue, seller),
            Act::Open => return self.open(cue, seller),
            _ => {}
        }
        let deal = self.piece(cue)?.deal.ok_or_else(|| missing("deal"))?;
        match cue.act {
            Act::Log(kind, outcome, note) => self.log(cue, seller, deal, (kind, outcome, note)),
            Act::Hear(volume, deadline, personal) => {
                self.hear(cue, seller, deal, (volume, deadline, personal))
            }
            Act::Advance(place) => self.advance(cue, seller, deal, place),
            Act::Quote(percent) => self.quote(cue, seller, deal, percent),
            Act::Send => self.send(cue, seller, deal),
            Act::AskBack(_) | Act::Decline(_) | Act::OrderByPage => self.answer(cue, deal),
            Act::Win => self.win(cue, seller, deal),
            _ => self.close(cue, seller, deal),
        }
    }

    fn client(&self, cue: &Cue) -> Result<(usize, &'static Client), Stop> {
        let number = self.playing(cue)?.scene.client;
        CLIENTS.get(number).map(|client| (number, client)).ok_or_else(|| missing("client"))
    }

    fn ask(&mut self, cue: &Cue, seller: PersonId, source: &str, need: &str) -> Result<(), Stop> {
        let (number, client) = self.client(cue)?;
        let known = self.clients.get(number).copied().flatten();
        let input = LeadInput {
            company_name: client.name.into(),
            contact_name: client.contact.0.into(),
            email: email_of(number).into(),
            source: source.into(),
            need: need.into(),
            company_id: known.map(|(company, _)| company.to_string()).unwrap_or_default().into(),
            ..LeadInput::default()
        };
        self.piece(cue)?.lead = Some(self.stage.act(seller, |tx| leads::enter(tx, input))?.id);
        Ok(())
    }

    fn lead(&mut self, cue: &Cue, seller: PersonId) -> Result<(), Stop> {
        let lead = self.piece(cue)?.lead.ok_or_else(|| missing("lead"))?;
        self.stage.act(seller, |tx| -> Result<(), LeadError> {
            let version = leads::find(tx, lead)?.version;
            if let Act::Disqualify(reason) = cue.act {
                let told = if reason == "other" {
                    "ほかの団体に頼むことになったそうです。（デモ）"
                } else {
                    ""
                };
                let input = DisqualifyInput { reason: reason.into(), reason_note: told.into() };
                leads::disqualify(tx, lead, version, input)?;
            } else {
                let on = date_in_japan(tx.now()) + Days::new(3);
                leads::contact(tx, lead, version, spoken(on))?;
            }
            Ok(())
        })
    }

    fn convert(&mut self, cue: &Cue, seller: PersonId) -> Result<(), Stop> {
        let lead = self.piece(cue)?.lead.ok_or_else(|| missing("lead"))?;
        let (company, contact) = self.known(cue, seller)?;
        let input = ConvertInput {
            company_id: company.to_string().into(),
            contact_id: contact.to_string().into(),
            title: title_of(self.playing(cue)?).into(),
            expected_close_on: self.playing(cue)?.after(30).to_string().into(),
            next_action: cue.next.0.into(),
            next_action_on: cue.next.1.to_string().into(),
            ..ConvertInput::default()
        };
        let deal = self.stage.act(seller, |tx| -> Result<_, LeadError> {
            let version = leads::find(tx, lead)?.version;
            leads::convert(tx, lead, version, input)
        })?;
        self.piece(cue)?.deal = Some(deal.id);
        self.sketch(cue, seller, deal.id)
    }

    /// What the client thinks of, in lines: which kind of work, how many, for how much. Where they have not said, there are none.
    fn sketch(&self, cue: &Cue, seller: PersonId, deal: DealId) -> Result<(), Stop> {
        let wanted = self.playing(cue)?.scene.lines;
        if wanted.is_empty() {
            return Ok(());
        }
        let line = |line: &Line| LineInput {
            job_kind: SKILLS.get(line.skill).copied().unwrap_or_default().into(),
            quantity: line.count.to_string().into(),
            unit_price: line.price.to_string().into(),
            unit_minutes: line.minutes.to_string().into(),
        };
        let input = LinesInput { lines: wanted.iter().map(line).collect(), ..LinesInput::default() };
        self.stage.act(seller, |tx| -> Result<_, DealError> {
            let version = deals::find(tx, deal)?.version;
            lines::set(tx, deal, version, &input)
        })?;
        Ok(())
    }

    fn open(&mut self, cue: &Cue, seller: PersonId) -> Result<(), Stop> {
        let (company, contact) = self.known(cue, seller)?;
        let input = DealInput {
            title: title_of(self.playing(cue)?).into(),
            company_id: company.to_string().into(),
            contact_id: contact.to_string().into(),
            expected_close_on: self.playing(cue)?.after(30).to_string().into(),
            next_action: cue.next.0.into(),
            next_action_on: cue.next.1.to_string().into(),
            ..DealInput::default()
        };
        let deal = self.stage.act(seller, |tx| deals::open(tx, input))?.id;
        self.piece(cue)?.deal = Some(deal);
        self.sketch(cue, seller, deal)
    }

    /// The client as a company with a contact, entered when they are first dealt with.
    pub(super) fn known(&mut self, cue: &Cue, seller: PersonId) -> Result<(CompanyId, ContactId), Stop> {
        let (number, client) = self.client(cue)?;
        if let Some(known) = self.clients.get(number).copied().flatten() {
            return Ok(known);
        }
        let company = CompanyInput {
            name: client.name.into(),
            furigana: client.kana.into(),
            address: "長野県（デモのため番地なし）".into(),
            note: "デモのための架空の企業です".into(),
            ..CompanyInput::default()
        };
        let company = self.stage.act(seller, |tx| companies::enter(tx, company))?.id;
        let person = ContactInput {
            family_name: client.contact.0.into(),
            family_kana: client.contact.1.into(),
            department: client.department.into(),
            email: email_of(number).into(),
            language: if client.english { "en" } else { "ja" }.into(),
            ..ContactInput::default()
        };
        let contact = self.stage.act(seller, |tx| contacts::add(tx, company, person))?.id;
        self.remember(seller, number, company)?;
        if let Some(slot) = self.clients.get_mut(number) {
            *slot = Some((company, contact));
        }
        Ok((company, contact))
    }

    /// Where a client came from, and the terms of every other one.
    fn remember(&self, seller: PersonId, number: usize, company: CompanyId) -> Result<(), Stop> {
        let from = WAYS_HERE.into_iter().cycle().nth(number).ok_or_else(|| missing("tag"))?;
        self.stage.act(seller, |tx| -> Result<(), TagError> {
            let known = tags::list(tx)?.into_iter().find(|one| one.tag.name == from);
            let tag = match known {
                Some(known) => known.tag,
                None => tags::create(tx, &TagInput { name: from.into() })?,
            };
            tags::give(tx, company, &CompanyTagsInput { tags: vec![tag.id.to_string().into()] })?;
            Ok(())
        })?;
        if number.is_multiple_of(2) {
            let month_after = ClientTermsInput {
                closing_day: "31".into(),
                months_later: "1".into(),
                pay_day: "31".into(),
                inspection_days: "7".into(),
                ..ClientTermsInput::default()
            };
            self.stage.act(seller, |tx| terms::agree(tx, company, 0, &month_after))?;
        }
        Ok(())
    }

    fn log(
        &self,
        cue: &Cue,
        seller: PersonId,
        deal: DealId,
        (kind, outcome, note): (&str, &str, &str),
    ) -> Result<(), Stop> {
        self.stage.act(seller, |tx| -> Result<(), activities::ActivityError> {
            let input = ActivityInput {
                kind: kind.into(),
                outcome: outcome.into(),
                note: note.into(),
                next_action: cue.next.0.into(),
                next_action_on: cue.next.1.to_string().into(),
                version: deals::find(tx, deal)?.version.to_string().into(),
                ..ActivityInput::default()
            };
            activities::log(tx, deal, input)?;
            Ok(())
        })
    }

    fn advance(&self, cue: &Cue, seller: PersonId, deal: DealId, place: usize) -> Result<(), Stop> {
        self.stage.act(seller, |tx| -> Result<(), DealError> {
            let column = stages::list(tx)?.into_iter().nth(place).ok_or(db::DbError::NotFound)?;
            let version = deals::find(tx, deal)?.version;
            let input = AdvanceInput {
                to_stage: column.id.to_string().into(),
                next_action: cue.next.0.into(),
                next_action_on: cue.next.1.to_string().into(),
                ..AdvanceInput::default()
            };
            deals::advance(tx, deal, version, input)?;
            Ok(())
        })
    }

    fn quote(&self, cue: &Cue, seller: PersonId, deal: DealId, percent: i64) -> Result<(), Stop> {
        let playing = self.playing(cue)?;
        let (terms, excluded) = if self.client(cue)?.1.english {
            (
                "Inspection within five business days of delivery. Payment by the end of the following month. (Demo)",
                "Postage, and changes to the specification after the order. (Demo)",
            )
        } else {
            (
                "検収は納品から5営業日以内。お支払いは月末締め翌月末。（デモ）",
                "郵送料、受注後の仕様の変更。（デモ）",
            )
        };
        let input = QuoteInput {
            valid_until: (cue.day + chrono::TimeDelta::days(45)).to_string().into(),
            deliver_on: playing.after(playing.scene.due).max(cue.day).to_string().into(),
            terms: terms.into(),
            excluded: excluded.into(),
            floor_reason: "はじめての業務のため".into(),
            lines: playing.scene.lines.iter().map(|line| quoted(line, percent)).collect(),
            ..trial_of(playing.scene.lines, cue.day)
        };
        self.stage.act(seller, |tx| -> Result<(), QuoteError> {
            let stands = quotes::standing(tx, deal)?.map(|quote| quote.id.to_string());
            let input = QuoteInput { based_on: stands.unwrap_or_default().into(), ..input };
            quotes::issue(tx, deal, input).map(|_quote| ())
        })
    }

    /// The order is opened by whoever subscribes to won deals, exactly as in life.
    fn win(&mut self, cue: &Cue, seller: PersonId, deal: DealId) -> Result<(), Stop> {
        self.stage.act(seller, |tx| -> Result<_, DealError> {
            let version = deals::find(tx, deal)?.version;
            deals::win(tx, deal, version, WinInput::default())
        })?;
        self.ordered(cue, deal)
    }

    /// Waits for the order of a deal that is won.
    pub(super) fn ordered(&mut self, cue: &Cue, deal: DealId) -> Result<(), Stop> {
        self.react()?;
        let order = self.stage.system(|tx| fulfillment::orders::of_deal(tx, deal))?;
        self.piece(cue)?.order = Some(order.ok_or_else(|| missing("order"))?.id);
        Ok(())
    }

    fn close(&self, cue: &Cue, seller: PersonId, deal: DealId) -> Result<(), Stop> {
        self.stage.act(seller, |tx| -> Result<(), ReopenError> {
            let now = deals::find(tx, deal)?;
            let version = now.version;
            match cue.act {
                Act::Lose(reason, note) => {
                    deals::lose(tx, deal, version, LoseInput { reason: reason.into(), note: note.into() })?
                }
                Act::Reopen => {
                    let was_won = now.state.status() == DealStatus::Won;
                    let input = ReopenInput {
                        next_action: cue.next.0.into(),
                        next_action_on: cue.next.1.to_string().into(),
                        reason: if was_won { "件数を数え直すことになった" } else { "" }.into(),
                    };
                    reopen(tx, deal, version, input)?
                }
                _ => deals::sleep(tx, deal, version)?,
            };
            Ok(())
        })
    }
}

/// Large works are tried with one unit of their first line, for two weeks.
fn trial_of(lines: &[Line], day: NaiveDate) -> QuoteInput {
    let Some(line) = lines.first().filter(|line| line.count >= 8) else { return QuoteInput::default() };
    QuoteInput {
        trial_quantity: "1".into(),
        trial_unit_price: (line.price * 80 / 100).to_string().into(),
        trial_until: (day + chrono::TimeDelta::days(14)).to_string().into(),
        ..QuoteInput::default()
    }
}

fn quoted(line: &Line, percent: i64) -> QuoteLineInput {
    QuoteLineInput {
        description: line.what.into(),
        quantity: line.count.to_string().into(),
        unit_price: (line.price * percent / 100).to_string().into(),
        unit_minutes: line.minutes.to_string().into(),
        tax_rate: Typed::from("10"),
    }
}

fn title_of(playing: &Playing) -> String {
    let english = CLIENTS.get(playing.scene.client).is_some_and(|client| client.english);
    format!("{}{}", playing.scene.title, playing.scene.when.suffix(playing.began, english))
}

fn email_of(client: usize) -> String {
    format!("client{:02}@client.example", client + 1)
}
