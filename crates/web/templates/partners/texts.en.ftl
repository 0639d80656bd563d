# Partner towns, and what came and went by each.

partners-title = Partner towns
partners-answer = { $count ->
    [one] 1 partner town
   *[other] { $count } partner towns
}
partners-answer-none = No town works together with yours yet.
partners-since = Since { $when }
partners-empty = No partner towns
partners-empty-text = Ask another town that uses Yui to work together; then parts of orders can be shared with it.
partners-agree = Agree
partners-end = End it
partners-refuse = Say no
partners-take-back = Take the question back
partners-ask = Ask a town to work together
partners-ask-do = Ask
partners-town = The other town’s name in addresses
partners-town-support = The part between “/t/” and “/sign-in” where its people sign in, such as shiojiri
partners-name = Town
partners-all = All
partners-years = Fiscal year
partners-amounts = In and out in { $year }, before tax
partners-agreed-in = Agreed in
partners-accepted-in = Accepted in
partners-agreed-out = Agreed out
partners-accepted-out = Accepted out
partners-paid-out = Paid out, with tax
partners-amounts-note = Counted in the fiscal year in which it was agreed. What was called off counts only as far as it was accepted. What was paid is what stands on each share so far.

state-partner-asked = Asked
state-partner-asked-by = Asks you
state-partner-agreed = Partner
state-partner-ended = Ended

done-partners-asked = They have been asked
done-partners-agreed = You work together now
done-partners-ended = They are being told

partner-news-asked = Your town has asked to work together
partner-news-asked-by = The town asks yours to work together
partner-news-agreed = You work together now
partner-news-ended = You do not work together any more
message-kind-partner-moved = News of a partner town
task-partner-heard-mail = Report news of a partner town
