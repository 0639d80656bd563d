//! Sales: invented clients, prospects and deals in every stage. Amounts are invented.

use clients::companies::{self, CompanyInput};
use clients::contacts::{self, ContactInput};
use kernel::{CompanyId, ContactId, DealId, Typed};
use sales::activities::{self, ActivityInput};
use sales::deals::{self, AdvanceInput, DealInput, LoseInput};
use sales::leads::{self, LeadInput};
use sales::quotes::{self, QuoteInput, QuoteLineInput};
use sales::stages;

use super::stage::Stage;
use crate::Stop;

/// Name, reading, contact's family name.
const CLIENTS: [(&str, &str, &str); 8] = [
    ("架空製作所（デモ）", "カクウセイサクショ", "担当 01"),
    ("みほん商事（デモ）", "ミホンショウジ", "担当 02"),
    ("れいわ印刷（デモ）", "レイワインサツ", "担当 03"),
    ("例示バス（デモ）", "レイジバス", "担当 04"),
    ("見本町社会福祉協議会（デモ）", "ミホンチョウシャカイフクシキョウギカイ", "担当 05"),
    ("ためし通販（デモ）", "タメシツウハン", "担当 06"),
    ("仮名ソフトウェア（デモ）", "カメイソフトウェア", "担当 07"),
    ("さんぷる観光（デモ）", "サンプルカンコウ", "担当 08"),
];

/// One deal of the demo.
struct Scene {
    client: usize,
    title: &'static str,
    /// Days ago it began.
    began: u64,
    /// How far it went: stages passed, then how it ended.
    stages: usize,
    end: End,
    next: (&'static str, i64),
    /// Description, quantity, unit price, minutes.
    line: Option<(&'static str, u32, u32, u32)>,
    /// Days from today the client wants it.
    deliver: i64,
}

#[derive(PartialEq, Eq)]
enum End {
    Open,
    Won,
    Lost(&'static str),
}

const SCENES: [Scene; 12] = [
    Scene {
        client: 3,
        title: "バス乗降実績の入力（毎月）",
        began: 70,
        stages: 4,
        end: End::Won,
        next: ("契約内容の確認", 0),
        line: Some(("乗降実績票の入力 1枚", 120, 180, 12)),
        deliver: 2,
    },
    Scene {
        client: 5,
        title: "商品写真の切り抜き",
        began: 50,
        stages: 4,
        end: End::Won,
        next: ("サンプル確認", 0),
        line: Some(("切り抜き 1点", 60, 220, 8)),
        deliver: 9,
    },
    Scene {
        client: 4,
        title: "広報誌の文字起こし",
        began: 40,
        stages: 3,
        end: End::Won,
        next: ("原稿の受取", 0),
        line: Some(("音声 10分ごと", 24, 1500, 60)),
        deliver: 20,
    },
    Scene {
        client: 0,
        title: "名刺データの整理",
        began: 12,
        stages: 2,
        end: End::Won,
        next: ("名刺の受取", 0),
        line: Some(("名刺 1枚", 300, 40, 3)),
        deliver: 30,
    },
    Scene {
        client: 1,
        title: "会員名簿の更新",
        began: 30,
        stages: 3,
        end: End::Open,
        next: ("見積の返事をきく", 0),
        line: Some(("会員 1件の更新", 800, 60, 4)),
        deliver: 45,
    },
    Scene {
        client: 2,
        title: "チラシ校正",
        began: 21,
        stages: 2,
        end: End::Open,
        next: ("提案書を送る", 1),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 6,
        title: "AI学習データの作成",
        began: 18,
        stages: 1,
        end: End::Open,
        next: ("サンプル10件の時間を測る", -2),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 7,
        title: "観光案内の英訳チェック",
        began: 9,
        stages: 1,
        end: End::Open,
        next: ("電話で量をきく", 0),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 0,
        title: "図面の目録づくり",
        began: 5,
        stages: 0,
        end: End::Open,
        next: ("最初の打合せ", 3),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 2,
        title: "年賀状の宛名入力",
        began: 3,
        stages: 0,
        end: End::Open,
        next: ("去年の件数をきく", 2),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 1,
        title: "コールセンター夜間対応",
        began: 60,
        stages: 1,
        end: End::Lost("capacity"),
        next: ("断りの連絡", 0),
        line: None,
        deliver: 0,
    },
    Scene {
        client: 6,
        title: "議事録の要約",
        began: 80,
        stages: 2,
        end: End::Lost("price"),
        next: ("結果をきく", 0),
        line: None,
        deliver: 0,
    },
];

/// Plays the whole pipeline.
pub(super) fn play(stage: &mut Stage) -> Result<(), Stop> {
    stage.days_ago(100);
    let mut clients = Vec::new();
    for (name, kana, contact) in CLIENTS {
        clients.push(enter_client(stage, name, kana, contact)?);
    }
    for scene in &SCENES {
        if let Some(client) = clients.get(scene.client) {
            play_scene(stage, scene, *client)?;
        }
    }
    leave_leads(stage)
}

fn enter_client(
    stage: &Stage,
    name: &str,
    kana: &str,
    contact: &str,
) -> Result<(CompanyId, ContactId), Stop> {
    let sales = stage.who("sales")?;
    let input = CompanyInput {
        name: name.into(),
        furigana: kana.into(),
        address: "長野県（デモ）".into(),
        note: "デモのための架空の企業です".into(),
        ..CompanyInput::default()
    };
    let company = stage.act(sales, |tx| companies::enter(tx, input))?;
    let number: String = contact.chars().filter(char::is_ascii_digit).collect();
    let person = ContactInput {
        family_name: contact.into(),
        department: "総務".into(),
        email: format!("client{number}@client.example").into(),
        language: "ja".into(),
        ..ContactInput::default()
    };
    let contact = stage.act(sales, |tx| contacts::add(tx, company.id, person))?;
    Ok((company.id, contact.id))
}

fn play_scene(stage: &Stage, scene: &Scene, (company, contact): (CompanyId, ContactId)) -> Result<(), Stop> {
    let sales = stage.who(if scene.client.is_multiple_of(3) { "sales2" } else { "sales" })?;
    stage.days_ago(scene.began);
    let (action, due) = scene.next;
    // A next action may not lie in the past when it is promised; while the story is told, it is due soon.
    let soon = |days: u64| stage.day(1 - i64::try_from(days).unwrap_or(0));
    let input = DealInput {
        title: scene.title.into(),
        company_id: company.to_string().into(),
        contact_id: contact.to_string().into(),
        expected_close_on: stage.day(30).into(),
        next_action: "用件をきく".into(),
        next_action_on: soon(scene.began).into(),
        ..DealInput::default()
    };
    let deal = stage.act(sales, |tx| deals::open(tx, input))?.id;
    log_call(stage, sales, deal, scene.began, &soon(scene.began))?;
    let columns = stage.act(sales, stages::list)?;
    let steps = u64::try_from(scene.stages).unwrap_or(0);
    for (step, column) in (1u64..).zip(columns.iter().skip(1).take(scene.stages.min(3))) {
        let days = scene.began - scene.began * step / (steps + 2);
        stage.days_ago(days);
        let version = version_of(stage, deal)?;
        let to = AdvanceInput {
            to_stage: column.id.to_string().into(),
            next_action: "次の連絡".into(),
            next_action_on: soon(days).into(),
        };
        stage.act(sales, |tx| deals::advance(tx, deal, version, to))?;
    }
    let last = (scene.began / (steps + 2)).max(1);
    stage.days_ago(last);
    if let Some(line) = scene.line {
        issue_quote(stage, sales, deal, line, scene.deliver)?;
    }
    finish(stage, scene, sales, deal, (action, due, last))
}

fn version_of(stage: &Stage, deal: DealId) -> Result<i32, Stop> {
    stage.system(|tx| deals::find(tx, deal)).map(|deal| deal.version)
}

fn log_call(
    stage: &Stage,
    sales: kernel::PersonId,
    deal: DealId,
    _began: u64,
    due: &str,
) -> Result<(), Stop> {
    let input = ActivityInput {
        kind: "call".into(),
        outcome: "interested".into(),
        note: "量と納期のめやすをきいた。個人情報はなし。".into(),
        next_action: "資料を送る".into(),
        next_action_on: due.into(),
        version: version_of(stage, deal)?.to_string().into(),
        ..ActivityInput::default()
    };
    stage.act(sales, |tx| activities::log(tx, deal, input))?;
    Ok(())
}

fn issue_quote(
    stage: &Stage,
    sales: kernel::PersonId,
    deal: DealId,
    (description, quantity, price, minutes): (&str, u32, u32, u32),
    deliver: i64,
) -> Result<(), Stop> {
    let input = QuoteInput {
        valid_until: stage.day(30).into(),
        deliver_on: stage.day(deliver.max(1)).into(),
        terms: "検収は納品から5営業日以内。お支払いは月末締め翌月末。（デモ）".into(),
        lines: vec![QuoteLineInput {
            description: description.into(),
            quantity: quantity.to_string().into(),
            unit_price: price.to_string().into(),
            unit_minutes: minutes.to_string().into(),
            tax_rate: Typed::from("10"),
        }],
    };
    stage.act(sales, |tx| quotes::issue(tx, deal, input))?;
    Ok(())
}

fn finish(
    stage: &Stage,
    scene: &Scene,
    sales: kernel::PersonId,
    deal: DealId,
    (action, due, last): (&str, i64, u64),
) -> Result<(), Stop> {
    let version = version_of(stage, deal)?;
    match scene.end {
        End::Won => {
            stage.act(sales, |tx| deals::win(tx, deal, version))?;
        }
        End::Lost(reason) => {
            let input = LoseInput { reason: reason.into(), note: "デモの記録".into() };
            stage.act(sales, |tx| deals::lose(tx, deal, version, input))?;
        }
        End::Open => {
            let promised = due.max(1 - i64::try_from(last).unwrap_or(0));
            let input = ActivityInput {
                kind: "mail".into(),
                outcome: "waiting".into(),
                note: "返事待ち。".into(),
                next_action: action.into(),
                next_action_on: stage.day(promised).into(),
                version: version.to_string().into(),
                ..ActivityInput::default()
            };
            stage.act(sales, |tx| activities::log(tx, deal, input))?;
        }
    }
    Ok(())
}

fn leave_leads(stage: &Stage) -> Result<(), Stop> {
    let sales = stage.who("sales")?;
    for (days, name, source, need) in [
        (4, "とある製菓（デモ）", "web", "通販サイトの商品説明を月50件ほど"),
        (2, "なにがし測量（デモ）", "introduction", "古い図面の目録をつくりたい"),
        (1, "どこか旅館（デモ）", "visit", "予約台帳の入力。ワーケーションで来訪"),
    ] {
        stage.days_ago(days);
        let input = LeadInput {
            company_name: name.into(),
            source: source.into(),
            need: need.into(),
            ..LeadInput::default()
        };
        stage.act(sales, |tx| leads::enter(tx, input))?;
    }
    Ok(())
}
