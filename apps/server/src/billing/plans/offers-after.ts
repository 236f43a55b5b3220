import { InvalidInput } from '../../platform/errors/errors.ts'
import type { PlanView } from '../billing.schemas.ts'
import type { Offer } from '../plan.entity.ts'
import type { ProviderName } from '../provider.schemas.ts'
import { checkAmount } from './check-amount.ts'
import type { SoldFor } from './price-terms.ts'
import { requireSeatPrices } from './require-seat-prices.ts'

/** What an input says about a plan's prices: all of them in `prices`, or the terms of the first one. */
export interface PricesInput {
  priceCents?: number | undefined
  currency?: string | undefined
  billingPeriod?: Offer['billingPeriod'] | undefined
  seats?: PlanView['seats'] | undefined
  prices?: readonly PriceInput[] | undefined
}

interface PriceInput extends Omit<Offer, 'perSeatCents' | 'provider'> {
  perSeatCents?: number | null | undefined
  provider?: ProviderName | undefined
}

/**
 * The prices of a plan after a change. Terms that the input does not name stay.
 *
 * @param present of a plan that is new, with the first price's terms where the input names none.
 * @throws {InvalidInput} if the first price would get another provider.
 */
export function offersAfter({ offers: [first, ...further], seats: before }: SoldFor, input: PricesInput): SoldFor {
  const { prices, priceCents = first.priceCents, currency = first.currency } = input
  const { billingPeriod = first.billingPeriod, seats: wanted = before } = input
  const perSeatCents = wanted?.perSeatCents ?? null
  if (!prices)
    return { offers: [{ ...first, priceCents, currency, billingPeriod, perSeatCents }, ...further], seats: wanted }
  const [one, ...more] = prices.map((price, index): Offer => ({
    ...{ billingPeriod: price.billingPeriod, currency: price.currency, priceCents: price.priceCents },
    perSeatCents: price.perSeatCents === undefined && index === 0 ? perSeatCents : (price.perSeatCents ?? null),
    provider: price.provider ?? first.provider,
  }))
  if (!one) throw new InvalidInput({ prices: 'must have a price' })
  if (one.provider !== first.provider) {
    throw new InvalidInput({
      'prices.0.provider': `must be ${first.provider}, which never changes for the first price`,
    })
  }
  if ((input.seats || !wanted) && one.perSeatCents !== perSeatCents) {
    const field = 'prices.0.perSeatCents'
    throw new InvalidInput({
      [field]: wanted ? 'must be the same as seats.perSeatCents, or left out' : 'must be left out without seats',
    })
  }
  return { offers: [one, ...more], seats: wanted && { ...wanted, perSeatCents: one.perSeatCents } }
}

/**
 * Requires prices that can be sold beside each other.
 *
 * @param isListed whether the input has all prices in `prices`, so that errors name the first one there, too.
 * @throws {InvalidInput} for a second price of a period and currency, an amount that the currency does not have, or if
 *   some prices charge per member and others don't.
 * @throws {ProviderUnsupported} for a price per member at a provider that can't charge one.
 */
export function checkOffers({ offers, seats }: SoldFor, { isListed }: { isListed: boolean }): void {
  const [first, ...further] = offers
  checkAmount(first, isListed ? (name) => `prices.0.${name}` : undefined)
  requireSeatPrices(first.provider, first.perSeatCents)
  for (const [index, offer] of further.entries()) {
    const field = (name: string) => `prices.${index + 1}.${name}`
    const { billingPeriod, currency, perSeatCents } = offer
    const isSecond = offers
      .slice(0, index + 1)
      .some((other) => other.billingPeriod === billingPeriod && other.currency === currency)
    if (isSecond)
      throw new InvalidInput({ [field('billingPeriod')]: `is there twice: ${billingPeriod} in ${currency}` })
    if ((perSeatCents === null) !== ((seats?.perSeatCents ?? null) === null)) {
      const mustBe =
        perSeatCents === null
          ? 'must be given, because the first price charges'
          : 'must be left out, because the first price does not charge'
      throw new InvalidInput({ [field('perSeatCents')]: `${mustBe} per member` })
    }
    checkAmount(offer, field)
    requireSeatPrices(offer.provider, perSeatCents)
  }
}
