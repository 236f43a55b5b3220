import type { EventBody, EventType } from '../events.schemas.ts'

/** An event that has its place, as a hand-written statement reads it. */
export interface EventRow {
  readonly id: string
  readonly type: EventType
  readonly version: string
  readonly account_id: string | null
  readonly data: Record<string, unknown>
  readonly created_at: string
}

/** The columns of an {@link EventRow}, for a statement that calls the table `e`. */
export const EVENT_COLUMNS = 'e.id, e.type, e.version, e.account_id, e.data, e.created_at'

/** An event as other programs see it. Its JSON is what is delivered. */
export const eventBody = ({ id, type, version, account_id, data, created_at }: EventRow): EventBody => ({
  id: `evt_${id}`,
  type,
  timestamp: new Date(created_at),
  version: Number(version),
  accountId: account_id,
  data,
})
