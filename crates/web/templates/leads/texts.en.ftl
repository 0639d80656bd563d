# Leads.
leads-answer = { $count ->
    [0] Every lead has been contacted
    [one] 1 lead has not been contacted yet
   *[other] { $count } leads have not been contacted yet
}
leads-late = Answer overdue
leads-answer-late = { $count ->
    [0] Nobody waits longer than was promised
    [one] 1 lead has not been answered by the promised day
   *[other] { $count } leads have not been answered by the promised day
}
lead-answer-by = Answer by
lead-answer-by-due = Answer: { $day }
lead-waited = Time to the answer
lead-answered-after = { $hours } h { $minutes } min of business hours
lead-answered-late = {" "}(after the promised day)
leads-states = By state
leads-all = All
leads-shown = { $count ->
    [one] 1 lead
   *[other] { $count } leads
}
leads-empty = No leads here
leads-empty-text = Inquiries, introductions and everyone else who might become a deal belong here.
lead-new-title = Enter a lead
lead-edit-title = Correct the entry
lead-company-name = Company
lead-contact-name = Person
lead-contact-name-support = Family name first, with a space between the names
lead-need = What they need
lead-need-support = The first line becomes the title of the deal
lead-owner = Owner
lead-asked-on = Asked on
lead-asked-on-support = The day they first turned to us, where that was before today. The time to the answer counts from it
lead-asked-on-edit-support = The day they first turned to us, where that was before it was entered here. The time to the answer counts from it
lead-facts = Who they are
lead-samples = Samples received
lead-source = How they came
lead-source-web = Website
lead-source-phone = Phone
lead-source-mail = Mail
lead-source-introduction = Introduction
lead-source-visit = Visit
lead-source-event = Event
lead-source-register = Company register
lead-source-other = Other
lead-state-new = Not contacted
lead-state-contacted = Contacted
lead-state-converted = Became a deal
lead-state-disqualified = Not pursued
lead-entered = Entered { $date }
lead-contacted-at = First contact
lead-not-contacted = Not yet
lead-answer-new = Nobody has talked to them yet. Get in touch first
lead-answer-contacted = They have been contacted. Make it a deal, or decide not to pursue it
lead-answer-disqualified = Not pursued ({ $reason })
lead-answer-converted = This became a deal
lead-open-deal = Open the deal
lead-next-steps = Next steps
lead-log = Log the contact
lead-convert = Make it a deal
lead-convert-title = Make the lead a deal
lead-convert-answer = Everything known about { $name } is kept. Only decide what comes next, and when
lead-convert-company-support = Choose the company if it is ours already, so that it is not entered twice
lead-convert-new-company = Enter “{ $name }” as a new company
lead-convert-between = ,{" "}
lead-convert-contact = “{ $name }” will be the contact (added if missing).
lead-convert-title-support = Left empty, it is the first line of what they need
lead-disqualify = Do not pursue
lead-disqualify-button = Do not pursue this lead
lead-reason = Reason
lead-reason-no-need = No need
lead-reason-no-budget = No budget
lead-reason-out-of-scope = Not what we do
lead-reason-unreachable = Cannot be reached
lead-reason-duplicate = We have them already
lead-reason-other = Other
done-lead-entered = The lead was entered
done-lead-disqualified = The lead will not be pursued
done-lead-converted = The lead became a deal
form-choose = Please choose
done-lead-already-converted = You have made this lead a deal already. This is it
done-lead-converted-by-other = Somebody else made this lead a deal. This is it
done-lead-already-disqualified = This lead was set aside already
lead-convert-search = Find the company by another name
lead-contact-unrecorded = Not recorded
lead-closed-unanswered = Closed without an answer
lead-reason-note = In your own words
lead-reason-note-support = Needed where the reason is “Other”
