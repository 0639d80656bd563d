# Whom to call.
nav-calls = 電話で確かめる
calls-open = 電話で確かめる方が{ $count }人います
calls-text = 法律で定められた通知が届かなかった方、開かれていない方、アドレスが使えなくなった方です。
calls-empty = 電話をかける方はいません
calls-empty-text = 大切な通知が届かなかったとき、ここに並びます。
call-reason-not-delivered = 通知を送れませんでした
call-reason-bounced = 通知が戻ってきました
call-reason-not-read = 通知が3日間開かれていません
call-reason-unmailable = メールを送れない方です（アドレスがないか、利用を止めています）
call-reason-address-dead = メールアドレスが使えなくなっています
call-note = 話した内容
call-close = 済みにする
call-lift = アドレスは使えると確かめた
done-call-closed = 済みにしました
done-address-lifted = このアドレスへ、また送ります
