//! Public randomness: which draws may be named, and the one text in which each result is written.

use super::{Code, Refusal, Result, Time, code::clip};
use chrono::Datelike;

/// First second and period of drand quicknet's rounds (drand, chain 52db9ba7…).
const DRAND_GENESIS: i64 = 1_692_803_367;
const DRAND_PERIOD: i64 = 3;
const DRAND_MAX_ROUND: i64 = 1 << 53;

/// Refuses a draw that this source cannot hold at or after that time.
///
/// `source` is one of kl8, ssq, dlt, dice, drand; `draw` its number, serial or round.
pub fn check_named_draw(source: &str, draw: &str, after: Time) -> Result<()> {
    let malformed = |refusal: Refusal| refusal.with("source", clip(source)).with("draw", clip(draw));
    let year = after.0.year();
    let fits = match source {
        "kl8" | "ssq" => [year, year + 1].iter().any(|y| is_numbered(draw, &format!("{y:04}"))),
        "dlt" => [year, year + 1].iter().any(|y| is_numbered(draw, &format!("{:02}", y.rem_euclid(100)))),
        "dice" => Code::parse(draw).is_ok(),
        "drand" => return check_drand_round(draw, after).map_err(malformed),
        _ => return Err(malformed(Refusal::new("entropy_source"))),
    };
    if fits { Ok(()) } else { Err(malformed(Refusal::new("entropy_draw_number"))) }
}

/// A lottery's draw number: the year as it writes it, then three digits.
fn is_numbered(draw: &str, year: &str) -> bool {
    draw.strip_prefix(year).is_some_and(|number| number.len() == 3 && is_digits(number))
}

fn check_drand_round(round: &str, after: Time) -> Result<()> {
    let number = (is_digits(round) && !round.starts_with('0')).then(|| round.parse::<i64>().ok()).flatten();
    let number = number.filter(|n| *n <= DRAND_MAX_ROUND).ok_or_else(|| Refusal::new("entropy_draw_number"))?;
    if DRAND_GENESIS + DRAND_PERIOD * (number - 1) < after.unix() {
        return Err(Refusal::new("entropy_round_early"));
    }
    Ok(())
}

/// Refuses a text that is not the canonical result of the draw the plan names.
pub fn check_text(text: &str, source: &str, draw: &str) -> Result<()> {
    let value = text.strip_prefix(source).and_then(|t| t.strip_prefix('/'));
    let value = value.and_then(|t| t.strip_prefix(draw)).and_then(|t| t.strip_prefix('/'));
    let Some(value) = value else {
        return Err(Refusal::new("entropy_other_draw").with("expected", format!("{source}/{draw}/…")).with("found", clip(text)));
    };
    let good = match source {
        "kl8" => are_numbers(value, 20, 80),
        "ssq" => value.split_once('+').is_some_and(|(red, blue)| are_numbers(red, 6, 33) && are_numbers(blue, 1, 16)),
        "dlt" => value.split_once('+').is_some_and(|(front, back)| are_numbers(front, 5, 35) && are_numbers(back, 2, 12)),
        "dice" => (39..=400).contains(&value.len()) && is_digits(value),
        "drand" => super::hash::parse_hex::<48>(value).is_some(),
        _ => false,
    };
    if good { Ok(()) } else { Err(Refusal::new("entropy_value").with("source", source).with("found", clip(value))) }
}

/// `count` numbers of two digits, ascending from 01 to `highest`, one space apart.
fn are_numbers(text: &str, count: usize, highest: u32) -> bool {
    let mut previous = 0;
    let mut seen = 0;
    for number in text.split(' ') {
        let value = if number.len() == 2 && is_digits(number) { number.parse().unwrap_or(0) } else { 0 };
        if value <= previous || value > highest {
            return false;
        }
        previous = value;
        seen += 1;
    }
    seen == count
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}
