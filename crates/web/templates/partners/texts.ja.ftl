# Partner towns, and what came and went by each.

partners-title = 提携自治体
partners-answer = 提携している自治体 { $count }
partners-answer-none = 提携している自治体はまだありません。
partners-since = { $when }から
partners-empty = 提携自治体はありません
partners-empty-text = 同じYuiを使う自治体に提携を申し込むと、受注の一部を共有できます。
partners-agree = 提携する
partners-end = 提携を終える
partners-refuse = 断る
partners-take-back = 申し込みを取り消す
partners-ask = 提携を申し込む
partners-ask-do = 申し込む
partners-town = 相手の自治体の名前（アドレス）
partners-town-support = 相手のサインイン画面のアドレス「/t/○○/sign-in」の○○の部分です（例：shiojiri）
partners-name = 自治体
partners-all = 合計
partners-years = 年度
partners-amounts = { $year }の受け渡し（税抜）
partners-agreed-in = 受けた金額
partners-accepted-in = うち検収
partners-agreed-out = 出した金額
partners-accepted-out = うち検収（出した分）
partners-paid-out = 支払い済み（税込）
partners-amounts-note = 引き受けが決まった日の年度で数えます。中止になった共有は、検収された分だけを数えます。支払い済みは、これまでに各共有に記録した額です。

state-partner-asked = 申し込み中
state-partner-asked-by = 申し込みあり
state-partner-agreed = 提携中
state-partner-ended = 終了

done-partners-asked = 提携を申し込みました
done-partners-agreed = 提携しました
done-partners-ended = 相手に伝えました

partner-news-asked = 提携を申し込んでいます
partner-news-asked-by = 提携の申し込みがありました
partner-news-agreed = 提携が始まりました
partner-news-ended = 提携が終わりました
message-kind-partner-moved = 提携の動き
task-partner-heard-mail = 提携の動きを知らせる
