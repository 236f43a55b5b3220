import { createHash, randomBytes } from 'node:crypto'
import type { SecretSource } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingDeps } from '../billing-scope.ts'

/** How long a link works, in wall time. Providers try for about three weeks. */
const PAY_LINK_TTL = 30 * DAY

/** Creates the links of mails about failed renewals. The worker calls it just before sending, so no job has a token. */
export function createPayLinks({ settings }: Pick<BillingDeps, 'settings'>): Pick<SecretSource, 'payLinkFor'> {
  return {
    async payLinkFor({ em, clock }, recoveryId) {
      const token = randomBytes(32).toString('base64url')
      const now = clock.now()
      const made = await em.execute<object[]>(
        `insert into pay_links (id, token_hash, recovery_id, created_at, expires_at)
         select ?, ?, id, ?, ? from recoveries where id = ? and ended_at is null returning id`,
        [newId(), hashOf(token), now, after(now, PAY_LINK_TTL), recoveryId],
      )
      return made.length === 0 ? null : { text: `${settings.payUrl}?token=${token}`, lifetime: PAY_LINK_TTL }
    },
  }
}

/** The tokens are random, so a plain hash is enough. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
