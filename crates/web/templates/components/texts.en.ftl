# Words of the frame and the shared components. Same keys as texts.ja.ftl.

## Frame
shell-skip = Skip to content
shell-demo = Demo: people, companies and amounts are invented
shell-home = Home
shell-search = Search
shell-search-label = Search companies, people, deals, orders and pages
shell-search-button = Search
shell-add = Add
shell-person-menu = Menu of { $name }
shell-text-size = Text size
shell-text-size-normal = Normal
shell-text-size-large = Large
shell-text-size-larger = Larger
shell-face = Typeface
shell-face-standard = Standard
shell-face-readable = Easy to read
shell-theme = Colours
shell-theme-system = Device
shell-theme-light = Light
shell-theme-dark = Dark
shell-language = Language / 言語
shell-keys = Keyboard shortcuts
shell-keys-on = On
shell-keys-off = Off
shell-account = My settings
shell-sign-out = Sign out
shell-menu = Menu
shell-menu-short = Menu
shell-menu-close = Close
shell-bottom = Main pages
shell-breadcrumb = You are here
shell-more = More actions
print = Print
shell-reach = Contact { $town }:
shell-help = Help
shell-accessibility = Accessibility
shell-show-password = Show password
shell-sending = Sending
shell-failed-once = We could not tell whether it arrived. What you typed is still here, and pressing again will not send it twice.
shell-failed = We could not connect. What you typed is still here. Please wait a moment and try again.

## Fields
field-required = Required
field-optional = Optional
field-error = Error
field-error-mark = {""}
field-date-year = Year
field-date-month = Month
field-date-day = Day
field-file-too-large = The file is too large to be sent
field-summary-title = { $count ->
    [one] Please check one answer
   *[other] Please check { $count } answers
}
field-summary-entry = { $label }: { $text }
field-draft-restored = We put back what you typed earlier.
field-draft-discard = Clear and start again

## Notices
notice-success = Done
notice-error = Error
notice-warning = Please note
notice-info = Information

## Lists
pager-label = More of this list
pager-next = Show next
pager-first = Back to the start
filter-remove = (remove this filter)

## Board
board-stages = Stages
board-column-empty = No deals at this stage
board-move = Move
board-move-to = Move “{ $title }” to
board-move-button = Move
board-up = Up
board-down = Down
board-top = To the top

## States: deal
state-deal-open = Open
state-deal-won = Won
state-deal-lost = Lost
state-deal-dormant = Paused

## States: order
state-order-draft = Draft
state-order-running = Running
state-order-delivered = Delivered
state-order-accepted = Accepted
state-order-invoiced = Invoiced
state-order-paid = Paid
state-order-closed = Closed
state-order-cancelled = Cancelled

## States: unit
state-unit-draft = Draft
state-unit-offered = Offered
state-unit-claimed = Claimed
state-unit-working = In work
state-unit-paused = Paused
state-unit-submitted = Submitted
state-unit-checking = In review
state-unit-returned = Returned
state-unit-passed = Passed
state-unit-delivered = Delivered
state-unit-accepted = Accepted
state-unit-claimed-back = Fix asked
state-unit-rejected = Rejected
state-unit-handed-back = Handed back
state-unit-cancelled = Cancelled

## States: worker
state-worker-applicant = Applied
state-worker-registered = Registered
state-worker-training = In training
state-worker-active = Active
state-worker-paused = Paused
state-worker-withdrawn = Left

## States: member
state-member-active = Active
state-member-invited = Invited
state-member-offline = No sign-in
state-member-disabled = Disabled

## States: message
state-message-queued = Waiting
state-message-claimed = Preparing
state-message-sending = Sending
state-message-accepted = Sent
state-message-deferred = Will retry
state-message-rejected = Refused
state-message-unknown = Unknown
state-message-held = Held
state-message-cancelled = Cancelled
state-message-dead = Failed
state-message-bounced = Bounced
state-message-complained = Marked as spam
state-message-expired = Expired

## States: attempt to send a message
state-attempt-running = Under way
state-attempt-accepted = Taken
state-attempt-deferred = To be retried
state-attempt-rejected = Refused
state-attempt-held = On hold
state-attempt-unknown = Unknown
state-attempt-relay-down = Relay down

## States: task
state-task-ready = Ready
state-task-gated = Waiting for its turn
state-task-parked = Put aside
state-task-scheduled = Scheduled
state-task-running = Running
state-task-dead = Stuck

## States: delivery
state-delivery-draft = Being prepared
state-delivery-sent = Delivered
state-delivery-opened = Being checked
state-delivery-accepted = Accepted
state-delivery-returned = Fix asked

## States: papers (invoices, statements, quotes)
state-paper-draft = Draft
state-paper-issued = Issued
state-paper-paid = Paid
state-paper-overdue = Overdue
state-paper-replaced = Replaced

## What somebody else saved meanwhile
overtaken-title = Somebody else saved a change meanwhile
overtaken-text = What you typed is kept below. Saving it replaces what stands now in these fields.
overtaken-field = Field
overtaken-stands = Stands now
overtaken-typed = You typed
unsaved-title = This came too late and was not saved
unsaved-text = Somebody closed this, or it was done, while you typed. Copy what you want to keep.
unsaved-elsewhere = Write it down elsewhere
list-unknown-filter = There is no condition “{ $asked }”. Everything is shown.
