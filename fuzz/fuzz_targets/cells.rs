#![no_main]
//! Every reader of a single cell on one text, with what must hold of each answer.

use libfuzzer_sys::fuzz_target;
use mingchou::canon::Week;
use mingchou::domain::mask_inside;
use mingchou::ingest::sheet::{shows_month_only, Cell};
use mingchou::ingest::{attendance, dates, place, values, week};

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let near = Week::parse(["2026-W48", "2026-W53", "2027-W01", "2024-W09"][usize::from(choice % 4)]).expect("a week");
    let number = text.trim().parse::<f64>().ok();
    let cell = match choice / 4 % 4 {
        0 => Cell::of_text(text),
        1 => number.map_or_else(Cell::default, Cell::of_number),
        2 => number.map_or_else(Cell::default, |number| Cell::of_serial(number, None)),
        _ => Cell::of_iso(text),
    };
    read_dates(text, number, &cell, near);
    read_times(text, &cell);
    read_values(text);
    _ = week::week_in(text, near);
    _ = (attendance::half_day(text), place::named_in(text, &[]), shows_month_only(text));
});

fn read_dates(text: &str, number: Option<f64>, cell: &Cell, near: Week) {
    _ = (dates::read_date(text, None, near), dates::read_date(text, number, near), dates::read_date_cell(cell, near));
    // A range may run backwards where its days contradict each other (`11.9-1`): a check tells it, L1102.
    _ = dates::read_date_range(text, near);
    _ = (dates::date_ranges_in(text, near), dates::last_date_in(text, near), dates::without_brackets(text));
    _ = mingchou::ingest::grid::range_inside(text, near);
}

fn read_times(text: &str, cell: &Cell) {
    _ = (values::read_clock(text), values::read_clock_cell(cell), values::read_clock_ranges(text));
    assert!(values::weekday_in(text).is_none_or(|day| (0..7).contains(&day)));
}

fn read_values(text: &str) {
    let narrow = values::narrow(text);
    assert_eq!(values::narrow(&narrow), narrow, "narrowing twice changes nothing");
    let squeezed = values::squeeze(text);
    assert_eq!(values::squeeze(&squeezed), squeezed, "squeezing twice changes nothing");
    _ = (values::is_blank(text), values::is_ditto(text), values::chinese_number(text), values::days_in_brackets(text));
    if let Some(Some(number)) = values::read_integer(text) {
        assert!((0..10_000_000_000).contains(&number));
    }
    if let Some(Some(yuan)) = values::read_yuan(text) {
        assert!(yuan >= 0);
    }
    _ = (values::read_bool(text), values::read_level(text));
    assert!(values::read_names(text).iter().all(|name| !name.is_empty()));
    let (_, phones) = values::split_contact(text);
    assert!(phones.is_none_or(|phones| !phones.is_empty()));
    _ = (values::tidy_phone(text), values::is_phone(text), values::is_scientific(text));
    let masked = mask_inside(text);
    assert_eq!(mask_inside(&masked), masked, "masking twice changes nothing");
    assert!(!masked.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|run| run.len() >= 15), "{masked:?}");
}
