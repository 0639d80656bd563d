# Samples of a job.
samples-title = Samples
samples-none = There are no samples yet
samples-answer = { $count ->
    [one] 1 sample
   *[other] { $count } samples
}
samples-how = Everybody to whom this job is offered and everybody who has some of it sees them. Make sure that they hold no client’s secrets and nothing about a person.
samples-add-title = Add a sample
samples-kind = Kind
samples-file = File
samples-file-support = PDF, pictures, Excel, Word, CSV and so on, up to { $count } MB. A job has up to 20
samples-note = What to look at
samples-note-support = Workers read it
samples-add = Add
samples-remove = Remove
sample-kind-good = Good example
sample-kind-bad = Bad example
sample-kind-template = Template
my-job-samples = Samples
done-samples-added = The sample is added
done-samples-removed = The sample is removed
