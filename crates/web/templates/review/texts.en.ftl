# Review.
review-waiting = { $count ->
    [one] 1 to review
   *[other] { $count } to review
}
review-urgent = { $count ->
    [one] 1 of them due by today
   *[other] { $count } of them due by today
}
review-nothing = Nothing to review
review-shown = { $count ->
    [one] 1 submission
   *[other] { $count } submissions
}
review-start = Review what is due first
review-since = handed in { $when }
review-version = Version { $number }
review-versions = Versions handed in
review-file = File
review-for-client = For the client
review-memo = Memo to the checker (the client never sees it)
review-empty-version = There is neither a file nor a text for the client.
review-empty = Nothing to review
review-empty-text = What workers hand in appears here.
review-empty-action = See orders
review-own = Made by you
review-own-why = Makers do not review their own work. Somebody else will.
review-say-decide = Pass it, or send it back with what to fix
review-say-decided = This version has been reviewed
review-left = { $count ->
    [one] 1 more to review
   *[other] { $count } more to review
}
review-unit = The unit’s history
review-newer = There is a newer version
review-decision = Decision
review-decision-how = Passing needs no reason. Returning and rejecting need a reason, whose fault it is, and what to fix.
review-reason = Reason
review-reason-none = Choose one
review-reason-support = When returning or rejecting
review-reason-missing = Something is missing
review-reason-typo = Typing mistake
review-reason-wrong-content = Wrong content
review-reason-wrong-format = Wrong format
review-reason-rule-broken = Breaks a rule
review-reason-unreadable = Cannot be read or opened
review-reason-specification-changed = Specification changed
review-fault = Whose fault is it?
review-fault-support = If it is the specification’s, redoing it costs the worker nothing
review-fault-worker = The worker’s
review-fault-specification = The specification’s (unclear or changed)
review-comment = What to fix
review-comment-support = Sent to the worker as written
review-do-pass = Pass
review-do-return = Return
review-do-reject = Reject
review-skip = Skip to the next
review-next = Review the next
review-back = Back to the queue
review-verdict-pass = Passed
review-verdict-return = Returned
review-verdict-reject = Rejected
done-review-passed = Passed
done-review-returned = Returned to its maker
done-review-rejected = Rejected
review-wish = What the client asked to have fixed
review-instruction = What its maker was told
changes-title = Changes since the version before
changes-taken = [taken out:]
changes-put = [put in:]
changes-end = [end]
changes-left-out = { $count ->
    [one] … 1 unchanged line …
   *[other] … { $count } unchanged lines …
}
changes-no-text = The text for the client is unchanged.
changes-file-new = New
changes-file-replaced = Replaced
changes-file-gone = Gone
changes-file-same = The same
review-minutes = Took { $time }, its maker says
