## 二段階の検品：合格したものを、別の人がもう一度見る
levels-in-second = 2回目の検品中
levels-in-second-count = うち2回目の検品中 { $count }件
levels-first-passed = 1回目の検品に合格
levels-second-verdict = 2回目の検品: { $verdict }
levels-say-decide = 1回目の検品に合格しています。2回目の検品です。合格・差戻し・不合格を決めてください
levels-say-other = あなたが1回目の検品で合格にしました。2回目は別の人が見ます
levels-rule = 提出されたものは、2人が順に確認します
levels-my-unit-now = 1人目の確認が終わりました。今、2人目が確認しています。待ってください。
done-review-first = 1回目の検品に合格としました。次は別の人が見ます
jobs-field-review-levels = 検品する人の数
jobs-review-levels-support = 2人のときは、1人目が合格にしたものを別の人がもう一度見ます。抜き取りで検品しないことになった単位作業は、どちらも見ません。重要とした単位作業は、必ず全員が見ます
jobs-review-levels-one = 1人が見る
jobs-review-levels-two = 2人が順に見る
