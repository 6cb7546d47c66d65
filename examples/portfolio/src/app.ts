import { type DynamicModule, type INestApplication, Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { databaseOptions } from './database.js';
import type { Environment } from './environment.js';
import { JsonLogger } from './operations/json-logger.js';
import { OperationsModule } from './operations/operations.module.js';
import { ProjectsModule } from './projects/projects.module.js';

@Module({})
class AppModule {
  static with({ database }: Environment): DynamicModule {
    // The database may come up later than the task, after a failover for instance.
    const options = { ...databaseOptions(database), retryAttempts: 8, retryDelay: 2000 };
    return { module: AppModule, imports: [TypeOrmModule.forRoot(options), OperationsModule, ProjectsModule] };
  }
}

export async function makeApp(environment: Environment): Promise<INestApplication> {
  const logger = new JsonLogger(environment.logLevel);
  const app = await NestFactory.create(AppModule.with(environment), { logger, abortOnError: false });
  app.setGlobalPrefix('api');
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
  return app;
}
