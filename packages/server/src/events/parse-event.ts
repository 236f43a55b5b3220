import { isObject } from '../shape.ts'
import type { TollgateEvent } from './event.ts'

/** Returns null if the value is not an event. An event of an unknown type is one, too. */
export function parseEvent(value: unknown): TollgateEvent | null {
  return isEvent(value) ? value : null
}

/** What the event is about: the kind and the id. Of two events of one object, the higher version is newer. */
export function objectOf(event: Pick<TollgateEvent, 'id' | 'type' | 'data'>): string {
  const [kind = ''] = event.type.split('.')
  const { data } = event
  const id: unknown = 'id' in data ? data.id : 'userId' in data ? `${data.accountId}:${data.userId}` : event.id
  return `${kind}:${String(id)}`
}

function isEvent(value: unknown): value is TollgateEvent {
  if (!isObject(value)) return false
  const { id, type, timestamp, version, accountId, data } = value
  const areTexts = [id, type, timestamp].every((text) => typeof text === 'string' && text !== '')
  const hasAccount = accountId === null || typeof accountId === 'string'
  return areTexts && hasAccount && Number.isSafeInteger(version) && isObject(data)
}
