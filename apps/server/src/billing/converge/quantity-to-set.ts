import type { EntityManager } from '@mikro-orm/postgresql'
import { countMembers } from '../../accounts/index.ts'
import type { PlanPrice } from '../plan-price.entity.ts'
import { hasSeats, seatTermsOf } from '../plans/seat-terms.ts'
import type { ProviderItem, SubscriptionStatus } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'

/**
 * The quantity that the plan's item must get at the provider; null if it has it, or if it is none of our business.
 *
 * With a price per member it is the number of members, counted now. So the caller holds the customer's lock: of two
 * counts, the later one is also the later one at the provider.
 *
 * @param status what the provider says.
 */
export async function quantityToSet(
  em: EntityManager,
  subscription: Subscription,
  status: SubscriptionStatus,
): Promise<number | null> {
  if (!CHANGEABLE.has(status)) return null
  const wanted = subscription.perSeatCents
    ? // A closed organization may have lost all its members. At the provider, 0 would mean that nothing is bought.
      Math.max(1, await countMembers(em, subscription.account.id))
    : (subscription.quantityDue ?? null)
  return wanted === subscription.quantity ? null : wanted
}

/**
 * In all others the provider refuses changes, or the first payment is open. Once it is paid or resumed, an event leads
 * here again. Money that is owed or a set end block nothing: members may leave at any time.
 */
const CHANGEABLE: ReadonlySet<SubscriptionStatus> = new Set(['trialing', 'active', 'past_due', 'unpaid'])

/**
 * After a move from a plan with seats, in the provider's portal or by an operator, the new plan has the number of
 * members as its quantity. A plan without seats is bought once.
 *
 * @param price the plan's price that the item has; without one, an operator has given it another, with their quantity.
 * @returns null if the quantity is right, or an operator's.
 */
export function quantityLeftOver(
  known: Subscription | null,
  { quantity }: ProviderItem,
  price: PlanPrice | undefined,
): number | null {
  if (!known || !price || seatTermsOf(price) || quantity === 1) return null
  return known.isLive() && hasSeats(known) ? 1 : null
}
