import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { newId } from '../platform/database/ids.ts'
import { Plan } from './plan.entity.ts'
import { PROVIDERS } from './provider.schemas.ts'
import { Subscription } from './subscription.entity.ts'

/**
 * A subscription at another provider that was bought to begin when the present one's paid time ends. Until then it gives
 * no access and is no subscription here: an account has at most one live subscription. When it begins, it gets a row of
 * its own among the subscriptions.
 */
const UpcomingSubscriptionSchema = defineEntity({
  name: 'UpcomingSubscription',
  tableName: 'upcoming_subscriptions',
  uniques: [{ name: 'upcoming_subscriptions_one_waiting', properties: ['account'], where: { status: 'waiting' } }],
  indexes: [
    { name: 'upcoming_subscriptions_account', properties: ['account', 'id'] },
    { name: 'upcoming_subscriptions_plan', properties: ['plan'] },
    { name: 'upcoming_subscriptions_replaces', properties: ['replaces'] },
    // What the reconciler reads.
    { name: 'upcoming_subscriptions_due', properties: ['provider', 'id'], where: { status: 'waiting' } },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    plan: () => p.manyToOne(Plan).ref(),
    provider: p.enum(PROVIDERS),
    providerSubscriptionId: p.string().length(255).unique('upcoming_subscriptions_provider_unique'),
    /**
     * `waiting`: it has not begun here. `begun`: it is a subscription now. `canceled`: it has ended before it began.
     * `undone`: it can't begin, because the present one was renewed; what was paid for it is paid back.
     */
    status: p.enum(['waiting', 'begun', 'canceled', 'undone'] as const).default('waiting'),
    /** When it begins. It is moved if the present subscription's paid time ends later. */
    startsAt: p.datetime(6),
    priceCents: p.bigint('number').fieldName('price'),
    quantity: p.integer(),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    intervalUnit: p.string().length(5).$type<'day' | 'week' | 'month' | 'year'>().nullable(),
    intervalCount: p.integer().nullable(),
    /** The present subscription, which ends when this one begins; null if there was none. */
    replaces: () => p.manyToOne(Subscription).ref().nullable().deleteRule('set null'),
    /** When the present subscription was found to be set to end; null until then. */
    settledAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class UpcomingSubscription extends UpcomingSubscriptionSchema.class {}
UpcomingSubscriptionSchema.setClass(UpcomingSubscription)
