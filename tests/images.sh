#!/usr/bin/env bash
# Makes the images that the tests run, where the engine does not have them. It needs no image registry:
#
#   busybox:latest   this machine's static busybox (Debian: busybox-static)
#   node:22-alpine   the same, and Node and npm from npm's registry with this machine's libraries of C
#
# They stand in for the official ones as far as the tests go: a shell, node, npm, a user `node`.
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
