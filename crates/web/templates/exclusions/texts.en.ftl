### What somebody is not asked to do

exclusions-title = Work not asked for
exclusions-answer = { $count ->
    [0] Nothing is kept from them now
    [one] 1 piece of work is not asked of them now
   *[other] { $count } pieces of work are not asked of them now
}
exclusions-about = For work that somebody had better not do, because they are close to the client for instance. It is not offered to them and they cannot take it. They are told only that they are not asked to do this job at present, never why. What they have taken already stays theirs.
exclusions-now = Not asked for now
exclusions-before = No longer counts
exclusions-add = Add work that is not asked for
exclusions-job = Job
exclusions-job-blank = Choose
exclusions-job-support = For all work of a client, choose one of that client’s jobs
exclusions-extent = How far
exclusions-extent-job = This job only
exclusions-extent-client = All work of this client, what is to come as well
exclusions-reason = Why
exclusions-reason-support = Gone a year after somebody left. No details are written down
exclusions-reason-close-person = Somebody close to them works for the client
exclusions-reason-works-there = They work for the client themselves, or do business with it
exclusions-reason-own-wish = Their own wish
exclusions-until = Until
exclusions-until-support = The last day it counts; empty until it is taken back
exclusions-do = Do not ask them
exclusions-lift = Take back
exclusions-no-jobs = No job is under way. It can be decided once there is one.
exclusions-what-client = All work of { $client }
exclusions-until-lifted = Until it is taken back
exclusions-until-day = Until { $day }
exclusions-said-by = Decided by { $name }, { $day }
exclusions-lifted-by = Taken back by { $name }, { $day }
done-exclusion-made = Added to what they are not asked to do
done-exclusion-lifted = Taken back; from the next round they are asked like anybody else
api-tag-exclusions = Work not asked for
