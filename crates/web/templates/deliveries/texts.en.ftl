# Deliveries.
deliveries-views = Views of deliveries
deliveries-tab-running = Running orders
deliveries-tab-closed = Closed orders
deliveries-number = Delivery { $number }
deliveries-ready = { $count ->
    [one] 1 unit ready to deliver
   *[other] { $count } units ready to deliver
}
deliveries-waiting = { $count ->
    [one] 1 delivery waits for an answer
   *[other] { $count } deliveries wait for an answer
}
deliveries-can-go = Orders ready to deliver
deliveries-sent-ones = Deliveries sent
deliveries-waits = Waiting for the client’s answer
deliveries-waits-without-link = No link is open, so the client cannot answer
deliveries-all-accepted = The client accepted everything
deliveries-answered = Accepted: { $accepted } · fixes asked: { $fixes }
deliveries-empty = No deliveries yet
deliveries-empty-text = What passed review goes to the client from here.
deliveries-new-title = Deliver
deliveries-units = What to deliver
deliveries-units-support = Only what passed review is listed
deliveries-empty-unit = Neither a file nor a text for the client
deliveries-empty-units = { $count ->
    [one] 1 unit brings the client neither a file nor a text.
   *[other] { $count } units bring the client neither a file nor a text.
}
deliveries-allow-empty = Deliver without a file or a text
deliveries-allow-empty-support = For work done in the client’s own system, for example
deliveries-all = { $count ->
    [one] The one unit that passed is delivered
   *[other] All { $count } units that passed are delivered together (a thousand at a time)
}
deliveries-contact = Send to
deliveries-contact-support = They get the link to the delivery page by mail
deliveries-contact-none = Choose somebody
deliveries-message = Message
deliveries-message-support = Shown in the email and on the delivery page
deliveries-send = Deliver and send the mail
deliveries-nothing = Nothing is ready to deliver
deliveries-nothing-text = What passes review can be delivered.
deliveries-nobody = Nobody there can be reached by mail
deliveries-nobody-text = Add a contact with a mail address on the company’s page.
deliveries-contents = What was delivered
deliveries-client-says = Client’s answer
deliveries-now = State now
deliveries-answer-accepted = Accepted
deliveries-answer-fix = Fix asked
deliveries-answer-none = No answer yet
deliveries-link = Link to the delivery page
deliveries-sent-by = Sent by
deliveries-answered-by = Answered by
deliveries-until = To be checked by
deliveries-remind = Mail the same link again
deliveries-remind-text = The link stays the same. Once a day at most.
deliveries-no-answer = Without an answer
deliveries-log-silence = Nobody answered in time; accepted as the terms say
deliveries-silence = No answer (accepted by the terms)
deliveries-silence-accepts = Without an answer by then, it counts as accepted by the terms
deliveries-log-reminded = The link was mailed again
done-deliveries-reminded = The same link is mailed again
done-deliveries-mailed-lately = A mail was asked for less than 24 hours ago. What became of it stands below. A new link can be sent at once
deliveries-mail = The newest mail
deliveries-link-unmailed = The new link is not mailed yet
deliveries-unmailable = No mail reaches this contact
deliveries-unmailable-text = Their address is missing, or mail to it has come back. Call them and correct it first.
done-deliveries-unmailable = Not sent: no mail reaches this contact. Call them and correct the address
deliveries-send-again = Make a new link and send it
deliveries-send-again-text = The old link stops working; the new one goes out by mail.
deliveries-send-new = Send a new link
deliveries-send-new-text = The contact gets a new link by mail.
deliveries-link-until = Link works until
deliveries-link-gone = The link does not work
deliveries-withdraw = Withdraw the link
deliveries-withdraw-text = If you withdraw it, { $contact } sees “This link does not work” instead of the delivery. The delivery itself stays, and you can send a new link later.
deliveries-withdraw-answered-text = If you withdraw it, { $contact } sees “This link does not work”. The answer stays, but no new link can be sent.
deliveries-log-withdrawn = The link was withdrawn
done-deliveries-link-withdrawn = The link was withdrawn. It opens nothing any more
deliveries-log = Use of the link
deliveries-log-empty = Not opened yet
deliveries-log-opened = The page was opened
deliveries-log-downloaded = A file was downloaded
deliveries-log-code-sent = A code was sent
deliveries-log-answered = The client answered
done-deliveries-sent = Delivered. The contact gets the mail
done-deliveries-sent-again = The new link was sent
deliveries-part = You deliver { $count } of { $of }; { $rest } are not finished yet

# What clients ask about deliveries.
deliveries-question-title = A client’s question
deliveries-question = Question
deliveries-questions = Clients’ questions
deliveries-question-waits = The client waits for an answer
deliveries-question-answered = It has been answered
deliveries-asked-by = { $name } of { $company }
deliveries-reply = Answer
deliveries-reply-support = The client reads it as it is, on their page and in a mail
deliveries-reply-send = Answer the client
deliveries-reply-no-link = The client’s link does not open any more, so an answer would not reach them. Send a new link first.
deliveries-reply-to-link = Send it from the delivery’s page
done-deliveries-replied = The answer was sent to the client
