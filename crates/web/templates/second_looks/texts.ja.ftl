# Second looks: a few verdicts are given once more by somebody who does not know the first.
second-looks-title = 二重検品
second-looks-answer = { $count ->
    [0] 待っているものはありません
   *[other] もう一度見るもの { $count }件
}
second-looks-empty = もう一度見るものはありません
second-looks-empty-text = 検品したものから、くじで少しだけ選ばれて、ここに並びます。自分が検品したものと作ったものは並びません。
second-looks-agreement = 検品のそろい方
second-looks-none-yet = 二人目の判断がついたものは、まだありません。
second-looks-alike = { $day }からの二重検品{ $count }件のうち、{ $alike }件で同じ判断でした。
second-looks-kappa = 偶然をのぞいた一致度（κ）は{ $kappa }。おそらく{ $low }から{ $high }の間です。
second-looks-no-kappa = まだどちらの判断も一方だけなので、偶然をのぞいた一致度（κ）は出せません。
second-looks-kappa-how = κは、いつも同じなら1、偶然と変わらなければ0です。低いときは、見本や確認項目をいっしょに見直してください。
second-looks-one = もう一度見る
second-looks-how = ほかの人がどう判断したかは見せません。結果は、単位作業にも支払いにも関係しません。検品がそろっているかを確かめるために使います。
second-looks-verdict = どう判断しますか
second-looks-verdict-pass = 合格
second-looks-verdict-fail = 合格にしない
second-looks-comment = 気づいたこと
second-looks-comment-support = 合格にしないときは、理由を書いてください
second-looks-say = これで決める
done-second-looks-said = 記録しました
quality-second-look = 二重検品の割合
quality-second-look-support = 検品100件のうち、別の人がもう一度見る件数。0から100
unit-percent-of-reviews = ％
api-tag-second-looks = 二重検品
