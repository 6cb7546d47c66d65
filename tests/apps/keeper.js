// Stands in for a database: it keeps texts in memory, says on its output what only it knows, and
// gives them to whoever asks by HTTP.
const http = require('http');
const kept = new Map();
console.log(`CERTIFICATE="one\\ntwo ${process.env.SALT}"`);
const server = http.createServer((request, response) => {
  if (request.method === 'PUT') kept.set(request.url, 'kept');
  const text = kept.get(request.url);
  response.writeHead(text ? 200 : 404).end(text);
});
server.listen(process.env.PORT || 6500, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
