import { defineEntity, p } from '@mikro-orm/core'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/database/ids.ts'
import { MINUTE } from '../platform/durations.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Subscription } from './subscription.entity.ts'

const PREVIEW_LIFETIME = 10 * MINUTE

/**
 * A move to another plan that was previewed, or asked for without a preview. Its row is there before the provider is
 * asked and gives the call its key, so that a repeat after a lost answer finds what the first try has done.
 */
const PlanChangeSchema = defineEntity({
  name: 'PlanChange',
  tableName: 'plan_changes',
  indexes: [{ name: 'plan_changes_subscription', properties: ['subscription', 'createdAt'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    subscription: () => p.manyToOne(Subscription).ref().deleteRule('cascade'),
    /** The price to move to. */
    price: () => p.manyToOne(PlanPrice).ref().deleteRule('cascade'),
    /** Whole seconds, by billing time: from when the new price is reckoned. */
    prorationDate: p.datetime(6),
    /** What the preview said; null when nobody looked. */
    dueNowCents: p.integer().nullable(),
    creditCents: p.integer().nullable(),
    /** Tries that came to an end: each further one is a new call to the provider. */
    attempts: p.integer().default(0),
    createdAt: p.datetime(6),
    /** Set before the provider is asked, and taken back when the answer is known. */
    startedAt: p.datetime(6).nullable(),
  },
})

export class PlanChange extends PlanChangeSchema.class {
  /** Ten minutes by both clocks: a preview is shown to a person, and billing time may have been moved meanwhile. */
  isFresh(wallNow: Date, billingNow: Date): boolean {
    return wallNow < after(this.createdAt, PREVIEW_LIFETIME) && billingNow < after(this.prorationDate, PREVIEW_LIFETIME)
  }

  key(): string {
    return `${this.id}:${this.attempts}`
  }
}
PlanChangeSchema.setClass(PlanChange)
