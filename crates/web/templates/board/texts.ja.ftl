# The board.
board-answer = 進行中 { $count }件 · 合計 { $sum }
board-idle = { $days }日動きなし
board-dormant = 休眠中の商談
board-more = 続きを見る
board-more-cards = 商談
board-empty = まだ商談がありません
board-empty-text = 企業を選んで商談を始めると、ここに段階ごとに並びます。
board-stayed = 「{ $title }」は移動していません
board-moved = 「{ $title }」を移動しました。
board-undo = 元に戻す
board-missing = この段階に進むには、次の項目が必要です: { $missing }
board-enter-missing = 足りない項目を入力する
board-open-deal = 商談を開く
done-deal-moved = 商談を移動しました
board-of-year = { $stage }（{ $year }）
board-all-closed = { $count }件をすべて見る
done-deal-stays = この商談は、もうその段階にあります
