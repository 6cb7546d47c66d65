import { readEnvironment } from '@rms/environment';
import { makeApp } from './app.js';
import { openDatabase, waitFor } from './database.js';

const environment = readEnvironment(process.env);
const database = openDatabase(environment);
const app = makeApp(database, environment.LOG_LEVEL);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    app.log.info({ signal }, 'stopping: finishing what is in flight');
    await app.close();
    await database.$disconnect();
    app.log.info('stopped');
    process.exit(0);
  });
}

try {
  await waitFor(database, app.log);
  // 0.0.0.0, not localhost: a load balancer comes from outside the container.
  await app.listen({ host: '0.0.0.0', port: environment.PORT });
} catch (error) {
  app.log.fatal(error, 'cannot start');
  process.exit(1);
}
