import { MongoClient, type Collection, type Db, type ObjectId } from 'mongodb';
import { setTimeout as pause } from 'node:timers/promises';
import { log } from './log.js';

export interface User {
  _id: ObjectId;
  email: string;
  password: string;
}

export interface Measurement {
  _id: ObjectId;
  user: string;
  kind: 'weight' | 'pulse' | 'sleep';
  value: number;
  at: Date;
}

/** The database and its collections. */
export class Database {
  readonly #client: MongoClient;
  readonly #db: Db;

  constructor(uri: string) {
    // A health check has to answer before it is given up.
    this.#client = new MongoClient(uri, { serverSelectionTimeoutMS: 2000, connectTimeoutMS: 2000, maxPoolSize: 10 });
    this.#db = this.#client.db();
  }

  get users(): Collection<Omit<User, '_id'>> {
    return this.#db.collection('users');
  }

  get measurements(): Collection<Omit<Measurement, '_id'>> {
    return this.#db.collection('measurements');
  }

  async isThere(): Promise<boolean> {
    try {
      await this.#db.command({ ping: 1 });
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Waits until the database answers, then makes sure of its indexes.
   *
   * @throws Error when the attempts are used up
   */
  async open(attempts = 6): Promise<void> {
    for (let attempt = 1; !(await this.isThere()); attempt += 1) {
      if (attempt === attempts) throw new Error(`the database did not answer in ${attempts} attempts`);
      log('warn', 'the database does not answer yet', { attempt, attempts });
      await pause(Math.min(250 * 2 ** attempt, 5000));
    }
    await this.users.createIndex({ email: 1 }, { unique: true });
    await this.measurements.createIndex({ user: 1, at: -1 });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
