# Making one of two companies or contacts.
merges = Merges
merge-title = Merge
merge-company-title = Merge a company entered twice
merge-contact-title = Merge a contact entered twice
merge-company-link = This company is here twice
merge-contact-link = This person is here twice
merge-with = Merge
merge-company-choose = Choose the company that is the same as “{ $name }”. The next page shows what stays and what moves
merge-contact-choose = Choose the person who is the same as “{ $name }”. The next page shows what stays and what moves
merge-none-alike = No similar company found. Search by name or number.
merge-none-found = No company matches.
merge-nobody-else = This company has no other contact. If the other one is at another company, merge the companies first.
merge-answer = “{ $merged }” is merged into “{ $kept }”
merge-swap = Keep “{ $merged }” instead
merge-numbers-differ = The corporate numbers differ
merge-numbers-differ-text = Two numbers usually mean two corporations. Go on only if you made sure that one is wrong, and choose the right one.
merge-differences = Which stays?
merge-no-differences = Their details are the same.
merge-both-notes = Keep both
merge-side-kept = stays
merge-side-merged = goes
merge-numbered = { $name } (#{ $number })
merge-registered = registered on { $day }
merge-value-of = { $value } ({ $side }, #{ $number })
merge-terms-of = The terms of { $name }
merge-moves = What moves to “{ $kept }”
merge-moves-nothing = Nothing moves
merge-moves-contacts = { $count ->
    [one] 1 contact
   *[other] { $count } contacts
}
merge-moves-leads = { $count ->
    [one] 1 lead
   *[other] { $count } leads
}
merge-moves-deals = { $count ->
    [one] 1 deal with its activities and quotes
   *[other] { $count } deals with their activities and quotes
}
merge-moves-activities = { $count ->
    [one] 1 activity
   *[other] { $count } activities
}
merge-moves-todos = { $count ->
    [one] 1 todo
   *[other] { $count } todos
}
merge-moves-orders = { $count ->
    [one] 1 order with its deliveries and files
   *[other] { $count } orders with their deliveries and files
}
merge-moves-deliveries = { $count ->
    [one] 1 delivery
   *[other] { $count } deliveries
}
merge-moves-messages = { $count ->
    [one] 1 mail
   *[other] { $count } mails
}
merge-moves-tags = { $count ->
    [one] 1 tag
   *[other] { $count } tags
}
merge-moves-held_mails = { $count ->
    [one] 1 advertising mail on hold
   *[other] { $count } advertising mails on hold
}
merge-company-tags = The tags of both are kept
merge-contact-wishes = If either has refused calls or advertising, the refusal stays. Only the kept contact’s own consent to advertising counts; what waits to be sent without it is put on hold
merge-can-be-undone = You can take this back later.
merge-do = Merge
merge-about = “{ $merged }” was merged into “{ $kept }”
merge-stands = Merged
merge-undone = Taken back
merge-record = Record
merge-when = Merged
merge-undone-when = Taken back
merge-fields = Details that changed
merge-fields-between = ,{" "}
merge-moved = What moved
merge-open-company = Open the company
merge-undo-title = If this was a mistake
merge-undo-text = What moved and what changed goes back to how it was. What was added since stays with the one kept.
merge-undo = Take it back
merge-not-undone = This cannot be taken back
merge-hindrance-undone = It was taken back already.
merge-hindrance-field-changed = A detail that changed with the merge was edited since.
merge-hindrance-kept-merged = The one kept was itself merged into another since. Take that back first.
merge-hindrance-number-taken = Another company has the corporate number now.
merge-hindrance-terms-agreed = New terms were agreed since.
merge-hindrance-people-merged = People of both companies were merged with each other. Take that back first.
merge-hindrance-moved-on = Something that moved was given to somebody else since.
merge-hindrance-entangled = A deal or an order since then names a person of the other company.
done-merged = Merged
done-merge-undone = Taken back
done-merged-already = They are merged already
done-merged-here = It was merged into this one
