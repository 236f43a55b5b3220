import { defineEntity, p } from '@mikro-orm/core'

/**
 * How an account's part of MRR changed on one day of billing time, in UTC. A trigger on `subscriptions` writes it.
 *
 * @see docs/decisions/0026-figures-by-day.md
 */
const MrrChangeSchema = defineEntity({
  name: 'MrrChange',
  tableName: 'mrr_changes',
  uniques: [{ name: 'mrr_changes_account_day', properties: ['accountId', 'currency', 'day'] }],
  indexes: [
    { name: 'mrr_changes_day', properties: ['day', 'id'] },
    { name: 'mrr_changes_kind', properties: ['kind', 'day', 'id'] },
  ],
  properties: {
    id: p.uuid().primary(),
    /** No foreign key: the figures of past days stay when an account is deleted. */
    accountId: p.uuid(),
    currency: p.string().length(3),
    day: p.date(),
    kind: p.enum(['new', 'expansion', 'contraction', 'churn', 'reactivation', 'none'] as const),
    /** What the account paid per year before and after, in the currency's smallest unit. */
    opened: p.decimal().precision(24).scale(6),
    closed: p.decimal().precision(24).scale(6),
    /** Whether the account had paid in this currency before that day. */
    hadBefore: p.boolean(),
    changedAt: p.datetime(6),
  },
})

export class MrrChange extends MrrChangeSchema.class {}
MrrChangeSchema.setClass(MrrChange)
