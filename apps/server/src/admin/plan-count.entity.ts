import { defineEntity, p } from '@mikro-orm/core'

/**
 * A change of how many subscriptions a plan has, by what they pay. The sum of all rows is the count. Triggers only insert
 * such rows, so that no transaction waits for another; a job adds them up.
 */
const PlanCountSchema = defineEntity({
  name: 'PlanCount',
  tableName: 'plan_counts',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    planId: p.uuid(),
    status: p.text(),
    isGrant: p.boolean(),
    currency: p.string().length(3),
    billingPeriod: p.text(),
    intervalUnit: p.string().length(5).nullable(),
    intervalCount: p.integer().nullable(),
    /** What one of the plan costs. */
    unitPrice: p.bigint('number'),
    includedSeats: p.integer().nullable(),
    perSeatCents: p.integer().nullable(),
    count: p.bigint('number'),
    /** What they pay together per billing period. */
    amount: p.decimal().precision(30).scale(0),
  },
})

export class PlanCount extends PlanCountSchema.class {}
PlanCountSchema.setClass(PlanCount)
