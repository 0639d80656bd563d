# The town's settings.
town-title = 団体の設定
town-text = 取引条件の書面とメールに、ここの内容が載ります。
town-name = 名前
town-slug = 短い名前（アドレス用）
town-slug-support = 半角の小文字・数字・ハイフン、3文字以上
town-legal-name = 正式な名称
town-legal-name-support = 書面に載る発注者の名称
town-municipal-code = 団体コード
town-postal-address = 所在地
town-postal-address-support = 取引条件の書面に必要です
town-contact-email = 問い合わせ先メール
town-contact-email-support = メールの返信先になります
town-contact-phone = 問い合わせ先電話
town-population = 人口
town-population-as-of = 人口の基準日
town-registration-number = 適格請求書の登録番号
town-registration-number-support = T と13桁の数字。登録していなければ空けておいてください。見積書に載ります
