# The board.
board-answer = { $count } open · { $sum }
board-idle = { $days } days without a move
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
