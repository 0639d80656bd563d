# Whom to call.
nav-calls = People to call
calls-open = { $count ->
    [0] Nobody to call
    [one] 1 call to make
   *[other] { $count } calls to make
}
calls-text = A notice the law requires did not reach them or was not opened, their address is dead, or they have no email and something about their work has changed.
calls-empty = Nobody to call
calls-empty-text = Whoever an important notice did not reach is listed here.
call-reason-not-delivered = The notice could not be sent
call-reason-bounced = The notice came back
call-reason-not-read = The notice has not been opened for three days
call-reason-unmailable = No mail can go to them: they have no address that works, or their account is switched off
call-reason-address-dead = Their email address no longer works
call-no-phone = No phone number on record
call-tell = Tell them
call-tell-legal = What the notice says: the terms (work, pay, deadline, pay day)
call-tell-address = Ask for a new email address, and tell them what the email said
call-tell-work = What changed about their work (see the page of the work)
call-tell-other = What the email said
call-open-paper = Open the notice
call-why = Why
call-note = What was said
call-note-support = Whom you told, and what. It stays on record
call-close = Done
call-lift = The address works, I checked
done-call-closed = Marked as done
done-address-lifted = Emails go to that address again
