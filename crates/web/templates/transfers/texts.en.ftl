# Files of transfers (総合振込): making one, the paying account, what was made
transfer-title = Transfer file
transfer-answer = { $count ->
    [one] One payment, { $amount }, due on { $day } can go into a transfer file
   *[other] { $count } payments, { $amount } in all, due on { $day } can go into a transfer file
}
transfer-answer-nothing = Nothing due on { $day } can go into a transfer file
transfer-answer-made = The transfer file for { $day } is made
transfer-answer-none = Every statement is paid
transfer-days = Pay days
transfer-empty = Nothing is to be transferred
transfer-empty-text = Closing what was received makes statements; the transfer file of their pay day is made here.
transfer-no-payer = There is no paying account yet
transfer-no-payer-text = A transfer file needs the account the town pays from, and the originator code that its bank gave it.
transfer-from = Paid from
transfer-account = Bank { $bank }, branch { $branch }, { $kind }, { $number }
transfer-content = What goes into the file
transfer-total = Total
transfer-nothing = { $count ->
    [one] One statement comes to ¥0, so nothing is transferred for it.
   *[other] { $count } statements come to ¥0, so nothing is transferred for them.
}
transfer-own = Without your own statements ({ $count }, { $amount }): somebody else makes the file with those.
transfer-missing = Some have no account yet
transfer-missing-text = { $people ->
    [one] One person has not entered an account, and only they can. Ask them to, or leave them out and pay them in another way.
   *[other] { $people } people have not entered an account, and only they can. Ask them to, or leave them out and pay them in another way.
}
transfer-leave-out = { $people ->
    [one] Leave out the one person without an account
   *[other] Leave out the { $people } people without an account
}
transfer-no-bank = Some accounts are at a bank or branch that cannot be found
transfer-no-bank-text = { $people ->
    [one] One person’s account has a bank or branch code that is not on the list any more, as after a merger. Only they can change it. Ask them to, or leave them out and pay them in another way.
   *[other] The accounts of { $people } people have bank or branch codes that are not on the list any more, as after a merger. Only they can change them. Ask them to, or leave them out and pay them in another way.
}
transfer-leave-out-banks = { $people ->
    [one] Leave out the one person whose bank cannot be found
   *[other] Leave out the { $people } people without an account or whose bank cannot be found
}
transfer-late = The pay day, { $day }, has passed. Choose a day as early as possible.
transfer-late-from = A day after the pay day, { $day }, pays late. Choose one only if the bank takes nothing for the pay day any more.
transfer-unknown-year = Yui does not know the public holidays of that year yet. Please check with the bank that { $day } is a business day.
transfer-make = Make the transfer file
transfer-opens = This opens the workers’ accounts and writes them into a file for bulk transfers (Zengin format, 120 bytes). Who made it and when goes on record. Yui keeps no copy; delete yours once it is at the bank.
transfer-on = Day of transfer
transfer-on-support = A bank business day, from today to the pay day
transfer-on-support-late = A bank business day, from today to { $last }
transfer-action = Make and download the file
transfer-next = Once the money was transferred, mark what is in that file as paid.
transfer-files = Transfer files made for this pay day
transfer-file-made = Made
transfer-file-by = By
transfer-file-payments-left = { $count } ({ $left } left out)
transfer-file-voided = Cancelled by { $name }, { $when }
transfer-file-other-payer = Another paying account than now
transfer-moved = Some changed their account after the transfer file
transfer-moved-text = The transfer file of { $made } pays these people at the account they had before. If it is not at the bank yet, cancel it and make it again.
transfer-void-title = Cancel the transfer file of { $made }
transfer-void-about = Only if it was not sent to the bank. Its statements can then go into the next file. Cancelling a file that was sent may pay people twice.
transfer-void = It was not sent to the bank: cancel it
done-transfer-voided = The transfer file is cancelled. Do not send it to the bank; delete your copy
payer-title = Paying account
payer-answer = Transfer files are made to be paid from this account
payer-answer-none = With a paying account, transfer files can be made
payer-about = The account of your bulk transfer contract. Enter it as in the bank book or the contract. Changes go on record.
payer-enter = Enter the paying account
payer-change = Change it
payer-originator-code = Originator code
payer-originator-code-support = Ten digits that your bank gave you
payer-name = Originator name in kana
payer-name-support = As the bank has it, up to 40 characters of kana, such as ミホンチヨウ テレワ-ク
payer-bank-support = Four digits
payer-account = Account
done-payer-kept = The paying account is kept
api-tag-payer = Paying account
api-tag-transfer-files = Transfer files that were made
