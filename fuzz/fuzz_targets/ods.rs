#![no_main]
//! The bytes as they are.

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: mingchou_fuzz::install_hook(), |bytes: &[u8]| mingchou_fuzz::judge("修武县台账.ods", bytes));
