#!/usr/bin/env bash
# A PostgreSQL of one's own for as long as it is needed: made in a temporary folder, on a free
# port of 127.0.0.1, gone afterwards.
#
#   end2end/postgres.sh run COMMAND [ARGUMENT...]   runs COMMAND with COUNTERSIGN_TEST_POSTGRES_URL
#   end2end/postgres.sh serve                       prints the URL and waits for Ctrl-C
#
# It does not wait for the disk, which is right for tests of behaviour; POSTGRES_DURABLE=1 makes it
# wait, for tests of durability and for measuring.
set -euo pipefail

folder=
port=

fail() {
  printf 'countersign: %s\n' "$*" >&2
  exit 1
}

# The folder of initdb and pg_ctl: on the PATH, else the newest of Debian's.
binaries() {
  local initdb
  initdb=$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
  [[ -n $initdb ]] || fail "PostgreSQL is missing: install its server package."
  dirname "$initdb"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ $EUID -eq 0 ]]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local candidate
  for _ in {1..50}; do
    candidate=$((20000 + RANDOM % 12000))
    is_free "$candidate" && echo "$candidate" && return 0
  done
  fail "no free port was found for PostgreSQL."
}

options() {
  local options="-k $folder -p $port -c listen_addresses=127.0.0.1 -c max_connections=400"
  [[ ${POSTGRES_DURABLE:-0} == 1 ]] || options+=" -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
  echo "$options"
}

start() {
  local bin
  bin=$(binaries)
  folder=$(mktemp -d)
  trap stop EXIT
  trap 'exit 130' INT TERM HUP
  [[ $EUID -ne 0 ]] || chown postgres: "$folder"
  port=$(free_port)
  as_postgres "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync \
    >"$folder.log" 2>&1 || report
  as_postgres "$bin/pg_ctl" start -w -t 60 -D "$folder/data" -l "$folder/server.log" \
    -o "$(options)" >>"$folder.log" 2>&1 || report
  export COUNTERSIGN_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

report() {
  cat "$folder.log" "$folder/server.log" >&2 2>/dev/null || true
  fail "PostgreSQL did not start."
}

stop() {
  as_postgres "$(binaries)/pg_ctl" stop -m immediate -w -D "$folder/data" >/dev/null 2>&1 || true
  rm -rf "$folder" "$folder.log"
}

case "${1-}" in
  run)
    shift
    start
    "$@"
    ;;
  serve)
    start
    echo "$COUNTERSIGN_TEST_POSTGRES_URL"
    echo "Ctrl-C ends it." >&2
    # Waits without a process of its own: nobody ever writes into the pipe.
    mkfifo "$folder/never"
    read -r _ <>"$folder/never"
    ;;
  *)
    echo "usage: end2end/postgres.sh run COMMAND... | serve" >&2
    exit 2
    ;;
esac
