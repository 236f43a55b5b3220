import { EmailTaken, UsernameTaken } from '../auth.errors.ts'

/** PostgreSQL's error code, in the errors of `pg` and of the ORM. */
const UNIQUE_VIOLATION = '23505'

/** @returns the error for a taken address or username; undefined when the given error has another cause. */
export function takenError(error: unknown): EmailTaken | UsernameTaken | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return undefined
  const constraint = 'constraint' in error ? error.constraint : undefined
  if (constraint === 'users_email_unique') return new EmailTaken()
  if (constraint === 'users_username_unique') return new UsernameTaken()
  return undefined
}
