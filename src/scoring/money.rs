//! M1: money at stake, which multiplies the size measure. Not risk.

use super::scorecard::Money;

/// Bits of the fraction of a logarithm.
const FRACTION_BITS: u32 = 16;

/// What is known of the money that a class may cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stake {
    pub seats: Option<i64>,
    /// Yuan per person.
    pub standard: Option<i64>,
    /// Yuan.
    pub amount: Option<i64>,
}

/// The money multiplier in permille, 1000…`max_permille`, by the logarithm of seats × subsidy:
/// `1000 + ⌊(max − 1000)·(L(x) − L(from))/(L(to) − L(from))⌋` with `x` held to `from…to` yuan and `L` as below.
///
/// 1000 where no amount is known.
pub fn money_permille(stake: &Stake, money: &Money) -> i64 {
    let Some(yuan) = money_yuan(stake) else { return 1000 };
    let (from, to) = (log2(money.from_yuan), log2(money.to_yuan));
    let at = log2(yuan.clamp(money.from_yuan, money.to_yuan));
    // The reader refuses from ≥ to, but two amounts close together may share a logarithm.
    if to <= from { 1000 } else { 1000 + ((money.max_permille - 1000) * (at - from)).div_euclid(to - from) }
}

/// Yuan at stake: seats × the standard per person, or the amount the ledger states.
pub fn money_yuan(stake: &Stake) -> Option<i64> {
    let by_seats = stake.seats.zip(stake.standard).and_then(|(seats, yuan)| seats.checked_mul(yuan));
    by_seats.filter(|&yuan| yuan > 0).or(stake.amount.filter(|&yuan| yuan > 0))
}

/// `L(x)`: ⌊2¹⁶·log₂ x⌋ but for its last bits, in integers by repeated squaring, so that another language gets the same.
///
/// With `n = ⌊log₂ x⌋`, `y = ⌊x·2³¹/2ⁿ⌋` lies in 2³¹…2³²−1 and stands for x/2ⁿ in 1…2. Sixteen times: `y ← ⌊y²/2³¹⌋`;
/// if `y ≥ 2³²` the next bit of the fraction is 1 and `y ← ⌊y/2⌋`, else it is 0. `L = n·2¹⁶ + fraction`. `x ≤ 0` counts as 1.
pub fn log2(x: i64) -> i64 {
    let x = u128::from(u64::try_from(x).unwrap_or(1).max(1));
    let whole = x.ilog2();
    let mut y = (x << 31) >> whole;
    let mut fraction = 0i64;
    for _ in 0..FRACTION_BITS {
        y = (y * y) >> 31;
        fraction *= 2;
        if y >= 1 << 32 {
            fraction += 1;
            y >>= 1;
        }
    }
    i64::from(whole) * (1 << FRACTION_BITS) + fraction
}
