//! Accounts: sign-in, invitations, own settings, members, town, set-up.

use super::{ADMIN, PUBLIC, SAMPLE, SIGNED, routes};
use crate::access::Access;
use crate::{inquiries, mail_settings, me, members, notices, sign_in, town};

routes! {
    GET "/t/{town}/sign-in" => sign_in::pages::new, PUBLIC;
    POST "/t/{town}/sign-in" => sign_in::pages::create, PUBLIC;
    GET "/t/{town}/forgot" => sign_in::passwords::forgot, PUBLIC;
    POST "/t/{town}/forgot" => sign_in::passwords::ask, PUBLIC;
    GET "/t/{town}/inquiry" => inquiries::new, PUBLIC;
    POST "/t/{town}/inquiry" => inquiries::create, PUBLIC, SAMPLE;
    GET "/t/{town}/inquiry/received" => inquiries::received, PUBLIC;
    POST "/sign-out" => sign_in::pages::destroy, SIGNED;
    GET "/language/{language}" => sign_in::pages::language, PUBLIC;
    GET "/join/{secret}" => sign_in::passwords::join, Access::Link;
    POST "/join/{secret}" => sign_in::passwords::accept, Access::Link;
    GET "/reset/{secret}" => sign_in::passwords::reset, Access::Link;
    POST "/reset/{secret}" => sign_in::passwords::replace, Access::Link;
    GET "/setup" => sign_in::passwords::setup, PUBLIC;
    POST "/setup" => sign_in::passwords::open, PUBLIC;
    GET "/me" => me::show, SIGNED;
    GET "/notices" => notices::pages::index, SIGNED;
    GET "/notices/{id}" => notices::pages::show, SIGNED;
    POST "/notices/{id}/read" => notices::pages::read, SIGNED;
    POST "/notices/read" => notices::pages::read_up_to, SIGNED;
    GET "/me/mail" => mail_settings::show, SIGNED;
    POST "/me/mail" => mail_settings::change, SIGNED;
    POST "/me/preferences" => me::prefer, SIGNED;
    POST "/me/sessions/end-others" => me::end_others, SIGNED;
    POST "/me/sessions/{id}/end" => me::end_session, SIGNED;
    POST "/me/password" => me::change_password, SIGNED;
    POST "/me/tokens" => me::create_token, SIGNED;
    POST "/me/tokens/{id}/revoke" => me::revoke_token, SIGNED;
    GET "/members" => members::index, ADMIN;
    GET "/members/new" => members::new, ADMIN;
    POST "/members" => members::create, ADMIN;
    GET "/members/{id}" => members::show, ADMIN;
    POST "/members/{id}" => members::correct, ADMIN;
    POST "/members/{id}/roles" => members::set_roles, ADMIN;
    POST "/members/{id}/invite" => members::invite, ADMIN;
    POST "/members/{id}/calendar/end" => members::end_calendar, ADMIN;
    POST "/members/{id}/disable" => members::disable, ADMIN;
    POST "/members/{id}/enable" => members::enable, ADMIN;
    GET "/town" => town::edit, ADMIN;
    POST "/town" => town::update, ADMIN;
    /// What the caller was told within two months, the newest first.
    GET "/api/v1/notices" -> notices::api::index, SIGNED;
    /// How much of it the caller has not read.
    GET "/api/v1/notices/unread" -> notices::api::unread, SIGNED;
    /// The caller has read one of them.
    POST "/api/v1/notices/{id}/read" -> notices::api::read, SIGNED;
    /// The caller has read everything up to one of them.
    POST "/api/v1/notices/read" -> notices::api::read_up_to, SIGNED;
    /// People, in the order of their readings.
    GET "/api/v1/members" -> members::api::index, ADMIN;
    /// Adds a person with roles and mails them the invitation.
    POST "/api/v1/members" -> members::api::create, ADMIN;
    /// One person.
    GET "/api/v1/members/{id}" -> members::api::show, ADMIN;
    /// Corrects a person’s name, mail address or language; every field is written. A new address ends the links mailed to the old one.
    PUT "/api/v1/members/{id}" -> members::api::correct, ADMIN;
    /// Sets what a person may do; the list is written whole.
    PUT "/api/v1/members/{id}/roles" -> members::api::set_roles, ADMIN;
    /// Mails the invitation again; the link before ends.
    POST "/api/v1/members/{id}/invite" -> members::api::invite, ADMIN;
    /// Shuts a person out: they are signed out everywhere at once.
    POST "/api/v1/members/{id}/disable" -> members::api::disable, ADMIN;
    /// Lets a person in again.
    POST "/api/v1/members/{id}/enable" -> members::api::enable, ADMIN;
    /// The town’s settings.
    GET "/api/v1/town" -> town::show, ADMIN;
    /// Changes the town’s settings; every field is written.
    PUT "/api/v1/town" -> town::change, ADMIN;
    /// Which mails the caller gets, how often and at which hours.
    GET "/api/v1/me/mail" -> mail_settings::mine, SIGNED;
    /// Changes them; every field is written. What the law or the account wants told always comes.
    PUT "/api/v1/me/mail" -> mail_settings::set, SIGNED;
}
