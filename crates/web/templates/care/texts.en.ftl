# Requests for consideration.
care-title = Requests for consideration
care-about = Ask here for another day, less work or another way of working, to fit your life.
care-tabs = Parts of the requests
care-waiting = Waiting
care-all = All
care-waiting-count = { $count ->
    [0] No request waits for an answer
    [one] { $count } request waits for an answer
   *[other] { $count } requests wait for an answer
}
care-tile = Requests for consideration
care-tile-answer = Answer
care-none = No requests
care-none-text = When a worker asks for another day, amount or way, it stands here.
care-none-own = You can ask at any time. It leaves no mark.
care-new-title = Write a request
care-one-title = Request for consideration
care-no-reason = You need not say why. Asking does you no harm, now or with later work.
care-kind = What should change
care-kind-day = The day (deadline, weekday)
care-kind-amount = The amount (less for a while)
care-kind-way = The way (by mail instead of by phone, and so on)
care-work = Which work
care-work-support = Leave empty for all of it
care-wish = What you ask for
care-wish-support = For example: three more days. Please do not write about illness or family
care-ask = Send the request
care-who = Worker
care-facts = Request
care-answer-by = Answer by
care-answer = Answer
care-answer-title = Answer
care-answer-law = For work that goes on for six months or more the consideration is a duty; for shorter work, do what you can. Where you cannot, say why (Freelance Act, art. 13). Do not ask for their circumstances.
care-answer-support = What changes and how; where not everything does, the reason (required)
care-answer-do = Send the answer
care-decision = What we do
care-decision-agreed = As asked
care-decision-partly = Part of it
care-decision-refused = We cannot
care-withdraw = Take the request back
care-history = History
care-step-asked = Asked
state-care-asked = Waits for an answer
state-care-agreed = As asked
state-care-partly = Part of it
state-care-refused = Not possible
state-care-withdrawn = Taken back
done-care-asked = The request is sent. A mail tells you when it is answered
done-care-answered = The answer is sent
done-care-withdrawn = The request is taken back
