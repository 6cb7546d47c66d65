import { Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { correlation } from './correlation.js';

export const version = '1.0.0';

/** Counters in Prometheus's text format. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by method and status',
    labelNames: ['method', 'status'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const info = new Gauge({
      name: 'backend_info',
      help: 'Backend application information',
      labelNames: ['version'],
      registers: [this.registry],
    });
    info.set({ version }, 1);
    new Gauge({
      name: 'backend_uptime_seconds',
      help: 'Application uptime in seconds',
      registers: [this.registry],
      collect() {
        this.set(process.uptime());
      },
    });
  }

  count(method: string, status: number, seconds: number): void {
    this.#requests.inc({ method, status });
    this.#durations.observe(seconds);
  }
}

/** Gives each request its correlation id, counts it and logs how it went. */
@Injectable()
export class Observe implements NestMiddleware {
  readonly #logger = new Logger('request');

  constructor(private readonly metrics: Metrics) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const id = request.get('x-amzn-trace-id') ?? randomUUID();
    const begun = performance.now();
    const { method, originalUrl } = request;
    response.set('x-correlation-id', id);
    response.on('finish', () => {
      const ms = performance.now() - begun;
      this.metrics.count(method, response.statusCode, ms / 1000);
      // Health checks and scrapes come every few seconds and would drown everything else.
      if (/^\/api\/(health|metrics)$/.test(originalUrl)) return;
      const said = { message: 'request', method, path: originalUrl, status: response.statusCode, ms: Math.round(ms) };
      correlation.run(id, () => this.#logger.log(said));
    });
    correlation.run(id, next);
  }
}
