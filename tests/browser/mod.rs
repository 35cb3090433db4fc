//! People at a real browser: Debian's Chromium over a service that really listens.
//!
//! `Browser` speaks of what a person sees: words on buttons, labels of fields, the text of a page. A test says
//! `browser.sign_in("bureau").await; browser.click("封存名单").await; assert!(browser.text().await.contains("已封存"));`.

#![allow(dead_code, reason = "a harness for tests still to come")]

mod driver;
mod menus;
pub mod site;

use base64::Engine as _;
use driver::{Driver, Special};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use site::{PASSWORD, Site};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Widths that pages are looked at: an office's screen and a telephone.
pub const WIDTHS: [u32; 2] = [1280, 390];

/// A press that goes to no other page is over after this; one that goes is waited for.
const QUIET: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(20);

/// One person's browser, with a fresh profile.
pub struct Browser {
    client: Client,
    driver: Driver,
    site: String,
}

impl Browser {
    pub async fn new(site: &Site) -> Self {
        let (driver, client) = Driver::start().await;
        let browser = Self { client, driver, site: site.url("") };
        browser.width(WIDTHS[0]).await;
        browser
    }

    /// Opens a page of the service.
    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.site)).await.expect("a page");
    }

    /// Where the browser is, without the host.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Signs in as one of `site::PEOPLE`, signing out whoever was there.
    pub async fn sign_in(&self, name: &str) {
        self.sign_in_with(name, PASSWORD).await;
        assert!(!self.path().await.starts_with("/login"), "{name} is in: {}", self.text().await);
    }

    pub async fn sign_in_with(&self, name: &str, password: &str) {
        self.client.delete_all_cookies().await.expect("no cookies");
        self.go("/login").await;
        self.fill("账号", name).await;
        self.fill("密码", password).await;
        self.press("form[action='/login'] button").await;
    }

    pub async fn sign_out(&self) {
        self.click("退出").await;
    }

    /// Presses the button, link or summary with these words: first one whose words are these alone, else one that has them.
    pub async fn click(&self, words: &str) {
        let words = quoted(words);
        let of = |test: &str| ["button", "a", "summary", "label"].map(|kind| format!("//{kind}[{test}]")).join(" | ");
        let exact = of(&format!("normalize-space(.)={words}"));
        let (value, part) = (format!("//input[@type='submit'][@value={words}]"), of(&format!("contains(normalize-space(.),{words})")));
        for path in [exact, value, part] {
            if let Some(element) = self.visible(Locator::XPath(&path)).await {
                return self.press_element(&element).await;
            }
        }
        panic!("nothing to press says {words} at {}:\n{}", self.path().await, self.text().await);
    }

    /// Presses what a selector finds, for the few things without words.
    pub async fn press(&self, css: &str) {
        let element = self.client.find(Locator::Css(css)).await.unwrap_or_else(|_| panic!("{css} is there"));
        self.press_element(&element).await;
    }

    /// Presses, and goes on when the page that follows (if one does) is there.
    async fn press_element(&self, element: &Element) {
        self.ask("window.isHere = 1; addEventListener('beforeunload', () => { window.isLeaving = 1; });").await;
        element.click().await.expect("clicked");
        let state = "return !window.isHere ? (document.readyState === 'complete' ? 'there' : 'coming') : window.isLeaving ? 'leaving' : 'here'";
        let begun = Instant::now();
        loop {
            // Between two pages there is nobody to ask.
            let state = self.client.execute(state, Vec::new()).await.unwrap_or_default();
            let patience = if state == "here" { QUIET } else { PATIENCE };
            if state == "there" || begun.elapsed() > patience {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Presses what hands over a file, and answers where the whole file is.
    pub async fn download(&self, words: &str) -> PathBuf {
        let known = self.downloaded();
        let path = format!("//a[contains(normalize-space(.),{0})] | //button[contains(normalize-space(.),{0})]", quoted(words));
        let element = self.visible(Locator::XPath(&path)).await.unwrap_or_else(|| panic!("nothing to download says {words}"));
        element.click().await.expect("clicked");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let new = self.downloaded().into_iter().find(|path| !known.contains(path) && path.extension().is_none_or(|end| end != "crdownload"));
            if let Some(path) = new.filter(|path| !path.to_string_lossy().contains(".org.chromium")) {
                return path;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{words} gave no file");
    }

    fn downloaded(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.driver.downloads()).expect("a folder").flatten().map(|entry| entry.path()).collect()
    }

    /// Puts a value into the field with this label: types it, chooses it from a list, or sets a date.
    pub async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        let kind = field.attr("type").await.expect("an attribute").unwrap_or_default();
        match field.tag_name().await.expect("a tag").as_str() {
            "select" => field.select_by_label(value).await.unwrap_or_else(|_| panic!("{label} offers {value}")),
            // How a date is typed depends on the browser's language.
            _ if ["date", "time", "datetime-local", "week", "month"].contains(&kind.as_str()) => {
                let field = serde_json::to_value(&field).expect("an element");
                self.client.execute("arguments[0].value = arguments[1]", vec![field, json!(value)]).await.expect("set");
            }
            _ => {
                field.clear().await.expect("cleared");
                field.send_keys(value).await.expect("typed");
            }
        }
    }

    /// Ticks the box (or the choice) with this label, if it isn't yet.
    pub async fn tick(&self, label: &str) {
        let field = self.field(label).await;
        if !field.is_selected().await.expect("a state") {
            field.click().await.expect("ticked");
        }
    }

    /// Hands a file to the field with this label.
    pub async fn upload(&self, label: &str, path: &Path) {
        self.field(label).await.send_keys(path.to_str().expect("utf-8")).await.expect("handed over");
    }

    /// The control that a label stands for: inside it, or named by it.
    async fn field(&self, label: &str) -> Element {
        let words = quoted(label);
        let inside = "//*[self::input or self::select or self::textarea][not(@type='hidden')]";
        for test in ["text()[normalize-space(.)=W]", "normalize-space(.)=W", "starts-with(normalize-space(.),W)", "contains(normalize-space(.),W)"] {
            let test = test.replace('W', &words);
            let path = format!("//label[{test}]{inside} | //*[@id=//label[{test}]/@for]");
            if let Some(field) = self.visible(Locator::XPath(&path)).await {
                return field;
            }
        }
        let named = format!("//*[@aria-label={words}]");
        match self.visible(Locator::XPath(&named)).await {
            Some(field) => field,
            None => panic!("no field is called {label} at {}:\n{}", self.path().await, self.text().await),
        }
    }

    async fn visible(&self, locator: Locator<'_>) -> Option<Element> {
        for element in self.client.find_all(locator).await.unwrap_or_default() {
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    /// What a person reads on the page.
    pub async fn text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await.expect("a page");
        body.text().await.expect("text")
    }

    /// What a script answers, for what can't be seen otherwise.
    pub async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script")
    }

    /// Waits until an expression of the page's script holds.
    pub async fn until(&self, holds: &str) {
        let begun = Instant::now();
        while self.client.execute(&format!("return !!({holds})"), Vec::new()).await.unwrap_or_default() != true {
            assert!(begun.elapsed() < PATIENCE, "{holds} never held at {}:\n{}", self.path().await, self.text().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The session's cookie and the like: name and value.
    pub async fn cookies(&self) -> Vec<(String, String)> {
        let cookies = self.client.get_all_cookies().await.expect("cookies");
        cookies.iter().map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned())).collect()
    }

    /// Sets the width of the page; below 500 as a telephone.
    pub async fn width(&self, width: u32) {
        let metrics = json!({"width": width, "height": if width < 500 { 844 } else { 900 }, "deviceScaleFactor": 1, "mobile": width < 500});
        self.special(Special::DevTools("Emulation.setDeviceMetricsOverride", metrics)).await;
    }

    async fn special(&self, command: Special) -> Value {
        self.client.issue_cmd(command).await.expect("the driver does it")
    }

    /// Writes the whole page at a width to `target/screens/NAME-WIDTH.png`.
    pub async fn screenshot(&self, name: &str, width: u32) -> PathBuf {
        self.width(width).await;
        let shot = self.special(Special::DevTools("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true}))).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap_or_default()).expect("a picture");
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(format!("{name}-{width}.png"));
        std::fs::write(&path, bytes).expect("written");
        self.width(WIDTHS[0]).await;
        path
    }

    /// What the console complained of since the last question: errors of scripts, refused by the policy, not found.
    pub async fn complaints(&self) -> Vec<String> {
        let lines = self.special(Special::Console).await;
        let severe = lines.as_array().into_iter().flatten().filter(|line| line["level"] == "SEVERE");
        severe.map(|line| line["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// What axe-core finds serious or critical: rule, and the first place.
    pub async fn obstacles(&self) -> Vec<String> {
        self.client.execute(&axe(), Vec::new()).await.expect("axe");
        let run = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations));";
        let violations = self.client.execute_async(run, Vec::new()).await.expect("axe ran");
        let is_grave = |found: &&Value| found["impact"] == "serious" || found["impact"] == "critical";
        let told = |found: &Value| format!("{}: {} ({})", found["id"], found["nodes"][0]["html"], found["nodes"][0]["failureSummary"]);
        violations.as_array().into_iter().flatten().filter(is_grave).map(told).collect()
    }
}

/// A text as XPath writes it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}

/// The folder that this test's binary was built into.
pub fn target() -> PathBuf {
    let binary = std::env::current_exe().expect("a binary");
    binary.ancestors().nth(3).expect("target/debug/deps/main").to_owned()
}

/// axe-core's script, which `scripts/axe` fetches.
fn axe() -> String {
    let path = target().join("axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("run scripts/axe first: {}: {error}", path.display()))
}
