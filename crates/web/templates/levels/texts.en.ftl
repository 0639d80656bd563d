## Two looks: what passed is looked at once more by another person
levels-in-second = In second check
levels-in-second-count = { $count } of them in second check
levels-first-passed = Passed the first check
levels-second-verdict = Second check: { $verdict }
levels-say-decide = It passed the first check. This is the second: pass it, return it or reject it
levels-say-other = You passed it in the first check. Another person gives it the second
levels-rule = What is handed in is checked by two people, one after the other
levels-my-unit-now = The first person has checked it. A second person is checking it now; please wait.
done-review-first = Passed the first check. Another person looks next
jobs-field-review-levels = How many people check
jobs-review-levels-support = With two, another person looks once more at what the first one passed. Units that sampling lets through unchecked are checked by neither; units marked as critical are always checked by all
jobs-review-levels-one = One person
jobs-review-levels-two = Two people, one after the other
