import { AccountNotOpen, countMembers, isAccountOpen } from '../../accounts/index.ts'
import { after } from '../../platform/clock.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import { paidUntil } from '../access/paid-until.ts'
import { isConfigured, type CallingScope } from '../billing-scope.ts'
import { PaymentDue, PlanNotFound, ProviderUnsupported, SubscriptionPaused, TooManyMembers } from '../billing.errors.ts'
import type { SubscribeInput } from '../billing.schemas.ts'
import { Plan, type Offer } from '../plan.entity.ts'
import { chooseOffer } from '../plans/choose-offer.ts'
import { lacksSeats } from '../plans/require-seats.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { liveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { refuseWhileSwitching } from '../subscriptions/upcoming-subscription.ts'
import { NotASwitch, SwitchTooLate } from '../switch.errors.ts'

/**
 * How long before the start a page is opened at the latest. Stripe wants two days. They also leave time to pay on the
 * page, and to set the present subscription to end. The minutes are for opening the page.
 */
const LEAD = 2 * DAY + 5 * MINUTE

/** A switch that a customer wants to make, by what our rows say now. */
export interface WantedSwitch {
  present: LiveSubscription
  plan: Plan
  /** One of its prices. */
  offer: Offer
  /** How many members the account has. */
  members: number
  /** When the current plan's paid time ends, and the new plan begins. */
  startsAt: Date
}

/**
 * Finds the plan that a customer wants to switch to, at another provider than their present one's, and decides when it
 * begins.
 *
 * @throws {PlanNotFound} for a plan that is unknown or retired.
 * @throws {AccountNotOpen} if the account is closed.
 * @throws {SwitchPending} while another plan is scheduled to start.
 * @throws {NoSubscription}
 * @throws {NotASwitch} if the plan is sold only through the account's present provider, or the account has a grant.
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency at another provider.
 * @throws {SubscriptionPaused}
 * @throws {PaymentDue}
 * @throws {ProviderUnsupported} if the present subscription can't be reached, or the plan's provider is not configured.
 * @throws {TooManyMembers}
 * @throws {SwitchTooLate}
 * @throws {PaymentProviderError}
 */
export async function findSwitch(
  scope: CallingScope,
  { accountId, planCode, ...wish }: SubscribeInput & { accountId: string },
): Promise<WantedSwitch> {
  const { em, billing } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  if (!(await isAccountOpen(em, accountId))) throw new AccountNotOpen()
  await refuseWhileSwitching(em, accountId)
  const present = await liveSubscription(em, accountId)
  const others = plan.offers().filter(({ provider }) => provider !== present.provider)
  if (present.provider === 'manual' || others.length === 0) throw new NotASwitch()
  const { offer } = chooseOffer(plan, wish, present, others)
  if (present.status === 'paused' || present.pausedFrom) throw new SubscriptionPaused()
  if (present.owes()) throw new PaymentDue()
  if (!isConfigured(scope, offer.provider) || (await isElsewhere(scope, present))) throw new ProviderUnsupported()
  const members = await countMembers(em, accountId)
  if (lacksSeats(plan, members)) throw new TooManyMembers()
  const startsAt = paidUntil(present)
  if (startsAt < after(await billing.time.now(), LEAD)) throw new SwitchTooLate()
  return { present, plan, offer, members, startsAt }
}
