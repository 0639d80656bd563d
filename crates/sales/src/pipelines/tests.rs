//! Pipelines, their stages and the ways between them, against a real database.

use kernel::{BoardStageId, Code, Coded, DealId, Typed};

use super::*;
use crate::deals::{self, AdvanceInput, DealInput, LoseInput, ReopenInput};
use crate::stages::{Stage, StageInput, StageKind};
use crate::testing::Bench;

fn called(name: &str) -> PipelineInput {
    PipelineInput { name: name.into(), ..PipelineInput::default() }
}

fn another(bench: &Bench, name: &str) -> Pipeline {
    bench.act(|tx| add(tx, &called(name))).unwrap()
}

fn stages_of(bench: &Bench, pipeline: PipelineId) -> Vec<Stage> {
    bench.act(|tx| stages::of_pipeline(tx, pipeline)).unwrap()
}

fn stage_of(bench: &Bench, pipeline: PipelineId, name: &str) -> BoardStageId {
    stages_of(bench, pipeline).into_iter().find(|stage| stage.name == name).unwrap().id
}

/// The form of a stage as it is, with these stages named to follow it.
fn followed_by(stage: &Stage, next: &[BoardStageId]) -> StageInput {
    StageInput {
        name: stage.name.as_str().into(),
        probability: stage.probability.to_string().into(),
        idle_days: stage.idle_days.to_string().into(),
        requires: stage.requires.iter().map(|one| Typed::from(one.as_str())).collect(),
        steps: "named".into(),
        next: next.iter().map(|id| Typed::from(id.to_string())).collect(),
    }
}

fn advance(bench: &Bench, deal: DealId, to: BoardStageId) -> Result<deals::Deal, deals::DealError> {
    let version = bench.deal(deal).version;
    bench.act(|tx| deals::advance(tx, deal, version, AdvanceInput::to(to)))
}

#[test]
fn a_town_begins_with_one_and_adds_others_with_the_same_or_the_usual_stages() {
    let bench = Bench::new();
    bench.act(install_usual).unwrap();
    assert_eq!(bench.act(list).unwrap().len(), 1, "a second installation adds nothing");
    let contact = bench.act(|tx| stages::find(tx, bench.stage("接触"))).unwrap();
    let change =
        StageInput { name: "初めての連絡".into(), ..followed_by(&contact, &[bench.stage("提案")]) };
    bench.act(|tx| stages::change(tx, contact.id, 1, &change)).unwrap();
    let like = PipelineInput { like: bench.pipeline().to_string().into(), ..called("年間契約") };
    let copy = bench.act(|tx| add(tx, &like)).unwrap();
    let names = |pipeline| -> Vec<String> {
        stages_of(&bench, pipeline).into_iter().map(|stage| stage.name).collect()
    };
    assert_eq!(names(copy.id), names(bench.pipeline()));
    let first = stages_of(&bench, copy.id).remove(0);
    assert_eq!(first.next, Some(vec![stage_of(&bench, copy.id, "提案")]), "its steps lead to its own stages");
    assert_eq!(names(another(&bench, "単発").id)[0], "接触");
    let taken = bench.act(|tx| add(tx, &called("単発"))).unwrap_err();
    assert_eq!((taken.fields()[0].field.as_str(), taken.fields()[0].code), ("name", Code::Taken));
    let unknown = PipelineInput { like: "999".into(), ..called("別") };
    assert_eq!(bench.act(|tx| add(tx, &unknown)).unwrap_err().fields()[0].field, "like");
}

#[test]
fn a_pipeline_with_open_deals_and_the_last_one_stay_in_use() {
    let bench = Bench::new();
    let (first, deal) = (bench.pipeline(), bench.open("名刺"));
    assert_eq!(bench.act(|tx| archive(tx, first, 1)).unwrap_err().code(), Code::LastPipeline);
    let second = another(&bench, "年間契約");
    assert_eq!(bench.act(|tx| archive(tx, first, 1)).unwrap_err().code(), Code::PipelineInUse);
    let asleep = bench.act(|tx| deals::sleep(tx, deal.id, 1)).unwrap();
    let still = bench.act(|tx| archive(tx, first, 1)).unwrap_err();
    assert_eq!(still.code(), Code::PipelineInUse, "a sleeping one wakes up where it lay");
    let next =
        ReopenInput {
            next_action: "再訪".into(), next_action_on: "2026-11-30".into(), ..Default::default()
        };
    let awake = bench.act(|tx| deals::reopen(tx, deal.id, asleep.version, next)).unwrap();
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    let lost = bench.act(|tx| deals::lose(tx, deal.id, awake.version, why)).unwrap();
    let archived = bench.act(|tx| archive(tx, first, 1)).unwrap();
    assert!(archived.archived_at.is_some());
    assert_eq!(bench.pipeline(), second.id);
    assert_eq!(bench.act(|tx| archive(tx, second.id, 1)).unwrap_err().code(), Code::LastPipeline);
    let next =
        ReopenInput {
            next_action: "再訪".into(), next_action_on: "2026-11-30".into(), ..Default::default()
        };
    let reopened = bench.act(|tx| deals::reopen(tx, deal.id, lost.version, next)).unwrap();
    assert_eq!(reopened.stage_id, stages_of(&bench, second.id)[0].id, "its own is out of use");
    let again = bench.act(|tx| restore(tx, first, archived.version)).unwrap();
    assert_eq!(again.archived_at, None);
    assert_eq!(bench.act(|tx| archive(tx, first, 1)).unwrap_err().code(), Code::Stale);
}

#[test]
fn a_deal_begins_in_the_named_pipeline_and_wins_in_its_own() {
    let bench = Bench::new();
    let yearly = another(&bench, "年間契約").id;
    let input = DealInput { pipeline_id: yearly.to_string().into(), ..bench.input("名刺") };
    let deal = bench.act(|tx| deals::open(tx, input)).unwrap();
    assert_eq!(deal.stage_id, stages_of(&bench, yearly)[0].id);
    bench.quote(deal.id, 10);
    let version = bench.deal(deal.id).version;
    let won = bench.act(|tx| deals::win(tx, deal.id, version, deals::WinInput::default())).unwrap();
    assert_eq!(won.stage_id, stage_of(&bench, yearly, "受注"));
    let input = DealInput { pipeline_id: "999".into(), ..bench.input("名刺") };
    let refused = bench.act(|tx| deals::open(tx, input)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "pipeline_id");
}

#[test]
fn a_deal_goes_to_another_pipeline_only_by_the_form_for_it() {
    let bench = Bench::new();
    let yearly = another(&bench, "年間契約").id;
    let deal = bench.open("名刺");
    let there = stage_of(&bench, yearly, "提案");
    assert_eq!(advance(&bench, deal.id, there).unwrap_err().code(), Code::OtherPipeline);
    let negotiation = stage_of(&bench, yearly, "交渉");
    let asks = bench.act(|tx| deals::transfer(tx, deal.id, 1, AdvanceInput::to(negotiation))).unwrap_err();
    assert_eq!((asks.code(), asks.fields()[0].field.as_str()), (Code::StageRequirement, "quote"));
    let moved = bench.act(|tx| deals::transfer(tx, deal.id, 1, AdvanceInput::to(there))).unwrap();
    assert_eq!(moved.stage_id, there);
    let events = bench.act(|tx| deals::history(tx, deal.id)).unwrap();
    assert_eq!((events[0].from_stage_id, events[0].to_stage_id), (Some(deal.stage_id), there));
    let won = stage_of(&bench, yearly, "受注");
    let closing = bench.act(|tx| deals::transfer(tx, deal.id, 2, AdvanceInput::to(won))).unwrap_err();
    assert_eq!(closing.code(), Code::ClosingStage);
    let counts = |pipeline| -> i64 {
        let board = bench.act(|tx| deals::board(tx, pipeline, 5)).unwrap();
        board.iter().map(|column| column.count).sum()
    };
    assert_eq!((counts(bench.pipeline()), counts(yearly)), (0, 1));
}

#[test]
fn no_deal_goes_where_the_towns_rules_do_not_let_it() {
    let bench = Bench::new();
    let stage = |name: &str| bench.act(|tx| stages::find(tx, bench.stage(name))).unwrap();
    let (contact, hearing, proposal) = (stage("接触"), stage("ヒアリング"), stage("提案"));
    let only = followed_by(&contact, &[hearing.id]);
    let changed = bench.act(|tx| stages::change(tx, contact.id, 1, &only)).unwrap();
    assert_eq!(changed.next, Some(vec![hearing.id]));
    let deal = bench.open("名刺");
    let refused = advance(&bench, deal.id, proposal.id).unwrap_err();
    assert_eq!(refused.code(), Code::StageStep);
    assert_eq!(refused.to_string(), "no deal goes from 接触 to 提案");
    advance(&bench, deal.id, hearing.id).unwrap();
    advance(&bench, deal.id, proposal.id).unwrap();
    let none = followed_by(&proposal, &[]);
    bench.act(|tx| stages::change(tx, proposal.id, 1, &none)).unwrap();
    assert_eq!(advance(&bench, deal.id, hearing.id).unwrap_err().code(), Code::StageStep);
    let version = bench.deal(deal.id).version;
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    bench.act(|tx| deals::lose(tx, deal.id, version, why)).unwrap();
    let any = StageInput { steps: "any".into(), ..followed_by(&contact, &[]) };
    assert_eq!(bench.act(|tx| stages::change(tx, contact.id, 2, &any)).unwrap().next, None);
}

#[test]
fn only_other_open_stages_of_the_same_pipeline_follow_one() {
    let bench = Bench::new();
    let yearly = another(&bench, "年間契約").id;
    let contact = bench.act(|tx| stages::find(tx, bench.stage("接触"))).unwrap();
    for wrong in [contact.id, bench.stage("受注"), stage_of(&bench, yearly, "提案"), BoardStageId(999)] {
        let refused =
            bench.act(|tx| stages::change(tx, contact.id, 1, &followed_by(&contact, &[wrong]))).unwrap_err();
        assert_eq!(
            (refused.fields()[0].field.as_str(), refused.fields()[0].code),
            ("next", Code::UnknownChoice)
        );
    }
}

#[test]
fn an_added_stage_stands_right_of_the_open_ones() {
    let bench = Bench::new();
    let input = StageInput {
        name: "契約書の確認".into(),
        probability: "90".into(),
        idle_days: "7".into(),
        ..StageInput::default()
    };
    let added = bench.act(|tx| stages::add(tx, bench.pipeline(), &input)).unwrap();
    let names: Vec<String> =
        stages_of(&bench, bench.pipeline()).into_iter().map(|stage| stage.name).collect();
    assert_eq!(names[4..], ["交渉", "契約書の確認", "受注", "失注"]);
    assert_eq!((added.kind, added.probability), (StageKind::Open, 90));
    let taken = bench.act(|tx| stages::add(tx, bench.pipeline(), &input)).unwrap_err();
    assert_eq!(taken.fields()[0].code, Code::Taken);
}

#[test]
fn the_board_a_person_looked_at_last_is_theirs_alone() {
    let bench = Bench::new();
    let yearly = another(&bench, "年間契約");
    let first = bench.pipeline();
    let seen = |person| bench.act(|tx| chosen(tx, Some(person))).unwrap().unwrap().id;
    assert_eq!(seen(bench.sales), first);
    bench.act(|tx| choose(tx, bench.sales, yearly.id)).unwrap();
    assert_eq!((seen(bench.sales), seen(bench.colleague)), (yearly.id, first));
    bench.act(|tx| choose(tx, bench.sales, first)).unwrap();
    bench.act(|tx| choose(tx, bench.sales, yearly.id)).unwrap();
    bench.act(|tx| archive(tx, yearly.id, 1)).unwrap();
    assert_eq!(seen(bench.sales), first, "what is out of use is no board");
    assert!(bench.act(|tx| choose(tx, bench.sales, yearly.id)).is_err());
}

#[test]
fn within_its_own_pipeline_a_transfer_follows_the_towns_steps() {
    let bench = Bench::new();
    let contact = bench.act(|tx| stages::find(tx, bench.stage("接触"))).unwrap();
    let only = followed_by(&contact, &[bench.stage("提案")]);
    bench.act(|tx| stages::change(tx, contact.id, 1, &only)).unwrap();
    let deal = bench.open("名刺");
    let transfer = |to| bench.act(|tx| deals::transfer(tx, deal.id, 1, AdvanceInput::to(to)));
    assert_eq!(transfer(bench.stage("ヒアリング")).unwrap_err().code(), Code::StageStep);
    assert_eq!(transfer(bench.stage("提案")).unwrap().stage_id, bench.stage("提案"));
}

/// What `slower` comes to when it is run while `first` is not committed yet.
fn overtaken<A, B: Send, E>(
    bench: &Bench,
    first: impl FnOnce(&mut Tx<'_>) -> Result<A, E>,
    slower: impl FnOnce() -> B + Send,
) -> (A, B)
where
    E: From<DbError> + std::fmt::Debug,
{
    std::thread::scope(|threads| {
        let (done, running) = bench
            .act(|tx| -> Result<_, E> {
                let done = first(tx)?;
                Ok((done, bench.db.meanwhile(threads, slower)))
            })
            .unwrap();
        (done, running.join().unwrap())
    })
}

#[test]
fn no_deal_comes_into_a_pipeline_that_is_archived_at_that_moment() {
    let bench = Bench::new();
    let yearly = another(&bench, "年間契約").id;
    let there = || DealInput { pipeline_id: yearly.to_string().into(), ..bench.input("名刺") };
    let stays = |archived: Result<Pipeline, PipelineError>| {
        assert_eq!(archived.map_err(|error| error.code()).unwrap_err(), Code::PipelineInUse);
    };
    let archive_it = || bench.act(|tx| archive(tx, yearly, 1));

    let (opened, archived) = overtaken(&bench, |tx| deals::open(tx, there()), archive_it);
    stays(archived);
    let why = LoseInput { reason: "price".into(), ..LoseInput::default() };
    let lost = bench.act(|tx| deals::lose(tx, opened.id, 1, why)).unwrap();
    let next = || ReopenInput {
        next_action: "再訪".into(),
        next_action_on: "2026-11-30".into(),
        ..Default::default()
    };
    let (reopened, archived) =
        overtaken(&bench, |tx| deals::reopen(tx, lost.id, lost.version, next()), archive_it);
    stays(archived);
    let home = bench.stage("接触");
    let back = bench.act(|tx| deals::transfer(tx, reopened.id, 3, AdvanceInput::to(home))).unwrap();
    let proposal = stage_of(&bench, yearly, "提案");
    let move_there = |tx: &mut Tx<'_>| deals::transfer(tx, back.id, back.version, AdvanceInput::to(proposal));
    let (moved, archived) = overtaken(&bench, move_there, archive_it);
    stays(archived);
    bench.act(|tx| deals::transfer(tx, moved.id, moved.version, AdvanceInput::to(home))).unwrap();

    let (_, late) = overtaken(
        &bench,
        |tx| archive(tx, yearly, 1),
        || bench.act(|tx| deals::open(tx, there())).map_err(|error| error.fields()[0].field.clone()),
    );
    assert_eq!(late.unwrap_err(), "pipeline_id", "it is out of use by then");
}

#[test]
fn of_two_who_give_the_same_name_at_once_the_second_is_told_so() {
    let bench = Bench::new();
    let other = another(&bench, "年間契約");
    let taken = |error: &PipelineError| (error.fields()[0].field.clone(), error.fields()[0].code);
    let added = || bench.act(|tx| add(tx, &called("単発"))).map_err(|error| taken(&error));
    let (_, late) = overtaken(&bench, |tx| add(tx, &called("単発")), added);
    assert_eq!(late.unwrap_err(), ("name".into(), Code::Taken));
    let renamed = || bench.act(|tx| rename(tx, other.id, 1, &called("随時"))).map_err(|error| taken(&error));
    let (_, late) = overtaken(&bench, |tx| add(tx, &called("随時")), renamed);
    assert_eq!(late.unwrap_err(), ("name".into(), Code::Taken));
}

#[test]
fn of_two_who_add_a_stage_at_once_the_second_looks_again() {
    let bench = Bench::new();
    let pipeline = bench.pipeline();
    let named = |name: &str| StageInput {
        name: name.into(),
        probability: "50".into(),
        idle_days: "7".into(),
        ..StageInput::default()
    };
    let (_, late) = overtaken(
        &bench,
        |tx| stages::add(tx, pipeline, &named("見学")),
        || bench.act(|tx| stages::add(tx, pipeline, &named("試作"))).map_err(|error| error.code()),
    );
    assert_eq!(late.unwrap_err(), Code::Stale, "the place is taken");
    let contact = bench.act(|tx| stages::find(tx, bench.stage("接触"))).unwrap();
    let renamed = StageInput { name: "下見".into(), ..followed_by(&contact, &[]) };
    let (_, late) = overtaken(
        &bench,
        |tx| stages::add(tx, pipeline, &named("下見")),
        || {
            bench
                .act(|tx| stages::change(tx, contact.id, 1, &renamed))
                .map_err(|error| error.fields()[0].code)
        },
    );
    assert_eq!(late.unwrap_err(), Code::Taken);
}
