//! The first page of each role: what to do now. Whoever has several roles sees a part for each.

mod admin;
mod programme;

use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::{Language, PersonId};
use serde::Serialize;

use crate::call::Call;
use crate::deals::today::{self as sales_today, SalesToday};
use crate::failure::Failure;
use crate::figures::pay::{self, NextPay, ToPay};
use crate::my_units::today::{self as worker_today, WorkerToday};
use crate::orders::today::{self as orders_today, OrdersToday};
use crate::sign_in;
use crate::visitor::Visitor;
use admin::AdminToday;
use programme::ProgrammeToday;

#[derive(Serialize)]
struct HomePage {
    title: String,
    sales: Option<SalesToday>,
    orders_today: Option<OrdersToday>,
    worker: Option<WorkerToday>,
    /// They hold the worker's role, and nobody has registered them as a worker yet.
    not_registered: bool,
    programme: Option<ProgrammeToday>,
    admin: Option<AdminToday>,
    /// For coordinators and administrators, once something is to be paid.
    next_pay: Option<NextPay>,
    /// They hold no role at all: the page says whom to ask.
    without_role: bool,
}

/// Which parts the page has.
#[derive(Clone, Copy)]
struct Parts {
    person: PersonId,
    sells: bool,
    coordinates: bool,
    works: bool,
    /// The figures are the answer for these two; salespeople and administrators have them in their menu.
    reads_figures: bool,
    administers: bool,
}

impl Parts {
    fn of(who: &Visitor) -> Self {
        Self {
            person: who.person.id,
            sells: who.is(Role::Sales),
            coordinates: who.is(Role::Coordinator),
            works: who.is(Role::Worker),
            reads_figures: who.is(Role::Officer) || who.is(Role::Adviser),
            administers: who.is(Role::Admin),
        }
    }
}

struct Facts {
    sales: Option<sales_today::Facts>,
    orders: Option<orders_today::Facts>,
    worker: Option<worker_today::Facts>,
    programme: Option<programme::Facts>,
    admin: Option<admin::Facts>,
    next_pay: Option<ToPay>,
}

fn facts(tx: &mut Tx<'_>, parts: Parts, language: Language) -> Result<Facts, DbError> {
    Ok(Facts {
        sales: if parts.sells { Some(sales_today::facts(tx, parts.person)?) } else { None },
        orders: if parts.coordinates { Some(orders_today::facts(tx, language)?) } else { None },
        worker: if parts.works { worker_today::read(tx, parts.person)? } else { None },
        programme: if parts.reads_figures { Some(programme::facts(tx)?) } else { None },
        admin: if parts.administers { Some(admin::facts(tx)?) } else { None },
        next_pay: if parts.coordinates || parts.administers { pay::next(tx)? } else { None },
    })
}

/// `GET /`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Some(who) = &call.who else { return sign_in::pages::front(&call).await };
    let parts = Parts::of(who);
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, parts, language)).await?;
    let page = HomePage {
        title: call.text("home-title"),
        not_registered: parts.works && facts.worker.is_none(),
        without_role: who.roles.is_empty(),
        sales: facts.sales.map(|facts| SalesToday::of(&call, &facts)),
        orders_today: facts.orders.map(|facts| OrdersToday::of(&call, &facts)),
        worker: facts.worker.map(|facts| WorkerToday::of(&call, facts)),
        programme: facts.programme.map(|facts| ProgrammeToday::of(&call, &facts)),
        next_pay: facts.next_pay.map(|next| NextPay::of(&call, next)),
        admin: facts.admin.map(|facts| AdminToday::of(&call, &facts)),
    };
    call.page("home/index.html", &page)
}
