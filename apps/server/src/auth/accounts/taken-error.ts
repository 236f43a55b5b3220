import { EmailTaken, UsernameTaken } from '../auth.errors.ts'

/** PostgreSQL's code, in its own errors as in the ORM's. */
const UNIQUE_VIOLATION = '23505'

/** Tells which of an account's names a unique index has found taken, if it was that. */
export function takenError(error: unknown): EmailTaken | UsernameTaken | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== UNIQUE_VIOLATION) return undefined
  const constraint = 'constraint' in error ? error.constraint : undefined
  if (constraint === 'users_email_unique') return new EmailTaken()
  if (constraint === 'users_username_unique') return new UsernameTaken()
  return undefined
}
