import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { PROVIDERS } from './provider.schemas.ts'

/**
 * A discount that an admin has made: a coupon at the provider, and a promotion code if people can enter it. The row is
 * written first; its id is in the names of both.
 */
const DiscountSchema = defineEntity({
  name: 'Discount',
  tableName: 'discounts',
  indexes: [
    { name: 'discounts_newest', properties: ['createdAt', 'id'] },
    {
      name: 'discounts_code_open',
      expression: `create unique index "discounts_code_open" on "discounts" (upper("code")) where "status" <> 'ended' and "code" is not null;`,
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    provider: p.enum(PROVIDERS),
    /** What the customer sees on invoices. */
    name: p.string().length(40),
    /** Null if only operators can give it. */
    code: p.string().length(64).nullable(),
    percentOff: p.decimal('number').precision(5).scale(2).nullable(),
    /** In the currency's smallest unit. Null with `percentOff`. */
    amountOffCents: p.bigint('number').fieldName('amount_off').nullable(),
    currency: p.string().length(3).nullable(),
    duration: p.enum(['once', 'repeating', 'forever'] as const),
    months: p.integer().nullable(),
    maxRedemptions: p.integer().nullable(),
    /** In the provider's time. */
    expiresAt: p.datetime(6).nullable(),
    /** The codes of the plans that it is for; null for all. A plan never changes its code. */
    planCodes: p.json<string[]>().nullable(),
    firstTimeOnly: p.boolean().default(false),
    /** In `currency`. */
    minimumCents: p.bigint('number').fieldName('minimum').nullable(),
    /** `draft` until it exists at the provider. */
    status: p.enum(['draft', 'active', 'ended'] as const).default('draft'),
    providerCouponId: p.string().length(255).nullable(),
    providerCodeId: p.string().length(255).nullable(),
    /** The account and mode that the provider's ids belong to; null if unknown. */
    providerAccount: p.string().length(255).nullable(),
    createdAt: p.datetime(6),
    endedAt: p.datetime(6).nullable(),
  },
})

export class Discount extends DiscountSchema.class {}
DiscountSchema.setClass(Discount)
