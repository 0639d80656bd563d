# Shares: parts of orders that partner towns do for this one, and this one for them.

shares-title = Shared orders
shares-sides = Which way
shares-side-in = Offered to us
shares-side-out = Entrusted by us
shares-answer = { $count ->
    [one] 1 share waits for an answer
   *[other] { $count } shares wait for an answer
}
shares-tile = Shares that wait
shares-tile-answer = Answer
shares-heard = Last heard { $when }
shares-progress = { $delivered } delivered · { $accepted } accepted of { $quantity }
shares-empty-in = Nothing has been offered
shares-empty-in-text = What a partner town shares of its orders stands here.
shares-empty-out = Nothing has been shared
shares-empty-out-text = A part of an order is shared with a partner town from the order’s “⋯”.
shares-with-in = From { $partner }
shares-with-out = To { $partner }
shares-say-in-offered = { $partner } waits for an answer.
shares-say-out-offered = Waiting for { $partner } to answer.
shares-say-asked-back = { $partner } is being told that you want it back. It comes back unless it was taken first.
shares-say-in-accepted = Taken from { $partner }.
shares-say-out-accepted = { $partner } has taken it.
shares-say-declined = It was not taken.
shares-say-withdrawn = It was taken back.
shares-say-finished = It is finished.
shares-say-cancelled = It was called off on the way.
shares-how-far = How far it is
shares-delivered = Pieces delivered
shares-reason = Why it was not taken
shares-document = What is shared
shares-work = What is to be done
shares-work-support = Written so that the other town can make jobs of it as it is
shares-amount = Amount, before tax
shares-quantity = Pieces
shares-unit-price = Price of one piece, before tax
shares-unit-minutes = Time for one piece
shares-due-on = Due
shares-orderer = Original orderer
shares-pay-on = Day on which the original orderer pays
shares-pay-on-support = The day your town pays the other. Their workers are paid within thirty days of it
shares-end-client = Client
shares-end-client-unsaid = Not told
shares-names-client = Tell the other town the client’s name
shares-names-client-support = Choose this only where the client agrees
shares-message = Message
shares-own-order = Our own order
shares-own-order-open = Open the order
shares-own-order-opening = The order is being opened (see the deal)
shares-accept = Take it
shares-accept-note = Taking it opens an order whose client is the sharing town. The three items of re-entrusted work are filled in from this.
shares-decline = Do not take it
shares-decline-reason = Why you do not take it
shares-decline-reason-support = The sharing town reads this
shares-withdraw = Take it back
shares-offer-title = Share with a partner town
shares-offer-answer = Pieces that may still be shared: { $left }. The other town sees what you write here and nothing else.
shares-offer-do = Share
shares-of-order = Shared of this order
shares-bundle = { $count ->
    [one] 1 piece was accepted from a partner town. Make a job that bundles and checks it, then deliver it to the client.
   *[other] { $count } pieces were accepted from a partner town. Make a job that bundles and checks them, then deliver them to the client.
}
shares-bundle-do = Make that job
shares-none-left = No pieces are left to share
shares-none-left-text = All of them are in jobs of this town or shared already. What you cancel of the jobs can be shared.
shares-partner = Partner town
shares-money-out = What you pay them
shares-owed = To be paid, with tax
shares-owed-note = All that was agreed while it is under way; once it is over, what you accepted of it.
shares-paid = Paid
shares-rest = Still to be paid
shares-open = { $amount } still to be paid, with tax
shares-to-return = To come back from them
shares-field-amount = Amount paid, with tax
shares-field-amount-support = A wrong entry is taken back, and money that came back is noted, by an amount below zero with why in the note
shares-field-day = Paid on
shares-field-note = Note
shares-pay = Record the payment
shares-amount-none-yet = Nothing was recorded yet, so nothing can be taken back. Enter what was paid, as 1 yen or more
shares-amount-less = Enter what was paid as 1 yen or more; what is taken back or came back, up to { $most }, as an amount below zero
shares-amount-more = Of what was agreed { $most } is left to be paid. Enter no more than that
shares-amount-all = All that was agreed is paid already. Take a wrong entry back first, by an amount below zero
shares-money-in = Your invoices for it
shares-invoice-received = { $received } of { $total } received
shares-invoice-due = Due on { $day }
shares-part-title = Title
shares-no-partner = There is no partner town
shares-no-partner-text = First ask another town that uses Yui to work together.

state-share-offered = Waiting
state-share-accepted = Under way
state-share-declined = Declined
state-share-withdrawn = Taken back
state-share-finished = Finished
state-share-cancelled = Called off

done-shares-offered = Shared. You will hear when they answer
done-shares-accepted = Taken. The order is being opened
done-shares-declined = They are told that you do not take it
done-shares-asked-back = They are told that you want it back
done-shares-paid = Recorded

share-news-offered = A part of an order is offered to you
share-news-withdrawn = What was offered was taken back
share-news-accepted = What you shared was taken
share-news-declined = What you shared was not taken
share-news-delivered = A part of what you shared was delivered
share-news-finished = What you shared is finished
share-news-cancelled = What you shared was called off
share-delivered = { $delivered } of { $quantity }
message-kind-share-moved = News of a shared order
task-share-heard-mail = Report news of a shared order
