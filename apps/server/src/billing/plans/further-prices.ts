import type { EntityManager } from '@mikro-orm/postgresql'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { collectedBy, PlanPrice } from '../plan-price.entity.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { isSame, newIn, termsOf, type SoldFor } from './price-terms.ts'
import { seatTermsOf } from './seat-terms.ts'

/** A price beside the plan's first one, which exists at its provider. */
export interface FurtherPrice {
  offer: Offer
  seats: SoldFor['seats']
  providerPriceId: string
  providerAccount: string | null
}

interface Change {
  next: SoldFor
  present: SoldFor
}

/** The prices of a change beside the first one that are not on offer yet. */
function newFurther({ next, present }: Change): Offer[] {
  const furtherOf = ({ offers: [, ...offers], seats }: SoldFor) => ({ offers, seats })
  return newIn(furtherOf(next), furtherOf(present))
}

/**
 * Creates the new prices of a plan beside its first one at their providers, once each. The same terms later are the same
 * price, so one that was withdrawn is offered again.
 *
 * @throws {ProviderUnsupported} if a price's provider is not configured
 * @throws {InvalidInput} for a currency that the provider does not accept
 * @throws {PaymentProviderError}
 */
export async function makeFurtherPrices(
  scope: CallingScope,
  { id: planId, code, provider: first }: Plan,
  { name, productId, ...change }: Change & { name: string; productId: string },
): Promise<FurtherPrice[]> {
  const made: FurtherPrice[] = []
  for (const offer of newFurther(change)) {
    const { em, billing } = atProvider(scope, offer.provider)
    const { provider } = billing
    const terms = termsOf(offer, change.next.seats)
    const { priceCents, currency, billingPeriod } = terms
    const seats = seatTermsOf(terms)
    const providerAccount = await provider.account()
    const former = await em.findOne(PlanPrice, {
      ...{ plan: planId, ...terms, providerAccount, providerPriceId: { $ne: null }, archivedAt: { $ne: null } },
      $and: [collectedBy(offer.provider)],
    })
    if (former?.providerPriceId) {
      made.push({ offer, seats: change.next.seats, providerPriceId: former.providerPriceId, providerAccount })
      continue
    }
    const key = [planId, priceCents, currency, billingPeriod, ...(seats ? [seats.included, seats.perSeatCents] : [])]
    const providerPriceId = await provider.ensurePrice({
      ...{ key: key.join(':'), planId, name, priceCents, currency, billingPeriod, seats },
      productId: offer.provider === first ? productId : await provider.ensureProduct({ planId, code, name }),
    })
    made.push({ offer, seats: change.next.seats, providerPriceId, providerAccount })
  }
  return made
}

/** Whether all new prices of a change are among those that were made. Otherwise another change came first. */
export function hasAll(made: readonly FurtherPrice[], change: Change): boolean {
  return newFurther(change).every((offer) => made.some((one) => isSame(one, { ...change.next, offer })))
}

/** Makes the plan's rows of further prices say what is on offer now. The rest stays, for the subscribers who have it. */
export async function adoptFurtherPrices(
  em: EntityManager,
  { id: plan, provider: first }: Plan,
  { next, further, now }: { next: SoldFor; further: readonly FurtherPrice[]; now: Date },
): Promise<void> {
  const [, ...wanted] = next.offers
  const rows = await em.find(PlanPrice, { plan, isFurther: true }, { refresh: true })
  for (const row of rows) {
    const { priceCents, currency, billingPeriod, perSeatCents = null, includedSeats: included } = row
    const offer = { priceCents, currency, billingPeriod, perSeatCents, provider: row.provider ?? first }
    const seats = included ? { included, perSeatCents, max: null } : null
    row.isFurther = wanted.some((one) => isSame({ offer, seats }, { ...next, offer: one }))
  }
  await em.flush() // a unique index allows one price for each period and currency
  for (const { offer, seats, providerPriceId, providerAccount } of further) {
    const former = await em.findOne(PlanPrice, { plan, providerPriceId }, { refresh: true })
    if (former) {
      former.isFurther = true
      former.archivedAt ??= now
      continue
    }
    em.create(PlanPrice, {
      ...{ plan, ...termsOf(offer, seats), provider: offer.provider, providerPriceId, providerAccount },
      ...{ createdAt: now, archivedAt: now, isFurther: true },
    })
  }
  await em.flush()
}
