# Parts of units that somebody handed over.
hand-overs-title = Parts handed over
hand-overs-answer = { $count ->
    [one] 1 part waits for its share
   *[other] { $count } parts wait for their share
}
hand-overs-tenths = { $tenths ->
    [one] 1 tenth
   *[other] { $tenths } tenths
}
hand-overs-share = { $tenths } ({ $amount })
hand-overs-since = { $when }, { $share } done
hand-overs-empty = No part waits for its share
hand-overs-empty-text = When a worker gives a unit back with what is done of it, it stands here.
hand-overs-decide-title = Decide the share
hand-overs-decide-answer = Decide how much of “{ $label }” is done. That share of its pay is paid.
hand-overs-part = What was handed over
hand-overs-memo = For whoever goes on
hand-overs-unit = About the unit
hand-overs-decided = What was decided
hand-overs-field-share = Share to be paid
hand-overs-share-support = Its maker thinks { $share }. Less than that needs a reason
hand-overs-field-reason = Reason
hand-overs-reason-support = Required where it is less than its maker thinks. They are told by mail
hand-overs-decide = Pay this share
done-hand-overs-decided = Decided. Whoever made it is told by mail
