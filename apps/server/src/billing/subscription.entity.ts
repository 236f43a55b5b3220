import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'

const SubscriptionSchema = defineEntity({
  name: 'Subscription',
  tableName: 'subscriptions',
  // One live subscription a user, whatever races: the code asks first, the index has the last word.
  uniques: [{ name: 'subscriptions_one_live', properties: ['user'], where: { status: { $ne: 'canceled' } } }],
  indexes: [
    { name: 'subscriptions_user', properties: ['user', 'id'] },
    // All that the figures for admins are made of, so that the table itself need not be read.
    {
      name: 'subscriptions_figures',
      properties: ['status', 'plan', 'currency', 'billingPeriod', 'priceCents'],
    },
    { name: 'subscriptions_newest', properties: ['startedAt', 'id'] },
    // What the sweep goes through, by due date; the id is there so that a range has an end however many share a date.
    {
      name: 'subscriptions_grants_due',
      properties: ['currentPeriodEnd', 'id'],
      where: { status: { $ne: 'canceled' }, provider: 'manual' },
    },
    {
      name: 'subscriptions_ending_due',
      properties: ['currentPeriodEnd', 'id'],
      where: { status: { $ne: 'canceled' }, provider: { $ne: 'manual' }, cancelAtPeriodEnd: true },
    },
    // What is asked of the provider: near its period's end, owing, or ended by the sweep not long ago.
    {
      name: 'subscriptions_renewing_due',
      properties: ['currentPeriodEnd', 'id'],
      where: { status: { $ne: 'canceled' }, provider: 'stripe' },
    },
    {
      name: 'subscriptions_owing',
      properties: ['id'],
      where: { status: { $in: ['pending', 'past_due', 'unpaid'] }, provider: 'stripe' },
    },
    {
      name: 'subscriptions_swept',
      properties: ['sweptAt', 'currentPeriodEnd', 'id'],
      where: { sweptAt: { $ne: null } },
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.manyToOne(User).ref().deleteRule('cascade'),
    plan: () => p.manyToOne(Plan).ref(),
    provider: p.enum(['stripe', 'manual', 'paymob'] as const),
    providerSubscriptionId: p.string().length(255).nullable().unique('subscriptions_provider_unique'),
    status: p.enum(['pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled'] as const),
    /** What this subscriber pays, whatever the plan costs today. */
    priceCents: p.integer(),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    startedAt: p.datetime(6),
    currentPeriodStart: p.datetime(6),
    currentPeriodEnd: p.datetime(6),
    cancelAtPeriodEnd: p.boolean().default(false),
    canceledAt: p.datetime(6).nullable(),
    endedAt: p.datetime(6).nullable(),
    /** When the oldest open invoice was finalized, by the provider's time; the grace period counts from here. */
    pastDueSince: p.datetime(6).nullable(),
    scheduledPlan: () => p.manyToOne(Plan).ref().nullable(),
    scheduledAt: p.datetime(6).nullable(),
    /** Billing time of the sweep that ended it; null when anybody else did, and again when it turns out to live. */
    sweptAt: p.datetime(6).nullable(),
    /** Set when an upgrade has put another subscription in its place: from then on it never lives again. */
    supersededAt: p.datetime(6).nullable(),
    /** Set when it should never have been bought (a second one, or for a closed account): canceled and paid back. */
    reversedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class Subscription extends SubscriptionSchema.class {
  isLive(): boolean {
    return this.status !== 'canceled'
  }

  /** Whether something has to be paid before anything else is bought. */
  owes(): boolean {
    return this.status !== 'active' && this.status !== 'trialing'
  }

  /** Ends it for good: another one has taken its place, and no late event brings it back. */
  supersede(at: Date): void {
    this.status = 'canceled'
    this.canceledAt ??= at
    this.endedAt = at
    this.currentPeriodEnd = at
    this.supersededAt = at
    this.scheduledPlan = null
    this.scheduledAt = null
  }
}
SubscriptionSchema.setClass(Subscription)
