# The board.
board-answer = { $count } open · { $sum }
board-idle = { $days ->
    [one] 1 day without a move
   *[other] { $days } days without a move
}
board-dormant = Paused deals
board-more = Show more
board-more-cards = Deals
board-empty = No deals yet
board-empty-text = Choose a company and start a deal; deals are shown here by stage.
board-stayed = “{ $title }” was not moved
board-moved = “{ $title }” was moved to { $stage }.
board-worth = { $sum } before tax
board-worth-partly = { $sum } before tax, plus { $count } without an amount
board-worth-undecided = No amount yet: { $count }
board-undo = Undo
board-missing = This stage asks for: { $missing }
board-enter-missing = Enter what is missing
board-open-deal = Open the deal
done-deal-moved = The deal was moved
board-of-year = { $stage } ({ $year })
board-all-closed = { $count ->
    [one] See it in the list
   *[other] See all { $count }
}
done-deal-stays = The deal is in that stage already
board-newer = Somebody changed it meanwhile. It is in { $stage } now, and the next action is “{ $next }”. Please look at it first.
board-newer-closed = Somebody changed it meanwhile. It is in { $stage } now.
done-deal-reordered = The order was changed
board-news = Changed by others: #
board-refresh = Show the newest
board-pipeline = Pipeline
board-pipeline-show = Show it
board-step = By the town’s rules a deal does not go from { $from } to { $to }. It may go to: { $next }
board-reordered = “{ $title }” changed its place.
done-deal-put-back = The card is back where it was
done-deal-put-on-top = The card it stood under has gone elsewhere, so it stands on top
