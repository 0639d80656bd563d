# The corporate-number register.
registry-lead = 会社の名前・ふりがな・法人番号で探し、そのまま企業として登録できます
registry-search = 会社を探す（名前・ふりがな・法人番号、2文字から）
registry-filters = 絞り込み
registry-with-closed = 閉鎖・検索対象外も含める
registry-shown = { $more ->
    [yes] { $count }社を表示しています。続きがあります
   *[other] { $count }社が見つかりました
}
registry-adopt = 企業に登録する
registry-ours = 登録済みの企業
registry-hidden = 所在を確かめられない法人
registry-deleted = 番号の取消
registry-closed-since = 閉鎖（{ $date }、{ $cause }）
registry-deleted-since = 番号の取消（{ $date }）
registry-cause-01 = 清算の結了
registry-cause-11 = 合併による解散
registry-cause-21 = 登記官による閉鎖
registry-cause-31 = その他の清算の結了
registry-none-found = 「{ $q }」に合う会社はありません
registry-none-found-text = 名前の一部やふりがなで試すか、閉鎖された会社も含めてください。登記のない相手は、手で登録できます。
registry-source = 出典：{ $name }のデータを加工して作成。
registry-as-of = { $date }時点。
registry-count = { $companies }社（うち閉鎖 { $closed }社）、{ $imported }に取り込み。
registry-empty = まだ法人番号のデータがありません
registry-empty-text = 国税庁法人番号公表サイトから都道府県のファイルをダウンロードし、サーバーで次のコマンドを実行すると、ここで探せるようになります。
registry-confirm-title = 閉鎖された会社を登録しますか
registry-confirm-closed = この会社は、登記上もうありません
registry-confirm-text = 過去の取引を記録したいときなどは、このまま登録できます。新しい営業先にするなら、承継先がないか確かめてください。
registry-confirm-button = 閉鎖を承知で登録する
done-company-adopted = 法人番号のデータから企業を登録しました
done-company-known = この企業はすでに登録されています
