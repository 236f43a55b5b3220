import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'
import type { SubscriptionOverage } from './overage.schemas.ts'
import { Plan } from './plan.entity.ts'
import { SUBSCRIPTION_PROVIDERS, type DiscountDuration } from './provider.schemas.ts'

/** A discount that runs on a subscription. */
export interface ShownDiscount {
  name: string | null
  percentOff: number | null
  amountOffCents: number | null
  duration: DiscountDuration
  /** In ISO 8601; null if it has no end, or ends with the next invoice. */
  endsAt: string | null
}

const SubscriptionSchema = defineEntity({
  name: 'Subscription',
  tableName: 'subscriptions',
  // At most one live subscription per account. The code checks first; the index decides when two calls race.
  uniques: [
    { name: 'subscriptions_one_live_of_account', properties: ['account'], where: { status: { $ne: 'canceled' } } },
    { name: 'subscriptions_one_live', properties: ['formerUser'], where: { status: { $ne: 'canceled' } } },
  ],
  indexes: [
    { name: 'subscriptions_account', properties: ['account', 'id'] },
    { name: 'subscriptions_user', properties: ['formerUser', 'id'] },
    // All columns of the admins' figures, so the table itself is not read.
    {
      name: 'subscriptions_figures',
      properties: ['status', 'plan', 'currency', 'billingPeriod', 'priceCents'],
    },
    // For the previous version, which counts what the live subscribers of a plan pay.
    {
      name: 'subscriptions_paid_prices',
      properties: [
        'plan',
        'currency',
        'billingPeriod',
        'priceCents',
        'unitPriceCents',
        'includedSeats',
        'perSeatCents',
      ],
      where: { status: { $ne: 'canceled' }, provider: { $ne: 'manual' } },
    },
    { name: 'subscriptions_newest', properties: ['startedAt', 'id'] },
    // The operators' list by status or plan, newest first, and by the end of the period.
    { name: 'subscriptions_by_status', properties: ['status', 'startedAt', 'id'] },
    { name: 'subscriptions_by_plan', properties: ['plan', 'startedAt', 'id'] },
    {
      name: 'subscriptions_by_end',
      properties: ['status', 'currentPeriodEnd', 'id'],
      where: { status: { $ne: 'canceled' } },
    },
    // What the sweep reads, by due date. The id ends a range even when many rows share a date.
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
    // The few with a scheduled change, by when it takes effect.
    { name: 'subscriptions_scheduled', properties: ['scheduledAt', 'id'], where: { scheduledAt: { $ne: null } } },
    // Those of which MRR counts less than the price.
    {
      name: 'subscriptions_deducted',
      expression: `create index "subscriptions_deducted" on "subscriptions" ("status", "currency", "billing_period", "interval_unit", "interval_count", "discount", "included_tax") where "discount" > 0 or "included_tax" > 0;`,
    },
    // What the reconciler rechecks: near the period's end, owing money, or recently ended by the sweep.
    {
      name: 'subscriptions_billed_due',
      properties: ['currentPeriodEnd', 'id'],
      where: { status: { $ne: 'canceled' }, provider: { $ne: 'manual' } },
    },
    {
      name: 'subscriptions_billed_owing',
      properties: ['id'],
      where: { status: { $in: ['pending', 'past_due', 'unpaid'] }, provider: { $ne: 'manual' } },
    },
    // Few subscriptions have another interval than a month or a year.
    {
      name: 'subscriptions_odd_interval',
      properties: ['status', 'currency', 'billingPeriod', 'intervalUnit', 'intervalCount', 'priceCents'],
      where: { intervalUnit: { $ne: null } },
    },
    {
      name: 'subscriptions_swept',
      properties: ['sweptAt', 'currentPeriodEnd', 'id'],
      where: { sweptAt: { $ne: null } },
    },
    // The few whose quantity is compared with the number of members.
    {
      name: 'subscriptions_seats',
      properties: ['id'],
      where: { status: { $ne: 'canceled' }, perSeatCents: { $ne: null } },
    },
    // The few that bill by use: by when they have ended, and then those that live.
    {
      name: 'subscriptions_overage_due',
      expression: `create index "subscriptions_overage_due" on "subscriptions" ((case when "status" = 'canceled' then "current_period_end" else 'infinity'::timestamptz end), "id") where "overage" is not null;`,
    },
    // The few that an operator asks for among all people and accounts.
    { name: 'subscriptions_past_due', properties: ['account'], where: { status: { $in: ['past_due', 'unpaid'] } } },
    {
      name: 'subscriptions_overdue',
      properties: ['status', 'pastDueSince', 'id'],
      where: { status: { $in: ['past_due', 'unpaid'] } },
    },
    {
      name: 'subscriptions_trial_start',
      properties: ['trialStart', 'id'],
      where: { trialStart: { $ne: null }, reversedAt: null },
    },
    {
      name: 'subscriptions_trial_end',
      properties: ['trialEnd', 'id', 'convertedAt'],
      where: { trialEnd: { $ne: null }, reversedAt: null },
    },
    // What the provider's list of live subscriptions is compared with, in the list's order.
    {
      name: 'subscriptions_billed_listed',
      properties: ['providerCreatedAt', 'id'],
      where: { status: { $ne: 'canceled' }, provider: { $ne: 'manual' } },
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    /** The previous version's column: the user of a personal account. A trigger fills it in. */
    formerUser: () => p.manyToOne(User).ref().nullable().deleteRule('cascade').fieldName('user_id').lazy().hidden(),
    plan: () => p.manyToOne(Plan).ref(),
    provider: p.enum(SUBSCRIPTION_PROVIDERS),
    providerSubscriptionId: p.string().length(255).nullable().unique('subscriptions_provider_unique'),
    /** The item that is the plan. Others are add-ons. Null for a grant, and in rows that older versions wrote. */
    providerItemId: p.string().length(255).nullable(),
    /** The account and mode that the provider's id belongs to; null if unknown. See `providers/provider-account.ts`. */
    providerAccount: p.string().length(255).nullable(),
    status: p.enum(['pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled'] as const),
    /** What this subscriber pays per billing period: the plan, times its quantity, and all add-ons. */
    priceCents: p.bigint('number').fieldName('price'),
    /** What lasting discounts take off `priceCents`, and the taxes in what is left. Null in rows of older versions. */
    discountCents: p.bigint('number').fieldName('discount').nullable(),
    includedTaxCents: p.bigint('number').fieldName('included_tax').nullable(),
    /** The discounts that run, as the customer sees them. Null in rows of older versions. */
    discounts: p.json<ShownDiscount[]>().nullable(),
    /** The previous version's column, of 32 bits. A trigger keeps it the same as far as it can. */
    narrowPrice: p.integer().fieldName('price_cents').defaultRaw('0').lazy().hidden(),
    /** What this subscriber pays for one of the plan, even if it costs something else today. See `unitPrice()`. */
    unitPriceCents: p.bigint('number').fieldName('unit_price').nullable(),
    /** How many of the plan they pay for. */
    quantity: p.integer().default(1),
    /** The terms of a price that charges per member, as they were bought: `unitPriceCents` covers this many members, */
    includedSeats: p.integer().nullable(),
    /** and each further one costs this per billing period. Then `quantity` follows the number of members. */
    perSeatCents: p.integer().nullable(),
    /** The quantity to set at the provider after a move from a plan with seats that kept their number; else null. */
    quantityDue: p.integer().nullable(),
    /** What it bills by use, by the feature's name. Null if it bills nothing by use. */
    overage: p.json<SubscriptionOverage>().nullable(),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    /** The interval of its price, if it is another than a month or a year: its unit, and how many of it. */
    intervalUnit: p.string().length(5).$type<'day' | 'week' | 'month' | 'year'>().nullable(),
    intervalCount: p.integer().nullable(),
    startedAt: p.datetime(6),
    currentPeriodStart: p.datetime(6),
    currentPeriodEnd: p.datetime(6),
    /** Whether it ends with its running period, or before. */
    cancelAtPeriodEnd: p.boolean().default(false),
    /** When it is set to end. Null also in rows of older versions: read it with `plannedEnd`. */
    cancelAt: p.datetime(6).nullable(),
    /** From when nothing is collected, because an operator paused it at the provider; and until when, if that is known. */
    pausedFrom: p.datetime(6).nullable(),
    pausedUntil: p.datetime(6).nullable(),
    canceledAt: p.datetime(6).nullable(),
    endedAt: p.datetime(6).nullable(),
    /** When the oldest open invoice was finalized, in the provider's time. The grace period starts here. */
    pastDueSince: p.datetime(6).nullable(),
    scheduledPlan: () => p.manyToOne(Plan).ref().nullable(),
    /** The row of the price that is scheduled; null if unknown. Not a foreign key: a draft's prices are deleted. */
    scheduledPriceId: p.uuid().nullable(),
    /** Of that price. Both null if the previous version has written the row. */
    scheduledBillingPeriod: p.text().$type<'monthly' | 'yearly'>().nullable(),
    scheduledUnitPriceCents: p.bigint('number').fieldName('scheduled_unit_price').nullable(),
    scheduledAt: p.datetime(6).nullable(),
    /** In billing time: when the sweep ended it. Null if something else ended it, or if it turns out to be live. */
    sweptAt: p.datetime(6).nullable(),
    /** Set when an upgrade replaced it with another subscription. It can never become live again. */
    supersededAt: p.datetime(6).nullable(),
    /** Set when it should not have been bought (a second one, or for a closed account): canceled and refunded. */
    reversedAt: p.datetime(6).nullable(),
    /** When another plan was found to wait for its end (`UpcomingSubscription`); null if none does. */
    followedAt: p.datetime(6).nullable(),
    /** When its trial began, and when it ends or has ended; null if it had none, and in rows of older versions. */
    trialStart: p.datetime(6).nullable(),
    trialEnd: p.datetime(6).nullable(),
    /** When the first invoice after its trial was made that was paid. Null until then. */
    convertedAt: p.datetime(6).nullable(),
    /** What it adds to MRR, times 12. A trigger computes it, and notes each change in `mrr_changes`. */
    yearly: p.decimal().precision(24).scale(6).nullable().lazy().hidden(),
    /** When the provider created it. The recheck of everything fills it in; null until then. */
    providerCreatedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class Subscription extends SubscriptionSchema.class {
  isLive(): boolean {
    return this.status !== 'canceled'
  }

  /** Whether the customer must pay this subscription before they buy anything else. */
  owes(): boolean {
    return this.status !== 'active' && this.status !== 'trialing'
  }

  /** Whether a renewal is not paid. */
  isOverdue(): boolean {
    return this.status === 'past_due' || this.status === 'unpaid'
  }

  /** The plan's price for one. Rows of older versions have no quantity and no add-ons. */
  unitPrice(): number {
    return this.unitPriceCents ?? this.priceCents
  }

  /** Ends it for good, because another subscription replaced it. No late event makes it live again. */
  supersede(at: Date): void {
    this.status = 'canceled'
    this.canceledAt ??= at
    this.endedAt = at
    this.currentPeriodEnd = at
    this.supersededAt = at
    this.scheduledPlan = null
    this.scheduledPriceId = null
    this.scheduledBillingPeriod = null
    this.scheduledUnitPriceCents = null
    this.scheduledAt = null
  }
}
SubscriptionSchema.setClass(Subscription)
