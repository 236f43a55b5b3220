import type { AuthScope } from '../auth-scope.ts'
import { RequestedLoginCode } from '../auth.queues.ts'
import type { RequestLoginCodeInput } from '../auth.schemas.ts'

/** Asks for a log-in code. The same work and the same answer for any address, as with a forgotten password. */
export async function requestLoginCode(scope: AuthScope, { email }: RequestLoginCodeInput): Promise<void> {
  if (!(await scope.auth.limits.allowsMail('login-code', email))) return
  await scope.em.transactional((em) => scope.jobs.send(em, RequestedLoginCode, { email }))
}
