import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { RequestedPasswordReset } from '../auth.queues.ts'
import type { ForgotPasswordInput } from '../auth.schemas.ts'

/**
 * Requests a reset link. It does the same work for any address, and a job looks for the account. So neither the answer
 * nor the time it takes reveals whether an account exists.
 */
export async function forgotPassword(scope: AuthRequestScope, { email }: ForgotPasswordInput): Promise<void> {
  if (!(await scope.auth.limits.allowsMail('reset-password', email))) return
  const by = requesterOf(scope.request)
  await scope.em.transactional((em) => scope.jobs.send(em, RequestedPasswordReset, { email, by }))
}
