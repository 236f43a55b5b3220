import { countMembers } from '../../accounts/index.ts'
import type { CallingScope } from '../billing-scope.ts'
import {
  CurrencyMismatch,
  NotAnUpgrade,
  PaymentDue,
  PlanNotFound,
  SamePlan,
  TooManyMembers,
} from '../billing.errors.ts'
import type { CheckoutView, SubscribeInput } from '../billing.schemas.ts'
import type { PurchaseInput } from '../discount.schemas.ts'
import { Plan } from '../plan.entity.ts'
import { atOtherProvider } from '../plans/at-other-provider.ts'
import { chooseOffer, isSoldAs, type PlanOffer } from '../plans/choose-offer.ts'
import { isUpgrade, termsToday } from '../plans/is-upgrade.ts'
import { lacksSeats } from '../plans/require-seats.ts'
import { hasSeats } from '../plans/seat-terms.ts'
import { heldTerms } from '../subscriptions/held-terms.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { refuseWhileSwitching } from '../subscriptions/upcoming-subscription.ts'
import { openCheckout, type Buyer, type Purchase } from './open-checkout.ts'

/**
 * Opens the checkout page on which a higher plan is bought. Once it is paid, the new subscription takes the place of
 * the old one, whose unused time is credited.
 *
 * @throws {PlanNotFound}
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency.
 * @throws {SwitchPending} while another plan is scheduled to start.
 * @throws {NoSubscription}
 * @throws {SamePlan}
 * @throws {PaymentDue}
 * @throws {ProviderUnsupported} if another provider has the subscription, or the plan's is not configured.
 * @throws {CurrencyMismatch}
 * @throws {NotAnUpgrade}
 * @throws {TooManyMembers}
 * @throws {CodeNotValid}
 * @throws {PaymentProviderError}
 */
export async function upgradeSubscription(
  scope: CallingScope,
  buyer: Buyer,
  { promotionCode, ...input }: PurchaseInput,
): Promise<CheckoutView> {
  return openCheckout(scope, buyer, async () => ({ ...(await judgeUpgrade(scope, buyer, input)), promotionCode }))
}

async function judgeUpgrade(
  scope: CallingScope,
  { accountId }: Buyer,
  { planCode, ...wish }: SubscribeInput,
): Promise<Purchase> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  await refuseWhileSwitching(em, accountId)
  const subscription = await liveSubscription(em, accountId)
  const members = await countMembers(em, accountId)
  const wanted = chooseOffer(plan, wish, subscription)
  refuseUpgrade(subscription, wanted, members)
  // The provider does not know grants. Nothing was paid for one, so there is nothing to credit. Nor can it credit what
  // was paid in another account.
  const isReachable = !(await isElsewhere(scope, subscription))
  const upgradeFrom = isReachable ? (subscription.providerSubscriptionId ?? null) : null
  return { plan, offer: wanted.offer, upgradeFrom, leavesSeats: hasSeats(subscription), members, startsAt: null }
}

function refuseUpgrade(subscription: LiveSubscription, { plan, offer, isNamed }: PlanOffer, members: number): void {
  const { provider, currency } = subscription
  if (subscription.plan.id === plan.id && (!isNamed || isSoldAs(subscription, offer))) throw new SamePlan()
  // Nothing is owed for a trial that was paused because there was no card.
  if (subscription.owes() && subscription.status !== 'paused') throw new PaymentDue()
  if (provider !== 'manual' && provider !== offer.provider) throw atOtherProvider(provider, offer.provider)
  if (provider !== 'manual' && currency !== offer.currency) throw new CurrencyMismatch()
  if (!isUpgrade(heldTerms(subscription, members), termsToday(plan, offer, members))) throw new NotAnUpgrade()
  if (lacksSeats(plan, members)) throw new TooManyMembers()
}
