//! An office: its data folder, its clock and its chance.

use super::vault::Vault;
use crate::calendar::Calendar;
use crate::canon::{Hash, Refusal, Result, Secret, Time, Week, hash::TaggedHash};
use crate::facts::Facts;
use crate::store::{self, Store};
use crate::tlog::{KeyType, NoteKey};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Everything an act needs.
pub struct Office {
    pub store: Store,
    pub facts: Facts,
    pub vault: Vault,
    pub folder: PathBuf,
    pub calendar: Calendar,
    pub chance: Chance,
    pub clock: Clock,
    pub log_key: NoteKey,
    pub log_cache: super::log::LogCache,
}

/// Where unpredictable bytes come from.
pub enum Chance {
    System,
    /// For a demonstration: all secrets follow from a seed, so everybody gets the same.
    Seeded {
        seed: Hash,
        count: AtomicU64,
    },
}

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded { seed: crate::canon::tagged("demonstration", &[&seed.to_be_bytes()]), count: AtomicU64::new(0) }
    }

    /// 32 bytes that nobody could guess (or, in a demonstration, that follow from the seed and the order of asking).
    pub fn secret(&self) -> Result<Secret> {
        match self {
            Self::System => {
                use rand::TryRng as _;
                let mut bytes = [0; 32];
                let filled = rand::rngs::SysRng.try_fill_bytes(&mut bytes);
                filled.map_err(|error| Refusal::new("chance_failed").with("reason", error))?;
                Ok(Secret(bytes))
            }
            Self::Seeded { seed, count } => {
                let asked = count.fetch_add(1, Ordering::Relaxed) + 1;
                Ok(Secret(TaggedHash::new("demonstration secret").fixed(&seed.0).lp(&asked.to_be_bytes()).end().0))
            }
        }
    }
}

/// The system's clock, or a fixed time in a demonstration.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    System,
    Fixed(Time),
}

impl Clock {
    pub fn now(self) -> Time {
        match self {
            Self::System => {
                Time::from_unix(chrono::Utc::now().timestamp()).unwrap_or_else(|| Time::midnight(crate::canon::Date(chrono::NaiveDate::MIN)))
            }
            Self::Fixed(time) => time,
        }
    }
}

/// Names of settings.
pub const DEMONSTRATION: &str = "demonstration";
pub const ORIGIN: &str = "origin";

impl Office {
    /// Opens a folder made by `init`. `at` fixes the clock, which only a demonstration folder accepts.
    pub async fn open(folder: &Path, at: Option<Time>) -> Result<Self> {
        let url = super::database::url_of(folder)?;
        if !super::database::is_made(folder, &url) {
            return Err(Refusal::new("folder_not_initialised").with("folder", folder.display()));
        }
        let store = Store::open(&url).await?;
        let mut connection = store.read().await?;
        let is_demonstration = store::find_setting(&mut connection, DEMONSTRATION).await?.is_some();
        let origin = store::find_setting(&mut connection, ORIGIN).await?;
        drop(connection);
        let origin = origin.ok_or_else(|| Refusal::new("folder_not_initialised").with("folder", folder.display()))?;
        let clock = match at {
            Some(_) if !is_demonstration => return Err(Refusal::new("clock_not_demonstration")),
            Some(time) => Clock::Fixed(time),
            None => Clock::System,
        };
        let log_key = read_log_key(folder, &origin)?;
        let facts = Facts::open(folder)?;
        let calendar = read_calendar(&folder.join("holidays"))?;
        let vault = Vault::open(folder)?;
        propose_model_of_file(&store, folder, clock.now()).await?;
        Ok(Self { store, facts, vault, folder: folder.to_owned(), calendar, chance: Chance::System, clock, log_key, log_cache: Default::default() })
    }

    pub async fn is_demonstration(&self) -> Result<bool> {
        let mut connection = self.store.read().await?;
        Ok(store::find_setting(&mut connection, DEMONSTRATION).await?.is_some())
    }

    /// When a week's submissions are due; none in a week without a working day.
    pub fn deadline(&self, week: Week) -> Option<Time> {
        self.calendar.deadline(week, crate::calendar::CLOSE_OF_BUSINESS)
    }
}

/// The log's key; `origin` is its name.
pub(super) fn read_log_key(folder: &Path, origin: &str) -> Result<NoteKey> {
    let seed = read_text(&folder.join("keys/log.key"))?;
    Ok(NoteKey::new(origin, KeyType::Log, &Secret::parse(seed.trim_end())?))
}

/// In folders of earlier builds the model in force was a file. It becomes a proposal, which someone has to approve.
async fn propose_model_of_file(store: &Store, folder: &Path, now: Time) -> Result<()> {
    if store::model::count(&mut *store.read().await?).await? > 0 {
        return Ok(());
    }
    let text = fs::read_to_string(folder.join("models/scorecard.toml")).ok();
    let mut transaction = store.begin().await?;
    super::model::propose_first(&mut transaction, text.as_deref(), now).await?;
    transaction.commit().await.map_err(store::failed)
}

fn read_calendar(folder: &Path) -> Result<Calendar> {
    let mut tables = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| file_failed(folder, &error))?;
    for entry in entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "json")) {
        let bytes = fs::read(entry.path()).map_err(|error| file_failed(&entry.path(), &error))?;
        tables.push((entry.file_name().to_string_lossy().into_owned(), bytes));
    }
    tables.sort();
    let tables: Vec<(&str, &[u8])> = tables.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    Calendar::from_tables(&tables)
}

/// Reads a text file that a person named.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| file_failed(path, &error))
}

pub fn file_failed(path: &Path, error: &std::io::Error) -> Refusal {
    let code = if error.kind() == std::io::ErrorKind::NotFound { "file_missing" } else { "file_failed" };
    Refusal::new(code).with("path", path.display()).with("reason", error)
}

/// Writes a file so that after a power cut it is there wholly or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, bytes, fs::OpenOptions::new().write(true).create(true).truncate(true))
}

/// The same for a secret: from its first byte on only its owner may read it.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    write_with(path, bytes, &options)
}

fn write_with(path: &Path, bytes: &[u8], options: &fs::OpenOptions) -> Result<()> {
    let failed = |error: std::io::Error| file_failed(path, &error);
    // A bare file name has an empty parent, which is the folder one stands in.
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Two acts of one process may write the same file at the same time.
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let draft = folder.join(format!(".{name}.{}-{}.draft", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed)));
    let mut file = options.open(&draft).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&draft, path).map_err(failed)?;
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
