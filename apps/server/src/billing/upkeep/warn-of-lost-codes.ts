import { after } from '../../platform/clock.ts'
import { pages } from '../../platform/database/keyset.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import { atProvider, withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { queueToPayers } from '../mails/queue-to-payers.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { Subscription } from '../subscription.entity.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'

/** How long before a scheduled change its promotion code is looked at. */
const AHEAD = 35 * DAY
const AT_ONCE = 2
const PAGE = 200
/** How long one run may take. The next one starts over. */
const RUN = 10 * MINUTE

interface Row {
  id: string
  object_id: string
}

/**
 * Looks at the promotion codes that scheduled changes will redeem. If others have used one up, or it was ended, it takes
 * nothing off, although the preview showed it. So the payers get one email per change and code.
 *
 * @throws {PaymentProviderError} while the provider is down.
 */
export async function warnOfLostCodes(
  scope: BillingScope,
  { stopping }: { stopping?: AbortSignal | undefined } = {},
): Promise<void> {
  const end = performance.now() + RUN
  const mayContinue = () => performance.now() < end && !stopping?.aborted
  const billingNow = await scope.billing.time.now()
  const { isolated, conclude } = isolateFailures(scope.log)
  for (const provider of scope.billing.providers.keys()) {
    if (!CAPABILITIES[provider].discounts) continue
    const there = atProvider(scope, provider)
    await inParallel(AT_ONCE, scheduled(there, billingNow, mayContinue), async (row) => {
      await isolated(`promotion code of subscription ${row.id}`, () => check(there, row))
    })
  }
  conclude()
}

/** Those whose change is ahead. */
async function* scheduled(
  { em, billing }: BillingScope,
  billingNow: Date,
  mayContinue: () => boolean,
): AsyncIterable<Row> {
  const rows = pages<Row>(em, {
    query: `select s.id, s.scheduled_at, s.provider_subscription_id as object_id from subscriptions s
      where s.scheduled_at is not null and s.status <> 'canceled' and s.provider = ?
        and s.provider_subscription_id is not null and s.scheduled_plan_id is not null
        and s.scheduled_at > ? and s.scheduled_at <= ?`,
    values: [billing.provider.name, billingNow, after(billingNow, AHEAD)],
    by: 'scheduled_at',
    size: PAGE,
  })
  for await (const page of rows) {
    for (const row of page) {
      if (!mayContinue()) return
      yield row
    }
  }
}

async function check(scope: BillingScope, { id, object_id }: Row): Promise<boolean> {
  const lost = await withTimeBudget(scope).billing.provider.findLostCode(object_id)
  if (!lost) return false
  return scope.em.fork().transactional(async (em) => {
    const subscription = await em.findOne(Subscription, { id })
    const { scheduledPlan: plan, scheduledAt, account, provider } = subscription ?? {}
    // It was dropped meanwhile, or has taken effect.
    if (!plan || !scheduledAt || !account || !provider) return false
    const startsAt = scheduledAt.toISOString()
    const fact = `promotion-lost:${id}:${startsAt}:${lost.id}`
    await queueToPayers({ ...scope, em }, { plan, account, provider }, fact, (names) => ({
      template: 'promotion-lost',
      props: { ...names, code: lost.code, startsAt },
    }))
    return true
  })
}
