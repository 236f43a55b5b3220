import type Stripe from 'stripe'
import type { ProviderOverage } from '../../payment-provider.ts'
import { idOf, isOurs } from '../objects.ts'

type Phase = Stripe.SubscriptionSchedule.Phase
type PhaseParams = Stripe.SubscriptionScheduleUpdateParams.Phase
type AddInvoiceItem = Stripe.SubscriptionScheduleUpdateParams.Phase.AddInvoiceItem
type Discount = Stripe.SubscriptionSchedule.Phase.Discount

/** A move of the plan to another price, from a moment on. */
export interface PhaseMove {
  /** The price that the plan has now. */
  presentPriceId: string
  /** All prices that are or were a plan's. */
  planPriceIds: readonly string[]
  priceId: string
  /** Null keeps the quantity of each phase. */
  quantity: number | null
  /** Null leaves the overage prices of each phase. */
  overage: ProviderOverage | null
  /** Takes the place of the discounts of each phase; null keeps them. */
  promotionCodeId: string | null
  /** Unix seconds. */
  at: number
  /** When the subscription is set to end, in Unix seconds; null if it goes on after its schedule. */
  endsAt: number | null
}

/** A schedule's phases that are still to come. */
export function laterPhases({ current_phase, phases }: Stripe.SubscriptionSchedule): Phase[] {
  return current_phase ? phases.filter(({ start_date }) => start_date >= current_phase.end_date) : []
}

/**
 * Writes a schedule's present and later phases again, with the plan moved to another price. Everything else is copied,
 * because what a phase does not name is removed from the subscription.
 */
export function movedPhases(schedule: Stripe.SubscriptionSchedule, move: PhaseMove): PhaseParams[] {
  const { current_phase } = schedule
  const present = schedule.phases.filter(({ end_date }) => !current_phase || end_date > current_phase.start_date)
  const [first] = present
  // The code of a change that was scheduled before goes with that change.
  const kept = (phase: Phase) => (first && isOurs(schedule) ? { ...phase, discounts: first.discounts } : phase)
  const last = present.at(-1)
  if (!last) throw new Error(`Stripe's schedule ${schedule.id} has no phase.`)
  const phases = present.flatMap((phase): PhaseParams[] => {
    const { start_date, end_date } = phase
    if (end_date <= move.at) return [paramsOf(phase)]
    if (start_date >= move.at) return [withMove(kept(phase), move)]
    return [
      { ...paramsOf(phase), end_date: move.at },
      { ...withMove(phase, move), start_date: move.at },
    ]
  })
  const isAdded = last.end_date <= move.at
  if (isAdded) phases.push({ ...withMove(last, move), start_date: move.at })
  const end = phases.at(-1)
  if (move.endsAt !== null) return end ? [...phases.slice(0, -1), { ...end, end_date: move.endsAt }] : phases
  // Without an end, the last phase lasts one period of its price. Then the subscription goes on without a schedule.
  if (isAdded || isOurs(schedule)) delete end?.end_date
  return phases
}

/** Writes a schedule's present and later phases again, with these discounts, which run on the subscription. */
export function discountedPhases(
  { current_phase, phases }: Stripe.SubscriptionSchedule,
  discountIds: readonly string[],
): PhaseParams[] {
  const present = phases.filter(({ end_date }) => !current_phase || end_date > current_phase.start_date)
  return present.map((phase) => {
    const kept = discountsOf(phase.discounts) ?? []
    const missing = discountIds.filter((id) => !kept.some(({ discount }) => discount === id))
    return { ...paramsOf(phase), discounts: [...kept, ...missing.map((discount) => ({ discount }))] }
  })
}

function withMove(
  phase: Phase,
  { presentPriceId, planPriceIds, priceId, quantity, overage, promotionCodeId }: PhaseMove,
): PhaseParams {
  const prices = phase.items.map(({ price }) => idOf(price))
  const plan = prices.find((id) => id === presentPriceId) ?? prices.find((id) => planPriceIds.includes(id))
  const params = paramsOf(phase)
  return {
    ...params,
    items: withOverage(
      params.items.map((item) =>
        item.price === plan ? { ...item, price: priceId, ...(quantity !== null && { quantity }) } : item,
      ),
      overage,
    ),
    ...(promotionCodeId && { discounts: [{ promotion_code: promotionCodeId }] }),
    proration_behavior: 'none',
  }
}

/** Makes the overage prices of a phase those of its plan. */
function withOverage(items: PhaseParams['items'], overage: ProviderOverage | null): PhaseParams['items'] {
  if (!overage) return items
  const { known, wanted } = overage
  const kept = items.filter(({ price = '' }) => !known.includes(price) || wanted.includes(price))
  const added = wanted.filter((id) => !kept.some(({ price }) => price === id))
  return [...kept, ...added.map((price) => ({ price }))]
}

/** A phase as parameters: the answer has expanded objects and nulls, which Stripe does not take back. */
function paramsOf(phase: Phase): PhaseParams {
  const { application_fee_percent, billing_cycle_anchor, collection_method, default_payment_method } = phase
  const { automatic_tax, description, metadata, on_behalf_of, transfer_data, trial_end } = phase
  const [discounts, default_tax_rates] = [discountsOf(phase.discounts), ratesOf(phase.default_tax_rates)]
  const [invoice_settings, billing_thresholds] = [invoiceSettingsOf(phase), thresholdsOf(phase)]
  return {
    start_date: phase.start_date,
    end_date: phase.end_date,
    proration_behavior: phase.proration_behavior,
    items: phase.items.map(itemOfPhase),
    ...(phase.add_invoice_items.length > 0 && { add_invoice_items: phase.add_invoice_items.map(invoiceItemOf) }),
    ...(application_fee_percent !== null && { application_fee_percent }),
    ...(automatic_tax?.enabled && {
      automatic_tax: {
        enabled: true,
        ...(automatic_tax.liability && { liability: ownerOf(automatic_tax.liability) }),
      },
    }),
    ...(billing_cycle_anchor && { billing_cycle_anchor }),
    ...(billing_thresholds && { billing_thresholds }),
    ...(collection_method && { collection_method }),
    ...(default_payment_method && { default_payment_method: idOf(default_payment_method) }),
    ...(default_tax_rates && { default_tax_rates }),
    ...(description && { description }),
    ...(discounts && { discounts }),
    ...(invoice_settings && { invoice_settings }),
    ...(metadata && { metadata }),
    ...(on_behalf_of && { on_behalf_of: idOf(on_behalf_of) }),
    ...(transfer_data && {
      transfer_data: {
        destination: idOf(transfer_data.destination),
        ...(transfer_data.amount_percent !== null && { amount_percent: transfer_data.amount_percent }),
      },
    }),
    ...(trial_end !== null && { trial_end }),
  }
}

function itemOfPhase({ price, quantity, metadata, ...item }: Phase['items'][number]): PhaseParams['items'][number] {
  const usage_gte = item.billing_thresholds?.usage_gte ?? null
  const [discounts, tax_rates] = [discountsOf(item.discounts), ratesOf(item.tax_rates)]
  return {
    price: idOf(price),
    ...(quantity !== undefined && { quantity }),
    ...(metadata && { metadata }),
    ...(usage_gte !== null && { billing_thresholds: { usage_gte } }),
    ...(discounts && { discounts }),
    ...(tax_rates && { tax_rates }),
  }
}

function invoiceItemOf({
  price,
  period,
  discountable,
  metadata,
  quantity,
  ...item
}: Phase['add_invoice_items'][number]): AddInvoiceItem {
  const [discounts, tax_rates] = [discountsOf(item.discounts), ratesOf(item.tax_rates)]
  return {
    price: idOf(price),
    period,
    ...(discountable !== null && { discountable }),
    ...(metadata && { metadata }),
    ...(quantity !== null && { quantity }),
    ...(discounts && { discounts }),
    ...(tax_rates && { tax_rates }),
  }
}

function invoiceSettingsOf({ invoice_settings: settings }: Phase): PhaseParams['invoice_settings'] | null {
  if (!settings) return null
  const { account_tax_ids, custom_fields, days_until_due, description, footer, issuer } = settings
  return {
    ...(account_tax_ids && { account_tax_ids: account_tax_ids.map(idOf) }),
    ...(custom_fields && { custom_fields }),
    ...(days_until_due !== null && { days_until_due }),
    ...(description && { description }),
    ...(footer && { footer }),
    ...(issuer && { issuer: ownerOf(issuer) }),
  }
}

function thresholdsOf({ billing_thresholds: thresholds }: Phase): PhaseParams['billing_thresholds'] | null {
  if (!thresholds) return null
  const { amount_gte, reset_billing_cycle_anchor } = thresholds
  return {
    ...(amount_gte !== null && { amount_gte }),
    ...(reset_billing_cycle_anchor !== null && { reset_billing_cycle_anchor }),
  }
}

/** A discount that runs keeps its end. A coupon or a code would begin again. */
function discountsOf(
  discounts: readonly Discount[],
): { coupon?: string; discount?: string; promotion_code?: string }[] | null {
  if (discounts.length === 0) return null
  return discounts.map(({ coupon, discount, promotion_code }) => {
    if (discount) return { discount: idOf(discount) }
    if (promotion_code) return { promotion_code: idOf(promotion_code) }
    return coupon ? { coupon: idOf(coupon) } : {}
  })
}

const ratesOf = (rates: readonly Stripe.TaxRate[] | null | undefined) => (rates?.length ? rates.map(idOf) : null)

function ownerOf({ type, account }: { type: string; account?: string | { id: string } }) {
  return { type, ...(account && { account: idOf(account) }) }
}
