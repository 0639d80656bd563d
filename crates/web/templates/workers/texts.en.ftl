# Workers and skills.
workers-views = Views of workers
workers-all = All
workers-answer = In the programme: { $active } · registrations so far: { $registered } · withdrawals so far: { $withdrawn }
workers-shown = { $count ->
    [one] 1 worker
   *[other] { $count } workers
}
workers-name = Name
workers-hours = Hours a week
workers-since = Registered on
workers-none-here = No worker is in this state
workers-none-here-text = Choose another state above.
workers-empty = No workers yet
workers-empty-text = Register resident workers, and work can be offered to them.
workers-new-title = Register a worker
workers-register = Register
workers-person = Choose a member
workers-person-support = Staff and salespeople may be workers too
workers-person-new = Somebody new (enter below)
workers-new-person = Somebody new
workers-family-name = Family name
workers-given-name = Given name
workers-family-kana = Family name (kana)
workers-given-kana = Given name (kana)
workers-email = Email address
workers-email-support = To sign in with, and for offers
workers-language = Language of pages and mails
workers-invite = Send an invitation
workers-invite-support = Goes to whoever has a mail address and no password yet
workers-weekly = Most hours a week
workers-weekly-support = As they wish, such as 12.5
workers-phone = Phone
workers-phone-support = For when email does not reach them. Leave empty if there is none
workers-held = Current work
workers-held-more = The rest ({ $count })
workers-holds-none = They hold no work at the moment
workers-late = { $count ->
    [one] 1 late
   *[other] { $count } late
}
workers-pay = Pay earned
workers-pay-day = Pay day
workers-pay-for = Units
workers-pay-amount = Amount
workers-pay-units = { $count ->
    [one] 1 unit
   *[other] { $count } units
}
workers-pay-unchecked = plus { $amount } waiting for review
workers-pay-none = Nothing earned yet
workers-registered-on = Registered on
workers-entry = How they begin
workers-entry-registered = Registered now
workers-entry-applied = Asks to take part (interview first)
done-workers-applied = The application is noted. They count as registered once they are
workers-day-support = If left empty, today
workers-say-applicant = Has applied. Register them to go on
workers-say-registered = Registered. Training or work can begin
workers-say-training = In training
workers-say-active = Can take { $free } more this week
workers-say-paused = Takes a rest and is offered nothing
workers-say-withdrawn = Has left, and may register again
workers-manage = State and hours
workers-week-most = Weekly limit
workers-offered = Offered within 7 days
workers-free = Free this week
workers-missed = { $count ->
    [one] 1 job fits this person
   *[other] { $count } jobs fit this person
}
workers-missed-text = They were offered before this person came, or before a skill was recorded.
workers-missed-do = { $count ->
    [one] Offer 1 job to this person
   *[other] Offer { $count } jobs to this person
}
done-workers-offered = Offered; they will hear of it by mail
workers-history = History
workers-step-title = Change the state
workers-step = Next state
workers-step-do = Record
workers-step-day = On
workers-step-registered = Register
workers-step-training = Begin training
workers-step-activated = Activate
workers-step-paused = Pause
workers-step-withdrawn = Withdraw
workers-step-returned = Register again
workers-reason = Reason for leaving
workers-reason-support = Only when withdrawing
workers-reason-blank = Choose one
workers-open-units = Work they still have
workers-open-units-support = Only when withdrawing
workers-open-units-give-back = Give all of it to others
workers-open-units-finish = Let them finish it
workers-reason-employment = Found a job
workers-reason-moved = Moved away
workers-reason-other = Other
workers-event-applied = Applied
workers-event-registered = Registered
workers-event-training = Training began
workers-event-activated = Activated
workers-event-paused = Paused
workers-event-withdrawn = Left
workers-event-returned = Registered again
workers-skill-level-of = Level { $level }
workers-skill-for-good = no end date
skills-title = Skills
skills-all = All skills
skills-count = { $count ->
    [one] 1 skill
   *[other] { $count } skills
}
skills-new = Add a skill
skills-add = Add
skills-name = Skill
skills-name-support = Such as transcription or data entry
skills-rename = Rename
skills-new-name = New name
skills-empty-text = No skills yet. Add one to grant it to workers or to ask for it in a job.
skills-has-none = No skills yet
skills-grant = Grant a skill
skills-revoke = Remove
skills-level = Level
skills-level-support = 1 to 3; 1 if left empty
skills-until = Until
skills-until-support = If left empty, it does not expire
skills-over = Expired
skills-evidence = What shows it
skills-evidence-note = What was seen or said
skills-note-support = Such as: 20 pieces done as in the sample. Nothing about circumstances or health, please
skills-evidence-training = Training completed
skills-evidence-trial = Result of a trial
skills-evidence-file = Paper or work
skills-evidence-more = More about it
skills-evidence-paper = Add a paper or a piece of work
skills-evidence-file-support = A certificate or a piece of work. Leave empty if there is none
skills-confirmed = confirmed { $day } by { $name }
skills-file = Open the paper
expiring-title = Skills that expire
expiring-answer = Within two months, or within the last month: { $count }
expiring-last-day = Last day
expiring-none = No skill expires soon
expiring-none-text = Whoever has one is told by mail 30 days before.
done-workers-registered = The worker was registered
done-workers-moved = Recorded
done-skills-added = The skill was added
done-skills-granted = The skill was granted
done-skills-revoked = The skill was taken away
