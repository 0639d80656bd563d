# Mails and tasks.
message-subject = Subject
message-to = To
message-state = State
message-at = When
message-under-way = Under way
message-timeline = Timeline
message-transcript = Conversation
message-no-attempt = Not sent yet.
message-text = Text
messages-empty = No mails yet
messages-empty-text = Invitations, deliveries and every other mail Yui sends are recorded here.
sandbox-text = Mails of this server do not leave it; read them here.
sandbox-empty = No mails have arrived
sandbox-empty-text = Do something that sends a mail, such as inviting somebody, and it arrives here.
sandbox-links = Links in the mail
sandbox-html = Open as it looks
sandbox-headers = Headers
tasks-fine = No task is stuck
tasks-dead-count = { $count ->
    [one] 1 task is stuck
   *[other] { $count } tasks are stuck
}
tasks-attempts = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
tasks-retry = Try again
tasks-discard = Give up
tasks-depths = Tasks by kind
tasks-kind = Kind
tasks-state = State
tasks-count = Count
tasks-state-ready = Ready
tasks-state-gated = Waiting for its turn
tasks-state-parked = Put aside
tasks-state-scheduled = Scheduled
tasks-state-running = Running
tasks-state-dead = Dead
done-task-retried = It will be tried again
done-task-discarded = The task was given up
