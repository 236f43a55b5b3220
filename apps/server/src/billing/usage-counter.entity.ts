import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'

/**
 * How much of a feature an account has used in one window. Reserved amounts are part of it.
 *
 * Only single statements write it (`usage/`): each locks one counter.
 */
const UsageCounterSchema = defineEntity({
  name: 'UsageCounter',
  tableName: 'usage_counters',
  indexes: [{ name: 'usage_counters_ended', properties: ['endsAt', 'account', 'feature', 'per', 'startsAt'] }],
  properties: {
    account: () => p.manyToOne(Account).ref().primary().deleteRule('cascade'),
    feature: p.string().length(64).primary(),
    per: p.enum(['period', 'month', 'day', 'total'] as const).primary(),
    startsAt: p.datetime(6).primary(),
    used: p.bigint('number'),
    /** Whether what was asked for last did fit. The statement that asked reads it from the row that it wrote. */
    fits: p.boolean(),
    /** When the window ends, as known when it was last written; null for never. */
    endsAt: p.datetime(6).nullable(),
    writtenAt: p.datetime(6),
  },
})

export class UsageCounter extends UsageCounterSchema.class {}
UsageCounterSchema.setClass(UsageCounter)
