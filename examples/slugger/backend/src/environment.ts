import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

const contract = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  PORT: port.default(3001),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DB_HOST: z.string().min(1),
  DB_PORT: port.default(5432),
  DB_NAME: z.string().min(1),
  DB_USERNAME: z.string().min(1),
  DB_PASSWORD: z.string().min(1),
  /** The bundle that the database's certificate is verified against; without it there is no TLS. */
  DB_CA: z.string().includes('-----BEGIN CERTIFICATE-----').optional(),
  /** What whoever adds players has to show. */
  TOKEN_SECRET: z.string().min(32),
  /** Where the front end is, if it has another address. */
  CORS_ORIGIN: z.url().optional(),
});

export type Environment = z.infer<typeof contract>;

/**
 * The environment, checked as a whole before anything starts.
 *
 * @throws Error that names each variable at fault, without its value
 */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const read = contract.safeParse(source);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the environment is not as it has to be: ${faults.join('; ')}`);
}
