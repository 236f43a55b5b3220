import { findAdmins } from '../../auth/index.ts'
import { queueMails, type MailOfFact } from '../../mail/index.ts'
import { OPERATOR, recordAudit } from '../../platform/audit/audit.ts'
import { after } from '../../platform/clock.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import type { Scope } from '../../platform/scope.ts'
import type { OffReason } from '../webhooks.schemas.ts'

/** How long an endpoint may fail before it is switched off. */
export const LONGEST_FAILURE = 5 * DAY

/**
 * Failures that are further apart belong to different series: an endpoint that no one called has not failed meanwhile.
 * The longest wait between two attempts is a little more than a day.
 */
const LONGEST_GAP = 2 * DAY
/** How often the time of the last failure is updated. */
const NOTED_EVERY = MINUTE

/** An endpoint that just succeeded is not failing. */
export async function noteSuccess({ em }: Pick<Scope, 'em'>, { id }: { id: string }): Promise<void> {
  await em.execute(
    'update webhook_endpoints set failing_since = null, failed_at = null where id = ? and failing_since is not null',
    [id],
  )
}

interface Failure {
  readonly id: string
  /** The one that failed. The endpoint may have another by now. */
  readonly url: string
  readonly failingSince: Date | null
  readonly failedAt: Date | null
  /** Until when the endpoint asked for quiet. */
  readonly quietUntil: Date | null
}

/**
 * Notes that an endpoint fails.
 *
 * @returns since when the endpoint has failed without a pause.
 */
export async function noteFailure(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  { id, url, failingSince, failedAt, quietUntil }: Failure,
): Promise<Date> {
  const now = clock.now()
  const isNoted = failingSince !== null && failedAt !== null && failedAt > after(now, -NOTED_EVERY)
  if (isNoted && quietUntil === null) return failingSince
  const [row] = await em.execute<{ failing_since: string }[]>(
    `update webhook_endpoints set
       failing_since = case when coalesce(failed_at, failing_since) > ? then coalesce(failing_since, ?) else ? end,
       failed_at = greatest(failed_at, ?), quiet_until = coalesce(greatest(quiet_until, ?), quiet_until)
     where id = ? and url = ? returning failing_since`,
    [after(now, -LONGEST_GAP), now, now, now, quietUntil, id, url],
  )
  return row ? new Date(row.failing_since) : now
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
