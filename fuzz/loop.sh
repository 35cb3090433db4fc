#!/bin/sh
# Runs one target again and again until a moment (seconds since 1970), so that a find does not end the search: loop.sh target until [options]
cd "$(dirname "$0")"
target=$1 until=$2
shift 2
mkdir -p "artifacts/$target" "corpus/$target" logs
while left=$((until - $(date +%s))); [ "$left" -gt 5 ]; do
    nice -n 19 "${CARGO_TARGET_DIR:-target}/x86_64-unknown-linux-gnu/release/$target" "corpus/$target" -fork=0 -max_total_time="$left" -artifact_prefix="artifacts/$target/" \
        -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 "$@" >>"logs/$target.log" 2>&1
    sleep 1
done
