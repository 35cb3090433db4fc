//! The sheet that a party prints and seals: its nonce on paper, for the day its file is lost or withheld.

use crate::canon::{Code, DrawKind, Hash, Result, Secret};
use crate::report::envelope::{EnvelopeSheet, write_envelope};
use crate::tlog::DrawRef;

/// The sheet as a workbook of one page.
pub fn envelope_sheet(draw: &DrawRef, party: &Code, commitment: &Hash, nonce: &Secret) -> Result<Vec<u8>> {
    let DrawRef { kind, period, attempt, plan } = draw;
    let name = match kind {
        DrawKind::Weekly => format!("{period} 周抽查　第 {attempt} 次"),
        DrawKind::Special(number) => format!("{period} 专项抽查第 {number} 号　第 {attempt} 次"),
    };
    let sheet =
        EnvelopeSheet { draw: name, party: party.to_string(), plan: plan.to_string(), commitment: commitment.to_string(), nonce: nonce.to_hex() };
    write_envelope(&sheet)
}
