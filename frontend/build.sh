#!/usr/bin/env bash
# Builds what the verbs of the Makefile run. Call it through frontend/toolchain.sh.
#
#   frontend/build.sh dev       server, browser's part and site folder, for working on them
#   frontend/build.sh site      the same without the server; takes the bundle program that is built
#   frontend/build.sh release   small and fast, into dist/ of the target folder
#
# The server finds its site folder beside itself. Cargo's target folder is CARGO_TARGET_DIR or target.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly TARGET="${CARGO_TARGET_DIR:-target}"
readonly WASM=wasm32-unknown-unknown

say() { printf '==> %s\n' "$*" >&2; }

# One call for both programs: they share most of what is compiled, and the last crates of one leave
# a core to the other.
build_server() {
  say "building the server (the first time takes some minutes)"
  cargo build --package server --package bundle
}

# The browser's part, by the dev profile: macros and build scripts are those of the server's build.
build_site() {
  say "building the browser's part"
  cargo build --package frontend --target "$WASM"
  bundle "$TARGET/$WASM/debug/frontend.wasm" "$TARGET/debug/site"
}

build_release() {
  say "building the server for release (about a quarter of an hour the first time)"
  # Leptos joins the types of a page's parts at run time: a third less code to keep in memory.
  RUSTFLAGS="${RUSTFLAGS-} --cfg erase_components" cargo build --release --package server --bin countersign
  say "building the browser's part for release"
  cargo build --profile wasm-release --package frontend --target "$WASM"
  cargo build --package bundle
  install -D "$TARGET/release/countersign" "$TARGET/dist/countersign"
  bundle "$TARGET/$WASM/wasm-release/frontend.wasm" "$TARGET/dist/site" --release
  say "built $TARGET/dist: start it with $TARGET/dist/countersign serve"
}

# bundle MODULE SITE [--release]
bundle() {
  local module=$1 site=$2
  shift 2
  "$TARGET/debug/bundle" --wasm "$module" --style style/main.css --public app/public --site "$site" "$@"
}

case "${1-}" in
  dev) build_server && build_site ;;
  site) build_site ;;
  release) build_release ;;
  *)
    echo "usage: frontend/build.sh dev|site|release" >&2
    exit 2
    ;;
esac
