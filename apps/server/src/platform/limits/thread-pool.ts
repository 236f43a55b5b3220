import { availableParallelism } from 'node:os'

/** As many password hashes may run at once as there are cores: more would only take the cores from each other. */
export const HASHES_AT_ONCE = availableParallelism()

/** For what shares libuv's thread pool with the hashes: looking up names (every call to Stripe and SMTP) and files. */
const BESIDES = 4

// Read by libuv when a thread is first wanted, so this module is imported before all others.
process.env['UV_THREADPOOL_SIZE'] ??= String(HASHES_AT_ONCE + BESIDES)
