import { makeApp, version } from './app.js';
import { log } from './log.js';

const port = Number(process.env.PORT ?? 3000);

// 0.0.0.0, not localhost: a load balancer comes from outside the container.
const server = makeApp().listen(port, '0.0.0.0', (error) => {
  if (error) {
    log('error', 'cannot listen', { port, reason: error.message });
    process.exit(1);
  }
  log('info', 'listening', { port, version });
});

// Longer than the load balancer's idle time-out of 60 s, so that it is the one who closes first.
server.keepAliveTimeout = 65_000;
server.headersTimeout = 66_000;

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    log('info', 'stopping: finishing what is in flight');
    // Idle connections are closed at once; those that are busy, soon after their answer.
    server.keepAliveTimeout = 1;
    server.close(() => {
      log('info', 'stopped');
      process.exit(0);
    });
  });
}
