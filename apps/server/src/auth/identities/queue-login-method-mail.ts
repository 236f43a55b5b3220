import type { EntityManager } from '@mikro-orm/postgresql'
import { queueMail } from '../../mail/index.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import type { Identity } from '../identity.entity.ts'
import type { User } from '../user.entity.ts'

/** Mails a user that a provider's account was linked or unlinked, in case an attacker did it. */
export async function queueLoginMethodMail(
  em: EntityManager,
  scope: Pick<AuthRequestScope, 'jobs' | 'clock' | 'request'>,
  user: User,
  { id, provider }: Pick<Identity, 'id' | 'provider'>,
  change: 'linked' | 'unlinked',
): Promise<void> {
  await queueMail(em, scope, {
    fact: `identity-${change}:${id}`,
    ...{ to: user.email, userId: user.id },
    template: 'login-method-changed',
    props: {
      ...{ username: user.username, provider, linked: change === 'linked' },
      ...{ at: scope.clock.now().toISOString(), by: requesterOf(scope.request) },
    },
  })
}
