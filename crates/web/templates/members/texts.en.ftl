# Members.
person-name = Name
person-family-name = Family name
person-given-name = Given name
person-family-kana = Family name (kana)
person-given-kana = Given name (kana)
member-new-title = Invite a member
member-email-support = The invitation goes to this address
member-invite-button = Add and send invitation
member-roles = Roles
member-roles-support = Without a role there is nothing they can do after signing in
member-state = State
member-facts = Details
member-since = Member since
member-correct = Correct name and email address
member-email-correct-support = They sign in with this address. Links already mailed to the old one stop working
member-access = Access
member-invited-text = No password has been chosen yet.
member-invite-again = Send the invitation again
member-calendar = Calendar address
member-calendar-text = There is an address under which calendars read this person’s next actions and todos. It ends when they are neither sales nor administrator any more.
member-calendar-end = End the address
member-disable-text = A disabled member cannot sign in any more, at once. Everything they did stays, and they can be enabled again.
member-disable = Disable
member-disabled-text = This person cannot sign in.
member-enable = Enable again
role-admin-does = Settings and members of the town
role-sales-does = Leads, deals, quotes
role-coordinator-does = Orders, jobs, review, deliveries, workers
role-worker-does = Takes work and hands it in
role-officer-does = Looks at figures (town office)
role-adviser-does = Looks at figures (from outside)
done-member-invited = The member was added and the invitation sent
members-views = Views
members-staff = Staff
members-total = { $count ->
    [one] 1 person
   *[other] { $count } people
}
members-none = Nobody here
members-none-text = People leave “Invited” once they have chosen a password, and “Disabled” once they are enabled again.
