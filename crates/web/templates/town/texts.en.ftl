# The town's settings.
town-title = Town settings
town-text = Terms notices and mails name what stands here.
town-name = Name
town-slug = Short name (for addresses)
town-slug-support = Small letters, digits and hyphens, at least 3
town-legal-name = Legal name
town-legal-name-support = The orderer's name in documents
town-municipal-code = Municipal code
town-postal-address = Postal address
town-postal-address-support = Terms notices need it
town-contact-email = Contact mail
town-contact-email-support = Replies to mails go here
town-contact-phone = Contact phone
town-population = Population
town-population-as-of = Population as of
town-registration-number = Qualified-invoice registration number
town-registration-number-support = T and 13 digits; leave it empty if the town has none. Printed on quotes
