#!/usr/bin/env bash
# Sends requests made from the interface's own OpenAPI document to the release, wrong ones among them, and judges each answer by that
# document: no 5xx that it does not name, nothing outside it.
# usage: .ci/fuzz.sh [EXAMPLES]
set -euo pipefail
cd "$(dirname "$0")/.."

. .ci/tools.sh build
schemathesis=4.32.5
python_package schemathesis $schemathesis

port=$((20000 + RANDOM % 12000))
dir=$(mktemp -d)
trap 'kill %1 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
# Everyone asks from one address here, and a fuzzer asks often.
env DATABASE_URL="sqlite://$dir/fuzz.db" LEPTOS_SITE_ADDR=127.0.0.1:$port PUBLIC_ORIGIN=http://127.0.0.1:$port \
  METRICS_ADDR=off ADMIN_ADDR=off MAX_SENDS_PER_REQUESTER=1000000 MAX_SENDS_PER_DAY=1000000 RUST_LOG=error target/release/beonho &
for _ in {1..100}; do
  if (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; then break; fi
  sleep 0.1
done
# Left out: a text that fits the schema may still be no phone number and no code, which is answered 422.
cd "$dir"
"$tools/schemathesis-$schemathesis/bin/schemathesis" run "http://127.0.0.1:$port/v1/openapi.json" --max-examples "${1:-100}" --seed 1 \
  --exclude-checks positive_data_acceptance
