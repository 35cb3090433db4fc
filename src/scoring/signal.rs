//! The arithmetic all signals share: integers, permille, rounded down.

/// `ramp(count/of; from, to)`: `⌊1000·(1000·count/of − from)/(to − from)⌋` held to 0…1000, with `from`
/// and `to` in permille. Callers give `of > 0` and `from < to`.
pub fn ramp(count: i64, of: i64, from: i64, to: i64) -> i64 {
    let (count, of, from, to) = (i128::from(count), i128::from(of), i128::from(from), i128::from(to));
    let width = of * (to - from);
    if width <= 0 {
        return 0;
    }
    let value = ((1000 * count - from * of) * 1000).div_euclid(width).clamp(0, 1000);
    i64::try_from(value).unwrap_or(1000)
}

/// A list's length as the integer type of scores.
pub fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
