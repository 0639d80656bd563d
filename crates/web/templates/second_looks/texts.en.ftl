# Second looks: a few verdicts are given once more by somebody who does not know the first.
second-looks-title = Second looks
second-looks-answer = { $count ->
    [0] Nothing waits
    [one] 1 version to look at once more
   *[other] { $count } versions to look at once more
}
second-looks-empty = Nothing to look at once more
second-looks-empty-text = A few of what was checked are drawn by lot and appear here; never what you checked or made yourself.
second-looks-agreement = How far reviewers agree
second-looks-none-yet = Of nothing there is a second verdict yet.
second-looks-alike = Of { $count } looked at twice since { $day }, { $alike } were judged alike.
second-looks-kappa = Agreement beyond chance (κ) is { $kappa }, probably between { $low } and { $high }.
second-looks-no-kappa = Everything was judged the same way so far, so agreement beyond chance (κ) cannot be told.
second-looks-kappa-how = κ is 1 where reviewers always agree and 0 where they do no better than chance. Where it is low, go through samples and checks together.
second-looks-one = Look once more
second-looks-how = How somebody else judged it is not shown. What you say changes neither the unit nor any pay; it shows whether checks are alike.
second-looks-verdict = Your verdict
second-looks-verdict-pass = Good enough
second-looks-verdict-fail = Not good enough
second-looks-comment = What stood out
second-looks-comment-support = Say why, where it is not good enough
second-looks-say = Say so
done-second-looks-said = Kept
quality-second-look = Second looks
quality-second-look-support = Of 100 checks, how many somebody else looks at once more. 0 to 100
unit-percent-of-reviews = %
api-tag-second-looks = Second looks
