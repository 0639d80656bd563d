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
