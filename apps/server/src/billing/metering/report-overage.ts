import { HOUR, SECOND } from '../../platform/durations.ts'
import { atProvider, withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { JOB_PROVIDER_BUDGET } from '../billing.settings.ts'
import type { SubscriptionOverage } from '../overage.schemas.ts'
import type { ProviderName } from '../provider.schemas.ts'
import { reportMoment } from './report-moment.ts'
import { settleOverage } from './settle-overage.ts'

/** How long one round works. Less than a minute, because the next one comes every minute. */
const RUN = 45 * SECOND
const BATCH = 100
/** The provider forgets keys after a day. A report that may have arrived longer ago is not repeated. */
const KEYS_LAST = 23 * HOUR
/** Number of failures in a row after which the round stops. */
const OUTAGE = 3

interface OpenReport {
  id: string
  feature: string
  units: string
  used_at: string
  tried_at: string | null
  provider: ProviderName
  customer_id: string | null
  status: string
  overage: SubscriptionOverage | null
  current_period_start: string
  current_period_end: string
}

/**
 * Reports what was used above limits to the provider. The id of a report is its key there, so a repeat after a lost
 * answer or a crash counts once.
 *
 * @param options.subscriptionId only this subscription; otherwise all.
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
  const failed: string[] = []
  let failure: PaymentProviderError | null = null
  let inARow = 0
  for (;;) {
    const open = await em.execute<OpenReport[]>(OPEN, [subscriptionId, subscriptionId, `{${failed.join(',')}}`, BATCH])
    if (open.length === 0) break
    for (const report of open) {
      if (performance.now() > end || stopping?.aborted || inARow >= OUTAGE) break
      try {
        await sendReport(scope, report)
        inARow = 0
      } catch (error) {
        if (!(error instanceof PaymentProviderError)) throw error
        failed.push(report.id)
        failure = error
        inARow += 1
      }
    }
    if (performance.now() > end || stopping?.aborted || inARow >= OUTAGE) break
  }
  if (failure) throw failure
}

const OPEN = `select r.id, r.feature, r.units, r.used_at, r.tried_at, s.provider, s.status, s.overage,
    s.current_period_start, s.current_period_end, c.provider_customer_id as customer_id
  from overage_reports r join subscriptions s on s.id = r.subscription_id
    left join customers c on c.account_id = s.account_id and c.provider = s.provider
  where r.sent_at is null and r.written_off_at is null and (?::uuid is null or r.subscription_id = ?)
    and r.id <> all(?::uuid[])
  order by r.created_at, r.id limit ?`

async function sendReport(scope: BillingScope, report: OpenReport): Promise<void> {
  const { id, feature, units, customer_id: customerId } = report
  const { em, clock, log, billing } = scope
  const wallNow = clock.now()
  const isForgotten = report.tried_at !== null && wallNow.getTime() - new Date(report.tried_at).getTime() > KEYS_LAST
  const isBilled = report.status === 'canceled' || report.overage?.[feature] !== undefined
  if (isForgotten || !isBilled || customerId === null) {
    const why = isForgotten ? 'may have arrived a day ago' : 'can not be billed any more'
    log.error({ overageReportId: id, feature, units }, `a report of use is written off: it ${why}`)
    await em.execute('update overage_reports set written_off_at = ? where id = ? and sent_at is null', [wallNow, id])
    return
  }
  await em.execute('update overage_reports set tried_at = coalesce(tried_at, ?) where id = ?', [wallNow, id])
  const { provider } = atProvider(withTimeBudget(scope, JOB_PROVIDER_BUDGET), report.provider).billing
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
}
