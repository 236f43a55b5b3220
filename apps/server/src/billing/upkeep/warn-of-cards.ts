import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import { withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { costOfNextPeriod, planProps } from '../mails/plan-props.ts'
import { queueToPayers } from '../mails/queue-to-payers.ts'
import type { ProviderPaymentMethod } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { lookAhead, type DueRow } from './look-ahead.ts'

/** How long before a renewal its card is looked at. */
const AHEAD = 30 * DAY

/**
 * Looks at the card of each subscription once per period: a month before its renewal, or when a shorter period begins.
 * If the card will have expired when it is charged, the payers get a notice: one per card and expiry. Only the provider
 * knows the card, so this is one call per subscription and period.
 *
 * @returns the number of subscriptions whose payers were warned.
 * @throws {PaymentProviderError} while the provider is down.
 */
export async function warnOfCards(
  scope: BillingScope,
  how: { stopping?: AbortSignal | undefined } = {},
): Promise<number> {
  if (!scope.billing.settings.dunning) return 0
  return lookAhead(scope, { what: 'card', needs: 'cardExpiries', due, look }, how)
}

/** Those that renew. The first two conditions are those of the index. */
const due = async ({ billing }: BillingScope, billingNow: Date) => ({
  query: `select s.id, s.current_period_end, s.provider_subscription_id as object_id
    from subscriptions s left join card_checks done on done.subscription_id = s.id
    where s.status <> 'canceled' and s.provider <> 'manual' and s.status in ('active', 'trialing') and s.provider = ?
      and s.provider_subscription_id is not null and s.price > 0 and not s.cancel_at_period_end
      and coalesce(least(s.cancel_at, s.paused_from) > s.current_period_end, true)
      and s.current_period_end > ? and s.current_period_end <= ?
      and done.period_end is distinct from s.current_period_end`,
  values: [billing.provider.name, billingNow, after(billingNow, AHEAD)],
  by: 'current_period_end',
})

/** @returns whether the payers were warned. */
async function look(scope: BillingScope, { id, object_id }: DueRow): Promise<boolean> {
  const card = await withTimeBudget(scope).billing.provider.fetchPaymentMethod(object_id)
  return scope.em.fork().transactional(async (em) => {
    const subscription = await em.findOne(Subscription, { id })
    if (!subscription) return false
    const { currentPeriodEnd } = subscription
    const isWarned = card !== null && hasExpired(card, currentPeriodEnd) && costOfNextPeriod(subscription) > 0
    if (isWarned) await queueNotice({ ...scope, em }, subscription, card)
    await em.execute(
      `insert into card_checks (subscription_id, period_end, checked_at) values (?, ?, ?)
       on conflict (subscription_id) do update set period_end = excluded.period_end, checked_at = excluded.checked_at`,
      [id, currentPeriodEnd, scope.clock.now()],
    )
    return isWarned
  })
}

/** A card is valid until its month is over. */
function hasExpired({ expMonth, expYear }: ProviderPaymentMethod, at: Date): boolean {
  return expMonth !== null && expYear !== null && new Date(Date.UTC(expYear, expMonth, 1)) <= at
}

async function queueNotice(
  scope: BillingScope,
  subscription: Subscription,
  { brand, last4, expMonth, expYear }: ProviderPaymentMethod,
): Promise<void> {
  const expires = `${String(expMonth).padStart(2, '0')}/${expYear}`
  await queueToPayers(scope, subscription, `card-expiring:${subscription.id}:${last4}:${expires}`, (names) => ({
    template: 'card-expiring',
    props: { ...names, ...planProps(subscription), amountCents: costOfNextPeriod(subscription), brand, last4, expires },
  }))
}
