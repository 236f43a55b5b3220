import { after } from '../../platform/clock.ts'
import { HOUR, MINUTE } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import type { PaidBack } from '../providers/payment-provider.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'

/** How long after each refusal a refund is tried again. After the last one, it is left to a person. */
const AGAIN_AFTER = [1, 2, 4, 8, 16, 24, 24, 24].map((hours) => hours * HOUR)

/** A job starts by the database's clock, which may be ahead of ours. An attempt that seems early is made anyway. */
const EARLY = 5 * MINUTE

const KIND = 'refund_refused'

/**
 * The payments of an account that must not be refunded now, because the provider has refused before: the next attempt is
 * later, all attempts are used up, or an admin has resolved the finding.
 */
export async function refundsToLeave({ em, clock }: BillingScope, accountId: string): Promise<string[]> {
  const rows = await em.execute<{ object_id: string }[]>(
    `select object_id from reconciliation_findings where kind = '${KIND}' and account_id = ?
       and (resolved_at is not null or after->>'nextTryAt' is null or (after->>'nextTryAt')::timestamptz > ?)`,
    [accountId, after(clock.now(), EARLY)],
  )
  return rows.map(({ object_id }) => object_id)
}

/**
 * Records what became of refunds that the provider may refuse. A refusal is a finding, which counts the attempts and
 * plans the next one. Once the money is paid back, by us or by an operator, the finding is resolved.
 *
 * @param paidBack.tryAgain sends the job for the next attempt, in the transaction.
 */
export async function followRefunds(
  { em, clock, log }: LockedScope,
  accountId: string,
  { returned, refused, tryAgain }: PaidBack & { tryAgain: (at: Date) => Promise<void> },
): Promise<void> {
  const now = clock.now()
  const objectIds = [...returned, ...refused.map(({ paymentId }) => paymentId)]
  if (objectIds.length === 0) return
  const open = await em.find(ReconciliationFinding, {
    ...{ kind: KIND, objectId: { $in: objectIds }, account: accountId, resolvedAt: null },
  })
  const known = new Map(open.map((finding) => [finding.objectId, finding]))
  for (const objectId of returned) {
    const finding = known.get(objectId)
    if (finding) em.assign(finding, { resolvedAt: now, resolution: 'The payment is refunded in full.' })
  }
  for (const { paymentId: objectId, amountCents, currency } of refused) {
    const finding = known.get(objectId)
    const attempts = Number(finding?.after?.['attempts'] ?? 0) + 1
    const wait = AGAIN_AFTER[attempts - 1]
    const nextTryAt = wait === undefined ? null : after(now, wait)
    const state = { amountCents, currency, attempts, nextTryAt: nextTryAt?.toISOString() ?? null }
    if (finding) em.assign(finding, { after: state })
    else {
      const object = { objectType: 'payment', objectId, account: accountId } as const
      em.create(ReconciliationFinding, { kind: KIND, ...object, foundAt: now, after: state })
    }
    log.warn({ providerPaymentId: objectId, attempts, nextTryAt }, 'the provider refuses a refund')
    if (nextTryAt) await tryAgain(nextTryAt)
  }
  await em.flush()
}
