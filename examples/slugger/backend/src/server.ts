import { createServer } from 'node:http';
import { makeApp } from './app.js';
import { openDatabase, waitFor } from './database.js';
import { readEnvironment } from './environment.js';
import { log, setLevel } from './log.js';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  setLevel(environment.LOG_LEVEL);
  const database = openDatabase(environment);
  const server = createServer(makeApp(environment, database));
  // Longer than the load balancer's idle time-out of 60 s, so that it is the one who closes first.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;

  const stop = (): void => {
    log('info', 'stopping: finishing what is in flight');
    // Idle connections are closed at once; those that are busy, soon after their answer.
    server.keepAliveTimeout = 1;
    server.close(async () => {
      await database.end();
      log('info', 'stopped');
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  await waitFor(database);
  // 0.0.0.0, not localhost: a load balancer comes from outside the container.
  server.listen(environment.PORT, '0.0.0.0', () => log('info', 'listening', { port: environment.PORT }));
}

main().catch((error: unknown) => {
  log('error', 'cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
