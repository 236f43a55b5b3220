import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Plan } from './plan.entity.ts'

/** An operator's order to move a plan's subscribers to another plan, or to the plan's new price. */
const PlanMoveSchema = defineEntity({
  name: 'PlanMove',
  tableName: 'plan_moves',
  // One open move per plan. The code checks first; the index decides when two calls race.
  uniques: [{ name: 'plan_moves_open', properties: ['fromPlan'], where: { finishedAt: null } }],
  indexes: [
    { name: 'plan_moves_from', properties: ['fromPlan', 'id'] },
    { name: 'plan_moves_newest', properties: ['createdAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    fromPlan: () => p.manyToOne(Plan).ref().deleteRule('cascade'),
    /** The price at the moment of the order. If it is replaced, what has not moved by then stays. */
    price: () => p.manyToOne(PlanPrice).ref().deleteRule('cascade'),
    at: p.enum(['now', 'period_end'] as const),
    /** Only subscribers who pay this for one of the plan; null for all. */
    unitPriceCents: p.bigint('number').fieldName('unit_price').nullable(),
    /** Only subscriptions that began before this moment; null for all. */
    startedBefore: p.datetime(6).nullable(),
    /** The operator who ordered it. Not a foreign key, because the record outlives the account. */
    actorId: p.uuid().nullable(),
    /** Who is to move: all subscribers at the moment of the order. Null once each has its row among the items. */
    listed: p.array().columnType('uuid[]').nullable().lazy().hidden(),
    /** Set once every subscription has its row among the items. */
    listedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
    /** Set when every item has an outcome, or an operator stopped it. Until then the move is open. */
    finishedAt: p.datetime(6).nullable(),
    /** Set when an operator stopped it. What waited then never moves. */
    stoppedAt: p.datetime(6).nullable(),
  },
})

export class PlanMove extends PlanMoveSchema.class {}
PlanMoveSchema.setClass(PlanMove)
