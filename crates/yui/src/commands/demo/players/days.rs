//! This morning: what salespeople wrote down for themselves and asked of each other, said beside deals and noted.

use chrono::Days;
use kernel::{PersonId, Typed};
use sales::activities::{self, ActivityError, NoteInput};
use sales::deals::{self, DealFilter, DealStatus};
use sales::leads;
use sales::meetings::{self, DecisionInput, MeetingError, MeetingInput};
use sales::team::{self, PlaceInput, PolicyInput, TeamError};
use sales::todos::{self, FinishInput, TodoError, TodoInput};
use sales::{About, feeds};

use super::{Troupe, missing};
use crate::Stop;

/// Something to do: what, in how many days from today, at what time, and who asks whom.
struct Wish(&'static str, i64, &'static str, &'static str, &'static str);

const WISHES: [Wish; 5] = [
    Wish("見本の名刺を受け取りに行く", -1, "", "sales", "sales"),
    Wish("説明会の案内を10社に送る", 0, "14:00", "sales", "sales"),
    Wish("議事録を清書して配る", 0, "", "sales2", "sales"),
    Wish("商工会の方に電話で都合を聞く", 2, "10:30", "sales", "sales2"),
    Wish("パンフレットの残りを数える", 5, "", "sales2", "sales2"),
];

impl Troupe<'_> {
    /// Plays the morning of the day the demo is filled on.
    pub(super) fn morning(&self) -> Result<(), Stop> {
        self.stage.turn_to(self.today, 7 * 60);
        let deal = self.open_deal()?;
        for (number, wish) in WISHES.iter().enumerate() {
            let about = if number % 2 == 0 { deal } else { None };
            self.wish(wish, about)?;
        }
        self.said_beside_deals()?;
        self.noted()?;
        self.team()?;
        self.meetings()
    }

    /// What the team says of itself, the policy in its second version.
    fn team(&self) -> Result<(), Stop> {
        let (first, second) = (self.stage.who("sales")?, self.stage.who("sales2")?);
        self.stage.act(first, |tx| -> Result<(), TeamError> {
            team::declare(tx, 0, &PolicyInput { body: "まず町内の事業者に会いに行く。".into() })?;
            let body = "まず町内の事業者に会いに行く。\n見積は2日のうちに出す。\n約束する前に、ワーカーの時間を確かめる。";
            team::declare(tx, 1, &PolicyInput { body: body.into() })?;
            let hours = |area: &str, hours: &str| PlaceInput { area: area.into(), weekly_hours: hours.into() };
            team::place(tx, first, 0, &hours("町内の製造業・商工会", "7.5"))?;
            team::place(tx, second, 0, &hours("観光・移住、隣の市", "6"))?;
            Ok(())
        })
    }

    /// Last week's meeting, closed, and the one of the day after tomorrow.
    fn meetings(&self) -> Result<(), Stop> {
        let (seller, colleague) = (self.stage.who("sales")?, self.stage.who("sales2")?);
        let people = || [seller, colleague].map(|id| Typed(id.to_string())).to_vec();
        let on = |days: i64, minutes: &str| MeetingInput {
            held_on: (self.today + chrono::TimeDelta::days(days)).to_string().into(),
            begins_at: "10:00".into(),
            people: people(),
            minutes: minutes.into(),
        };
        self.stage.turn_to(self.today - Days::new(7), 11 * 60);
        self.stage.act(seller, |tx| -> Result<(), MeetingError> {
            let minutes = "動きのない商談を1件ずつ見直した。年末の納品が重なるので、新しい約束は1月から。";
            let meeting = meetings::call(tx, &on(-7, minutes))?;
            let todo = DecisionInput {
                kind: "todo".into(),
                title: "1月に受けられる時間を数える".into(),
                due_on: (self.today + Days::new(1)).to_string().into(),
                person_id: colleague.to_string().into(),
            };
            let finding = DecisionInput {
                kind: "finding".into(),
                title: "見積を出すまでに3日かかっている".into(),
                ..DecisionInput::default()
            };
            meetings::decide(tx, meeting.id, &todo)?;
            meetings::decide(tx, meeting.id, &finding)?;
            meetings::close(tx, meeting.id, meeting.version)?;
            Ok(())
        })?;
        self.stage.turn_to(self.today, 7 * 60);
        self.stage.act(seller, |tx| meetings::call(tx, &on(2, "")).map(|_called| ()))
    }

    fn open_deal(&self) -> Result<Option<kernel::DealId>, Stop> {
        let seller = self.stage.who("sales")?;
        let own = DealFilter { state: Some(DealStatus::Open), owner: Some(seller), ..DealFilter::default() };
        let page = self.stage.act(seller, |tx| deals::list(tx, &own, &kernel::Paging::first(1)))?;
        Ok(page.items.first().map(|card| card.id))
    }

    fn wish(&self, wish: &Wish, about: Option<kernel::DealId>) -> Result<(), Stop> {
        let Wish(title, days, time, asker, doer) = *wish;
        let on = self.today + chrono::TimeDelta::days(days);
        let (asker, doer): (PersonId, PersonId) = (self.stage.who(asker)?, self.stage.who(doer)?);
        let input = TodoInput {
            title: title.into(),
            due_on: on.to_string().into(),
            due_time: time.into(),
            deal_id: Typed(about.map(|id| id.to_string()).unwrap_or_default()),
            person_id: doer.to_string().into(),
            ..TodoInput::default()
        };
        self.stage.act(asker, |tx| todos::add(tx, &input))?;
        Ok(())
    }

    /// A visit to a client beside its deals, of which a colleague hears; and a todo that is done.
    fn said_beside_deals(&self) -> Result<(), Stop> {
        let (seller, colleague) = (self.stage.who("sales")?, self.stage.who("sales2")?);
        let (company, _) = self.clients.iter().flatten().next().copied().ok_or_else(|| missing("client"))?;
        let visit = NoteInput {
            kind: "visit".into(),
            outcome: "done".into(),
            note: "年末のあいさつに行きました。来年度は入力の仕事が増えそうとのことです。".into(),
            tell: colleague.to_string().into(),
            ..NoteInput::default()
        };
        let done = TodoInput {
            title: "あいさつの品を用意する".into(),
            due_on: (self.today - Days::new(1)).to_string().into(),
            company_id: company.to_string().into(),
            ..TodoInput::default()
        };
        self.stage
            .act(seller, |tx| activities::note(tx, About::Company(company), &visit).map(|_visit| ()))?;
        self.stage.act(seller, |tx| -> Result<(), TodoError> {
            let todo = todos::add(tx, &done)?;
            todos::finish(tx, todo.id, todo.version, &FinishInput { note: "りんごを用意した".into() })?;
            Ok(())
        })?;
        // A calendar somewhere reads along; nobody knows its address any more.
        self.stage.act(seller, |tx| feeds::renew(tx).map(|_feed| ()))
    }

    fn noted(&self) -> Result<(), Stop> {
        let seller = self.stage.who("sales2")?;
        self.stage.act(seller, |tx| -> Result<(), ActivityError> {
            let Some(lead) = leads::unanswered(tx, 1)?.into_iter().next() else { return Ok(()) };
            let note = "午前中は電話がつながりにくいそうです。";
            let input = NoteInput { kind: "note".into(), note: note.into(), ..NoteInput::default() };
            activities::note(tx, About::Lead(lead.id), &input)?;
            Ok(())
        })
    }
}
