# Quality: leases, checks, remarks, coaching, appeals, and the town's values for them.
review-lease-mine = Yours to check until { $until }
review-lease-others = { $name } is checking it (until { $until })
review-lease-free = Nobody is checking it yet
review-lease-over = The time of whoever was checking it is over. You may check it
review-take = I check it
review-release = Let it go
review-others = { $count ->
    [one] 1 is being checked by somebody else
   *[other] { $count } are being checked by others
}
review-say-taken = Somebody else is checking it
review-checks = What to look at
review-checks-how = Answer all of them to pass it.
review-answer-yes = In order
review-answer-no = Not in order
review-answer-not-applicable = Does not apply
review-looked-at = { $count ->
    [one] 1 item was looked at
   *[other] { $count } items were looked at
}
review-wrong-items = Not in order
review-remarks = Remarks (by line or file)
review-remarks-how = With a place its maker can mend it at once. Nothing with a major or critical defect passes.
review-remark = Remark { $number }
review-remark-kind = Kind of defect
review-remark-no-kind = No defect, just a word
review-remark-place = Place
review-remark-line = Line
review-remark-text = What to say
review-place-text = Text
review-place-choose = Choose a file
review-remark-more = Write more remarks
review-line = line { $line }
review-kind-of = { $kind } ({ $severity })
review-change = When the specification has changed
review-change-how = Sending it back for something else than was ordered is paid beside. Its maker gets the terms by mail.
review-extra-pay = Pay for doing it anew (before tax)
review-due-on = New deadline
review-due-on-support = Empty where it stays
review-at-cap = This has come back to the same person as often as agreed. Returned through their own fault, it becomes a coaching step.
review-coached = Somebody sits down with its maker
severity-minor = Minor
severity-major = Major
severity-critical = Critical
done-review-taken = It is yours to check
done-review-released = Let go. Others can check it
done-review-coached = Returned, and put down for coaching
checks-title = What is looked at
checks-answer = { $count ->
    [0] Nothing is said yet
    [one] 1 item is looked at
   *[other] { $count } items are looked at
}
checks-items = What to look at
checks-items-support = One a line, 30 at most. What was answered before stays
checks-rework-cap = Returns at most
checks-rework-cap-support = After so many returns to one person, the next becomes a coaching step. Empty means the town’s value ({ $town })
checks-cap = { $count ->
    [one] 1 return at most
   *[other] { $count } returns at most
}
checks-change = Use this
checks-versions = Versions
checks-none = Nothing to look at
done-checks-changed = Changed what is looked at
unit-times = times
unit-business-days = business days
quality-title = How work is checked
quality-answer = { $count ->
    [one] 1 kind of defect
   *[other] { $count } kinds of defect
}
quality-values = The town’s values
quality-lease = Time to check
quality-lease-support = Whoever begins to check something has it for so long. 5 to 240 minutes
quality-cap = Returns at most
quality-cap-support = After so many returns through somebody’s own fault, the next becomes a coaching step
quality-appeal-days = Days for appeals
quality-appeal-days-support = To appeal after a rejection or a return, and to decide an appeal
quality-kinds = Kinds of defect
quality-kinds-text = Reviewers choose from these. Nothing with a major or critical one passes. A change leaves earlier records as they are.
quality-kinds-empty = There are no kinds of defect yet
quality-kinds-empty-text = The usual ones come with the first work that is handed in. You can add your own below.
quality-kind-new = Add a kind
quality-kind-name = Name
quality-kind-severity = How grave
quality-kind-add = Add
quality-kind-change = Change
quality-kind-retire = Stop using it
quality-kind-restore = Use it again
quality-kinds-retired = No longer used
done-quality-kind-added = Kind added
coachings-title = Coaching
coachings-answer = { $count ->
    [one] 1 coaching is to be held
   *[other] { $count } coachings are to be held
}
coachings-since = Since { $when }
coachings-empty = Nobody is to be coached
coachings-empty-text = When a unit comes back to one person more often than agreed, it stands here.
coachings-tile-hold = See whom
coachings-one = Coaching
coachings-one-answer = Look at “{ $label }” together with { $name } and write down what you agreed.
coachings-comment = What the reviewer wrote
coachings-held-on = Held on
coachings-note = What was agreed
coachings-note-support = They read it, too
coachings-close = Close it
coaching-agreed = Agreed together ({ $day })
done-coachings-closed = Coaching noted
appeals-title = Appeals
appeals-answer = { $count ->
    [one] 1 appeal waits
   *[other] { $count } appeals wait
}
appeals-empty = No appeal waits
appeals-empty-text = When somebody whose work was rejected or returned asks for another reviewer, it stands here.
appeals-own = You rejected it
appeals-own-text = Whoever rejected it and whoever made it do not decide. Somebody else does.
appeals-tile-decide = Decide
appeals-one = Decide an appeal
appeals-one-answer = Look at “{ $label }” again and decide.
appeals-one-decided = A decided appeal
appeals-one-answer-decided = The appeal about “{ $label }” is decided.
appeals-text = What its maker says
appeals-version = The version in question
appeals-outcome = What is to be done?
appeals-comment = Why
appeals-comment-support = Its maker and whoever rejected or returned it are told
appeals-decide = Decide
appeal-outcome-upheld = Leave it rejected
appeal-outcome-paid = Not taken, but paid: no fault of theirs
appeal-outcome-passed = Pass it
done-appeals-decided = Decided. Both sides are told by mail
my-appeal-title = Ask for another look
my-appeal-notice = If you disagree
my-appeal-notice-text = You can ask for somebody else to look at it.
my-appeal-open = Ask for another look
my-appeal-until = You can ask for another look until { $day }.
my-appeal-waits = Somebody else is looking at it. You get an answer by { $day }.
my-appeal-over = This was possible until { $day }.
my-appeal-decided = There is an answer.
my-appeal-refusal = Why it was rejected
my-appeal-asked = What you said
my-appeal-how = Somebody else than who rejected it will look. Until it is decided the pay stays among what is expected. Asking does you no harm.
my-appeal-text = What to look at
my-appeal-text-support = A few words are enough
my-appeal-send = Send
my-appeal-outcome-upheld = It stays rejected.
my-appeal-outcome-paid = You are paid for the work.
my-appeal-outcome-passed = It has passed.
my-unit-coaching = Somebody will look at it together with you and contact you. You may mend it before that.
done-my-appeal-made = Sent. Somebody else will look
error-review-taken = Somebody else is checking it
error-cannot-pass = With this it cannot pass
error-same-reviewer = Whoever rejected it does not decide. Somebody else does
error-appeal-over = The days for an appeal are over
error-appealed = An appeal waits. It is decided first
api-tag-quality = How work is checked
api-tag-defect-kinds = Kinds of defect
api-tag-coachings = Coaching
api-tag-appeals = Appeals
message-kind-appeal-made = Appeals
message-kind-appeal-decided = How somebody’s own appeal ended
message-kind-appeal-answered = How an appeal ended
task-appeal-made-mail = Tell about an appeal
task-appeal-decided-mail = Tell how an appeal ended
