import type { EntityManager } from '@mikro-orm/postgresql'
import type { CallingScope } from '../billing-scope.ts'
import { AlreadySubscribed, PlanNotFound } from '../billing.errors.ts'
import type { CheckoutView, SubscribeInput } from '../billing.schemas.ts'
import type { PurchaseInput } from '../discount.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { atOtherProvider } from '../plans/at-other-provider.ts'
import { chooseOffer } from '../plans/choose-offer.ts'
import { requireSeats } from '../plans/require-seats.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { refuseWhileSwitching } from '../subscriptions/upcoming-subscription.ts'
import { openCheckout, type Buyer, type Purchase } from './open-checkout.ts'

/**
 * Opens the checkout page on which a first plan is paid. An admin's grant, a paused subscription, and one in another
 * account of the provider don't block: they end when the paid subscription starts. A subscription at another provider
 * does, whatever its status. At a provider without a portal, an unpaid one doesn't block either.
 *
 * @throws {PlanNotFound} for a plan that is unknown or retired.
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency.
 * @throws {SwitchPending} while another plan is scheduled to start.
 * @throws {AlreadySubscribed}
 * @throws {ProviderUnsupported} if another provider has the subscription, or the plan's is not configured.
 * @throws {TooManyMembers}
 * @throws {CurrencyMismatch}
 * @throws {CodeNotValid}
 * @throws {PaymentProviderError}
 */
export async function startCheckout(
  scope: CallingScope,
  buyer: Buyer,
  { promotionCode, ...input }: PurchaseInput,
): Promise<CheckoutView> {
  return openCheckout(scope, buyer, async () => ({ ...(await judgeFirst(scope, buyer, input)), promotionCode }))
}

/** Finds the account's live subscription, unless it is a grant. It is read from the database. */
export const findHeld = async (em: EntityManager, accountId: string): Promise<Subscription | null> =>
  em.findOne(Subscription, { ...liveOf(accountId), provider: { $ne: 'manual' } }, { refresh: true })

/**
 * Whether an account's live subscription, which is no grant, blocks the purchase of a first plan at the same provider.
 *
 * @throws {ProviderUnsupported} if its provider is not configured.
 * @throws {PaymentProviderError}
 */
export const blocksPurchase = async (scope: CallingScope, live: Subscription): Promise<boolean> =>
  live.status !== 'paused' && !isGivenUp(live) && !(await isElsewhere(scope, live))

/** Its last renewal is not retried, and there is no portal. The customer pays it on a page, or buys the plan again. */
const isGivenUp = ({ status, provider }: Subscription): boolean => status === 'unpaid' && !CAPABILITIES[provider].portal

async function judgeFirst(
  scope: CallingScope,
  { accountId }: Buyer,
  { planCode, ...wish }: SubscribeInput,
): Promise<Purchase> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  await refuseWhileSwitching(em, accountId)
  const held = await findHeld(em, accountId)
  const { offer } = chooseOffer(plan, wish, held)
  const { provider } = offer
  const live = held?.status === 'paused' && held.provider === provider ? null : held
  if (live && live.provider !== provider) throw atOtherProvider(live.provider, provider)
  if (live && (await blocksPurchase(scope, live))) throw new AlreadySubscribed()
  const members = await requireSeats(em, plan, accountId)
  return { plan, offer, upgradeFrom: null, leavesSeats: false, members, startsAt: null }
}
