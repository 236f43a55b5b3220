import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { PlanMove } from './plan-move.entity.ts'
import { Subscription } from './subscription.entity.ts'

/** One subscription of an order to move, and what became of it. */
const PlanMoveItemSchema = defineEntity({
  name: 'PlanMoveItem',
  tableName: 'plan_move_items',
  uniques: [{ name: 'plan_move_items_once', properties: ['move', 'subscription'] }],
  indexes: [
    { name: 'plan_move_items_status', properties: ['move', 'status', 'id'] },
    // The order in which they are moved: who has failed comes after who has not been tried.
    { name: 'plan_move_items_next', properties: ['move', 'attempts', 'id'], where: { status: 'waiting' } },
    { name: 'plan_move_items_subscription', properties: ['subscription'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    move: () => p.manyToOne(PlanMove).ref().deleteRule('cascade'),
    subscription: () => p.manyToOne(Subscription).ref().deleteRule('cascade'),
    status: p.enum(['waiting', 'done', 'refused'] as const).default('waiting'),
    /** The reason of the refusal, as in the contract's list of errors. */
    reason: p.string().length(64).nullable(),
    /** How often moving it has failed for a reason that is no refusal. */
    attempts: p.integer().default(0),
    /** When its outcome became known. */
    endedAt: p.datetime(6).nullable(),
  },
})

export class PlanMoveItem extends PlanMoveItemSchema.class {}
PlanMoveItemSchema.setClass(PlanMoveItem)
