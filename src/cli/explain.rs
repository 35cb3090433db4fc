//! `mingchou explain`: why one class has its score and its size measure, as an official reads it or as JSON for a page.

use super::ceremony::DrawArgs;
use super::model::permille_times;
use super::office::Desk;
use super::table::{Table, wrap};
use super::{Exit, Printer};
use crate::canon::{Code, DrawKind, Result};
use crate::i18n::{self, Lang};
use crate::ops::explain::{Evidence, Explained, SignalLine, Usual};
use crate::ops::{self};
use serde_json::{Value, json};

/// No line that is printed is wider.
const WIDTH: usize = 100;

#[derive(clap::Args, Debug)]
pub struct ExplainArgs {
    #[arg(id = "unit", value_name = "CLASS")]
    pub unit: String,
    #[command(flatten)]
    pub draw: DrawArgs,
}

pub async fn explain(desk: &Desk, args: &ExplainArgs, printer: &mut Printer<'_>) -> Result<Exit> {
    let (unit, name) = (Code::parse(&args.unit)?, args.draw.name()?);
    let office = desk.open().await?;
    let explained = ops::explain::explain_class(&office, name, &unit).await?;
    if args.draw.json {
        printer.json(&as_json(&explained));
        return Ok(Exit::Done);
    }
    head(&explained, printer);
    points(&explained, printer);
    reasons(&explained, printer);
    groups(&explained, printer);
    size(&explained, printer);
    printer.line("");
    wrapped(printer, "explain_caution", &[], 0);
    Ok(Exit::Done)
}

/// Keys stay as they are for pages; sentences in both languages stand beside their codes.
fn as_json(explained: &Explained) -> Value {
    let mut value = serde_json::to_value(explained).unwrap_or_default();
    let lines = value.get_mut("signals").and_then(Value::as_array_mut);
    for (line, signal) in lines.into_iter().flatten().zip(&explained.explanation.signals) {
        let name = format!("signal_{}", signal.signal);
        line["name_zh"] = json!(i18n::phrase(Lang::Zh, &name));
        line["name_en"] = json!(i18n::phrase(Lang::En, &name));
        let rows = line.get_mut("evidence").and_then(Value::as_array_mut);
        for (row, of) in rows.into_iter().flatten().zip(&signal.evidence) {
            row["zh"] = json!(in_words(explained, of, Lang::Zh));
            row["en"] = json!(in_words(explained, of, Lang::En));
        }
        if let Some(code) = &signal.missing_reason {
            line["reason_zh"] = json!(i18n::say(Lang::Zh, code, &[]));
            line["reason_en"] = json!(i18n::say(Lang::En, code, &[]));
        }
    }
    value
}

fn wrapped(printer: &mut Printer, code: &str, values: &[(&'static str, String)], indent: usize) {
    let text = printer.text(code, values);
    let blanks = " ".repeat(indent);
    printer.line(&format!("{blanks}{}", wrap(&text, WIDTH - indent, 0).replace('\n', &format!("\n{blanks}"))));
}

fn head(e: &Explained, printer: &mut Printer) {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
    let county = if printer.lang == Lang::Zh { &e.county_zh } else { &e.county_en };
    wrapped(printer, "explain_title", &[("unit", e.unit.to_string()), ("institution", text(&e.institution)), ("class", text(&e.class_name))], 0);
    let values = [("occupation", text(&e.occupation)), ("county", format!("{} {county}", e.county)), ("week", e.week.to_string())];
    wrapped(printer, "explain_place", &values, 0);
    if let DrawKind::Special(number) = e.draw {
        wrapped(printer, "explain_special", &[("number", number.to_string())], 0);
    }
    let at = e.basis.at.0.format("%Y-%m-%d %H:%M").to_string();
    wrapped(printer, if e.basis.is_frozen { "explain_at_freeze" } else { "explain_at_now" }, &[("at", at)], 0);
    let hash: String = e.model.sha256.to_string().chars().take(16).collect();
    let code = if e.model.is_in_force { "explain_model" } else { "explain_model_proposed" };
    wrapped(printer, code, &[("model", e.model.name.clone()), ("sha256", hash)], 0);
    for flag in &e.flags {
        let name = serde_json::to_value(flag).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let text = printer.text(&format!("flag_{name}"), &[]);
        printer.line(&wrap(&format!("· {text}"), WIDTH, 2));
    }
    let (x, bands) = (&e.explanation, e.explanation.bands);
    let values = [
        ("score", x.score.to_string()),
        ("max", x.score_max.to_string()),
        ("band", x.band.to_string()),
        ("b", bands.b.to_string()),
        ("c", bands.c.to_string()),
        ("d", bands.d.to_string()),
    ];
    printer.line("");
    wrapped(printer, "explain_score", &values, 0);
    if let Some(frozen) = e.at_freeze {
        wrapped(printer, "explain_differs", &[("score", frozen.score.to_string()), ("size", frozen.size.to_string())], 0);
    }
}

fn points(e: &Explained, printer: &mut Printer) {
    let heads = ["explain_signal", "explain_points", "explain_cut", "explain_permille", "explain_bin", "explain_occupation", "explain_county"];
    let mut table = Table::new(heads.iter().map(|head| printer.text(head, &[])).collect());
    for line in &e.explanation.signals {
        let missing = || printer.text("explain_missing", &[]);
        let bin = line.bin.map_or_else(String::new, |bin| match bin.below {
            Some(below) if below == bin.from + 1 => bin.from.to_string(),
            Some(below) => format!("{}–{}", bin.from, below - 1),
            None if bin.from == 1000 => "1000".to_owned(),
            None => format!("{}–1000", bin.from),
        });
        table.row(vec![
            format!("{} {}", line.signal, i18n::phrase(printer.lang, &format!("signal_{}", line.signal))),
            format!("{}/{}", line.points, line.points_most),
            if line.cut == 0 { String::new() } else { format!("−{}", line.cut) },
            line.permille.map_or_else(missing, |permille| permille.to_string()),
            bin,
            usual(line.occupation, printer),
            usual(line.county, printer),
        ]);
    }
    printer.line("");
    printer.line(&table.render());
    wrapped(printer, "explain_legend", &[], 0);
}

/// The median and, where this class has a value, how many of those known stand lower, alike and higher.
fn usual(usual: Option<Usual>, printer: &Printer) -> String {
    let Some(Usual { median: Some(median), standing, .. }) = usual else { return "—".to_owned() };
    match standing {
        Some(s) => format!("{median} ({}/{}/{})", s.lower, s.equal, s.higher),
        None => printer.text("explain_median_only", &[("median", median.to_string())]),
    }
}

fn reasons(e: &Explained, printer: &mut Printer) {
    printer.line("");
    printer.say("explain_reasons", &[]);
    let (missing, known): (Vec<&SignalLine>, Vec<&SignalLine>) = e.explanation.signals.iter().partition(|line| line.is_missing);
    let told: Vec<&SignalLine> = known.into_iter().filter(|line| line.points_before_cap > 0 || line.permille > Some(0)).collect();
    if told.is_empty() {
        printer.say("explain_no_reasons", &[]);
    }
    for line in told {
        let reason = if printer.lang == Lang::Zh { &line.reason_zh } else { &line.reason_en };
        printer.line(&wrap(&format!("{} +{}  {reason}", line.signal, line.points), WIDTH, 8));
        for row in &line.evidence {
            printer.line(&wrap(&format!("      · {}", in_words(e, row, printer.lang)), WIDTH, 8));
        }
    }
    if missing.is_empty() {
        return;
    }
    let points: i64 = missing.iter().map(|line| line.points).sum();
    printer.line("");
    wrapped(printer, "explain_missing_list", &[("count", missing.len().to_string()), ("points", points.to_string())], 0);
    for line in missing {
        let reason = line.missing_reason.as_ref().map_or_else(String::new, |code| printer.text(code, &[]));
        printer.line(&wrap(&format!("{} +{}  {reason}", line.signal, line.points), WIDTH, 8));
    }
}

/// A row of evidence as its sentence; numbers are also given as shares of a hundred.
fn in_words(e: &Explained, row: &Evidence, lang: Lang) -> String {
    const NUMBERS: [(&str, &str); 6] = [("n1", "p1"), ("n2", "p2"), ("n3", "p3"), ("n4", "p4"), ("n5", "p5"), ("n6", "p6")];
    let phrase = |code| i18n::phrase(lang, code).to_owned();
    // The other time of the same day needs no date.
    let day = row.at.as_deref().and_then(|at| at.get(..11)).unwrap_or("\n");
    let other_at = row.other_at.as_deref().map_or("", |other| other.strip_prefix(day).unwrap_or(other));
    let or_unknown = |text: &Option<String>, code| text.clone().unwrap_or_else(|| phrase(code));
    let mut values = vec![
        ("at", row.at.clone().unwrap_or_default()),
        ("other_at", other_at.to_owned()),
        ("unit", row.unit.clone().unwrap_or_default()),
        ("institution", or_unknown(&row.institution, "evidence_institution")),
        ("teacher", or_unknown(&row.teacher, "evidence_teacher")),
        ("occupation", or_unknown(&e.occupation, "evidence_occupation")),
        ("level", e.level.clone().unwrap_or_default()),
        ("persons", persons(row, lang)),
        ("count", row.count.unwrap_or(1).to_string()),
    ];
    for ((number, share), &value) in NUMBERS.into_iter().zip(&row.numbers) {
        values.push((number, value.to_string()));
        values.push((share, format!("{}.{}%", value.div_euclid(10), value.rem_euclid(10))));
    }
    i18n::say(lang, &format!("evidence_{}", row.what), &values)
}

/// Trainees by their masked names, or else by the rows of the roster in which they stand.
fn persons(row: &Evidence, lang: Lang) -> String {
    let (list, rows) = (if lang == Lang::Zh { "、" } else { ", " }, row.rows.iter().map(ToString::to_string).collect::<Vec<_>>());
    let is_more = row.count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count > rows.len()));
    let told = if rows.is_empty() {
        i18n::say(lang, "evidence_person", &[])
    } else if row.persons.is_empty() {
        i18n::say(lang, if rows.len() > 1 { "evidence_rows" } else { "evidence_row" }, &[("rows", rows.join(list))])
    } else {
        let named = |(name, row): (&String, &String)| i18n::say(lang, "evidence_named", &[("name", name.clone()), ("rows", row.clone())]);
        row.persons.iter().zip(&rows).map(named).collect::<Vec<_>>().join(list)
    };
    if is_more { i18n::say(lang, "evidence_more", &[("persons", told)]) } else { told }
}

fn groups(e: &Explained, printer: &mut Printer) {
    for group in e.explanation.groups.iter().filter(|group| group.cut > 0) {
        let values = [
            ("group", super::model::named(printer.lang, &format!("@group_{}", group.group))),
            ("before", group.points_before_cap.to_string()),
            ("cap", group.cap.to_string()),
            ("cut", group.cut.to_string()),
        ];
        wrapped(printer, "explain_group_cut", &values, 0);
    }
}

fn size(e: &Explained, printer: &mut Printer) {
    let s = &e.explanation.size;
    printer.line("");
    printer.say("explain_size", &[("size", s.size.to_string())]);
    let number = |value: Option<i64>| value.map_or_else(|| "—".to_owned(), |value| value.to_string());
    let code = match (e.money.yuan, e.money.seats.zip(e.money.standard)) {
        (None, _) => "explain_money_none",
        (Some(yuan), Some((seats, standard))) if seats.checked_mul(standard) == Some(yuan) => "explain_money_seats",
        (Some(_), _) => "explain_money_amount",
    };
    let values = [
        ("seats", number(e.money.seats)),
        ("standard", number(e.money.standard)),
        ("yuan", number(e.money.yuan)),
        ("from", s.money_from_yuan.to_string()),
        ("to", s.money_to_yuan.to_string()),
        ("most", permille_times(s.money_max_permille)),
        ("m", s.money_permille.to_string()),
    ];
    wrapped(printer, code, &values, 2);
    let rest = 1000 - s.lambda_permille;
    let values = [("lambda", s.lambda_permille.to_string()), ("sum", s.score_sum.to_string()), ("result", s.floor_part.to_string())];
    wrapped(printer, "explain_floor", &values, 2);
    let values = [("rest", rest.to_string()), ("n", s.units.to_string()), ("s", s.score.to_string()), ("result", s.own_part.to_string())];
    wrapped(printer, "explain_own", &values, 2);
    let values = [
        ("m", s.money_permille.to_string()),
        ("floor", s.floor_part.to_string()),
        ("own", s.own_part.to_string()),
        ("n", s.units.to_string()),
        ("max", s.score_max.to_string()),
        ("product", s.product.to_string()),
        ("divisor", s.divisor.to_string()),
        ("quotient", s.quotient.to_string()),
    ];
    wrapped(printer, "explain_quotient", &values, 2);
    wrapped(printer, "explain_bounds", &[("most", s.size_max.to_string()), ("size", s.size.to_string())], 2);
}
