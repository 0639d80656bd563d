# Trainings and trials.
courses-title = Training
courses-answer = Recording that somebody completed a course grants them its skill
courses-empty = No training yet
courses-empty-text = Enter one, and workers can take seats themselves.
course-new-title = Add a training
course-edit-title = Change the training
course-title = Name
course-about = About
course-skill = Skill it leads to
course-skill-support = Granted when completion is recorded
course-skill-none = None
course-months = The skill counts for
course-months-support = If left empty, it does not expire
course-months-unit = months
course-seats = Seats
course-seats-unit = seats
course-seats-left = { $seats ->
    [one] { $free } of { $seats } seat left
   *[other] { $free } of { $seats } seats left
}
course-full = { $seats ->
    [one] Full (1 seat)
   *[other] Full ({ $seats } seats)
}
course-way = How
course-way-hall = In a room
course-way-online = Online
course-place = Place
course-place-support = The room, or how people connect
course-place-value = { $way } ({ $place })
course-paid-tick = The time is paid
course-pay = Pay
course-is-paid = The time is paid
course-not-paid = The time is not paid
course-days = Days
course-days-support = Once somebody has a seat the days stay. To change them, call it off and enter it anew
course-day-number = Day { $number }
course-from-number = Day { $number } begins at
course-until-number = Day { $number } ends at
course-when = When
course-stands-open = Seats left
course-stands-full = Full
course-stands-running = Running
course-stands-over = Over
course-stands-called-off = Called off
course-leads-to-none = No skill
course-leads-to-value = { $skill } (level { $level })
course-leads-to-for = { $months ->
    [one] { $skill } (level { $level }, for 1 month)
   *[other] { $skill } (level { $level }, for { $months } months)
}
course-seats-taken = Who has a seat
course-nobody-yet = Nobody yet
course-seat-enrolled = Has a seat
course-seat-left = Gave it back
course-seat-attended = Was there
course-seat-absent = Was not there
course-seat-completed = Completed
course-seat-do-left = Give the seat back
course-seat-do-attended = Was there
course-seat-do-absent = Was not there
course-seat-do-completed = Record completion
course-enrol-title = Take a seat
course-enrol-blank = Choose one
course-enrol-do = Take a seat for them
course-admit-title = Came without a seat
course-admit-do = Add them to the list
course-call-off = Call this training off
trials-title = Trials
trials-past = Earlier trials
trial-new = Record a trial
trial-units = Pieces in all
trial-good = Good ones
trial-outcome = Outcome
trial-outcome-passed = Can do it (grants the skill)
trial-outcome-not-yet = Not yet
trial-said-passed = Level { $level }: { $good } of { $units } were good
trial-said-not-yet = Level { $level }: { $good } of { $units }. Not quite yet
trial-findings = Findings about the work
trial-findings-support = They read it. About the work alone, nothing about circumstances or health
trial-do = Record
done-course-added = The training was added
done-course-enrolled = They have a seat, and will hear of it by mail
done-course-admitted = They are on the list now
done-course-noted = Recorded
done-course-called-off = The training was called off; whoever had a seat is told by mail
done-trial-noted = The trial was recorded
course-seats-or-people = Seats, or who took part
course-took-part = { $count ->
    [one] 1 person took part
   *[other] { $count } people took part
}
course-took-part-unknown = Nobody has noted yet who took part
course-took-part-title = Who had a seat, and who took part
