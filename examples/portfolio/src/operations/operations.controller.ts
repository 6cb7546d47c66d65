import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import { Metrics, version } from './metrics.js';

@Controller()
export class OperationsController {
  constructor(
    private readonly database: DataSource,
    private readonly metrics: Metrics,
  ) {}

  /** 200 if the database answers over TLS, else 503. */
  @Get('health')
  async health(@Res({ passthrough: true }) response: Response): Promise<object> {
    const encrypted = await this.isEncrypted();
    response.status(encrypted ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status: encrypted ? 'healthy' : 'unhealthy',
      timestamp: new Date().toISOString(),
      version,
      service: 'backend',
      uptime: process.uptime(),
      database: { status: encrypted ? 'connected' : 'disconnected', type: 'postgresql', tls: encrypted },
    };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  show(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  /** Asks the database itself whether this very connection is encrypted. */
  private async isEncrypted(): Promise<boolean> {
    try {
      const [row] = await this.database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return row.ssl === true;
    } catch {
      return false;
    }
  }
}
