import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { Customer } from './customer.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'

/** A checkout page that a customer was sent to. The row is written first; its id is the provider call's key. */
const CheckoutSchema = defineEntity({
  name: 'Checkout',
  tableName: 'checkouts',
  uniques: [{ name: 'checkouts_open', properties: ['customer', 'price'], where: { status: 'open' } }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    customer: () => p.manyToOne(Customer).ref().deleteRule('cascade'),
    price: () => p.manyToOne(PlanPrice).ref(),
    trialDays: p.integer().default(0),
    /** How many of the plan it sells; null for one, or for as many as the subscription that it replaces has. */
    quantity: p.integer().nullable(),
    /** The provider's id of the subscription that this purchase will replace; null for a first subscription. */
    upgradeFrom: p.string().length(255).nullable(),
    /** The provider's id of the promotion code that the page redeems; null for none. */
    promotionCodeId: p.string().length(255).nullable(),
    /** When the subscription is to begin; null for at once. */
    startsAt: p.datetime(6).nullable(),
    status: p.enum(['open', 'complete', 'expired'] as const).default('open'),
    providerSessionId: p.string().length(255).nullable().unique('checkouts_provider_session_unique'),
    url: p.text().nullable(),
    createdAt: p.datetime(6),
    /** In wall time, as at the provider. */
    expiresAt: p.datetime(6),
  },
})

export class Checkout extends CheckoutSchema.class {}
CheckoutSchema.setClass(Checkout)
