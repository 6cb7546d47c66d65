import type { LoggerService } from '@nestjs/common';
import { correlation } from './correlation.js';

const levels = ['debug', 'info', 'warn', 'error', 'silent'];

/** Nest's logger, as JSON lines on standard output. */
export class JsonLogger implements LoggerService {
  readonly #least: number;

  constructor(least = 'info') {
    this.#least = levels.indexOf(least);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  /** Nest gives the context last, and an error's stack before it. */
  #write(level: string, message: unknown, rest: unknown[]): void {
    if (levels.indexOf(level) < this.#least) return;
    const context = rest.at(-1);
    const detail = rest.length > 1 ? rest[0] : undefined;
    const said = typeof message === 'object' && message !== null ? message : { message };
    const line = {
      timestamp: new Date().toISOString(),
      level,
      service: 'portfolio',
      context,
      correlationId: correlation.getStore(),
      ...said,
      detail,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
