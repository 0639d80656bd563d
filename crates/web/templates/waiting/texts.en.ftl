# The way into work, and interviews.
waiting-title = From registration to work
waiting-views = Views by step
waiting-all = All
waiting-answer = { $count ->
    [one] 1 person waits for their next step
   *[other] { $count } people wait for their next step
}
waiting-total = { $count ->
    [one] 1 person in all
   *[other] { $count } people in all
}
waiting-waits = Waits for
waiting-since = Since
waiting-since-days = { $days ->
    [one] since { $day } ({ $days } day)
   *[other] since { $day } ({ $days } days)
}
waiting-next = Next step
waiting-empty = Nobody waits
waiting-empty-text = Applicants, registered people, trainees and those who rest are listed here, the longest wait first.
waiting-waits-interview = A day for an interview
waiting-waits-interview-day = Interview on { $when }
waiting-waits-outcome = The outcome of an interview
waiting-waits-asked-again = Being asked again
waiting-waits-registration = Registration, after the interview
waiting-waits-training = The start of training
waiting-waits-work = The end of training
waiting-waits-end-of-rest = The end of a rest
waiting-do-interview = Plan an interview
waiting-do-interview-day = See the interview
waiting-do-outcome = Record the outcome
waiting-do-asked-again = Plan an interview
waiting-do-registration = Register
waiting-do-training = Begin training
waiting-do-work = Activate
waiting-do-end-of-rest = Have a look
waiting-open = From registration to work
interview-title = Interview
interview-answer-planned = The interview is on { $when }
interview-answer-none = No interview is planned yet
interview-when = When
interview-day = Day
interview-time = Time
interview-time-support = Such as 10:00
interview-way = How
interview-way-office = At the centre
interview-way-online = Online
interview-way-phone = By phone
interview-way-visit = We visit them
interview-lead = Led by
interview-lead-blank = Choose somebody
interview-join = Join at
interview-join-support = The address of a video meeting, for instance. It stands in their mail and on their home page too (400 characters at most)
interview-plan = Plan the interview
interview-plan-do = Plan and tell them
interview-move = Change day or way
interview-move-do = Change and tell them
interview-call-off = Call the interview off
interview-outcome = Outcome
interview-outcome-support = The reason is neither asked nor recorded
interview-outcome-do = Record the outcome
interview-outcome-go-on = Goes on
interview-outcome-later = Ask again later
interview-outcome-not-now = Does not take part for now
interview-past = Earlier interviews
workers-forgotten-on = Phone number, bank account, interviews, working conditions and requests for consideration are deleted on { $day }. Papers about pay are kept as long as the law asks
done-interview-planned = The interview is planned; they will hear of it by mail
done-interview-written-down = The day of the interview is written down
done-interview-by-phone = The interview is planned. They have no mail address, so please tell them by phone
done-interview-held = The outcome was recorded
done-interview-called-off = The interview was called off
my-interview = Your interview
my-interview-join = Join at:
my-interview-when = { $when }, { $way }
my-interview-text = To change the day, call or write to the centre. You need not say why.
interview-way-own-office = at the centre
interview-way-own-online = online
interview-way-own-phone = we call you
interview-way-own-visit = we come to your home
interview-unreached = The mail did not arrive
interview-unreached-text = The mail about this interview did not reach { $address }. Check the address, by phone for instance, correct it, and send the mail again.
interview-tell-again = Tell them again by mail
done-interview-told-again = They are told again by mail
