import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Customer } from './customer.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'

/** A hosted payment page that a customer was sent to. Its row comes first and gives the provider call its key. */
const CheckoutSchema = defineEntity({
  name: 'Checkout',
  tableName: 'checkouts',
  uniques: [{ name: 'checkouts_open', properties: ['customer', 'price'], where: { status: 'open' } }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    customer: () => p.manyToOne(Customer).ref().deleteRule('cascade'),
    price: () => p.manyToOne(PlanPrice).ref(),
    trialDays: p.integer().default(0),
    /** The subscription at the provider that this one is to take the place of; null for a first one. */
    upgradeFrom: p.string().length(255).nullable(),
    status: p.enum(['open', 'complete', 'expired'] as const).default('open'),
    providerSessionId: p.string().length(255).nullable().unique('checkouts_provider_session_unique'),
    url: p.text().nullable(),
    createdAt: p.datetime(6),
    /** By the wall clock, as the provider counts it. */
    expiresAt: p.datetime(6),
  },
})

export class Checkout extends CheckoutSchema.class {}
CheckoutSchema.setClass(Checkout)
