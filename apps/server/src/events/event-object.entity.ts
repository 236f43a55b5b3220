import { defineEntity, p } from '@mikro-orm/core'

/**
 * What the sequencer remembers of an object: how many events it had. It outlives the events.
 *
 * The feed has a row of its own, whose version is the last position.
 */
const EventObjectSchema = defineEntity({
  name: 'EventObject',
  tableName: 'event_objects',
  indexes: [{ name: 'event_objects_due', properties: ['dueAt'], where: { dueAt: { $ne: null } } }],
  properties: {
    kind: p.text().primary(),
    id: p.text().primary(),
    version: p.bigint('number'),
    /** Of the state in its last event. Only for objects whose state is read by the sequencer. */
    digest: p.text().nullable(),
    /** In billing time: when its state may change without a change of any row. Null for never. */
    dueAt: p.datetime(6).nullable(),
  },
})

export class EventObject extends EventObjectSchema.class {}
EventObjectSchema.setClass(EventObject)
