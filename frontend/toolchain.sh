#!/usr/bin/env bash
# Finds or installs what a verb of the Makefile needs, then runs a command with it.
#
#   frontend/toolchain.sh NEED... -- COMMAND [ARGUMENT...]   make sure of the needs, then become COMMAND
#   frontend/toolchain.sh NEED...                            make sure of the needs, print the environment to use
#
# Needs: compiler (Rust that builds for this machine and for wasm), lints (clippy and rustfmt, after
# compiler), node, python, chromium, php, postgres, make. What is there already is left alone; system packages
# come from Debian. Server and wasm are always built by the same compiler, so that they share one target folder.
set -euo pipefail

readonly WASM=wasm32-unknown-unknown
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly ROOT
readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/countersign"
readonly OLDEST_NODE=20 NODE_FROM_NPM=24
readonly DEBIAN_COMPILER=(rustc-web cargo-web rust-web-src libstd-rust-web-dev)

# Environment variables that this run decided; printed when there is no command to run.
decided=()

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'countersign: %s\n' "$*" >&2
  exit 1
}

decide() {
  export "$1=$2"
  decided+=("$1")
}

there() { command -v "$1" >/dev/null 2>&1; }

# --- system packages -------------------------------------------------------------------------

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif there sudo; then
    sudo "$@"
  else
    fail "this needs root once and there is no sudo; as root, run: $*"
  fi
}

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Whether apt can name a version of every package given.
apt_knows() {
  local package policy
  for package in "$@"; do
    policy=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null)
    [[ $policy =~ Candidate:\ [^\(] ]] || return 1
  done
}

apt_update() {
  say "refreshing the list of system packages"
  as_root apt-get update -q >&2
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends --no-remove "$@" >&2
}

# Installs the packages that are missing. Returns 1 when apt cannot.
apt_install() {
  local package missing=()
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  there apt-get || return 1
  apt_knows "${missing[@]}" || apt_update || return 1
  say "installing system packages: ${missing[*]}"
  apt_get "${missing[@]}" && return 0
  apt_update && apt_get "${missing[@]}"
}

# --- the compiler ----------------------------------------------------------------------------

# The oldest Rust that the workspace accepts, as the root Cargo.toml says it.
oldest_rust() { sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml"; }

# Whether version $1 is at least version $2.
at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

rust_version() { "$1" --version 2>/dev/null | awk '{ print $2 }'; }

new_enough() {
  local version
  version=$(rust_version "$1")
  [[ -n $version ]] && at_least "$version" "$(oldest_rust)"
}

# Links a module of one function: proves that std for wasm and the linker fit the compiler $1.
links_wasm() {
  local folder status=0
  folder=$(mktemp -d)
  "$1" --target "$WASM" --crate-type cdylib --crate-name probe -o "$folder/probe.wasm" - \
    <<<'#[unsafe(no_mangle)] pub extern "C" fn probe() -> usize { std::vec![1_u8].len() }' \
    >/dev/null 2>&1 || status=1
  rm -rf "$folder"
  return "$status"
}

need_compiler() {
  need_c_compiler
  if active_ready; then
    return 0
  elif debian_ready; then
    use_debian
  elif rustup_adds_wasm; then
    return 0
  elif debian_installs; then
    use_debian
  else
    fail "Rust $(oldest_rust) or newer with the $WASM target is missing: install it with rustup" \
      "(rustup target add $WASM) and run this again."
  fi
}

# C parts of dependencies (SQLite, ring) and the linker.
need_c_compiler() {
  there cc && return 0
  apt_install gcc libc6-dev || fail "a C compiler (cc) is missing and could not be installed."
}

active_ready() {
  there rustc && there cargo && new_enough rustc && debian_std_fits rustc && links_wasm rustc
}

# --- the compiler by rustup ------------------------------------------------------------------

rustup_adds_wasm() {
  there rustup && [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]] || return 1
  if new_enough rustc; then
    say "adding $WASM with rustup"
    rustup target add "$WASM" >&2 || return 1
  else
    local channel
    channel=$(oldest_rust)
    say "installing Rust $channel with rustup"
    rustup toolchain install "$channel" --profile minimal --target "$WASM" \
      --component clippy --component rustfmt >&2 || return 1
    decide RUSTUP_TOOLCHAIN "$channel"
  fi
  links_wasm rustc
}

# --- the compiler from Debian's packages -----------------------------------------------------

debian_ready() {
  [[ -x /usr/bin/rustc && -x /usr/bin/cargo ]] && new_enough /usr/bin/rustc &&
    debian_std_fits /usr/bin/rustc && links_wasm /usr/bin/rustc
}

debian_installs() {
  there apt-get || return 1
  apt_install ca-certificates || return 1
  # A machine's list of packages may be older than the compiler that we need.
  debian_offers_compiler || { apt_update && debian_offers_compiler; } || return 1
  if [[ ! -x /usr/bin/rustc ]] || ! new_enough /usr/bin/rustc; then
    say "installing system packages: ${DEBIAN_COMPILER[*]}"
    apt_get "${DEBIAN_COMPILER[@]}" || { apt_update && apt_get "${DEBIAN_COMPILER[@]}"; } || return 1
  fi
  apt_install "${DEBIAN_COMPILER[@]}" || return 1
  new_enough /usr/bin/rustc || return 1
  debian_links_lld || return 1
  debian_std_fits /usr/bin/rustc && links_wasm /usr/bin/rustc || debian_builds_std || return 1
  links_wasm /usr/bin/rustc
}

# Whether the newest compiler that apt can name is new enough.
debian_offers_compiler() {
  local version
  version=$(LC_ALL=C apt-cache policy "${DEBIAN_COMPILER[0]}" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ -n $version && $version != "(none)" ]] && at_least "$version" "$(oldest_rust)"
}

use_debian() {
  if there rustup; then
    [[ $'\n'$(rustup toolchain list) == *$'\n'debian* ]] || rustup toolchain link debian /usr >&2
    decide RUSTUP_TOOLCHAIN debian
  fi
  # Without rustup, or behind some other cargo, Debian's own comes first.
  [[ $(command -v cargo) == /usr/bin/cargo ]] || there rustup || decide PATH "/usr/bin:$PATH"
}

# The linker of the same LLVM as the compiler, under the name by which rustc calls it.
debian_links_lld() {
  local host llvm name
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
  name="$(/usr/bin/rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld"
  apt_install "lld-$llvm" || return 1
  [[ $(readlink "$name") == "/usr/bin/lld-$llvm" ]] && return 0
  as_root mkdir -p "$(dirname "$name")" &&
    as_root ln -sfn "/usr/bin/lld-$llvm" "$name"
}

wasm_library() { echo "$("$1" --print sysroot)/lib/rustlib/$WASM/lib"; }

# What std for wasm was built by: the compiler and the package of its sources.
debian_fingerprint() {
  /usr/bin/rustc -vV
  dpkg-query -W -f '${Package} ${Version}\n' rust-web-src 2>/dev/null || true
}

# False only for a std that this script built with another compiler than the present one.
debian_std_fits() {
  local note
  note="$(wasm_library "$1")/built-by.txt"
  [[ ! -e $note ]] || cmp -s "$note" <(debian_fingerprint)
}

# Builds std for wasm from Debian's sources: a crate of nothing, whose dependencies are wanted.
debian_builds_std() {
  local folder status=0
  say "building Rust's standard library for wasm (once per machine, about a minute)"
  folder=$(mktemp -d)
  std_stub "$folder"
  if ! std_build "$folder" || ! std_install "$folder/target/$WASM/release/deps"; then
    status=1
  fi
  rm -rf "$folder"
  return "$status"
}

std_stub() {
  mkdir "$1/src"
  : >"$1/src/lib.rs"
  cat >"$1/Cargo.toml" <<'TOML'
[package]
name = "stub"
edition = "2024"

[profile.release]
opt-level = 3
codegen-units = 1
panic = "abort"
TOML
}

# Options that the caller set for its own builds must not leak into the library.
std_build() (
  cd "$1"
  unset CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
  export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTFLAGS=-Cembed-bitcode=yes
  export __CARGO_DEFAULT_LIB_METADATA=sysroot
  /usr/bin/cargo build --release --target "$WASM" --target-dir target \
    -Zbuild-std=std,panic_abort,proc_macro >&2
)

# Puts the libraries in place in one move, so that nobody ever sees half of them.
std_install() {
  local library staged
  library=$(wasm_library /usr/bin/rustc)
  staged="$(dirname "$library")/new"
  rm -f "$1"/libstub-*
  debian_fingerprint >"$1/built-by.txt"
  as_root rm -rf "$staged" "$library" &&
    as_root mkdir -p "$staged" &&
    as_root cp "$1"/*.rlib "$1/built-by.txt" "$staged" &&
    as_root chmod -R a+rX "$(dirname "$library")" &&
    as_root mv "$staged" "$library"
}

# --- lints -----------------------------------------------------------------------------------

need_lints() {
  cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1 && return 0
  if [[ $(rustc --print sysroot) == /usr ]]; then
    apt_install rust-web-clippy rustfmt-web || fail "clippy and rustfmt could not be installed."
  elif there rustup && [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]]; then
    say "adding clippy and rustfmt with rustup"
    rustup component add clippy rustfmt >&2
  else
    fail "clippy and rustfmt are missing: rustup component add clippy rustfmt"
  fi
}

# --- what the tests need ---------------------------------------------------------------------

need_make() {
  there make || apt_install make || fail "make is missing."
}

need_node() {
  node_new_enough && there npm && return 0
  there npm || apt_install nodejs npm || fail "Node.js $OLDEST_NODE or newer and npm are missing."
  node_new_enough || node_from_npm
}

node_new_enough() {
  there node && at_least "$(node --version | tr -d v)" "$OLDEST_NODE"
}

# Debian 12 has Node.js 18; the npm registry carries newer builds as packages.
node_from_npm() {
  local folder="$CACHE/node-$NODE_FROM_NPM" package
  package="node-linux-$(node -p process.arch)"
  if [[ ! -x $folder/node_modules/$package/bin/node ]]; then
    say "installing Node.js $NODE_FROM_NPM from npm ($package)"
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund "$package@$NODE_FROM_NPM" >&2 ||
      fail "Node.js $OLDEST_NODE or newer is missing and could not be installed."
  fi
  decide PATH "$folder/node_modules/$package/bin:$PATH"
}

# Python with the modules that make an environment of packages.
need_python() {
  there python3 && python3 -c 'import ensurepip, venv' 2>/dev/null && return 0
  apt_install python3 python3-venv || fail "Python 3 with venv is missing and could not be installed."
  python3 -c 'import ensurepip, venv' 2>/dev/null || decide PATH "/usr/bin:$PATH"
}

need_chromium() {
  local name
  for name in "${CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
    if there "$name"; then
      decide CHROMIUM "$(command -v "$name")"
      return 0
    fi
  done
  apt_install chromium || fail "Chromium is missing: install it or name one in CHROMIUM."
  decide CHROMIUM /usr/bin/chromium
}

# One of the languages in which the portal shows a first call; the tests run it.
need_php() {
  there php || apt_install php-cli || fail "PHP is missing and could not be installed."
}

need_postgres() {
  there initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || apt_install postgresql ||
    fail "PostgreSQL is missing: install its server package."
}

# --- the whole -------------------------------------------------------------------------------

print_decided() {
  local name
  for name in "${decided[@]}"; do
    printf 'export %s=%q\n' "$name" "${!name}"
  done
}

main() {
  while (($#)) && [[ $1 != -- ]]; do
    case $1 in
      compiler | lints | node | python | chromium | php | postgres | make) "need_$1" ;;
      *) fail "unknown need '$1'; known: compiler lints node python chromium php postgres make" ;;
    esac
    shift
  done
  if (($# > 1)); then
    shift
    exec "$@"
  fi
  print_decided
}

main "$@"
