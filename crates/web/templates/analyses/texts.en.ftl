# How selling goes.
analyses-title = Sales analyses
analyses-answer = { $share } of decided deals were won ({ $won } of { $decided })
analyses-answer-few = { $decided ->
    [one] 1 deal was decided and { $won } of them won: too few to say a share
   *[other] { $decided } deals were decided and { $won } of them won: too few to say a share
}
analyses-answer-none = No deal was decided in these days yet
analyses-span = { $from } to { $to }
analyses-filters = Year, period and pipeline
analyses-every-pipeline = Every pipeline
analyses-few = Too few to say
analyses-few-means = Of fewer than { $least } no share and no average is said: one more would change it too much.
analyses-tile-rate = Share won
analyses-tile-rate-means = Of the deals that were decided
analyses-tile-decided = Decided deals
analyses-tile-decided-means = Without orders that came by themselves
analyses-tile-average = Average order
analyses-tile-average-means = Before tax
analyses-none = No deal was entered in these days
analyses-none-text = Once deals are entered, how far they come is shown here
analyses-funnel = Stage by stage ({ $name })
analyses-funnel-finding = { $entered ->
    [one] Of 1 deal entered in these days, { $won } is won
   *[other] Of { $entered } deals entered in these days, { $won } are won
}
analyses-funnel-open = { $count ->
    [one] Shares leave out the 1 deal that still stands in its stage
   *[other] Shares leave out the { $count } deals that still stand in their stages
}
analyses-deals = { $count ->
    [one] 1 deal
   *[other] { $count } deals
}
analyses-step = { $count ->
    [one] 1 deal → { $share }
   *[other] { $count } deals → { $share }
}
analyses-stage = Stage
analyses-reached = Came this far
analyses-went-on = Went on
analyses-lost-here = Lost here
analyses-standing = Here now
analyses-share-on = Share that goes on
analyses-days = Days on average
analyses-days-average = { $days ->
    [one] 1 day (times: { $count })
   *[other] { $days } days (times: { $count })
}
analyses-by-source = Share won by source
analyses-by-client-class = Share won by industry and tag
analyses-by-job-kind = Share won by kind of work
analyses-by-client = Share won by new and returning clients
analyses-by-size = Share won by size
analyses-best = { $name }: the highest is “{ $value }” with { $share }
analyses-mark = The dashed line is the share of all
analyses-value = Value
analyses-unknown = Not recorded
analyses-won = Won
analyses-decided = Decided
analyses-share-won = Share won
analyses-won-amount = Amount won
analyses-of-decided = { $share } (of { $count })
analyses-lost = Why deals were lost
analyses-lost-none = No deal was lost in these days
analyses-lost-few = { $count ->
    [one] 1 deal was lost in these days: too few to say shares
   *[other] { $count } deals were lost in these days: too few to say shares
}
analyses-lost-finding = The most frequent reason is “{ $reason }” ({ $share })
analyses-reason = Reason
analyses-share = Share
analyses-clients = Orders by client (ABC)
analyses-clients-finding = { $count ->
    [one] The only client has { $share } of the orders
   *[other] Of { $all } clients, the top { $count } have { $share } of the orders
}
analyses-clients-none = Nothing was ordered in these days yet
analyses-client = Client
analyses-class = Class
analyses-class-means = A: the clients that come to 70% of the orders together; B: to 90% with them
analyses-own-title = Own and re-entrusted work
analyses-own = The town’s own orders
analyses-partners = Re-entrusted by others
analyses-own-finding = { $share } of what was accepted was the town’s own
analyses-own-means = What was accepted in these days, before tax
analyses-own-every = What was accepted in these days, before tax, of every pipeline
analyses-own-none = Nothing was accepted in these days yet
analyses-amount-share = { $amount } ({ $share })
picture-table = As a table
