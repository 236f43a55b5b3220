import type { AuthScope } from '../auth-scope.ts'
import { requestVerificationMail } from '../links/request-verification-mail.ts'
import { User } from '../user.entity.ts'

/** Sends the verification mail again, a few times an hour, unless the address is already verified. */
export async function requestEmailVerification(
  scope: AuthScope,
  input: { userId: string },
): Promise<{ sent: boolean }> {
  const isAllowed = await scope.auth.limits.allowsMail('verify-email', input.userId)
  return scope.em.transactional(async (em) => {
    const user = await em.findOneOrFail(User, { id: input.userId })
    if (user.isVerified) return { sent: false }
    if (isAllowed) await requestVerificationMail({ ...scope, em }, user)
    return { sent: true }
  })
}
