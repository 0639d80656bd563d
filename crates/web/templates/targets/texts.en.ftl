# Targets: how far the year is, its versions.
targets-title = Targets
targets-as-of = As of { $day }
targets-years = Fiscal years
targets-answer = { $count ->
    [one] { $count } target is set
   *[other] { $count } targets are set
}
targets-answer-orders = Orders of the year come to { $actual } of { $target }
targets-answer-pace = { $reached } ({ $pace })
targets-none-answer = This year has no targets yet
targets-draft = This version is not closed yet. Once closed it stays as it is
targets-progress = How far we are
targets-shown = Periods shown
targets-running = Running now
targets-all = All periods
targets-none = No targets
targets-none-text = Open a version below, then set what, whose and by when
targets-none-set = No target is set in this version yet
targets-roll-ups = Whether the parts add up
targets-versions = Versions
targets-versions-none = This year has no version yet
targets-version = { $year }, version { $number }
targets-holds = Holds
targets-open = Being written
targets-closed = Closed
targets-edit = Set targets
targets-fiscal-year = Fiscal year
targets-fiscal-year-support = The calendar year it begins in, such as 2026
targets-reason-support = Why this version is made, so that others understand it later
targets-open-version = Open a version
targets-made = Made on { $day } by { $name }
targets-closed-by = Closed on { $day } by { $name }
targets-close-head = Close it
targets-close-text = Once closed, the targets of this version stay. To change them, open the next version
targets-close-off = { $count ->
    [one] { $count } sum above does not add up. The version can be closed as it is
   *[other] { $count } sums above do not add up. The version can be closed as it is
}
targets-close = Close this version
targets-differences = What differs from the version before
targets-other-days = These targets were set for { $first } to { $last }, before the fiscal year began in another month. They are counted over those days
targets-sample = Deals needed are reckoned from the { $decided } decided in the last year ({ $won } won, { $rate }, { $average } on average). Orders that came directly are left out
targets-sample-none = No deal was won in the last year, so nobody can say how many are needed
target-what = Counted
target-metric = What is counted
target-metric-orders-yen = Orders
target-metric-new-clients = New clients
target-metric-calls = Calls
target-metric-visits = Visits
target-metric-own-share = Own share
target-metric-active-workers = Active workers
target-metric-paid-to-residents = Paid to residents
target-unit-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
target-unit-companies = { $count ->
    [one] { $count } company
   *[other] { $count } companies
}
target-unit-times = { $count }
target-scope = Whose target
target-scope-support = Own share, active workers and pay are set for the whole town alone
target-scope-town = Whole town
target-scope-team = Sales team
target-scope-person = One person
target-scope-client-class = A class of clients
target-scope-class = Companies tagged “{ $tag }”
target-person = Person
target-person-support = For one person’s target
target-nobody = Nobody
target-tag = Company tag
target-tag-support = For a class of clients
target-no-tag = None
target-period = Period
target-period-year = Year ({ $from }–{ $to })
target-period-h1 = First half ({ $from }–{ $to })
target-period-h2 = Second half ({ $from }–{ $to })
target-period-q1 = First quarter ({ $from }–{ $to })
target-period-q2 = Second quarter ({ $from }–{ $to })
target-period-q3 = Third quarter ({ $from }–{ $to })
target-period-q4 = Fourth quarter ({ $from }–{ $to })
target-period-month = { $from }
target-period-short-year = Year
target-period-short-h1 = 1st half
target-period-short-h2 = 2nd half
target-period-short-q1 = Q1
target-period-short-q2 = Q2
target-period-short-q3 = Q3
target-period-short-q4 = Q4
target-month-1 = January
target-month-2 = February
target-month-3 = March
target-month-4 = April
target-month-5 = May
target-month-6 = June
target-month-7 = July
target-month-8 = August
target-month-9 = September
target-month-10 = October
target-month-11 = November
target-month-12 = December
target-value = Target
target-value-support = Yen, or percent for a share
target-actual = Reached
target-gap = Missing
target-reached = Reached
target-unknown = Unknown
target-pace = Pace (business days)
target-beside = of { $target }, { $pace }
target-pace-ahead = { $amount } ahead
target-pace-behind = { $amount } behind
target-pace-to-come = its days are still to come
target-pace-even = on pace
target-pace-unknown = The holidays of this period are not published yet, so the pace is unknown
target-pace-label = Business day { $elapsed } of { $days }, { $expected } expected by now: { $word }
target-needed-head = To get there
target-needed = { $deals ->
    [one] { $deals } deal to decide (from { $sample } decided)
   *[other] { $deals } deals to decide (from { $sample } decided)
}
target-needed-new = { $deals ->
    [one] { $deals } deal to decide (from { $sample } decided with new companies)
   *[other] { $deals } deals to decide (from { $sample } decided with new companies)
}
target-needed-all-for-new = { $deals ->
    [one] { $deals } deal to decide (from all { $sample } decided, as too few were with new companies; it may take more)
   *[other] { $deals } deals to decide (from all { $sample } decided, as too few were with new companies; it may take more)
}
target-needed-hours = { $decisions }, { $hours } of work
target-needed-unknown = Unknown: nothing was won yet
target-over = Parts
target-over-people = People together
target-over-team = The team
target-over-halves = Halves together
target-over-quarters = Quarters together
target-over-months = Months together
target-sum = Parts together
target-difference = Difference
target-fits-already = The same already, with parts unset
target-fits = Adds up
target-missing = { $count ->
    [one] { $count } part is not set
   *[other] { $count } parts are not set
}
target-reason = Why
target-reason-support = For example: last year’s result and two new clients
target-above-meant = May be above the team’s target
target-above-meant-support = Where one person’s target is larger than the team’s
target-above-meant-chip = Above the team’s target, as meant
target-set = Set a target
target-save = Save the target
target-change = Change
target-ways = How to set targets
target-one = One at a time
target-by-months = Month by month
target-by-quarters = Quarter by quarter
target-parts-text = Everything you fill in is saved together. What you leave empty stays as it is.
target-remove = Take out
target-remove-head = Actions
target-before = Before
target-after = Now
done-targets-opened = A new version is open
done-targets-closed = The version is closed
done-targets-set = The targets are saved
done-target-set = The target is saved
done-target-removed = The target was taken out
target-stands = { $actual } reached, { $expected } expected by now, target { $target }
targets-mark = The right end of a bar’s track is the target (100%). A bar that goes beyond it ends in ». The dashed line is where it should be by today, counted in business days
target-bar = { $actual } of { $target } ({ $percent })
target-percent = { $percent }%
targets-beyond = { $finding }. Beyond their target: { $targets }
