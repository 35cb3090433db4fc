//! The process around the service: its figures, its health, and how it ends.

use super::{AFTER, Service, Who};
use mingchou::domain::Role;
use mingchou::http::{App, Settings, serve_until};
use mingchou::ops::Office;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn figures_tell_routes_and_no_names_and_are_each_services_own() {
    let service = Service::new().await;
    let other = Service::new().await;
    let system = service.system(None, &["metrics"]).await;
    service.get("/api/v1/submissions/410803/2026-W48/1?text=secret", &Who::Nobody).await;
    service.get("/healthz", &Who::Nobody).await;
    service.get("/nothing/secret", &Who::Nobody).await;
    let figures = service.get("/metrics", &system).await.text();
    for expected in [
        "mingchou_requests_total{method=\"GET\",route=\"/api/v1/submissions/{county}/{week}/{version}\",status=\"401\"} 1",
        "mingchou_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1",
        "mingchou_requests_total{method=\"GET\",route=\"unknown\",status=\"404\"} 1",
        "mingchou_request_seconds_bucket",
        "mingchou_log_leaves ",
        "mingchou_sessions 0",
    ] {
        assert!(figures.contains(expected), "{expected} in {figures}");
    }
    assert!(!figures.contains("secret") && !figures.contains("410803"), "{figures}");
    let admin = other.as_role(Role::SystemAdmin).await;
    let others = other.get("/metrics", &admin).await.text();
    assert!(!others.contains("status=\"401\"") && others.contains("mingchou_sessions 1"), "{others}");
}

#[tokio::test]
async fn every_answer_has_a_number_and_health_needs_nobody() {
    let service = Service::new().await;
    let (one, two) = (service.get("/healthz", &Who::Nobody).await, service.get("/readyz", &Who::Nobody).await);
    assert_eq!((one.status, two.status), (200, 200));
    assert!(!one.header("x-request-id").is_empty() && one.header("x-request-id") != two.header("x-request-id"));
}

/// A service on a port of its own; it ends when the sender speaks.
async fn running(folder: &Service, settings: Settings) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<std::io::Result<()>>) {
    let office = Office::open(&folder.folder, Some(mingchou::canon::Time::parse(AFTER).expect("a time"))).await.expect("open");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (end, asked) = oneshot::channel::<()>();
    let ending = async move { _ = asked.await };
    (address, end, tokio::spawn(serve_until(App::new(office, settings), listener, ending)))
}

#[tokio::test]
async fn a_request_that_never_says_its_body_is_ended() {
    let folder = Service::new().await;
    let settings = Settings { patience: Duration::ZERO, ..Settings::default() };
    let (address, _end, _) = running(&folder, settings).await;
    let mut line = TcpStream::connect(address).await.expect("connected");
    let head = "POST /log/cosignature HTTP/1.1\r\nhost: office\r\ncontent-length: 100\r\nconnection: close\r\n\r\nonly this";
    line.write_all(head.as_bytes()).await.expect("sent");
    let mut said = String::new();
    // The rest may be a line cut off, for the body never came.
    _ = line.read_to_string(&mut said).await;
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("request_slow"), "{said}");
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_service_ends() {
    let folder = Service::new().await;
    let (address, end, running) = running(&folder, Settings::default()).await;
    let mut line = TcpStream::connect(address).await.expect("connected");
    let system = folder.system(Some("410802"), &["submit"]).await;
    let Who::System(token) = &system else { panic!("a system") };
    let body = "--x--\r\n";
    let head = format!(
        "POST /api/v1/weeks/2026-W49/submissions?zero=true&dry_run=true HTTP/1.1\r\nhost: office\r\nauthorization: Bearer {token}\r\n\
         content-type: multipart/form-data; boundary=x\r\nexpect: 100-continue\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).await.expect("sent");
    // The handler asks for the body only once it has begun: from here on the request is under way.
    let mut said = vec![0; 25];
    line.read_exact(&mut said).await.expect("read");
    assert!(said.starts_with(b"HTTP/1.1 100 Continue"), "{}", String::from_utf8_lossy(&said));
    end.send(()).expect("ending");
    line.write_all(body.as_bytes()).await.expect("sent");
    let mut rest = String::new();
    line.read_to_string(&mut rest).await.expect("read");
    assert!(rest.starts_with("HTTP/1.1 200"), "{rest}");
    running.await.expect("joined").expect("ended well");
    assert!(TcpStream::connect(address).await.is_err(), "nobody is let in any more");
}
