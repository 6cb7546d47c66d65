import 'reflect-metadata';
import type { Server } from 'node:http';
import { makeApp } from './app.js';
import { readEnvironment } from './environment.js';
import { JsonLogger } from './operations/json-logger.js';

const logger = new JsonLogger();

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const app = await makeApp(environment);
  const server = app.getHttpServer() as Server;
  // Longer than the load balancer's idle time-out of 60 s, so that it is the one who closes first.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;

  const stop = async (): Promise<void> => {
    logger.log('stopping: finishing what is in flight', 'main');
    // Idle connections are closed at once; those that are busy, soon after their answer.
    server.keepAliveTimeout = 1;
    await app.close();
    logger.log('stopped', 'main');
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  // 0.0.0.0, not localhost: a load balancer comes from outside the container.
  await app.listen(environment.port, '0.0.0.0');
  logger.log({ message: 'listening', port: environment.port }, 'main');
}

main().catch((error: unknown) => {
  logger.error(`cannot start: ${error instanceof Error ? error.message : String(error)}`, 'main');
  process.exit(1);
});
