import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const lifetime = z.string().regex(/^\d+[smhd]$/, 'is a length of time such as 15m, 1h or 7d');

/** The contract with whoever deploys this. README.md has it as a table. */
const contract = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  PORT: port.default(5000),
  API_PREFIX: z.string().regex(/^\/[a-z0-9/-]*$/).default('/api'),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'is a URI of MongoDB'),
  JWT_SECRET: z.string().min(32),
  JWT_EXPIRATION: lifetime.default('1h'),
  REFRESH_TOKEN_EXPIRATION: lifetime.default('7d'),
  LLM_PROVIDER_API_KEY: z.string().min(1),
  LLM_PROVIDER_URL: z.url(),
  LLM_MODEL: z.string().min(1),
  CORS_ORIGIN: z.string().default('*'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  RATE_LIMIT_WINDOW_MS: z.coerce.number().int().min(1).default(60_000),
  RATE_LIMIT_MAX: z.coerce.number().int().min(1).default(100),
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
