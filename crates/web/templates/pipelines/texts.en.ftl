# The ways a town sells, and the stages of each.
pipelines-text = Each pipeline has a board and stages of its own
pipelines-archived = Out of use
pipeline-stages = { $count ->
    [one] { $count } stage
   *[other] { $count } stages
}
pipeline-stages-title = Stages
pipeline-new = Add a pipeline
pipeline-name = Name of the pipeline
pipeline-name-support = Such as: yearly contracts, single orders, other towns
pipeline-like = Modelled on
pipeline-like-usual = The usual seven stages
pipeline-add = Add
pipeline-rename = Rename
pipeline-archive = Take it out of use
pipeline-archive-text = A pipeline out of use has no board. What was won and lost in it stays, and it can be taken into use again.
pipeline-archived-text = Out of use now
pipeline-restore = Use it again
pipeline-stays = This pipeline is still in use
stage-new = Add a stage
stage-add = Add the stage
stage-name = Name of the stage
stage-kind = Kind
stage-kind-open = Open
stage-kind-won = Won
stage-kind-lost = Lost
stage-probability = Probability of winning
stage-probability-fixed = 100 for a won stage, 0 for a lost one
stage-idle-days = Idle after
stage-idle-days-support = A deal without a move or an activity for so many days is marked
stage-idle-after = { $days ->
    [one] 1 day
   *[other] { $days } days
}
stage-requires = Asks for
stage-requires-amount = Amount
stage-requires-contact = Contact
stage-requires-expected-close = Expected day
stage-requires-quote = Quote
stage-steps = May be followed by
stage-steps-any = Any stage
stage-steps-named = Only the chosen stages
stage-steps-none = Only winning, losing and pausing
stage-next = Chosen stages
stage-next-support = Used with “Only the chosen stages”
done-pipeline-added = The pipeline was added
done-pipeline-archived = The pipeline is out of use
done-pipeline-restored = The pipeline is in use again
done-stage-added = The stage was added
unit-days = days
stage-place = Place
stage-left = Earlier
stage-right = Later
done-stage-shifted = The order of the stages was changed
done-stage-changed-meanwhile = Somebody else has changed this stage. This is how they stand now
stage-remove = Take this stage away
stage-remove-text = The history of deals keeps its name.
stage-remove-into = Where its deals go
stage-remove-do = Take it away
done-stage-removed = The stage is gone, and its deals have moved
stage-stays = The stage stays
stage-deals = { $count ->
    [0] No deal stands in it now.
    [one] One deal stands in it now.
   *[other] { $count } deals stand in it now.
}
