import { z } from 'zod';

/** What a dependency is set to where there is none. It has to be said: what is forgotten is a mistake. */
const absent = z.literal('none').transform(() => undefined);

const cognito = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('is neither JSON nor `none`');
      return z.NEVER;
    }
  })
  .pipe(z.object({ userPoolId: z.string(), clientId: z.string(), endpoint: z.url().optional() }));

const contract = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  AWS_REGION: z.string().default('eu-west-1'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\/[^?]+$/, 'is a URL of PostgreSQL without options'),
  DATABASE_CA: z.string().includes('-----BEGIN CERTIFICATE-----'),
  DATABASE_POOL: z.coerce.number().int().min(1).default(10),
  S3_BUCKET_NAME: absent.or(z.string().min(3)),
  COGNITO_CONFIG: absent.or(cognito),
  CORS_ORIGINS: z.string().transform((text) => text.split(',').filter(Boolean)),
  CLIENT_DIRECTORY: z.string().optional(),
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
