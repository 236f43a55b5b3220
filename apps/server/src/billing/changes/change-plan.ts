import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountNotOpen, countMembers } from '../../accounts/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { after } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'
import { DomainError } from '../../platform/errors/errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import {
  NoSubscription,
  PaymentDue,
  PaymentFailed,
  PaymentMethodRequired,
  PreviewStale,
  SamePlan,
} from '../billing.errors.ts'
import { SyncPlan } from '../billing.queues.ts'
import type { ChangeInput, SubscriptionView } from '../billing.schemas.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { CodeNotValid } from '../discount.errors.ts'
import { promotionOfChange } from '../discounts/promotion-of.ts'
import { reportOverage } from '../metering/report-overage.ts'
import { PlanChange } from '../plan-change.entity.ts'
import { PlanPrice } from '../plan-price.entity.ts'
import type { PlanOffer } from '../plans/choose-offer.ts'
import { ensureOverage } from '../plans/ensure-overage.ts'
import { ensurePlanPrice, type SellablePrice } from '../plans/ensure-plan-price.ts'
import { planPriceIds } from '../plans/plan-price-ids.ts'
import { hasSeats, quantityFor } from '../plans/seat-terms.ts'
import type { ProviderOverage, ProviderPlanItem } from '../providers/payment-provider.ts'
import { findLiveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts'
import { reloadSubscriptionView } from '../subscriptions/reload-subscription-view.ts'
import { claimPlanChange } from './claim-plan-change.ts'
import { findPlanChange } from './find-plan-change.ts'
import {
  planChangeTiming,
  type ChangeTiming,
  type OrderedMove,
  type PossibleChange,
  type Refusal,
} from './plan-change-timing.ts'

/** What is different when support changes the plan. */
interface ForSupport {
  ordered?: OrderedMove | null
  /** Who is named in the audit log. */
  actor?: AuditActor | null
}

/**
 * Moves the user's subscription to another plan, with the card on file. An upgrade happens at once, for what the
 * preview said. Any other change happens at the period's end. A change to the current plan drops the scheduled change.
 *
 * The change is stored before the provider is asked, so a repeat after a lost answer finishes the first try.
 *
 * @param input.prorationDate of a preview; without it, now.
 * @throws {PlanNotFound}
 * @throws {InvalidInput} if the plan is not sold for this period or in this currency.
 * @throws {AccountNotOpen} if the account is closed.
 * @throws {NoSubscription}
 * @throws {SamePlan}
 * @throws {PreviewStale} also if a listed change was ordered to a former price.
 * @throws {PaymentMethodRequired}
 * @throws {PaymentFailed} and nothing has changed.
 * @throws {CodeNotValid} and nothing has changed.
 * @throws what `planChangeTiming` refuses.
 * @throws {PaymentProviderError}
 */
export async function changePlan(
  caller: CallingScope,
  {
    accountId,
    planCode,
    prorationDate,
    ordered = null,
    actor = null,
    ...input
  }: ChangeInput & { accountId: string; promotionCode?: string | undefined } & ForSupport,
): Promise<SubscriptionView> {
  const { promotionCode: code, ...wish } = input
  const promotionCode = code?.toUpperCase() ?? null
  const { subscription, timing, ...wanted } = await findPlanChange(caller, { accountId, planCode, ordered, ...wish })
  const { plan, offer } = wanted
  const scope = atProvider(caller, offer.provider)
  // Before its prices leave the subscription: afterwards, what is not reported yet could not be billed.
  if (subscription.overage) await reportOverage(scope, { subscriptionId: subscription.id })
  const price = await ensurePlanPrice(scope, plan, offer)
  const overage = await ensureOverage(scope, plan, offer)
  if (ordered?.listed && price.id !== ordered.listed.priceId) throw new PreviewStale()
  const claim = await claimPlanChange(scope, subscription, { price, timing, prorationDate, promotionCode })
  if (timing === 'at_period_end') await archiveLater(scope, subscription)
  const outcome = await underLock(scope, accountId, (locked, customer) =>
    carryOut(locked, customer, {
      ...{ wanted, price, overage, claim, promotionCode, rowId: subscription.id, ordered, actor },
    }),
  )
  // Thrown only now: the transaction must keep the count of attempts, and what was learned from the provider.
  if (outcome !== 'done') throw outcome.refused
  return reloadSubscriptionView(scope, subscription.id)
}

/**
 * While a change away from an archived price is scheduled, the provider has that price on offer for a moment. If this
 * process dies in that moment, the job archives it again.
 */
async function archiveLater({ em, jobs, clock }: CallingScope, { plan }: LiveSubscription): Promise<void> {
  const planId = plan.id
  const archived = await em.count(PlanPrice, { plan: planId, archivedAt: { $ne: null }, isFurther: false })
  if (plan.$.isActive() && archived === 0) return
  await em.fork().transactional(async (em) => {
    await jobs.send(em, SyncPlan, { planId }, { startAfter: after(clock.now(), MINUTE) })
  })
}

type Outcome = 'done' | Refusal

interface Task {
  wanted: PlanOffer
  price: SellablePrice
  overage: ProviderOverage
  claim: { changeId: string; isRepeat: boolean } | null
  promotionCode: string | null
  /** The subscription's row. */
  rowId: string
  ordered: OrderedMove | null
  actor: AuditActor | null
}

/** Makes the change, decided again on what the provider says now. */
async function carryOut(locked: LockedScope, customer: LockedCustomer, task: Task): Promise<Outcome> {
  const { em } = locked
  // It may have been closed since the call began, or since the move was ordered.
  if (!customer.isAccountOpen) return { refused: new AccountNotOpen() }
  const subscription = await convergeLive(locked, customer)
  if (!subscription) return { refused: new NoSubscription() }
  if (subscription.id !== task.rowId) return { refused: new PreviewStale() }
  const members = await countMembers(em, customer.account.id)
  const possible = planChangeTiming(subscription, task.wanted, members, task.ordered)
  if ('refused' in possible) return possible

  const { claim, price, overage } = task
  const change = claim && (await em.findOneOrFail(PlanChange, { id: claim.changeId }, { refresh: true }))
  if (possible.timing === 'none') {
    // It has the plan already. What the customer has scheduled since then stays.
    if (task.ordered?.listed) {
      change?.endAttempt()
      return { refused: new SamePlan() }
    }
    const isRepeat = claim?.isRepeat === true
    if (!isRepeat && !subscription.scheduledPlan) return { refused: new SamePlan() }
    if (!isRepeat && task.promotionCode) return { refused: new CodeNotValid('same-plan') }
    await keepPlan(locked, await planItemOf(em, possible, subscription), subscription)
    change?.endAttempt()
    await convergeLive(locked, customer)
    audit(locked, task)
    return 'done'
  }

  if (!change) return { refused: new PreviewStale() }
  const outcome = await move(locked, possible, { subscription, members, price, overage, change })
  change.endAttempt()
  if (outcome === 'done') {
    await convergeLive(locked, customer)
    audit(locked, task, possible.timing)
  }
  return outcome
}

/** Records who in support has made the change. Nothing is recorded for a customer's own. */
function audit(
  locked: LockedScope,
  { actor, rowId, wanted: { plan, offer }, price }: Task,
  timing: ChangeTiming = 'none',
): void {
  if (!actor) return
  const after = { planCode: plan.code, priceCents: price.priceCents, billingPeriod: offer.billingPeriod, timing }
  recordAudit(locked, actor, {
    ...{ action: 'subscription.change', targetType: 'subscription', targetId: rowId, before: null, after },
  })
}

/** Drops the scheduled change. Without one, an earlier try has made the change, and may still owe its credit. */
async function keepPlan(
  { billing: { provider } }: LockedScope,
  plan: ProviderPlanItem,
  { scheduledPlan }: LiveSubscription,
): Promise<void> {
  await provider.dropScheduledChange(plan)
  if (!scheduledPlan) await provider.giveOwedCredit(plan.subscriptionId)
}

async function planItemOf(
  em: EntityManager,
  { subscriptionId }: PossibleChange,
  { providerItemId }: LiveSubscription,
): Promise<ProviderPlanItem> {
  return { subscriptionId, itemId: providerItemId ?? null, planPriceIds: await planPriceIds(em) }
}

/** What the provider may answer to a change. Then nothing has changed there. */
const REFUSALS = [PaymentFailed, PreviewStale, PaymentDue, CodeNotValid]

interface Move {
  subscription: LiveSubscription
  members: number
  price: SellablePrice
  overage: ProviderOverage
  change: PlanChange
}

async function move(
  scope: LockedScope,
  possible: PossibleChange,
  { subscription, members, price, overage, change }: Move,
): Promise<Outcome> {
  const { em, billing } = scope
  const { provider } = billing
  const { prorationDate, dueNowCents, creditCents } = change
  const isWithinPeriod =
    prorationDate >= subscription.currentPeriodStart && prorationDate <= subscription.currentPeriodEnd
  // Since the preview the subscription was renewed, or its trial has ended: another amount is due, from another moment.
  if (!isWithinPeriod) return { refused: new PreviewStale() }

  const { timing, subscriptionId } = possible
  const plan = await planItemOf(em, possible, subscription)
  const quantity = quantityFor(price, { leavesSeats: hasSeats(subscription), members })
  const terms = { key: change.key(), plan, priceId: price.providerPriceId, quantity, overage }
  const promotionOfIt = async () =>
    promotionOfChange(scope, {
      ...{ accountId: subscription.account.id, promotionCode: change.promotionCode ?? null },
      ...{ timing, price, quantity: quantity ?? subscription.quantity, periodEnd: subscription.currentPeriodEnd },
    })
  try {
    if (timing === 'at_period_end') {
      if (dueNowCents || creditCents) return { refused: new PreviewStale() }
      const promotionCodeId = await promotionOfIt()
      await provider.scheduleChange({ ...terms, promotionCodeId })
      await noteScheduledCode(scope, { id: subscription.id, promotionCodeId })
      return 'done'
    }
    // The credit of an earlier change counts in this quote. And its note at the provider would be overwritten.
    await provider.giveOwedCredit(subscriptionId)
    const promotionCodeId = await promotionOfIt()
    const quote = await provider.previewChange({ ...terms, promotionCodeId, at: 'now', prorationDate })
    if (!quote) return { refused: new NoSubscription() }
    // The price, balance, or period may have changed since the preview. Never charge an amount that wasn't shown.
    const isAsShown = quote.dueNowCents === dueNowCents && quote.creditCents === creditCents
    if (dueNowCents !== null && !isAsShown) return { refused: new PreviewStale() }
    if (quote.dueNowCents > 0 && !quote.hasPaymentMethod) return { refused: new PaymentMethodRequired() }
    const { isTrial, restart } = quote
    await provider.changePlan({ ...terms, promotionCodeId, prorationDate, isTrial, restart })
    return 'done'
  } catch (error) {
    const isRefusal = REFUSALS.some((refusal) => error instanceof refusal)
    if (isRefusal && error instanceof DomainError) return { refused: error }
    throw error
  }
}

/** A change with a code is looked at later, to learn what it redeems. One without a code is noted, and not looked at. */
async function noteScheduledCode(
  { em, clock }: CallingScope,
  { id, promotionCodeId }: { id: string; promotionCodeId: string | null },
): Promise<void> {
  if (promotionCodeId) await em.execute('delete from code_checks where subscription_id = ?', [id])
  else {
    await em.execute(
      `insert into code_checks (subscription_id, refs, checked_at) values (?, '{}', ?)
       on conflict (subscription_id) do update set refs = excluded.refs, checked_at = excluded.checked_at`,
      [id, clock.now()],
    )
  }
}

/** Makes the live subscription's row say what the provider says. @returns null if there is no live one any more. */
async function convergeLive(locked: LockedScope, customer: LockedCustomer): Promise<LiveSubscription | null> {
  const before = await findLiveSubscription(locked.em, customer.account.id)
  const id = before?.providerSubscriptionId
  if (!id) return before
  await convergeCustomer(locked, customer, { kind: 'subscription', id })
  return findLiveSubscription(locked.em, customer.account.id)
}
