import { DAY, HOUR, SECOND } from '../../platform/durations.ts'
import { atProvider, isConfigured, withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { JOB_PROVIDER_BUDGET } from '../billing.settings.ts'
import type { SubscriptionOverage } from '../overage.schemas.ts'
import type { ProviderName } from '../provider.schemas.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'
import { billLateUse, type LateReport } from './bill-late-use.ts'
import { reportMoment } from './report-moment.ts'
import { settleOverage } from './settle-overage.ts'

/** How long one round works. Less than a minute, because the next one comes every minute. */
const RUN = 45 * SECOND
const BATCH = 100
/** The provider forgets keys after a day. A report that may have arrived longer ago is not repeated. */
const KEYS_LAST = 23 * HOUR
/** Number of failures in a row, other than refusals, after which the round stops. */
const OUTAGE = 3
/** How long units of a replaced subscription wait for its end. */
const END_LASTS = DAY

interface OpenReport extends LateReport {
  created_at: string
  tried_at: string | null
  invoiced_on: string | null
  provider: ProviderName
  subscription_id: string | null
  status: string
  superseded_at: string | null
  overage: SubscriptionOverage | null
  current_period_start: string
  current_period_end: string
}

/**
 * Reports what was used above limits to the provider. The id of a report is its key there, so a repeat after a lost
 * answer or a crash counts once.
 *
 * @param options.subscriptionId only this subscription, which is about to end or to lose its prices; otherwise all.
 * @throws {PaymentProviderError} if a report failed. It stays open, and the next round repeats it.
 */
export async function reportOverage(
  scope: BillingScope,
  { subscriptionId = null, stopping }: { subscriptionId?: string | null; stopping?: AbortSignal | undefined } = {},
): Promise<void> {
  const em = scope.em.fork()
  const billingNow = await scope.billing.time.now()
  await settleOverage(em, { subscriptionId, billingNow, wallNow: scope.clock.now() })
  const end = performance.now() + RUN
  const left: string[] = []
  let failure: PaymentProviderError | null = null
  let inARow = 0
  for (;;) {
    const open = await em.execute<OpenReport[]>(OPEN, [subscriptionId, subscriptionId, `{${left.join(',')}}`, BATCH])
    if (open.length === 0) break
    for (const report of open) {
      if (performance.now() > end || stopping?.aborted || inARow >= OUTAGE) break
      try {
        const isDone = await sendReport(scope, report, { isLast: subscriptionId !== null })
        if (!isDone) left.push(report.id)
        inARow = 0
      } catch (error) {
        if (!(error instanceof PaymentProviderError)) throw error
        left.push(report.id)
        failure = error
        // What is refused keeps nothing else from being reported.
        inARow = error.isOutage() ? inARow + 1 : 0
      }
    }
    if (performance.now() > end || stopping?.aborted || inARow >= OUTAGE) break
  }
  if (failure) throw failure
}

const OPEN = `select r.id, r.feature, r.units, r.since, r.used_at, r.created_at, r.tried_at, r.invoiced_on, s.provider,
    s.provider_subscription_id as subscription_id, s.status, s.superseded_at, s.overage, s.current_period_start,
    s.current_period_end, c.provider_customer_id as customer_id, price.provider_price_id as price_id,
    next.provider_subscription_id as next_subscription_id
  from overage_reports r join subscriptions s on s.id = r.subscription_id
    left join customers c on c.account_id = s.account_id and c.provider = s.provider
    left join overage_prices price on price.id = (s.overage -> r.feature ->> 'priceId')::uuid
    left join subscriptions next on next.account_id = s.account_id and next.status not in ('canceled', 'pending')
      and next.provider = s.provider and next.currency = price.currency
  where r.sent_at is null and r.written_off_at is null and (?::uuid is null or r.subscription_id = ?)
    and r.id <> all(?::uuid[])
  order by r.created_at, r.id limit ?`

/** @returns false if the report has to wait: for the end of its subscription, or until its provider is set up again. */
async function sendReport(scope: BillingScope, report: OpenReport, { isLast }: { isLast: boolean }): Promise<boolean> {
  const { id, feature, units, customer_id: customerId, invoiced_on: invoicedOn } = report
  const { em, clock, billing } = scope
  const wallNow = clock.now()
  const isForgotten = report.tried_at !== null && wallNow.getTime() - new Date(report.tried_at).getTime() > KEYS_LAST
  if (!isConfigured(scope, report.provider)) return false
  const { provider } = atProvider(withTimeBudget(scope, JOB_PROVIDER_BUDGET), report.provider).billing
  if (report.superseded_at !== null && (report.tried_at === null || invoicedOn !== null)) {
    const end = invoicedOn === null ? await endOf(provider, report) : 'ended'
    if (end === 'ended') {
      const isBilled = await billLateUse({ em, provider }, report, { wallNow, mayExist: isForgotten })
      if (!isBilled) await writeOff(scope, report, 'no later subscription can bill it')
      return true
    }
    // The call before its end also reports what is used by then. What comes later may be too late for its meter.
    if (!isLast && wallNow.getTime() - new Date(report.created_at).getTime() < END_LASTS) return false
  }
  const isBilled = report.status === 'canceled' || report.overage?.[feature] !== undefined
  if (isForgotten || !isBilled || customerId === null) {
    await writeOff(scope, report, isForgotten ? 'it may have arrived a day ago' : 'it can no longer be billed')
    return true
  }
  // Another worker may have begun to bill it on an invoice, or be done with it.
  const marked = await em.execute(
    `update overage_reports set tried_at = coalesce(tried_at, ?)
     where id = ? and sent_at is null and invoiced_on is null returning id`,
    [wallNow, id],
  )
  if (marked.length === 0) return true
  const at = reportMoment({
    usedAt: new Date(report.used_at),
    billingNow: await billing.time.now(),
    hasEnded: report.status === 'canceled',
    periodStart: new Date(report.current_period_start),
    periodEnd: new Date(report.current_period_end),
    since: new Date(report.overage?.[feature]?.since ?? 0),
  })
  await provider.reportUsage({ key: id, feature, customerId, units: Number(units), at })
  await em.execute('update overage_reports set sent_at = ? where id = ? and sent_at is null', [clock.now(), id])
  return true
}

async function endOf(provider: PaymentProvider, { subscription_id: id }: OpenReport): Promise<'ended' | 'to come'> {
  const there = id === null ? null : await provider.fetchSubscription(id)
  return there === null || there.status === 'canceled' ? 'ended' : 'to come'
}

async function writeOff({ em, clock, log }: BillingScope, { id, feature, units }: OpenReport, why: string) {
  log.error({ overageReportId: id, feature, units }, `a report of use is written off: ${why}`)
  await em.execute('update overage_reports set written_off_at = ? where id = ? and sent_at is null', [clock.now(), id])
}
