// Prisma's client names the Prisma CLI and TypeScript as optional peers, and pnpm would take both into
// production: a third of a gigabyte that nothing there asks for.
function readPackage(manifest) {
  if (manifest.name === '@prisma/client') {
    delete manifest.peerDependencies;
    delete manifest.peerDependenciesMeta;
  }
  return manifest;
}

module.exports = { hooks: { readPackage } };
