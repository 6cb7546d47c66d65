#!/bin/sh
# A PostgreSQL server of an example's own, out of the binaries that are installed here.
#
#   ./database.sh start NAME [--tls]   starts it, making it first if need be
#   ./database.sh url NAME             where processes of this machine reach it
#   ./database.sh url NAME --container where containers reach it
#   ./database.sh json NAME [...]      the same in parts, in the form of RDS's own secrets
#   ./database.sh ca NAME              the certificate that its own is verified against (--tls)
#   ./database.sh psql NAME [...]      a prompt, or what psql is given
#   ./database.sh stop NAME            stops it; its data stays
#   ./database.sh remove NAME          stops it and deletes its data
#   ./database.sh serve NAME [--tls]   one in the foreground, with a database NAME and new data, at the
#                                      address in HOSTNAME and the port in PORT; user and password are
#                                      POSTGRES_USER and POSTGRES_PASSWORD, as for the image `postgres`.
#                                      Its data goes with it. --tls: it takes no connection without, and
#                                      prints its certificate as DATABASE_CA="…"
#   ./database.sh with NAME COMMAND    runs a command with DATABASE_URL set to an empty database,
#                                      which is gone afterwards; --tls before NAME for one with TLS
#
# It listens on 127.0.0.1 and, where Docker's bridge is on this machine, on the bridge's address: that
# is what `host.docker.internal` means in a task's containers. User and password are needed everywhere.
# DATABASE_PORT chooses the port, DATABASE_HOME the folder in which the servers are kept.
set -eu

fail() { echo "database.sh: $1" >&2; exit 1; }

binaries() {
  for folder in "${POSTGRES_BIN:-}" /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    [ -x "$folder/initdb" ] && echo "$folder" && return
  done
  found=$(command -v initdb) && dirname "$found" && return
  fail 'there is no initdb here: install PostgreSQL, or say where it is in POSTGRES_BIN'
}

# PostgreSQL refuses to run as root: there, Debian's own user runs it.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi
}

random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

free_port() {
  node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# The address by which containers reach this machine. An engine in a virtual machine has its own way
# to 127.0.0.1.
bridge() {
  address=$(docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}' 2>/dev/null) || return 0
  [ -e /sys/class/net/docker0 ] && echo ",$address"
  return 0
}

certificates() {
  cd "$1"
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=local database authority' \
    -addext 'keyUsage=critical,keyCertSign' -keyout ca.key -out ca.pem 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr 2>/dev/null
  echo 'subjectAltName=DNS:localhost,DNS:host.docker.internal,IP:127.0.0.1' >server.ext
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
    -extfile server.ext -out server.crt 2>/dev/null
  rm -f ca.key server.csr server.ext
  chmod 600 server.key
}

make() {
  mkdir -p "$folder"
  umask 077
  random >"$folder/password"
  echo "${DATABASE_PORT:-$(free_port)}" >"$folder/port"
  connection=host
  if [ "$tls" = --tls ]; then (certificates "$folder"); connection=hostssl; fi
  [ "$(id -u)" -eq 0 ] && chown -R postgres "$folder"
  as_owner "$(binaries)/initdb" --pgdata "$folder/data" --username app --pwfile "$folder/password" \
    --auth scram-sha-256 --encoding UTF8 --locale C >"$folder/initdb.log" 2>&1 || fail "see $folder/initdb.log"
  {
    echo "local all all scram-sha-256"
    echo "$connection all all 127.0.0.1/32 scram-sha-256"
    echo "$connection all all 172.16.0.0/12 scram-sha-256"
    echo "$connection all all 10.0.0.0/8 scram-sha-256"
  } >"$folder/data/pg_hba.conf"
  {
    echo "unix_socket_directories = ''"
    if [ "$tls" = --tls ]; then
      echo "ssl = on"
      echo "ssl_cert_file = '$folder/server.crt'"
      echo "ssl_key_file = '$folder/server.key'"
    fi
  } >>"$folder/data/postgresql.conf"
}

control() { as_owner "$(binaries)/pg_ctl" --pgdata "$folder/data" --silent "$@"; }

start() {
  [ -d "$folder/data" ] || make
  control status >/dev/null && return
  port=$(cat "$folder/port")
  control --log "$folder/log" --wait --options "-p $port -c listen_addresses=127.0.0.1$(bridge)" start >/dev/null \
    || fail "it does not start: see $folder/log"
  prompt --dbname postgres --quiet --command "CREATE DATABASE \"$name\"" 2>/dev/null || true
}

locate() {
  [ -d "$folder/data" ] || fail "there is no database $name yet: $0 start $name"
  host=127.0.0.1
  [ "${1:-}" = --container ] && host=host.docker.internal
  port=$(cat "$folder/port")
  password=$(cat "$folder/password")
}

url() {
  locate "$@"
  echo "postgresql://app:$password@$host:$port/$name"
}

json() {
  locate "$@"
  printf '{"engine":"postgres","host":"%s","port":%s,"username":"app","password":"%s","dbname":"%s"}\n' \
    "$host" "$port" "$password" "$name"
}

prompt() {
  PGPASSWORD=$(cat "$folder/password") PGHOST=127.0.0.1 PGPORT=$(cat "$folder/port") PGUSER=app \
    PGDATABASE="${PGDATABASE:-$name}" "$(binaries)/psql" --no-psqlrc "$@"
}

# What `neargate up` runs where the region runs processes. The database is made before the server
# listens: whoever finds it listening finds it whole.
serve() {
  address=${HOSTNAME:-127.0.0.1} port=${PORT:-5432}
  trap 'stop; rm -rf "$home"' EXIT
  trap 'exit 0' INT TERM
  [ "$(id -u)" -eq 0 ] && chown postgres "$folder"
  umask 077
  printf %s "${POSTGRES_PASSWORD:?}" >"$folder/password"
  connection=host
  if [ "$tls" = --tls ]; then
    connection=hostssl
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$name" -addext "subjectAltName=IP:$address" \
      -keyout "$folder/server.key" -out "$folder/server.crt" 2>/dev/null
    set -- -c ssl=on -c "ssl_cert_file=$folder/server.crt" -c "ssl_key_file=$folder/server.key"
  else
    set --
  fi
  [ "$(id -u)" -eq 0 ] && chown -R postgres "$folder"
  as_owner "$(binaries)/initdb" --pgdata "$folder/data" --username "${POSTGRES_USER:-postgres}" \
    --pwfile "$folder/password" --auth scram-sha-256 --encoding UTF8 --locale C >"$folder/initdb.log" 2>&1 \
    || { cat "$folder/initdb.log" >&2; exit 1; }
  echo "$connection all all 127.0.0.0/8 scram-sha-256" >"$folder/data/pg_hba.conf"
  echo "CREATE DATABASE \"$name\"" | as_owner "$(binaries)/postgres" --single -D "$folder/data" postgres >/dev/null
  [ "$tls" = --tls ] && printf 'DATABASE_CA="%s"\n' "$(awk '{printf "%s\\n", $0}' "$folder/server.crt")"
  as_owner "$(binaries)/postgres" -D "$folder/data" -c "listen_addresses=$address" -c "port=$port" \
    -c unix_socket_directories= "$@" &
  wait $!
}

stop() { if [ -d "$folder/data" ]; then control --mode fast stop >/dev/null 2>&1 || true; fi; }

with() {
  trap 'stop; rm -rf "$home"' EXIT
  trap 'exit 130' INT TERM
  start
  DATABASE_URL=$(url)
  export DATABASE_URL
  if [ "$tls" = --tls ]; then
    DATABASE_CA=$(cat "$folder/ca.pem")
    export DATABASE_CA
  fi
  "$@"
}

verb=${1:-}; [ $# -gt 0 ] && shift
tls=
case "${1:-}" in --tls) tls=--tls; shift ;; esac
name=${1:-}; [ $# -gt 0 ] && shift
case "$name" in ''|*[!a-z0-9_-]*) sed -n '2,22p' "$0" | cut -c3- >&2; exit 2 ;; esac
case "${1:-}" in --tls) tls=--tls; shift ;; esac

home=${DATABASE_HOME:-${TMPDIR:-/tmp}/neargate-databases-$(id -u)}
# A task's TMPDIR is its own user's alone, and root does not run the server.
[ "$verb" = serve ] && [ "$(id -u)" -eq 0 ] && TMPDIR=/tmp
case "$verb" in with | serve) home=$(mktemp -d "${TMPDIR:-/tmp}/neargate-database-XXXXXX") && chmod 755 "$home" ;; esac
folder=$home/$name
[ "$verb" = serve ] && mkdir "$folder"

case "$verb" in
  start) start ;;
  url) url "$@" ;;
  json) json "$@" ;;
  ca) cat "$folder/ca.pem" ;;
  psql) prompt "$@" ;;
  stop) stop ;;
  remove) stop; rm -rf "$folder" ;;
  serve) serve ;;
  with) with "$@" ;;
  *) fail "no such verb: $verb" ;;
esac
