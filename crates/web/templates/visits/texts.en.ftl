# Visits to the centre.
visits-title = Visits
visits-tabs = Parts of the visits
visits-to-come = To come
visits-all = All
visits-none = No visits
visits-none-text = When another town or body asks to see the centre, it goes here.
visit-new-title = Enter a visit
visit-edit-title = Correct the visit
visit-body = Who comes
visit-body-support = The body and its department
visit-contact = Contact
visit-contact-support = A name, and a phone number or mail address
visit-people = People
visit-people-count = { $count ->
    [one] One person
   *[other] { $count } people
}
visit-day = Day and time
visit-wish = What they want to see or ask
visit-facts = Request
visit-guide = Guide
visit-guide-none = Not decided
visit-guide-support = Needed where they may come
visit-place = Place
visit-place-none = Keep no place
visit-place-support = Nobody else can book that place then
visit-answer = Answer
visit-answer-support = Say why where they cannot come. Tell them yourself through their contact
visit-answer-title = Answer
visit-answer-do = Keep the answer
visit-answered-at = Answered
visit-entered-by = Entered by
visit-decision = May they come?
visit-decision-accepted = They may come
visit-decision-declined = They cannot come
visit-cancel = It does not take place
state-visit-asked = Waits for an answer
state-visit-accepted = Expected
state-visit-declined = Declined
state-visit-cancelled = Called off
done-visit-asked = The visit is entered
done-visit-answered = The answer is kept
done-visit-cancelled = Called off; the place is free again
