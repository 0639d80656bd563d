//! Mails about quotes: to the client with the page to answer on, and to the salesperson about what came of it.

use kernel::Language;
use serde::Serialize;

use super::changes::{Sample, mails};
use super::{Audience, Link, Mail};
use crate::messages::Category;

mails! {
    /// A quote, with the page to answer it on: to a contact of the client.
    QuoteSent = "quote_sent", Quoted, "/q/SAMPLE", must say ["total", "valid_until", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// Yen with tax.
        total: String = "96,800円", "¥96,800";
        /// The day everything is delivered, in words.
        deliver_on: String = "2026年12月18日(金)", "Fri 18 Dec 2026";
        /// The last day the offer holds, in words.
        valid_until: String = "2026年12月7日(月)", "Mon 7 Dec 2026";
        /// Who sends it.
        sent_by: String = "営業 太郎", "Taro Eigyo";
        /// What they write beside it; may be empty.
        message: String = "先日のお打合せの内容でお見積りしました。", "This is for the work we talked about last week.";
    }

    /// The record of an order by the client’s page: to the contact whose link it was.
    QuoteReceipt = "quote_receipt", Client, "/q/SAMPLE", must say ["total", "accepted_by", "accepted_at", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The quote’s number with its version.
        quote_number: String = "5-2", "5-2";
        /// Yen with tax.
        total: String = "96,800円", "¥96,800";
        /// The day everything is delivered, in words.
        deliver_on: String = "2026年12月18日(金)", "Fri 18 Dec 2026";
        /// The name given with the order.
        accepted_by: String = "見本 花子", "Hanako Mihon";
        /// When, in words.
        accepted_at: String = "2026年11月26日(木) 14:20", "Thu 26 Nov 2026 14:20";
        /// The client’s own number of the order; may be empty.
        order_number: String = "PO-2026-118", "PO-2026-118";
        /// The client’s terms or remarks; may be empty.
        note: String = "検収は10日以内に行います。", "We inspect within ten days.";
    }

    /// A client ordered by their page: to the salesperson.
    QuoteAccepted = "quote_accepted", Team, "/deals/5", must say ["accepted_by", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The quote’s number with its version.
        quote_number: String = "5-2", "5-2";
        /// Yen with tax.
        total: String = "96,800円", "¥96,800";
        /// The day everything is delivered, in words.
        deliver_on: String = "2026年12月18日(金)", "Fri 18 Dec 2026";
        /// The name given with the order.
        accepted_by: String = "見本 花子", "Hanako Mihon";
        /// When, in words.
        accepted_at: String = "2026年11月26日(木) 14:20", "Thu 26 Nov 2026 14:20";
        /// The client’s own number of the order; may be empty.
        order_number: String = "PO-2026-118", "PO-2026-118";
        /// The client’s terms or remarks; may be empty.
        note: String = "検収は10日以内に行います。", "We inspect within ten days.";
    }

    /// A client asks something about a quote: to the salesperson.
    QuoteAsked = "quote_asked", Team, "/deals/5", must say ["question", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The quote’s number with its version.
        quote_number: String = "5-2", "5-2";
        /// Who asks.
        asked_by: String = "見本 花子", "Hanako Mihon";
        /// Where an answer reaches them; may be empty.
        reply_to: String = "hanako@client.example", "hanako@client.example";
        /// What they ask.
        question: String = "写真が50枚増えた場合の金額を教えてください。", "What would fifty more photos cost?";
    }

    /// A client does not order on a quote: to the salesperson.
    QuoteDeclined = "quote_declined", Team, "/deals/5", must say ["link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The quote’s number with its version.
        quote_number: String = "5-2", "5-2";
        /// Who says so.
        declined_by: String = "見本 花子", "Hanako Mihon";
        /// Why; may be empty.
        reason: String = "今年度の予算では難しくなりました。", "It no longer fits this year’s budget.";
    }

    /// A quote that was sent runs out soon: to the salesperson.
    QuoteRunsOut = "quote_runs_out", Team, "/deals/5", must say ["valid_until", "link"], {
        /// The client.
        company: String = "株式会社みほん商店", "Mihon Trading Co., Ltd.";
        /// What it is about.
        deal_title: String = "商品写真の切り抜き（11月分）", "Product photo cut-outs, November";
        /// The quote’s number with its version.
        quote_number: String = "5-2", "5-2";
        /// Yen with tax.
        total: String = "96,800円", "¥96,800";
        /// The last day the offer holds, in words.
        valid_until: String = "2026年12月7日(月)", "Mon 7 Dec 2026";
    }
}
