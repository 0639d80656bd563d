# Offers, for workers: short sentences, plain words.
offers-shown = { $count ->
    [one] 1 job for you
   *[other] { $count } jobs for you
}
offers-none-nothing-fits = No job fits you right now
offers-none-nothing-fits-text = We will mail you when there is a new one.
offers-none-no-skill = No skill is recorded for you yet
offers-none-no-skill-text = Once it is, jobs that fit will appear here. Please tell the town what you can do.
offers-none-registered = You are registered
offers-none-registered-text = The town will tell you when you can start.
offers-none-training = You are in training
offers-none-training-text = Offers will come when your training is over.
offers-none-resting = You are taking a break
offers-none-resting-text = No offers come during a break. Tell the town when you want to start again.
offers-none-left = You have left the programme
offers-none-left-text = No offers come any more. Tell the town if you would like to start again.
offers-to-units = See my work
offer-per-unit = per unit
offer-pace = About { $time } each. That is { $pay } an hour
offer-left = { $count ->
    [one] 1 unit left
   *[other] { $count } units left
}
offer-open = See details
offer-why = Why you got this
offer-why-skill = You can do “{ $skill }”
offer-why-anyone = Anybody can do this job
offer-why-hours = { $count ->
    [one] Your free time this week is enough for 1 unit
   *[other] Your free time this week is enough for { $count } units
}
offer-why-few-hours = Your free hours this week are fewer than one unit takes
offer-why-no-hours = Your hours for this week are full
offer-answer = { $pay } per unit. One takes about { $time }.
offer-facts = About this job
offer-pay = Pay
offer-pay-value = { $pay } per unit (without consumption tax)
offer-time = Time for one unit
offer-hour = In one hour
offer-left-label = Left
offer-left-value = { $count ->
    [one] 1 unit
   *[other] { $count } units
}
offer-due-label = Due
offer-pay-on = Paid on
offer-rules = How to do it
offer-few-hours-title = Your free hours this week are fewer than one unit takes
offer-no-hours-title = Your hours for this week are full
offer-no-hours-text = The work you did this week and the work you have now count together. A new week begins on Monday.
offer-no-terms-title = You cannot take this job yet
offer-no-terms-text = The town is still preparing the terms. Please wait a little.
offer-count-title = How many?
offer-count = Units
offer-count-support = { $count ->
    [one] You can take just 1
   *[other] You can take 1 to { $count }
}
offer-count-show = Show the terms for this number
offer-total = { $count ->
    [one] 1 unit pays { $pay } and takes about { $time }.
   *[other] { $count } units pay { $pay } and take about { $time }.
}
offer-terms-title = Terms
offer-terms-intro = { $count ->
    [one] This is the agreement for 1 unit. Please read all of it. You will also get it by mail.
   *[other] This is the agreement for { $count } units. Please read all of it. You will also get it by mail.
}
offer-claim-title = Take the job
offer-accept = I have read the terms above and agree
offer-accept-missing = Tick “I agree” to take the work
offer-accept-support = Without agreeing you cannot take the job
offer-claim = { $count ->
    [one] Take 1 unit
   *[other] Take { $count } units
}
offer-held = { $count ->
    [one] You have taken 1 unit of this job already
   *[other] You have taken { $count } units of this job already
}
offer-held-text = What you take here comes on top of that.
offer-claim-note = If you cannot go on, you can hand it back at any time. That does you no harm.
offer-recounted-title = { $count ->
    [one] These are the terms for 1 unit
   *[other] These are the terms for { $count } units
}
offer-recounted-text = You have not taken the job yet. Please read and accept again.
offer-changed-title = Please read the terms again
offer-changed-text = The terms changed after you read them. You have not taken the job yet. Read the new terms below and agree if they suit you.
offer-decline-text = It is fine to say no. It does you no harm, and we do not ask why.
offer-decline = Not this time
offer-declined-no-harm = Saying no does you no harm. If it was a slip, you can undo it.
offer-undo = Undo
done-offer-declined = The offer is off your list
done-offer-back = The offer is back on your list
done-offer-claimed = You took the job. The terms are on their way by mail
offer-paid = Day { $day } of the month after you hand in ({ $today })
offer-paid-from-to = Day { $day } of the month after you hand in ({ $today } if you hand in today, { $last } on the last day)
offer-free-until = Time you have until then
offer-gone-declined = You said “not this time” to this job
offer-gone-declined-text = If you have changed your mind, you can undo it.
offer-gone-filled = This job is taken
offer-gone-filled-text = Others were faster. We will mail you when there is a new one.
offer-gone-over = This job is past its day
offer-gone-over-text = It cannot be taken any more. We will mail you when there is a new one.
offer-gone-withdrawn = This offer was taken back
offer-gone-withdrawn-text = The town took it back; it has nothing to do with you. If it is offered again, we will mail you.
offer-gone-not-asked = You are not asked to do this job at present
offer-gone-not-asked-text = Please look at other jobs. If anything is unclear, ask the town.
offer-gone-registered = You have not started yet
offer-gone-registered-text = You are registered. The town will tell you when you can start.
offer-gone-training = You are in training
offer-gone-training-text = You can take jobs when your training is over.
offer-gone-resting = You are taking a break
offer-gone-resting-text = During a break you cannot take work. Tell the town when you want to start again.
offer-gone-left = You have left the programme
offer-gone-left-text = Work can no longer be taken. Tell the town if you would like to start again.
offer-gone-nothing-taken = You have taken nothing, and nothing counts against you.
offer-gone-others = See other jobs
done-offer-withdrawn = The town has taken that offer back
offer-portion = { $count ->
    [one] 1 unit is yours
   *[other] { $count } units are yours
}
offer-portion-label = Your share
offer-answer-by = Answer by
offer-portion-title = { $count ->
    [one] 1 unit is yours to take
   *[other] { $count } units are yours to take
}
offer-portion-text = Nobody else can take it before { $until }, so there is no hurry. Not answering does you no harm.
offer-why-turn = It is your turn
offer-why-more = See how turns are decided
offers-passed-by = Work that did not come to you
offers-passed-by-text = Other people were asked about these jobs lately. You can see why you were not.
offers-passed-by-why = Why “{ $title }” did not come to you
done-offer-nothing-left = What was left is other people’s by now
offer-gone-passed = The time to answer is over
offer-gone-passed-text = Not answering does you no harm. If something is left, you can still have it.
offer-gone-took-portion = You took your share
offer-gone-took-portion-text = The rest is for others. If something is left over, people are asked in turn again.
offer-gone-ask-again = Ask for it again
why-title = About the offer of “{ $job }”
why-answer-portion = { $units } of it are yours to take now. Please answer by { $until }.
why-answer-today = Why this job does not come to you now: { $reason }
offers-day-off = You have today off, so nothing new is sent to you. You may take work all the same.
why-answer-over = This job is past its day. It cannot be taken any more.
why-answer-day-off = You have today off, so nothing new is sent to you. You may take this job all the same.
why-answer-open = This job fits you as you are now.
why-answer-soon = This job fits you as you are now. If some of it is still left, you will hear of it within a quarter of an hour.
why-first-come = Whoever is first takes this job. Everybody whom it fits is told at the same time.
why-pool = Everybody whom it fits may take it now.
why-see-offer = See the offer
why-times = { $count } times in a row
why-rounds = What happened so far
why-place = Place in line
why-place-value = { $place } of { $candidates }
why-level = Work you had, of what you wish for
why-level-value = { $level } ({ $granted } in four weeks; you wish for { $wished } a week)
why-rule-title = The rule is the same for everybody
why-rule-1 = Whoever has had the least work of the hours they wish for is asked first.
why-rule-2 = Among equals, whoever was given work longest ago goes first. If that is the same too, a lot decides.
why-rule-3 = Even a long absence counts for two weeks at most.
why-rule-4 = Saying no or not answering changes nothing about your next turn.
why-outcome-asked = It was your turn, and { $units } became your share.
why-outcome-not-reached = You were in the line. The work ended with the people before you.
why-outcome-told = Everybody whom it fits could take it from then on.
why-outcome-not-started = You had not started yet.
why-outcome-resting = You were taking a break.
why-outcome-no-wish = Your hours were set to zero.
why-outcome-no-skill = The skill it asks for was not recorded for you.
why-outcome-not-their-way = It was not the way you work, such as calls or a near deadline.
why-outcome-off-today = You had that day off.
why-outcome-skill-below = People with a higher level of the skill were asked.
why-outcome-skill-expired = The skill it asks for had expired.
why-outcome-no-time = Your free time that week was shorter than one unit.
why-outcome-declined = You had said no to this job before.
why-outcome-passed = You had not answered about this job before.
why-outcome-has-portion = You still had time to answer about an earlier share.
why-outcome-not-for-them = Only units were left that you had checked or were done with.
why-outcome-not-asked = You were not asked to do this job then.
why-today-not-started = You have not started yet.
why-today-resting = You are taking a break, or have left the programme.
why-today-no-wish = Your hours are set to zero.
why-today-no-skill = The skill it asks for is not recorded for you.
why-today-not-their-way = It is not the way you work, such as calls or a near deadline. You can change that with your hours.
why-today-off-today = You have today off.
why-today-skill-below = It asks for a higher level of the skill. Training can raise yours.
why-today-skill-expired = The skill it asks for has expired.
why-today-no-time = Your free time this week is shorter than one unit.
why-today-declined = You said “not this time”.
why-today-passed = The time to answer is over.
why-today-has-portion = You still have time to answer about your share.
why-today-not-for-them = Only units are left that you checked or are done with.
why-today-not-asked = You are not asked to do this job at present.
why-did-open = It waits for your answer (taken so far: { $claimed }).
why-did-claimed = You took { $claimed }.
why-did-declined = You said “not this time”.
why-did-passed = There was no answer, so it went on to the next person.
why-did-withdrawn = The town took it back.
why-answer-turn = People before you are asked now. You will hear when it is your turn.
why-did-open-none = It waits for your answer.
offer-paid-fixed = { $day }, where it is handed in before that day

## Terms in plain words

terms-plain-title = In short
terms-plain-work = You do { $count } × “{ $work }”
terms-plain-pay = Each pays { $pay }, all together { $total } (without consumption tax)
terms-plain-due = They are due on { $due }
terms-plain-pay-on = Paid on: { $day }
terms-plain-stop = If you cannot go on, you may give them back at any time. It leaves no mark
terms-plain-formal = The text below is the agreement. Where the two differ, the text below is right.
