import { defineEntity, p } from '@mikro-orm/core'
import { SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'

/**
 * What access depended on, from one moment on. A trigger on `subscriptions` adds a row with each change, and another one
 * refuses to change or remove them. No foreign keys: the history outlives what it is about.
 *
 * @see docs/decisions/0041-explain.md
 */
const SubscriptionStateSchema = defineEntity({
  name: 'SubscriptionState',
  tableName: 'subscription_states',
  indexes: [
    { name: 'subscription_states_account', properties: ['accountId', 'recordedAt', 'id'] },
    { name: 'subscription_states_subscription', properties: ['subscriptionId', 'recordedAt', 'id'] },
    { name: 'subscription_states_oldest', properties: ['recordedAt', 'id'] },
  ],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    subscriptionId: p.uuid(),
    planId: p.uuid(),
    provider: p.enum(SUBSCRIPTION_PROVIDERS),
    status: p.string().length(20),
    startedAt: p.datetime(6),
    currentPeriodEnd: p.datetime(6),
    cancelAtPeriodEnd: p.boolean(),
    cancelAt: p.datetime(6).nullable(),
    pausedFrom: p.datetime(6).nullable(),
    pastDueSince: p.datetime(6).nullable(),
    followedAt: p.datetime(6).nullable(),
    /** By the database's clock. */
    recordedAt: p.datetime(6),
    /** The same moment in billing time. */
    billingAt: p.datetime(6),
    /** What made the change, such as `event:ID`; null if it is not known. */
    cause: p.text().nullable(),
    /** Whether it is the state that the first change replaced. Then it is known from its row's last change on. */
    isFormer: p.boolean(),
  },
})

export class SubscriptionState extends SubscriptionStateSchema.class {}
SubscriptionStateSchema.setClass(SubscriptionState)
