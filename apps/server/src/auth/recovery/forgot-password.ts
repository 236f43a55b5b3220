import type { AuthScope } from '../auth-scope.ts'
import { RequestedPasswordReset } from '../auth.queues.ts'
import type { ForgotPasswordInput } from '../auth.schemas.ts'

/**
 * Asks for a reset link. The same work for any address, so that neither answer nor time tells who has an account:
 * a job looks it up.
 */
export async function forgotPassword(scope: AuthScope, { email }: ForgotPasswordInput): Promise<void> {
  if (!(await scope.auth.limits.allowsMail('reset-password', email))) return
  await scope.em.transactional((em) => scope.jobs.send(em, RequestedPasswordReset, { email }))
}
