//! Telephone and ID numbers as they may be shown.

/// A text with every telephone and ID number in it masked, whichever column they strayed into.
pub fn mask_inside(text: &str) -> String {
    let mut masked = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        // Full-width digits are digits: a number typed with them is no less a person's.
        let half = match u32::from(c) {
            code @ 0xFF10..=0xFF5A => char::from_u32(code - 0xFEE0).unwrap_or(c),
            _ => c,
        };
        if half.is_ascii_digit() || (run.len() == 17 && matches!(half, 'X' | 'x')) {
            run.push(half);
            continue;
        }
        masked.push_str(&if run.len() >= 11 { mask(&run) } else { run.clone() });
        run.clear();
        masked.push(c);
    }
    masked.trim_end_matches('\0').to_owned()
}

/// Shows a telephone or ID number without giving it away.
pub fn mask(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let keep_last = if digits >= 15 { 0 } else { 4 };
    let keep_first = if digits >= 15 { 6 } else { 3 };
    let mut seen = 0;
    let masked = |c: char| {
        if !(c.is_ascii_digit() || digits >= 15 && matches!(c, 'X' | 'x')) {
            return c;
        }
        seen += 1;
        if seen <= keep_first || seen + keep_last > digits && keep_last > 0 { c } else { '*' }
    };
    if digits < 7 { text.to_owned() } else { text.chars().map(masked).collect() }
}
