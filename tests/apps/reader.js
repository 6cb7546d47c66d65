// Reads from keeper.js what its own one-off task has put there before. `/` answers that, and what else
// it was given.
const http = require('http');
const { KEEPER_URL, CERTIFICATE } = process.env;
async function main() {
  if (process.argv.includes('migrate')) {
    await fetch(`${KEEPER_URL}/schema`, { method: 'PUT' });
    return;
  }
  const server = http.createServer(async (request, response) => {
    try {
      const schema = await fetch(`${KEEPER_URL}/schema`);
      response.writeHead(schema.status).end(`${await schema.text()}, ${JSON.stringify(CERTIFICATE)}`);
    } catch (error) {
      response.writeHead(503).end(String(error));
    }
  });
  server.listen(process.env.PORT || 3000, '0.0.0.0');
  process.on('SIGTERM', () => process.exit(0));
}
main();
