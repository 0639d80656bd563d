# A worker's own units: short sentences, plain words.
my-units-parts = Parts of my work
my-units-to-do = To do
my-units-waiting = Waiting
my-units-over = Done
my-units-looked-at = Within half a year { $looked } of your units were looked at, and { $back } came back to be mended. That is common; once mended they are paid the same.
my-units-looked-at-good = Within half a year { $looked } of your units were looked at, and none came back to be mended.
my-units-first = Next: “{ $label }”
my-units-open-first = Open the next unit
my-units-open = Open this unit
my-units-then = After that
my-units-shown = { $count ->
    [one] 1 unit
   *[other] { $count } units
}
my-units-none-to-do = Nothing to do right now
my-units-none-to-do-text = Work you take stands here.
my-units-to-offers = See offers
my-units-none-waiting = Nothing is waiting
my-units-none-waiting-text = Work you handed in stands here until it has been checked.
my-units-parts-handed-over = Given back with a part of it done
my-units-part = Handed over: { $tenths } of 10. Expected: { $amount }
my-units-part-waits = Its share is being checked
my-units-none-over = Nothing is done yet
my-units-none-over-text = Work stands here once the client has accepted it.
my-unit-about = About { $time }
my-unit-paid-on = Paid on { $date }
my-unit-due = Due
my-unit-now-draft = Not started yet.
my-unit-now-offered = This is not your unit right now.
my-unit-now-submitted = Handed in. Somebody else will check it; please wait.
my-unit-now-checking = Somebody else is checking it; please wait.
my-unit-now-passed = It passed. It will go to the client soon.
my-unit-now-delivered = The client has it. We are waiting for the answer.
my-unit-now-accepted = The client accepted it. Thank you for your work.
my-unit-now-claimed-back = The client asked for a fix.
my-unit-now-rejected = This unit ends here.
my-unit-now-cancelled = This unit was called off.
my-unit-start = Start
my-unit-mend = Start fixing
my-unit-resume = Go on
my-unit-pause = Pause
my-unit-hand-back = Hand back
my-unit-retract-title = Handed in by mistake?
my-unit-retract-text = Until somebody begins to check it you can take it back and mend it. It then counts as received on the day you hand it in again.
my-unit-retract = Take it back
my-unit-retracted = You took it back: { $time }.
done-my-unit-retracted = Taken back. Please mend it and hand it in again
my-unit-stop-title = If you cannot go on
my-unit-fix-title = The client asks: please fix this
my-unit-fix-wish = What the client wants
my-unit-fix-comment = What the town says
my-unit-fix-pay = Fixing it pays { $pay } more.
my-unit-to-mend = What the client has now
my-unit-returned-title = It came back: please fix this
my-unit-content = What to work from
my-unit-no-content = There is nothing to work from. See “How to do it”.
my-unit-rules = How to do it
my-unit-submit-title = Hand in
my-unit-for-client = For the client
my-unit-result-text = Text for the client
my-unit-result-text-support = If your result is a text, or to tell the client something. The client reads it
my-unit-carried = Files that go along
my-unit-drop-handed-in = Remove { $name } (handed in before)
my-unit-drop-drafted = Remove { $name } (in your draft, not handed in yet)
my-unit-carried-support = The others are handed in again. To replace one, tick it and choose the new file below
my-unit-file-more = New files
my-unit-for-checker = Memo to the checker
my-unit-memo = Memo
my-unit-memo-support = The client never sees it. What was hard, where you were unsure
my-unit-memo-sent = Memo to the checker (the client never sees it)
my-unit-file = File
my-unit-file-support = PDF, pictures (JPEG, PNG, HEIC and others), Excel, Word, PowerPoint, CSV, text, ZIP. Up to { $count } MB together
my-unit-submit = Hand in
my-unit-draft-save = Save the draft
my-unit-draft-saved = Draft saved ({ $time }). Nobody else sees it
my-unit-draft-saved-and-kept = Draft saved ({ $time }). Nobody else sees it. The unit is yours until { $until }
done-my-unit-draft-saved = Draft saved. Nobody else sees it
my-unit-draft-other = Another page has saved a draft
my-unit-draft-other-how = The text in the fields below is not saved yet. Compare the two, mend yours, and press “Save the draft” or “Hand in” once more: then the fields below count.
my-unit-draft-unsaved = Text you wrote here and did not save
my-unit-draft-unsaved-how = The fields below show the draft another page has saved. Copy from above what you still need.
my-unit-minutes = Time it took
my-unit-minutes-support = You need not say. It does not change your pay; it helps with the next quote
my-unit-minutes-said = It took { $time }
my-unit-submit-note = Somebody else will check it. The moment you hand in is the moment we receive it.
my-unit-versions = What you handed in
my-unit-version = Version { $number }
my-unit-not-checked-yet = Not checked yet.
my-unit-verdict-pass = Passed
my-unit-verdict-return = Sent back
my-unit-verdict-reject = Refused
my-unit-reason-missing = Something is missing
my-unit-reason-typo = There is a slip of the pen
my-unit-reason-wrong-content = The content is wrong
my-unit-reason-wrong-format = The form is wrong
my-unit-reason-rule-broken = A rule of the job was not kept
my-unit-reason-unreadable = It cannot be opened or read
my-unit-reason-specification-changed = What is wanted has changed
my-unit-not-your-fault = This is not your mistake.
my-unit-kept = This is yours until { $until }.
my-unit-kept-how = Starting, going on, saving a draft or handing in moves that day further away.
my-unit-asked-title = Are you going on with this?
my-unit-asked-text = We have not heard of it for a while, so we ask. To keep it, press “I go on”. You may also hand it back. Neither does you any harm.
my-unit-keep = I go on
done-my-unit-kept = Thank you. It is still yours
my-late-free = If it is done, you can hand it in now
my-late-gone = Somebody else has taken this unit
my-late-why = We had not heard of it for a while, so others could take it. Nothing counts against you.
my-late-text = What you wrote (you can copy it from here)
my-unit-hand-back-title = Hand work back
my-unit-hand-back-answer = Hand back “{ $label }”?
my-unit-hand-back-what = What happens then
my-unit-hand-back-others = Somebody else can take this unit.
my-unit-hand-back-no-harm = It does you no harm. We do not ask why.
my-unit-hand-back-hours = Its hours are free again this week.
my-unit-hand-back-draft = What you have written so far is not sent. A saved draft stays for half a year, for you alone.
my-unit-hand-back-do = Hand back
my-unit-hand-back-keep = Keep it and go back
my-unit-hand-back-all-title = Hand back all of them
my-unit-hand-back-all-text = You can hand back at once all units of this job of which you have handed in nothing yet.
my-unit-hand-back-all = { $count ->
    [one] Hand back the one unit
   *[other] Hand back all { $count } units
}
my-unit-hand-back-begun = { $count ->
    [one] You have begun one of the others.
   *[other] You have begun { $count } of the others.
}
my-unit-pack = Somebody has made this much already
my-unit-pack-text = You can go on from there. You may use it, or begin from the start.
my-unit-pack-memo = What they say about it
my-hand-over-title = Hand back with what is done
my-hand-over-offer = If a part of it is done, you can be paid for that part.
my-hand-over-answer = Hand back “{ $label }” with what is done of it
my-hand-over-pay = The town looks at how much is done, and that share of the pay is paid. The pay day counts from today.
my-hand-over-next = Somebody else can go on from there.
my-hand-over-part = What is done
my-hand-over-text = Text that is done
my-hand-over-files = Files of your draft (those you tick do not go along)
my-hand-over-field-share = How much is done?
my-hand-over-share-support = A rough guess will do. If the town decides on less, you are told why
my-hand-over-choose = Please choose
my-hand-over-share = { $tenths ->
    [one] About 1 tenth ({ $amount })
   *[other] About { $tenths } tenths ({ $amount })
}
my-hand-over-memo = For whoever goes on
my-hand-over-memo-support = Where to go on, for example. The client never sees it
my-hand-over-do = Hand over and give back
done-my-unit-handed-over = We have what is done. It does you no harm
my-unit-terms-title = Terms
my-unit-terms-answer = { $count ->
    [one] What was agreed on { $when } for 1 unit.
   *[other] What was agreed on { $when } for { $count } units.
}
my-unit-terms-print = You can print this page.
my-unit-terms-digest = Fingerprint of this text (SHA-256)
my-today-next = What to do next
my-today-all-units = All my work
my-today-offers = Offers that fit you
my-today-all-offers = All offers
my-today-hours = This week’s hours
my-today-hours-promised = Work done and taken on
my-today-hours-of = { $used } / { $weekly }
my-today-hours-free = { $free } still free
my-today-forgotten = Your phone number, bank account, interviews, working conditions and requests for consideration are deleted on { $day }. Papers about pay are kept as long as the law asks.
done-my-unit-started = Started
done-my-unit-paused = Paused. It is still yours
done-my-unit-resumed = Go on where you stopped
done-my-unit-handed-back = Handed back. It does you no harm
done-my-unit-handed-back-all = Handed back all of them. It does you no harm
done-my-unit-again = We already have it; nothing was sent twice
done-my-unit-other = What you sent before has already arrived. What you sent just now was not taken
done-my-unit-submitted = Handed in. Somebody else will check it
my-not-registered = You are not registered as a worker yet
my-not-registered-text = Once a coordinator has registered you, work that fits you appears here. If nothing changes for a while, ask your town.
my-pay-title = Pay
my-pay-all = See all your pay
my-pay-next = Next pay day: { $day }, { $amount } before tax and withholding
my-pay-next-stated = Next pay day: { $day }, { $payable } is transferred ({ $amount } with consumption tax, less what is withheld)
my-pay-stated = Transferred (statement)
my-pay-not-stated = Not yet
my-pay-paid = Paid on { $day }
my-today-confirm-open = See the statement
my-pay-next-unchecked = { $day }: { $amount } is being checked, and certain once it has passed
my-pay-year = Paid in { $year } (January to December): { $amount } in all, before tax
my-pay-none-coming = No pay day is coming up yet
my-pay-coming = Coming pay days
my-pay-past = Pay days that have passed
my-pay-day = Pay day
my-pay-of-day = Paid on { $day }
my-pay-of-day-answer = { $amount } is certain (before tax)
my-pay-of-day-unchecked = { $amount } more is being checked. It joins this table once it passes.
my-pay-lines = What is paid that day
my-pay-what = Work
my-pay-for = For
my-pay-received = Received on
my-pay-amount = Amount
my-pay-sum = Total
my-pay-terms = See the terms
my-pay-kind-unit = The unit
my-pay-kind-fix = A fix
my-pay-kind-compensation = Work called off
my-pay-kind-share = A part handed over
my-pay-earned = Certain (before tax)
my-pay-waiting = Being checked
my-pay-units = Units: { $count }
my-pay-unchecked = { $amount } (units: { $count })
my-pay-empty = No pay day yet
my-pay-empty-text = Once work you handed in has passed review, this page says how much is paid when.
my-pay-note = Pay days follow the terms you accepted. “Paid on” is the day the town noted; your bank account shows whether the money has arrived.
my-unit-paid-if-today = Paid on { $date } if you hand in today
my-unit-no-longer = This unit is no longer yours
my-unit-part-waits = { $tenths ->
    [one] You handed over about 1 tenth of it. The town is looking at how much of it is paid; it is paid on { $day }.
   *[other] You handed over about { $tenths } tenths of it. The town is looking at how much of it is paid; it is paid on { $day }.
}
my-unit-part-paid = About { $tenths }/10 of it you handed over; { $paid }/10 are paid: { $amount } on { $day }.
my-unit-ended-handed-back = It was handed back. Nothing counts against you.
my-unit-ended-taken-back = The town took it back to give it to somebody else. Nothing counts against you.
my-unit-ended-rejected = It did not pass review, so somebody else is asked to do it.
my-unit-ended-cancelled = It was called off. Nothing counts against you.
my-unit-ended-completed = It is finished.
my-unit-ended-expired = We had not heard of it for a while, so others could take it. Nothing counts against you.
my-unit-not-received = What you sent just now was not received
my-unit-not-received-text = The text you wrote is below; copy what you still need. Files you chose did not arrive. Please choose them again where you need them.
my-unit-not-taken = What you wrote (not received; you can copy it from here)
my-unit-draft-gone = This unit is no longer yours, so the text cannot be saved. Copy what you wrote, then open the page again.
my-deadline-title = Accept the new deadline
my-deadline-answer = The deadline has moved from { $from } to { $to }
my-deadline-units = { $count ->
    [one] This is the new agreement for the 1 unit you hold. Please read all of it.
   *[other] This is the new agreement for the { $count } units you hold. Please read all of it.
}
my-deadline-choice = If you accept, you have until the new day. If you do nothing, your day stays as it was. You may also hand back. Whatever you choose does you no harm.
my-deadline-accept = Accept the new terms
my-deadline-keep = Not now
my-deadline-changed = The terms changed after you read them. Read the new terms below and accept them if they suit you.
my-deadline-moved = More time
my-deadline-notice = You can have until { $day }
my-deadline-notice-text = Read the new terms and accept them. Until then your day stays as it was.
my-deadline-open = Read the new terms
done-my-deadline-accepted = You have more time now. The new terms are on their way by mail
my-hours-title = Your hours a week
my-hours-answer = The work you hold takes about { $promised }
my-hours-field = Hours a week
my-hours-support = You can change this whenever you like. Work you hold stays as it is
my-hours-save = Save these hours
my-hours-change = Change my hours
done-my-hours = Your hours a week were changed
my-ask = Ask the town
my-ask-text = If anything is unclear, ask the town. Asking does you no harm.
my-ask-subject = Question: { $what }
my-ask-call = Phone { $phone }
my-year-title = My year’s money
my-year-open = See it by month
my-year-answer = For { $year } (January to December) { $amount } is certain so far, before tax
my-year-months = By the month in which it is paid
my-year-month-head = Month
my-year-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
my-year-empty = Nothing is paid in this year yet.
my-year-unchecked = Another { $amount } is still being checked. It is added above once it has passed.
my-year-note = This is reckoned from the units that passed and the pay of one. It is not yet a statement.
my-year-limit = The amount I watch
my-year-of = { $earned } of { $limit }
my-year-left = { $amount } left until the { $limit } you have set
my-year-over = { $amount } more than the { $limit } you have set
my-year-watch = If you watch a yearly amount
my-year-limit-field = I do not want to earn more in a year than
my-year-limit-support = Your home and this page then say how much is left. Only you see it. Save it empty to hide it again
my-year-before = The year before
my-year-now = Back to this year
my-rules-changed = Rules have changed
