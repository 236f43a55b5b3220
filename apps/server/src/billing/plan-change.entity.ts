import { defineEntity, p } from '@mikro-orm/core'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/database/ids.ts'
import { MINUTE } from '../platform/durations.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Subscription } from './subscription.entity.ts'

const PREVIEW_LIFETIME = 10 * MINUTE

/**
 * A plan change that was previewed, or requested without a preview. The row is written before the provider is called
 * and gives that call its key, so a repeat after a lost answer finds what the first attempt did.
 */
const PlanChangeSchema = defineEntity({
  name: 'PlanChange',
  tableName: 'plan_changes',
  indexes: [{ name: 'plan_changes_subscription', properties: ['subscription', 'createdAt'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    subscription: () => p.manyToOne(Subscription).ref().deleteRule('cascade'),
    /** The price to change to. */
    price: () => p.manyToOne(PlanPrice).ref().deleteRule('cascade'),
    /** The promotion code that it redeems, in upper case. */
    promotionCode: p.string().length(64).nullable(),
    /** In billing time, whole seconds: the moment from which the new price counts. */
    prorationDate: p.datetime(6),
    /** What the preview showed; null without a preview. */
    dueNowCents: p.bigint('number').fieldName('due_now').nullable(),
    creditCents: p.bigint('number').fieldName('credit').nullable(),
    /** The previous version's columns, of 32 bits. A trigger keeps them the same as far as it can. */
    narrowDueNow: p.integer().fieldName('due_now_cents').nullable().lazy().hidden(),
    narrowCredit: p.integer().fieldName('credit_cents').nullable().lazy().hidden(),
    /** Attempts whose outcome is known: the next attempt is a new call to the provider, with a new key. */
    attempts: p.integer().default(0),
    createdAt: p.datetime(6),
    /** Set before the provider is called, and cleared when its answer is known. */
    startedAt: p.datetime(6).nullable(),
  },
})

export class PlanChange extends PlanChangeSchema.class {
  /** Checks both clocks, because a test clock may have moved billing time since the preview was shown. */
  isFresh(wallNow: Date, billingNow: Date): boolean {
    return wallNow < after(this.createdAt, PREVIEW_LIFETIME) && billingNow < after(this.prorationDate, PREVIEW_LIFETIME)
  }

  /** Records that the outcome is known. The next attempt is a new call, with its own key. */
  endAttempt(): void {
    this.attempts += 1
    this.startedAt = null
  }

  key(): string {
    return `${this.id}:${this.attempts}`
  }
}
PlanChangeSchema.setClass(PlanChange)
