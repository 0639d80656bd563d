# Home.
home-title = Today
home-without-role = You have no role yet
home-without-role-text = Once you have one, what you can do today is shown here. Tell your town’s administrator what you will work on and ask for a role.
home-programme-title = The programme
home-all-figures = All figures
home-programme = { $count ->
    [one] { $people } enrolled · won in fiscal { $year }: { $count } deal, { $amount } before tax
   *[other] { $people } enrolled · won in fiscal { $year }: { $count } deals, { $amount } before tax
}
home-steering = The target, and what is due
home-target = Target for this year’s orders
home-last-year = { $count ->
    [one] The whole of last year ({ $year }): { $count } deal, { $amount }
   *[other] The whole of last year ({ $year }): { $count } deals, { $amount }
}
home-admin-title = Administration
home-admin = { $count ->
    [0] Nothing needs you now
    [one] 1 thing needs you
   *[other] { $count } things need you
}
home-admin-missing = Quotes and terms notices need details that are not entered yet
home-admin-enter = Enter them in the town’s settings
home-admin-mails = Emails to look at
home-admin-unheard = Webhooks that did not arrive
home-admin-invited = Invited, not joined yet
