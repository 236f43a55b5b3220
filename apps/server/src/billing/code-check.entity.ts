import { defineEntity, p } from '@mikro-orm/core'
import { Subscription } from './subscription.entity.ts'

/** Which promotion codes the scheduled change of a subscription will redeem, and when we have looked at them. */
const CodeCheckSchema = defineEntity({
  name: 'CodeCheck',
  tableName: 'code_checks',
  properties: {
    subscription: () => p.manyToOne(Subscription).ref().primary().deleteRule('cascade'),
    /** The provider's ids of the codes and of their coupons; empty if it redeems none. */
    refs: p.array(),
    /** In wall time; null if it is due, because the provider told of a change. */
    checkedAt: p.datetime(6).nullable(),
  },
})

export class CodeCheck extends CodeCheckSchema.class {}
CodeCheckSchema.setClass(CodeCheck)
