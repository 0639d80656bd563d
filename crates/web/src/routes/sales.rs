//! Companies and contacts, the register, leads, the board, deals, quotes.

use super::{ADMIN, COMPANIES, MEETING, SELLING, UPLOAD, routes};
use crate::{
    activities, board, bulk_edits, companies, contact_mail, contacts, costs, deals, hearings, imports, leads,
    merges, pipelines, quotes, registry, tags, views,
};

routes! {
    GET "/companies" => companies::pages::index, COMPANIES;
    GET "/companies/new" => companies::pages::new, SELLING;
    POST "/companies" => companies::pages::create, SELLING;
    GET "/companies/{id}" => companies::pages::show, COMPANIES;
    GET "/companies/{id}/edit" => companies::pages::edit, SELLING;
    POST "/companies/{id}" => companies::pages::update, SELLING;
    /// Companies in gojūon order, or those that `q` finds.
    GET "/api/v1/companies" -> companies::api::index, COMPANIES;
    /// Enters a company. What looks like it and is not named in `apart_from` refuses it with `looks-alike`.
    POST "/api/v1/companies" -> companies::api::create, SELLING;
    /// What looks like a company about to be entered or corrected: the same number, name, phone number or web site,
    /// however they are written; they come whole.
    GET "/api/v1/companies/look-alikes" -> companies::api::look_alikes, SELLING;
    /// One company; of one that was merged away, the one it was merged into.
    GET "/api/v1/companies/{id}" -> companies::api::show, COMPANIES;
    /// Corrects a company; every field is written.
    PUT "/api/v1/companies/{id}" -> companies::api::update, SELLING;

    GET "/companies/{id}/terms" => companies::terms::show, SELLING;
    POST "/companies/{id}/terms" => companies::terms::agree, SELLING;
    /// Every version of a company’s terms, the newest first; they come whole.
    GET "/api/v1/companies/{id}/terms" -> companies::api::terms, COMPANIES;
    /// Records a company’s next terms; what was agreed before stays.
    POST "/api/v1/companies/{id}/terms" -> companies::api::agree_terms, SELLING;
    GET "/companies/{id}/merge" => merges::pages::of_company, SELLING;
    POST "/companies/{id}/merge" => merges::pages::merge_companies, SELLING;
    GET "/contacts/{id}/merge" => merges::pages::of_contact, SELLING;
    POST "/contacts/{id}/merge" => merges::pages::merge_contacts, SELLING;
    GET "/merges/{id}" => merges::show::show, SELLING;
    POST "/merges/{id}/undo" => merges::show::undo, SELLING;
    /// What merging `other` into a company would do: where the two differ, and how much would move.
    GET "/api/v1/companies/{id}/merge/{other}" -> merges::api::preview_companies, SELLING;
    /// Merges another company into this one: what it was the client of moves, its id leads here from now on. `If-Match`
    /// names this company’s version, the body the other’s.
    POST "/api/v1/companies/{id}/merge" -> merges::api::merge_companies, SELLING;
    /// What was merged into a company, the newest first, with what was taken back; they come whole.
    GET "/api/v1/companies/{id}/merges" -> merges::api::of_company, COMPANIES;
    /// What merging `other` into a contact would do: where the two differ, and how much would move.
    GET "/api/v1/contacts/{id}/merge/{other}" -> merges::api::preview_contacts, SELLING;
    /// Merges another contact of the same company into this one. A refusal of either stays; nobody gains a consent.
    POST "/api/v1/contacts/{id}/merge" -> merges::api::merge_contacts, SELLING;
    /// Who was merged into a contact, the newest first, with what was taken back; they come whole.
    GET "/api/v1/contacts/{id}/merges" -> merges::api::of_contact, COMPANIES;
    /// One merge.
    GET "/api/v1/merges/{id}" -> merges::api::show, SELLING;
    /// Takes a merge back, unless what happened since forbids it (`merge-stands`; `errors` names what).
    POST "/api/v1/merges/{id}/undo" -> merges::api::undo, SELLING;
    GET "/tags" => tags::pages::index, SELLING;
    POST "/tags" => tags::pages::create, SELLING;
    GET "/tags/{id}" => tags::pages::show, SELLING;
    POST "/tags/{id}" => tags::pages::rename, SELLING;
    POST "/tags/{id}/merge" => tags::pages::merge, SELLING;
    POST "/companies/{id}/tags" => tags::pages::give, SELLING;
    /// The town’s tags by name, each with how many companies have it; they come whole.
    GET "/api/v1/tags" -> tags::api::index, MEETING;
    /// Makes a tag.
    POST "/api/v1/tags" -> tags::api::create, SELLING;
    /// Renames a tag.
    PUT "/api/v1/tags/{id}" -> tags::api::rename, SELLING;
    /// Merges a tag into another, which is answered: its companies get the other one, and it is gone.
    POST "/api/v1/tags/{id}/merge" -> tags::api::merge, SELLING;
    /// A company’s tags by name; they come whole.
    GET "/api/v1/companies/{id}/tags" -> tags::api::of_company, COMPANIES;
    /// Gives a company these tags and no others.
    PUT "/api/v1/companies/{id}/tags" -> tags::api::give, SELLING;
    GET "/imports" => imports::pages::index, SELLING;
    GET "/imports/new" => imports::pages::new, SELLING;
    POST "/imports" => imports::pages::begin, SELLING, UPLOAD;
    GET "/imports/{id}" => imports::pages::show, SELLING;
    POST "/imports/{id}/columns" => imports::pages::choose, SELLING;
    POST "/imports/{id}/apply" => imports::pages::apply, SELLING;
    POST "/imports/{id}/cancel" => imports::pages::cancel, SELLING;
    POST "/imports/{id}/undo" => imports::pages::undo, SELLING;
    GET "/imports/{id}/file" => imports::pages::file, SELLING;
    GET "/exports/{kind}" => imports::exports::show, SELLING;
    GET "/exports/{kind}/file" => imports::exports::file, SELLING;
    /// Imports, the newest first.
    GET "/api/v1/imports" -> imports::api::index, SELLING;
    /// Takes a file in and begins to read it: CSV or text in UTF-8, CP932 or UTF-16, or a workbook (xlsx). Ask for the
    /// import until its `state` is `columns`.
    POST "/api/v1/imports" -> imports::api::begin, SELLING, UPLOAD;
    /// One import: how far it has come, and what its rows came to.
    GET "/api/v1/imports/{id}" -> imports::api::show, SELLING;
    /// Says what each column is, and begins to look at every row; nothing of the town is changed.
    PUT "/api/v1/imports/{id}/columns" -> imports::api::columns, SELLING;
    /// The rows in their order, each with what it would do or did and everything that is wrong with it.
    GET "/api/v1/imports/{id}/rows" -> imports::api::rows, SELLING;
    /// Begins to take the good rows over.
    POST "/api/v1/imports/{id}/apply" -> imports::api::apply, SELLING;
    /// Stops an import; what was taken over by then can be undone.
    POST "/api/v1/imports/{id}/cancel" -> imports::api::cancel, SELLING;
    /// Begins to take back what an import did; what somebody has worked with since stays.
    POST "/api/v1/imports/{id}/undo" -> imports::api::undo, SELLING;
    /// The file as it came, with what is wrong beside each row.
    GET "/api/v1/imports/{id}/file" -> imports::api::file, SELLING;
    /// A list as a file that an import reads back: `companies`, `contacts`, `leads` or `deals`.
    GET "/api/v1/exports/{kind}" -> imports::api::export, SELLING;
    GET "/views" => views::pages::index, SELLING;
    GET "/views/new" => views::builder::new, SELLING;
    POST "/views" => views::builder::create, SELLING;
    GET "/views/{id}" => views::pages::show, SELLING;
    GET "/views/{id}/edit" => views::builder::edit, SELLING;
    POST "/views/{id}" => views::builder::update, SELLING;
    POST "/views/{id}/copy" => views::pages::copy, SELLING;
    POST "/views/{id}/delete" => views::pages::remove, SELLING;
    /// Saved views of one kind by name: the town’s and the caller’s own.
    GET "/api/v1/views" -> views::api::index, SELLING;
    /// Keeps a view: conditions in groups of “and” and “or” as an outline, columns, an order.
    POST "/api/v1/views" -> views::api::create, SELLING;
    /// One view with its conditions; those whose choices are gone say so.
    GET "/api/v1/views/{id}" -> views::api::show, SELLING;
    /// Changes a view; every field is written.
    PUT "/api/v1/views/{id}" -> views::api::update, SELLING;
    /// Removes a view.
    DELETE "/api/v1/views/{id}" -> views::api::remove, SELLING;
    /// Makes a view the caller’s own: a copy that nobody else sees.
    POST "/api/v1/views/{id}/copy" -> views::api::copy, SELLING;
    /// What a view lists, in its order.
    GET "/api/v1/views/{id}/items" -> views::api::items, SELLING;
    /// How many a view lists in all, and what deals among them are worth before tax.
    GET "/api/v1/views/{id}/totals" -> views::api::totals, SELLING;
    GET "/bulk-edits" => bulk_edits::pages::index, SELLING;
    GET "/bulk-edits/new" => bulk_edits::begin::new, SELLING;
    POST "/bulk-edits" => bulk_edits::begin::begin, SELLING;
    GET "/bulk-edits/{id}" => bulk_edits::pages::show, SELLING;
    POST "/bulk-edits/{id}/apply" => bulk_edits::pages::apply, SELLING;
    POST "/bulk-edits/{id}/cancel" => bulk_edits::pages::cancel, SELLING;
    POST "/bulk-edits/{id}/undo" => bulk_edits::pages::undo, SELLING;
    /// Changes to many things at once, the newest first.
    GET "/api/v1/bulk-edits" -> bulk_edits::api::index, SELLING;
    /// Looks at what one change would do to many things, and changes nothing. Ask for it until its `state` is `checked`.
    POST "/api/v1/bulk-edits" -> bulk_edits::api::begin, SELLING;
    /// One such change: how far it has come, and what it came to.
    GET "/api/v1/bulk-edits/{id}" -> bulk_edits::api::show, SELLING;
    /// Its things one by one, each with what the change would do or did, and why not.
    GET "/api/v1/bulk-edits/{id}/rows" -> bulk_edits::api::rows, SELLING;
    /// Changes what was looked at; what somebody has changed since is left alone.
    POST "/api/v1/bulk-edits/{id}/apply" -> bulk_edits::api::apply, SELLING;
    /// Stops it; what was changed by then can be taken back.
    POST "/api/v1/bulk-edits/{id}/cancel" -> bulk_edits::api::cancel, SELLING;
    /// Takes back what it changed; what somebody has worked with since stays.
    POST "/api/v1/bulk-edits/{id}/undo" -> bulk_edits::api::undo, SELLING;
    GET "/registry" => registry::pages::index, SELLING;
    POST "/registry/{number}/adopt" => registry::pages::adopt, SELLING;
    GET "/contacts" => contacts::list::index, COMPANIES;
    GET "/contacts/{id}/calls" => contacts::calls::show, SELLING;
    POST "/contacts/{id}/calls" => contacts::calls::record, SELLING;
    GET "/companies/{id}/contacts/new" => contacts::pages::new, SELLING;
    POST "/companies/{id}/contacts" => contacts::pages::create, SELLING;
    GET "/contacts/{id}/edit" => contacts::pages::edit, SELLING;
    POST "/contacts/{id}" => contacts::pages::update, SELLING;
    GET "/contacts/{id}/mail" => contact_mail::pages::show, SELLING;
    POST "/contacts/{id}/mail/consent" => contact_mail::pages::record, SELLING;
    POST "/contacts/{id}/mail/news" => contact_mail::pages::send, SELLING;
    GET "/companies/{id}/activities" => activities::pages::of_company, SELLING;
    POST "/companies/{id}/activities" => activities::pages::note_company, SELLING;
    GET "/leads/{id}/notes" => activities::pages::of_lead, SELLING;
    POST "/leads/{id}/notes" => activities::pages::note_lead, SELLING;
    /// What was done for a company beside its deals, the newest first.
    GET "/api/v1/companies/{id}/activities" -> activities::api::of_company, SELLING;
    /// Keeps what was done for a company beside its deals; a colleague named in `tell` is mailed.
    POST "/api/v1/companies/{id}/activities" -> activities::api::note_company, SELLING;
    /// What is noted on a lead, the newest first.
    GET "/api/v1/leads/{id}/notes" -> activities::api::of_lead, SELLING;
    /// Notes something on a lead. Whoever gets in touch with it says so with `contact`: a note is no answer.
    POST "/api/v1/leads/{id}/notes" -> activities::api::note_lead, SELLING;
    GET "/leads" => leads::pages::index, SELLING;
    GET "/leads/new" => leads::enter::new, SELLING;
    POST "/leads" => leads::enter::create, SELLING;
    GET "/leads/{id}" => leads::pages::show, SELLING;
    GET "/leads/{id}/edit" => leads::correct::edit, SELLING;
    POST "/leads/{id}" => leads::correct::update, SELLING;
    POST "/leads/{id}/contact" => leads::pages::contact, SELLING;
    POST "/leads/{id}/disqualify" => leads::pages::disqualify, SELLING;
    GET "/leads/{id}/convert" => leads::convert::form, SELLING;
    POST "/leads/{id}/convert" => leads::convert::convert, SELLING;
    GET "/board" => board::pages::index, SELLING;
    GET "/board/live/{since}" => board::live::changes, SELLING;
    POST "/board/pipeline" => pipelines::pages::choose, SELLING;
    GET "/pipelines" => pipelines::pages::index, ADMIN;
    POST "/pipelines" => pipelines::pages::create, ADMIN;
    GET "/pipelines/{id}" => pipelines::pages::show, ADMIN;
    POST "/pipelines/{id}" => pipelines::pages::rename, ADMIN;
    POST "/pipelines/{id}/archive" => pipelines::pages::archive, ADMIN;
    POST "/pipelines/{id}/restore" => pipelines::pages::restore, ADMIN;
    POST "/pipelines/{id}/stages" => pipelines::pages::add_stage, ADMIN;
    GET "/stages/{id}" => pipelines::stages::edit, ADMIN;
    POST "/stages/{id}" => pipelines::stages::update, ADMIN;
    POST "/stages/{id}/shift" => pipelines::stages::shift, ADMIN;
    POST "/stages/{id}/remove" => pipelines::stages::remove, ADMIN;
    GET "/deals" => deals::list::index, COMPANIES;
    GET "/deals/new" => deals::forms::new, SELLING;
    POST "/deals" => deals::forms::create, SELLING;
    GET "/deals/{id}" => deals::show::show, COMPANIES;
    GET "/deals/{id}/edit" => deals::forms::edit, SELLING;
    POST "/deals/{id}" => deals::forms::update, SELLING;
    POST "/deals/{id}/move" => board::moves::to_column, SELLING;
    POST "/deals/{id}/reorder" => board::moves::within_column, SELLING;
    GET "/deals/{id}/lines" => deals::lines::edit, SELLING;
    POST "/deals/{id}/lines" => deals::lines::update, SELLING;
    GET "/deals/{id}/transfer" => deals::transfer::form, SELLING;
    POST "/deals/{id}/transfer" => deals::transfer::transfer, SELLING;
    GET "/deals/{id}/again" => deals::again::form, SELLING;
    POST "/deals/{id}/again" => deals::again::open, SELLING;
    POST "/deals/{id}/activities" => deals::show::log, SELLING;
    POST "/deals/{id}/sleep" => deals::show::sleep, SELLING;
    GET "/deals/{id}/win" => deals::closing::win_form, SELLING;
    POST "/deals/{id}/win" => deals::closing::win, SELLING;
    GET "/deals/{id}/lose" => deals::closing::lose_form, SELLING;
    POST "/deals/{id}/lose" => deals::closing::lose, SELLING;
    GET "/deals/{id}/reopen" => deals::closing::reopen_form, SELLING;
    POST "/deals/{id}/reopen" => deals::closing::reopen, SELLING;
    GET "/deals/{id}/hearings/new" => hearings::forms::new, SELLING;
    POST "/deals/{id}/hearings" => hearings::forms::create, SELLING, UPLOAD;
    GET "/hearings/{id}" => hearings::pages::show, COMPANIES;
    GET "/hearings/{id}/edit" => hearings::forms::edit, SELLING;
    POST "/hearings/{id}" => hearings::forms::update, SELLING, UPLOAD;
    GET "/deals/{id}/quotes/new" => quotes::pages::new, SELLING;
    POST "/deals/{id}/quotes/new" => quotes::pages::create, SELLING;
    GET "/quotes/{id}" => quotes::pages::show, COMPANIES;
    GET "/costs" => costs::show, COMPANIES;
    POST "/costs" => costs::assume, ADMIN;
    /// What the town reckons costs from: every version, the newest first; the last fifty.
    GET "/api/v1/costs" -> costs::index, COMPANIES;
    /// Records what the town assumes from now on, as the version after `based_on`.
    POST "/api/v1/costs" -> costs::create, ADMIN;
    GET "/quotes/{id}/send" => quotes::sending::form, SELLING;
    POST "/quotes/{id}/send" => quotes::sending::create, SELLING;
    POST "/quotes/{id}/withdraw" => quotes::sending::withdraw, SELLING;
    /// Searches the public corporate-number register by a part of the name, two characters or more.
    GET "/api/v1/registry" -> registry::api::index, SELLING;
    /// What the register says of one corporation.
    GET "/api/v1/registry/{number}" -> registry::api::show, SELLING;
    /// Makes a registered corporation a company of the town, with its number, name, reading and address.
    POST "/api/v1/registry/{number}/adopt" -> registry::api::adopt, SELLING;
    /// A company’s contacts; they come whole.
    GET "/api/v1/companies/{id}/contacts" -> contacts::api::of_company, COMPANIES;
    /// Contacts of all companies in gojūon order, those that `q` finds, or the call list.
    GET "/api/v1/contacts" -> contacts::api::index, COMPANIES;
    /// Who looks like a contact about to be added or corrected: the same mail address or personal phone number, or the
    /// same name at the same company; they come whole.
    GET "/api/v1/contacts/look-alikes" -> contacts::api::look_alikes, SELLING;
    /// What a contact said about being called: every line, the newest first; they come whole.
    GET "/api/v1/contacts/{id}/call-wishes" -> contacts::api::call_wishes, SELLING;
    /// Writes down that a contact refuses to be called, or may be called again; nothing of it is ever deleted.
    POST "/api/v1/contacts/{id}/call-wishes" -> contacts::api::record_call_wish, SELLING;
    /// Adds a contact to a company. Who looks like them and is not named in `apart_from` refuses it with `looks-alike`.
    POST "/api/v1/companies/{id}/contacts" -> contacts::api::create, SELLING;
    /// One contact; of one who was merged away, the one they were merged into.
    GET "/api/v1/contacts/{id}" -> contacts::api::show, COMPANIES;
    /// Corrects a contact; every field is written.
    PUT "/api/v1/contacts/{id}" -> contacts::api::update, SELLING;
    /// Whether a contact may be sent advertising, and how the town knows: every line, the newest first; they come whole.
    GET "/api/v1/contacts/{id}/consents" -> contact_mail::api::index, SELLING;
    /// Writes a consent or a refusal down; nothing of it is ever deleted.
    POST "/api/v1/contacts/{id}/consents" -> contact_mail::api::record, SELLING;
    /// Mails a contact an invitation to order, where they have agreed to such mails.
    POST "/api/v1/contacts/{id}/news" -> contact_mail::api::send, SELLING;
    /// Leads, the newest first.
    GET "/api/v1/leads" -> leads::api::index, SELLING;
    /// Enters a lead.
    POST "/api/v1/leads" -> leads::api::create, SELLING;
    /// One lead.
    GET "/api/v1/leads/{id}" -> leads::api::show, SELLING;
    /// Corrects a lead that is not closed; every field is written, and an empty owner leaves it whose it is.
    PUT "/api/v1/leads/{id}" -> leads::api::update, SELLING;
    /// Notes that somebody has spoken to the lead.
    POST "/api/v1/leads/{id}/contact" -> leads::api::contact, SELLING;
    /// Gives a lead up for a coded reason.
    POST "/api/v1/leads/{id}/disqualify" -> leads::api::disqualify, SELLING;
    /// Makes a lead a deal, with its company and contact; answers with the deal.
    POST "/api/v1/leads/{id}/convert" -> leads::api::convert, SELLING;
    /// The town’s pipelines in their order, archived ones too; they come whole.
    GET "/api/v1/pipelines" -> pipelines::api::index, COMPANIES;
    /// Adds a pipeline with the stages of another, or the usual seven.
    POST "/api/v1/pipelines" -> pipelines::api::create, ADMIN;
    /// Renames a pipeline.
    PUT "/api/v1/pipelines/{id}" -> pipelines::api::rename, ADMIN;
    /// Takes a pipeline out of use that no deal is open or dormant in.
    POST "/api/v1/pipelines/{id}/archive" -> pipelines::api::archive, ADMIN;
    /// Takes an archived pipeline into use again.
    POST "/api/v1/pipelines/{id}/restore" -> pipelines::api::restore, ADMIN;
    /// Adds an open stage to a pipeline, right of its other open ones.
    POST "/api/v1/pipelines/{id}/stages" -> pipelines::api::add_stage, ADMIN;
    /// Every pipeline’s stages, each pipeline’s from the left; they come whole.
    GET "/api/v1/stages" -> pipelines::api::stages, COMPANIES;
    /// Changes a stage: its name, its probability, what it asks for, and which stages may follow it.
    PUT "/api/v1/stages/{id}" -> pipelines::api::change_stage, ADMIN;
    /// Moves an open stage by one place among the open ones of its pipeline.
    POST "/api/v1/stages/{id}/shift" -> pipelines::api::shift_stage, ADMIN;
    /// Takes an open stage away and moves its deals to another; their history still names it.
    POST "/api/v1/stages/{id}/remove" -> pipelines::api::remove_stage, ADMIN;
    /// The whole board of a pipeline: each stage with its count, its sum before tax and its first cards.
    GET "/api/v1/board" -> board::api::board, SELLING;
    /// More cards of one stage: in the order people put them in, or, of a closing stage, the newest first.
    GET "/api/v1/board/{stage}" -> board::api::cards, SELLING;
    /// Deals, the newest moved first: closed ones by the day they were closed.
    GET "/api/v1/deals" -> deals::api::index, COMPANIES;
    /// How many deals pass the same filters, and what they are worth before tax.
    GET "/api/v1/deals/totals" -> deals::api::totals, COMPANIES;
    /// Opens a deal.
    POST "/api/v1/deals" -> deals::api::create, SELLING;
    /// One deal.
    GET "/api/v1/deals/{id}" -> deals::api::show, COMPANIES;
    /// Corrects a deal; every field is written.
    PUT "/api/v1/deals/{id}" -> deals::api::update, SELLING;
    /// Moves an open deal to another open stage of its pipeline.
    POST "/api/v1/deals/{id}/advance" -> deals::api::advance, SELLING;
    /// Moves an open deal to an open stage of another pipeline.
    POST "/api/v1/deals/{id}/transfer" -> deals::api::transfer, SELLING;
    /// Puts a deal’s card to another place of its stage: a step up or down, to the top, or under another card. The deal’s
    /// version stays as it is.
    POST "/api/v1/deals/{id}/reorder" -> deals::api::reorder, SELLING;
    /// Wins a deal with its standing quote; the order is opened at once.
    POST "/api/v1/deals/{id}/win" -> deals::api::win, SELLING;
    /// Loses a deal for a coded reason.
    POST "/api/v1/deals/{id}/lose" -> deals::api::lose, SELLING;
    /// Opens a deal that repeats a won one: its lines, and its quote with new dates.
    POST "/api/v1/deals/{id}/again" -> deals::api::again, SELLING;
    /// A deal’s lines with their sum and minutes; they come whole.
    GET "/api/v1/deals/{id}/lines" -> deals::api::lines, COMPANIES;
    /// Sets a deal’s lines, which sum to its amount unless one is given by hand or a quote stands.
    PUT "/api/v1/deals/{id}/lines" -> deals::api::set_lines, SELLING;
    /// How long a deal stood in each stage, the oldest first; they come whole.
    GET "/api/v1/deals/{id}/stays" -> deals::api::stays, COMPANIES;
    /// Lets a deal rest.
    POST "/api/v1/deals/{id}/sleep" -> deals::api::sleep, SELLING;
    /// Takes a lost, resting or won deal up again with a next action. A won one asks for a reason too, and its order is taken
    /// back with it; once that has been started, the deal stays won (`order-begun`).
    POST "/api/v1/deals/{id}/reopen" -> deals::api::reopen, SELLING;
    /// What a client said of the work a deal is about, a sheet for each kind of work; they come whole.
    GET "/api/v1/deals/{id}/hearings" -> hearings::api::of_deal, COMPANIES;
    /// Begins a sheet for one kind of work. `samples` names files that the caller has uploaded.
    POST "/api/v1/deals/{id}/hearings" -> hearings::api::begin, SELLING;
    /// One sheet; what is empty has not been asked yet.
    GET "/api/v1/hearings/{id}" -> hearings::api::show, COMPANIES;
    /// Writes what is known by now; every field is written, and `samples` are added to those it has.
    PUT "/api/v1/hearings/{id}" -> hearings::api::change, SELLING;
    /// What was done about a deal, the newest first.
    GET "/api/v1/deals/{id}/activities" -> deals::api::activities, COMPANIES;
    /// Logs an activity with the next action. The body names the deal’s `version`, because the next action is written over.
    POST "/api/v1/deals/{id}/activities" -> deals::api::log, SELLING;
    /// A deal’s moves, the oldest first; they come whole.
    GET "/api/v1/deals/{id}/events" -> deals::api::events, COMPANIES;
    /// Every version of a deal’s quote, the newest first; they come whole.
    GET "/api/v1/deals/{id}/quotes" -> quotes::api::of_deal, COMPANIES;
    /// Issues a quote; the one before is superseded.
    POST "/api/v1/deals/{id}/quotes" -> quotes::api::create, SELLING;
    /// What happened to a deal’s quotes between the town and its client, the newest first: the last two hundred.
    GET "/api/v1/deals/{id}/quote-events" -> quotes::api::events, COMPANIES;
    /// One version of a quote with its lines.
    GET "/api/v1/quotes/{id}" -> quotes::api::show, COMPANIES;
    /// To whom a version was sent, the newest first; they come whole.
    GET "/api/v1/quotes/{id}/sendings" -> quotes::api::sendings, COMPANIES;
    /// Mails the standing version of an open deal’s quote to a contact of its company, with a link on which they order, ask
    /// or decline. A contact who refuses mail that invites them to order is not mailed (`contact-refuses`).
    POST "/api/v1/quotes/{id}/send" -> quotes::api::send, SELLING;
    /// Takes a version back: its links show nothing of it any more. Where none was open, nothing happens.
    POST "/api/v1/quotes/{id}/withdraw" -> quotes::api::withdraw, SELLING;
}
