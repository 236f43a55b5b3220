import { AccountNotOpen, countMembers, isAccountOpen } from '../../accounts/index.ts'
import type { CallingScope } from '../billing-scope.ts'
import { PlanNotFound, ProviderUnsupported } from '../billing.errors.ts'
import { Plan } from '../plan.entity.ts'
import { chooseOffer, type OfferWish, type PlanOffer } from '../plans/choose-offer.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { refuseWhileSwitching } from '../subscriptions/upcoming-subscription.ts'
import { planChangeTiming, type OrderedMove, type PossibleChange } from './plan-change-timing.ts'

/** A change that a user wants to make, by what our rows say now. */
export interface WantedChange extends PossibleChange, PlanOffer {
  subscription: LiveSubscription
  /** How many members the account has. */
  members: number
}

/**
 * Finds the plan that a user wants to move to, and decides when the move takes effect. A retired plan can be kept, but
 * not moved to.
 *
 * @throws {PlanNotFound}
 * @throws {AccountNotOpen} if the account is closed.
 * @throws {SwitchPending} while another plan is scheduled to start.
 * @throws {NoSubscription}
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency.
 * @throws {ProviderUnsupported} also for a subscription in another account of the provider.
 * @throws what {@link planChangeTiming} refuses.
 */
export async function findPlanChange(
  scope: CallingScope,
  {
    accountId,
    planCode,
    ordered = null,
    ...wish
  }: { accountId: string; planCode: string; ordered?: OrderedMove | null } & OfferWish,
): Promise<WantedChange> {
  const { em } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: { $ne: 'draft' } })
  if (!plan) throw new PlanNotFound()
  if (!(await isAccountOpen(em, accountId))) throw new AccountNotOpen()
  await refuseWhileSwitching(em, accountId)
  const subscription = await liveSubscription(em, accountId)
  if (await isElsewhere(scope, subscription)) throw new ProviderUnsupported()
  const members = await countMembers(em, accountId)
  const wanted = chooseOffer(plan, wish, subscription)
  const change = planChangeTiming(subscription, wanted, members, ordered)
  if ('refused' in change) throw change.refused
  if (change.timing !== 'none' && !plan.isActive()) throw new PlanNotFound()
  return { ...change, ...wanted, subscription, members }
}
