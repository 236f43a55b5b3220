import type { Scope } from './scope.ts'

/**
 * Asks the configuration's own code whether something may happen. It can take seconds, so it must not be asked in a
 * transaction, or with a lock.
 *
 * @returns null if it may; otherwise what to tell the user.
 * @throws {HookFailed} when the code has failed or took too long, and its configuration denies in this case.
 */
export type Hook<About> = (scope: Pick<Scope, 'em' | 'clock' | 'log'>, about: About) => Promise<string | null>
