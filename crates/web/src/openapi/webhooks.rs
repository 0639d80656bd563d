//! What is posted to other people's programs, as OpenAPI 3.1 describes it: one message for each thing that they can be told
//! of. The facts themselves are put into words in `yui::webhooks`, whose tests compare both.

use notifier::webhooks::Happened;
use serde_json::{Map, Value, json};

/// The fields of `data`: their names and what they are. Ids and counts, never names, texts or amounts.
type Fields = &'static [(&'static str, &'static str)];

const DEAL: (&str, &str) = ("deal_id", "The deal: `GET /api/v1/deals/{id}`.");
const ORDER: (&str, &str) = ("order_id", "The order: `GET /api/v1/orders/{id}`.");
const COMPANY: (&str, &str) = ("company_id", "The client: `GET /api/v1/companies/{id}`.");
const DELIVERY: (&str, &str) = ("delivery_id", "The delivery: `GET /api/v1/deliveries/{id}`.");

/// What a message says, and the fields of its `data`.
fn told(kind: Happened) -> (&'static str, Fields) {
    match kind {
        Happened::DealWon => {
            ("A deal was won.", &[DEAL, ("quote_id", "The quote that was accepted."), COMPANY])
        }
        Happened::OrderOpened => ("An order was opened.", &[ORDER, DEAL, COMPANY]),
        Happened::DeliverySent => (
            "A delivery was sent to its client, or its link once more under a new id.",
            &[DELIVERY, ORDER, ("units", "How many units it has.")],
        ),
        Happened::DeliveryAnswered => (
            "A client answered a delivery.",
            &[DELIVERY, ORDER, ("accepted", "Units taken."), ("to_fix", "Units to be mended.")],
        ),
        Happened::OrderAccepted => ("Everything of an order was accepted.", &[ORDER, DEAL, COMPANY]),
        Happened::Ping => ("Somebody tries whether messages arrive.", &[]),
    }
}

const RULES: &str = "Posted by Yui to the address of a webhook, signed as Standard Webhooks has it. Any 2xx within ten seconds \
    means that it was taken; a redirect is not followed. Anything else is tried again, fourteen times in all over half a day to \
    a day and a half; 410 ends the webhook. A message may come twice and out of order: the same `webhook-id` is the same \
    message. Tell old from new by `timestamp`, and read the rest through the API.";

/// The `webhooks` object of the description.
pub(super) fn described() -> Map<String, Value> {
    Happened::ALL.iter().map(|kind| (kind.to_string(), json!({ "post": message(*kind) }))).collect()
}

fn message(kind: Happened) -> Value {
    let (summary, fields) = told(kind);
    json!({
        "operationId": format!("webhook_{}", kind.as_str().replace('.', "_")),
        "summary": summary,
        "description": RULES,
        "parameters": [
            header("webhook-id", "The message. A replay and every further try carry the same."),
            header("webhook-timestamp", "When this try was made, in seconds since 1970. Refuse what is older than five minutes."),
            header(
                "webhook-signature",
                "`v1,` and the base64 of the HMAC-SHA256 of `webhook-id.webhook-timestamp.body`, by the key without its \
                 `whsec_`, read as base64. For a day after a new key there are two, with a space between.",
            ),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema(kind, fields) } } },
        "responses": {
            "2XX": { "description": "Taken." },
            "410": { "description": "Gone for good: nothing more is sent until somebody lets it go on." },
            "default": { "description": "Not taken: it is tried again." },
        },
        "security": [],
    })
}

fn header(name: &str, about: &str) -> Value {
    json!({ "name": name, "in": "header", "required": true, "description": about, "schema": { "type": "string" } })
}

fn schema(kind: Happened, fields: Fields) -> Value {
    let number = |(name, about): &(&str, &str)| {
        ((*name).to_owned(), json!({ "type": "integer", "description": about }))
    };
    let data: Map<String, Value> = fields.iter().map(number).collect();
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": { "const": kind.as_str() },
            "timestamp": { "type": "string", "format": "date-time", "description": "When it happened." },
            "data": { "type": "object", "required": names, "properties": data },
        },
    })
}
