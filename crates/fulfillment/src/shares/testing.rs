//! Three towns on one server, and the tasks that cross between them.

use accounts::awaited::AwaitedMail;
use kernel::OrderId;
use queue::Registry;
use queue::testing::TestTasks;

use super::*;
use crate::events::{
    AcceptCodeRequested, JobOffered, OrderOpened, PartnerHeard, ShareHeard, UnitPassed, UnitSubmitted,
    UnitsClaimed,
};
use crate::partners::{AskPartnerInput, Partner};
use crate::testing::Town;

pub(crate) struct Towns {
    /// Tateshina, which shares.
    pub(crate) here: Town,
    /// Shiojiri, which takes.
    pub(crate) there: Town,
    /// Komagane, whom it does not concern.
    pub(crate) elsewhere: Town,
}

impl Towns {
    pub(crate) fn new() -> Self {
        let here = Town::new();
        let there = here.beside("shiojiri", "塩尻市");
        let elsewhere = here.beside("komagane", "駒ヶ根市");
        Self { here, there, elsewhere }
    }

    /// Two of them have agreed.
    pub(crate) fn partners() -> Self {
        let towns = Self::new();
        towns.asks(&towns.here, "shiojiri");
        towns.crosses();
        let asked = towns.partner(&towns.there).id;
        towns.there.act(towns.there.director, |tx| partners::agree(tx, asked));
        towns.crosses();
        towns
    }

    pub(crate) fn asks(&self, town: &Town, slug: &str) -> Partner {
        town.act(town.director, |tx| partners::ask(tx, &AskPartnerInput { town: slug.into() }))
    }

    pub(crate) fn tasks(&self) -> TestTasks<'_> {
        let mut registry = Registry::new();
        partners::register(&mut registry);
        register(&mut registry);
        registry.know::<PartnerHeard>();
        registry.know::<ShareHeard>();
        registry.know::<OrderOpened>();
        registry.know::<JobOffered>();
        registry.know::<UnitsClaimed>();
        registry.know::<UnitSubmitted>();
        registry.know::<UnitPassed>();
        registry.know::<AcceptCodeRequested>();
        registry.in_transaction::<AwaitedMail<AcceptCodeRequested>>(|_tx, _attempt, _mail| Ok(()));
        TestTasks::new(&self.here.db, registry)
    }

    /// Everything that was said arrives.
    pub(crate) fn crosses(&self) {
        self.tasks().run_all();
    }

    /// The one partner of a town.
    pub(crate) fn partner(&self, town: &Town) -> Partner {
        let page = town.act(town.director, |tx| partners::list(tx, &kernel::Paging::first(10)));
        assert_eq!(page.items.len(), 1, "{page:?}");
        page.items[0].clone()
    }

    pub(crate) fn input(&self, quantity: i32) -> ShareInput {
        ShareInput {
            partner_id: self.partner(&self.here).id.to_string().into(),
            title: "名簿の入力（後半）".into(),
            work: "紙の名簿を見本のとおりに入力".into(),
            quantity: quantity.to_string().into(),
            unit_price: "80".into(),
            unit_minutes: "20".into(),
            due_on: self.here.day(30).to_string().into(),
            pay_on: self.here.day(50).to_string().into(),
            message: "よろしくお願いします".into(),
            ..ShareInput::default()
        }
    }

    /// Offers pieces of an order, and it arrives; gives both rows.
    pub(crate) fn offers(&self, order: OrderId, quantity: i32) -> (OrderShare, OrderShare) {
        let input = self.input(quantity);
        let out = self.here.act(self.here.director, |tx| offer(tx, order, &input));
        self.crosses();
        (out, self.newest(&self.there, ShareSide::In))
    }

    pub(crate) fn newest(&self, town: &Town, side: ShareSide) -> OrderShare {
        self.shares(town, side).remove(0)
    }

    pub(crate) fn shares(&self, town: &Town, side: ShareSide) -> Vec<OrderShare> {
        town.act(town.director, |tx| list(tx, side, &kernel::Paging::first(50))).items
    }

    /// Takes an offer as a deal, and opens its order as the event of that deal does.
    pub(crate) fn takes(&self, offered: &OrderShare) -> Order {
        let mut won = self.there.won(offered.document.amount().0);
        won.lines[0].quantity = offered.document.quantity;
        won.lines[0].unit_price = offered.document.unit_price;
        let there = &self.there;
        there.act(there.director, |tx| accept(tx, offered.id, won.deal_id));
        let order = there.act(there.director, |tx| orders::open_from_deal(tx, won));
        self.crosses();
        order
    }
}
