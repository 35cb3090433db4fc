//! The clerk's and the analyst's pages: handing in, own county only, searching, scores and models by right.

use super::{Answer, Service, Who, borrowed, multipart, request, sample};
use axum::body::Body;
use axum::http::header;
use mingchou::domain::Role;
use mingchou::http::Settings;

const FRIDAY: &str = "2026-11-27T15:00:00+08:00";
const LATE: &str = "2026-11-28T10:00:00+08:00";

/// A bureau to which nobody has sent anything yet.
async fn office(at: &str) -> (crate::office::Bureau, Service) {
    let bureau = std::thread::spawn(crate::office::Bureau::new).join().expect("a bureau");
    let service = Service::open(&bureau.data(), at, Settings::default()).await;
    (bureau, service)
}

/// Uploads files with the week they are for; answers the response of the form.
async fn choose(service: &Service, who: &Who, week: &str, county: Option<&str>, files: &[(&str, &[u8])]) -> Answer {
    let (kind, body) = multipart("one-line-between", files);
    let field = |name: &str, value: &str| format!("--one-line-between\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let mut head = field("week", week);
    head.extend(county.map(|county| field("county", county)));
    let body = [head.into_bytes(), body].concat();
    service.send(request("POST", "/submit", who).header(header::CONTENT_TYPE, kind), Body::from(body)).await
}

async fn send_form(service: &Service, path: &str, who: &Who, form: &str) -> Answer {
    let request = request("POST", path, who).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    service.send(request, Body::from(form.to_owned())).await
}

fn follow(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

const GOOD: &str = "解放区台账 第48周,,,,,,,\n培训机构,班期,系统班级编号,工种,开班时间,结业时间,培训人数,是否录入系统\n甲学校,一期班,XT001,电工,2026-11-23,2026-12-11,4,是\n";
const BAD: &str = "解放区台账 第48周,,,,,,,\n培训机构,班期,系统班级编号,工种,开班时间,结业时间,培训人数,是否录入系统\n甲学校,一期班,XT001,电工,2026-11-23,2026-11-01,4,是\n";
const LESSONS: &str = "培训机构,班期,日期,上课时间,课程内容,授课教师\n甲学校,一期班,2026-11-30,8:30-11:30,安全用电,王某\n";

#[tokio::test]
async fn a_clerk_looks_first_then_mends_then_hands_in_and_gets_a_receipt() {
    let (_bureau, service) = office(FRIDAY).await;
    let clerk = service.as_role(Role::County).await;
    let week = service.get("/", &clerk).await.text();
    assert!(week.contains("上报本周材料") && !week.contains("中站区"), "{week}");

    let check = follow(&choose(&service, &clerk, "2026-W48", None, &[("台账.csv", BAD.as_bytes()), ("课程表.csv", LESSONS.as_bytes())]).await);
    let page = service.get(&check, &clerk).await.text();
    assert!(page.contains("须改正") && page.contains("先行上报") && page.contains("开班时间"), "{page}");
    let marked = service.get(&format!("{check}/marked/1"), &clerk).await;
    assert!(marked.status == 200 && marked.body.starts_with(b"PK"), "{}", marked.status);
    assert!(service.get(&format!("{check}/findings.xlsx"), &clerk).await.body.starts_with(b"PK"));
    // Nothing was kept by looking.
    assert!(service.get("/", &clerk).await.text().contains("待报"));

    let mended = [("台账.csv", GOOD.as_bytes()), ("课程表.csv", LESSONS.as_bytes())];
    let again = follow(&choose(&service, &clerk, "2026-W48", None, &mended).await);
    assert_eq!(service.get(&check, &clerk).await.status, 422, "the earlier files are gone");
    let sent = follow(&send_form(&service, &format!("{again}/send"), &clerk, "").await);
    assert_eq!(sent, "/submissions/410802/2026-W48/1?sent=new");
    let receipt = service.get(&sent, &clerk).await.text();
    assert!(receipt.contains("上报成功") && receipt.contains("解放区") && receipt.contains("按时"), "{receipt}");
    let json = service.get("/submissions/410802/2026-W48/1/receipt.json", &clerk).await;
    assert!(json.text().contains("\"county\":\"410802\""), "{}", json.text());
    assert!(service.get("/submissions/410802/2026-W48/1/receipt.xlsx", &clerk).await.body.starts_with(b"PK"));
    assert!(service.get("/", &clerk).await.text().contains("查看回执"));

    // Handed in, the ticket is used up; the same files again make no further version.
    assert_eq!(send_form(&service, &format!("{again}/send"), &clerk, "").await.status, 422);
    let third = follow(&choose(&service, &clerk, "2026-W48", None, &mended).await);
    assert_eq!(follow(&send_form(&service, &format!("{third}/send"), &clerk, "").await), "/submissions/410802/2026-W48/1?sent=same");
}

#[tokio::test]
async fn a_clerk_sends_for_no_other_county_and_sees_no_other() {
    let (_bureau, service) = office(FRIDAY).await;
    let (clerk, other, bureau) = (service.as_role(Role::County).await, service.clerk("410803").await, service.as_role(Role::Bureau).await);
    let files = sample("2026-W48", "410803");
    assert_eq!(choose(&service, &clerk, "2026-W48", Some("410803"), &borrowed(&files)).await.status, 404);
    // The files say another county: told, and nothing is handed in.
    let check = follow(&choose(&service, &clerk, "2026-W48", None, &borrowed(&files)).await);
    let page = service.get(&check, &clerk).await.text();
    assert!(page.contains("class=\"refusal\"") && !page.contains("确认上报"), "{page}");
    assert_eq!(send_form(&service, &format!("{check}/send"), &clerk, "").await.status, 422);
    // Somebody else's files are nobody's.
    assert_eq!(service.get(&check, &other).await.status, 422);

    let check = follow(&choose(&service, &bureau, "2026-W48", None, &borrowed(&files)).await);
    let sent = follow(&send_form(&service, &format!("{check}/send"), &bureau, "").await);
    assert!(sent.starts_with("/submissions/410803/2026-W48/1"), "{sent}");
    assert_eq!(service.get(&sent, &other).await.status, 200);
    let (theirs, absent) = (service.get(&sent, &clerk).await, service.get("/submissions/410802/2026-W48/9", &clerk).await);
    assert_eq!((theirs.status, theirs.text()), (absent.status, absent.text()));
    let units = service.get("/classes", &other).await.text();
    let unit = units.split("/classes/").nth(1).and_then(|rest| rest.split('"').next()).expect("a class").to_owned();
    assert_eq!(service.get(&format!("/classes/{unit}"), &other).await.status, 200);
    let (theirs, absent) = (service.get(&format!("/classes/{unit}"), &clerk).await, service.get("/classes/410802-2026-9999", &clerk).await);
    assert_eq!((theirs.status, theirs.text()), (absent.status, absent.text()));
    assert_eq!(service.get("/classes?county=410803", &clerk).await.status, 404);
    assert!(!service.get("/classes", &clerk).await.text().contains(&unit));
}

#[tokio::test]
async fn late_and_empty_and_without_files_are_told_kindly() {
    let (_bureau, service) = office(LATE).await;
    let clerk = service.as_role(Role::County).await;
    assert!(service.get("/submit?week=2026-W48", &clerk).await.text().contains("请照常上报"));
    let none = choose(&service, &clerk, "2026-W48", None, &[]).await;
    assert!(none.status == 422 && none.text().contains("没有选择文件"), "{}", none.text());
    let unsure = send_form(&service, "/submit/zero", &clerk, "week=2026-W48").await;
    assert!(unsure.status == 422 && unsure.text().contains("勾选确认"), "{}", unsure.text());
    let sent = follow(&send_form(&service, "/submit/zero", &clerk, "week=2026-W48&sure=yes").await);
    let page = service.get(&sent, &clerk).await.text();
    assert!(page.contains("零报告") && page.contains("迟报"), "{page}");
}

#[tokio::test]
async fn what_a_header_means_is_told_once_and_undone() {
    let (_bureau, service) = office(FRIDAY).await;
    let clerk = service.as_role(Role::County).await;
    let odd = GOOD.replace("工种", "技术门类");
    let check = follow(&choose(&service, &clerk, "2026-W48", None, &[("台账.csv", odd.as_bytes())]).await);
    assert!(service.get(&check, &clerk).await.text().contains("技术门类"));
    let form = "kind=ledger&header=%E6%8A%80%E6%9C%AF%E9%97%A8%E7%B1%BB&field=occupation";
    let check = follow(&send_form(&service, &format!("{check}/mapping"), &clerk, form).await);
    let page = service.get(&check, &clerk).await.text();
    assert!(page.contains("已记住") && page.contains("<th scope=\"row\">职业（工种）</th><td>技术门类</td>"), "{page}");
    assert!(service.get("/submit", &clerk).await.text().contains("技术门类"));
    let other = service.clerk("410803").await;
    assert!(!service.get("/submit", &other).await.text().contains("技术门类"));
    assert_eq!(send_form(&service, "/submit/mapping/1/undo", &other, "").await.status, 404);
    assert_eq!(send_form(&service, "/submit/mapping/1/undo", &clerk, "").await.status, 303);
    assert!(!service.get("/submit", &clerk).await.text().contains("技术门类"));
}

#[tokio::test(flavor = "multi_thread")]
async fn classes_are_searched_and_scores_are_for_those_who_may() {
    let service = Service::new().await;
    let (clerk, analyst, inspector) =
        (service.as_role(Role::County).await, service.as_role(Role::Analyst).await, service.as_role(Role::Inspector).await);
    let all = service.get("/classes?week=2026-W48", &analyst).await.text();
    let count = |page: &str| page.matches("<td class=\"date\" data-label=\"班期代码\">").count();
    assert!(count(&all) > 10);
    // 班
    assert!(count(&service.get("/classes?week=2026-W48&text=%E7%8F%AD", &analyst).await.text()) > 0);
    assert_eq!(count(&service.get("/classes?week=2026-W48&text=nothing-of-this-name", &analyst).await.text()), 0);
    let ended = service.get("/classes?week=2026-W48&state=ended", &analyst).await.text();
    assert!(count(&ended) < count(&all) || !all.contains("state running"));
    let banded = service.get("/classes?week=2026-W48&band=all&sort=score", &analyst).await.text();
    assert!(banded.contains("band-"), "{banded}");
    assert!(!service.get("/classes?week=2026-W48&band=all&sort=score", &clerk).await.text().contains("band-"));

    let unit = all.split("/classes/").nth(1).and_then(|rest| rest.split('"').next()).expect("a class").to_owned();
    let score = format!("/classes/{unit}/score?week=2026-W48");
    let explained = service.get(&score, &analyst).await;
    assert!(explained.status == 200 && explained.text().contains("规模度量"), "{}", explained.text());
    assert_eq!(service.get(&score, &clerk).await.status, 403);
    assert_eq!(service.get(&score, &inspector).await.status, 403);
    assert_eq!(service.get("/classes", &inspector).await.status, 403);
    // Telephone numbers only on demand, and then it is on record.
    let page = service.get(&format!("/classes/{unit}"), &analyst).await.text();
    assert_eq!(crate::office::personal_in(&page), Vec::<String>::new());
    let shown = send_form(&service, &format!("/classes/{unit}/contact"), &analyst, "").await.text();
    assert!(shown.contains("已记录"), "{shown}");
    assert_eq!(service.get("/punctuality", &clerk).await.status, 200);
    assert_eq!(service.get("/applications", &clerk).await.status, 200);
}

#[tokio::test]
async fn nobody_approves_their_own_model() {
    let service = Service::new().await;
    let (bureau, discipline) = (service.as_role(Role::Bureau).await, service.as_role(Role::Discipline).await);
    let card = std::fs::read_to_string(crate::ingest::root().join("models/scorecard-2026.2.toml")).expect("a model");
    let card = card.replacen("scorecard-2026.2", "scorecard-2026.9", 1);
    let body = format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.toml\"\r\n\r\n{card}\r\n--b--\r\n");
    let proposed = request("POST", "/models", &bureau).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    assert_eq!(follow(&service.send(proposed, Body::from(body)).await), "/models/scorecard-2026.9");
    let page = service.get("/models/scorecard-2026.9", &bureau).await.text();
    assert!(page.contains("须由另一人批准") && !page.contains("/approve?"), "{page}");
    let own = send_form(&service, "/models/scorecard-2026.9/approve", &bureau, "sure=yes").await;
    assert!(own.status == 422 && own.text().contains("不能自己批准"), "{}", own.text());
    let unsure = send_form(&service, "/models/scorecard-2026.9/approve", &discipline, "").await;
    assert_eq!(unsure.status, 422);
    follow(&send_form(&service, "/models/scorecard-2026.9/approve", &discipline, "sure=yes").await);
    assert!(service.get("/models", &bureau).await.text().contains("scorecard-2026.9"));
    let compared = service.get("/models/compare?before=scorecard-2026.2&after=scorecard-2026.9", &bureau).await;
    assert_eq!(compared.status, 200, "{}", compared.text());
    assert_eq!(service.get("/models", &service.as_role(Role::County).await).await.status, 403);
}

#[tokio::test]
async fn a_folder_brings_what_is_no_table_and_it_is_named() {
    let (_bureau, service) = office(FRIDAY).await;
    let clerk = service.as_role(Role::County).await;
    let files: [(&str, &[u8]); 3] = [("本周/台账.csv", GOOD.as_bytes()), ("本周/~$台账.xlsx", b"x"), ("本周/Thumbs.db", b"x")];
    let check = follow(&choose(&service, &clerk, "2026-W48", None, &files).await);
    let page = service.get(&check, &clerk).await.text();
    assert!(page.contains("未读取：~$台账.xlsx、Thumbs.db") && page.contains("台账.csv"), "{page}");
    // What is wrong is told of every file, not of the first alone.
    let files: [(&str, &[u8]); 2] = [("one.csv", b"a,b\n1,2\n"), ("two.pdf", b"%PDF-1.4")];
    let check = follow(&choose(&service, &clerk, "2026-W48", None, &files).await);
    let page = service.get(&check, &clerk).await.text();
    assert!(page.contains("one.csv") && page.contains("D1006") && page.contains("认不出是什么表"), "{page}");
}

#[test]
fn a_basket_keeps_ones_own_files_for_half_an_hour() {
    use mingchou::canon::{Refusal, Time, Week};
    use mingchou::http::basket::Basket;
    use mingchou::ops::look::Looked;
    use mingchou::ops::receive::HandedIn;
    let at = Time::parse(FRIDAY).expect("a time");
    let basket = Basket::default();
    let put = |owner: &str, bytes: usize, at: Time| {
        let looked = Looked {
            week: Week::parse("2026-W48").expect("a week"),
            county: None,
            documents: Vec::new(),
            received: Err(Refusal::new("receive_nothing")),
        };
        basket.put(owner, at, vec![HandedIn { name: "a".to_owned(), bytes: vec![0; bytes] }], Vec::new(), looked)
    };
    let first = put("one", 1, at);
    assert!(basket.find("one", &first, at.plus_seconds(1800)).is_some());
    assert!(basket.find("other", &first, at).is_none());
    let second = put("one", 2, at.plus_seconds(60));
    assert!(basket.find("one", &first, at.plus_seconds(60)).is_none(), "the newer one takes its place");
    assert!(basket.find("one", &second, at.plus_seconds(1861)).is_none(), "half an hour is over");
    let second = put("one", 2, at);
    basket.forget("one");
    assert!(basket.find("one", &second, at).is_none());
    // Three large ones are too many together: the oldest goes.
    let tickets: Vec<String> = ["a", "b", "c"].iter().map(|owner| put(owner, 150 << 20, at)).collect();
    assert!(
        basket.find("a", &tickets[0], at).is_none() && basket.find("b", &tickets[1], at).is_some() && basket.find("c", &tickets[2], at).is_some()
    );
}
