import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { Metrics, Observe } from './metrics.js';
import { OperationsController } from './operations.controller.js';

/** What whoever operates it needs: health, metrics, log lines. */
@Module({ controllers: [OperationsController], providers: [Metrics] })
export class OperationsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Observe).forRoutes('{*path}');
  }
}
