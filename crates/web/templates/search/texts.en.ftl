# Search.
search-title = Search
search-hint = Type two or more characters of a name or title to find companies, people, deals, orders and pages.
search-pages = Pages
search-contacts = Contacts
search-deals = Deals
search-all = All { $kind }
search-more = There are more. Add a word to narrow it down.
search-none = Nothing matches “{ $q }”
search-none-text = Try a shorter word or another spelling. Two characters are enough.
