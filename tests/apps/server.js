// What the tests put behind a load balancer: its answers say what arrived, and who answered.
const http = require('http');
const os = require('os');

const version = process.env.VERSION ?? '';
let health = Number(process.env.HEALTH ?? 200);

const pages = {
  '/health': (request, response, query) => {
    if (query.has('become')) health = Number(query.get('become'));
    else response.statusCode = health;
    // 0 stands for no answer at all.
    if (response.statusCode !== 0) response.end();
  },
  '/who': (request, response) => {
    response.end(JSON.stringify({ version, pid: process.pid, host: os.hostname() }));
  },
  '/request': (request, response) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers }));
  },
  '/slow': (request, response, query) => {
    setTimeout(() => response.end(version), Number(query.get('ms')));
  },
  '/drop': (request) => request.socket.destroy(),
  '/echo': (request, response) => request.pipe(response),
  '/': (request, response) => response.end(version),
};

const server = http.createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://server');
  const page = pages[pathname];
  if (page) return page(request, response, searchParams);
  response.statusCode = 404;
  response.end();
});

// Longer than the load balancer's idle time-out, so that it is the one who closes first.
server.keepAliveTimeout = 65_000;
server.listen(process.env.PORT, () => console.log(`listening ${process.pid}`));
process.on('SIGTERM', () => {
  console.log('stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
