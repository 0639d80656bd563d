# Activities beside deals, and notes on leads.
activity-tell = 知らせる相手
activity-tell-nobody = だれにも知らせない
activity-tell-support = 選んだ人に、記録があることをメールで知らせます。メモに「@田中」のように書いた人にも届きます
company-activities = 活動の記録
company-activities-text = 商談になる前のやりとりや、商談によらない連絡を残します
lead-notes = メモ
lead-notes-text = 覚えておくことを残します。連絡したときは、見込みのページに記録してください
lead-note-new = メモを残す
activities-so-far = これまでの記録
activities-none = まだ記録はありません
