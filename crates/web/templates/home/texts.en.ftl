# Home.
home-title = Today
nav-members-way = Invite people, decide roles
nav-town-way = What documents and mails say
nav-figures-way = Registrations, withdrawals, orders won and accepted
