import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { RequestedLoginCode } from '../auth.queues.ts'
import type { RequestLoginCodeInput } from '../auth.schemas.ts'

/** Requests a login code. As in `forgotPassword`, every address takes the same work and gets the same answer. */
export async function requestLoginCode(scope: AuthRequestScope, { email }: RequestLoginCodeInput): Promise<void> {
  if (!(await scope.auth.limits.allowsMail('login-code', email))) return
  const by = requesterOf(scope.request)
  await scope.em.transactional((em) => scope.jobs.send(em, RequestedLoginCode, { email, by }))
}
