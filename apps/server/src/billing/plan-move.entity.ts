import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Plan } from './plan.entity.ts'

/** An operator's order to move a plan's subscribers to another plan, or to the plan's new price. */
const PlanMoveSchema = defineEntity({
  name: 'PlanMove',
  tableName: 'plan_moves',
  indexes: [{ name: 'plan_moves_from', properties: ['fromPlan', 'id'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    fromPlan: () => p.manyToOne(Plan).ref().deleteRule('cascade'),
    /** The price at the moment of the order. If it is replaced, what has not moved by then stays. */
    price: () => p.manyToOne(PlanPrice).ref().deleteRule('cascade'),
    at: p.enum(['now', 'period_end'] as const),
    /** Set once every subscription has its row among the items. */
    listedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class PlanMove extends PlanMoveSchema.class {}
PlanMoveSchema.setClass(PlanMove)
