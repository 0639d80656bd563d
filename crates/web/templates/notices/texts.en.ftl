# What somebody was told.
nav-notices = Notices
notices-text = The mails to you, to be read here as well. They stay for 60 days.
notices-all-read = You have read everything
notices-unread = { $count ->
    [one] There is one notice you have not read
   *[other] There are { $count } notices you have not read
}
notices-unread-more = There are more than { $count } notices you have not read
notices-read-all = I have read all of this
notices-empty = No notices yet
notices-empty-text = What you are told stands here.
notices-settings = Choose how you are told
notice-new = New
notice-read = I have read it
notice-open = Open the page
notice-text = What it says
notices-bell = Notices. { $unread }
done-notice-read = It counts as read
done-notices-read = Everything counts as read
