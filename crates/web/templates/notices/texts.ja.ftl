# What somebody was told.
nav-notices = お知らせ
notices-text = あなたに送ったメールを、ここでも読めます。60日前までの分です。
notices-all-read = 読んでいないお知らせはありません
notices-unread = 読んでいないお知らせが{ $count }件あります
notices-unread-more = 読んでいないお知らせが{ $count }件以上あります
notices-read-all = ここまで、すべて読みました
notices-empty = お知らせはまだありません
notices-empty-text = あなたへのお知らせが届くと、ここに出ます。
notices-settings = お知らせの受け取り方を選ぶ
notice-new = 未読
notice-read = 読みました
notice-open = このページを開く
notice-text = お知らせの内容
notices-bell = お知らせ。{ $unread }
done-notice-read = 読んだことにしました
done-notices-read = すべて読んだことにしました
