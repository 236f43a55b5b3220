import { hash, integer, list, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeEvent } from '../../resources/webhook.ts'
import { inPath } from '../lookup.ts'

const LIST = hash({ limit: integer({ min: 1, max: 100 }), object_id: string(), types: list(string(), { max: 20 }) })

/** The routes below `/v2`: thin events, which a receiver fetches by their id. */
export const v2Routes = [
  route('GET', '/core/events/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.events, id, 'event')
    return serializeEvent({ ...row, related_object: row.related_object ?? null }, { pending: 0 })
  }),
  route('GET', '/core/events', LIST, ({ account, params: { limit = 20, object_id, types } }) => ({
    data: account.events
      .all()
      .filter(
        ({ related_object, type }) =>
          related_object !== undefined &&
          (object_id === undefined || related_object?.id === object_id) &&
          (types === undefined || types.includes(type)),
      )
      .toReversed()
      .slice(0, limit)
      .map((row) => serializeEvent(row, { pending: 0 })),
    next_page_url: null,
    previous_page_url: null,
  })),
]
