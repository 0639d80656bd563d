# Search.
search-title = 検索
search-hint = 名前や件名の一部を2文字以上入れると、企業・人・商談・受注・画面が見つかります。
search-pages = 画面
search-contacts = 担当者
search-deals = 商談
search-all = { $kind }の一覧
search-more = ほかにも見つかりました。ことばを足すと絞り込めます。
search-none = 「{ $q }」は見つかりませんでした
search-none-text = ことばを短くするか、別の書き方を試してください。2文字から探せます。
