//! A real service on a port of its own, over a copy of the demonstration, with an account for every role.

use crate::office::demonstration;
use mingchou::canon::{Code, Time};
use mingchou::domain::Role;
use mingchou::http::{App, Settings, router};
use mingchou::ops::Office;
use mingchou::ops::account::{self, NewAccount};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The password of every account here.
pub const PASSWORD: &str = "correct horse battery";

/// Names of the accounts, what each may do, and the name on the page.
pub const PEOPLE: [(&str, &[Role], &str); 8] = [
    ("county", &[Role::County], "赵经办"),
    ("bureau", &[Role::Bureau], "钱科长"),
    ("discipline", &[Role::Discipline], "孙组长"),
    ("analyst", &[Role::Analyst], "李分析"),
    ("inspector", &[Role::Inspector], "周检查"),
    ("system", &[Role::SystemAdmin], "吴系统"),
    ("security", &[Role::SecurityAdmin], "郑安全"),
    ("auditor", &[Role::Auditor], "王审计"),
];

/// The county of the clerk.
pub const COUNTY: &str = "410802";

/// The service while it runs; it ends when this is dropped.
pub struct Site {
    folder: TempDir,
    pub address: SocketAddr,
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Site {
    /// Serves a copy of the demonstration, the clock at `at`.
    pub fn new(at: &str) -> Self {
        // The command has a runtime of its own, which can't stand inside a test's.
        let data = std::thread::spawn(|| demonstration().join("data")).join().expect("the demonstration");
        Self::over(&data, at)
    }

    /// Serves a copy of a data folder.
    pub fn over(data: &Path, at: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        copy_at_rest(data, &folder.path().join("data"));
        let mut site = Self { folder, address: SocketAddr::from(([127, 0, 0, 1], 0)), running: None };
        site.start(at, true);
        site
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same service at the same address at another time. Sessions last half an hour: sign in again.
    pub fn go_on_to(&mut self, at: &str) {
        self.stop();
        self.start(at, false);
    }

    fn start(&mut self, at: &str, is_first: bool) {
        let (data, at, address) = (self.data(), Time::parse(at).expect("a time"), self.address);
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        // A thread with a runtime of its own, so that a test may block and the service goes on.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let office = Office::open(&data, Some(at)).await.expect("open");
                if is_first {
                    add_people(&office).await;
                }
                let listener = tokio::net::TcpListener::bind(address).await.expect("a port");
                ready.send(listener.local_addr().expect("an address")).expect("somebody waits");
                let service = router(App::new(office, Settings::default())).into_make_service_with_connect_info::<SocketAddr>();
                tokio::select! {
                    served = axum::serve(listener, service) => served.expect("served"),
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        self.address = is_ready.recv().expect("the service is ready");
        self.running = Some(Running { stop, thread });
    }

    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.stop.send(());
            let _ = running.thread.join();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The accounts of a demonstration, whose people need no password of their own.
pub async fn add_people(office: &Office) {
    for (name, roles, full_name) in PEOPLE {
        let county = roles.contains(&Role::County).then(|| Code::parse(COUNTY).expect("a code"));
        let new = NewAccount { name, full_name, password: PASSWORD, roles, county, must_change: false };
        account::add(office, new, "@console").await.expect("an account");
    }
}

/// Copies a data folder in a moment when nobody writes to its database, whose last changes may still stand beside it.
pub fn copy_at_rest(from: &Path, to: &Path) {
    let state = |name: &str| std::fs::metadata(from.join(name)).and_then(|file| Ok((file.modified()?, file.len()))).ok();
    let states = || (state("mingchou.db"), state("mingchou.db-wal"));
    loop {
        let before = states();
        let is_copied = copy(from, to).is_ok();
        let _ = std::fs::remove_file(to.join("mingchou.db-shm"));
        if is_copied && states() == before {
            return;
        }
        // What stood beside the old copy doesn't belong to the new one.
        let _ = std::fs::remove_file(to.join("mingchou.db-wal"));
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.is_dir() { copy(&path, &to.join(name))? } else { std::fs::copy(&path, to.join(name)).map(|_| ())? }
    }
    Ok(())
}
