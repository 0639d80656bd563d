# Versions of the work rules.
rules-title = Rules of the work
rules-version = Version { $number }
rules-answer = { $version } is in force
rules-told = { $count ->
    [one] 1 person has some of this work and is told by mail.
   *[other] { $count } people have some of this work and are told by mail.
}
rules-told-how = Their work is checked by the rules they agreed to. Where a change means more work, set pay for it.
rules-text-support = The whole text that workers read. It becomes part of the written terms of whoever takes this work from now on
rules-note = Why it changes
rules-note-support = Those who have the work read it as it stands
rules-change = Put this in force
rules-over = This job is over, so its rules do not change any more.
rules-versions = Versions so far
rules-link = Versions and changes
rules-made-under = Made under { $made }, which is in force.
rules-made-under-older = Made under { $made }. It became { $newest } on { $day }, which its maker has not read yet. Judge it by { $made }: what only the newer rules ask for is a changed specification.
rules-made-under-changes = What changed since
done-rules-changed = The rules are changed
done-rules-same = Nothing was changed: it is the same text
rules-from-question = From the answer to this question
