# What a worker can do and learns: plain words.
learning-title = Skills and training
learning-answer = { $count ->
    [one] 1 skill counts now
   *[other] { $count } skills count now
}
learning-skills = What you can do
learning-until = until { $day }
learning-for-good = does not expire
learning-no-skills = No skills are recorded yet
learning-no-skills-text = After a training or a trial, the centre records them here.
learning-coming = Coming training
learning-none-coming = There is no training to join at the moment
learning-leads-to = What it teaches
learning-has-seat = You have a seat
learning-enrol = Take a seat
learning-leave = Give the seat back
learning-past = Earlier training
done-learning-enrolled = You have a seat. We remind you the day before
done-learning-left = Your seat was given back
done-learning-full = Every seat is taken. Please look at the others
done-learning-closed = Seats of this training can no longer be taken or given back
