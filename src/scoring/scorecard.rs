//! The risk model: a reviewed TOML file of bins, points and caps.

use super::SIGNALS;
use super::ramps::{HEADS, Ramp, Ramps};
use super::toml_reader::{self, Fields, Node};
use crate::canon::{Code, Date, Hash, Refusal, Result};

/// No model is longer than this, however many comments it has.
const MAX_BYTES: usize = 1 << 18;
/// Permille of a threshold: a thousand times what is usual, or a hundred hours.
const MAX_THRESHOLD: i64 = 1_000_000;
/// Characters of a reason.
const MAX_REASON: usize = 120;

/// A model that passed every rule of the file. Its identity is the SHA-256 of its canonical JSON, so blanks, comments
/// and the order of keys don't matter; the order of groups and signals does, for caps cut in that order.
#[derive(Clone, Debug)]
pub struct Scorecard {
    pub name: Code,
    pub score_max: i64,
    /// The share of all size that is the same for everyone.
    pub lambda_permille: i64,
    pub groups: Vec<Group>,
    pub signals: Vec<Signal>,
    /// The thresholds it states, and the starting ones of the other signals.
    pub ramps: Ramps,
    pub bands: Bands,
    pub money: Money,
    pub valid_from: Date,
    pub valid_until: Date,
    record: String,
    hash: Hash,
}

/// Correlated signals that together give no more than `cap` points.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: String,
    pub cap: i64,
}

#[derive(Clone, Debug)]
pub struct Signal {
    pub id: String,
    /// Place of its group among the groups.
    pub group: usize,
    /// The last has no `below`; points never decrease.
    pub bins: Vec<Bin>,
    pub missing_points: i64,
    /// Code of a sentence in `i18n`.
    pub missing_reason: Code,
    /// `{n}` stands for the signal's number.
    pub reason_zh: String,
    pub reason_en: String,
}

/// Permille below which these points are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    pub below: Option<i64>,
    pub points: i64,
}

/// Scores from which the bands begin; below B is A.
#[derive(Clone, Copy, Debug)]
pub struct Bands {
    pub b: i64,
    pub c: i64,
    pub d: i64,
}

/// The multiplier rises from 1000 at `from_yuan` to `max_permille` at `to_yuan`.
#[derive(Clone, Copy, Debug)]
pub struct Money {
    pub from_yuan: i64,
    pub to_yuan: i64,
    pub max_permille: i64,
}

impl Scorecard {
    /// Reads a model of signals that this version computes; the first rule broken is refused with its line.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_BYTES {
            return Err(Refusal::new("scorecard_long").with("max", MAX_BYTES).with("found", text.len()));
        }
        let document = toml_reader::parse(text)?;
        // Floats, booleans and TOML dates have no place anywhere, so they are refused before anything else.
        let record = toml_reader::canonical(text, &document)?;
        let hash = Hash::of(record.as_bytes());
        let keys = ["schema", "name", "score_max", "floor", "group", "signal", "bands", "money", "validity"];
        let root = toml_reader::root(text, &document, &keys)?;
        root.get("schema")?.integer(1, 1)?;
        let name = parse_code(&root.get("name")?)?;
        let score_max = root.get("score_max")?.integer(1, 1000)?;
        let lambda_permille = root.get("floor")?.fields(&["lambda_permille"])?.get("lambda_permille")?.integer(1, 1000)?;
        let groups = read_groups(&root.get("group")?, score_max)?;
        let (signals, ramps) = read_signals(&root.get("signal")?, &groups)?;
        let bands = read_bands(&root.get("bands")?, score_max)?;
        let money = read_money(&root.get("money")?)?;
        let (valid_from, valid_until) = read_validity(&root.get("validity")?)?;
        Ok(Self { name, score_max, lambda_permille, groups, signals, ramps, bands, money, valid_from, valid_until, record, hash })
    }

    /// The model's identity, stored with every score, frame and evaluation.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Its canonical JSON, whose hash it is known by.
    pub fn record(&self) -> &str {
        &self.record
    }

    pub fn is_valid_on(&self, date: Date) -> bool {
        (self.valid_from..=self.valid_until).contains(&date)
    }

    /// A, B, C or D.
    pub fn band(&self, score: i64) -> char {
        match score {
            score if score >= self.bands.d => 'D',
            score if score >= self.bands.c => 'C',
            score if score >= self.bands.b => 'B',
            _ => 'A',
        }
    }
}

impl Signal {
    /// Points before the group's cap.
    pub fn points(&self, permille: Option<i64>) -> i64 {
        let Some(permille) = permille else { return self.missing_points };
        let bin = self.bins.iter().find(|bin| bin.below.is_none_or(|below| permille < below));
        bin.map_or(0, |bin| bin.points)
    }
}

fn parse_code(node: &Node<'_>) -> Result<Code> {
    let text = node.string()?;
    Code::parse(text).map_err(|_| node.refuse("scorecard_code").with("found", crate::canon::code::clip(text)))
}

fn read_groups(list: &Node<'_>, score_max: i64) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for node in list.list()? {
        let fields = node.fields(&["id", "cap"])?;
        let id = parse_code(&fields.get("id")?)?.to_string();
        if groups.iter().any(|group| group.id == id) {
            return Err(fields.get("id")?.refuse("scorecard_id_repeated").with("found", id));
        }
        groups.push(Group { id, cap: fields.get("cap")?.integer(0, score_max)? });
    }
    let sum: i64 = groups.iter().map(|group| group.cap).sum();
    if sum == score_max { Ok(groups) } else { Err(list.refuse("scorecard_caps").with("expected", score_max).with("found", sum)) }
}

fn read_signals(list: &Node<'_>, groups: &[Group]) -> Result<(Vec<Signal>, Ramps)> {
    let (mut signals, mut ramps): (Vec<Signal>, Ramps) = Default::default();
    for node in list.list()? {
        let fields = node.fields(&["id", "group", "ramp", "heads", "bins", "missing", "reason"])?;
        let id_node = fields.get("id")?;
        let signal = read_signal(&fields, groups)?;
        if signals.iter().any(|before| before.id == signal.id) {
            return Err(id_node.refuse("scorecard_id_repeated").with("found", signal.id));
        }
        read_ramp(&fields, "ramp", &signal.id, &mut ramps)?;
        read_ramp(&fields, "heads", if signal.id == "P3" { HEADS } else { "" }, &mut ramps)?;
        signals.push(signal);
    }
    if let Some(unused) = (0..groups.len()).find(|&index| signals.iter().all(|signal| signal.group != index)) {
        let id = groups.get(unused).map_or("", |group| group.id.as_str());
        return Err(list.refuse("scorecard_group_unused").with("found", id));
    }
    Ok((signals, ramps))
}

/// Thresholds, if stated: of a signal that has any, the first less than the second.
fn read_ramp(fields: &Fields<'_>, key: &str, id: &str, ramps: &mut Ramps) -> Result<()> {
    let Some(node) = fields.find(key) else { return Ok(()) };
    let of = node.fields(&["from", "to"])?;
    let read = |key| of.get(key)?.integer(0, MAX_THRESHOLD);
    let ramp = Ramp { from: read("from")?, to: read("to")? };
    if ramp.from >= ramp.to {
        return Err(node.refuse("scorecard_ramp"));
    }
    if ramps.set(id, ramp) { Ok(()) } else { Err(node.refuse("scorecard_ramp_none")) }
}

fn read_signal(fields: &Fields<'_>, groups: &[Group]) -> Result<Signal> {
    let (id_node, group_node) = (fields.get("id")?, fields.get("group")?);
    let (id, group) = (id_node.string()?, group_node.string()?);
    if !SIGNALS.contains(&id) {
        return Err(id_node.refuse("scorecard_signal_unknown").with("found", crate::canon::code::clip(id)));
    }
    let Some(group) = groups.iter().position(|one| one.id == group) else {
        return Err(group_node.refuse("scorecard_group_unknown").with("found", crate::canon::code::clip(group)));
    };
    let bins = read_bins(&fields.get("bins")?)?;
    let missing = fields.get("missing")?.fields(&["points", "reason"])?;
    let points = missing.get("points")?;
    let missing_points = points.integer(0, 1000)?;
    // What is unknown never counts for less than what is known to be good.
    if bins.first().is_some_and(|bin| missing_points < bin.points) {
        return Err(points.refuse("scorecard_missing_low"));
    }
    let reason = fields.get("reason")?.fields(&["zh", "en"])?;
    Ok(Signal {
        id: id.to_owned(),
        group,
        bins,
        missing_points,
        missing_reason: parse_code(&missing.get("reason")?)?,
        reason_zh: read_reason(&reason.get("zh")?)?,
        reason_en: read_reason(&reason.get("en")?)?,
    })
}

/// One line in which no value stands but `{n}`.
fn read_reason(node: &Node<'_>) -> Result<String> {
    let text = node.string()?;
    let is_long = text.chars().count() > MAX_REASON || text.chars().any(char::is_control);
    if is_long || text.replace("{n}", "").contains(['{', '}']) {
        return Err(node.refuse("scorecard_reason").with("max", MAX_REASON));
    }
    Ok(text.to_owned())
}

fn read_bins(list: &Node<'_>) -> Result<Vec<Bin>> {
    let nodes = list.list()?;
    let mut bins: Vec<Bin> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let fields = node.fields(&["below", "points"])?;
        let below = fields.find("below").map(|below| below.integer(1, 1000)).transpose()?;
        let points = fields.get("points")?.integer(0, 1000)?;
        if below.is_none() != (index + 1 == nodes.len()) {
            return Err(node.refuse("scorecard_bin_last"));
        }
        if let Some(previous) = bins.last() {
            if below.is_some() && below <= previous.below {
                return Err(node.refuse("scorecard_bins_order"));
            }
            if points < previous.points {
                return Err(node.refuse("scorecard_bins_decrease"));
            }
        }
        bins.push(Bin { below, points });
    }
    Ok(bins)
}

fn read_bands(node: &Node<'_>, score_max: i64) -> Result<Bands> {
    let fields = node.fields(&["B", "C", "D"])?;
    let read = |key| fields.get(key)?.integer(1, score_max);
    let bands = Bands { b: read("B")?, c: read("C")?, d: read("D")? };
    if bands.b < bands.c && bands.c < bands.d { Ok(bands) } else { Err(node.refuse("scorecard_bands")) }
}

fn read_money(node: &Node<'_>) -> Result<Money> {
    let fields = node.fields(&["from_yuan", "to_yuan", "max_permille"])?;
    let yuan = |key| fields.get(key)?.integer(1, 1_000_000_000_000);
    let max_permille = fields.get("max_permille")?.integer(1000, 2000)?;
    let money = Money { from_yuan: yuan("from_yuan")?, to_yuan: yuan("to_yuan")?, max_permille };
    if money.from_yuan < money.to_yuan { Ok(money) } else { Err(node.refuse("scorecard_money")) }
}

fn read_validity(node: &Node<'_>) -> Result<(Date, Date)> {
    let fields = node.fields(&["from", "until"])?;
    let read = |key| -> Result<Date> {
        let node = fields.get(key)?;
        let text = node.string()?;
        Date::parse(text).map_err(|_: Refusal| node.refuse("scorecard_date").with("found", crate::canon::code::clip(text)))
    };
    let (from, until) = (read("from")?, read("until")?);
    if from <= until { Ok((from, until)) } else { Err(node.refuse("scorecard_validity")) }
}
