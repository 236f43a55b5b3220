import { AccountNotOpen, countMembers, isAccountOpen } from '../../accounts/index.ts'
import { after } from '../../platform/clock.ts'
import { DAY, MINUTE } from '../../platform/durations.ts'
import { paidUntil } from '../access/paid-until.ts'
import { isConfigured, type CallingScope } from '../billing-scope.ts'
import { PaymentDue, PlanNotFound, ProviderUnsupported, SubscriptionPaused, TooManyMembers } from '../billing.errors.ts'
import { Plan } from '../plan.entity.ts'
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
 * @throws {SwitchPending} while another plan waits to begin.
 * @throws {NoSubscription}
 * @throws {NotASwitch} if the account pays through the plan's provider already, or has a grant.
 * @throws {SubscriptionPaused}
 * @throws {PaymentDue}
 * @throws {ProviderUnsupported} if the present subscription can't be reached, or the plan's provider is not configured.
 * @throws {TooManyMembers}
 * @throws {SwitchTooLate}
 * @throws {PaymentProviderError}
 */
export async function findSwitch(
  scope: CallingScope,
  { accountId, planCode }: { accountId: string; planCode: string },
): Promise<WantedSwitch> {
  const { em, billing } = scope
  const plan = await em.findOne(Plan, { code: planCode, status: 'active' }, { refresh: true })
  if (!plan) throw new PlanNotFound()
  if (!(await isAccountOpen(em, accountId))) throw new AccountNotOpen()
  await refuseWhileSwitching(em, accountId)
  const present = await liveSubscription(em, accountId)
  if (present.provider === 'manual' || present.provider === plan.provider) throw new NotASwitch()
  if (present.status === 'paused' || present.pausedFrom) throw new SubscriptionPaused()
  if (present.owes()) throw new PaymentDue()
  if (!isConfigured(scope, plan.provider) || (await isElsewhere(scope, present))) throw new ProviderUnsupported()
  const members = await countMembers(em, accountId)
  if (lacksSeats(plan, members)) throw new TooManyMembers()
  const startsAt = paidUntil(present)
  if (startsAt < after(await billing.time.now(), LEAD)) throw new SwitchTooLate()
  return { present, plan, members, startsAt }
}
