#!/bin/sh
# A server that speaks MongoDB's protocol: FerretDB 1.24 on SQLite, built from source by Go.
#
#   ./mongo.sh start               starts it, building it first if need be
#   ./mongo.sh url [--container]   where processes of this machine, or containers, reach it
#   ./mongo.sh stop                stops it; its data stays
#   ./mongo.sh remove              stops it and deletes its data
#   ./mongo.sh build               builds it, once, which takes three minutes, and says where it is
#   ./mongo.sh serve               one in the foreground with new data, at the address in HOSTNAME and the
#                                  port in PORT; user and password are MONGO_INITDB_ROOT_USERNAME and
#                                  MONGO_INITDB_ROOT_PASSWORD, as for the image `mongo`
#   ./mongo.sh with COMMAND        runs a command with MONGODB_URI set to an empty database, which is
#                                  gone afterwards
#
# It has one address: that of Docker's bridge where this machine has one, since containers reach it
# there and processes do too, else 127.0.0.1. User and password are needed everywhere.
set -eu

version=v1.24.0
name=health-advisor
# A task's HOME is a folder of its own; what is built once is the user's.
home=$(eval echo "~$(id -un)")
cache=${XDG_CACHE_HOME:-$home/.cache}/neargate-examples
program=$cache/ferretdb-$version

fail() { echo "mongo.sh: $1" >&2; exit 1; }

# The module comes without the file that says its version, and does not start without it.
build() {
  [ -x "$program" ] && return
  command -v go >/dev/null || fail 'Go is needed to build FerretDB'
  echo "mongo.sh: building FerretDB $version, once" >&2
  work=$(mktemp -d)
  cd "$work"
  printf 'module local\n\nrequire github.com/FerretDB/FerretDB %s\n' "$version" >go.mod
  source=$(go mod download -json github.com/FerretDB/FerretDB | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cp -R "$source" source && chmod -R u+w source && cd source
  echo "$version" >build/version/version.txt
  mkdir -p "$cache"
  go build -trimpath -o "$program" ./cmd/ferretdb
  cd / && rm -rf "$work"
}

serve() {
  [ -x "$program" ] || fail 'it is not built yet: ./mongo.sh build'
  folder=$(mktemp -d)
  export FERRETDB_SETUP_USERNAME="$MONGO_INITDB_ROOT_USERNAME" FERRETDB_SETUP_PASSWORD="$MONGO_INITDB_ROOT_PASSWORD"
  export FERRETDB_SETUP_DATABASE=admin
  exec "$program" --test-enable-new-auth --handler sqlite --sqlite-url "file:$folder/" --state-dir "$folder" \
    --listen-addr "${HOSTNAME:-127.0.0.1}:${PORT:-27017}" --debug-addr - --telemetry disable
}

address() {
  if [ -e /sys/class/net/docker0 ]; then
    docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}' 2>/dev/null && return
  fi
  echo 127.0.0.1
}

make() {
  mkdir -p "$folder/data"
  chmod 700 "$folder"
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$folder/password"
  node -e 'const s=require("net").createServer().listen(0,()=>{console.log(s.address().port);s.close()})' >"$folder/port"
  address >"$folder/address"
}

runs() { [ -f "$folder/pid" ] && kill -0 "$(cat "$folder/pid")" 2>/dev/null; }

start() {
  (build)
  [ -d "$folder" ] || make
  runs && return
  : >"$folder/log"
  # The password is in the environment, where `ps` does not show it.
  FERRETDB_SETUP_PASSWORD=$(cat "$folder/password") FERRETDB_SETUP_USERNAME=app FERRETDB_SETUP_DATABASE=$name \
    nohup "$program" --test-enable-new-auth --handler sqlite --sqlite-url "file:$folder/data/" \
    --state-dir "$folder" --listen-addr "$(cat "$folder/address"):$(cat "$folder/port")" \
    --debug-addr - --telemetry disable >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q 'Listening on TCP' "$folder/log" && return
    runs || fail "it does not start: see $folder/log"
    sleep 0.25
  done
  fail "it does not listen: see $folder/log"
}

url() {
  [ -d "$folder" ] || fail "there is no database yet: $0 start"
  host=$(cat "$folder/address")
  [ "${1:-}" = --container ] && host=host.docker.internal
  echo "mongodb://app:$(cat "$folder/password")@$host:$(cat "$folder/port")/$name"
}

stop() {
  runs || return 0
  kill "$(cat "$folder/pid")"
  while runs; do sleep 0.1; done
  rm -f "$folder/pid"
}

with() {
  trap 'stop; rm -rf "$folder"' EXIT
  trap 'exit 130' INT TERM
  start
  MONGODB_URI=$(url)
  export MONGODB_URI
  "$@"
}

verb=${1:-}; [ $# -gt 0 ] && shift
folder=${DATABASE_HOME:-${TMPDIR:-/tmp}/neargate-databases-$(id -u)}/$name-mongo
[ "$verb" = with ] && folder=$(mktemp -d "${TMPDIR:-/tmp}/neargate-mongo-XXXXXX")/mongo

case "$verb" in
  build) (build) && echo "$program" ;;
  serve) serve ;;
  start) start ;;
  url) url "$@" ;;
  stop) stop ;;
  remove) stop; rm -rf "$folder" ;;
  with) with "$@" ;;
  *) sed -n '2,16p' "$0" | cut -c3- >&2; exit 2 ;;
esac
