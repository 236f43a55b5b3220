import { defineEntity, p } from '@mikro-orm/core'

/**
 * What was asked for under one key, and the answer. A reservation is an entry that is not closed yet.
 *
 * A counter's `used` is the sum of its entries' amounts, at any time, until old entries are deleted. No foreign keys:
 * checking them would lock the account's row for each entry.
 */
const UsageEntrySchema = defineEntity({
  name: 'UsageEntry',
  tableName: 'usage_entries',
  uniques: [{ name: 'usage_entries_key', properties: ['accountId', 'key'] }],
  indexes: [
    {
      name: 'usage_entries_open',
      properties: ['accountId', 'feature', 'per', 'startsAt', 'expiresAt'],
      where: { state: 'open' },
    },
    { name: 'usage_entries_due', properties: ['expiresAt', 'id'], where: { state: 'open' } },
  ],
  properties: {
    /** Also the id of the reservation. */
    id: p.uuid().primary(),
    accountId: p.uuid(),
    key: p.string().length(128),
    /** The counter: with the account, these three name it. */
    feature: p.string().length(64),
    per: p.enum(['period', 'month', 'day', 'total'] as const),
    startsAt: p.datetime(6),
    asked: p.bigint('number'),
    /** For how many seconds it was to be reserved; null if it was counted at once. */
    reserve: p.integer().nullable(),
    /** `open` is reserved. Of the rest only `counted` and `settled` have an amount. */
    state: p.enum(['counted', 'denied', 'open', 'settled', 'returned', 'expired'] as const),
    /** How much of the counter is this entry's. */
    amount: p.bigint('number'),
    expiresAt: p.datetime(6).nullable(),
    /** The rest of the first answer. */
    used: p.bigint('number'),
    limit: p.bigint('number').nullable(),
    resetsAt: p.datetime(6).nullable(),
    /** What was used once the reservation was settled or given back; null until then. */
    usedThen: p.bigint('number').nullable(),
    createdAt: p.datetime(6),
  },
})

export class UsageEntry extends UsageEntrySchema.class {}
UsageEntrySchema.setClass(UsageEntry)
