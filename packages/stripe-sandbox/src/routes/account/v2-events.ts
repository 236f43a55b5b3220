import { invalidRequest } from '../../http/errors.ts'
import { hash, integer, isWithin, list, string, type Param } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeEvent, serializeFetched } from '../../resources/webhook.ts'
import { inPath } from '../lookup.ts'

/** A time such as `2026-04-01T00:00:00Z`, or in seconds since 1970, as the latter. */
const TIME: Param<number> = {
  read(value, path) {
    const text = typeof value === 'string' ? value : ''
    const time = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
    if (Number.isNaN(time)) throw invalidRequest(`Invalid timestamp: ${path}`, { param: path })
    return time / 1000
  },
}
const LIST = hash({
  created: hash({ gt: TIME, gte: TIME, lt: TIME, lte: TIME }),
  limit: integer({ min: 1, max: 100 }),
  object_id: string(),
  page: string(),
  types: list(string(), { max: 20 }),
})

/** The routes below `/v2`: thin events, which a receiver fetches by their id. */
export const v2Routes = [
  route('GET', '/core/events/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.events, id, 'event')
    return row.related_object === undefined
      ? serializeEvent({ ...row, related_object: null }, { pending: 0 })
      : serializeFetched(row)
  }),
  route('GET', '/core/events', LIST, ({ account, params }) => {
    const { created, limit = 20, object_id, page, types } = params
    const rows = account.events
      .all()
      .filter(
        ({ created: time, related_object, type }) =>
          related_object !== undefined &&
          isWithin(time, created) &&
          (object_id === undefined || related_object?.id === object_id) &&
          (types === undefined || types.includes(type)),
      )
      .toReversed()
    const first = page === undefined ? 0 : rows.findIndex(({ id }) => id === page)
    if (first === -1) throw invalidRequest('The page token is invalid.', { param: 'page' })
    const shown = rows.slice(first, first + limit)
    // A page is named by its first event, so that new events move nothing.
    const urlOf = (at: number): string | null => pageUrl(rows[at]?.id, { ...params, limit })
    return {
      data: shown.map(serializeFetched),
      next_page_url: urlOf(first + limit),
      previous_page_url: first === 0 ? null : urlOf(Math.max(0, first - limit)),
    }
  }),
]

function pageUrl(
  page: string | undefined,
  {
    created = {},
    limit,
    object_id,
    types = [],
  }: { created?: object; limit: number; object_id?: string; types?: string[] },
): string | null {
  if (page === undefined) return null
  const query = new URLSearchParams({ limit: String(limit), page, ...(object_id !== undefined && { object_id }) })
  for (const [index, type] of types.entries()) query.set(`types[${index}]`, type)
  for (const [bound, time] of Object.entries(created))
    query.set(`created[${bound}]`, new Date(Number(time) * 1000).toISOString())
  return `/v2/core/events?${query.toString()}`
}
