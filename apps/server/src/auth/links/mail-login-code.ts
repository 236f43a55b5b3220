import { queueMail } from '../../mail/index.ts'
import type { AuthScope } from '../auth-scope.ts'
import type { RequestedMail } from '../auth.queues.ts'
import { User } from '../user.entity.ts'

/**
 * Queues the mail with a login code if an active account has this address.
 *
 * @param input.requestId identifies the request, so that a repeated job queues no second mail.
 */
export async function mailLoginCode(scope: AuthScope, input: RequestedMail & { requestId: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    const user = await em.findOne(User, { email: input.email, isActive: true })
    if (!user) return
    await queueMail(em, scope, {
      fact: `login-code:${input.requestId}`,
      ...{ to: user.email, userId: user.id },
      template: 'login-code',
      props: {
        ...{ username: user.username, codeFor: user.id, dropsPassword: !user.isVerified },
        ...{ at: scope.clock.now().toISOString(), by: input.by },
      },
    })
  })
}
