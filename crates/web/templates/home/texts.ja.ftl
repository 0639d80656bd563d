# Home.
home-title = 今日
home-without-role = まだ役割がありません
home-without-role-text = 役割が決まると、ここに今日することが並びます。団体の管理者に、何を担当するかを伝えて、役割を付けてもらってください。
home-programme-title = 事業の状況
home-all-figures = すべての数字
home-programme = 在籍 { $people }人 · { $year }年度の受注 { $count }件、{ $amount }（税抜）
home-steering = 目標と、期限が近いもの
home-target = 今年度の受注額の目標
home-last-year = 前年度（{ $year }年度）の受注は1年間で { $count }件、{ $amount }
home-admin-title = 管理
home-admin = { $count ->
    [0] 対応が必要なことはありません
   *[other] 対応が必要なことが{ $count }つあります
}
home-admin-missing = 見積書や取引条件の書面に載る内容が、まだ入っていません
home-admin-enter = 団体の設定に入れる
home-admin-mails = 確かめたいメール
home-admin-unheard = 届かなかった外部への通知
home-admin-invited = 招待中
