# Activities beside deals, and notes on leads.
activity-tell = Somebody to tell
activity-tell-nobody = Nobody
activity-tell-support = Whoever you choose is mailed that there is a note, and so is whoever it names, such as “@Tanaka”
company-activities = Activities
company-activities-text = What was said before there was a deal, or beside one
lead-notes = Notes
lead-notes-text = What is worth remembering. Whoever gets in touch records that on the lead’s own page
lead-note-new = Add a note
activities-so-far = So far
activities-none = Nothing is recorded yet
