//! The written terms in English, item by item as in the Japanese text.

use chrono::NaiveDate;

use super::model::TermsFacts;

/// The text, complete and final: what is shown is what is frozen.
pub fn english(facts: &TermsFacts) -> String {
    let TermsFacts { orderer_name, orderer_address, worker_name, job_title, rules, units, .. } = facts;
    let (contact, ordered_on) = (contact(facts), day(facts.ordered_on));
    let (work_due_on, inspected_by) = (day(facts.work_due_on), day(facts.inspected_by));
    let unit_minutes = facts.unit_minutes;
    let inspect_days = counted(facts.inspect_days.into(), "business day");
    let (keep_days, rules_number) = (facts.keep_days, facts.rules_number);
    let replaces = facts.replaces.map(replaces).unwrap_or_default();
    let (unit_pay, total) = (facts.unit_pay, facts.total);
    let (pay_term, re_entrusted, by_two) = (pay_term(facts), re_entrusted(facts), by_two(facts));
    let (unit_word, minute_word) = (counted(*units, "unit"), counted(unit_minutes.into(), "minute"));
    format!(
        "\
Notice of terms

(Act on Ensuring Proper Transactions Involving Specified Entrusted Business Operators, article 3)
{replaces}
1. Parties
Orderer: {orderer_name}
Address: {orderer_address}
Contact: {contact}
Worker: {worker_name}

2. Date of the order
{ordered_on}

3. Work
{job_title}, {unit_word} (about {minute_word} each)
Rules of the work (version {rules_number}):
{rules}
The material of each unit is shown on its page in this system once it is claimed.

4. Pay, due date and method
{unit_pay} yen per unit, {total} yen in all (before consumption tax, which is paid on top as the law provides).
Due {pay_term}
Paid by transfer to the account the worker has named. The orderer bears the transfer fee.
{re_entrusted}
5. Expenses
The worker bears the cost of their own equipment and connection. Any other cost is agreed on beforehand and borne \
by the orderer.

6. Deadline
To be submitted from {ordered_on} until {work_due_on}.

7. Place and way of delivery
Through the worker's pages of this system. The orderer receives the work when the submission is recorded.

8. Inspection is completed
within {inspect_days} after the day of submission ({inspected_by} for work submitted on the last day){by_two}

9. Changes
The orderer changes neither work nor deadline nor pay without the worker's consent. Where a changed specification \
means more work, additional pay is set and stated anew.

10. Defects and delay
Where work deviates from the rules through the worker's own fault, the worker mends it without further pay once it \
is returned with the reason. A worker who cannot be in time or cannot go on may hand the work back at any time and \
suffers no disadvantage for it. Pay is not reduced for any reason that is not the worker's fault.
Where nothing is heard of the work for {keep_days} days (it was neither begun nor resumed, no draft was saved, nothing was \
submitted), the orderer asks the worker twice whether they go on, and may then give what was not submitted to somebody \
else. The worker suffers no disadvantage for this either, and what they submit before somebody else takes it is received.

11. Intellectual property
Copyright in the results (including the rights of articles 27 and 28 of the Copyright Act) passes to the orderer \
when the pay has been paid.

12. Personal data and secrets
Personal data and secrets learnt through the work are used for this work alone, passed on to nobody, and deleted \
when the work is done.

Questions: {contact}
This notice is also to be had on paper: please ask at the contact above.
"
    )
}

/// That two people inspect it, where they do.
fn by_two(facts: &TermsFacts) -> &'static str {
    if facts.review_levels > 1 {
        "\nTwo people look at it, one after the other; the second look ends within these days as well."
    } else {
        ""
    }
}

/// When it is paid.
fn pay_term(facts: &TermsFacts) -> String {
    let (pay_day, pay_on) = (facts.pay_day, day(facts.pay_on));
    let by_month = format!(
        "on day {pay_day} of the month after the submission; where banks are closed that day, on the last day before on \
which they are open"
    );
    match facts.fixed_pay_on {
        None => format!("{by_month} ({pay_on} for work submitted on the last day)"),
        Some(fixed) => {
            let fixed = day(fixed);
            format!(
                "on {fixed}; for work submitted on {fixed} or later, {by_month} ({pay_on} for work submitted on the \
last day)"
            )
        }
    }
}

/// The three items of re-entrusted work (Freelance Act art. 4 para. 3).
fn re_entrusted(facts: &TermsFacts) -> String {
    let Some(known) = &facts.re_entrusted else { return String::new() };
    let pays = known.original_pay_on.map(day).unwrap_or_default();
    format!(
        "Re-entrusted: this work is passed on from work that the orderer was commissioned with. It is paid within 30 days, \
the due date of the original client being the first.\nOriginal client: {}\nDue date of the original client's payment: \
{pays}\n",
        known.original_client
    )
}

/// What these terms change, and of which.
fn replaces(before: NaiveDate) -> String {
    format!(
        "\nThis notice moves the deadline of the terms of {}. Until you accept it, those terms stay as they are.\n",
        day(before)
    )
}

fn contact(facts: &TermsFacts) -> String {
    let known = [facts.orderer_email.as_str(), facts.orderer_phone.as_str()];
    known.into_iter().filter(|way| !way.is_empty()).collect::<Vec<_>>().join(", ")
}

fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `1 unit`, `2 units`.
fn counted(number: i64, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}
