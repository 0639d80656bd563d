//! Yesterday a client called and ordered what they had talked of before: nobody had to win it. The work is re-entrusted, and
//! the day on which that client pays is known.

use fulfillment::orders::{self, ReEntrustInput};
use kernel::{DealId, Paging};
use sales::deals::{self, DealFilter, DealStatus};
use sales::direct::{self, DirectOrderInput};
use sales::quotes::QuoteLineInput;

use super::calendar::before;
use super::stage::Stage;
use crate::Stop;

/// Enters it, and gives back its deal; the order opens once those who subscribe have done their part.
pub(super) fn by_phone(stage: &Stage) -> Result<Option<DealId>, Stop> {
    stage.turn_to(before(stage.today, 1), 15 * 60);
    let Some((company, contact)) = client(stage)? else { return Ok(None) };
    let line = QuoteLineInput {
        description: "申込はがきの入力".into(),
        quantity: "40".into(),
        unit_price: "180".into(),
        unit_minutes: "6".into(),
        tax_rate: "10".into(),
    };
    let input = DirectOrderInput {
        company_id: company.into(),
        contact_id: contact.into(),
        title: "申込はがきの入力（電話で受けた分）".into(),
        source: "phone".into(),
        deliver_on: (stage.today + chrono::TimeDelta::days(24)).to_string().into(),
        order_number: "TEL-07".into(),
        note: "はがきは宅配便で届きます".into(),
        lines: vec![line],
        ..DirectOrderInput::default()
    };
    Ok(Some(stage.act(stage.who("coordinator")?, |tx| direct::record_won(tx, &input))?.id))
}

/// Says whose work it is and when they pay, once its order is there.
pub(super) fn re_entrust(stage: &Stage, deal: DealId) -> Result<(), Stop> {
    let pays = stage.today + chrono::TimeDelta::days(60);
    stage.act(stage.who("coordinator")?, |tx| -> Result<_, orders::OrderError> {
        let Some(order) = orders::of_deal(tx, deal)? else { return Ok(()) };
        let client = clients::companies::find(tx, order.company_id)?.name;
        let input = ReEntrustInput {
            re_entrusted: "yes".into(),
            original_client: client.into(),
            original_pay_on: pays.to_string().into(),
        };
        orders::re_entrust(tx, order.id, &input).map(drop)
    })
}

/// The company that was won from last and whose contact is known.
fn client(stage: &Stage) -> Result<Option<(String, String)>, Stop> {
    let filter = DealFilter { state: Some(DealStatus::Won), ..DealFilter::default() };
    let won = stage.system(|tx| deals::list(tx, &filter, &Paging::first(20)))?.items;
    let known = won.iter().find_map(|card| Some((card.company_id.to_string(), card.contact_id?.to_string())));
    Ok(known)
}
