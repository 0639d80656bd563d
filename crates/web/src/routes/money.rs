//! Money: what workers are paid, with which taxes, and when.

use super::{PAY, RUNNING, WORKER, routes};
use crate::{invoices, statements, transfers};

routes! {
    GET "/statements" => statements::pages::index, RUNNING;
    GET "/statements/closing" => statements::closing::show, RUNNING;
    POST "/statements/closing" => statements::closing::close, RUNNING;
    POST "/statements/paid" => statements::days::paid_all, RUNNING;
    GET "/statements/transfer" => transfers::pages::show, RUNNING;
    POST "/statements/transfer" => transfers::pages::make, RUNNING;
    POST "/statements/transfer/{id}/void" => transfers::pages::void, RUNNING;
    GET "/statements/payer" => transfers::payer::show, RUNNING;
    POST "/statements/payer" => transfers::payer::change, RUNNING;
    GET "/statements/{id}" => statements::pages::show, RUNNING;
    POST "/statements/{id}/paid" => statements::pages::paid, RUNNING;
    POST "/statements/{id}/undo" => statements::pages::undo, RUNNING;
    POST "/statements/{id}/correct" => statements::pages::correct, RUNNING;
    GET "/statements/{id}/deductions" => statements::deductions::form, RUNNING;
    POST "/statements/{id}/deductions" => statements::deductions::ask, RUNNING;
    POST "/deductions/{id}" => statements::deductions::decide, RUNNING;
    GET "/jobs/{id}/withholding" => statements::withholding::show, RUNNING;
    POST "/jobs/{id}/withholding" => statements::withholding::decide, RUNNING;
    GET "/invoices" => invoices::pages::index, PAY;
    POST "/invoices" => invoices::pages::bill, RUNNING;
    GET "/invoices/{id}" => invoices::pages::show, PAY;
    POST "/invoices/{id}/payments" => invoices::pages::receive, RUNNING;
    GET "/invoices/{id}/send" => invoices::sending::form, RUNNING;
    POST "/invoices/{id}/send" => invoices::sending::send_invoice, RUNNING;
    POST "/invoices/{id}/withdraw" => invoices::sending::withdraw, RUNNING;
    GET "/invoices/{id}/credits/new" => invoices::credits::form, RUNNING;
    POST "/invoices/{id}/credits" => invoices::credits::issue, RUNNING;
    GET "/credits/{id}" => invoices::credits::show, PAY;
    GET "/credits/{id}/send" => invoices::sending::credit_form, RUNNING;
    POST "/credits/{id}/send" => invoices::sending::send_credit, RUNNING;
    /// To whom an invoice and its returns were sent, the newest first, with when their links were opened; it comes whole.
    GET "/api/v1/invoices/{id}/sendings" -> invoices::api::sendings, PAY;
    /// Sends an invoice to a contact of its client, by a mail with a link of their own.
    POST "/api/v1/invoices/{id}/sendings" -> invoices::api::send, RUNNING;
    /// Ends every link to an invoice; sent again, it has a new one.
    POST "/api/v1/invoices/{id}/withdraw" -> invoices::api::withdraw, RUNNING;
    /// Issues a return of an invoice (適格返還請求書): of all that is left of it, or of parts of its lines. Once nothing is left of it,
    /// what it asked for may be asked for anew.
    POST "/api/v1/invoices/{id}/credits" -> invoices::api::credit, RUNNING;
    /// Returns of invoices, the newest first.
    GET "/api/v1/credits" -> invoices::api::credits, PAY;
    /// One return with its lines and rates.
    GET "/api/v1/credits/{id}" -> invoices::api::one_credit, PAY;
    /// Sends a return to a contact of its client, by a mail with a link of their own to it and its invoice.
    POST "/api/v1/credits/{id}/sendings" -> invoices::api::send_credit, RUNNING;
    GET "/cash" => invoices::cash::show, PAY;
    /// Invoices to clients, the newest first.
    GET "/api/v1/invoices" -> invoices::api::index, PAY;
    /// Asks a client for what they accepted by a day and were not asked for before, as far as it is paid on one day: the earliest that
    /// the terms of their orders say. `waits` names the days of payment that are left: each further call asks for the next of them.
    POST "/api/v1/invoices" -> invoices::api::bill, RUNNING;
    /// What each client accepted and was not asked for yet, the longest waiting first; it comes whole.
    GET "/api/v1/invoices/unbilled" -> invoices::api::unbilled, PAY;
    /// Invoices whose day has passed, with what workers were paid for their orders all the same; they come whole.
    GET "/api/v1/invoices/overdue" -> invoices::api::overdue, PAY;
    /// What comes in from clients and goes out to workers, month by month; it comes whole.
    GET "/api/v1/invoices/cash" -> invoices::api::cash, PAY;
    /// One invoice with its lines, rates and payments.
    GET "/api/v1/invoices/{id}" -> invoices::api::show, PAY;
    /// Writes down money that came in for an invoice, or, by an amount below zero, takes an entry back or notes that money was returned.
    POST "/api/v1/invoices/{id}/payments" -> invoices::api::receive, RUNNING;
    GET "/my-statements" => statements::mine::index, WORKER;
    GET "/my-statements/{id}" => statements::mine::show, WORKER;
    POST "/my-statements/{id}/answer" => statements::mine::answer, WORKER;
    /// Statements of pay, the latest payment first.
    GET "/api/v1/statements" -> statements::api::index, RUNNING;
    /// What was earned and stands on no statement yet, by the month it was received in; it comes whole.
    GET "/api/v1/statements/waiting" -> statements::api::waiting, RUNNING;
    /// The days on which something is still to be transferred, each file of transfers apart and what is in none as well, with how much,
    /// and apart how much of it pays the caller; they come whole.
    GET "/api/v1/statements/unpaid-days" -> statements::api::unpaid_days, RUNNING;
    /// What was received and waits for review, by the day on which it is paid whether looked at or not; it comes whole.
    GET "/api/v1/statements/unchecked-days" -> statements::api::unchecked_days, RUNNING;
    /// The jobs of what is not closed of which nobody has said what kind of work they are; they come whole.
    GET "/api/v1/statements/undecided-jobs" -> statements::api::undecided, RUNNING;
    /// The runs of closing, the newest first; they come whole.
    GET "/api/v1/statements/closings" -> statements::api::closings, RUNNING;
    /// Closes everything received by a day: one statement for each payment to each worker. Jobs that have no kind
    /// of work yet are left for a later closing, and it says how many; refused where nothing else is left.
    POST "/api/v1/statements/closings" -> statements::api::close, RUNNING;
    /// Notes that everything that is left of a file of transfers was transferred, or everything of one day of payment that is in no
    /// file, but for what pays the caller, which somebody else notes; refused where another version was issued meanwhile.
    POST "/api/v1/statements/paid" -> statements::api::paid_all, RUNNING;
    /// The account that the town pays from, which heads its files of transfers; not found while the town has said none.
    GET "/api/v1/payer" -> transfers::api::payer, RUNNING;
    /// Says which account the town pays from, or changes it. `If-Match` is `"0"` where there is none yet.
    PUT "/api/v1/payer" -> transfers::api::change_payer, RUNNING;
    /// Which files of transfers were made, of which pay day, by whom and with which digest, the newest first. The files themselves
    /// hold accounts in clear, so they are made on their page alone.
    GET "/api/v1/transfer-files" -> transfers::api::files, RUNNING;
    /// Voids a file of transfers that was not sent to the bank, so that its statements can go into another; refused where something of
    /// it is noted as paid.
    POST "/api/v1/transfer-files/{id}/void" -> transfers::api::void, RUNNING;
    /// One statement with what its newest version says.
    GET "/api/v1/statements/{id}" -> statements::api::show, RUNNING;
    /// Issues a statement anew that is neither paid nor in a file of transfers, with what is known now.
    POST "/api/v1/statements/{id}/correct" -> statements::api::correct, RUNNING;
    /// Notes that a statement was paid.
    POST "/api/v1/statements/{id}/paid" -> statements::api::paid, RUNNING;
    /// Takes back a payment that was noted by mistake, or that the bank returned; the statement waits to be paid again, and what was
    /// noted stays with the reason.
    POST "/api/v1/statements/{id}/undo" -> statements::api::undo, RUNNING;
    /// The recorded faults of its worker for which a deduction could be asked for; they come whole.
    GET "/api/v1/statements/{id}/faults" -> statements::api::faults, RUNNING;
    /// Deductions of a statement, the oldest first; they come whole.
    GET "/api/v1/statements/{id}/deductions" -> statements::api::of_statement, RUNNING;
    /// Asks for a deduction for a recorded fault of the worker’s; a second person decides.
    POST "/api/v1/statements/{id}/deductions" -> statements::api::ask, RUNNING;
    /// Approves or refuses a deduction; never by whoever asked for it or is paid.
    POST "/api/v1/deductions/{id}" -> statements::api::decide, RUNNING;
    /// What was decided about a job’s kind of work and its withholding, the newest – the one that counts – first; it comes whole.
    GET "/api/v1/jobs/{id}/withholding" -> statements::api::withholdings, RUNNING;
    /// Decides what kind of work a job is and whether income tax is withheld from its pay.
    POST "/api/v1/jobs/{id}/withholding" -> statements::api::withhold, RUNNING;
    /// The caller’s statements of pay, the latest payment first.
    GET "/api/v1/my-statements" -> statements::api::mine, WORKER;
    /// One of the caller’s statements with what its newest version says.
    GET "/api/v1/my-statements/{id}" -> statements::api::my_one, WORKER;
    /// Says that a statement is right, or what is wrong; its payment waits for neither.
    POST "/api/v1/my-statements/{id}/answer" -> statements::api::answer, WORKER;
}
