# Words of the frame and the shared components. Same keys as texts.en.ftl.

## Frame
shell-skip = 本文へ移動
shell-demo = デモ：人・企業・金額は架空です
shell-home = ホーム
shell-search = 検索
shell-search-label = 企業、人、商談、受注、画面を検索
shell-search-button = 検索
shell-add = 追加
shell-person-menu = { $name } さんのメニュー
shell-text-size = 文字の大きさ
shell-text-size-normal = 標準
shell-text-size-large = 大
shell-text-size-larger = 特大
shell-face = 書体
shell-face-standard = 標準
shell-face-readable = 読みやすい書体
shell-theme = 画面の色
shell-theme-system = 端末に合わせる
shell-theme-light = 明るい
shell-theme-dark = 暗い
shell-language = 言語 / Language
shell-keys = キーボード操作
shell-keys-on = 使う
shell-keys-off = 使わない
shell-account = 自分の設定
shell-sign-out = サインアウト
shell-menu = メニュー
shell-menu-short = メニュー
shell-menu-close = 閉じる
shell-bottom = よく使う画面
shell-breadcrumb = 現在の場所
shell-more = ほかの操作
print = 印刷する
shell-reach = お問い合わせ：{ $town }
shell-help = 使い方・相談
shell-accessibility = アクセシビリティ
shell-show-password = パスワードを表示
shell-sending = 送信しています
shell-failed-once = 届いたかどうか、確かめられませんでした。入力した内容は残っています。もう一度押しても、二重にはなりません。
shell-failed = つながりませんでした。入力した内容はそのまま残っています。少し待ってから、もう一度お試しください。

## Fields
field-required = ※必須
field-optional = ※任意
field-error = エラー
field-error-mark = ＊
field-date-year = 年
field-date-month = 月
field-date-day = 日
field-file-too-large = ファイルが大きすぎるため、送れません
field-summary-title = 入力を確認してください({ $count }件)
field-summary-entry = { $label }：{ $text }
field-draft-restored = 前に入力した内容を戻しました。
field-draft-discard = 入力を消してやり直す

## Notices
notice-success = 完了
notice-error = エラー
notice-warning = 注意
notice-info = お知らせ

## Lists
pager-label = 一覧の続き
pager-next = 次を表示
pager-first = 最初に戻る
filter-remove = (この条件を外す)

## Board
board-stages = 段階
board-column-empty = この段階の商談はありません
board-move = 移動
board-move-to = 「{ $title }」の移動先
board-move-button = 移動する
board-up = 上へ
board-down = 下へ
board-top = 一番上へ

## States: deal
state-deal-open = 進行中
state-deal-won = 受注
state-deal-lost = 失注
state-deal-dormant = 休眠

## States: order
state-order-draft = 下書き
state-order-running = 進行中
state-order-delivered = 納品済み
state-order-accepted = 検収済み
state-order-invoiced = 請求済み
state-order-paid = 入金済み
state-order-closed = 完了
state-order-cancelled = 取消

## States: unit
state-unit-draft = 募集前
state-unit-offered = 募集中
state-unit-claimed = 引受済み
state-unit-working = 作業中
state-unit-paused = 休止中
state-unit-submitted = 提出済み
state-unit-checking = 検品中
state-unit-returned = 差戻し
state-unit-passed = 合格
state-unit-delivered = 納品済み
state-unit-accepted = 検収済み
state-unit-claimed-back = 修正依頼
state-unit-rejected = 不合格
state-unit-handed-back = 返却
state-unit-cancelled = 取消

## States: worker
state-worker-applicant = 申込中
state-worker-registered = 登録済み
state-worker-training = 研修中
state-worker-active = 活動中
state-worker-paused = 休止中
state-worker-withdrawn = 退会

## States: member
state-member-active = 利用中
state-member-invited = 招待中
state-member-offline = サインインなし
state-member-disabled = 停止中

## States: message
state-message-queued = 送信待ち
state-message-claimed = 送信準備中
state-message-sending = 送信中
state-message-accepted = 送信済み
state-message-deferred = 再送待ち
state-message-rejected = 受取拒否
state-message-unknown = 結果不明
state-message-held = 保留
state-message-cancelled = 取消
state-message-dead = 送信失敗
state-message-bounced = 不達
state-message-complained = 迷惑メール報告
state-message-expired = 期限切れ

## States: attempt to send a message
state-attempt-running = 送信中
state-attempt-accepted = 受け取られました
state-attempt-deferred = 後で送り直し
state-attempt-rejected = 受取拒否
state-attempt-held = 保留
state-attempt-unknown = 結果不明
state-attempt-relay-down = 送信サーバー停止

## States: task
state-task-ready = 待機
state-task-gated = 順番待ち
state-task-parked = 保留
state-task-scheduled = 予定
state-task-running = 実行中
state-task-dead = 停止

## States: delivery
state-delivery-draft = 準備中
state-delivery-sent = 納品済み
state-delivery-opened = 確認中
state-delivery-accepted = 検収済み
state-delivery-returned = 修正依頼

## States: papers (invoices, statements, quotes)
state-paper-draft = 下書き
state-paper-issued = 発行済み
state-paper-paid = 支払済み
state-paper-overdue = 期限超過
state-paper-replaced = 差替え済み

## What somebody else saved meanwhile
overtaken-title = そのあいだに、ほかの人が保存しました
overtaken-text = 入力した内容は下に残っています。保存すると、次の欄は入力した内容に置き換わります。
overtaken-field = 欄
overtaken-stands = 今の内容
overtaken-typed = 入力した内容
unsaved-title = 間に合わなかったため、次の内容は保存されていません
unsaved-text = 入力しているあいだに、ほかの人が閉じたか、終わりになりました。残したいときは、写しておいてください。
unsaved-elsewhere = 別の場所に書く
list-unknown-filter = 条件「{ $asked }」はありません。すべてを表示しています。
