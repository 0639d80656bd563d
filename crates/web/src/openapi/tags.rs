//! The parts of the API in the order of the chain: from a company to the accepted delivery, then the town itself.

/// A part of the API: the first word of its paths.
pub(super) struct Tag {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
}

const fn tag(name: &'static str, about: &'static str) -> Tag {
    Tag { name, about }
}

/// Every part.
pub(super) const ALL: &[Tag] = &[
    tag("companies", "Clients and prospects, and the contacts there."),
    tag("tags", "What companies are grouped by, such as the project they came from."),
    tag("contacts", "People at companies."),
    tag("merges", "Two companies or two contacts made one, and the way back."),
    tag("registry", "The public corporate-number register (国税庁法人番号公表サイト)."),
    tag("leads", "Inquiries that may become deals."),
    tag("deals", "Opportunities: stages, activities, quotes, winning and losing."),
    tag("hearings", "What clients said of the work: how much, by when, with what, whose data, and a sample."),
    tag("my-day", "What the caller has to do by today."),
    tag("todos", "What somebody does by a day, for themselves or for a colleague who asked."),
    tag("meetings", "Sales meetings: agenda, minutes, decisions."),
    tag("findings", "What the team found wanting, until it is settled."),
    tag("team", "The sales team itself: policy, who covers what, hours."),
    tag(
        "targets",
        "What the town, its team, people and classes of clients are to reach, and how far that is.",
    ),
    tag("target-plans", "The versions of a fiscal year’s targets: who made them, and why."),
    tag(
        "milestones",
        "A fiscal year’s roadmap: what is to be reached by when, what it waits for, and what it comes to.",
    ),
    tag("forecast", "What is expected of a part of the year, what people think of it, and what has changed."),
    tag("advice-sessions", "Sessions of advisers, and what is due after them."),
    tag("analyses", "How selling goes: what comes through, what is won and lost, and for whom."),
    tag("board", "Open deals by stage."),
    tag("pipelines", "The ways the town sells, each with stages of its own."),
    tag("stages", "The stages of the pipelines’ boards."),
    tag("quotes", "Quotes as they were issued, on their way to clients, and what came of them."),
    tag("costs", "What the town reckons costs, floor prices and margins from."),
    tag("views", "Parts of lists that people look at again and again, by conditions of their own."),
    tag(
        "bulk-edits",
        "One change to many deals, companies or leads: looked at first, and taken back in one step.",
    ),
    tag(
        "imports",
        "Files of rows on their way into companies, contacts, leads or deals: looked at first, and taken back in one step.",
    ),
    tag("exports", "The same lists as files that an import reads back."),
    tag("capacity", "Hours there are and hours wanted, and the orders at risk."),
    tag("orders", "What clients ordered, and how far it has come."),
    tag("shares", "Parts of orders that partner towns do for this one, and this one for them."),
    tag("partners", "Towns that this one works together with, and what came and went."),
    tag("jobs", "Kinds of piece inside an order, split into units."),
    tag("units", "The smallest things one worker does."),
    tag(
        "repeat-wishes",
        "What clients wish to have once more; it orders nothing until somebody confirms it.",
    ),
    tag("reviews", "Checking what was handed in; never one's own work."),
    tag("quality", "The town’s values for checking work."),
    tag("defect-kinds", "What the town calls what reviewers find, and how grave each is."),
    tag("sampling-streams", "How much of somebody’s work is checked in one kind of work, and why."),
    tag("sampling-seeds", "What units are drawn with to be checked: committed to first, shown later."),
    tag("exclusions", "Jobs, or all work of a client, that somebody is not asked to do."),
    tag("second-looks", "Verdicts that another reviewer gives once more without knowing the first."),
    tag("coachings", "Whom somebody is to sit down with because a unit came back once too often."),
    tag("invoices", "What clients are asked for, what came in, and what each month brings."),
    tag("credits", "What was returned of invoices, each by a document of its own."),
    tag("statements", "What workers are paid with each transfer, and closing what was received."),
    tag("payer", "The account that the town pays from."),
    tag("transfer-files", "Which files of transfers were made for the bank, by whom and when."),
    tag("my-statements", "The caller’s own statements of pay."),
    tag("deductions", "Pay that is reduced for a recorded fault, by two people."),
    tag("appeals", "Refusals and returns whose makers ask for another reviewer’s word."),
    tag("deliveries", "What was sent to clients, and what they did with it."),
    tag("client-questions", "What clients ask about a delivery on its page, and what the town answers."),
    tag("fixes", "What clients want mended, waiting for a decision."),
    tag("hand-overs", "Parts of units given back half-way, and the share of pay they are worth."),
    tag("samples", "Files that show how a job’s work is done."),
    tag("questions", "What somebody asked about how work is done, and waits for an answer."),
    tag("workers", "Residents in the programme, their steps, hours and skills."),
    tag("waiting-workers", "Who waits to begin, at which step and since when."),
    tag("interviews", "Talks before somebody begins."),
    tag("courses", "Trainings with days and seats."),
    tag("enrolments", "Seats in trainings, and what became of them."),
    tag("skills", "What workers can be granted."),
    tag("offers", "Work before the caller, as a worker."),
    tag("my-endings", "What the caller was told about the end of their work, as a worker."),
    tag("my-hours", "The hours a week the caller wants, as a worker."),
    tag("my-courses", "Trainings the caller may join, as a worker."),
    tag("my-trials", "What the caller’s trial batches showed, as a worker."),
    tag("my-availability", "The hours and ways of working the caller offers, as a worker; never why."),
    tag("my-skills", "What the caller can do, as a worker."),
    tag("my-pay", "What the caller earned, line by line, with the day it is paid."),
    tag("my-jobs", "Jobs before the caller, as a worker: how they are done, and questions about that."),
    tag("my-units", "Units the caller holds, as a worker."),
    tag("my-year", "What the caller earned in a calendar year, month by month, and the limit they watch."),
    tag("my-bank", "The account the caller's pay goes to, as a worker; never in clear."),
    tag("my-invoice", "Whether the caller issues qualified invoices, as a worker."),
    tag("care-requests", "What workers ask to have otherwise, and what they were answered."),
    tag("harassment", "Whom one turns to about harassment, and reports that reach those named alone."),
    tag("centre", "Places of the telework centre, and who has booked them."),
    tag("visits", "Groups from elsewhere that want to see the centre."),
    tag("voices", "What workers say, with their consent to be read."),
    tag("files", "Uploads and downloads."),
    tag("members", "The people of the town and their roles."),
    tag("town", "The town's own settings."),
    tag("me", "The caller's own wishes."),
    tag("notices", "What the caller was told, and what of it is read."),
    tag("messages", "Mails and what became of them."),
    tag("calls", "Whom to call, because a notice did not reach them by mail."),
    tag("suppressions", "Addresses that are left alone, and why."),
    tag("webhooks", "Other people’s programs that are told what happens."),
    tag("mail-texts", "The town's own wording of its mails."),
    tag("tasks", "Background work, and what needs a person."),
    tag("figures", "The programme's figures."),
];

/// The part a path belongs to.
pub(super) fn of(path: &str) -> &str {
    path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default()
}

/// The part called `name`.
pub(super) fn find(name: &str) -> Option<&'static Tag> {
    ALL.iter().find(|tag| tag.name == name)
}
