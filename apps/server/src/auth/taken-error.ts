import { UniqueConstraintViolationException } from '@mikro-orm/core'
import { EmailTaken, UsernameTaken } from './auth.errors.ts'

/** Tells which of an account's names a unique index has found taken, if it was that. */
export function takenError(error: unknown): EmailTaken | UsernameTaken | undefined {
  if (!(error instanceof UniqueConstraintViolationException)) return undefined
  const constraint = 'constraint' in error ? error.constraint : undefined
  if (constraint === 'users_email_unique') return new EmailTaken()
  if (constraint === 'users_username_unique') return new UsernameTaken()
  return undefined
}
