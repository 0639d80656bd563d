# The public form for inquiries.
inquiry-title = Ask { $town } for work
inquiry-promise = { $days ->
    [one] You get an answer within 1 business day
   *[other] You get an answer within { $days } business days
}
inquiry-company = Company or organization
inquiry-name = Your name
inquiry-name-support = Family name first, with a space between the names
inquiry-email-support = A receipt and our answer go here
inquiry-phone = Phone
inquiry-need = What you need
inquiry-need-support = The work, how much of it, by when: whatever you know already
inquiry-sample = Sample file
inquiry-sample-support = For example a photo of the paper or the table you use today. At most { $megabytes } MB. Please remove personal data first
inquiry-trap = Fax number (leave this empty)
inquiry-privacy = { $town } uses what you write only to answer you. No advertising is sent.
inquiry-consent = You may use this to answer me
inquiry-consent-missing = Tick this if you agree
inquiry-send = Send
inquiry-received-title = We have your inquiry
inquiry-answer-by = You get an answer by { $day }
inquiry-number = Number { $number }
inquiry-received-text = The same was mailed to you. If it does not arrive, please call.
inquiry-may-be-later = The holidays of that time are not published yet. A holiday in between makes it a day later.
inquiry-again = Send another inquiry
