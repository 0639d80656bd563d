# Companies.
companies-shown = { $count ->
    [one] 1 company
   *[other] { $count } companies
}
companies-search = Find a company (name or reading, from two characters)
companies-none-found = No company matches “{ $q }”
companies-none-found-text = Companies you have not entered yet can be found in the company register.
companies-empty = No companies yet
companies-empty-text = Companies you sell to belong here. Choose one from the company register and its name and address need no typing.
company-new-title = Enter a company
company-edit-title = Edit company
company-facts = Details
company-name = Name
company-furigana = Reading (kana)
company-furigana-support = Lists are sorted by the reading
company-number = Corporate number
company-number-support = 13 digits; full-width is fine
company-postal-code = Postal code
company-address = Address
company-phone = Phone
company-website = Website
company-note = Note
registry-search-there = Search the company register
registry-open = Open the company register
deal-new-title = Start a deal
form-save = Save
form-cancel = Cancel
word-unknown = Not entered
word-none = None
done-company-entered = The company was entered
done-saved = Saved
company-postal-code-support = 7 digits; 〒 and hyphens are fine
company-addressed = Addressed as
company-alike-title = This company may be here already
company-alike-text = Open it to make sure; what you typed is kept. If it is another company, go on with the button below.
company-alike-taken = A company with this corporate number is here already
company-alike-enter = Enter it as another company
company-alike-save = Save it as another company
company-alike-number = same corporate number
company-alike-name = same name
company-alike-phone = same phone number
company-alike-site = same domain of site or mail
company-alike-person = we know the person
list-kana-rows = Go to a kana
list-nothing-after = Nothing from here on
list-nothing-after-text = Go back to the start to look elsewhere.
terms-title = Terms
terms-none = No terms agreed yet
terms-change = Agree or change terms
terms-versions = Versions
terms-version = Version { $version }
terms-payment = books close on { $closing }, paid on { $pay } of { $months }
terms-day = day { $day }
terms-months-end = the last day
terms-months-0 = the same month
terms-months-1 = the next month
terms-months-2 = the month after next
terms-months-3 = the third month
terms-inspection = { $days ->
    [one] inspected within 1 day of delivery
   *[other] inspected within { $days } days of delivery
}
terms-closing-day = Books close on day
terms-day-support = 31 for the end of the month
terms-months-later = Month of payment
terms-not-agreed = Not agreed
terms-pay-day = Day of payment
terms-inspection-days = Days to inspect
terms-inspection-support = Within how many days of a delivery they inspect
terms-silence = Without an answer by then, a delivery counts as accepted
terms-silence-support = Only where their contract or order sheet says so. They are mailed once more two business days before
terms-silence-said = accepted without an answer
terms-days-unit = days
terms-remarks = From their order sheet
terms-remarks-support = Such as numbers to put on delivery notes, where invoices go
terms-agree = Record as a new version
done-terms-agreed = The terms were recorded
