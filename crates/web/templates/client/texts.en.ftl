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
client-made-title = Nobody checks their own work
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
client-fix-received = We have received your request
client-fix-mending = Being fixed (until { $date })
client-fix-delivered = Fixed and delivered again
client-fix-called-off = This item was called off
client-no-result = There is no file or text. Please see the message.
client-download-all = Download all (ZIP)
client-zip = Delivery { $number } { $title }
client-zip-text = Text.txt
client-download = Download { $name } ({ $size })
client-made = Made { $when }
client-checked = Checked by somebody else { $when }
client-confirm-title = Send your answer
client-name = Your name
client-name-support = The person answering; the name is kept in the record of acceptance
client-code-why = When you go on, we mail a six-digit code to the address this delivery was announced to.
client-ask-code = Get the code
client-code-sent-title = The code is on its way
client-code-sent-text = Enter the six digits from the email and send your answer. The code works until { $time } (Japan time). Nothing is final yet.
client-code = Code
client-code-support = Six digits from the mail; full-width is fine
client-tries-left = { $count ->
    [one] You can try once more.
   *[other] You can try { $count } more times.
}
client-code-over = This code no longer works
client-code-over-text = It has expired or was tried too often. Please get another code. Your choices and notes are still here.
client-send-answer = Send the answer
client-code-again = Get another code
client-nothing-waits = Nothing here is waiting for an answer.
client-receipt-title = Record of acceptance
client-receipt-all = { $count ->
    [one] You accepted the one item.
   *[other] You accepted all { $count } items.
}
client-receipt-some = Accepted: { $accepted }. To be fixed: { $fixes }.
client-receipt-facts = Details
client-receipt-company = Client
client-receipt-accepted = Accepted
client-receipt-fixes = To be fixed
client-receipt-amount = Whole order, before tax
client-units-count = { $count ->
    [one] 1 item
   *[other] { $count } items
}
client-receipt-what = Order
client-receipt-delivery = Delivery
client-receipt-from = Delivered by
client-receipt-who = Accepted by
client-receipt-silence = Nobody answered in time; accepted as the terms say
client-silence = If we have not heard from you by { $date }, the delivery counts as accepted, as agreed in your terms.
client-receipt-when = Accepted on
client-receipt-next = We have received your requests. This page shows the day as soon as it is set; the corrected items will be delivered again.
client-receipt-print = The same link shows it again at any time.
client-gone-title = This link does not work
client-gone-why = It has expired, was withdrawn or replaced by a newer one, or a part of the address is missing.
client-gone-newest = If you got several mails about this delivery, open the link in the newest one.
client-gone-ask = If that does not help, reply to that mail and we will send you a new link.
done-client-answered = We have your answer
done-client-answered-before = This delivery was answered before; here is the record
# A client's side of a quote.
client-quote-title = Your quote
client-quote-answer = { $town } quotes for “{ $deal }”: { $total } with tax
client-quote-sent = sent { $date }
client-quote-subject = Subject
client-quote-issued = Issued
client-quote-expired = It was valid until { $date }
client-quote-expired-text = It can no longer be ordered at this price and for this day. If you still want it, please tell us under “Ask something”, and we quote anew.
client-quote-late = The delivery day ({ $date }) has passed
client-quote-late-text = We cannot deliver by that day any more, so it cannot be ordered as it stands. Please tell us the day you need under “Ask something”, and we quote anew.
client-quote-ordered = We have your order
client-quote-ordered-text = Your order on this quote reached us in another way. There is nothing to do here.
client-quote-said = What you told us
client-quote-said-text = It has reached the person in charge. The answer comes by mail.
client-quote-asked = A question from { $name }
client-quote-declined = { $name } told us that it does not suit you
client-quote-order-title = Order
client-quote-name = Name of who orders
client-quote-name-support = It is kept in the record of the order
client-quote-order-number = Your order number
client-quote-order-number-support = If you have one
client-quote-note = Remarks and terms of yours
client-quote-note-support = Such as your rules for inspection and payment
client-quote-may-order = I may order for { $company }
client-quote-order-text = You see everything once more on the next page before the order is final. Nothing is ordered yet.
client-quote-go-on = Go on to check
client-quote-check-title = Check your order
client-quote-check-answer = Nothing is ordered yet. Your order with { $town }: { $total } with tax
client-quote-check-text = “Order this” makes it final. We mail you a record of it.
client-quote-order = Order this
client-quote-back = Back to change it
client-quote-ask-title = Ask something
client-quote-ask-text = It reaches the person in charge, and the answer comes by mail. Trial batches are ordered here, too.
client-quote-question = Your question
client-quote-ask = Send the question
client-quote-decline-title = Not this time
client-quote-decline-text = We pass it on to the person in charge. Until the quote runs out you can still order.
client-quote-reason = Reason
client-quote-reason-support = If you like; it helps us to do better
client-quote-decline = Tell us
client-quote-record-title = Record of your order
client-quote-record-state = Ordered
client-quote-record-answer = { $town } has your order: { $total } with tax
client-quote-record-facts = The order
client-quote-ordered-at = Ordered at
client-quote-next = What comes next
client-quote-next-text = { $town } now prepares the work, and mails you when it is delivered. If something is wrong, please tell us at once.
client-quote-record-kept = The same link shows it again for a year
client-quote-closed-title = This quote is not in use
client-quote-superseded = A newer version has taken its place.
client-quote-superseded-sent = We mailed you the newer version on { $date }. Please open the link in that mail.
client-quote-superseded-not-sent = We mail you the newer version as soon as it is ready. If it is urgent, reach us below.
client-quote-taken-back = After you ordered, we took the order back.
client-quote-taken-back-text = The record of the order that you hold is no longer in force. We mail you a new quote as soon as it is ready. If it is urgent, reach us below.
client-quote-withdrawn = We have taken this quote back.
client-quote-withdrawn-sent = We mailed you the quote anew on { $date }. Please open the link in that mail.
client-quote-withdrawn-text = If you would like one, please reply to our mail or reach us below.
client-quote-over = We are not working on this at the moment.
client-quote-over-text = If you still want it, please reply to our mail or reach us below, and we quote anew.
client-quote-nothing-ordered = Nothing was ordered on this page.
client-quote-gone-why = The quote ran out some time ago, or a part of the address is missing.
client-quote-gone-newest = If you got several mails about it, open the link in the newest one.
client-bill-title = Invoice no. { $number }
client-bill-answer = { $town } asks you for { $amount } by { $day }
client-bill-nothing = Nothing is left to pay. Thank you
client-bill-over = { $amount } is to be returned to you by { $town }
client-bill-back = To be returned to you
client-bill-subject = About { $bill }
client-bill-sent = sent { $date }
client-bill-standing = Where it stands
client-bill-ask = Have you paid already, or is something wrong? Just reply to the mail, or call us.
client-bill-print-note = Your browser's print function makes paper or PDF of this page
client-bill-gone-why = The link ran out or was withdrawn, or a part of the address is missing.
client-bill-gone-newest = If you got several mails about the invoice, open the link in the newest one.
done-client-ordered = We have your order. A record of it is on its way by mail
done-client-ordered-before = This quote was ordered on before; here is the record
done-client-asked = Your question is on its way. The answer comes by mail
done-client-declined = Thank you for telling us. We have passed it on
client-again-title = The same again
client-again-text = Would you like the same once more? Tell us by when. This is not an order yet: somebody of ours confirms it first.
client-again-name = Your name
client-again-day = The day you would like it
client-again-note = What should be different, if anything
client-again-do = Send the wish
client-again-wished = We have received your wish for the same again by { $day } ({ $at }).
client-again-next = Somebody of ours will get back to you.
done-client-wished = We have received your wish and will get back to you

# Questions about a delivery.
client-questions = Questions
client-asker = Your name (who asks)
client-question = Your question
client-question-support = You find the answer on this page and in a mail
client-ask = Send the question
client-asked-by = { $name }, { $at }
client-replied = { $town } answered ({ $at })
client-question-waits = An answer is on its way
done-client-question-asked = We have received your question. The answer comes by mail, too
