import { queueMail } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import type { RequestedMail } from '../auth.queues.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { User } from '../user.entity.ts'

/**
 * Queues the mail with a reset link if an active account has this address.
 *
 * @param input.tokenId becomes the token's `jti`, so that a repeated job creates no second token.
 */
export async function mailResetLink(scope: AuthScope, input: RequestedMail & { tokenId: string }): Promise<void> {
  const { clock, auth } = scope
  await scope.em.transactional(async (em) => {
    const user = await em.findOne(User, { email: input.email, isActive: true })
    if (!user || (await em.count(OneTimeToken, { jti: input.tokenId })) > 0) return

    const now = clock.now()
    em.create(OneTimeToken, {
      jti: input.tokenId,
      user,
      purpose: 'reset-password',
      email: user.email,
      createdAt: now,
      expiresAt: after(now, auth.settings.resetTokenTtl),
    })
    await em.flush()
    await queueMail(em, scope, {
      fact: `reset-password:${input.tokenId}`,
      ...{ to: user.email, userId: user.id },
      template: 'reset-password',
      props: { username: user.username, tokenId: input.tokenId, at: now.toISOString(), by: input.by },
    })
  })
}
