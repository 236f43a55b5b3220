import { findAdmins } from '../../auth/index.ts'
import { queueMails, type MailOfFact } from '../../mail/index.ts'
import { OPERATOR, recordAudit } from '../../platform/audit/audit.ts'
import { after } from '../../platform/clock.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import { DAY } from '../../platform/durations.ts'
import type { Scope } from '../../platform/scope.ts'
import type { OffReason } from '../webhooks.schemas.ts'

/** How long an endpoint may fail before it is switched off. */
export const LONGEST_FAILURE = 5 * DAY

/** An endpoint that just succeeded is not failing. */
export async function noteSuccess({ em }: Pick<Scope, 'em'>, { id }: { id: string }): Promise<void> {
  await em.execute('update webhook_endpoints set failing_since = null where id = ? and failing_since is not null', [id])
}

/** Notes that an endpoint fails, since when, and until when it asked for quiet. */
export async function noteFailure(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  { id, quietUntil }: { id: string; quietUntil: Date | null },
): Promise<void> {
  await em.execute(
    `update webhook_endpoints set failing_since = coalesce(failing_since, ?),
       quiet_until = coalesce(greatest(quiet_until, ?), quiet_until) where id = ?`,
    [clock.now(), quietUntil, id],
  )
}

/**
 * Switches an endpoint off that fails, and mails all administrators. Does nothing if it is off already, has another URL
 * by now, or has succeeded meanwhile.
 */
export async function switchOff(
  scope: Scope,
  {
    id,
    url,
    reason,
    lastError,
  }: { id: string; url: string; reason: OffReason & ('gone' | 'failing'); lastError: string },
): Promise<void> {
  const now = scope.clock.now()
  await scope.em.transactional(async (em) => {
    const [endpoint] = await em.execute<{ failing_since: string | null }[]>(
      `update webhook_endpoints set state = 'off', off_reason = ? where id = ? and url = ? and state = 'active'
         and (? or failing_since <= ?) returning failing_since`,
      [reason, id, url, reason === 'gone', after(now, -LONGEST_FAILURE)],
    )
    if (!endpoint) return
    recordAudit({ ...scope, em }, OPERATOR, {
      ...{ action: 'webhook_endpoint.switch_off', targetType: 'webhook_endpoint', targetId: id },
      ...{ before: { state: 'active' }, after: { state: 'off', offReason: reason } },
    })
    const since = new Date(endpoint.failing_since ?? now).toISOString()
    const admins = await findAdmins(em)
    const mails = admins.map((admin): MailOfFact => ({
      fact: `webhook-endpoint-off:${id}:${now.toISOString()}:${admin.id}`,
      ...{ to: admin.email, userId: admin.id },
      template: 'webhook-endpoint-off',
      props: { username: admin.username, url, reason, since, at: now.toISOString(), lastError },
    }))
    await queueMails(runWithin(em), scope, mails)
  })
}
