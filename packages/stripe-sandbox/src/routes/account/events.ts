import { hasEventType } from '../../events/event-types.ts'
import { exclusiveParams, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, hash, isWithin, list, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeEvent } from '../../resources/webhook.ts'
import type { Account } from '../../state/account.ts'
import type { EventRow } from '../../state/rows/webhook.ts'
import { DAY, wallNow } from '../../time.ts'
import { shapeOf } from '../../versions/shape.ts'
import { eventInShape } from '../../versions/show-event.ts'
import { inPath } from '../lookup.ts'

const KEPT_FOR = 30 * DAY
const LIST = hash({
  ...PAGE,
  created: timeRange(),
  delivery_success: boolean(),
  type: string(),
  types: list(string(), { max: 20 }),
})

export const eventRoutes = [
  route('GET', '/events/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.events, id, 'event')
    if (!isListed(row)) throw resourceMissing('event', id, { inPath: true })
    return shown(account, row)
  }),
  route('GET', '/events', LIST, ({ account, params }) => {
    const { created, delivery_success, type, types } = params
    if (type !== undefined && types !== undefined) throw exclusiveParams('type', 'types', 'types')
    const rows = account.events
      .all()
      .filter(
        (row) =>
          isListed(row) &&
          hasEventType(account.settings.apiVersion, row.type) &&
          (type === undefined || matches(row.type, type)) &&
          (types === undefined || types.includes(row.type)) &&
          (delivery_success === undefined || (undelivered(account, row) === 0) === delivery_success) &&
          isWithin(row.created, created),
      )
    return page('/v1/events', rows, params, (row) => shown(account, row))
  }),
]

/** Whether an event is young enough, and no thin one. */
function isListed({ recorded, related_object }: EventRow): boolean {
  return recorded > wallNow() - KEPT_FOR && related_object === undefined
}

function shown(account: Account, row: EventRow): unknown {
  const { apiVersion } = account.settings
  return serializeEvent(eventInShape(account, row, shapeOf(apiVersion)), {
    pending: undelivered(account, row),
    apiVersion,
  })
}

function undelivered(account: Account, { id }: EventRow): number {
  return account.deliveries.by('eventId', id).filter((row) => row.status !== 'delivered').length
}

/** Whether an event has the requested type, which may end in a wildcard, such as `charge.*`. */
function matches(type: string, requested: string): boolean {
  return requested.endsWith('*') ? type.startsWith(requested.slice(0, -1)) : type === requested
}
