/**
 * An SQL expression that limits how long the statement waits for each lock that it asks for after this. The limit ends
 * with the transaction.
 *
 * @param ms an expression for the milliseconds. Null leaves the limit of the transaction as it is.
 */
export const lockWait = (ms: string): string =>
  `(case when ${ms}::text is null then '' else set_config('lock_timeout', ${ms}::text, true) end)`

/** Whether PostgreSQL has ended a statement because of a deadlock. */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '40P01'

/** Whether a statement could not get a lock, in its time or because of a deadlock. Then it has changed nothing. */
export const isLockTimeout = (error: unknown): error is Error =>
  isDeadlock(error) || (error instanceof Error && 'code' in error && error.code === '55P03')
