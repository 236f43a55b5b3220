import { defineEntity, p } from '@mikro-orm/core'
import type { EventType } from './events.schemas.ts'

/**
 * A fact for other programs: a change of an object, with its state afterwards. Triggers on the objects' tables insert
 * the rows, and the sequencer gives each its place in the feed.
 *
 * @see docs/decisions/0048-events-by-triggers.md
 */
const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'events',
  uniques: [{ name: 'events_position', properties: ['position'], where: { position: { $ne: null } } }],
  indexes: [
    { name: 'events_waiting', properties: ['seq'], where: { position: null } },
    {
      name: 'events_held',
      properties: ['objectKind', 'objectId'],
      where: '"position" is null and "held_until" is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Ascends with the changes of one object, but not with the commits of different ones. */
    seq: p.bigint('number').autoincrement(),
    type: p.text().$type<EventType>(),
    /** The kind and id of its object. A member's id is `ACCOUNT:USER`; the object of entitlements is the account. */
    objectKind: p.text(),
    objectId: p.text(),
    /** Null until the event has its place. */
    version: p.bigint('number').nullable(),
    accountId: p.uuid().nullable(),
    /** What the trigger read from the row. Once the event has its place, the public state of the object. */
    data: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(6),
    /** Its place in the feed, without gaps. Null until the sequencer has seen the committed row. */
    position: p.bigint('number').nullable(),
    /** Set if it could not be presented: when that is tried again. Later events of its object wait with it. */
    heldUntil: p.datetime(6).nullable(),
    sequencedAt: p.datetime(6).nullable(),
  },
})

export class Event extends EventSchema.class {}
EventSchema.setClass(Event)
