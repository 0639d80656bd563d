# Whom to call.
nav-calls = 電話で確かめる
calls-open = { $count ->
    [0] 電話をかける方はいません
   *[other] 電話で確かめる連絡が{ $count }件あります
}
calls-text = 法律で定められた通知が届かなかった方、開かれていない方、アドレスが使えなくなった方、メールをお持ちでなく仕事に変更があった方です。
calls-empty = 電話をかける方はいません
calls-empty-text = 大切な通知が届かなかったとき、ここに並びます。
call-reason-not-delivered = 通知を送れませんでした
call-reason-bounced = 通知が戻ってきました
call-reason-not-read = 通知が3日間開かれていません
call-reason-unmailable = メールを送れない方です（届くアドレスがないか、利用を止めています）
call-reason-address-dead = メールアドレスが使えなくなっています
call-no-phone = 電話番号が登録されていません
call-tell = 伝えること
call-tell-legal = 取引条件（業務名・報酬・期限・支払日）など、書面にある内容
call-tell-address = 新しいメールアドレスを聞いてください。届かなかったメールの内容も伝えてください
call-tell-work = 仕事の変更（くわしくは、その業務のページ）
call-tell-other = 届かなかったメールの内容
call-open-paper = 書面を開く
call-why = かける理由
call-note = 話した内容
call-note-support = だれに、何を伝えたか。記録に残ります
call-close = 済みにする
call-lift = アドレスは使えると確かめた
done-call-closed = 済みにしました
done-address-lifted = このアドレスへ、また送ります
