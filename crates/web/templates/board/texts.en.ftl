# The board.
board-answer = { $count } open · { $sum } in all
board-idle = { $days } days without a move
board-dormant = Dormant deals
board-more = Show more
board-more-cards = Deals
board-empty = No deals yet
board-empty-text = Choose a company and start a deal; deals stand here stage by stage.
board-stayed = “{ $title }” was not moved
board-moved = “{ $title }” was moved.
board-undo = Undo
board-missing = This stage asks for: { $missing }
board-enter-missing = Enter what is missing
board-open-deal = Open the deal
done-deal-moved = The deal was moved
