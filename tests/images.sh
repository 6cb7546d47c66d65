#!/usr/bin/env bash
# Makes the images that the tests run, where the engine does not have them. It needs no image registry:
#
#   busybox:latest   this machine's static busybox (Debian: busybox-static)
#   node:22-alpine   the same, and Node and npm from npm's registry with this machine's libraries of C
#
#   postgres:15      PostgreSQL of Debian 12 on debian:bookworm-slim, with an entrypoint of ours
#   mongo:8          FerretDB 1.24 on SQLite on the same, built by examples/health-advisor/mongo.sh (Go)
#
# They stand in for the official ones as far as the tests go: a shell, node, npm, a user `node`; the
# variables of the databases' entrypoints that the examples give. The last two need debian:bookworm-slim
# and Debian's package mirror.
# Where a registry can be reached, `docker pull` gets the official ones, and nothing is made here.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "tests/images.sh: $*" >&2
  exit 1
}

has() {
  docker image inspect "$1" >/dev/null 2>&1
}

# What both images have: busybox by all its names, a few files, folders that programs expect.
lay_base() {
  local root=$1 busybox
  busybox=$(command -v busybox) || fail "there is no busybox here; Debian has it in busybox-static"
  # `ldd` fails on what is linked statically.
  ldd "$busybox" >/dev/null 2>&1 && fail "$busybox is not static; Debian has one in busybox-static"
  mkdir -p "$root"/{bin,dev,etc,home/node,proc,root,sys,tmp,usr/bin,usr/local/bin,var/tmp}
  chmod 1777 "$root"/{home/node,tmp,var/tmp}
  cp "$busybox" "$root/bin/busybox"
  local name
  for name in $("$busybox" --list); do
    [ "$name" = busybox ] || ln -s busybox "$root/bin/$name"
  done
  ln -s ../../bin/busybox "$root/usr/bin/env"
  printf '%s\n' root:x:0:0:root:/root:/bin/sh node:x:1000:1000::/home/node:/bin/sh \
    nobody:x:65534:65534:nobody:/nonexistent:/bin/false >"$root/etc/passwd"
  printf '%s\n' root:x:0: node:x:1000: nogroup:x:65534: >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}

# Node, npm, the libraries that Node is linked to, and the certificates that this machine trusts.
lay_node() {
  local root=$1 commands library
  commands=$(tests/node.sh)
  cp --archive "$commands/node" "$commands/npm" "$commands/npx" "$root/usr/local/bin/"
  mkdir -p "$root/usr/local/lib"
  cp --archive "$commands/../lib/node_modules" "$root/usr/local/lib/"
  for library in $(ldd "$commands/node" | grep --only-matching '/[^ ]*'); do
    cp --dereference --parents "$library" "$root"
  done
  mkdir -p "$root/etc/ssl/certs"
  cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}

# Gives a folder to the engine as an image: name, folder, instructions.
import() {
  local name=$1 root=$2 instruction
  local -a changes=()
  shift 2
  for instruction; do changes+=(--change "$instruction"); done
  tar --create --owner=0 --group=0 --numeric-owner --directory "$root" . |
    docker import "${changes[@]}" - "$name" >/dev/null
  echo "made the image $name"
}

path='ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
# Node trusts only authorities of its own unless it is told of more.
authorities='ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'

docker version >/dev/null 2>&1 || fail "no Docker engine answers"
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT

if has busybox:latest; then
  echo "the engine has busybox:latest"
else
  lay_base "$draft/busybox"
  import busybox:latest "$draft/busybox" "$path" 'CMD ["sh"]'
fi

if has node:22-alpine; then
  echo "the engine has node:22-alpine"
else
  lay_base "$draft/node"
  lay_node "$draft/node"
  import node:22-alpine "$draft/node" "$path" "$authorities" 'CMD ["node"]'
fi

# The official entrypoint as far as the examples need it: user, password and database from the
# environment, a server that listens when its database is made, any other command as it is.
postgres_entrypoint() {
  cat <<'END'
#!/bin/sh
set -eu
[ "${1:-}" = postgres ] || exec "$@"
if [ "$(id -u)" -eq 0 ]; then
  mkdir -p "$PGDATA" && chown postgres "$PGDATA" && chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf %s "${POSTGRES_PASSWORD:?}" >/tmp/password
  initdb --pgdata "$PGDATA" --username "${POSTGRES_USER:-postgres}" --pwfile /tmp/password \
    --auth-local trust --auth-host scram-sha-256 --encoding UTF8 --locale C.UTF-8 >/tmp/initdb.log
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE \"${POSTGRES_DB:-postgres}\"" | postgres --single -D "$PGDATA" postgres >/dev/null
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
fi
exec "$@"
END
}

mongo_entrypoint() {
  cat <<'END'
#!/bin/sh
set -eu
[ "${1:-}" = mongod ] || exec "$@"
export FERRETDB_SETUP_USERNAME="$MONGO_INITDB_ROOT_USERNAME" FERRETDB_SETUP_PASSWORD="$MONGO_INITDB_ROOT_PASSWORD"
export FERRETDB_SETUP_DATABASE=admin
exec ferretdb --test-enable-new-auth --handler sqlite --sqlite-url file:/data/ --state-dir /data \
  --listen-addr 0.0.0.0:27017 --debug-addr - --telemetry disable
END
}

# Builds an image out of a folder: name, folder.
build() {
  has debian:bookworm-slim || fail "$1 needs the image debian:bookworm-slim"
  docker build --quiet --tag "$1" "$2" >/dev/null
  echo "made the image $1"
}

if has postgres:15; then
  echo "the engine has postgres:15"
else
  mkdir "$draft/postgres"
  postgres_entrypoint >"$draft/postgres/docker-entrypoint.sh"
  chmod 755 "$draft/postgres/docker-entrypoint.sh"
  cat >"$draft/postgres/Dockerfile" <<'END'
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-15 openssl && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
COPY docker-entrypoint.sh /usr/local/bin/
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
  build postgres:15 "$draft/postgres"
fi

if has mongo:8; then
  echo "the engine has mongo:8"
else
  mkdir "$draft/mongo"
  mongo_entrypoint >"$draft/mongo/docker-entrypoint.sh"
  chmod 755 "$draft/mongo/docker-entrypoint.sh"
  cp "$(examples/health-advisor/mongo.sh build)" "$draft/mongo/ferretdb"
  cat >"$draft/mongo/Dockerfile" <<'END'
FROM debian:bookworm-slim
COPY ferretdb docker-entrypoint.sh /usr/local/bin/
RUN mkdir /data
EXPOSE 27017
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mongod"]
END
  build mongo:8 "$draft/mongo"
fi
