import { defineEntity, p } from '@mikro-orm/core'

/**
 * Says that a session has ended, for programs that verify tokens by themselves. Triggers of the database write it, so
 * that no way of ending a session is missed. One session may have several rows.
 *
 * @see docs/decisions/0047-tokens-that-others-verify.md
 */
const SessionEndSchema = defineEntity({
  name: 'SessionEnd',
  tableName: 'session_ends',
  indexes: [
    { name: 'session_ends_transaction', properties: ['transaction'] },
    { name: 'session_ends_oldest', properties: ['recordedAt', 'seq'] },
  ],
  properties: {
    /** In the order of writing, which is not the order of the commits. */
    seq: p.bigint().primary().autoincrement(),
    sessionId: p.uuid(),
    endedAt: p.datetime(6),
    recordedAt: p.datetime(6).defaultRaw('clock_timestamp()'),
    /** The writing transaction. With a snapshot of the database, it says whether a reader could already see the row. */
    transaction: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()'),
  },
})

export class SessionEnd extends SessionEndSchema.class {}
SessionEndSchema.setClass(SessionEnd)
