import { defineEntity, p } from '@mikro-orm/core'
import { Subscription } from './subscription.entity.ts'

/** For which period's end we have looked whether the card of a subscription is still valid then. */
const CardCheckSchema = defineEntity({
  name: 'CardCheck',
  tableName: 'card_checks',
  properties: {
    subscription: () => p.manyToOne(Subscription).ref().primary().deleteRule('cascade'),
    periodEnd: p.datetime(6),
    checkedAt: p.datetime(6),
  },
})

export class CardCheck extends CardCheckSchema.class {}
CardCheckSchema.setClass(CardCheck)
