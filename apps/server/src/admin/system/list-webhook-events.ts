import { ProviderEvent } from '../../billing/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ListWebhookEventsInput, WebhookEventView } from '../system.schemas.ts'

/**
 * Lists the events received from the payment provider, newest first, each with its outcome.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listWebhookEvents(
  { em }: AdminScope,
  { cursor, limit, status, type }: ListWebhookEventsInput,
): Promise<Page<WebhookEventView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const older = from && { $or: [{ receivedAt: { $lt: from.at } }, { receivedAt: from.at, id: { $lt: from.id } }] }
  const rows = await em.find(
    ProviderEvent,
    {
      ...(status && { status }),
      ...(type !== undefined && { type }),
      ...(from && { receivedAt: { $lte: from.at } }),
      ...older,
    },
    {
      orderBy: { receivedAt: 'desc', id: 'desc' },
      limit: limit + 1,
      exclude: ['payload'], // large, and may contain personal data
    },
  )
  return pageOf(
    rows,
    limit,
    (row) => ({
      id: row.id,
      providerEventId: row.providerEventId,
      type: row.type,
      status: row.status,
      receivedAt: row.receivedAt,
      processedAt: row.processedAt ?? null,
      attempts: row.attempts,
      lastError: row.lastError ?? null,
    }),
    ({ receivedAt, id }) => ({ at: receivedAt, id }),
  )
}
