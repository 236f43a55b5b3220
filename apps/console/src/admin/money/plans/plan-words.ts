import { formatMoney, minorUnitDigits, type RouterOutputs } from '@tollgate/client'
import type { Tone } from '../../../words/tone.ts'
import type { ReadField } from '../../kit/act.tsx'
import { t } from '../../texts/catalogue.ts'
import { readAmount } from '../read-amount.ts'

export type Plan = RouterOutputs['admin']['plans']['list']['items'][number]
export type PlanDetails = RouterOutputs['admin']['plans']['get']

export const PLAN_TONES: Record<Plan['status'], Tone> = { draft: 'warning', active: 'good', retired: 'calm' }

/** Live subscriptions of a plan. */
export const liveOf = ({ subscribers: { canceled: _, ...live } }: Pick<Plan, 'subscribers'>): number =>
  Object.values(live).reduce((sum, count) => sum + count, 0)

/** MRR in each currency. */
export const mrrOf = ({ mrr }: Pick<Plan, 'mrr'>): string =>
  mrr.map(({ cents, currency }) => formatMoney(cents, currency)).join(' + ') || t.money.any

/** What a plan says about members, at one of its prices. */
export const seatsAt = ({ seats }: Pick<Plan, 'seats'>, { perSeatCents }: Plan['prices'][number]) =>
  seats && { included: seats.included, perSeatCents }

/** An amount as people type it: 19.00, or 500 for a currency without decimals. */
export function typedAmount(cents: number, currency: string): string {
  const digits = minorUnitDigits(currency)
  const text = String(cents).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Reads what a plan's form says about it, without its price. */
export function termsOf(read: ReadField) {
  return {
    name: read('name').trim(),
    description: read('description').replaceAll('\r\n', '\n').trim() || null, // as browsers send a field of several lines
    tier: read('tier') || 'pro',
    trialDays: Number(read('trialDays') || 0),
    sortOrder: Number(read('sortOrder') || 0),
    highlighted: read('highlighted') === 'yes',
  }
}

/**
 * Reads the only price of a plan from its form.
 *
 * @throws {ActProblem} for a price that the currency does not have.
 */
export function priceOf(read: ReadField, currency: string) {
  const priceCents = readAmount(read('priceCents'), currency)
  return { priceCents, billingPeriod: read('billingPeriod') === 'yearly' ? ('yearly' as const) : ('monthly' as const) }
}

/** Whether its form has its price. Several prices have a form of their own. */
export const hasOnePrice = (plan?: Plan): boolean => !plan || plan.prices.length === 1

export const providerOf = (written: string): Plan['provider'] => (written === 'paymob' ? 'paymob' : 'stripe')

/** What a tier is called: one of a plans file by its own name. */
export const tierLabel = (tier: string): string =>
  Object.entries(t.money.plans.tiers).find(([name]) => name === tier)?.[1] ?? tier
