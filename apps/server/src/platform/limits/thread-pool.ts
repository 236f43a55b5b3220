import { availableParallelism } from 'node:os'

/** How many password hashes may run at once: one for each core. More would only slow each other down. */
export const HASHES_AT_ONCE = availableParallelism()

/** Threads for the other work in libuv's thread pool: DNS lookups (for every call to Stripe and SMTP) and files. */
const OTHER_THREADS = 4

// libuv reads this when it first needs a thread, so this module is imported before all others.
process.env['UV_THREADPOOL_SIZE'] ??= String(HASHES_AT_ONCE + OTHER_THREADS)
