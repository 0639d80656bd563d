## 二段階の検品：合格したものを、別の人がもう一度見る
levels-in-second = 2回目の検品中
levels-in-second-count = うち2回目の検品中 { $count }件
levels-first-passed = 1回目の検品に合格
levels-second-verdict = 2回目の検品: { $verdict }
levels-say-decide = 1回目の検品に合格しています。2回目の検品です。合格・差戻し・不合格を決めてください
levels-say-first = 合格・差戻し・不合格を決めてください。合格にすると、2回目の検品を別の人がします
levels-lease-free = 2回目の検品は、まだだれもしていません
levels-say-other = あなたが1回目の検品で合格にしました。2回目は別の人が見ます
levels-rule = 提出されたものは、2人が順に確認します
levels-my-unit-now = 1人目の確認が終わりました。今、2人目が確認しています。待ってください。
done-review-first = 1回目の検品に合格としました。次は別の人が見ます
jobs-field-review-levels = 検品する人の数
jobs-review-levels-support = 2人のときは、1人目が合格にしたものを別の人がもう一度見ます。抜き取りで検品しないことになった単位作業は、どちらも見ません。重要とした単位作業は、必ず全員が見ます
jobs-review-levels-one = 1人が見る
jobs-review-levels-two = 2人が順に見る

## 差戻しへの異議
appeals-own-return = あなたが差し戻したもの
appeals-own-text-return = 差し戻した人と作った人は決められません。ほかの人が決めます。
appeals-of-return = 差戻しへの異議
appeals-extra-pay-support = 「追加の報酬を払って直してもらう」ときだけ、入れてください
appeals-due-on-support = 入れないときは、異議が出た日に残っていた日数（少なくとも3営業日）を、今日から数えます
appeal-outcome-return-upheld = 差戻しのままにする（直してもらう）
appeal-outcome-changed = はじめの約束にないことなので、追加の報酬を払って直してもらう
my-appeal-return = 直しをお願いした理由
my-appeal-how-return = 直しをお願いした人とは別の人が見ます。返事が出るまで、直しのしめきりは進みません。作業も始めずに待ってください。伝えても、不利にはなりません。
my-appeal-begun = 直しを始めたので、この直しへの受けつけは終わりました。
my-appeal-due = 新しいしめきりは{ $day }です。
my-appeal-outcome-return-upheld = 直しが必要です。
my-appeal-outcome-changed = あなたのまちがいではありません。直す分の報酬を、別にお支払いします。
my-appeal-held = 別の人がもう一度見ています。
my-appeal-held-text = 返事が出るまで、しめきりは進みません。作業は始めずに待ってください。
my-appeal-read = 伝えたことを見る
my-appeal-chip = 返事待ち
my-appeal-answer = 返事を読む
