capacity-title = Capacity and promised days
capacity-weeks = Hours of the next 13 weeks
capacity-chart-label = Hours wanted and hours there are, week by week. The same numbers stand in the table below.
capacity-legend = Bars are hours wanted: orders below, open deals on top. The solid line is what people usually do, the dashed line four fifths of it. A week beyond the dashed line has no room for illness and returns.
capacity-by-skill = By skill
capacity-of-skill = Skill: { $skill }
capacity-week = Week
capacity-week-of = { $from } – { $until }
capacity-state = Room
capacity-fill = Filled
capacity-ordered = Ordered
capacity-likely = From open deals
capacity-line = Line of 80%
capacity-supply = Can be done
capacity-offered = Offered
capacity-strain-room = Room
capacity-strain-tight = Tight
capacity-strain-over = Too much
capacity-answer-nobody = Nobody offers hours.
capacity-answer-room = Every week has room.
capacity-answer-tight = The week of { $week } is tight.
capacity-answer-over = In the week of { $week } there are not enough hours.
capacity-nobody = Nobody offers hours
capacity-nobody-text = Once workers say their weekly hours, the weeks ahead stand here.
capacity-basis = What this is reckoned from
capacity-basis-people = People who offer hours: { $count }
capacity-basis-steady = How much of the offered hours is usually done: { $share }
capacity-basis-redo = Redoing, as a part of the working time: { $share }
capacity-basis-check = Checking, as a part of the working time (from the cost assumptions): { $share }
capacity-basis-deals = Deals count by the probability of their stage. Deals without a delivery day are spread evenly over the 13 weeks.
capacity-at-risk = Orders at risk
capacity-not-reckoned = Not every order has been reckoned yet
capacity-not-reckoned-text = They are reckoned every night. To know sooner, press “Reckon now”.
capacity-no-risk = No order is at risk
capacity-no-risk-text = Orders that are more than 15% likely to be late stand here. They are reckoned every night and when a due day, the work or somebody’s hours change.
capacity-reckon = Reckon now
capacity-days = When it will be done
capacity-promised = Day to promise (85%)
capacity-half = Done in half of all cases (50%)
capacity-nearly = Nearly certain (95%)
capacity-beyond = more than half a year away
capacity-late-share = { $share } likely to be late
capacity-reckoned = Reckoned on { $at }.
capacity-moved = The due day was moved, so this is being reckoned anew. Please load this page again in a minute or two.
capacity-not-yet = Not reckoned yet; it will be tonight.
capacity-quote-not-yet = Not reckoned yet; it is when the quote is issued.
capacity-quote-under-way = It is being reckoned. Please load this page again in a minute or two.
capacity-gap-no-hours = Cannot be reckoned: nobody offers hours.
capacity-gap-nobody-fits = Cannot be reckoned: nobody with the skill offers hours.
capacity-gap-too-far = Cannot be reckoned: it is more than half a year away.
capacity-help-check-now = { $units ->
    [one] Cheapest remedy: check today the { $units } unit that waits for it.
   *[other] Cheapest remedy: check today the { $units } units that wait for it.
}
capacity-help-decide-fixes = { $units ->
    [one] Cheapest remedy: decide today the { $units } fix that the client wishes.
   *[other] Cheapest remedy: decide today the { $units } fixes that the client wishes.
}
capacity-help-split = { $units ->
    [one] Cheapest remedy: share { $units } unit that { $from } has not begun with { $to }, who is on it already.
   *[other] Cheapest remedy: share { $units } units that { $from } has not begun with { $to }, who is on it already.
}
capacity-help-re-offer = { $units ->
    [one] Cheapest remedy: offer { $units } unit anew that { $from } has not begun.
   *[other] Cheapest remedy: offer { $units } units anew that { $from } has not begun.
}
capacity-help-second-worker = Cheapest remedy: let { $to } take { $units } of the units that { $from } has left.
capacity-help-nobody = Cheapest remedy: some of it fits nobody. Confirm the skill of more people.
capacity-help-renegotiate = Cheapest remedy: moving people does not help. Agree on another day with the client.
capacity-history = Days promised so far
capacity-no-history = Nothing was promised yet
capacity-no-history-text = Whenever a reckoning gives another day, it is kept here with its cause.
capacity-made = Reckoned
capacity-no-day = No day
capacity-cause = Why it changed
capacity-late = Likely late
capacity-left = Work left
capacity-wanted = Due then
capacity-cause-first = First reckoning
capacity-cause-due-moved = The due day was moved
capacity-cause-more-work = More work
capacity-cause-less-work = Less work
capacity-cause-more-hours = More hours are offered
capacity-cause-fewer-hours = Fewer hours are offered
capacity-cause-faster = Work went faster than expected
capacity-cause-slower = Work went more slowly than expected
done-reckoning = Reckoning has begun. Open this page again in a moment.
capacity-overfull = People who hold more than fits into their hours
capacity-overfull-means = Even doing first what is due first, they cannot keep every day. Reckoned from how long they usually take and from the hours they offer
capacity-overfull-missing = { $time } are missing by this day
capacity-overfull-help = { $count ->
    [one] Once the day of 1 unit is agreed anew, or somebody else does it, the others can be kept
   *[other] Once the days of { $count } units are agreed anew, or others do them, the rest can be kept
}
