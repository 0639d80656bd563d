# Advisers' sessions, and findings with their owner, day and decision.
advice-title = Advice
advice-waiting =
    { $count ->
        [0] No session waits for its report
        [one] 1 session waits for its report
       *[other] { $count } sessions wait for their reports
    }
advice-unmarked =
    { $count ->
        [one] Of 1 session whose day has passed nobody has said whether it was held
       *[other] Of { $count } sessions whose day has passed nobody has said whether they were held
    }
advice-waiting-both = { $reports }. { $unmarked }
advice-used = { $visits ->
    [one] This fiscal year: 1 visit (the scheme pays for { $most }), { $online } online (up to { $hours })
   *[other] This fiscal year: { $visits } visits (the scheme pays for { $most }), { $online } online (up to { $hours })
}
advice-over = This fiscal year has more advice than the scheme pays for. Move some of it, or make sure that the town pays.
advice-none = No session is written down yet
advice-none-text = Once a day with an adviser is agreed, enter it here
advice-new = Plan a session
advice-edit = Correct the plan
advice-of-day = Advice of { $day }
advice-day = Day
advice-way = How
advice-way-on-site = Visit
advice-way-online = Online
advice-minutes = Time
advice-minutes-support = Needed for a session online
advice-adviser = Adviser
advice-asked = What is asked
advice-asked-support = Such as: how to sell, how to set targets
advice-owner = Who sees to it
advice-owner-support = Prepares it and reports on it, and gets a mail when the report is due
advice-hold-title = Once it was held
advice-hold = It was held
advice-held-on = Day it was held
advice-day-passed = The day it was planned for has passed. Write down below what was advised; if it was not held, call it off or correct the day
advice-advised = What was advised
advice-advised-support = What was found wanting can go under Findings below
advice-report = Report
advice-held-correct = Correct the day or what was advised
advice-report-day = Day it was sent
advice-report-day-support = Today where it is empty
advice-report-text = The report as it was sent
advice-report-support = It is due within a week after the session
advice-report-send = The report is sent
advice-reported-on = Sent on { $day }
advice-due-unmarked = Say whether it was held, due
advice-due-report = Report due
advice-due-questionnaire = Questionnaire due
advice-questionnaire-to-come = The questionnaire comes in the next fiscal year (from { $day }). From that day on it can be marked as answered here
advice-questionnaire-here = Say so here once this fiscal year’s questionnaire is answered
advice-answered-on = The questionnaire was answered on { $day }
advice-answer = The questionnaire is answered
advice-cancel = Call it off
advice-findings-none = Nothing was found wanting in this session yet
advice-finding-add = Found in this session
advice-mail-unmarked = Whether the advice was given
advice-mail-report = Report on advice
advice-mail-late = Late report on advice
advice-mail-questionnaire = Questionnaire on advice
state-advice-planned = Planned
state-advice-held = Report due
state-advice-reported = Reported
state-advice-answered = Finished
state-advice-cancelled = Called off
state-finding-open = Open
state-finding-decided = Decided
state-finding-settled = Settled
finding-kind = Kind
finding-kind-market = Market
finding-kind-offer = What is offered
finding-kind-people = People
finding-kind-process = Process
finding-kind-price = Price
finding-kind-other = Other
finding-evidence = Evidence
finding-evidence-support = Numbers, cases, or where they are kept
finding-owner = Who sees to it
finding-owner-none = Nobody yet
finding-due = By when
finding-decision = Decision
finding-decision-support = Who does what
finding-decide-title = Decide what to do
finding-decide = Keep the decision
finding-edit = Correct it
finding-reopen = Make it a finding again
finding-session = The session it came from
done-advice-planned = The session is planned
done-advice-held = The session is written down; its report is due within a week
done-advice-reported = The report is written down as sent
done-advice-answered = The questionnaire is written down as answered
done-advice-cancelled = The session is called off
done-advice-changed = Somebody was faster: look at it as it is now
done-finding-decided = The decision is kept
done-finding-reopened = It is a finding again
done-finding-changed = Somebody was faster: look at it as it is now
