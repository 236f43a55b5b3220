import { enterDiscounts } from '../discounts/phase-discounts.ts'
import { newId } from '../ids.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceSettings } from '../state/rows/invoice.ts'
import type {
  AddedPeriod,
  ItemRow,
  PhaseItem,
  ProrationBehavior,
  SchedulePhase,
  ScheduleRow,
  SubscriptionRow,
} from '../state/rows/subscription.ts'
import { addOneTimeItem, type OneTimeItem } from './one-time-items.ts'
import type { ItemChange } from './place-items.ts'
import { commonInterval, isSameInterval } from './recurring-price.ts'
import { renew } from './renew.ts'
import { updateSubscriptionTerms } from './update-subscription.ts'

type PhaseFields = Pick<
  SubscriptionRow,
  | 'automatic_tax'
  | 'billing_thresholds'
  | 'collection_method'
  | 'days_until_due'
  | 'default_payment_method'
  | 'description'
  | 'invoice_settings'
>

/** What a phase sets on its subscription. What it doesn't name comes from the default settings, or is removed. */
export function settingsOf(
  { default_settings: defaults }: Pick<ScheduleRow, 'default_settings'>,
  phase: SchedulePhase,
): PhaseFields {
  return {
    automatic_tax: (phase.automatic_tax ?? defaults.automatic_tax) ? 'enabled' : undefined,
    billing_thresholds: phase.billing_thresholds ?? defaults.billing_thresholds,
    collection_method: phase.collection_method ?? defaults.collection_method ?? 'charge_automatically',
    days_until_due: phase.days_until_due ?? defaults.days_until_due,
    default_payment_method: phase.default_payment_method ?? defaults.default_payment_method,
    description: phase.description ?? defaults.description,
    ...settingsOfInvoices(phase.invoice_settings ?? defaults.invoice_settings),
  }
}

const settingsOfInvoices = (settings: InvoiceSettings | undefined): Pick<PhaseFields, 'invoice_settings'> =>
  settings === undefined ? {} : { invoice_settings: settings }

/**
 * Applies a phase to its subscription: items that it doesn't name are removed. At the end of a period, the subscription
 * renews on the new terms. In mid-period, it is updated with the phase's proration behavior.
 *
 * @param proration replaces the phase's own proration behavior.
 */
export function enterPhase(
  account: Account,
  subscriptionId: string,
  schedule: ScheduleRow,
  phase: SchedulePhase,
  proration: ProrationBehavior = phase.proration_behavior,
): void {
  const subscription = account.subscriptions.get(subscriptionId)
  const now = account.nowOf(subscription.customer)
  addPhaseItems(account, subscription, phase)
  const items = matchItems(account, subscription, phase.items)
  const metadata = Object.fromEntries(
    Object.entries({ ...subscription.metadata, ...phase.metadata }).filter(
      ([key]) => !phase.unsetMetadata.includes(key),
    ),
  )
  const fields = {
    ...settingsOf(schedule, phase),
    default_tax_rates: phase.default_tax_rates,
    discounts: enterDiscounts(account, phase.discounts, subscription.discounts, subscription),
    metadata,
  }
  // A paused subscription has no invoices. Its resumption bills the new items.
  if (subscription.status === 'paused') {
    const placedItems = items.map((item) => ({ ...placed(subscription, item, now), debit: null }))
    updateSubscription(account, subscriptionId, { ...fields, items: placedItems })
    return
  }
  const restarts = (phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor) === 'phase_start'
  const isNew = phase.start_date === now
  const trialEnd = trialChange(subscription, phase, now)
  const same = sameTerms(subscription, items)

  if (same && trialEnd === null && !(restarts && isNew)) {
    const named = subscription.items.map((item, index) => ({
      ...item,
      billing_thresholds: items[index]?.billing_thresholds ?? undefined,
      discounts: items[index]?.discounts ?? item.discounts,
      metadata: items[index]?.metadata ?? item.metadata,
      tax_rates: items[index]?.tax_rates ?? item.tax_rates,
    }))
    updateSubscriptionTerms(account, subscriptionId, {
      fields: { ...fields, items: named },
      terms: null,
      paymentBehavior: 'allow_incomplete',
    })
    return
  }
  const ends = subscription.items.every((item) => item.current_period_end === now)
  if (ends && subscription.status !== 'trialing') {
    renew(account, subscriptionId, {
      ...fields,
      items: items.map((item) => placed(subscription, item, now)),
      ...((restarts || changesInterval(account, subscription, items)) && { billing_cycle_anchor: now }),
    })
    return
  }
  updateSubscriptionTerms(account, subscriptionId, {
    fields,
    terms: { items, proration, at: now, anchor: restarts && isNew ? 'now' : 'unchanged', trialEnd },
    paymentBehavior: 'allow_incomplete',
  })
}

/** Adds what a phase bills once to the next invoice, when the phase begins. */
function addPhaseItems(account: Account, subscription: SubscriptionRow, phase: SchedulePhase): void {
  const { customer, currency, id } = subscription
  if (phase.start_date !== account.nowOf(customer)) return
  for (const item of oneTimeItemsOf(account, phase, { customer, currency }))
    addOneTimeItem(account, item, { customer, currency, subscription: id })
}

/** What a phase bills once, with its discounts redeemed. */
export function oneTimeItemsOf(
  account: Account,
  { add_invoice_items: added = [], start_date, end_date }: SchedulePhase,
  payer: { customer: string; currency: string },
): OneTimeItem[] {
  const within = ({ start, end }: AddedPeriod): AddedPeriod => ({
    start: start.type === 'phase_start' ? { type: 'timestamp', timestamp: start_date } : start,
    end: end.type === 'phase_end' ? { type: 'timestamp', timestamp: end_date } : end,
  })
  return added.map((item) => ({
    ...item,
    discounts: enterDiscounts(account, item.discounts, [], payer),
    period: within(item.period),
  }))
}

/** Each phase item changes the item with its price, or else the next item that the phase doesn't name. */
function matchItems(account: Account, subscription: SubscriptionRow, wanted: readonly PhaseItem[]): ItemChange[] {
  const { items } = subscription
  const free = items.filter((item) => !wanted.some(({ price }) => price === item.price))
  return wanted.map(({ billing_thresholds, price, quantity, metadata, discounts, tax_rates }) => {
    const before = items.find((item) => item.price === price) ?? free.shift()
    return {
      id: before?.id ?? null,
      price,
      quantity,
      billing_thresholds: billing_thresholds ?? null,
      metadata: { ...before?.metadata, ...metadata },
      discounts: enterDiscounts(account, discounts, before?.discounts ?? [], subscription),
      tax_rates,
    }
  })
}

function placed({ items }: SubscriptionRow, { id, billing_thresholds, ...change }: ItemChange, now: number): ItemRow {
  const before = items.find((item) => item.id === id)
  return {
    ...(before ?? {
      created: now,
      current_period_start: now,
      current_period_end: now,
      debit: null,
      discounts: [],
      tax_rates: [],
    }),
    ...change,
    billing_thresholds: billing_thresholds ?? undefined,
    id: id ?? newId('si', 14),
  }
}

/** A phase with another trial end moves it; a phase without one ends a running trial. */
function trialChange({ status, trial_end }: SubscriptionRow, phase: SchedulePhase, now: number): number | 'now' | null {
  if (phase.trial_end !== null && phase.trial_end > now) return phase.trial_end === trial_end ? null : phase.trial_end
  return status === 'trialing' && trial_end !== null && trial_end > now ? 'now' : null
}

function sameTerms({ items }: SubscriptionRow, wanted: readonly ItemChange[]): boolean {
  return (
    items.length === wanted.length &&
    items.every(
      (item, index) =>
        item.id === wanted[index]?.id && item.price === wanted[index].price && item.quantity === wanted[index].quantity,
    )
  )
}

function changesInterval(account: Account, { items }: SubscriptionRow, wanted: readonly { price: string }[]): boolean {
  const [before, after] = [commonInterval(account, items), commonInterval(account, wanted)]
  return before !== null && after !== null && !isSameInterval(before, after)
}
