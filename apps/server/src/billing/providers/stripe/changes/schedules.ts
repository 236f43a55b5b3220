import Stripe from 'stripe'
import type { ProviderOverage, ProviderPlanItem, ProviderPreview } from '../../payment-provider.ts'
import { ARCHIVE_AGAIN } from '../catalogue.ts'
import { isAboutCode } from '../discounts/refused-code.ts'
import { endOf, idOf, isOurs, itemOf, partsOf } from '../objects.ts'
import { releaseSchedule } from '../subscriptions.ts'
import { discountedPhases, laterPhases, movedPhases, type PhaseMove } from './phases.ts'
import { lastingDiscounts, marksOf } from './replaced-discounts.ts'

type Schedule = Stripe.SubscriptionSchedule

/** How often an archived price is made active again if another change archives it at the same time. */
const ATTEMPTS = 3

/** A move at the end of the plan's period. */
export function moveOf(
  subscription: Stripe.Subscription,
  { itemId, planPriceIds }: ProviderPlanItem,
  terms: Pick<PhaseMove, 'priceId' | 'quantity' | 'overage' | 'promotionCodeId'>,
): PhaseMove {
  const { price, current_period_end: at } = itemOf(subscription, itemId)
  return { ...terms, presentPriceId: price.id, planPriceIds, at, endsAt: endOf(subscription) }
}

/** Schedules a move of the plan. If Stripe refuses it, our empty schedule is released. */
export async function scheduleMove(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  { key, ...move }: PhaseMove & { key: string },
): Promise<void> {
  const schedule = await ensureSchedule(stripe, subscription, key)
  try {
    await writePhases(stripe, schedule, move, marksOf(schedule, move.promotionCodeId ? subscription.discounts : []))
  } catch (error) {
    // An empty schedule blocks a cancellation in the dashboard. If this fails, too, the next convergence releases it.
    await releaseIdle(stripe, schedule).catch(() => {})
    throw error
  }
}

/**
 * Drops every scheduled change of the plan. Our schedule is released. An operator's schedule continues, with the current
 * plan in its later phases.
 */
export async function keepPlanInSchedule(
  stripe: Stripe,
  subscriptionId: string,
  { itemId, planPriceIds, quantity, overage }: Kept,
): Promise<void> {
  const subscription = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['schedule'] })
  const { schedule } = subscription
  if (!schedule || typeof schedule === 'string') return
  if (isOurs(schedule)) return releaseSchedule(stripe, schedule)
  const { price } = itemOf(subscription, itemId)
  const isKept = laterPhases(schedule).every(({ items }) => items.some((item) => idOf(item.price) === price.id))
  if (isKept || !schedule.current_phase) return
  await writePhases(stripe, schedule, {
    ...{ presentPriceId: price.id, planPriceIds, priceId: price.id, quantity, overage, promotionCodeId: null },
    at: schedule.current_phase.end_date,
    endsAt: endOf(subscription),
  })
}

interface Kept {
  itemId: string | null
  planPriceIds: readonly string[]
  /** The plan's quantity; null keeps that of each phase. */
  quantity: number | null
  /** Null leaves the overage prices of each phase. */
  overage: ProviderOverage | null
}

/** Releases our schedule once it has nothing left to do. */
export async function releaseIdle(stripe: Stripe, schedule: Schedule): Promise<void> {
  if (isOurs(schedule) && laterPhases(schedule).length === 0) await releaseSchedule(stripe, schedule)
}

async function ensureSchedule(stripe: Stripe, { id, schedule }: Stripe.Subscription, key: string): Promise<Schedule> {
  if (schedule) return stripe.subscriptionSchedules.retrieve(idOf(schedule))
  try {
    return await stripe.subscriptionSchedules.create({ from_subscription: id, metadata: { plan_change: key } })
  } catch (error) {
    // A subscription has one schedule at most. If an answer was lost, it is there now.
    const { schedule: made } = await stripe.subscriptions.retrieve(id)
    if (!made) throw error
    return stripe.subscriptionSchedules.retrieve(idOf(made))
  }
}

/** Adds the discounts that run on a subscription to the later phases of our schedule, which would end them. */
export async function addDiscountsToSchedule(
  stripe: Stripe,
  { schedule, discounts }: Stripe.Subscription,
): Promise<void> {
  if (!schedule || typeof schedule === 'string' || schedule.status !== 'active' || !isOurs(schedule)) return
  const phases = discountedPhases(schedule, lastingDiscounts(schedule, discounts))
  await update(stripe, schedule, { phases, proration_behavior: 'none' }, null)
}

/**
 * The next invoice, if our schedule is written again for another move.
 *
 * @returns nulls for an operator's schedule, which may change other terms first, and if a price in it is archived.
 * @throws as Stripe refuses it, if a promotion code can't be redeemed.
 */
export async function previewMove(
  stripe: Stripe,
  { schedule }: Stripe.Subscription,
  move: PhaseMove,
): Promise<Pick<ProviderPreview, 'nextTotalCents' | 'nextParts'>> {
  if (!schedule || typeof schedule === 'string' || !isOurs(schedule)) return { nextTotalCents: null, nextParts: null }
  const { phases, end_behavior, proration_behavior } = termsOf(schedule, move)
  const invoice = await stripe.invoices
    .createPreview({ schedule: schedule.id, schedule_details: { phases, end_behavior, proration_behavior } })
    .catch((error: unknown) => {
      if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error
      if (move.promotionCodeId && isAboutCode(error)) throw error
      return null
    })
  return { nextTotalCents: invoice?.total ?? null, nextParts: invoice && partsOf(invoice) }
}

async function writePhases(
  stripe: Stripe,
  schedule: Schedule,
  move: PhaseMove,
  metadata: Record<string, string> = {},
): Promise<void> {
  await update(stripe, schedule, { ...termsOf(schedule, move), metadata }, move.priceId)
}

function termsOf(schedule: Schedule, move: PhaseMove) {
  return {
    phases: movedPhases(schedule, move),
    // Otherwise the schedule would take back an end that is set for later.
    end_behavior: move.endsAt === null ? 'release' : 'cancel',
    proration_behavior: 'none',
  } satisfies Stripe.SubscriptionScheduleUpdateParams
}

/** @param soldPriceId the price that is for sale, and so never archived. */
async function update(
  stripe: Stripe,
  { id }: Schedule,
  terms: Stripe.SubscriptionScheduleUpdateParams & { phases: Stripe.SubscriptionScheduleUpdateParams.Phase[] },
  soldPriceId: string | null,
): Promise<void> {
  const write = async () => void (await stripe.subscriptionSchedules.update(id, terms))
  const others = new Set(terms.phases.flatMap(({ items }) => items.flatMap(({ price }) => price ?? [])))
  if (soldPriceId) others.delete(soldPriceId)
  await write().catch(async (error: unknown) => writeArchived(stripe, [...others], { write, error }))
}

/**
 * Writes phases whose prices Stripe refuses because they are archived. The subscription has them already, and keeps
 * them until the move. So they are active for as long as the call takes.
 */
async function writeArchived(
  stripe: Stripe,
  priceIds: readonly string[],
  { write, error }: { write: () => Promise<void>; error: unknown },
): Promise<void> {
  let refusal = error
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (!(refusal instanceof Stripe.errors.StripeInvalidRequestError)) throw refusal
    const prices = await Promise.all(priceIds.map(async (id) => stripe.prices.retrieve(id, { expand: ['product'] })))
    const [archived, retired] = [prices.filter(({ active }) => !active), prices.flatMap(retiredProduct)]
    if (archived.length + retired.length === 0) throw refusal
    try {
      await setActive(stripe, { archived, retired }, true)
      await write()
      return
    } catch (again) {
      refusal = again
    } finally {
      // Don't fail the change if this fails: their mark makes ArchiveAgain archive them.
      await setActive(stripe, { archived, retired }, false).catch(() => {})
    }
  }
  throw refusal
}

async function setActive(
  stripe: Stripe,
  { archived, retired }: { archived: readonly Stripe.Price[]; retired: readonly string[] },
  active: boolean,
): Promise<void> {
  // Marked in the same call, so that it is archived again even if this process dies in between.
  const terms = { active, metadata: { [ARCHIVE_AGAIN]: active ? 'true' : '' } }
  for (const product of retired) await stripe.products.update(product, terms)
  for (const { id } of archived) await stripe.prices.update(id, terms)
}

function retiredProduct({ product }: Stripe.Price): string[] {
  return typeof product === 'object' && !product.deleted && !product.active ? [product.id] : []
}
