import type { AuthScope } from './auth-scope.ts'
import { requestVerificationMail } from './request-verification-mail.ts'
import { User } from './user.entity.ts'

/** Sends the verification mail again, unless the address is verified already. */
export async function requestEmailVerification(scope: AuthScope, input: { userId: string }): Promise<{ sent: boolean }> {
  return scope.em.transactional(async (em) => {
    const user = await em.findOneOrFail(User, { id: input.userId })
    if (user.isVerified) return { sent: false }
    await requestVerificationMail({ ...scope, em }, user)
    return { sent: true }
  })
}
