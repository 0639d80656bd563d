//! Pay, over the pages: what was received is closed, its worker reads the statement and says that it is right, it is corrected,
//! read again and paid; and nobody reads anybody else's.

use super::rules::{between, claimed, offered_job, read};
use super::world::World;

#[test]
fn what_was_closed_is_read_confirmed_corrected_and_paid() {
    let world = World::start("paying");
    let [coordinator, checker, worker, other] =
        ["coordinator", "checker", "worker5", "worker6"].map(|part| world.signed_in(part));
    let job = offered_job(&coordinator);
    let unit = claimed(&worker, &job);
    super::checking::hands_in(&worker, &unit);
    let review = super::checking::version(&checker, &unit);
    checker.submit(&review, &format!("{review}/take"), &[]);
    checker.submit(&review, &review, &[("checks", "0"), ("verdict", "pass")]);

    let closing = "/statements/closing";
    let today = kernel::date_in_japan(kernel::clock::machine_time()).to_string();
    let kind = format!("/jobs/{job}/withholding");
    assert!(read(&coordinator, closing).contains(&kind), "nothing is closed before its kind is known");
    let csrf = coordinator.get(closing).csrf();
    let without = coordinator.post(closing, &[("csrf", &csrf), ("closed_on", &today)]);
    assert!([303, 409].contains(&without.status), "what else there is may be closed: {}", without.body);
    assert!(read(&coordinator, closing).contains(&kind), "this job is left");
    coordinator.submit(&kind, &kind, &[("kind", "data_entry"), ("withheld", ""), ("reason", "")]);
    assert!(read(&coordinator, &kind).contains("データ入力 – 源泉徴収しない"));
    coordinator.submit(closing, closing, &[("closed_on", &today)]);

    let home = read(&worker, "/");
    assert!(home.contains("href=\"/my-statements\""), "what waits for a word is on the home: {home}");
    assert!(read(&coordinator, "/").contains("これから支払う額（税込・源泉徴収後）"));
    let list = read(&worker, "/my-statements");
    let own = format!("/my-statements/{}", between(&list, "href=\"/my-statements/", "\""));
    let paper = read(&worker, &own);
    for said in ["支払通知書", "消費税等(10%)", "支払額", "あっています"] {
        assert!(paper.contains(said), "{said}: {paper}");
    }
    assert_eq!(other.get(&own).status, 404, "nobody reads anybody else's");
    let version = between(&paper, "name=\"version\" value=\"", "\"").to_owned();
    let yes = [("version", version.as_str()), ("answer", "confirmed")];
    worker.submit(&own, &format!("{own}/answer"), &yes);
    assert!(read(&worker, &own).contains("「あっています」と答えました"));

    let statement = own.replace("/my-statements", "/statements");
    assert!(read(&coordinator, &statement).contains("確認済み"));
    coordinator.submit(&statement, &format!("{statement}/correct"), &[("reason", "氏名の表記を直すため")]);
    let csrf = worker.get(&own).csrf();
    let stale = worker.post(&format!("{own}/answer"), &[("csrf", &csrf), yes[0], yes[1]]);
    assert_eq!(stale.status, 412, "what was read is not what holds: {}", stale.body);
    assert!(read(&worker, &own).contains("氏名の表記を直すため"));
    let deductions = read(&coordinator, &format!("{statement}/deductions"));
    assert!(deductions.contains("減額できる不備の記録はありません"), "{deductions}");
    coordinator.submit(&statement, &format!("{statement}/paid"), &[("version", "2"), ("paid_on", "")]);
    let paid = read(&worker, &own);
    assert!(paid.contains("支払い済み") && paid.contains("お金はもう払いました"), "{paid}");
    let days = read(&worker, "/my-pay");
    assert!(days.contains("に払いました") && days.contains("ふりこむ額（支払通知書）"), "{days}");
    let told = read(&coordinator, &statement);
    assert!(told.contains("を支払いました") && !told.contains("を支払います"), "{told}");
    let undo = format!("{statement}/undo");
    coordinator.submit(&statement, &undo, &[("payment", "1"), ("reason", "別の人の振込でした")]);
    let again = read(&worker, &own);
    assert!(again.contains("別の人の振込でした") && again.contains("まちがいでした"), "{again}");
    let kept = read(&coordinator, &statement);
    assert!(kept.contains("取り消した支払いの記録") && kept.contains("支払い済みにする"), "{kept}");
    coordinator.submit(&statement, &format!("{statement}/paid"), &[("version", "2"), ("paid_on", "")]);
    assert!(read(&worker, &own).contains("支払い済み"));
    world.stop();
}
