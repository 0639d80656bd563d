# Deals, activities, and a salesperson's day.
deals-title = All deals
deals-states = By state
deals-shown = { $count ->
    [one] 1 deal
   *[other] { $count } deals
}
deals-empty = No deals here
deal-edit-title = Edit deal
deal-title = Title
deal-company = Company
deal-contact = Contact
deal-contact-none = Not decided yet
deal-no-contacts = This company has no contacts yet.
deal-amount = Amount before tax
deal-amount-open = No amount yet
deal-amount-support = A rough figure will do; a quote replaces it
deal-expected-close = Expected decision
deal-stage = Stage
deal-owner = Owner
deal-you = You
deal-next-action = Next action
deal-next-action-support = For example: call to confirm the details
deal-next-action-on = By when
deal-call = Call { $number }
deal-facts = Details
deal-timeline = What happened
deal-choose-company = Which company is it about?
deal-choose-company-text = Find the company and choose it
deal-open-order = Open the order
deal-win = Mark as won…
deal-win-title = Mark as won
deal-win-button = Mark as won
deal-win-answer = { $company } orders for { $amount } before tax
deal-win-no-quote = A quote is needed first
deal-win-no-quote-text = What is ordered, and for how much, is taken from the quote.
deal-win-late = The delivery day, { $date }, has passed
deal-win-late-text = Please set a new one. The quote gets a new version with that day; everything else stays.
deal-win-happens = What happens then
deal-win-happens-text = An order is opened exactly as quoted, and a coordinator prepares the work. The quote to { $company } counts as accepted, and the deal can no longer be changed.
deal-lose = Mark as lost…
deal-lose-title = Mark as lost
deal-lose-button = Mark as lost
deal-lose-answer = This ends the deal with { $company }. A reason helps next time. It can be reopened later
deal-lost-reason = Reason
deal-lost-reason-price = Price
deal-lost-reason-capacity = Not enough people
deal-lost-reason-timing = Wrong moment
deal-lost-reason-competitor = Went to someone else
deal-lost-reason-no-decision = No decision
deal-lost-reason-quality = Doubts about quality
deal-lost-reason-other = Other
deal-lost-note = What happened
deal-lost-note-support = Needed where the reason is “Other”
deal-sleep = Pause
deal-reopen = Reopen
deal-reopen-title = Reopen the deal
deal-reopen-answer = It returns to its stage on the board. Decide what comes next
deal-won-on = Won on { $date }
deal-lost-on = Lost on { $date } ({ $reason })
deal-dormant-since = Paused since { $date }
deal-event-opened = Started
deal-event-moved = Moved
deal-event-revalued = Amount changed
deal-event-won = Won
deal-event-lost = Lost
deal-event-slept = Paused
deal-event-reopened = Reopened
deal-event-from-to = { $from } → { $to }
deal-missing-amount = amount
deal-missing-contact-id = contact
deal-missing-expected-close-on = expected decision
deal-missing-quote = quote
activity-log = Log what was done and what comes next
activity-save = Log it
activity-what = { $kind } · { $outcome }
activity-note = Details
activity-kind = What was done
activity-kind-call = Call
activity-kind-mail = Mail
activity-kind-visit = Visit
activity-kind-meeting = Meeting
activity-kind-note = Note
activity-kind-task = Task
activity-outcome = Outcome
activity-outcome-done = Done
activity-outcome-no-answer = No answer
activity-outcome-interested = Interested
activity-outcome-refused = Refused
activity-outcome-waiting = Waiting for an answer
activity-confirm-closed = Log it although the register says the company is closed
company-closed-title = The register says this company is closed
company-closed-text = By the corporate-number data it was closed on { $date }. Check whether another company took it over before recording anything new.
company-deals = Deals
company-deals-empty = No deals with this company yet.
company-deals-all = Newest first. Other deals are in the list of all deals.
contact-name = Name
done-deal-opened = The deal was started
done-deal-won = Won. The coordinators have been told
deal-order-coming = The order’s page is being prepared
done-deal-lost = The deal was marked as lost
done-deal-asleep = The deal was paused
done-deal-reopened = The deal was reopened
done-activity-logged = Logged
today-sales-sentence = { $count ->
    [0] Everything due today is done
    [one] 1 more to contact today
   *[other] { $count } more to contact today
}
today-sales-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
today-sales-due = Due up to today
today-sales-nothing = Nothing is due today
today-sales-nothing-text = Look through idle deals on the board, or get in touch with new leads.
today-sales-won = Won in fiscal { $year } (before tax)
today-sales-won-count = { $count ->
    [one] 1 deal
   *[other] { $count } deals
}
today-sales-waiting = Leads not contacted
today-sales-open = My open deals
today-sales-open-list = Open the list
today-sales-open-board = Open the board
deals-answer = Deals: { $count } · { $amount } before tax in all
deals-count = { $count }
deals-filters = Filters
deals-mine = Mine only
deals-of-owner = Owner: { $name }
deals-all-years = All years
deal-closed-on-won = Won on
deal-closed-on-lost = Lost on
deal-overdue = Expected by { $date }, now past
done-deal-already-won = You have marked this deal as won already. Its order opens from this page
done-deal-already-lost = You have marked this deal as lost already
done-deal-already-asleep = You have paused this deal already
done-deal-already-reopened = You have reopened this deal already
done-activity-already-logged = You have logged this already; it is below under “What happened”
