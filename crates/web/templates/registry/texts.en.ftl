# The corporate-number register.
registry-lead = Find a company by name, reading or corporate number and enter it without typing
registry-search = Find a company (name, reading or number, from two characters)
registry-filters = Filters
registry-with-closed = Include closed and unlisted ones
registry-shown = { $more ->
    [yes] Showing { $count } companies; there are more
   *[other] { $count ->
        [one] 1 company found
       *[other] { $count } companies found
    }
}
registry-adopt = Enter as our company
registry-ours = Already ours
registry-hidden = Whereabouts unconfirmed
registry-deleted = Number withdrawn
registry-closed-since = Closed ({ $date }, { $cause })
registry-deleted-since = Number withdrawn ({ $date })
registry-cause-01 = wound up
registry-cause-11 = dissolved by merger
registry-cause-21 = closed by the registrar
registry-cause-31 = otherwise wound up
registry-none-found = No company matches “{ $q }”
registry-none-found-text = Try part of the name or its reading, or include closed companies. Anyone without a registration can be entered by hand.
registry-source = Source: processed from data of { $name } (National Tax Agency corporate number site).
registry-as-of = As of { $date }.
registry-count = { $companies ->
    [one] 1 company, { $closed } of them closed; imported { $imported }.
   *[other] { $companies } companies, { $closed } of them closed; imported { $imported }.
}
registry-empty = No corporate-number data yet
registry-empty-text = Download a prefecture's file from the National Tax Agency's corporate number site and run this command on the server; then you can search here.
registry-confirm-title = Enter a closed company?
registry-confirm-closed = By the register this company no longer exists
registry-confirm-text = You can still enter it, for example to record past business. If you want a new client, check first whether another company took it over.
registry-confirm-button = Enter it although it is closed
done-company-adopted = The company was entered from the register
done-company-known = This company had been entered before
