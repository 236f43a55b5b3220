import { Recovery } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { ListRecoveriesInput, RecoveryRow } from '../recoveries.schemas.ts'

const STATES = {
  open: { endedAt: null },
  recovered: { outcome: 'recovered' },
  lost: { endedAt: { $ne: null }, outcome: { $ne: 'recovered' } },
} as const

/**
 * Lists failed renewals, the latest first: those that may still be paid, or those that ended in one way or the other.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listRecoveries(
  { em }: AdminScope,
  { cursor, limit, state }: ListRecoveriesInput,
): Promise<Page<RecoveryRow>> {
  const from = cursor ? readCursor(cursor) : null
  const rows = await em.find(
    Recovery,
    { ...STATES[state], ...(from && { $or: [{ since: { $lt: from.at } }, { since: from.at, id: { $lt: from.id } }] }) },
    { orderBy: { since: 'desc', id: 'desc' }, limit: limit + 1, populate: ['subscription.plan'] },
  )
  const ownerOf = await readOwnersOf(em, rows)
  return pageOf(
    rows,
    limit,
    (row) => ({
      ...ownerOf(row),
      ...{ id: row.id, subscriptionId: row.subscription.id, planName: row.subscription.$.plan.$.name },
      ...{ provider: row.provider, providerInvoiceId: row.providerInvoiceId },
      ...{ amountCents: row.amountCents, currency: row.currency, since: row.since, action: row.action },
      step: row.lastStep ?? null,
      nextStepAt: row.nextStepAt ?? null,
      nextRetryAt: row.nextRetryAt ?? null,
      endedAt: row.endedAt ?? null,
      outcome: row.outcome ?? null,
    }),
    ({ since, id }) => ({ at: since, id }),
  )
}
