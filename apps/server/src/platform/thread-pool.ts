import { availableParallelism } from 'node:os'

/** As many password hashes may run at once as this: one more than there are cores, so that none waits for the next. */
export const HASHES_AT_ONCE = availableParallelism() + 1

/** For what shares libuv's thread pool with the hashes: looking up names (every call to Stripe and SMTP) and files. */
const BESIDES = 4

// Read by libuv when a thread is first wanted, so this module is imported before all others.
process.env['UV_THREADPOOL_SIZE'] ??= String(HASHES_AT_ONCE + BESIDES)
