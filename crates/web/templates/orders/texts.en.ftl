# Orders.
orders-views = Views of orders
orders-drafts = Orders to split
orders-running = Running orders
orders-order = Order
orders-on-schedule = Schedule
orders-who = Who does how many
orders-late = Late
orders-waiting = To review
orders-finished = Finished
orders-next = Next step
orders-state = State
orders-ended = Ended on
orders-amount = Amount (before tax)
orders-shown = { $count ->
    [one] 1 order
   *[other] { $count } orders
}
orders-pieces = Pieces: { $count }
orders-people = People at work: { $count }
orders-late-units = { $count ->
    [one] 1 unit is past its day
   *[other] { $count } units are past their day
}
orders-after-order = { $count ->
    [one] 1 unit is due after the order’s own day
   *[other] { $count } units are due after the order’s own day
}
orders-after-order-text = Agree on a later day with the client, or ask somebody else.
orders-done-of-total = { $done } of { $total }
orders-split-under = { $units } of { $ordered } ordered are split, { $left } not yet
orders-split-shared = { $units } of { $ordered } ordered are split, { $shared } are with partners, { $left } not yet split
orders-split-over = { $units ->
    [one] { $units } unit for { $ordered } ordered, { $left } more
   *[other] { $units } units for { $ordered } ordered, { $left } more
}
orders-empty = No running orders
orders-empty-text = When a deal is won, its order appears here.
orders-empty-action = Back to home
orders-past-empty = None yet
orders-past-empty-text = Orders that have ended stay here.
orders-answer-late = { $count ->
    [one] 1 order is late
   *[other] { $count } orders are late
}
orders-answer-at-risk = { $count ->
    [one] 1 order is at risk
   *[other] { $count } orders are at risk
}
orders-answer-drafts = { $count ->
    [one] 1 order to split
   *[other] { $count } orders to split
}
orders-answer-calm = Everything is on schedule
orders-schedule-on-time = On schedule
orders-schedule-at-risk = At risk
orders-schedule-late = Late
orders-schedule-done = Work finished
orders-part-draft = not offered
orders-part-offered = offered
orders-part-claimed = taken
orders-part-working = in work
orders-part-submitted = to review
orders-part-returned = returned
orders-part-passed = passed
orders-part-delivered = delivered
orders-part-accepted = accepted
orders-part-claimed-back = fixes asked
orders-part-refused = rejected
orders-part-cancelled = cancelled
orders-next-split = Split into jobs
orders-next-offer = Offer to workers
orders-next-review = Review
orders-next-decide = Decide about rejected work
orders-next-decide-fix = Decide about fixes
orders-next-deliver = Deliver
orders-next-wait-workers = Waiting for workers
orders-next-wait-client = Waiting for the client
orders-next-look = Open
orders-say-split = First, split it into jobs
orders-say-offer = { $count ->
    [one] 1 unit is not offered yet
   *[other] { $count } units are not offered yet
}
orders-say-review = { $count ->
    [one] 1 unit waits for review
   *[other] { $count } units wait for review
}
orders-say-decide = { $count ->
    [one] 1 unit was rejected: offer it again or cancel it
   *[other] { $count } units were rejected: offer them again or cancel them
}
orders-say-decide-fix = { $count ->
    [one] The client wants 1 unit fixed. Decide fault, pay and day so that work can begin
   *[other] The client wants { $count } units fixed. Decide fault, pay and day so that work can begin
}
orders-say-deliver = { $count ->
    [one] 1 unit is ready to deliver
   *[other] { $count } units are ready to deliver
}
orders-say-wait-workers = { $count ->
    [one] Workers are at it; 1 unit to go
   *[other] Workers are at it; { $count } units to go
}
orders-say-wait-client = { $count ->
    [one] Waiting for the client’s answer to 1 unit
   *[other] Waiting for the client’s answer to { $count } units
}
orders-say-wait-takers = { $count ->
    [one] 1 unit waits for somebody to take it
   *[other] { $count } units wait for somebody to take them
}
orders-say-closed = The client accepted everything
orders-say-closed-short = Closed with fewer pieces than were ordered
orders-say-short = { $count ->
    [one] Everything split so far is accepted; 1 ordered piece is not split yet. Split it, or close the order
   *[other] Everything split so far is accepted; { $count } ordered pieces are not split yet. Split them, or close the order
}
orders-say-cancelled = This order was cancelled
orders-refused = This could not be done
orders-refused-text = Nothing was changed. You see how things stand now.
orders-progress = Progress
orders-jobs = Jobs
orders-work-due = Work due
orders-split-more = Add a job
orders-offer-again = Offer to newcomers
orders-no-jobs = No jobs yet
orders-no-jobs-text = Split the order into jobs and units, and they can be offered to workers.
orders-fixes = Fixes the client asked for
orders-deliveries = Deliveries
orders-no-deliveries = Nothing was delivered yet
orders-agreed = What was agreed
orders-client = Client
orders-contact = Contact
orders-due = Due
orders-client-terms = Client’s conditions
orders-lines = Lines
orders-tax = tax { $rate }
orders-cancel-keep = Go back without cancelling
orders-cancel-title = Cancel the order
orders-cancel-what = Every unit that is not accepted yet is cancelled and the client’s links stop working. This cannot be undone.
orders-cancel-fault = Who caused it?
orders-cancel-fault-support = Work that was received is paid in full unless the worker is at fault
orders-cancel-percent = Share paid for work under way
orders-cancel-percent-support = 0 to 100. Work that passed is always paid in full
orders-cancel-note = Reason
orders-cancel-note-support = Sent to the workers concerned as written
orders-close-title = Close with fewer pieces
orders-close-what = Of { $ordered } ordered pieces { $accepted } are accepted, and the order closes with these. The other { $left } will not be made. { $share } of { $amount } counts as accepted. This cannot be undone.
orders-close-reason = Reason
orders-close-reason-support = Kept with the order. Neither the client nor the workers are sent it
orders-close-keep = Go back without closing
orders-withdrawn-because = Why it was taken back
orders-say-withdrawn = Taken back: the deal is being worked on again
orders-short-reason = Why it was closed with fewer pieces
orders-fault-client = The client
orders-fault-town = The town
orders-fault-worker = The worker
orders-today-title = Orders and quality
orders-today-all = All orders
orders-today-waiting = To review: { $count }
orders-today-due = Due today: { $count }
orders-today-late = Late orders
orders-today-hand-overs = Parts handed over
orders-next-hand-over = Decide a share
orders-today-fixes = Fix requests
orders-today-red = Urgent orders
orders-today-next = Orders due next
orders-today-accepted = Accepted (before tax)
orders-today-year = Fiscal year { $year } (from April)
done-orders-cancelled = The order was cancelled
done-orders-closed-short = The order was closed
orders-running-total = { $count ->
    [one] 1 running
   *[other] { $count } running
}
orders-colours = By schedule
orders-past-answer = Orders: { $count } · { $amount } before tax in all
orders-accepted-about = What clients accepted in { $year }. An order under way counts by the share that was accepted.
orders-accepted-share = Accepted (before tax)
orders-not-ended = Running
orders-today-late-list = Open late orders
orders-today-accepted-list = By order
orders-cancel-what-nobodys = Every unit is cancelled and the client’s links stop working. Nobody has worked on it, so nothing is owed. This cannot be undone.
orders-cancel-note-nobodys = Kept in the records
orders-next-chase = Look into what is late
orders-say-chase = { $count ->
    [one] 1 unit is past its deadline. See whose it is, and speak to them, move the deadline or give it to somebody else
   *[other] { $count } units are past their deadline. See whose they are, and speak to them, move the deadline or give them to somebody else
}
orders-by-person = Who does how many
orders-person = Worker
orders-person-to-do = To do
orders-person-submitted = Waiting for review
orders-person-finished = Finished
orders-person-due = Next due
orders-person-late = { $count ->
    [one] 1 late
   *[other] { $count } late
}
orders-person-cut = { $count ->
    [one] Showing { $count } person, the late ones first
   *[other] Showing { $count } people, the late ones first
}
unit-name = { $job } – { $label }
orders-due-move = Change the due date
orders-due-now = Due now: { $day }
orders-due-new = New due date
orders-due-new-support = The day agreed with the client. Deadlines of jobs are extended job by job
orders-due-agreement = What was agreed
orders-due-agreement-support = With whom, when and how (for example: with Ms Yamada by phone, 26 November)
orders-due-moves = Earlier changes
orders-due-moved = From { $from } to { $to }
done-orders-due-moved = Due date changed
orders-today-split = Split them
orders-today-ready = Ready to deliver
orders-today-calls = Calls to make
orders-today-call = Call
orders-next-wait-takers = Waiting for somebody to take them
orders-cell-things = { $count }
orders-hours = Work left
orders-arranged-finished = Taken and finished
orders-cell-to-do = { $hours } to do
orders-cell-open = { $open } not taken · { $free } free
orders-cell-did = { $count ->
    [one] 1 person so far
   *[other] { $count } people so far
}
orders-cell-absent = { $count ->
    [one] 1 unit is with somebody who does not take part now
   *[other] { $count } units are with people who do not take part now
}
orders-cell-nobody = Nobody yet
orders-cell-arranged = Taken { $done } / { $total }
orders-cell-finished = Finished { $done } / { $total }
orders-cell-in-hand = { $name } { $count }
orders-cell-in-hand-late = { $name } { $count } ({ $late } late)
orders-cell-others = { $count ->
    [one] and one more
   *[other] and { $count } more
}
orders-cell-not-as-said = { $count } sent back
orders-today-unclaimed = Nobody takes these jobs
orders-today-off = Off today
orders-today-unclaimed-due = (due { $day })
orders-cell-questions = { $count ->
    [one] 1 question
   *[other] { $count } questions
}
orders-direct-title = Enter an order directly
orders-direct-choose = Which company ordered?
orders-direct-choose-text = Search for the company and choose it.
orders-direct-answer = Records an order that came without any selling. Its won deal is recorded, and the order opens.
orders-direct-source = How did it come?
orders-direct-what = What is ordered, in one line
orders-direct-wished = The day the client wishes
orders-direct-lines-support = Enter what, how many and at what price, as in a quote. The total becomes the amount of the order.
orders-direct-number = The client’s order number
orders-direct-note = What else the client said
orders-direct-do = Record the order
orders-again-title = Order the same again
orders-again-what = Takes an order like “{ $order }” of { $client } ({ $amount } before tax).
orders-again-text = Lines, terms, jobs, rules and samples are as before. The material is not copied.
orders-again-title-support = As before where this is left empty
orders-repeats = Repeats
orders-repeats-note = The jobs of “{ $order }” have been made once more. The material of their units was not copied. Check numbers and deadlines before you offer them.
orders-repeats-open = See the order before
orders-wishes = Wishes for the same again
orders-wishes-note = These are wishes of clients. Nothing is ordered yet.
orders-wish-text = { $name } · wishes it by { $day } ({ $at })
orders-wish-confirm = Order it like this
orders-wish-decline = Not this time
done-orders-entered = The order was recorded and will open in a moment
done-orders-wish-declined = It was noted that this will not be done this time. Please tell the client
done-orders-wish-decided = Somebody has decided this wish already
orders-re-entrust-title = Say that it is re-entrusted
orders-re-entrust-answer = Where work that the town was commissioned with is passed on to workers and the terms say three things more, it may be paid within 30 days of the original client’s due date (Freelance Act art. 4 para. 3).
orders-re-entrust-is = The terms say that this order’s work is re-entrusted
orders-original-client = Name of the original client, who commissioned the town
orders-original-client-support = It is written into the terms. It may stay empty while it is not known, but nothing can be assigned until it is there
orders-original-pays = Due date of the original client
orders-original-pays-support = The day on which the town is paid for this work. Workers are paid within 30 days, this day being the first
orders-re-entrusted = Re-entrusted by
orders-re-entrusted-last = workers are paid by { $day } at the latest
orders-re-entrusted-lacks = What re-entrusted work has to say is missing
orders-re-entrusted-lacks-text = Nothing of this order can be assigned to anybody until both the original client’s name and their due date are there.
orders-re-entrusted-fill = Fill in what is missing

## What the terms would lack

terms-lacking-title = Something has to be entered before anybody is invited
terms-lacking-text = Nobody can be invited until every item of the written terms is there. Enter what is missing, then offer the work again.
terms-lacking-enter = Enter: { $item }
terms-lacking-ask = { $item } (ask an administrator to enter it in the town's settings)
terms-item-orderer-name = Name of the orderer
terms-item-orderer-address = Address of the orderer
terms-item-orderer-contact = Contact of the orderer (mail or phone)
terms-item-original-client = Original client
terms-item-original-pay-on = Day on which the original client pays
terms-item-worker-name = Name of the worker
terms-item-work = The work
