import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import type { PlanFeatures } from './feature.schemas.ts'
import { DEFAULT_PROVIDER, PROVIDERS, type ProviderName } from './provider.schemas.ts'

/** One price at which a plan is sold. A plan has one for each billing period and currency at most. */
export interface Offer {
  billingPeriod: 'monthly' | 'yearly'
  currency: string
  /** In the currency's smallest unit. */
  priceCents: number
  /** What each further member costs per billing period; null if there can be no more than the plan includes. */
  perSeatCents: number | null
  /** Who collects it. */
  provider: ProviderName
}

const PlanSchema = defineEntity({
  name: 'Plan',
  tableName: 'plans',
  properties: {
    id: p.uuid().primary().onCreate(newId),
    code: p.string().length(64).unique('plans_code_unique'),
    name: p.string().length(100),
    /** What the pricing page says about it. */
    description: p.string().length(500).nullable(),
    /** Its place on the pricing page: the lowest number is first. */
    sortOrder: p.integer().default(0),
    /** Whether the pricing page recommends it. */
    highlighted: p.boolean().default(false),
    /** In the currency's smallest unit. */
    priceCents: p.integer(),
    currency: p.string().length(3),
    billingPeriod: p.enum(['monthly', 'yearly'] as const),
    /** The previous version knows only `free`, `pro` and `vip`. */
    tier: p.text(),
    /** The rank of the tier; null for one of those three. */
    tierRank: p.integer().nullable(),
    trialDays: p.integer().default(0),
    /** How many members the price covers; null if members are not counted. */
    includedSeats: p.integer().nullable(),
    /** What each further member costs per billing period; null if there can be no more than `includedSeats`. */
    perSeatCents: p.integer().nullable(),
    /** Maximum number of members. Null with `perSeatCents` means no maximum. */
    maxSeats: p.integer().nullable(),
    /** What it allows, by the feature's name. */
    features: p.json<PlanFeatures>().defaultRaw("'{}'"),
    /** What it is sold for beside its first price, which is `priceCents`. */
    furtherPrices: p.json<Offer[]>().defaultRaw("'[]'"),
    /** Who collects for it. Never changes once the plan is active. */
    provider: p.enum(PROVIDERS).default(DEFAULT_PROVIDER),
    /** `draft` until the plan exists at the provider, `retired` once it is closed to new subscribers. */
    status: p.enum(['draft', 'active', 'retired'] as const).default('draft'),
    providerProductId: p.string().length(255).nullable(),
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class Plan extends PlanSchema.class {
  isActive(): boolean {
    return this.status === 'active'
  }

  /** The first of its prices. The previous version knows no other. */
  firstOffer(): Offer {
    const { billingPeriod, currency, priceCents, perSeatCents, provider } = this
    return { billingPeriod, currency, priceCents, perSeatCents: perSeatCents ?? null, provider }
  }

  /** All prices at which it is sold, the first one first. */
  offers(): Offer[] {
    return [this.firstOffer(), ...this.furtherPrices]
  }

  /** What the plan says about members; null if it does not count them. */
  seats(): { included: number; perSeatCents: number | null; max: number | null } | null {
    const { includedSeats: included, perSeatCents, maxSeats } = this
    return included ? { included, perSeatCents: perSeatCents ?? null, max: maxSeats ?? null } : null
  }

  /** Maximum number of members; null if there is none. */
  seatLimit(): number | null {
    const seats = this.seats()
    return seats && (seats.perSeatCents === null ? seats.included : seats.max)
  }
}
PlanSchema.setClass(Plan)
