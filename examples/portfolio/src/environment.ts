/** What the API needs to know. */
export interface Environment {
  port: number;
  logLevel: string;
  database: DatabaseEnvironment;
}

export interface DatabaseEnvironment {
  url: string;
  /** The bundle that the database's certificate is verified against, in PEM. */
  certificates: string;
  pool: number;
}

/** @throws Error that names each variable at fault, without its value */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const faults: string[] = [];
  const expect = (name: string, value: string | undefined, form: RegExp, what: string): string => {
    if (value === undefined || !form.test(value)) faults.push(`${name} is not ${what}`);
    return value ?? '';
  };
  const environment = {
    port: Number(expect('PORT', source['PORT'] ?? '3001', /^[1-9]\d{0,4}$/, 'a port')),
    logLevel: expect('LOG_LEVEL', source['LOG_LEVEL'] ?? 'info', /^(debug|info|warn|error|silent)$/, 'a level'),
    database: {
      url: expect('DATABASE_URL', source['DATABASE_URL'], /^postgres(ql)?:\/\/[^?]+$/, 'a URL of PostgreSQL without options'),
      certificates: expect('DATABASE_CA', source['DATABASE_CA'], /-----BEGIN CERTIFICATE-----/, 'a bundle of certificates in PEM'),
      pool: Number(expect('DATABASE_POOL', source['DATABASE_POOL'] ?? '10', /^[1-9]\d*$/, 'a count of connections')),
    },
  };
  if (faults.length > 0) throw new Error(`the environment is not as it has to be: ${faults.join('; ')}`);
  return environment;
}
