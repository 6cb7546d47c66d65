import { z } from 'zod';

const contract = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** The bundle that the database's certificate is verified against; without it there is no TLS. */
  DATABASE_CA: z.string().includes('-----BEGIN CERTIFICATE-----').optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).default(10),
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
