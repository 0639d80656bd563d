//! Mails: their log, the sandbox mailbox, whom to call, texts, ending a sort of mail.

use super::{ADMIN, MAILS, routes};
use crate::access::Access;
use crate::{calls, mail_texts, operations, suppressions, unsubscribe, webhooks};

routes! {
    GET "/messages" => operations::messages::index, MAILS;
    GET "/messages/stuck" => operations::stuck::index, MAILS;
    POST "/messages/stuck" => operations::stuck::redrive, ADMIN;
    POST "/messages/stuck/seen" => operations::stuck::all_seen, ADMIN;
    GET "/messages/{id}" => operations::messages::show, MAILS;
    POST "/messages/{id}/resend" => operations::actions::resend, MAILS;
    POST "/messages/{id}/bounce" => operations::actions::bounce, MAILS;
    POST "/messages/{id}/release" => operations::actions::release, MAILS;
    POST "/messages/{id}/hold" => operations::actions::hold, MAILS;
    POST "/messages/{id}/cancel" => operations::actions::cancel, MAILS;
    POST "/messages/{id}/seen" => operations::actions::seen, MAILS;
    GET "/calls" => calls::pages::index, MAILS;
    POST "/calls/{id}/close" => calls::pages::close, MAILS;
    POST "/calls/{id}/lift" => calls::pages::lift, MAILS;
    GET "/suppressions" => suppressions::pages::index, MAILS;
    POST "/suppressions" => suppressions::pages::add, MAILS;
    POST "/suppressions/{id}/lift" => suppressions::pages::lift, MAILS;
    GET "/webhooks" => webhooks::pages::index, ADMIN;
    POST "/webhooks" => webhooks::pages::add, ADMIN;
    GET "/webhooks/{id}" => webhooks::pages::show, ADMIN;
    POST "/webhooks/{id}" => webhooks::pages::update, ADMIN;
    POST "/webhooks/{id}/pause" => webhooks::pages::pause, ADMIN;
    POST "/webhooks/{id}/resume" => webhooks::pages::resume, ADMIN;
    POST "/webhooks/{id}/rotate" => webhooks::pages::rotate, ADMIN;
    POST "/webhooks/{id}/ping" => webhooks::pages::ping, ADMIN;
    POST "/webhooks/{id}/remove" => webhooks::pages::remove, ADMIN;
    POST "/webhooks/deliveries/{id}/replay" => webhooks::pages::replay, ADMIN;
    GET "/mail-texts" => mail_texts::pages::index, ADMIN;
    GET "/mail-texts/{name}/{language}" => mail_texts::pages::edit, ADMIN;
    POST "/mail-texts/{name}/{language}" => mail_texts::pages::write, ADMIN;
    POST "/mail-texts/{name}/{language}/preview" => mail_texts::pages::preview, ADMIN;
    POST "/mail-texts/{name}/{language}/look" => mail_texts::pages::look, ADMIN;
    POST "/mail-texts/{name}/{language}/test" => mail_texts::pages::test, ADMIN;
    POST "/mail-texts/{name}/{language}/reset" => mail_texts::pages::reset, ADMIN;
    GET "/unsubscribe/{token}" => unsubscribe::show, Access::OneClick;
    POST "/unsubscribe/{token}" => unsubscribe::end, Access::OneClick;
    GET "/sandbox" => operations::sandbox::index, ADMIN;
    GET "/sandbox/{id}" => operations::sandbox::show, ADMIN;
    GET "/sandbox/{id}/html" => operations::sandbox::html, ADMIN;
    GET "/sandbox/{id}/files/{place}" => operations::sandbox::file, ADMIN;
    /// Mails of the town, the newest first.
    GET "/api/v1/messages" -> operations::api::messages, MAILS;
    /// Mails that stopped and wait for a person, by cause, the most frequent first; at most fifty causes come whole.
    GET "/api/v1/messages/stuck" -> operations::api::stuck, ADMIN;
    /// Sends what stopped for one cause once more: what is held with the same bytes, what had ended as new mails.
    POST "/api/v1/messages/stuck/redrive" -> operations::api::redrive_stuck, ADMIN;
    /// Says that somebody has seen all that ended for one cause: they no longer count among those to look at.
    POST "/api/v1/messages/stuck/seen" -> operations::api::seen_stuck, ADMIN;
    /// One mail with its attempts and what else happened to it.
    GET "/api/v1/messages/{id}" -> operations::api::message, MAILS;
    /// Sends an ended mail once more, as a new one, with a reason that stays on record.
    POST "/api/v1/messages/{id}/resend" -> operations::api::resend, MAILS;
    /// Notes that a mail came back after its relay had taken it; a legal notice then needs a call.
    POST "/api/v1/messages/{id}/bounce" -> operations::api::bounce, MAILS;
    /// Sends a mail that is held, or that nobody knows to have arrived, with the same bytes.
    POST "/api/v1/messages/{id}/release" -> operations::api::release, MAILS;
    /// Puts a waiting mail aside until somebody releases or cancels it.
    POST "/api/v1/messages/{id}/hold" -> operations::api::hold, MAILS;
    /// Takes back a mail that has not been sent.
    POST "/api/v1/messages/{id}/cancel" -> operations::api::cancel, MAILS;
    /// Says that somebody has seen how a mail ended: it no longer counts among those to look at.
    POST "/api/v1/messages/{id}/seen" -> operations::api::seen, MAILS;
    /// People to be called because a notice did not reach them, the longest waiting first.
    GET "/api/v1/calls" -> calls::api::index, MAILS;
    /// Closes a call with what came of it.
    POST "/api/v1/calls/{id}/close" -> calls::api::close, MAILS;
    /// Takes the address of somebody who was called off the list of dead ones; the note says how you know.
    POST "/api/v1/calls/{id}/lift" -> calls::api::lift, MAILS;
    /// Addresses that are left alone, the newest first.
    GET "/api/v1/suppressions" -> suppressions::api::index, MAILS;
    /// Leaves an address alone from now on, and takes back what still waits for it.
    POST "/api/v1/suppressions" -> suppressions::api::add, MAILS;
    /// Takes an entry off the list; the note says how you know.
    POST "/api/v1/suppressions/{id}/lift" -> suppressions::api::lift, MAILS;
    /// Programs that are told what happens, the oldest first; they come whole.
    GET "/api/v1/webhooks" -> webhooks::api::index, ADMIN;
    /// Tells a program from now on. Give it a key of yours by `PUT /api/v1/webhooks/{id}/key`.
    POST "/api/v1/webhooks" -> webhooks::api::add, ADMIN;
    /// One program.
    GET "/api/v1/webhooks/{id}" -> webhooks::api::show, ADMIN;
    /// Changes a program’s address, name, or what it is told.
    PUT "/api/v1/webhooks/{id}" -> webhooks::api::update, ADMIN;
    /// Forgets a program with everything it was told.
    DELETE "/api/v1/webhooks/{id}" -> webhooks::api::remove, ADMIN;
    /// Gives a program a new signing key, shown this once; for a day messages are signed with the one before as well.
    PUT "/api/v1/webhooks/{id}/key" -> webhooks::api::rotate, ADMIN;
    /// Stops telling a program; messages wait.
    POST "/api/v1/webhooks/{id}/pause" -> webhooks::api::pause, ADMIN;
    /// Tells a paused or stopped program again, beginning with what has waited.
    POST "/api/v1/webhooks/{id}/resume" -> webhooks::api::resume, ADMIN;
    /// Sends a program a message that says nothing, to see whether it arrives.
    POST "/api/v1/webhooks/{id}/ping" -> webhooks::api::ping, ADMIN;
    /// What a program was told within the last month, the newest first.
    GET "/api/v1/webhooks/{id}/deliveries" -> webhooks::api::deliveries, ADMIN;
    /// Sends a message that was delivered or given up once more, under its own id.
    POST "/api/v1/webhooks/deliveries/{id}/replay" -> webhooks::api::replay, ADMIN;
    /// Every mail there is, with the fields its text may use; they come whole.
    GET "/api/v1/mail-texts" -> mail_texts::api::index, ADMIN;
    /// The words of a mail in a language, with their versions.
    GET "/api/v1/mail-texts/{name}/{language}" -> mail_texts::api::show, ADMIN;
    /// Keeps the town’s own words for a mail, if they can be sent.
    POST "/api/v1/mail-texts/{name}/{language}" -> mail_texts::api::write, ADMIN;
    /// Shows what words become with sample data; nothing is kept.
    POST "/api/v1/mail-texts/{name}/{language}/preview" -> mail_texts::api::preview, ADMIN;
    /// Mails the caller what words become with sample data; nothing is kept.
    POST "/api/v1/mail-texts/{name}/{language}/test" -> mail_texts::api::test, ADMIN;
    /// Goes back to Yui’s own words, as a version of its own.
    POST "/api/v1/mail-texts/{name}/{language}/reset" -> mail_texts::api::reset, ADMIN;
}
