//! Clients and prospects. Every name is invented and says so.

/// Somebody who orders, or might.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Client {
    pub(in super::super) name: &'static str,
    pub(in super::super) kana: &'static str,
    pub(in super::super) department: &'static str,
    /// Their person: family name, reading.
    pub(in super::super) contact: (&'static str, &'static str),
    pub(in super::super) english: bool,
}

const fn client(
    name: &'static str,
    kana: &'static str,
    department: &'static str,
    contact: (&'static str, &'static str),
) -> Client {
    Client { name, kana, department, contact, english: false }
}

pub(super) const BUS: usize = 0;
pub(super) const WELFARE: usize = 1;
pub(super) const SHOP: usize = 2;
pub(super) const FACTORY: usize = 3;
pub(super) const SOFTWARE: usize = 4;
pub(super) const TRADING: usize = 5;
pub(super) const PRINTER: usize = 6;
pub(super) const TOURISM: usize = 7;
pub(super) const TOWN_HALL: usize = 8;
pub(super) const LONG_NAME: usize = 9;
pub(super) const FARM: usize = 10;
pub(super) const ACCOUNTANT: usize = 11;
pub(super) const RESORT: usize = 12;
pub(super) const SURVEYOR: usize = 13;
pub(super) const INN: usize = 14;
pub(super) const SWEETS: usize = 15;
pub(super) const LIBRARY: usize = 16;
pub(super) const CLINIC: usize = 17;
pub(super) const BREWERY: usize = 18;
pub(super) const SCHOOL: usize = 19;
pub(super) const HARDWARE: usize = 20;
pub(super) const TAXI: usize = 21;
pub(super) const NEWSPAPER: usize = 22;
pub(super) const FOREST: usize = 23;
/// Clients of the town next door, the demo town among them.
pub(super) const THEIRS: usize = 24;
pub(super) const US: usize = 25;

/// Everybody the scenes name by number.
pub(in super::super) const CLIENTS: [Client; 26] = [
    client("例示バス（デモ）", "レイジバス", "運行管理課", ("担当 01", "タントウ 01")),
    client(
        "見本町社会福祉協議会（デモ）",
        "ミホンチョウシャカイフクシキョウギカイ",
        "総務",
        ("担当 02", "タントウ 02"),
    ),
    client("ためし通販（デモ）", "タメシツウハン", "商品部", ("担当 03", "タントウ 03")),
    client("架空製作所（デモ）", "カクウセイサクショ", "経理", ("担当 04", "タントウ 04")),
    client("仮名ソフトウェア（デモ）", "カメイソフトウェア", "AI推進室", ("担当 05", "タントウ 05")),
    client("みほん商事（デモ）", "ミホンショウジ", "営業企画", ("担当 06", "タントウ 06")),
    client("れいわ印刷（デモ）", "レイワインサツ", "制作", ("担当 07", "タントウ 07")),
    client("さんぷる観光（デモ）", "サンプルカンコウ", "広報", ("担当 08", "タントウ 08")),
    client("架空町役場 企画課（デモ）", "カクウマチヤクバ キカクカ", "企画課", ("担当 09", "タントウ 09")),
    client(
        "特定非営利活動法人架空高原自然環境保全調査研究および山村地域情報化推進支援機構連合会（デモ・長い名前の見本）",
        "トクテイヒエイリカツドウホウジンカクウコウゲンシゼンカンキョウホゼンチョウサケンキュウ",
        "事務局",
        ("担当 10", "タントウ 10"),
    ),
    // A company that nobody knows how to read.
    client("とある農園（デモ）", "", "直売所", ("𠮷見本 11", "ヨシミホン 11")),
    client("例会計事務所（デモ）", "レイカイケイジムショ", "記帳", ("山﨑見本 12", "ヤマサキミホン 12")),
    Client {
        name: "Sample Highland Resort (demo)",
        kana: "サンプルハイランドリゾート",
        department: "Guest Relations",
        contact: ("Sample Contact 13", ""),
        english: true,
    },
    client("なにがし測量（デモ）", "ナニガシソクリョウ", "業務", ("担当 14", "タントウ 14")),
    client("どこか旅館（デモ）", "ドコカリョカン", "予約", ("担当 15", "タントウ 15")),
    client("とある製菓（デモ）", "トアルセイカ", "通販", ("担当 16", "タントウ 16")),
    client("架空図書館（デモ）", "カクウトショカン", "整理係", ("担当 17", "タントウ 17")),
    client("例題医院（デモ）", "レイダイイイン", "受付", ("担当 18", "タントウ 18")),
    client("みほん酒造（デモ）", "ミホンシュゾウ", "営業", ("担当 19", "タントウ 19")),
    client("架空学園（デモ）", "カクウガクエン", "教務", ("担当 20", "タントウ 20")),
    client("ためし金物（デモ）", "タメシカナモノ", "店舗", ("担当 21", "タントウ 21")),
    client("例示タクシー（デモ）", "レイジタクシー", "配車", ("担当 22", "タントウ 22")),
    client("架空新報（デモ）", "カクウシンポウ", "編集", ("担当 23", "タントウ 23")),
    client("さんぷる森林組合（デモ）", "サンプルシンリンクミアイ", "総務", ("担当 24", "タントウ 24")),
    client("仮設青果市場（デモ）", "カセツセイカイチバ", "総務", ("担当 25", "タントウ 25")),
    client(
        "一般社団法人デモ振興公社（架空）",
        "イッパンシャダンホウジンデモシンコウコウシャ",
        "テレワーク",
        ("ディレクター 01", "ディレクター 01"),
    ),
];
