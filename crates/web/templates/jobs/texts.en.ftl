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
jobs-field-inspect-days = Inspection
jobs-field-count = Number of units
jobs-field-unit-pieces = Ordered pieces per unit
jobs-unit-pieces-support = How many of the ordered pieces one unit stands for; usually 1
jobs-field-label-prefix = Unit names begin with
jobs-field-csv = CSV text
jobs-field-csv-header = The first row is a heading
jobs-field-csv-file = CSV or Excel file
jobs-rules-support = They become part of the written terms. Say what a good result looks like, and what not to do
jobs-per-hour = about { $pay } an hour
jobs-skill-support = Only workers who have it are offered the job
jobs-skill-anybody = Anybody
jobs-skill-from = { $skill } (from level { $level })
jobs-asks = How it is done
jobs-asks-phone = Calls are made or taken
jobs-asks-video = Video calls are joined
jobs-asks-long-slots = It takes more than an hour at a time
jobs-asks-none = Nothing in particular
jobs-field-skill-level = Level needed
jobs-skill-level-support = 1 to 3; 1 if left empty. Counts where a skill is chosen
jobs-days = business days
jobs-work-due-support = Not after { $day }
jobs-field-order-line = Line of the order
jobs-order-line-support = What is accepted is asked for at the price of that line
jobs-order-line-none = None in particular (every piece counts the same)
jobs-work-too-late = The order is due on { $day }; choose that day or an earlier one
jobs-inspect-support = Within how many business days after the day of submission (1 to 20)
jobs-pay-support = Work is paid on this day of the month after it is submitted (10 to 28), so that even work received on the first of a month is paid within 60 days. Where banks are closed, on the last day before on which they are open
jobs-units = Units
jobs-units-how = Give a number, or hand over a CSV. With a CSV, each row becomes one unit.
jobs-prefix-support = If left empty, the job title
jobs-csv-file-support = First column: name. The others: what the worker works from. Of an Excel workbook the first sheet is read; CSV in UTF-8 or Shift_JIS
jobs-csv-support = Instead of a file you may paste cells from Excel here
jobs-preview-headed = The first row looks like a heading
jobs-preview-headed-text = As it is, the first row becomes a unit as well.
jobs-preview-headed-set = Take the first row as the heading
jobs-csv-header-support = Headings from the second column on stand before the content
jobs-bad-rows = { $count ->
    [one] Fix 1 row of the CSV
   *[other] Fix { $count } rows of the CSV
}
jobs-bad-rows-first = { $count } (row { $line }: { $text })
jobs-count-and-rows = There is a number and a file (CSV). Keep only one of the two
jobs-bad-rows-title = Rows to fix (nothing was created)
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
jobs-units-shown = { $total ->
    [one] Showing { $shown } of { $total } unit
   *[other] Showing { $shown } of { $total } units
}
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
jobs-archive-too-many = The archive holds too many files. The most at a time: { $count }
jobs-unit-handed-over = Given back with a part of it done
jobs-unit-handed-back = Given back
done-jobs-taken-back = Taken back and offered again
# Jobs whose units have no material yet
jobs-material-give = Give the material
jobs-material-title = Make the job anew with its material
jobs-material-replaces = This job takes the place of “{ $job }”. Its samples, checks and sampling go over to this one, and it is called off. Choose a CSV file or files; where the units need no material, enter their number.
jobs-material-lacks-title = There is no material yet
jobs-material-lacks = In the order before, each unit of this job had material of its own. It was not copied: give it as a CSV file or as files before you offer the job.
done-jobs-reoffered = Offered again
done-jobs-cancelled = The unit was cancelled
jobs-minutes-said = Makers say: median { $time } (units: { $units })
jobs-per-hour-measured = By these minutes about { $pay } an hour (minimum wage of the region: { $wage })
jobs-per-hour-said = By these minutes about { $pay } an hour
jobs-field-keep-days = Kept without a sign for
jobs-keep-support = After how many days without a start, a resumption or a submission it goes on to others (2 to 60). Its holder is asked twice before
jobs-days-plain = days
jobs-kept = { $count ->
    [one] Without a sign, goes on to others after { $count } day
   *[other] Without a sign, goes on to others after { $count } days
}
jobs-field-pay-day = Paid on day (of the next month)
jobs-day-of-month = of the month
jobs-pay-day-refused = Choose a day from { $first } to { $last }: after { $last }, work could be paid more than 60 days after its receipt
jobs-pay-on = Paid
jobs-paid-on = Day { $count } of the month after submission (the bank day before where banks are closed)
jobs-inspection = { $count ->
    [one] Within 1 business day after submission
   *[other] Within { $count } business days after submission
}
jobs-below-minimum-wage = About { $pay } an hour is below the minimum wage of this region, { $wage } (since { $since }; Ministry of Health, Labour and Welfare, fiscal year 2025). It does not bind contract work, but please keep it in mind when you set the pay. You can go on all the same.
jobs-wage-title = Please look at the pay once more
jobs-work-due-late = The order’s own day ({ $day }) has passed: say until when the rest is to be done
jobs-preview-answer = Nothing has been created yet. Check the rows and press once more.
jobs-preview-count = { $count ->
    [one] 1 unit to be made
   *[other] { $count } units to be made
}
jobs-preview-more = { $count ->
    [one] And 1 more
   *[other] And { $count } more
}
jobs-preview-number = No.
jobs-preview-back = Enter it again
jobs-edit-title = Correct the job
jobs-edit-answer = Nobody holds a unit yet, so everything can be corrected. What is offered is taken back with it: offer it again afterwards.
jobs-edit-save = Save the correction
jobs-extend = Move the deadline
jobs-extend-title = Move the deadline of the work
jobs-extend-now = It is due on { $day } now
jobs-extend-to = New deadline
jobs-extend-support = The order is due on { $day }; speak to the client before you go beyond it
jobs-extend-note = Reason
jobs-extend-note-support = Sent to those who hold units as written
jobs-extend-do = Move it to this day
jobs-extend-asked = { $count ->
    [one] 1 person holds units now and is told by mail.
   *[other] { $count } people hold units now and are told by mail.
}
jobs-extend-how = The new day holds for whoever accepts the new terms. The others keep their day, or give it back with no penalty.
jobs-withdraw = Take the offers back
jobs-call-off = Call this job off (nobody holds a unit)
jobs-over-title = The deadline has passed
jobs-over-text = It cannot be offered as it is. Move the deadline and it can be offered again.
jobs-moves = Moved deadlines
jobs-moved = From { $from } to { $to }
jobs-blocked = Not possible now
jobs-blocked-over = Changing and offering: all work of this job is done.
jobs-blocked-held = { $count ->
    [one] Correcting or calling off the job: 1 unit has a worker. The deadline can be moved; the unit can be taken back or cancelled on its own page.
   *[other] Correcting or calling off the job: { $count } units have a worker. The deadline can be moved; single units can be taken back or cancelled on their own pages.
}
jobs-blocked-none-waits = Offering: no unit is waiting.
jobs-state-partly = Partly not offered
jobs-state-taken = All taken
jobs-state-made = Work done
jobs-state-called-off = Called off
jobs-say-called-off = This job was called off
jobs-say-over = { $count ->
    [one] 1 unit is past its deadline and nobody has it
   *[other] { $count } units are past their deadline and nobody has them
}
done-jobs-edited = The job was corrected
done-jobs-extended = The deadline was moved
done-jobs-withdrawn = The offers were taken back
done-jobs-called-off = The job was called off
done-jobs-offered-to-nobody-new = Everybody whom it fits knows already; nobody new was told
jobs-cancel-what-nobodys = This unit is cancelled. Nobody has worked on it, so nothing is owed. This cannot be undone.
jobs-state-over = Past its day
jobs-csv-file-refused = This cannot be read as rows. Choose an Excel workbook (xlsx) or CSV, or copy the cells and paste them below
jobs-row-without-name = The name (first column) is empty
jobs-preview-too-few = { $left } are left in the order; these rows make { $made }: { $difference } too few.
jobs-preview-too-many = { $left } are left in the order; these rows make { $made }: { $difference } too many.
jobs-preview-repeated = Several rows have the same name: { $labels }
jobs-offer-untold = { $count ->
    [one] Offer to one newcomer
   *[other] Offer to { $count } newcomers
}
jobs-asked = { $count ->
    [one] One person has not accepted the later day yet
   *[other] { $count } people have not accepted the later day yet
}
jobs-field-offer-rule = How people are found
jobs-rule-fair = In turn
jobs-rule-fair-text = Whoever has had the least of the hours they wish for is asked first, each for a share of their own. They have 24 hours to answer, counted from 8:00 to 20:00. What is declined or not answered goes on to the next person
jobs-rule-first-come = First come, first served
jobs-rule-first-come-text = Everybody whom it fits is told at once, and whoever takes it first has it. For work that is urgent
jobs-unclaimed-title = Nobody has taken it
jobs-unclaimed-text = Everybody whom it fits has been able to take it for a day, and some of it is left. Think about a later day, other conditions, or asking somebody in person.
jobs-unclaimed-nobody = When it was offered, it fitted nobody. Confirm a skill, think about other conditions or a later day, and offer it again.
rounds-title = Who was asked
rounds-why-not = See why it does not fit each of them
rounds-first-come-title = First come, first served
rounds-first-come = When the job is offered, everybody whom it fits is told at once, and whoever takes it first has it. Whoever it comes to fit later is told within about 15 minutes.
rounds-first-come-note = Whoever was told may take it, first come, first served. You also see here why the others were not told.
rounds-course-first-come = First come, first served, for everybody whom it fits since { $since }
rounds-none-record = There is no record of who was told
rounds-pool-note-nobody = It fitted nobody, so nobody was told. The reason for each of them is below.
rounds-none = Nobody has been asked yet
rounds-none-text = Once a job is offered in turn, you see here who was asked and why others were not.
rounds-course-none = Nobody has been asked yet
rounds-course-named = Waiting for the answer of whoever was asked by name (until { $until })
rounds-course-turn = People are asked in turn (time { $wave } of { $most } through the line)
rounds-course-pool = Open to everybody whom it fits since { $since }
rounds-all = Rounds so far
rounds-round = Round
rounds-name = Round { $number }
rounds-name-pool = Round { $number }: open to all
rounds-name-named = Round { $number }: asked by name
rounds-shown = Shown below
rounds-began = Began
rounds-waiting = Units that waited
rounds-candidates = People in line
rounds-answer-by = Answer by
rounds-person = Worker
rounds-outcome = Outcome
rounds-place = Place in line
rounds-level = Of their wish
rounds-granted = Work in 4 weeks
rounds-wished = Wish per week
rounds-people-shown = { $count ->
    [one] 1 person shown
   *[other] { $count } people shown
}
rounds-seed = Seed of the lots: { $seed }. It decides the order of people who are level in everything else
rounds-pool-note = Nobody was left to ask in turn, so everybody whom the job fits may take it, also those who declined or did not answer.
rounds-rule-title = How the order is made
rounds-rule-order = Whoever has had the smallest part of the hours they wish for comes first. Among equals, whoever was given work longest ago; then a lot decides.
rounds-rule-level = The part is the time taken on within four weeks, and the time they have not answered about yet, divided by their wish for the days of those weeks on which they took part, a week at least. Nobody counts as more than two weeks behind the average of the line.
rounds-rule-answers = Declining or not answering changes nothing about anybody’s next turn.
round-outcome-asked = Asked
round-outcome-not-reached = In line; the work ended before them
round-outcome-told = Told that anybody may take it
round-outcome-not-started = Has not started yet
round-outcome-resting = Resting
round-outcome-no-wish = Wishes for no hours
round-outcome-no-skill = Does not have the skill
round-outcome-skill-expired = Skill has expired
round-outcome-not-their-way = Not the way they work
round-outcome-off-today = Had that day off
round-outcome-skill-below = Skill is below the level
round-outcome-no-time = Not enough free time this week
round-outcome-declined = Declined this job
round-outcome-passed = Did not answer about this job
round-outcome-has-portion = Still has time to answer about an earlier share
round-outcome-not-for-them = Only units are left that they checked, were paid for or were refused
round-outcome-not-asked = Is not asked to do this work (why: see their “Work not asked for”)
round-answer-open = Took { $claimed } of { $units }; the rest waits for an answer
round-answer-claimed = Took { $claimed } of { $units }
round-answer-declined = Took { $claimed } of { $units } and declined the rest
round-answer-passed = Did not answer about { $units }
round-answer-withdrawn = { $units } taken back by the town
round-answer-open-none = { $units } wait for an answer
round-answer-declined-none = Declined { $units }
jobs-substitutes = Find a substitute
jobs-substitutes-answer = { $count ->
    [one] 1 unit that lies before nobody can go to one of these people
   *[other] { $count } units that lie before nobody can go to one of these people
}
jobs-substitutes-none = Nobody can be asked right now, or everything lies before somebody already (before nobody: { $count })
jobs-substitutes-how = Three people at most who have the skill and time this week, also by how their work passed at first sight. Whoever is asked may take it alone for the usual time to answer. Whoever gave it back has no mark. The rounds of the job keep who was asked and why.
jobs-substitute-ask = { $count ->
    [one] Ask them for 1 unit
   *[other] Ask them for { $count } units
}
jobs-substitute-free = Free this week
jobs-substitute-checked = Checked within half a year
jobs-substitute-quality = { $passed } of { $reviewed } passed at once
jobs-substitute-unknown = Nothing of theirs has been checked yet
done-jobs-substitute-asked = Asked. They are told by mail
jobs-field-unit-files = One file each
jobs-unit-files-support = Each file becomes one unit and gives it its name. Up to 40, or more in one ZIP (up to 1,000). 25 MB in all
jobs-materials = Files to work from
jobs-paid-fixed = { $day } (re-entrusted work; what is submitted on that day or later is paid as usual)

## More than was ordered

jobs-field-more-than-ordered = Split into more than was ordered
jobs-more-than-ordered = { $left } of the order are left. This makes { $made }. Correct the number, or tick this if it is meant
jobs-more-files-again = When splitting by files, choose the files once more.
