# Todos.
todos-title = やること
todos-tabs = やることを分ける
todos-open = これから
todos-done = 終わった
todos-asked = 自分が書いたもの
todos-answer = { $count ->
    [0] これからやることはありません
   *[other] これからやることが{ $count }件あります
}
todos-empty = ここには何もありません
todos-empty-text = 商談の次の行動のほかに、期限までにすることを書いておくと、今日の一覧に出ます。
todos-of-thing = やること
todo-new-title = やることを書く
todo-edit-title = やることを直す
todo-title = やること
todo-title-support = 何をするかを1行で（例: 見本を受け取りに行く）
todo-due-on = 期限
todo-due-time = 時刻
todo-due-time-support = 決まっているときだけ（例: 14:00）
todo-person = する人
todo-person-support = 自分でない人を選ぶと、その人にメールで知らせます
todo-asked = 書いた人
todo-asked-by = { $name }さんから
todo-of = { $name }さんがする
todo-about = 相手
todo-note = ひとこと
todo-facts = 内容
todo-open = これから
todo-done = 終わった
todo-done-at = { $at }に終わりました
todo-finish = 終わったら
todo-finish-button = 終わったことにする
todo-reopen = やっぱり終わっていない
todo-save = 書いておく
done-todo-added = やることに書きました
done-todo-finished = 終わったことにしました
done-todo-postponed = 別の日にしました
done-todo-reopened = もう一度やることに戻しました
done-todo-already = もうそうなっています
