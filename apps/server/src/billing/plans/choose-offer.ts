import { isDeepStrictEqual } from 'node:util'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import type { BillingInterval } from '../providers/payment-provider.ts'
import { intervalOf } from './billing-interval.ts'

/** Which of a plan's prices a caller wants. */
export interface OfferWish {
  billingPeriod?: Offer['billingPeriod'] | undefined
  currency?: string | undefined
}

/** A plan at one of its prices. */
export interface PlanOffer {
  plan: Plan
  offer: Offer
  /** Whether the caller has named the period or the currency. Otherwise a change to the present plan keeps its terms. */
  isNamed: boolean
}

/** The subscription that an account has. */
interface Held {
  provider: string
  currency: string
  billingPeriod: Offer['billingPeriod']
  intervalUnit?: BillingInterval['unit'] | null | undefined
  intervalCount?: number | null | undefined
}

/**
 * Chooses one of a plan's prices. Where the caller names nothing, it is the one that is most like the subscription that
 * the account has: in its currency, for its period. Otherwise it is the plan's first.
 *
 * @param held null without a subscription. A grant decides nothing, because it costs nothing.
 * @param offers among which to choose.
 * @throws {InvalidInput} if the plan is not sold so. The message says how it is.
 */
export function chooseOffer(
  plan: Plan,
  { billingPeriod, currency }: OfferWish,
  held: Held | null,
  offers: readonly Offer[] = plan.offers(),
): PlanOffer {
  const paid = held?.provider === 'manual' ? null : held
  const currencies = [...new Set(offers.map((offer) => offer.currency))]
  if (currency !== undefined && !currencies.includes(currency)) {
    throw new InvalidInput({ currency: `must be ${listed(currencies)} for this plan` })
  }
  const [first = ''] = currencies
  const chosen = currency ?? (paid && currencies.includes(paid.currency) ? paid.currency : first)
  const inCurrency = offers.filter((offer) => offer.currency === chosen)
  const named = inCurrency.find((offer) => offer.billingPeriod === billingPeriod)
  if (billingPeriod !== undefined && !named) {
    const periods = inCurrency.map((offer) => offer.billingPeriod)
    throw new InvalidInput({ billingPeriod: `must be ${listed(periods)} for this plan in ${chosen}` })
  }
  const offer = named ?? inCurrency.find((one) => paid && isSameInterval(one, paid)) ?? inCurrency[0]
  return {
    plan,
    offer: offer ?? plan.firstOffer(),
    isNamed: billingPeriod !== undefined || currency !== undefined,
  }
}

/** Whether a subscription is charged as often as a price, and in its currency. */
export function isSoldAs(held: Held, offer: Offer): boolean {
  return held.currency === offer.currency && isSameInterval(offer, held)
}

const isSameInterval = (offer: Offer, held: Held): boolean => isDeepStrictEqual(intervalOf(offer), intervalOf(held))

const listed = (words: readonly string[]): string => words.join(' or ')
