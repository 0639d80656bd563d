# Jobs and units.
jobs-new-title = Split into a job
jobs-split = Split off this job
jobs-left = Pieces ordered: { $ordered }; not split off yet: { $left }
jobs-order-due = Order due
jobs-field-title = Job title
jobs-field-rules = Rules of the work
jobs-field-unit-minutes = Usual time per unit
jobs-field-unit-pay = Pay per unit (before tax)
jobs-field-skill-id = Skill needed
jobs-field-work-due-on = Work due
jobs-field-inspect-days = Days of inspection
jobs-field-pay-on = Paid on
jobs-field-count = Number of units
jobs-field-unit-pieces = Ordered pieces per unit
jobs-unit-pieces-support = How many of the ordered pieces one unit stands for; usually 1
jobs-field-label-prefix = Unit names begin with
jobs-field-csv = CSV text
jobs-field-csv-header = The first row is a heading
jobs-field-csv-file = CSV file
jobs-rules-support = They become part of the written terms. Say what a good result looks like, and what not to do
jobs-per-hour = about { $pay } an hour
jobs-skill-support = Only workers who have it are offered the job
jobs-skill-anybody = Anybody
jobs-days = days
jobs-work-due-support = Not after { $day }
jobs-work-too-late = The order is due on { $day }; choose that day or an earlier one
jobs-inspect-support = Within how many days after the work is due (1 to 30)
jobs-pay-support = Within 59 days after the work is due (the day of receipt is the first of 60)
jobs-pay-until = { $day } at the latest (the day of receipt is the first of 60)
jobs-pay-too-late = Pay on { $day } at the latest (within 60 days of receipt)
jobs-units = Units
jobs-units-how = Give a number, or hand over a CSV. With a CSV, each row becomes one unit.
jobs-prefix-support = The job title where empty
jobs-csv-file-support = First column: name. The others: what the worker works from. UTF-8 and Shift_JIS are both read
jobs-csv-support = You may paste the rows here instead
jobs-csv-header-support = Headings from the second column on stand before the content
jobs-bad-rows = { $count ->
    [one] Mend 1 row of the CSV
   *[other] Mend { $count } rows of the CSV
}
jobs-bad-rows-title = Rows to mend (nothing was created)
jobs-bad-row = Row { $line }: { $text }
jobs-state-draft = Not offered
jobs-state-offered = Offered
jobs-state-closed = Closed
jobs-say-draft = { $count ->
    [one] 1 unit is not offered yet
   *[other] { $count } units are not offered yet
}
jobs-say-offered = { $count ->
    [one] 1 unit waits for somebody to take it
   *[other] { $count } units wait for somebody to take them
}
jobs-say-taken = Everything is taken
jobs-say-closed = This job is over
jobs-nobody-title = No worker fits right now
jobs-nobody-text = It can be offered, but it reaches nobody. Train the skill, make units shorter, or register more workers.
jobs-nobody-workers = See active workers
jobs-terms = Terms
jobs-inspected-by = Inspected by
jobs-fitting-now = Who fits now
jobs-fitting = { $count ->
    [one] 1 person
   *[other] { $count } people
}
jobs-filter = Filter units
jobs-filter-all = All
jobs-filter-state = State: { $state }
jobs-unit = Unit
jobs-holder = Worker
jobs-units-shown = Showing { $shown } of { $total } units
jobs-no-units = No unit is in this state
jobs-content = What it is made from
jobs-history = History
jobs-compensation = { $amount } owed
jobs-take-back = Take back and offer again
jobs-take-back-title = Take a unit back
jobs-take-back-what = { $name } no longer has it, and it is offered again. { $name } gets a mail. It leaves no mark.
jobs-take-back-note = For whoever has it
jobs-take-back-note-support = Why, for example. It stands in the mail as it is
jobs-take-back-keep = Leave it as it is
jobs-reoffer = Offer again
jobs-cancel-title = Cancel the unit
jobs-cancel-what = This unit is cancelled, and what its worker is owed is settled now. This cannot be undone.
done-jobs-split = The job was split off
done-jobs-offered = Offered to workers
done-jobs-offered-to-nobody = Offered, but some of it reaches nobody: no worker fits
done-jobs-taken-back = Taken back and offered again
done-jobs-reoffered = Offered again
done-jobs-cancelled = The unit was cancelled
