# Questions about how work is done.
questions-title = Questions
questions-one = Answer a question
questions-of-job = Questions about this job
questions-answer = { $count ->
    [one] 1 question waits for an answer
   *[other] { $count } questions wait for an answer
}
questions-late = { $count ->
    [one] 1 has waited too long
   *[other] { $count } have waited too long
}
questions-none-wait = No question waits for an answer
questions-empty = No question waits for an answer
questions-empty-text = When a worker or a reviewer asks about a job, it stands here.
questions-how = Everybody to whom this job is offered and everybody who has some of it reads questions and answers. Workers do not see who asked.
questions-asked = Asked by { $who }
questions-answered = Answered by { $who }
questions-until = Answer by { $when }
questions-overdue = Due since { $when }
questions-is-rule = Became a rule ({ $version })
questions-answer-open = Answer
questions-add-answer = Add to the answer
questions-answer-text = Answer
questions-answer-support = Everybody on this job reads it
questions-answer-do = Answer
questions-answer-rule = Answer and add it to the rules
questions-make-rule = Add the newest answer to the rules
questions-ask-title = Ask
questions-text = Question
questions-text-support = Such as what you were unsure of while checking
questions-ask-do = Ask
questions-over = This job is over, so nobody asks about it any more.
questions-tile = Questions that wait
questions-tile-answer = Answer them
done-questions-asked = Asked
done-questions-answered = Answered. Whoever asked and everybody who has the work is told by mail
done-questions-ruled = The answer is part of the rules now
