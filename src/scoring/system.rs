//! S1: whether the provincial system knows the class.

use super::inputs::{ClassInput, Inputs};
use super::signal::{Value, Values};

/// S1, not entered in the provincial system: 1000 if the ledger says so, 0 if it says it was entered.
/// Missing when the ledger is silent. Limit: the ledger's word is taken; differing fields wait for the system's export.
pub fn s1(inputs: &Inputs) -> Values {
    let value = |class: &ClassInput| match class.in_system {
        None => Value::missing(),
        Some(true) => Value::new(0, 0, Vec::new()),
        Some(false) => Value::new(1000, 1, class.class_name.clone().into_iter().collect()),
    };
    inputs.classes.iter().map(|class| (class.unit.clone(), value(class))).collect()
}
