# Sales meetings and findings.
meetings-title = Sales meetings
meeting-word = Sales meeting
meetings-list = Meetings so far and to come
meetings-answer = { $count ->
    [0] No finding is open
    [one] 1 finding is open
   *[other] { $count } findings are open
}
meetings-empty = No meeting yet
meetings-empty-text = A meeting’s agenda is made from the board.
meeting-new-title = Call a meeting
meeting-held-on = Day
meeting-begins-at = Begins at
meeting-people = Who comes
meeting-people-support = Whoever has Yui in their calendar sees the meeting there
meeting-save = Call the meeting
meeting-open = To come
meeting-closed = Closed
meeting-answer-open = The agenda is read off the board as it is now. Closing the meeting keeps it
meeting-answer-closed = As it was when the meeting was closed, whatever became of its deals since
meeting-taken = From the board of { $at }
meeting-agenda = Agenda
meeting-since = Won and lost count since { $at }
meeting-target = Gap to the target
meeting-no-target = No target is set yet.
meeting-part-due = Deals with something due by the day of the meeting
meeting-part-idle = Idle deals
meeting-part-won = Won since last time
meeting-part-lost = Lost since last time
meeting-part-totals = { $count }, { $amount }
meeting-part-none = None
meeting-idle-days = { $count ->
    [one] idle for 1 day
   *[other] idle for { $count } days
}
meeting-decisions = Decisions
meeting-decisions-none = Nothing is decided yet
decision-kind = What kind of decision
decision-todo = Somebody does it
decision-finding = Keep it as a finding
decision-title = What was decided
decision-todo-only = Only where somebody does it
decision-save = Add the decision
meeting-minutes = Minutes
meeting-minutes-label = What was said
meeting-minutes-none = No minutes
meeting-day-and-people = Change day and people
meeting-close-text = “Close the meeting” saves what is above first. It keeps the agenda as it is now; minutes and decisions cannot be changed any more.
meeting-close-button = Close the meeting
findings-title = Open findings
findings-empty = No finding is open
findings-all = Findings
findings-open = See all findings, or add one
findings-states = Filter findings
findings-state-open = Open
findings-state-decided = Decided
findings-state-settled = Settled
findings-none-here = There is no finding here
finding-settled-on = Settled { $at }
finding-word = Finding
finding-title = Finding
finding-title-support = What is wanting, in one line, such as: a quote takes three days
finding-save = Add the finding
finding-settle = Settled
done-meeting-called = The meeting is called
done-meeting-closed = The meeting is closed
done-decided = The decision is written down
done-finding-raised = The finding is written down
done-finding-settled = The finding is settled
meeting-target-gap = { $actual } of { $target } by { $until }, { $gap } missing
meeting-target-hours = What is missing is some { $hours } of work
meeting-target-pace = Against the pace on business days: { $amount }
meeting-forecast-moved = { $before } as recorded on { $day }, { $now } now
meeting-forecast-moved-week = { $before } in the week of { $day }, { $now } now
meeting-milestones = Milestones that are late or short
