# Leads.
leads-answer = { $count ->
    [0] まだ連絡していない見込みはありません
   *[other] まだ連絡していない見込みが{ $count }件あります
}
leads-late = 返事が遅れている
leads-answer-late = { $count ->
    [0] 約束の日を過ぎた見込みはありません
   *[other] 約束の日を過ぎても返事をしていない見込みが{ $count }件あります
}
lead-answer-by = 返事の期限
lead-answer-by-due = 返事: { $day }
lead-waited = 返事までの時間
lead-answered-after = 営業時間で{ $hours }時間{ $minutes }分
lead-answered-late = （約束の日を過ぎてから）
leads-states = 状態で分ける
leads-all = すべて
leads-shown = { $count }件を表示
leads-empty = ここには見込みがありません
leads-empty-text = 問い合わせや紹介など、商談になるかもしれない相手をここに入れます。
lead-new-title = 見込みを登録する
lead-edit-title = 内容を直す
lead-company-name = 会社の名前
lead-contact-name = 担当者の名前
lead-contact-name-support = 姓と名の間に空白を入れてください（例: 山田 太郎）
lead-need = 困りごと・頼みたいこと
lead-need-support = 最初の1行が、商談の件名になります
lead-owner = 担当
lead-facts = 基本情報
lead-samples = 届いた見本
lead-source = きっかけ
lead-source-web = ウェブサイト
lead-source-phone = 電話
lead-source-mail = メール
lead-source-introduction = 紹介
lead-source-visit = 訪問
lead-source-event = 催し
lead-source-register = 法人番号検索
lead-source-other = その他
lead-state-new = 未連絡
lead-state-contacted = 連絡済み
lead-state-converted = 商談になった
lead-state-disqualified = 見送り
lead-entered = { $date }に登録
lead-contacted-at = 最初の連絡
lead-not-contacted = まだ
lead-answer-new = まだ連絡していません。最初の連絡をしてください
lead-answer-contacted = 連絡済みです。商談にするか、見送るかを決めてください
lead-answer-disqualified = 見送りました（{ $reason }）
lead-answer-converted = 商談になりました
lead-open-deal = 商談を見る
lead-next-steps = 次の一手
lead-log = 連絡したことを記録する
lead-convert = 商談にする
lead-convert-title = 見込みを商談にする
lead-convert-answer = { $name }の内容をそのまま使います。次の行動と日付だけ決めてください
lead-convert-company-support = 登録済みの企業なら選んでください。重ねて登録せずに済みます
lead-convert-new-company = 「{ $name }」を新しく登録する
lead-convert-between = ・
lead-convert-contact = 担当者に「{ $name }」を使います（まだなければ加えます）。
lead-convert-title-support = 空欄なら、困りごとの最初の1行になります
lead-disqualify = 見送る
lead-disqualify-button = 見送りにする
lead-reason = 見送る理由
lead-reason-no-need = 必要がない
lead-reason-no-budget = 予算がない
lead-reason-out-of-scope = 当方の仕事ではない
lead-reason-unreachable = 連絡がつかない
lead-reason-duplicate = すでにある
lead-reason-other = その他
done-lead-entered = 見込みを登録しました
done-lead-disqualified = 見送りにしました
done-lead-converted = 商談にしました
form-choose = 選んでください
done-lead-already-converted = この見込みは、もうあなたが商談にしています。これがその商談です
done-lead-converted-by-other = この見込みは、ほかの人が商談にしていました。これがその商談です
done-lead-already-disqualified = この見込みは、もう見送りになっています
