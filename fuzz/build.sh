#!/bin/sh
# Builds all targets with a stable compiler: libfuzzer's coverage by hand, without a sanitizer (the program has no `unsafe`).
# `--target` keeps the flags away from build scripts.
set -e
cd "$(dirname "$0")"
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
cargo build --release --target x86_64-unknown-linux-gnu "$@"
