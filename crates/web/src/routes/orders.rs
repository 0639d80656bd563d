//! Orders, jobs, units, checking, deliveries, workers and their skills.

use super::{ORDERS, RUNNING, UPLOAD, routes};
use crate::{
    appeals, availability, capacity, checks, coachings, courses, deliveries, endings, exclusions, fixes,
    hand_overs, jobs, orders, partners, quality, questions, review, samples, sampling, second_looks, shares,
    waiting, work_rules, workers,
};

routes! {
    GET "/orders" => orders::index::index, ORDERS;
    GET "/orders/new" => orders::direct::new, ORDERS;
    POST "/orders" => orders::direct::create, ORDERS;
    GET "/orders/{id}" => orders::show::show, ORDERS;
    GET "/orders/{id}/again" => orders::again::form, ORDERS;
    POST "/orders/{id}/again" => orders::again::create, ORDERS;
    POST "/repeat-wishes/{id}/confirm" => orders::again::confirm, ORDERS;
    POST "/repeat-wishes/{id}/decline" => orders::again::decline, ORDERS;
    POST "/orders/{id}/offer" => orders::offering::offer, RUNNING;
    GET "/orders/{id}/cancel" => orders::cancel::form, RUNNING;
    POST "/orders/{id}/cancel" => orders::cancel::cancel, RUNNING;
    GET "/orders/{id}/due" => orders::due::form, RUNNING;
    POST "/orders/{id}/due" => orders::due::change, RUNNING;
    GET "/orders/{id}/re-entrusted" => orders::re_entrusted::form, RUNNING;
    POST "/orders/{id}/re-entrusted" => orders::re_entrusted::change, RUNNING;
    GET "/orders/{id}/close" => orders::close::form, RUNNING;
    POST "/orders/{id}/close" => orders::close::close, RUNNING;
    GET "/orders/{id}/share" => shares::offer::form, RUNNING;
    POST "/orders/{id}/share" => shares::offer::create, RUNNING;
    GET "/shares" => shares::pages::index, RUNNING;
    GET "/shares/{id}" => shares::pages::show, RUNNING;
    POST "/shares/{id}/accept" => shares::pages::accept, RUNNING;
    POST "/shares/{id}/decline" => shares::pages::decline, RUNNING;
    POST "/shares/{id}/withdraw" => shares::pages::withdraw, RUNNING;
    POST "/shares/{id}/payments" => shares::money::pay, RUNNING;
    GET "/partners" => partners::pages::index, RUNNING;
    POST "/partners" => partners::pages::ask, RUNNING;
    POST "/partners/{id}/agree" => partners::pages::agree, RUNNING;
    POST "/partners/{id}/end" => partners::pages::end, RUNNING;
    GET "/capacity" => capacity::index::index, RUNNING;
    POST "/capacity/reckon" => capacity::index::reckon, RUNNING;
    GET "/orders/{id}/promises" => capacity::history::show, ORDERS;
    GET "/orders/{id}/jobs/new" => jobs::new::form, RUNNING;
    POST "/orders/{id}/jobs" => jobs::new::create, RUNNING, UPLOAD;
    GET "/orders/{id}/deliver" => deliveries::new::form, RUNNING;
    POST "/orders/{id}/deliver" => deliveries::new::create, RUNNING;
    GET "/jobs/{id}" => jobs::show::show, RUNNING;
    GET "/jobs/{id}/rounds" => jobs::rounds::show, RUNNING;
    GET "/jobs/{id}/substitutes" => jobs::substitutes::show, RUNNING;
    POST "/jobs/{id}/substitutes" => jobs::substitutes::ask, RUNNING;
    POST "/jobs/{id}/offer" => jobs::show::offer, RUNNING;
    GET "/jobs/{id}/edit" => jobs::change::edit_page, RUNNING;
    POST "/jobs/{id}/edit" => jobs::change::edit, RUNNING;
    GET "/jobs/{id}/extend" => jobs::change::extend_page, RUNNING;
    POST "/jobs/{id}/extend" => jobs::change::extend, RUNNING;
    GET "/jobs/{id}/rules" => work_rules::pages::show, RUNNING;
    POST "/jobs/{id}/rules" => work_rules::pages::change, RUNNING;
    GET "/jobs/{id}/samples" => samples::pages::show, RUNNING;
    POST "/jobs/{id}/samples" => samples::pages::add, RUNNING, UPLOAD;
    POST "/samples/{id}/remove" => samples::pages::remove, RUNNING;
    GET "/jobs/{id}/questions" => questions::thread::show, RUNNING;
    POST "/jobs/{id}/questions" => questions::thread::ask, RUNNING;
    GET "/questions" => questions::index::index, RUNNING;
    GET "/questions/{id}" => questions::one::show, RUNNING;
    POST "/questions/{id}/answers" => questions::one::answer, RUNNING;
    POST "/questions/{id}/rule" => questions::one::make_rule, RUNNING;
    POST "/jobs/{id}/withdraw" => jobs::change::withdraw, RUNNING;
    POST "/jobs/{id}/call-off" => jobs::change::call_off, RUNNING;
    GET "/units/{id}" => jobs::unit::show, RUNNING;
    POST "/units/{id}/take-back" => jobs::unit::take_back, RUNNING;
    POST "/units/{id}/reoffer" => jobs::unit::reoffer, RUNNING;
    GET "/units/{id}/take-back" => jobs::unit::take_back_page, RUNNING;
    GET "/units/{id}/cancel" => jobs::unit::cancel_page, RUNNING;
    POST "/units/{id}/cancel" => jobs::unit::cancel, RUNNING;
    GET "/fixes" => fixes::index::index, RUNNING;
    GET "/units/{id}/fix" => fixes::decide::form, RUNNING;
    POST "/units/{id}/fix" => fixes::decide::decide, RUNNING;
    GET "/hand-overs" => hand_overs::index::index, RUNNING;
    GET "/hand-overs/{id}" => hand_overs::decide::show, RUNNING;
    POST "/hand-overs/{id}" => hand_overs::decide::decide, RUNNING;
    GET "/review" => review::queue::index, RUNNING;
    GET "/review/{submission}" => review::decide::show, RUNNING;
    POST "/review/{submission}" => review::decide::decide, RUNNING;
    POST "/review/{submission}/take" => review::leases::take, RUNNING;
    POST "/review/{submission}/release" => review::leases::release, RUNNING;
    POST "/review/{submission}/skip" => review::leases::skip, RUNNING;
    GET "/jobs/{id}/checks" => checks::pages::show, RUNNING;
    POST "/jobs/{id}/checks" => checks::pages::change, RUNNING;
    GET "/jobs/{id}/sampling" => sampling::job::show, RUNNING;
    POST "/jobs/{id}/sampling" => sampling::job::change, RUNNING;
    GET "/workers/{id}/sampling" => sampling::person::show, RUNNING;
    GET "/workers/{id}/exclusions" => exclusions::pages::show, RUNNING;
    POST "/workers/{id}/exclusions" => exclusions::pages::exclude, RUNNING;
    POST "/exclusions/{id}/lift" => exclusions::pages::lift, RUNNING;
    GET "/sampling/{id}" => sampling::stream::show, RUNNING;
    POST "/units/{id}/critical" => sampling::unit::mark, RUNNING;
    POST "/units/{id}/ordinary" => sampling::unit::unmark, RUNNING;
    GET "/second-looks" => second_looks::pages::index, RUNNING;
    GET "/second-looks/{id}" => second_looks::pages::show, RUNNING;
    POST "/second-looks/{id}" => second_looks::pages::say, RUNNING;
    GET "/quality" => quality::pages::index, RUNNING;
    POST "/quality" => quality::pages::change, RUNNING;
    POST "/quality/defects" => quality::pages::add, RUNNING;
    POST "/quality/defects/{id}" => quality::pages::rename, RUNNING;
    POST "/quality/defects/{id}/retire" => quality::pages::retire, RUNNING;
    POST "/quality/defects/{id}/restore" => quality::pages::restore, RUNNING;
    GET "/coachings" => coachings::pages::index, RUNNING;
    GET "/coachings/{id}" => coachings::pages::show, RUNNING;
    POST "/coachings/{id}" => coachings::pages::close, RUNNING;
    GET "/appeals" => appeals::pages::index, RUNNING;
    GET "/appeals/{id}" => appeals::pages::show, RUNNING;
    POST "/appeals/{id}" => appeals::pages::decide, RUNNING;
    GET "/deliveries" => deliveries::index::index, RUNNING;
    GET "/deliveries/{id}" => deliveries::show::show, ORDERS;
    POST "/deliveries/{id}/send-again" => deliveries::show::send_again, RUNNING;
    POST "/deliveries/{id}/remind" => deliveries::show::remind, RUNNING;
    POST "/deliveries/{id}/withdraw-link" => deliveries::show::withdraw_link, RUNNING;
    GET "/client-questions/{id}" => deliveries::questions::show, RUNNING;
    POST "/client-questions/{id}" => deliveries::questions::reply, RUNNING;
    GET "/workers" => workers::index::index, RUNNING;
    GET "/workers/new" => workers::new::form, RUNNING;
    GET "/workers/waiting" => waiting::index::index, RUNNING;
    POST "/workers" => workers::new::create, RUNNING;
    GET "/workers/{id}" => workers::show::show, RUNNING;
    GET "/workers/{id}/ending" => endings::pages::form, RUNNING;
    POST "/workers/{id}/ending" => endings::pages::give, RUNNING;
    POST "/workers/{id}/steps" => workers::show::step, RUNNING;
    GET "/workers/{id}/interview" => waiting::interview::show, RUNNING;
    POST "/workers/{id}/interviews" => waiting::interview::plan, RUNNING;
    POST "/interviews/{id}" => waiting::interview::move_to, RUNNING;
    POST "/interviews/{id}/outcome" => waiting::interview::conclude, RUNNING;
    POST "/interviews/{id}/call-off" => waiting::interview::call_off, RUNNING;
    POST "/interviews/{id}/tell-again" => waiting::interview::tell_again, RUNNING;
    POST "/workers/{id}/hours" => workers::show::hours, RUNNING;
    POST "/workers/{id}/phone" => workers::show::phone, RUNNING;
    POST "/workers/{id}/offers" => workers::skills::offer_missed, RUNNING;
    POST "/workers/{id}/skills" => workers::skills::grant, RUNNING, UPLOAD;
    POST "/workers/{id}/skills/{skill}/revoke" => workers::skills::revoke, RUNNING;
    GET "/workers/{id}/availability" => availability::show::show, RUNNING;
    POST "/workers/{id}/availability/week" => availability::own::week_of, RUNNING;
    POST "/workers/{id}/availability/days" => availability::own::day_of, RUNNING;
    POST "/workers/{id}/availability/days/clear" => availability::own::clear_day_of, RUNNING;
    POST "/workers/{id}/availability/conditions" => availability::own::conditions_of, RUNNING;
    GET "/workers/{id}/trials" => courses::trials::show, RUNNING;
    POST "/workers/{id}/trials" => courses::trials::assess, RUNNING;
    GET "/courses" => courses::index::index, RUNNING;
    GET "/courses/new" => courses::forms::new, RUNNING;
    POST "/courses" => courses::forms::create, RUNNING;
    GET "/courses/{id}" => courses::show::show, RUNNING;
    GET "/courses/{id}/edit" => courses::forms::edit, RUNNING;
    POST "/courses/{id}" => courses::forms::update, RUNNING;
    POST "/courses/{id}/call-off" => courses::seats::call_off, RUNNING;
    POST "/courses/{id}/enrolments" => courses::seats::enrol, RUNNING;
    POST "/enrolments/{id}/outcome" => courses::seats::note, RUNNING;
    GET "/skills" => workers::skills::index, RUNNING;
    GET "/skills/expiring" => workers::expiring::index, RUNNING;
    POST "/skills" => workers::skills::add, RUNNING;
    POST "/skills/{id}" => workers::skills::rename, RUNNING;
    /// Orders by due day.
    GET "/api/v1/orders" -> orders::api::index, ORDERS;
    /// Enters an order that a client gave directly: its won deal is recorded and answered, and the order opens from that a moment
    /// later; `GET /orders?deal=` with the deal’s id finds it.
    POST "/api/v1/orders" -> orders::again::enter, ORDERS;
    /// Enters an order like this one: same client, lines, terms, jobs and rules, and another day. Answers with its won deal.
    POST "/api/v1/orders/{id}/again" -> orders::again::enter_again, ORDERS;
    /// What clients would like once more and nobody has decided, the oldest first.
    GET "/api/v1/repeat-wishes" -> orders::again::wishes, ORDERS;
    /// Orders what a client wished for, as it was wished or for another day. Answers with its won deal.
    POST "/api/v1/repeat-wishes/{id}/confirm" -> orders::again::confirm_wish, ORDERS;
    /// Notes that what a client wished for will not be done this time.
    POST "/api/v1/repeat-wishes/{id}/decline" -> orders::again::decline_wish, ORDERS;
    /// Hours there are and hours wanted, week by week, for thirteen weeks.
    GET "/api/v1/capacity" -> capacity::api::weeks, RUNNING;
    /// Open orders that are late in more than 15 of 100 runs, each with the cheapest remedy.
    GET "/api/v1/capacity/at-risk" -> capacity::api::at_risk, RUNNING;
    /// Every promise is reckoned anew, soon; it is every night anyway.
    POST "/api/v1/capacity/reckon" -> capacity::api::reckon, RUNNING;
    /// How an open order looked when it was last reckoned.
    GET "/api/v1/orders/{id}/outlook" -> capacity::api::outlook, ORDERS;
    /// Every day an order was promised for with why it changed, the newest first.
    GET "/api/v1/orders/{id}/promises" -> capacity::api::of_order, ORDERS;
    /// Running orders with the answers to the seven questions, by due day.
    GET "/api/v1/orders/running" -> orders::api::running, ORDERS;
    /// One order.
    GET "/api/v1/orders/{id}" -> orders::api::show, ORDERS;
    /// How many of an order’s units stand where.
    GET "/api/v1/orders/{id}/progress" -> orders::api::progress, ORDERS;
    /// What the client ordered, line by line; they come whole.
    GET "/api/v1/orders/{id}/lines" -> orders::api::lines, ORDERS;
    /// Starts an order, so that its jobs can be offered.
    POST "/api/v1/orders/{id}/start" -> orders::api::start, RUNNING;
    /// Calls an order off with all its open units.
    POST "/api/v1/orders/{id}/cancel" -> orders::api::cancel, RUNNING;
    /// Moves the day an order is due, as agreed with its client.
    POST "/api/v1/orders/{id}/due" -> orders::api::move_due, RUNNING;
    /// How an order’s day was moved, the newest first, twenty at most.
    GET "/api/v1/orders/{id}/due-moves" -> orders::api::due_moves, RUNNING;
    /// Says whether an order is re-entrusted to workers, who commissioned the town with it, and when they pay. Once somebody has
    /// taken a unit, their terms stand (`work-held`).
    PUT "/api/v1/orders/{id}/re-entrusted" -> orders::re_entrusted::write, RUNNING;
    /// What of an order is shared with partner towns, or the share that it came from; they come whole.
    GET "/api/v1/orders/{id}/shares" -> shares::api::of_order, RUNNING;
    /// Offers a part of an order to a partner town, which reads the document and nothing else of the order.
    POST "/api/v1/orders/{id}/shares" -> shares::api::offer, RUNNING;
    /// Shares offered to this town, or entrusted by it, the newest first.
    GET "/api/v1/shares" -> shares::api::index, RUNNING;
    /// One share, with what was paid for it.
    GET "/api/v1/shares/{id}" -> shares::api::show, RUNNING;
    /// Takes an offer: a won deal is recorded with the sharing town as its client, and the re-entrusted order opens from it.
    POST "/api/v1/shares/{id}/accept" -> shares::api::accept, RUNNING;
    /// Does not take an offer, and says why.
    POST "/api/v1/shares/{id}/decline" -> shares::api::decline, RUNNING;
    /// Asks to have an offer back; it comes back unless it was answered meanwhile.
    POST "/api/v1/shares/{id}/withdraw" -> shares::api::withdraw, RUNNING;
    /// Writes down money that was paid to the partner for a share that it took, or, by an amount below zero, takes an entry back or
    /// notes that money came back.
    POST "/api/v1/shares/{id}/payments" -> shares::api::pay, RUNNING;
    /// Towns that this one works together with, or did, in the order in which they came.
    GET "/api/v1/partners" -> partners::api::index, RUNNING;
    /// Asks another town of this installation to work together; where it has asked already, this agrees.
    POST "/api/v1/partners" -> partners::api::ask, RUNNING;
    /// What came and went by every partner, of what was agreed in a fiscal year.
    GET "/api/v1/partners/amounts" -> partners::api::amounts, RUNNING;
    /// Says yes to a town that has asked.
    POST "/api/v1/partners/{id}/agree" -> partners::api::agree, RUNNING;
    /// Ends a partnership, takes a question back or says no. What is shared already goes on.
    POST "/api/v1/partners/{id}/end" -> partners::api::end, RUNNING;
    /// Closes an order with fewer pieces than were ordered.
    POST "/api/v1/orders/{id}/close" -> orders::api::close, RUNNING;
    /// An order’s jobs with where their units stand; they come whole.
    GET "/api/v1/orders/{id}/jobs" -> jobs::api::of_order, RUNNING;
    /// Splits a part of an order into units: by count, or by the rows of a CSV.
    POST "/api/v1/orders/{id}/jobs" -> jobs::api::create, RUNNING, UPLOAD;
    /// One job.
    GET "/api/v1/jobs/{id}" -> jobs::api::show, RUNNING;
    /// The rounds in which a job was shared out, the newest first.
    GET "/api/v1/jobs/{id}/rounds" -> jobs::rounds::list, RUNNING;
    /// What a round decided about everybody, in the order of their places; the newest round unless `round` names one.
    GET "/api/v1/jobs/{id}/round-decisions" -> jobs::rounds::decisions, RUNNING;
    /// Offers a job: a fair one to the first in line, any other to every worker it fits; the order has to be running.
    POST "/api/v1/jobs/{id}/offer" -> jobs::api::offer, RUNNING;
    /// Corrects a job of which nobody holds a unit; every field is written, and its offers are taken back.
    PUT "/api/v1/jobs/{id}" -> jobs::api::edit, RUNNING;
    /// Moves a job’s deadline to a later day; those who hold units are asked to accept it.
    POST "/api/v1/jobs/{id}/extend" -> jobs::api::extend, RUNNING;
    /// How a job’s deadline was moved, the newest first, twenty at most.
    GET "/api/v1/jobs/{id}/extensions" -> jobs::api::extensions, RUNNING;
    /// The versions of a job’s rules, the newest first.
    GET "/api/v1/jobs/{id}/rules" -> work_rules::api::index, RUNNING;
    /// Gives a job’s rules another wording, over the version it is based on; those who have the work are told.
    POST "/api/v1/jobs/{id}/rules" -> work_rules::api::change, RUNNING;
    /// A job’s samples in the order they were added; they come whole.
    GET "/api/v1/jobs/{id}/samples" -> samples::api::of_job, RUNNING;
    /// Adds a file that the caller took in before to a job’s samples.
    POST "/api/v1/jobs/{id}/samples" -> samples::api::add, RUNNING;
    /// Takes a sample away: nobody on its job reads it any more.
    DELETE "/api/v1/samples/{id}" -> samples::api::remove, RUNNING;
    /// The questions about a job with their answers and names, the newest first.
    GET "/api/v1/jobs/{id}/questions" -> questions::api::of_job, RUNNING;
    /// Asks about a job, for those who run and check the work.
    POST "/api/v1/jobs/{id}/questions" -> questions::api::ask, RUNNING;
    /// Questions that wait for an answer, whatever is due first on top.
    GET "/api/v1/questions" -> questions::api::open, RUNNING;
    /// Answers a question for everybody on the job; `becomes_rule` adds the answer to the job’s rules in the same step.
    POST "/api/v1/questions/{id}/answers" -> questions::api::answer, RUNNING;
    /// Adds the newest answer to a question to the job’s rules, once.
    POST "/api/v1/questions/{id}/rule" -> questions::api::make_rule, RUNNING;
    /// Takes back what nobody has claimed of a job; held units stay.
    POST "/api/v1/jobs/{id}/withdraw" -> jobs::api::withdraw, RUNNING;
    /// Calls off a job of which nobody holds a unit; nobody is owed anything.
    POST "/api/v1/jobs/{id}/call-off" -> jobs::api::call_off, RUNNING;
    /// Who could go on with what of a job came back: three people at most, with their time and how their work was checked.
    GET "/api/v1/jobs/{id}/substitutes" -> jobs::substitutes::read, RUNNING;
    /// Puts waiting units before one worker by name, for the usual time to answer.
    POST "/api/v1/jobs/{id}/substitutes" -> jobs::substitutes::write, RUNNING;
    /// A job’s units in their order.
    GET "/api/v1/jobs/{id}/units" -> jobs::api::units, RUNNING;
    /// One unit.
    GET "/api/v1/units/{id}" -> jobs::api::unit, RUNNING;
    /// A unit’s moves, the oldest first; they come whole.
    GET "/api/v1/units/{id}/events" -> jobs::api::events, RUNNING;
    /// Takes a unit back from its holder.
    POST "/api/v1/units/{id}/take-back" -> jobs::api::take_back, RUNNING;
    /// Offers a refused unit again.
    POST "/api/v1/units/{id}/reoffer" -> jobs::api::reoffer, RUNNING;
    /// Calls one unit off.
    POST "/api/v1/units/{id}/cancel" -> jobs::api::cancel, RUNNING;
    /// What clients want fixed and nobody has decided about, of one order with `order`.
    GET "/api/v1/fixes" -> fixes::api::index, RUNNING;
    /// What was decided about a unit’s fixes, the oldest first; they come whole.
    GET "/api/v1/units/{id}/fixes" -> fixes::api::of_unit, RUNNING;
    /// Decides a fix that a client asked for: fault, pay, day and who does it; only now work goes on.
    POST "/api/v1/units/{id}/fix" -> fixes::api::decide, RUNNING;
    /// Parts of units that were handed over and whose share nobody has decided, the oldest first.
    GET "/api/v1/hand-overs" -> hand_overs::api::index, RUNNING;
    /// The parts of a unit that were handed over, the oldest first; they come whole.
    GET "/api/v1/units/{id}/hand-overs" -> hand_overs::api::of_unit, RUNNING;
    /// Decides what share of its unit’s pay a part is worth; less than proposed needs a reason.
    POST "/api/v1/hand-overs/{id}" -> hand_overs::api::decide, RUNNING;
    /// Every version handed in with its verdict, the oldest first; they come whole.
    GET "/api/v1/units/{id}/versions" -> review::api::versions, RUNNING;
    /// What the caller may check, the longest waiting first; never their own work.
    GET "/api/v1/reviews" -> review::api::queue, RUNNING;
    /// Passes, returns or rejects a submission.
    POST "/api/v1/reviews/{submission}" -> review::api::decide, RUNNING;
    /// Takes a submission for the town’s number of minutes: nobody else is shown it or decides about it.
    POST "/api/v1/reviews/{submission}/begin" -> review::api::begin, RUNNING;
    /// Lets a submission go that the caller took; answers with its unit, which waits for others again.
    POST "/api/v1/reviews/{submission}/release" -> review::api::release, RUNNING;
    /// The versions of what is looked at in a job’s units, the newest first.
    GET "/api/v1/jobs/{id}/checks" -> checks::api::index, RUNNING;
    /// Gives a job’s checks another wording, over the version it is based on.
    POST "/api/v1/jobs/{id}/checks" -> checks::api::change, RUNNING;
    /// The versions of how much of a job’s work is checked, the newest first; everything where there is none.
    GET "/api/v1/jobs/{id}/sampling" -> sampling::api::index, RUNNING;
    /// Says how much of a job’s work is checked, over the version it is based on; it counts for what is handed in from now on.
    POST "/api/v1/jobs/{id}/sampling" -> sampling::api::change, RUNNING;
    /// How a worker is checked in each kind of work, and what is known of them; they come whole.
    GET "/api/v1/workers/{id}/sampling" -> sampling::api::of_worker, RUNNING;
    /// What a worker is not, or was not, asked to do, the newest first; it comes whole.
    GET "/api/v1/workers/{id}/exclusions" -> exclusions::api::of_worker, RUNNING;
    /// Keeps a job, or all work of its client, from a worker: it is not offered to them and they cannot claim it.
    POST "/api/v1/workers/{id}/exclusions" -> exclusions::api::exclude, RUNNING;
    /// Takes that back: the next round asks them like anybody else.
    POST "/api/v1/exclusions/{id}/lift" -> exclusions::api::lift, RUNNING;
    /// Why somebody was checked more or less in one kind of work, the newest first.
    GET "/api/v1/sampling-streams/{id}/switches" -> sampling::api::switches, RUNNING;
    /// What somebody’s units are drawn with, the newest first: fingerprints, and the seeds that are used no more.
    GET "/api/v1/sampling-streams/{id}/seeds" -> sampling::api::seeds, RUNNING;
    /// What was drawn with a seed, in its order: with the seed anybody can check it.
    GET "/api/v1/sampling-seeds/{id}/draws" -> sampling::api::draws, RUNNING;
    /// The draw by which a unit passed unchecked or was checked; none where it was not drawn.
    GET "/api/v1/units/{id}/draws" -> sampling::api::of_unit, RUNNING;
    /// Marks a unit as critical: it is always checked.
    POST "/api/v1/units/{id}/critical" -> sampling::api::mark, RUNNING;
    /// Takes that mark away.
    POST "/api/v1/units/{id}/ordinary" -> sampling::api::unmark, RUNNING;
    /// What the caller may judge once more, the longest waiting first; nothing is said of the first verdict.
    GET "/api/v1/second-looks" -> second_looks::api::index, RUNNING;
    /// How far the verdicts of the last year agree: Cohen’s κ with its interval of 95 %.
    GET "/api/v1/second-looks/agreement" -> second_looks::api::agreement, RUNNING;
    /// Gives a second verdict; it changes neither the unit nor any pay. Never by whoever judged or made it.
    POST "/api/v1/second-looks/{id}" -> second_looks::api::say, RUNNING;
    /// The town’s values for checking work.
    GET "/api/v1/quality" -> quality::api::show, RUNNING;
    /// Sets the town’s values for checking work.
    PUT "/api/v1/quality" -> quality::api::change, RUNNING;
    /// The town’s kinds of defect, those in use first; they come whole.
    GET "/api/v1/defect-kinds" -> quality::api::kinds, RUNNING;
    /// Enters a kind of defect.
    POST "/api/v1/defect-kinds" -> quality::api::add, RUNNING;
    /// Gives a kind of defect another name or severity; what was found stays as grave as it was.
    PUT "/api/v1/defect-kinds/{id}" -> quality::api::rename, RUNNING;
    /// Takes a kind of defect out of use.
    POST "/api/v1/defect-kinds/{id}/retire" -> quality::api::retire, RUNNING;
    /// Takes a kind of defect into use again.
    POST "/api/v1/defect-kinds/{id}/restore" -> quality::api::restore, RUNNING;
    /// Whom somebody is to sit down with because a unit came back once too often, the oldest first.
    GET "/api/v1/coachings" -> coachings::api::index, RUNNING;
    /// Notes that a coaching was held and what was agreed; never by whom it was with.
    POST "/api/v1/coachings/{id}" -> coachings::api::close, RUNNING;
    /// Appeals that wait for another reviewer, whatever is due first on top.
    GET "/api/v1/appeals" -> appeals::api::index, RUNNING;
    /// One appeal, decided or not.
    GET "/api/v1/appeals/{id}" -> appeals::api::show, RUNNING;
    /// Decides an appeal: upheld, paid, passed or changed; never by whoever refused, returned or made it.
    POST "/api/v1/appeals/{id}" -> appeals::api::decide, RUNNING;
    /// An order’s deliveries, the oldest first; they come whole.
    GET "/api/v1/orders/{id}/deliveries" -> deliveries::api::of_order, ORDERS;
    /// Assembles passed units into a delivery and mails the client its link.
    POST "/api/v1/orders/{id}/deliveries" -> deliveries::api::create, RUNNING;
    /// One delivery with its units and what was done with its links.
    GET "/api/v1/deliveries/{id}" -> deliveries::api::show, ORDERS;
    /// Mails the client a new link; the old one ends.
    POST "/api/v1/deliveries/{id}/send-again" -> deliveries::api::send_again, RUNNING;
    /// Mails the client the same link once more, at most once a day.
    POST "/api/v1/deliveries/{id}/remind" -> deliveries::api::remind, RUNNING;
    /// Withdraws the client's link: it opens nothing any more until a new one is sent.
    POST "/api/v1/deliveries/{id}/withdraw-link" -> deliveries::api::withdraw_link, RUNNING;
    /// What the client asked about a delivery, in its order.
    GET "/api/v1/deliveries/{id}/questions" -> deliveries::questions::of_delivery, ORDERS;
    /// Questions of clients that nobody has answered, the oldest first.
    GET "/api/v1/client-questions" -> deliveries::questions::open, RUNNING;
    /// Answers a client’s question: it stands on their page and goes to them by mail.
    POST "/api/v1/client-questions/{id}/answer" -> deliveries::questions::answer, RUNNING;
    /// Workers, by id.
    GET "/api/v1/workers" -> workers::api::index, RUNNING;
    /// Registers a worker: somebody the town knows, or a new person.
    POST "/api/v1/workers" -> workers::api::create, RUNNING;
    /// One worker with their steps and skills.
    GET "/api/v1/workers/{id}" -> workers::api::show, RUNNING;
    /// What a worker was told about the end of their work, the newest first; they come whole.
    GET "/api/v1/workers/{id}/endings" -> endings::api::of_worker, RUNNING;
    /// Tells a worker that their work ends, thirty days before where it has gone on for six months.
    POST "/api/v1/workers/{id}/endings" -> endings::api::give, RUNNING;
    /// Sets how many minutes a week a worker wants at most.
    PUT "/api/v1/workers/{id}/hours" -> workers::api::hours, RUNNING;
    /// Sets where a worker can be called.
    PUT "/api/v1/workers/{id}/phone" -> workers::api::phone, RUNNING;
    /// Takes a worker’s next step: training, activated, paused, withdrawn, returned.
    POST "/api/v1/workers/{id}/steps" -> workers::api::step, RUNNING;
    /// Those who wait to begin or to begin again, the longest wait first, with what they wait for.
    GET "/api/v1/waiting-workers" -> waiting::api::index, RUNNING;
    /// A worker’s interviews, the newest first.
    GET "/api/v1/workers/{id}/interviews" -> waiting::api::of_worker, RUNNING;
    /// Plans an interview with a worker, who is told by mail; one at a time.
    POST "/api/v1/workers/{id}/interviews" -> waiting::api::plan, RUNNING;
    /// One interview.
    GET "/api/v1/interviews/{id}" -> waiting::api::show, RUNNING;
    /// Gives an interview another day, way or interviewer.
    PUT "/api/v1/interviews/{id}" -> waiting::api::move_to, RUNNING;
    /// Notes what came of an interview; why is not asked. `If-Match` names the version that was read.
    POST "/api/v1/interviews/{id}/outcome" -> waiting::api::conclude, RUNNING;
    /// Calls an interview off. `If-Match` names the version that was read.
    POST "/api/v1/interviews/{id}/call-off" -> waiting::api::call_off, RUNNING;
    /// Mails whoever an interview is with about its day once more. `If-Match` names the version that was read.
    POST "/api/v1/interviews/{id}/tell-again" -> waiting::api::tell_again, RUNNING;
    /// Puts before a worker every job under way that fits them and was never put before them.
    POST "/api/v1/workers/{id}/offers" -> workers::api::offer_missed, RUNNING;
    /// Grants a worker a skill, or changes its level or last day; answers with all their skills.
    POST "/api/v1/workers/{id}/skills/{skill}" -> workers::api::grant, RUNNING;
    /// Takes a skill away from a worker.
    DELETE "/api/v1/workers/{id}/skills/{skill}" -> workers::api::revoke, RUNNING;
    /// What a worker offers from today on, and how they work.
    GET "/api/v1/workers/{id}/availability" -> availability::api::of_worker, RUNNING;
    /// Trial batches of a worker, the newest first.
    GET "/api/v1/workers/{id}/trials" -> courses::trials::index_api, RUNNING;
    /// Writes down what a trial batch showed; passing it grants the skill.
    POST "/api/v1/workers/{id}/trials" -> courses::trials::assess_api, RUNNING;
    /// Trainings, the latest first.
    GET "/api/v1/courses" -> courses::api::index, RUNNING;
    /// Enters a training.
    POST "/api/v1/courses" -> courses::api::create, RUNNING;
    /// One training with its days.
    GET "/api/v1/courses/{id}" -> courses::api::show, RUNNING;
    /// Changes a training; its days stay once somebody has a seat.
    PUT "/api/v1/courses/{id}" -> courses::api::update, RUNNING;
    /// Calls a training off; whoever has a seat is told. `If-Match` names the version that was read.
    POST "/api/v1/courses/{id}/call-off" -> courses::api::call_off, RUNNING;
    /// Who has or had a seat.
    GET "/api/v1/courses/{id}/enrolments" -> courses::api::enrolments, RUNNING;
    /// Takes a seat for a worker.
    POST "/api/v1/courses/{id}/enrolments" -> courses::api::enrol, RUNNING;
    /// Notes who was there and who completed it; completing grants the skill.
    POST "/api/v1/enrolments/{id}/outcome" -> courses::api::note, RUNNING;
    /// The town’s skills by name; they come whole.
    GET "/api/v1/skills" -> workers::api::skills_index, RUNNING;
    /// Skills of people in the programme that ran out within the last month or run out within the next two.
    GET "/api/v1/skills/expiring" -> workers::expiring::api, RUNNING;
    /// Adds a skill.
    POST "/api/v1/skills" -> workers::api::skills_add, RUNNING;
    /// Renames a skill; who has it keeps it.
    PUT "/api/v1/skills/{id}" -> workers::api::skills_rename, RUNNING;
}
