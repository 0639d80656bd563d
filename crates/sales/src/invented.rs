//! Invented deals by the thousand, with their history and activities: for demo towns in which a program is measured at
//! scale. Three in a hundred are open, as in life.
//!
//! Invariant: the same numbers, people and day give the same rows (`the_same_numbers_give_the_same_deals`). Such deals
//! have neither quotes nor orders; a deal that people work on comes from [`crate::deals::open`].

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text, Timestamptz};
use kernel::{BoardStageId, CompanyId, ContactId, JST, PersonId, Yen};

use crate::deals::{DealStatus, LostReason, Rank};
use crate::pipelines;
use crate::stages::{self, StageKind};

/// How many activities a deal gets.
pub const ACTIVITIES: u32 = 10;
/// What stands in the title of each, so that they are told from the others.
const MARK: &str = "（架空";

const WORKS: [&str; 10] = [
    "名刺データの入力",
    "アンケートの集計",
    "商品写真の切り抜き",
    "会議録の文字起こし",
    "名簿の整備",
    "請求書の入力",
    "通販サイトの説明文",
    "図面のトレース",
    "議事録の校正",
    "予約台帳の電子化",
];
const NEXT: [&str; 4] = ["電話で仕様を確かめる", "見積を送る", "訪問して試し納品を見せる", "返事を聞く"];
const KINDS: [&str; 5] = ["call", "mail", "visit", "meeting", "note"];
const OUTCOMES: [&str; 4] = ["done", "no_answer", "interested", "waiting"];
const REASONS: [LostReason; 5] = [
    LostReason::Price,
    LostReason::Capacity,
    LostReason::Timing,
    LostReason::Competitor,
    LostReason::NoDecision,
];

/// Whom and what a town's invented deals are about.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Who works on them.
    pub owners: Vec<PersonId>,
    /// Who would order, with whom we talk there.
    pub clients: Vec<(CompanyId, ContactId)>,
}

/// How many invented deals the town has: where the next ones go on.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    use crate::schema::deals;
    let invented = deals::table.filter(deals::title.like(format!("%{MARK}%")));
    Ok(invented.count().get_result(tx.conn())?)
}

/// Adds deals numbered from `first` on, `count` of them, with their history and [`ACTIVITIES`] activities each, as they
/// would stand at the end of `today` in Japan.
pub fn deals(tx: &mut Tx<'_>, first: u32, count: u32, cast: &Cast, today: NaiveDate) -> Result<(), DbError> {
    let columns = Columns::of(tx)?;
    let numbers = first..first.saturating_add(count);
    let invented: Vec<Invented> =
        numbers.filter_map(|number| Invented::of(number, cast, &columns, today)).collect();
    let ids = insert_deals(tx, &invented)?;
    insert_events(tx, &ids, &invented, &columns)?;
    insert_activities(tx, &ids, &invented)
}

/// The stages of the town's first pipeline.
struct Columns {
    open: Vec<BoardStageId>,
    won: BoardStageId,
    lost: BoardStageId,
}

impl Columns {
    fn of(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let pipeline = pipelines::chosen(tx, None)?.ok_or(DbError::NotFound)?;
        let stages = stages::of_pipeline(tx, pipeline.id)?;
        let of = |kind| stages.iter().filter(move |stage| stage.kind == kind).map(|stage| stage.id);
        Ok(Self {
            open: of(StageKind::Open).collect(),
            won: of(StageKind::Won).next().ok_or(DbError::NotFound)?,
            lost: of(StageKind::Lost).next().ok_or(DbError::NotFound)?,
        })
    }
}

/// Numbers that look like chance and are none (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    fn days(&mut self, most: u64) -> i64 {
        i64::try_from(self.roll(most)).unwrap_or_default()
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let at = usize::try_from(self.roll(all.len() as u64)).unwrap_or_default();
        all.get(at).copied()
    }
}

/// An activity.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Done {
    kind: &'static str,
    outcome: &'static str,
    at: DateTime<Utc>,
}

/// One deal with what happened to it.
#[derive(Debug, Clone, PartialEq)]
struct Invented {
    title: String,
    company: CompanyId,
    contact: ContactId,
    owner: PersonId,
    status: DealStatus,
    stage: BoardStageId,
    amount: Yen,
    next: &'static str,
    next_on: NaiveDate,
    reason: LostReason,
    created: DateTime<Utc>,
    moved: DateTime<Utc>,
    rank: String,
    activities: Vec<Done>,
}

impl Invented {
    /// `None` only where there is nobody to sell or nothing to sell to.
    fn of(number: u32, cast: &Cast, columns: &Columns, today: NaiveDate) -> Option<Self> {
        let mut dice = Dice(u64::from(number).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let status = match dice.roll(100) {
            0..3 => DealStatus::Open,
            3..8 => DealStatus::Dormant,
            8..45 => DealStatus::Won,
            _ => DealStatus::Lost,
        };
        let stage = match status {
            DealStatus::Won => columns.won,
            DealStatus::Lost => columns.lost,
            DealStatus::Open | DealStatus::Dormant => dice.pick(&columns.open)?,
        };
        let age = if status == DealStatus::Open { 1 + dice.days(119) } else { 70 + dice.days(2_900) };
        let created = evening(today) - TimeDelta::days(age) - TimeDelta::minutes(dice.days(600));
        let moved = created + TimeDelta::days(dice.days(u64::try_from(age.min(60)).unwrap_or(1)));
        let (company, contact) = dice.pick(&cast.clients)?;
        let activity = |dice: &mut Dice| {
            let at = created + TimeDelta::minutes(dice.days(u64::try_from(age.min(90) * 1440).unwrap_or(1)));
            Some(Done { kind: dice.pick(&KINDS)?, outcome: dice.pick(&OUTCOMES)?, at })
        };
        Some(Self {
            title: format!("{} 第{}期{MARK}{number}）", dice.pick(&WORKS)?, 1 + dice.roll(9)),
            company,
            contact,
            owner: dice.pick(&cast.owners)?,
            status,
            stage,
            amount: if dice.roll(20) == 0 { Yen::ZERO } else { Yen(10_000 + 1_000 * dice.days(990)) },
            next: dice.pick(&NEXT)?,
            next_on: today + Days::new(dice.roll(21)) - Days::new(5),
            reason: dice.pick(&REASONS)?,
            created,
            moved,
            rank: Rank::numbered(number).to_string(),
            activities: (0..ACTIVITIES).filter_map(|_| activity(&mut dice)).collect(),
        })
    }
}

/// Six o'clock in the evening of a day in Japan.
fn evening(day: NaiveDate) -> DateTime<Utc> {
    let midnight = JST.from_local_datetime(&day.and_time(NaiveTime::MIN)).single().unwrap_or_default();
    midnight.to_utc() + TimeDelta::hours(18)
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn insert_deals(tx: &mut Tx<'_>, invented: &[Invented]) -> Result<Vec<i64>, DbError> {
    fn all<T>(rows: &[Invented], of: impl Fn(&Invented) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let rows = diesel::sql_query(
        "INSERT INTO deals (title, company_id, contact_id, stage_id, state, owner_id, amount, next_action, next_action_on, \
             moved_at, won_at, lost_at, lost_reason, slept_at, created_at, changed_at, rank) \
         SELECT title, company, contact, stage, state, owner, amount, \
             CASE state WHEN 'open' THEN next END, CASE state WHEN 'open' THEN next_on END, moved, \
             CASE state WHEN 'won' THEN moved END, CASE state WHEN 'lost' THEN moved END, \
             CASE state WHEN 'lost' THEN reason END, CASE state WHEN 'dormant' THEN moved END, created, moved, rank \
         FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY AS invented \
             (title, company, contact, stage, state, owner, amount, next, next_on, moved, reason, created, rank, number) \
         ORDER BY number RETURNING id",
    )
    .bind::<Array<Text>, _>(all(invented, |row| row.title.clone()))
    .bind::<Array<BigInt>, _>(all(invented, |row| row.company))
    .bind::<Array<BigInt>, _>(all(invented, |row| row.contact))
    .bind::<Array<BigInt>, _>(all(invented, |row| row.stage))
    .bind::<Array<Text>, _>(all(invented, |row| row.status))
    .bind::<Array<BigInt>, _>(all(invented, |row| row.owner))
    .bind::<Array<BigInt>, _>(all(invented, |row| row.amount))
    .bind::<Array<Text>, _>(all(invented, |row| row.next))
    .bind::<Array<Date>, _>(all(invented, |row| row.next_on))
    .bind::<Array<Timestamptz>, _>(all(invented, |row| row.moved))
    .bind::<Array<Text>, _>(all(invented, |row| row.reason))
    .bind::<Array<Timestamptz>, _>(all(invented, |row| row.created))
    .bind::<Array<Text>, _>(all(invented, |row| row.rank.clone()))
    .load::<Inserted>(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A line of a deal's history.
struct Told {
    deal: i64,
    kind: &'static str,
    from: Option<BoardStageId>,
    to: BoardStageId,
    amount: Yen,
    at: DateTime<Utc>,
}

/// Each was opened, and what is no longer in its first stage went where it stands.
fn insert_events(
    tx: &mut Tx<'_>,
    ids: &[i64],
    invented: &[Invented],
    columns: &Columns,
) -> Result<(), DbError> {
    let first = *columns.open.first().ok_or(DbError::NotFound)?;
    let mut told: Vec<Told> = Vec::new();
    for (id, row) in ids.iter().zip(invented) {
        told.push(Told {
            deal: *id,
            kind: "opened",
            from: None,
            to: first,
            amount: row.amount,
            at: row.created,
        });
        let kind = match row.status {
            DealStatus::Open if row.stage == first => continue,
            DealStatus::Open => "moved",
            DealStatus::Dormant => "slept",
            DealStatus::Won => "won",
            DealStatus::Lost => "lost",
        };
        told.push(Told {
            deal: *id,
            kind,
            from: Some(first),
            to: row.stage,
            amount: row.amount,
            at: row.moved,
        });
    }
    diesel::sql_query(
        "INSERT INTO deal_events (deal_id, kind, from_stage_id, to_stage_id, amount, actor, happened_at) \
         SELECT deal, kind, came_from, went_to, amount, 'system', happened \
         FROM unnest($1, $2, $3, $4, $5, $6) AS invented (deal, kind, came_from, went_to, amount, happened)",
    )
    .bind::<Array<BigInt>, _>(told.iter().map(|one| one.deal).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(told.iter().map(|one| one.kind).collect::<Vec<_>>())
    .bind::<Array<diesel::sql_types::Nullable<BigInt>>, _>(
        told.iter().map(|one| one.from).collect::<Vec<_>>(),
    )
    .bind::<Array<BigInt>, _>(told.iter().map(|one| one.to).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(told.iter().map(|one| one.amount).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(told.iter().map(|one| one.at).collect::<Vec<_>>())
    .execute(tx.conn())?;
    Ok(())
}

fn insert_activities(tx: &mut Tx<'_>, ids: &[i64], invented: &[Invented]) -> Result<(), DbError> {
    let done: Vec<(i64, PersonId, Done)> = ids
        .iter()
        .zip(invented)
        .flat_map(|(id, row)| row.activities.iter().map(|done| (*id, row.owner, *done)))
        .collect();
    diesel::sql_query(
        "INSERT INTO activities (deal_id, person_id, kind, outcome, note, happened_at, created_at) \
         SELECT deal, person, kind, outcome, '（デモの記録）', happened, happened \
         FROM unnest($1, $2, $3, $4, $5) AS invented (deal, person, kind, outcome, happened)",
    )
    .bind::<Array<BigInt>, _>(done.iter().map(|one| one.0).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(done.iter().map(|one| one.1).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(done.iter().map(|one| one.2.kind).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(done.iter().map(|one| one.2.outcome).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(done.iter().map(|one| one.2.at).collect::<Vec<_>>())
    .execute(tx.conn())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::Integer;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestCaseError, TestRunner};

    use super::*;
    use crate::testing::Bench;

    fn cast(bench: &Bench) -> Cast {
        let clients = bench.act(|tx| clients::invented::companies(tx, 0, 30)).unwrap();
        Cast { owners: vec![bench.sales, bench.colleague], clients }
    }

    fn day() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn the_same_numbers_give_the_same_deals() {
        let bench = Bench::new();
        let (cast, columns) = (cast(&bench), bench.act(Columns::of).unwrap());
        let of = |number| Invented::of(number, &cast, &columns, day()).unwrap();
        assert_eq!((0..500).map(of).collect::<Vec<_>>(), (0..500).map(of).collect::<Vec<_>>());
        let open = (0..10_000).map(of).filter(|deal| deal.status == DealStatus::Open).count();
        assert!((250..350).contains(&open), "{open} of 10,000 are open");
        let late = (0..10_000).map(of).find(|deal| deal.moved > evening(day()) || deal.moved < deal.created);
        assert_eq!(late, None, "nothing happens before its time");
    }

    #[test]
    fn a_scaled_town_goes_on_where_it_was_left() {
        let bench = Bench::new();
        let cast = cast(&bench);
        bench.open("名刺");
        bench.act(|tx| deals(tx, 0, 40, &cast, day())).unwrap();
        bench.act(|tx| deals(tx, 40, 60, &cast, day())).unwrap();
        assert_eq!(bench.act(count).unwrap(), 100, "what people entered is not counted");
        let activities = number(&bench, "SELECT count(*)::int AS number FROM activities");
        assert_eq!(activities, 1_000);
    }

    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = Integer)]
        number: i32,
    }

    fn number(bench: &Bench, sql: &str) -> i32 {
        diesel::sql_query(sql).get_result::<Number>(&mut bench.db.owner()).unwrap().number
    }

    /// A column as a plain recount has it, by the stage's name.
    #[derive(QueryableByName, Debug, PartialEq)]
    struct Recounted {
        #[diesel(sql_type = BigInt)]
        stage: i64,
        #[diesel(sql_type = BigInt)]
        count: i64,
        #[diesel(sql_type = BigInt)]
        sum: i64,
        #[diesel(sql_type = BigInt)]
        undecided: i64,
    }

    const RECOUNT: &str = "SELECT s.id AS stage, count(d.id) AS count, COALESCE(sum(d.amount), 0)::bigint AS sum, \
         count(d.id) FILTER (WHERE d.amount = 0) AS undecided \
         FROM stages s LEFT JOIN deals d ON d.stage_id = s.id AND d.state = s.kind \
             AND (d.state = 'open' OR (d.moved_at AT TIME ZONE 'Asia/Tokyo')::date >= '2026-04-01') \
         GROUP BY s.id, s.kind, s.position ORDER BY CASE s.kind WHEN 'open' THEN 1 WHEN 'won' THEN 2 ELSE 3 END, s.position";

    #[test]
    fn the_boards_figures_equal_a_plain_recount_whatever_deals_there_are() {
        let bench = Bench::new();
        let cast = cast(&bench);
        let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&(0..1_000_000u32, 1..400u32), |(first, count)| {
                bench.act(|tx| deals(tx, first, count, &cast, day())).unwrap();
                let recounted: Vec<Recounted> =
                    diesel::sql_query(RECOUNT).load(&mut bench.db.owner()).unwrap();
                let columns = bench.board(5).into_iter().map(|column| Recounted {
                    stage: column.stage.id.0,
                    count: column.count,
                    sum: column.sum.0,
                    undecided: column.undecided,
                });
                prop_assert_eq!(columns.collect::<Vec<_>>(), recounted);
                Ok::<(), TestCaseError>(())
            })
            .unwrap();
    }

    /// What a salesperson's home, the year's figures and the lists behind them say, as a plain recount has it.
    #[derive(QueryableByName, Debug, PartialEq)]
    struct Told {
        #[diesel(sql_type = BigInt)]
        open: i64,
        #[diesel(sql_type = BigInt)]
        due: i64,
        #[diesel(sql_type = BigInt)]
        overdue: i64,
        #[diesel(sql_type = BigInt)]
        won: i64,
        #[diesel(sql_type = BigInt)]
        won_yen: i64,
        #[diesel(sql_type = BigInt)]
        lost_by_them: i64,
        #[diesel(sql_type = BigInt)]
        lost_yen: i64,
    }

    const PLAINLY: &str = "SELECT \
             count(*) FILTER (WHERE state = 'open' AND owner_id = $1) AS open, \
             count(*) FILTER (WHERE state = 'open' AND owner_id = $1 AND next_action_on = '2026-11-22') AS due, \
             count(*) FILTER (WHERE state = 'open' AND owner_id = $1 AND next_action_on < '2026-11-22') AS overdue, \
             count(*) FILTER (WHERE state = 'won' AND in_year) AS won, \
             COALESCE(sum(amount) FILTER (WHERE state = 'won' AND in_year), 0)::bigint AS won_yen, \
             count(*) FILTER (WHERE state = 'lost' AND in_year AND owner_id = $1) AS lost_by_them, \
             COALESCE(sum(amount) FILTER (WHERE state = 'lost' AND in_year AND owner_id = $1), 0)::bigint AS lost_yen \
         FROM (SELECT *, (COALESCE(won_at, lost_at) AT TIME ZONE 'Asia/Tokyo')::date \
             BETWEEN '2025-04-01' AND '2026-03-31' AS in_year FROM deals) d";

    #[test]
    fn a_home_and_a_years_figures_equal_a_plain_recount_whatever_deals_there_are() {
        use crate::day::counts;
        use crate::deals::{DealFilter, totals, won_total};
        let bench = Bench::new();
        let cast = cast(&bench);
        bench.at(&evening(day()).to_rfc3339());
        let (person, year) = (bench.sales, kernel::FiscalYear(2025));
        let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&(0..1_000_000u32, 1..400u32), |(first, count)| {
                bench.act(|tx| deals(tx, first, count, &cast, day())).unwrap();
                let plainly: Told = diesel::sql_query(PLAINLY)
                    .bind::<BigInt, _>(person)
                    .get_result(&mut bench.db.owner())
                    .unwrap();
                let (home, won) =
                    bench.act(|tx| Ok::<_, DbError>((counts(tx, person)?, won_total(tx, year)?))).unwrap();
                let open = DealFilter {
                    state: Some(DealStatus::Open),
                    owner: Some(person),
                    ..DealFilter::default()
                };
                let open = bench.act(|tx| totals(tx, &open)).unwrap();
                let filter = DealFilter {
                    state: Some(DealStatus::Lost),
                    owner: Some(person),
                    closed_in: Some(year),
                    ..DealFilter::default()
                };
                let lost = bench.act(|tx| totals(tx, &filter)).unwrap();
                let told = Told {
                    open: open.count,
                    due: home.due - home.overdue,
                    overdue: home.overdue,
                    won: won.count,
                    won_yen: won.amount.0,
                    lost_by_them: lost.count,
                    lost_yen: lost.amount.0,
                };
                prop_assert_eq!(told, plainly);
                Ok::<(), TestCaseError>(())
            })
            .unwrap();
    }
}
