import {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Pool } from 'pg';
import type { Environment } from './environment.js';
import { hash, matches } from './passwords.js';

/** Who knows users and their passwords. */
export interface Identity {
  /** False if there is such a user already. */
  register(email: string, password: string): Promise<boolean>;
  knows(email: string, password: string): Promise<boolean>;
  /** Whether it answers; undefined if it is no service of its own. */
  isThere(): Promise<boolean | undefined>;
}

export function makeIdentity({ COGNITO_CONFIG, AWS_REGION }: Environment, database: Pool): Identity {
  return COGNITO_CONFIG ? new Cognito(COGNITO_CONFIG, AWS_REGION) : new OwnUsers(database);
}

type Config = NonNullable<Environment['COGNITO_CONFIG']>;

class Cognito implements Identity {
  readonly #client: CognitoIdentityProviderClient;
  readonly #clientId: string;
  readonly #keys: string;

  constructor({ userPoolId, clientId, endpoint }: Config, region: string) {
    const url = endpoint ?? `https://cognito-idp.${region}.amazonaws.com`;
    this.#client = new CognitoIdentityProviderClient({ region, endpoint: url });
    this.#clientId = clientId;
    this.#keys = `${url}/${userPoolId}/.well-known/jwks.json`;
  }

  async register(email: string, password: string): Promise<boolean> {
    try {
      await this.#client.send(new SignUpCommand({ ClientId: this.#clientId, Username: email, Password: password }));
      return true;
    } catch (error) {
      if (isNamed(error, ['UsernameExistsException'])) return false;
      throw error;
    }
  }

  async knows(email: string, password: string): Promise<boolean> {
    const AuthParameters = { USERNAME: email, PASSWORD: password };
    const command = new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: this.#clientId, AuthParameters });
    try {
      return (await this.#client.send(command)).AuthenticationResult !== undefined;
    } catch (error) {
      if (isNamed(error, ['NotAuthorizedException', 'UserNotFoundException', 'UserNotConfirmedException'])) return false;
      throw error;
    }
  }

  /** The pool's public keys: they need no credentials. */
  async isThere(): Promise<boolean> {
    try {
      return (await fetch(this.#keys, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }
}

/** Users in the database, where there is no Cognito. */
class OwnUsers implements Identity {
  constructor(private readonly database: Pool) {}

  async register(email: string, password: string): Promise<boolean> {
    const statement = 'INSERT INTO users (email, password) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    return (await this.database.query(statement, [email, await hash(password)])).rowCount === 1;
  }

  async knows(email: string, password: string): Promise<boolean> {
    const { rows } = await this.database.query<{ password: string }>('SELECT password FROM users WHERE email = $1', [email]);
    return rows[0] !== undefined && matches(password, rows[0].password);
  }

  async isThere(): Promise<undefined> {
    return undefined;
  }
}

function isNamed(error: unknown, names: string[]): boolean {
  return error instanceof CognitoIdentityProviderServiceException && names.includes(error.name);
}
