# The roadmap and its milestones.
roadmap-title = Roadmap
roadmap-answer = { $late ->
    [one] { $done } reached, { $planned } to come (1 past its day, { $short } short as things stand)
   *[other] { $done } reached, { $planned } to come ({ $late } past their day, { $short } short as things stand)
}
roadmap-picture = The year as a picture
roadmap-legend = ◆ planned for now (✓ reached, ! past its day) ● planned for at first, with the slip as a dashed line. Thin lines lead from what is waited for; the upright line is today
roadmap-near = The picture goes from { $from } to { $to }. What lies outside it is in the table below; what is late is in the picture too, with ← where its day was before
roadmap-table = Milestones
roadmap-none = No milestones
roadmap-none-text = Say what should stand by the end of the year, with a day and a person
milestone = Milestone
milestone-new = Enter a milestone
milestone-edit = Correct or move it
milestone-title-support = As it is once reached, such as: ten clients by September
milestone-owner = Owner
milestone-due = Planned for
milestone-first = Planned at first
milestone-slip = Slip
milestone-slipped = { $days ->
    [one] moved by 1 day
   *[other] moved by { $days } days
}
milestone-sooner = { $days ->
    [one] 1 day sooner
   *[other] { $days } days sooner
}
milestone-reached-late = { $days ->
    [one] reached 1 day later than planned at first
   *[other] reached { $days } days later than planned at first
}
milestone-of-year = { $title } ({ $year })
milestone-state = State
milestone-done-on = Reached on
milestone-reading = In numbers
milestone-reads = { $metric }: { $reached } so far + { $weighted } weighted come to { $value }
milestone-reads-reached = { $metric }: { $reached }, so { $value } is reached
milestone-reads-unpromised = { $metric }: { $reached } of { $value }, { $short } short (nothing is forecast for this)
milestone-counted = { $metric } since { $month }
milestone-is-reached = Its number is reached. If that is all, mark it as reached
milestone-done-before-needs = It is marked as reached, and something that comes before it is not
milestone-reads-done = { $metric }: { $reached } of { $value }
milestone-reads-short = { $metric }: { $reached } so far + { $weighted } weighted of { $value }, { $short } short
milestone-reads-target = { $reads } (target up to { $until }: { $target })
milestone-short = Short
milestone-done-short = It is marked as reached, and the number it is bound to is not. If that is a mistake, plan it again
milestone-waits = Waits for
milestone-waits-support = What has to be reached before this can begin
milestone-reason = Why it is moved
milestone-reason-support = Needed when the day changes; it stays in the history
milestone-metric = Bound to
milestone-metric-support = Then it reads results since the year began, and the open deals, by itself. Of the own share, active workers and pay to residents it reads results alone
milestone-no-metric = Nothing
milestone-value = How much
milestone-value-support = Only where it is bound
milestone-note = Note
milestone-finish = It is reached
milestone-abandon = Drop it
milestone-reopen = Plan it again
milestone-moves = How often it was moved
milestone-moves-none = It was never moved
milestone-from = From
milestone-to = To
done-milestone-entered = The milestone is entered
done-milestone-finished = It is reached
done-milestone-abandoned = It is dropped
done-milestone-reopened = It is planned again
done-milestone-changed = Somebody changed it first
state-milestone-planned = Planned
state-milestone-done = Reached
state-milestone-dropped = Dropped
milestone-late = Past its day
milestone-label-short = { " " }({ $short } short)
milestone-squeezed = Waits for something later
milestone-finish-before = It was reached on an earlier day
