import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { queueToPayers } from '../mails/queue-to-payers.ts'
import { Subscription } from '../subscription.entity.ts'
import { lookAhead, type DueRow } from './look-ahead.ts'

/** How long before a scheduled change its promotion codes are looked at. */
const AHEAD = 35 * DAY
/** How often they are looked at, if the provider tells of no change. */
const AGAIN = DAY
/** A run looks at this many, or at a twentieth of all if that is more. So all have their turn within a day. */
const SLICE = 100
const SHARE = 20

/**
 * Looks at the promotion codes that scheduled changes will redeem. If others have used one up, or it was ended, it takes
 * nothing off, although the preview showed it. So the payers get one email per change and code.
 *
 * Each scheduled change is looked at once to learn its codes, and once a day if it has any. An event about one of its codes
 * or coupons makes it due at once.
 *
 * @throws {PaymentProviderError} while the provider is down.
 */
export async function warnOfLostCodes(
  scope: BillingScope,
  how: { stopping?: AbortSignal | undefined } = {},
): Promise<void> {
  await lookAhead(scope, { what: 'promotion codes', needs: 'discounts', due, look }, how)
}

/** Those whose change is ahead, and whose codes are not known yet, or exist. */
const WITH_CODES = `from subscriptions s left join code_checks done on done.subscription_id = s.id
  where s.scheduled_at is not null and s.status <> 'canceled' and s.provider = ?
    and s.provider_subscription_id is not null and s.scheduled_plan_id is not null
    and s.scheduled_at > ? and s.scheduled_at <= ?
    and (done.subscription_id is null or cardinality(done.refs) > 0)`

async function due({ em, clock, billing }: BillingScope, billingNow: Date) {
  const values = [billing.provider.name, billingNow, after(billingNow, AHEAD)]
  const [all] = await em.execute<{ count: number }[]>(`select count(*)::int as count ${WITH_CODES}`, values)
  return {
    query: `select s.id, s.scheduled_at, s.provider_subscription_id as object_id ${WITH_CODES}
      and (done.checked_at is null or done.checked_at <= ?)`,
    values: [...values, after(clock.now(), -AGAIN)],
    by: 'scheduled_at',
    most: Math.max(SLICE, Math.ceil((all?.count ?? 0) / SHARE)),
  }
}

async function look(scope: BillingScope, { id, object_id }: DueRow): Promise<boolean> {
  const codes = await withTimeBudget(scope).billing.provider.readScheduledCodes(object_id)
  return scope.em.fork().transactional(async (em) => {
    const subscription = await em.findOne(Subscription, { id })
    const { scheduledPlan: plan, scheduledAt, account, provider } = subscription ?? {}
    // It was dropped meanwhile, or has taken effect.
    if (!plan || !scheduledAt || !account || !provider) return false
    const startsAt = scheduledAt.toISOString()
    const lost = codes.filter(({ isLost }) => isLost)
    for (const { id: codeId, code } of lost) {
      const fact = `promotion-lost:${id}:${startsAt}:${codeId}`
      await queueToPayers({ ...scope, em }, { plan, account, provider }, fact, (names) => ({
        template: 'promotion-lost',
        props: { ...names, code, startsAt },
      }))
    }
    const refs = [...new Set(codes.flatMap(({ id: codeId, couponId }) => (couponId ? [codeId, couponId] : [codeId])))]
    await em.execute(
      `insert into code_checks (subscription_id, refs, checked_at) values (?, ?::text[], ?)
       on conflict (subscription_id) do update set refs = excluded.refs, checked_at = excluded.checked_at`,
      [id, `{${refs.map((ref) => JSON.stringify(ref)).join(',')}}`, scope.clock.now()],
    )
    return lost.length > 0
  })
}
