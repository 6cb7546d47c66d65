import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const size = 32;

/** What is kept of a password: salt and key. */
export async function hash(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, size)).toString('hex')}`;
}

export async function matches(password: string, kept: string): Promise<boolean> {
  const [salt, key] = kept.split(':').map((part) => Buffer.from(part, 'hex'));
  return salt !== undefined && key !== undefined && timingSafeEqual(await derive(password, salt, size), key);
}
