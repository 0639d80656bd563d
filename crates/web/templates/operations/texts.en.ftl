# Mails and tasks.
message-subject = Subject
message-to = To
message-from = From
message-state = State
message-at = Written
message-timeline = Timeline
message-made = The mail was written
message-attempt = Attempt { $number }
message-reply = Their reply
message-transcript = Conversation
message-text = Text
message-text-hidden = Mails about signing in or codes are for their reader alone, so their text is not shown here.
message-facts = About this mail
message-category = Category
message-ended = Ended
message-until = Given up after
message-repeats = Sent again
message-repeats-link = The first mail
messages-filters = Filters
messages-filter = State: { $state }
messages-every-state = all
messages-needs-look = needs a look
messages-fine = Every mail reached its server
messages-troubled = { $count ->
    [one] 1 mail needs a look (held, bounced, failed or too late)
   *[other] { $count } mails need a look (held, bounced, failed or too late)
}
messages-held-up = { $count ->
    [0] The mail relay accepts nothing
    [one] The mail relay accepts nothing. 1 mail waits
   *[other] The mail relay accepts nothing. { $count } mails wait
}
messages-to-go = { $count ->
    [one] 1 mail has still to go
   *[other] { $count } mails have still to go
}
messages-empty = No mails yet
messages-empty-text = Invitations, deliveries and every other mail Yui sends are recorded here.
messages-none-such = No mail is in this state
messages-none-such-text = Choose another state, or show every mail.
messages-show-all = Show all
message-says-queued = Waiting for its turn. It will be sent in a moment.
message-says-due = Waiting. It will not be sent before { $at }.
message-says-held-up = Waiting, because the mail relay accepts nothing. It leaves by itself once that is mended.
message-says-claimed = About to be sent.
message-says-sending = Being sent right now.
message-says-accepted = Their mail server took it.
message-says-deferred = Their server cannot take it at the moment. It will be tried again by itself.
message-says-rejected = Their server says this address cannot receive it. Please check the address.
message-says-unknown = Nobody knows whether it arrived: the connection broke before the last reply.
message-says-held = On hold until a person decides.
message-says-cancelled = No longer needed, so it was cancelled.
message-says-dead = It was refused too often and was given up.
message-says-bounced = It was taken at first and came back later.
message-says-complained = Its reader reported it as spam.
message-says-expired = Its time ran out before it could be sent.
message-category-account = Account
message-category-legal = Required by law
message-category-work = Work
message-category-digest = Open work
message-category-commercial = News
message-kind-invitation = Invitation
message-kind-password-reset = Password reset
message-kind-password-changed = Password changed
message-kind-new-device = Sign-in on a new device
message-kind-accept-code = Code for accepting a delivery
message-kind-work-offered = Work on offer
message-kind-work-portion = Work on offer in turn
message-kind-deadline-moved = Deadline moved
message-kind-terms-notice = Written terms
message-kind-work-ending = Notice that work ends
message-kind-unit-returned = Work returned
message-kind-delivery-sent = Delivery
message-kind-delivery-answered = Answer to a delivery
message-kind-repeat-wished = Wish for the same again
message-kind-deal-won = Deal won
message-kind-day-due = Due today
message-kind-assigned = Work given by a colleague
message-kind-todo-assigned = A todo from a colleague
message-kind-mentioned = Named in a note
message-kind-order-opened = New order
message-kind-interview-date = Day of an interview
message-kind-skill-expires = Skill about to expire
message-kind-course-booked = Seat in a training
message-kind-course-soon = Training soon
message-kind-away-today = Off today
message-kind-back-today = Back today
message-kind-appointment-off = Appointment called off
message-kind-claim-rests = Asked whether they go on
message-kind-question-asked = A question about work
message-kind-question-waits = A question waits
message-kind-question-answered = A question was answered
message-kind-rules-changed = How it is done has changed
message-kind-claim-expired = Resting work gone to others
message-kind-claims-freed = Resting work back in offers
message-kind-units-handed-back = Work given back
message-kind-unit-handed-over = Part handed over
message-kind-hand-over-decided = Paid for a part
message-kind-pool-stands = Work that nobody takes
message-kind-order-accepted = Order accepted
message-stage-resolve = Stopped while looking up their server
message-stage-connect = Stopped while connecting to their server
message-stage-tls = Stopped while starting encryption
message-stage-banner = Stopped at their greeting
message-stage-hello = Stopped while introducing ourselves
message-stage-auth = Stopped while signing in
message-stage-check = Stopped at a check before sending
message-stage-mail = Stopped at the sender
message-stage-recipient = Stopped at the recipient
message-stage-data = Stopped before the text was sent
message-stage-content = Stopped while the text was sent
message-stage-final = Stopped while waiting for the last reply
sandbox-text = Mails from this server do not leave it; read them here
sandbox-at = Arrived
sandbox-empty = No mails have arrived
sandbox-empty-text = Do something that sends a mail, such as inviting somebody, and it arrives here.
sandbox-empty-action = Invite a member
sandbox-links = Links in the mail
sandbox-html = Open as it looks
sandbox-headers = Headers
tasks-fine = No task is stuck
tasks-dead-count = { $count ->
    [one] 1 task is stuck
   *[other] { $count } tasks are stuck
}
tasks-stuck = Stuck tasks
tasks-stuck-text = These were tried several times and did not finish. Fix the cause, then try again.
tasks-attempts = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
tasks-error = What went wrong
tasks-retry = Try again
tasks-discard = Give up
tasks-depths = Tasks by kind
tasks-kind = Kind
tasks-state = State
tasks-count = Count
tasks-empty = No task is waiting
tasks-empty-text = Work that is done in the background, such as sending mail, is counted here.
task-dispatch = Pass on what happened
task-accounts-reset-asked = Take a password reset
task-deal-won-open-order = Open an order
task-promises-reckon = Reckon promised days
task-quote-issued-promise-day = Reckon the day to promise for a quote
task-invitations-refused-consents = Note refusals that a file brought
task-deal-won-mail = Announce a won deal
task-sales-plan-mornings = Plan the morning’s mails
task-sales-begin-day = See whether something is due
task-sales-day-began-mail = Say what is due today
task-sales-assigned-mail = Tell somebody what is theirs now
task-sales-many-assigned-mail = Tell somebody how much is theirs now
task-todo-assigned-mail = Pass a todo on
task-sales-mentioned-mail = Say that somebody was named
task-sales-mentioned-on-lead-mail = Say that somebody was named at a lead
task-person-invited-mail = Send an invitation
task-person-password-reset-requested-mail = Send a password reset link
task-person-password-changed-mail = Report a changed password
task-session-opened-on-new-device-mail = Report a sign-in on a new device
task-order-opened-mail = Announce a new order
task-job-offered-mail = Announce work on offer
task-offers-go-on = Ask the next people
task-offers-tend = Look after offers
task-interview-planned-mail = Tell of an interview
task-interview-called-off-mail = Tell that an interview is called off
task-skills-run-out = Look for skills that run out
task-skill-runs-out-mail = Tell of a skill that runs out
task-courses-remind = Look for trainings of tomorrow
task-course-booked-mail = Tell of a seat in a training
task-course-soon-mail = Remind of a training
task-course-called-off-mail = Tell that a training is called off
task-worker-off-today-mail = Tell that somebody is off today
task-worker-back-today-mail = Tell that somebody is back today
task-workers-forget = Delete what is kept of those who left
task-units-fold-counts = Fold the counts of units
task-shares-tell = Tell a partner town how a share stands
task-partners-tell = Tell a town whether this one wants to work together
task-delivery-sent-share = Look how far a shared order is (delivery)
task-delivery-answered-share = Look how far a shared order is (answer)
task-order-accepted-share = Look how far a shared order is (accepted)
task-order-closed-short-share = Look how far a shared order is (closed in part)
task-units-cancelled-share = Look how far a shared order is (called off)
task-order-withdrawn-share = Look how far a shared order is (taken back)
task-units-cancelled-promises = Have promised days reckoned anew (called off)
task-order-withdrawn-promises = Have promised days reckoned anew (taken back)
task-order-closed-short-promises = Have promised days reckoned anew (closed in part)
task-claim-rests-mail = Ask whether somebody goes on
task-question-asked-mail = Tell of a question
task-question-waits-mail = Tell of a question that waits
task-question-answered-mail = Tell of an answer
task-rules-changed-mail = Tell of changed rules
task-claim-expired-mail = Tell that resting work went to others
task-unit-handed-back-mail = Tell that work was given back
task-drafts-sweep = Clear away old drafts
task-claims-tend = Look after resting work
task-questions-tend = Look after questions
task-unit-handed-over-mail = Tell of a part handed over
task-hand-over-decided-mail = Tell what a part is paid
task-pool-stands-mail = Tell of work that nobody takes
task-job-extended-mail = Tell that a deadline moved
task-extension-accepted-mail = Send the terms of a moved deadline
task-units-claimed-mail = Send the written terms
task-ending-noticed-mail = Give notice that work ends
task-unit-returned-mail = Report returned work
task-delivery-sent-demo-post = Receive the demo’s deliveries
task-delivery-sent-mail = Announce a delivery
task-delivery-code-requested-mail = Send a code
task-delivery-answered-mail = Report a client’s answer
task-repeat-wished-mail = Report a client’s wish for the same again
task-order-accepted-mail = Report an accepted order
tasks-at-least = { $count } or more
tasks-causes = Stuck for the same reason
tasks-causes-count = { $count ->
    [one] 1 task
   *[other] { $count } tasks
}
tasks-redrive = Try all again
tasks-pauses = Paused
tasks-pauses-text = Tasks of a paused kind wait until it goes on. What is running may finish.
tasks-pause = Pause
tasks-resume = Go on
tasks-reports = How far long tasks are
tasks-batches = Tasks that belong together
tasks-batch-left = { $left } of { $size } left
tasks-batch-dead = { $count } stuck
task-mail-send-digest = Send the daily mail of open work
task-accounts-sweep = Clear old sign-ins away
task-requests-sweep = Forget old requests
task-files-sweep = Remove uploads nobody kept
task-imports-sweep = Let go of the rows of old imports
task-sandbox-sweep = Empty the test mailbox of old mails
task-fix-decided-mail = Ask a worker for a fix
task-inquiry-received-mail = Tell of an inquiry
task-sales-import = Bring a file in
task-sales-bulk-edit = Change many at once
task-order-withdrawn-mail = Report an order that was taken back
task-order-closed-short-mail = Report an order closed in part
task-delivery-reminded-mail = Remind a client of a delivery
task-delivery-asked-mail = Tell of a client’s question
task-delivery-replied-mail = Send a client the answer to a question
task-deliveries-silence = Look after deliveries that wait for their client
task-delivery-answered-receipt = Send a client their receipt
done-task-retried = It will be tried again
done-task-discarded = The task was given up
done-tasks-redriven = They will be tried again
done-task-paused = The kind is paused
done-task-resumed = The kind goes on
messages-search = Find by name, address or subject
message-due = Not sent before
message-event-opened = Its reader opened it
message-event-bounced = It came back
message-event-complained = It was reported as spam
message-event-replaced = A newer mail took its place
message-event-superseded = Not sent, because it no longer held
message-event-unwanted = Not sent, because its reader wants none
message-event-cancelled = Cancelled
message-event-held = Put aside
message-event-released = Sent with the same words
message-event-resent = Sent once more
message-release = Send as it is
message-hold = Put aside
message-cancel = Do not send
message-resend = Send once more
message-resend-reason = Reason
message-resend-support = It goes out as a new mail. The reason stays on record.
message-bounce = If it came back
message-bounce-notice = What the notice says
message-bounce-support = When a notice of non-delivery lies in the town's mailbox, copy it here. For a notice the law requires, its reader is put on the list to call.
message-bounce-button = Record that it came back
done-message-bounced = Recorded
done-message-resent = It is sent once more
done-message-released = It is sent
done-message-held = Put aside
done-message-cancelled = It will not be sent
sandbox-attachments = Attachments
message-other = See that mail
message-kind-work-digest = Open work, gathered
message-kind-service-news = Invitation (advertising)
message-kind-fix-decided = Fix asked for
message-kind-unit-rejected = Work not taken
message-kind-unit-taken-back = Work given to others
message-kind-units-cancelled = Work called off
message-kind-inquiry-received = Receipt of an inquiry
message-kind-inquiry-arrived = News of an inquiry
message-kind-order-withdrawn = Order taken back
message-kind-order-closed-short = Order closed in part
message-kind-delivery-reminded = Reminder of a delivery
message-kind-answer-receipt = Receipt for an answer
message-kind-client-asked = A client’s question
message-kind-client-replied = Answer to a client’s question
message-kind-accepted-by-silence = Delivery accepted by silence
sandbox-file = File without a name
message-event-link-used = Its link was opened for the first time (not always by its reader)
task-unit-taken-back-mail = Tell that work went to others
task-unit-rejected-mail = Tell that work was not taken
task-units-cancelled-mail = Tell that work was called off
condition-title = System health
condition-mail = Email
condition-mail-flowing = Being sent
condition-mail-waiting = The mail relay accepts nothing. Emails wait and none is lost
condition-mail-unknown = Not known to this process
condition-mails = { $count ->
    [one] 1 waiting
   *[other] { $count } waiting
}
condition-room = Free space for files
condition-gigabytes = { $number } GB
condition-version = Version
message-kind-quote-sent = Quote
message-kind-invoice-sent = Invoice
message-kind-credit-sent = Credit note
message-kind-quote-receipt = Record of an order
message-kind-quote-accepted = Order on a quote
message-kind-quote-asked = Question about a quote
message-kind-quote-declined = Declined quote
message-kind-advice-due = Due after advice
message-kind-milestone-due = Milestone due
message-kind-target-at-risk = Targets at risk
message-kind-quote-runs-out = Quote about to run out
task-quote-sent-mail = Send a quote
task-invoice-sent-mail = Send an invoice or a credit note
task-quote-accepted-mail = Announce an order on a quote
task-quote-accepted-receipt = Send the record of an order
task-quote-asked-mail = Pass on a question about a quote
task-quote-declined-mail = Report a declined quote
task-quote-runs-out-mail = Tell that a quote runs out
task-quotes-run-out = Look for quotes that run out
task-advice-due-mail = Tell what is due after advice
task-milestone-due-mail = Tell that a milestone is due
task-targets-at-risk-mail = Tell that targets are at risk
task-targets-look = Look at the pace of targets
task-advice-look = Look for what is due after advice
task-milestones-look = Look for milestones that are due
task-forecasts-freeze = Keep the forecast once a week
message-kind-booking-made = A place of the centre was booked
message-kind-booking-cancelled = A booking of the centre was cancelled
task-centre-booked-mail = Tell of a booking in the centre
task-centre-cancelled-mail = Tell of a cancelled booking in the centre
message-kind-bank-changed = The account for pay was changed
task-worker-bank-account-changed-mail = Tell that the account for pay was changed
message-kind-care-asked = A request for consideration
message-kind-care-answered = The answer to a request for consideration
task-care-asked-mail = Tell of a request for consideration
task-care-answered-mail = Tell of an answered request for consideration
message-kind-report-waits = Something waits to be read
task-desk-said-mail = Tell that something waits at the desk

# What stopped, how tasks go, and what operators decided.
stuck-title = Stuck mails
stuck-answer = { $count ->
    [0] No mail is stuck
    [one] 1 mail is stuck
   *[other] { $count } mails are stuck
}
stuck-count = { $count ->
    [one] 1 mail
   *[other] { $count } mails
}
stuck-relay = { $relay }: { $stage } ({ $at })
stuck-relay-chip = No mail leaves
stuck-somewhere = Nobody knows where it stopped
stuck-untried = Never tried yet
stuck-trouble = Why no mail leaves now
stuck-trouble-auth = The relay refused the sign-in. Check YUI_SMTP_USER and YUI_SMTP_PASSWORD, then start Yui again.
stuck-trouble-text = Until then mails wait their turn. What is mended within their time leaves by itself; mails whose time ran out stand below.
stuck-where = Stopped at
stuck-last = The newest
stuck-list = Show mails in this state
stuck-reason-support = What expired or was given up goes out as a new mail. The reason stays on record
stuck-secret = These carry a link or code for one use and cannot be sent again. Whoever was invited can be invited once more.
stuck-invite-again = Invite from the members
message-invite-again = This invitation did not arrive. The same mail cannot be sent again, and the person can be invited once more.
message-invite-again-link = Invite from their page
tasks-of-receiver = { $count ->
    [one] 1 task for this receiver failed lately and is tried again
   *[other] { $count } tasks for this receiver failed lately and are tried again
}
stuck-redrive = Send them all once more
stuck-empty = No mail is stuck
stuck-empty-text = Mails on hold, and mails that were refused too often, stand here by what stopped them.
stuck-all-mails = All mails
tasks-oldest = Oldest
tasks-not-due = Not due yet
tasks-cancel = Cancel
done-task-cancelled = The task was cancelled
tasks-retrying = Waiting to be tried again
tasks-retrying-text = These failed and will be tried again by themselves.
tasks-attempt-of = Try { $attempt } of { $most }
tasks-attempt = Try { $attempt }
tasks-next = Tried next
tasks-try-now = Try now
tasks-next-paused = Paused; tried once this kind goes on
tasks-running = Running
tasks-since = Due
tasks-paces = The last hour
tasks-done = Finished
tasks-failed = Failed
tasks-decisions = What was decided
task-deed-retried = Tried again
task-deed-redriven = All tried again
task-deed-discarded = Given up
task-deed-cancelled = Cancelled
task-deed-paused = Paused
task-deed-resumed = Resumed
task-error-worker = The program that ran it stopped half-way. Look for a lack of memory or a forced end.
task-error-panic = A defect of the program stopped it. The log says more.
task-error-payload = What the task holds cannot be read. Another version of Yui may have written it.
task-error-unknown = The version of Yui that runs does not know this task. Start the newer one.
task-error-time = It did not finish in its time. Look whether what it talks to is slow or away.
task-error-database = The database could not be reached. Look at its server.
message-event-delayed = A notice said that it is late
message-event-suppressed = Not sent, because its address is left alone now
message-event-too-late = Not sent, because it would have come too late
message-event-seen = Somebody has seen how it ended
message-event-expired = Its time ran out before it could be sent
message-seen = Put away as seen
done-message-seen = Put away. It is no longer among the mails to look at
stuck-told = { $sent ->
    [0] None of them could be sent
    [one] 1 mail is sent once more, within its reader’s hours
   *[other] { $sent } mails are sent once more, within their readers’ hours
}
stuck-told-left = { $left ->
    [one] 1 mail was left: a code or a link for one use, one whose time is over, or one that its reader no longer wants.
   *[other] { $left } mails were left: codes or links for one use, those whose time is over, or those that their readers no longer want.
}
stuck-only-counted = Mails of which nobody but their reader may know are counted as well. They are in no list.
stuck-seen-text = What need not be sent any more can be put away. It stays in the list of all mails.
stuck-seen = Put them all away as seen
stuck-by-itself = Mails about work are sent again by themselves after five minutes, up to three times. Only what stays longer needs you.
task-error-dead-address = Their mail address does not work, so they were not told. Call them and correct the address, then try again.
task-error-no-address = They have no mail address, so they were not told. Call them and enter one, then try again.
task-about-contact = See this contact
task-about-delivery = See this delivery
tasks-clear = Take back what waits
tasks-clear-text = At most 1,000 tasks of this kind that have not begun are taken back for good, the oldest first. Press again for the rest.
tasks-clear-do = Take them back
tasks-cleared = { $count ->
    [0] Nothing waited that could be taken back
    [one] 1 task was taken back
   *[other] { $count } tasks were taken back
}
task-deed-cleared = Taken back
