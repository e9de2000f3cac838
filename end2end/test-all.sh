#!/usr/bin/env bash
# Runs the tests, stage by stage, and adds up what they say. Call it through frontend/toolchain.sh.
#
#   end2end/test-all.sh lint      format, lints, walls between the crates
#   end2end/test-all.sh check     the same, and unit and integration tests on SQLite
#   end2end/test-all.sh browser   the pages in a headless browser
#   end2end/test-all.sh all       all of these, with the integration tests on PostgreSQL too
#
# A failed stage does not stop the others. A stage without tests of its own (format, lints, builds)
# counts as one. The last line is `N passed, N failed`; the exit status is 1 when anything failed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
TARGET=$(mkdir -p "${CARGO_TARGET_DIR:-target}" && cd "${CARGO_TARGET_DIR:-target}" && pwd)
readonly TARGET WASM=wasm32-unknown-unknown
# Everything that runs on this machine: the browser's part is built for wasm only.
readonly NATIVE=(--workspace --exclude frontend)

passed=0
failed=0
failed_stages=()

# --- counting --------------------------------------------------------------------------------

# stage COUNTER NAME COMMAND...: runs a command, shows what it prints, counts with COUNTER.
stage() {
  local counter=$1 name=$2 status=0 outcome='done' begun=$SECONDS
  shift 2
  printf '\n==> %s\n' "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  count "$counter" "$status"
  if [[ $status -ne 0 ]]; then
    outcome=FAILED
    failed_stages+=("$name")
  fi
  printf '==> %s: %s after %d s\n' "$name" "$outcome" $((SECONDS - begun))
}

# Adds the numbers of a stage. A stage that fails without a failed test of its own is one failure.
count() {
  local good=0 bad=0
  read -r good bad < <(plain <"$log" | "count_$1" "$2")
  [[ $2 -eq 0 || $bad -gt 0 ]] || bad=1
  passed=$((passed + good))
  failed=$((failed + bad))
}

# Without colours.
plain() { sed 's/\x1b\[[0-9;]*m//g'; }

# A stage that is one test.
count_one() {
  cat >/dev/null
  [[ $1 -eq 0 ]] && echo 1 0 || echo 0 1
}

# `test result: ok. 5 passed; 0 failed; 1 ignored; ...`, once for each test program.
count_cargo() {
  awk '/^test result: / { good += $4; bad += $6 } END { print good + 0, bad + 0 }'
}

# `ℹ pass 5`, `ℹ fail 0` and `ℹ cancelled 0` at the end of Node's report.
count_node() {
  awk '$1 == "ℹ" && $2 == "pass" { good += $3 }
       $1 == "ℹ" && ($2 == "fail" || $2 == "cancelled") { bad += $3 }
       END { print good + 0, bad + 0 }'
}

# --- the stages ------------------------------------------------------------------------------

stages_lint() {
  stage one "format" cargo fmt --all --check
  stage one "lints" cargo clippy "${NATIVE[@]}" --all-targets -- -D warnings
  stage one "lints of the browser's part" cargo clippy --package frontend --target "$WASM" -- -D warnings
  stage one "walls between the crates" walls_hold
}

# Programs and tests in one build, so that both have the same features and are built once.
stages_build() {
  stage one "build" cargo build "${NATIVE[@]}" --bins --tests
}

stages_sqlite() {
  stage cargo "tests on SQLite" cargo test "${NATIVE[@]}" --no-fail-fast
}

stages_both_databases() {
  COUNTERSIGN_TEST_POSTGRES=required stage cargo "tests on SQLite and PostgreSQL" \
    end2end/postgres.sh run cargo test "${NATIVE[@]}" --no-fail-fast
}

stages_browser() {
  stage one "site" frontend/build.sh site
  stage one "packages of the browser tests" npm_packages
  stage one "libraries of partners" python_packages
  stage one "crates of the first call" first_call_crates
  COUNTERSIGN_BINARY="$TARGET/debug/countersign" stage node "browser tests" browser_tests
}

# What must not reach the browser does not appear among the crates that are built for it.
walls_hold() {
  local crates
  crates=$(cargo tree --package frontend --target "$WASM" --edges normal --prefix none --format '{p}') || return 1
  [[ $crates == *"app v"* ]] || return 1
  ! grep -E '^(axum|endpoints|engine|migrations|sea-orm|server|sqlx|store|tokio)( |-)' <<<"$crates"
}

# Leaves node_modules alone when they are those of the lock file.
npm_packages() (
  cd end2end
  [[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --no-audit --no-fund
)

# Likewise the environment of Python's packages.
python_packages() (
  cd end2end
  [[ .venv/made -nt requirements.txt ]] && exit
  rm -rf .venv
  python3 -m venv .venv &&
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt &&
    touch .venv/made
)

# Everything that the first call in Rust needs, before many browsers want the machine: a test compiles only
# the call itself.
first_call_crates() {
  local empty="$TARGET/first_call.rs"
  echo 'fn main() {}' >"$empty"
  FIRST_CALL=$empty cargo build --package sample_apps --features first_call --example first_call
}

# The time limit is for a whole file; each wait inside has its own, of seconds.
browser_tests() (
  cd end2end
  shopt -s nullglob
  tests=(lib/*.test.mjs walks/*.test.mjs)
  node --test --test-reporter=spec --test-timeout=900000 "${tests[@]}"
)

# --- the whole -------------------------------------------------------------------------------

summary() {
  local name
  echo
  for name in "${failed_stages[@]}"; do
    echo "FAILED: $name"
  done
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}

# The stages write into a pipe, and would think that nobody sees colours.
if [[ -t 1 && -z ${NO_COLOR-} ]]; then
  export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-always} FORCE_COLOR=1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

case "${1-}" in
  lint) stages_lint ;;
  check) stages_lint && stages_sqlite ;;
  browser) stages_build && stages_browser ;;
  all) stages_lint && stages_build && stages_both_databases && stages_browser ;;
  *)
    echo "usage: end2end/test-all.sh lint|check|browser|all" >&2
    exit 2
    ;;
esac
summary
