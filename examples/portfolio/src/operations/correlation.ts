import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the request that is being answered. */
export const correlation = new AsyncLocalStorage<string>();
