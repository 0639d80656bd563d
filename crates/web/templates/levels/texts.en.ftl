## Two looks: what passed is looked at once more by another person
levels-in-second = In second check
levels-in-second-count = { $count ->
    [one] 1 of them in second check
   *[other] { $count } of them in second check
}
levels-first-passed = Passed the first check
levels-second-verdict = Second check: { $verdict }
levels-say-decide = It passed the first check. This is the second: pass it, return it or reject it
levels-say-first = Pass it, or send it back with what to fix. What passes is looked at by somebody else again
levels-lease-free = Nobody is giving it the second look yet
levels-say-other = You passed it in the first check. Another person gives it the second
levels-rule = What is handed in is checked by two people, one after the other
levels-my-unit-now = The first person has checked it. A second person is checking it now; please wait.
done-review-first = Passed the first check. Another person looks next
jobs-field-review-levels = How many people check
jobs-review-levels-support = With two, another person looks once more at what the first one passed. Units that sampling lets through unchecked are checked by neither; units marked as critical are always checked by all
jobs-review-levels-one = One person
jobs-review-levels-two = Two people, one after the other

## Appeals against returns
appeals-own-return = You returned it
appeals-own-text-return = Whoever returned it and whoever made it do not decide. Somebody else does.
appeals-of-return = Against a return
appeals-extra-pay-support = Only where it is to be done for extra pay
appeals-due-on-support = Empty: the days that were left when they appealed, three business days at least, counted from today
appeal-outcome-return-upheld = Leave it returned: it has to be done
appeal-outcome-changed = Not what was agreed: have it done for extra pay
my-appeal-return = Why it came back
my-appeal-how-return = Somebody else than who returned it will look. Until they answer, its deadline stands still; please wait before you begin. Asking does you no harm.
my-appeal-begun = You have begun to fix it, so asking about this return is over.
my-appeal-due = It is due again on { $day }.
my-appeal-outcome-return-upheld = It has to be fixed.
my-appeal-outcome-changed = This is not your mistake. Fixing it is paid extra.
my-appeal-held = Somebody else is looking at it again.
my-appeal-held-text = Until they answer, its deadline stands still. Please wait before you begin.
my-appeal-read = See what you said
my-appeal-chip = Waiting for an answer
my-appeal-answer = Read the answer
