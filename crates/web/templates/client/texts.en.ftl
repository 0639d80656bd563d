# A client's side of a delivery.
client-title = Your delivery
client-answer = { $count ->
    [one] { $town } has delivered 1 item of “{ $title }”.
   *[other] { $town } has delivered { $count } items of “{ $title }”.
}
client-share = This is { $units } of { $of }.
client-share-rest = The remaining { $rest } will come by { $date }.
client-share-rest-later = We will let you know when the remaining { $rest } will come.
client-number = Delivery { $number }
client-sent = Delivered { $when }
client-until = Please look at it by { $date }
client-message = Message from { $town }
client-made-title = Makers never check their own work
client-made-text = Every item was checked by somebody other than its maker, and only what passed was sent to you.
client-made-some-text = Items are checked by somebody other than their maker. Some were let by under our sampling plan.
client-units = { $count ->
    [one] 1 item
   *[other] { $count } items
}
client-accept-all = Accept everything
client-accept-all-note = Everything is set to “Accept”. Nothing has been sent yet: enter your name below and go on.
client-choose = Your answer to “{ $label }”
client-accepted = Accept
client-fix = Ask for a fix
client-fix-note = What should be fixed ({ $label })
client-fix-note-support = Needed when you choose “Ask for a fix”
client-was-accepted = Accepted
client-was-fix = Fix asked for
client-fix-asked = The fix you asked for
client-fix-received = We have received your wish
client-fix-mending = Being fixed (until { $date })
client-fix-delivered = Fixed and delivered again
client-fix-called-off = This item was called off
client-no-result = There is no file or text. Please see the message.
client-download = Download { $name } ({ $size })
client-made = Made { $when }
client-checked = Checked by somebody else { $when }
client-confirm-title = Send your answer
client-name = Your name
client-name-support = The name of the person answering; it stays in the receipt
client-code-why = When you go on, we mail a six-digit code to the address this delivery was announced to.
client-ask-code = Get the code
client-code-sent-title = The code is on its way
client-code-sent-text = Enter the six digits from the mail below and send your answer. The code counts for ten minutes. Nothing is final yet.
client-code = Code
client-code-support = Six digits from the mail; full-width is fine
client-tries-left = { $count ->
    [one] You can try once more.
   *[other] You can try { $count } more times.
}
client-code-over = This code no longer counts. Please ask for a new one.
client-send-answer = Send the answer
client-code-again = Get another code
client-nothing-waits = Nothing here is waiting for an answer.
client-receipt-title = We have your answer
client-receipt-all = { $count ->
    [one] You accepted the one item.
   *[other] You accepted all { $count } items.
}
client-receipt-some = Accepted: { $accepted }. To be fixed: { $fixes }.
client-receipt-facts = Receipt
client-receipt-what = Order
client-receipt-delivery = Delivery
client-receipt-from = Delivered by
client-receipt-who = Answered by
client-receipt-when = Answered on
client-receipt-next = We have received your requests. This page shows the day as soon as it is set; the corrected items will be delivered again.
client-receipt-print = You can print this page. The same link shows it again at any time.
client-gone-title = This link does not work
client-gone-why = It has expired, was withdrawn or replaced by a newer one, or a part of the address is missing.
client-gone-newest = If you got several mails about this delivery, open the link in the newest one.
client-gone-ask = If that does not help, reply to that mail and we will send you a new link.
done-client-answered = We have your answer
done-client-answered-before = This delivery was answered before; here is the receipt
