//! Chromium's driver as a child process, and the commands that only Chromium has.

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The driver and its browser; both end when this is dropped, also in a test that failed.
pub struct Driver {
    child: Child,
    port: u16,
    session: String,
    /// A fresh profile beside the folder that downloads go to.
    folder: TempDir,
}

impl Driver {
    pub async fn start() -> (Self, Client) {
        let spawned = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = spawned.expect("chromedriver (Debian: chromium-driver)");
        let port = port_of(&mut child);
        let folder = TempDir::new().expect("a folder");
        std::fs::create_dir(folder.path().join("downloads")).expect("a folder");
        let mut driver = Self { child, port, session: String::new(), folder };
        let capabilities = driver.capabilities();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().expect("an object").clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        driver.session = client.session_id().await.expect("a session").unwrap_or_default();
        (driver, client)
    }

    fn capabilities(&self) -> Value {
        let profile = self.folder.path().join("profile");
        json!({
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {
                "binary": "/usr/bin/chromium",
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1",
                    format!("--user-data-dir={}", profile.display()),
                ],
                "prefs": {
                    "download.default_directory": self.downloads(),
                    "credentials_enable_service": false,
                    "profile.password_manager_leak_detection": false,
                },
            },
        })
    }

    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }
}

/// The port that the driver chose, as it says itself.
fn port_of(child: &mut Child) -> u16 {
    let out = child.stdout.take().expect("the driver's words");
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let port = lines.find_map(|line| line.rsplit_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok());
    // The driver must not stop at a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    port.expect("the driver says its port")
}

impl Drop for Driver {
    /// The session first: a driver that is merely killed leaves its browser behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(std::time::Duration::from_secs(10)));
            let request = format!("DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", self.session);
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0; 1024]);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What Chromium's driver knows beyond the standard: its console's lines, and the devtools' commands.
#[derive(Debug)]
pub enum Special {
    Console,
    DevTools(&'static str, Value),
}

impl WebDriverCompatibleCommand for Special {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        let session = session.unwrap_or_default();
        match self {
            Self::Console => base.join(&format!("session/{session}/se/log")),
            Self::DevTools(..) => base.join(&format!("session/{session}/goog/cdp/execute")),
        }
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        let body = match self {
            Self::Console => json!({"type": "browser"}),
            Self::DevTools(command, params) => json!({"cmd": command, "params": params}),
        };
        (axum::http::Method::POST, Some(body.to_string()))
    }
}
