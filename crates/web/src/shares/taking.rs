//! Taking what a partner offers: the won deal is recorded as the order of that town, and the order opens from it by the same
//! event as ever.

use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use db::Tx;
use fulfillment::shares::{self, OrderShare, ShareId};
use kernel::{CompanyId, ContactId, TaxRate};
use sales::deals;
use sales::direct::{self, DirectOrderInput, DirectSource};
use sales::quotes::QuoteLineInput;

use crate::failure::Failure;

/// How many companies with a name like the other town's are looked through for it.
const ALIKE: i32 = 20;

/// Takes an offer, all in one transaction.
pub(super) fn take(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, Failure> {
    let share = shares::hold_to_accept(tx, id)?;
    let (company, contact) = client(tx, &share)?;
    let deal = direct::record_won(tx, &ordered(&share, company, contact))?;
    Ok(shares::accept(tx, id, deal.id)?)
}

/// The sharing town as a client: as it was the last time, else by its name, else entered now.
fn client(tx: &mut Tx<'_>, share: &OrderShare) -> Result<(CompanyId, Option<ContactId>), Failure> {
    if let Some(deal) = shares::latest_deal(tx, share.partner_id)? {
        let deal = deals::find(tx, deal)?;
        return Ok((deal.company_id, deal.contact_id));
    }
    let name = &share.document.orderer;
    let known = companies::search(tx, name, ALIKE)?.into_iter().find(|one| &one.name == name);
    let company = if let Some(company) = known {
        company.id
    } else {
        let input = CompanyInput { name: name.as_str().into(), ..CompanyInput::default() };
        companies::enter_knowingly(tx, input)?.id
    };
    Ok((company, reader(tx, share, company)?))
}

/// Whoever there reads what is delivered: by the mail address that the town names for itself. Without one nobody, until
/// somebody enters them.
fn reader(tx: &mut Tx<'_>, share: &OrderShare, company: CompanyId) -> Result<Option<ContactId>, Failure> {
    let address = share.document.orderer_email.as_str();
    if address.is_empty() {
        return Ok(None);
    }
    let reads = |one: &contacts::Contact| one.email.as_ref().is_some_and(|email| email.as_str() == address);
    if let Some(known) = contacts::of_company(tx, company)?.into_iter().find(reads) {
        return Ok(Some(known.id));
    }
    let input = ContactInput {
        family_name: share.partner.as_str().into(),
        email: address.into(),
        ..ContactInput::default()
    };
    Ok(Some(contacts::add_knowingly(tx, company, input)?.id))
}

/// The document as the order sheet that it is.
fn ordered(share: &OrderShare, company: CompanyId, contact: Option<ContactId>) -> DirectOrderInput {
    let document = &share.document;
    DirectOrderInput {
        company_id: company.to_string().into(),
        contact_id: contact.map(|id| id.to_string()).unwrap_or_default().into(),
        title: document.title.as_str().into(),
        source: DirectSource::Paper.as_str().into(),
        deliver_on: document.due_on.to_string().into(),
        terms: document.work.as_str().into(),
        note: document.message.as_str().into(),
        lines: vec![QuoteLineInput {
            description: document.title.as_str().into(),
            quantity: document.quantity.to_string().into(),
            unit_price: document.unit_price.0.to_string().into(),
            unit_minutes: document.unit_minutes.to_string().into(),
            tax_rate: TaxRate::STANDARD.0.to_string().into(),
        }],
        ..DirectOrderInput::default()
    }
}
