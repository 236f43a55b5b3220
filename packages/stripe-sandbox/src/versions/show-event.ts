import { previousAttributes } from '../events/diff.ts'
import type { Account } from '../state/account.ts'
import type { EventRow } from '../state/rows/webhook.ts'
import type { Shape } from './shape.ts'
import { isHash, type Json } from './version-change.ts'

/**
 * An event's object and its previous attributes in the shape of a version. The attributes are the difference between
 * the object and what it was before, both in that shape.
 */
export function eventInShape(account: Account, row: EventRow, shape: Shape): EventRow {
  if (shape.isNewest || row.related_object !== undefined) return row
  const object = shownHash(account, row.object, shape)
  if (row.previous_attributes === null) return { ...row, object }
  const before = shownHash(account, overlaid(row.object, row.previous_attributes), shape)
  return { ...row, object, previous_attributes: previousAttributes(before, object) }
}

function shownHash(account: Account, object: Json, shape: Shape): Record<string, unknown> {
  const shown = shape.show(account, object)
  return isHash(shown) ? { ...shown } : { ...object }
}

/** An object with its old attributes: those of nested hashes are merged, everything else is replaced. */
function overlaid(object: Json, old: Json): Json {
  const result: Record<string, unknown> = { ...object }
  for (const [key, value] of Object.entries(old)) {
    const present = result[key]
    result[key] = isHash(present) && isHash(value) ? overlaid(present, value) : value
  }
  return result
}
