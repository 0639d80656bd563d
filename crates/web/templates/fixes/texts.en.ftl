# What clients want fixed (修正依頼).
fixes-title = Fix requests
fixes-answer = { $count ->
    [one] 1 fix waits for a decision
   *[other] { $count } fixes wait for a decision
}
fixes-all = See the fixes of every order
fixes-since = asked { $when }
fixes-empty = No fix waits for a decision
fixes-empty-text = What clients ask for on the delivery page appears here.
fixes-decide-title = Decide about a fix
fixes-decide-answer = Decide who fixes “{ $label }”, until when and for how much. No worker hears of it before.
fixes-wish = What the client asks for
fixes-delivered = The version delivered
fixes-fault-support = If the specification changed, fixing it is new work and paid as such
fixes-fault-worker = The worker’s
fixes-fault-specification = The specification’s (unclear or changed)
fixes-mender = Who fixes it?
fixes-mender-support = Somebody else takes it as an offer and is paid the unit’s full pay
fixes-mender-same-worker = { $name }, who made it
fixes-mender-others = Somebody else (offer it)
fixes-extra-pay = Pay for the fix (before tax)
fixes-extra-pay-support = When the maker fixes it; needed if the specification changed. This unit pays { $pay }
fixes-yen = yen
fixes-due-on = Fixed by
fixes-comment = For whoever fixes it
fixes-comment-support = Why, and what to do. It goes out by mail with the client’s wish
fixes-decide = Decide
done-fixes-decided = Decided. The worker gets a mail
done-fixes-offered = Decided. The unit is offered again
fixes-due-on-support = The order is due on { $day }
done-fixes-decided-already = This has been decided already
