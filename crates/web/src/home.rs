//! The first page of each role: what to do now.

use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::PersonId;
use serde::Serialize;

use crate::call::Call;
use crate::deals::today::{self as sales_today, SalesToday};
use crate::failure::Failure;
use crate::my_units::today::{self as worker_today, WorkerToday};
use crate::orders::today::{self as orders_today, OrdersToday};
use crate::sign_in;

#[derive(Serialize)]
struct HomePage {
    title: String,
    sales: Option<SalesToday>,
    orders_today: Option<OrdersToday>,
    worker: Option<WorkerToday>,
    /// Neither of the three: administrators, officers, advisers get the ways to their pages.
    ways: Vec<Way>,
}

#[derive(Serialize)]
struct Way {
    href: &'static str,
    label: String,
    text: String,
    icon: &'static str,
}

struct Facts {
    sales: Option<sales_today::Facts>,
    orders: Option<orders_today::Facts>,
    worker: Option<worker_today::Facts>,
}

fn facts(
    tx: &mut Tx<'_>,
    person: PersonId,
    sells: bool,
    coordinates: bool,
    works: bool,
) -> Result<Facts, DbError> {
    Ok(Facts {
        sales: if sells { Some(sales_today::facts(tx, person)?) } else { None },
        orders: if coordinates { Some(orders_today::facts(tx)?) } else { None },
        worker: if works { worker_today::read(tx, person)? } else { None },
    })
}

fn ways(call: &Call, role_pages: &[(Role, &'static str, &'static str, &'static str)]) -> Vec<Way> {
    let Some(who) = &call.who else { return Vec::new() };
    let own = role_pages.iter().filter(|(role, ..)| who.is(*role));
    own.map(|(_, href, key, icon)| Way {
        href,
        label: call.text(key),
        text: call.text(&format!("{key}-way")),
        icon,
    })
    .collect()
}

/// `GET /`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Some(who) = &call.who else { return sign_in::pages::front(&call).await };
    let person = who.person.id;
    let (sells, coordinates, works) = (who.is(Role::Sales), who.is(Role::Coordinator), who.is(Role::Worker));
    let facts = call.db(move |tx| facts(tx, person, sells, coordinates, works)).await?;
    let page = HomePage {
        title: call.text("home-title"),
        sales: facts.sales.map(|facts| SalesToday::of(&call, &facts)),
        orders_today: facts.orders.map(|facts| OrdersToday::of(&call, &facts)),
        worker: facts.worker.map(|facts| WorkerToday::of(&call, facts)),
        ways: ways(
            &call,
            &[
                (Role::Admin, "/members", "nav-members", "people"),
                (Role::Admin, "/town", "nav-town", "settings"),
                (Role::Officer, "/figures", "nav-figures", "chart"),
                (Role::Adviser, "/figures", "nav-figures", "chart"),
            ],
        ),
    };
    call.page("home/index.html", &page)
}
