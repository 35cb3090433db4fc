#![no_main]
//! The bytes as they are: mostly the package around the parts, for its sums no longer hold once a part was touched.

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| mingchou_fuzz::judge("修武县台账.xlsx", bytes));
