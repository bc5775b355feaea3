#!/usr/bin/env bash
# Runs COMMAND with a throw-away PostgreSQL server, whose address is in BEONHO_TEST_POSTGRES_URL. BEONHO_TEST_POSTGRES_CONTROL is the start
# of a shell command that stops it (-m immediate stop) and starts it (-w start).
# usage: .ci/with_postgres.sh COMMAND [ARGUMENT…]
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
[[ -x $bin/initdb ]] || { echo "PostgreSQL is missing: make test installs it" >&2; exit 1; }
dir=$(mktemp -d /tmp/beonho-postgres.XXXXXX)
as=()
if ((EUID == 0)); then # as root the server refuses to run
  chown postgres: "$dir"
  as=(runuser -u postgres --)
fi

postgres() { (cd "$dir" && "${as[@]}" "$bin/$1" "${@:2}"); }
# In a process group of its own a server outlives Ctrl-C, and only this ends it.
stop() {
  postgres pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

postgres initdb -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 ||
  { cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<'SETTINGS'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 1000
fsync = off
synchronous_commit = off
full_page_writes = off
SETTINGS

# A port below those that the system hands out; where somebody listens already, the server fails to start.
for try in {1..20}; do
  port=$((20000 + RANDOM % 12000))
  if postgres pg_ctl -D "$dir/data" -l "$dir/server.log" -o "-p $port" -w start >/dev/null 2>&1; then break; fi
  ((try < 20)) || { cat "$dir/server.log" >&2; exit 1; }
done

echo "port = $port" >>"$dir/data/postgresql.conf"
export BEONHO_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
export BEONHO_TEST_POSTGRES_CONTROL="cd $dir && ${as[*]} $bin/pg_ctl -D $dir/data -l $dir/server.log"
"$@"
