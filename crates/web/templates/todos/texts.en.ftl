# Todos.
todos-title = Todos
todos-tabs = Filter todos
todos-open = To do
todos-done = Done
todos-asked = Written by me
todos-answer = { $count ->
    [0] Nothing is left to do
    [one] 1 thing to do
   *[other] { $count } things to do
}
todos-empty = Nothing stands here
todos-empty-text = Write down what has to be done by a day beside the next actions of deals; it comes up in your day.
todos-of-thing = Todos
todo-new-title = Add a todo
todo-edit-title = Change the todo
todo-title = What is to be done
todo-title-support = In one line, such as: fetch the samples
todo-due-on = Due
todo-due-time = Time
todo-due-time-support = Only where it matters, such as 14:00 (Japan)
todo-person = Who does it
todo-person-support = Somebody else is told by mail
todo-asked = Written by
todo-asked-by = from { $name }
todo-of = for { $name }
todo-about = About
todo-note = In a line
todo-facts = Details
todo-open = To do
todo-done = Done
todo-done-at = Done on { $at }
todo-finish = When it is done
todo-finish-button = Mark as done
todo-reopen = Not done after all
todo-save = Add
done-todo-added = Added to the todos
done-todo-finished = Marked as done
done-todo-postponed = Moved to another day
done-todo-reopened = Back among the todos
done-todo-already = That is so already
