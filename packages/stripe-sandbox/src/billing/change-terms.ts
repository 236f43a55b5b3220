import { netAmounts } from '../amounts/invoice-amounts.ts'
import { priceAmount } from '../amounts/price-parts.ts'
import { discountsFor } from '../discounts/in-effect.ts'
import type { Account } from '../state/account.ts'
import { billedUntil } from '../state/billed-until.ts'
import { priceIn } from '../state/price-in.ts'
import type { InvoiceLine } from '../state/rows/invoice.ts'
import type { BillingSchedule, ItemRow, ProrationBehavior, SubscriptionRow } from '../state/rows/subscription.ts'
import { shareOfPeriod } from './first-period.ts'
import { billedRates, debitOf, periodLines, remainingLine, usageLines } from './lines.ts'
import { nextBoundary } from './periods.ts'
import { pausedPeriod, placeItems, presentPeriod, type ItemChange } from './place-items.ts'
import { billAhead, prebill, unusedLines } from './prebilling.ts'
import { commonInterval, isSameInterval, recurrenceOf, recurringPrice } from './recurring-price.ts'

export interface TermsChange {
  /** All items after the change, in order; null keeps the current ones. */
  readonly items: readonly ItemChange[] | null
  readonly proration: ProrationBehavior
  /** The proration date: when the new terms start to count. */
  readonly at: number
  readonly anchor: 'now' | 'unchanged'
  /** The trial's new end; 'now' ends the trial, null leaves it alone. */
  readonly trialEnd: number | 'now' | null
  /** New billing schedules, of which those that the subscription doesn't have yet are billed; missing to keep them. */
  readonly schedules?: readonly BillingSchedule[] | undefined
  /** The parameter that has them. */
  readonly schedulesParam?: string
}

/** The result of a change of terms. */
export interface NewTerms {
  readonly fields: Partial<SubscriptionRow>
  readonly lines: readonly InvoiceLine[]
  /** Whether a new period starts. If so, the lines are billed at once, whatever the proration behavior says. */
  readonly restarts: boolean
}

/**
 * Computes a change of items, trial or anchor, without applying it.
 *
 * In mid-period, an item's unused time is credited, and the rest of the period is charged on the new terms. A new
 * period starts, and is charged in full, when the interval of all items changes, when a free subscription becomes a paid
 * one, when a trial starts or ends, and when the caller asks for it. The new period starts now, but the unused time of
 * the old one is credited from the proration date, so that a change costs what its preview said.
 *
 * With several intervals, each item has its own period. All of them are counted from the subscription's anchor.
 *
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 * @see node_modules/stripe/esm/resources/Subscriptions.d.ts, `SubscriptionResource.update`
 */
export function changeTerms(account: Account, old: SubscriptionRow, change: TermsChange): NewTerms {
  const terms = changeItems(account, old, change)
  if (change.schedules === undefined) return terms
  const { items, lines } = prebill(
    account,
    { ...old, ...terms.fields },
    {
      kept: old.billing_schedules,
      param: change.schedulesParam,
      proration: change.proration,
      schedules: change.schedules,
    },
  )
  return {
    ...terms,
    fields: { ...terms.fields, billing_schedules: change.schedules, items },
    lines: [...terms.lines, ...lines],
  }
}

function changeItems(account: Account, old: SubscriptionRow, change: TermsChange): NewTerms {
  const now = account.nowOf(old.customer)
  const wanted = change.items ?? old.items
  recurringPrice(account, wanted, old.billing_mode, old.currency)
  const trialing = old.status === 'trialing'

  // A paused subscription has no invoices. Its resumption bills the new items.
  if (old.status === 'paused') {
    const items = placeItems(old, wanted, now, (item) => pausedPeriod(old, item))
    return { fields: { items: items.map((item) => ({ ...item, debit: null })) }, lines: [], restarts: false }
  }
  if (typeof change.trialEnd === 'number') return startTrial(account, old, change, { now, until: change.trialEnd })
  const endsTrial = trialing && change.trialEnd === 'now'
  if (endsTrial || change.anchor === 'now' || (!trialing && needsNewPeriod(account, old, wanted))) {
    // A trial that ends early may leave the anchor where it is. The first period then ends there.
    const keepsAnchor = endsTrial && change.anchor !== 'now' && old.trialEndAnchor === 'unchanged'
    const anchor = keepsAnchor ? old.billing_cycle_anchor : now
    const items = placeItems(old, wanted, now, (item) => ({
      start: now,
      end: nextBoundary(anchor, recurrenceOf(account, item), now),
    }))
    const moved: SubscriptionRow = { ...old, items, billing_cycle_anchor: anchor }
    const charges = items.flatMap((item) =>
      periodLines(account, moved, item, { trial: false }).map((line) =>
        keepsAnchor ? shareOfPeriod(account, moved, item, line, change.proration) : line,
      ),
    )
    const { currency } = moved
    const nets = netAmounts(account, { lines: charges, discounts: discountsFor(account, moved, now), currency })
    return {
      fields: {
        items: items.map(({ ahead: _ahead, usageFrom: _from, ...item }) => ({
          ...item,
          debit: debitOf(account, moved, item, charges, nets),
        })),
        billing_cycle_anchor: anchor,
        ...(trialing && { status: 'active', trial_end: now }),
      },
      lines: [...credits(account, old, old.items, change), ...usage(account, old, old.items, change), ...charges],
      restarts: true,
    }
  }

  const items = placeItems(old, wanted, now, (item) => presentPeriod(account, old, item, now))
  return prorated(account, old, items, change)
}

function prorated(account: Account, old: SubscriptionRow, items: ItemRow[], change: TermsChange): NewTerms {
  const removed = old.items.filter((item) => !items.some((kept) => kept.id === item.id))
  const replaced = old.items.filter((item) => items.some(({ id, price }) => id === item.id && price !== item.price))
  const lines = [...credits(account, old, removed, change), ...usage(account, old, [...removed, ...replaced], change)]
  const changed = items.map((item): ItemRow => {
    const before = old.items.find((candidate) => candidate.id === item.id)
    if (before && before.price === item.price && before.quantity === item.quantity) return item
    if (isMetered(account, item)) {
      if (change.proration === 'none') return item
      if (before) lines.push(...unusedLines(account, old, before, change.at))
      // Otherwise the next change would credit the same time again.
      return { ...item, ahead: undefined, debit: null }
    }
    if (change.proration === 'none' || change.at >= item.current_period_end) return item
    if (before) lines.push(...unusedLines(account, old, before, change.at))
    const moved = { ...old, items }
    // What was billed in advance is billed in advance on the new terms, too.
    const ahead = billAhead(account, moved, { ...item, ahead: item.ahead && [] }, billedUntil(item))
    // Nothing was paid for a trial and nothing is due: the new terms count when it ends.
    const charge = old.status === 'trialing' ? null : remainingLine(account, moved, item, change.at)
    lines.push(...(charge ? [charge] : []), ...ahead.lines)
    if (!charge) return ahead.item
    const tax_rates = billedRates(account, old, item)
    const debit = { amount: charge.amount, tax_rates, start: change.at, end: item.current_period_end }
    return { ...ahead.item, debit }
  })
  return { fields: { items: changed }, lines, restarts: false }
}

/** Starts a trial or moves its end. Nothing is due until then, and unused time that was paid for is credited. */
function startTrial(
  account: Account,
  old: SubscriptionRow,
  change: TermsChange,
  { now, until }: { now: number; until: number },
): NewTerms {
  const trialing = old.status === 'trialing'
  const start = trialing ? (old.items[0]?.current_period_start ?? now) : now
  const items = placeItems(old, change.items ?? old.items, now, () => ({ start, end: until })).map(
    ({ ahead: _ahead, ...item }) => ({ ...item, debit: { amount: 0, start, end: until } }),
  )
  const moved: SubscriptionRow = { ...old, items }
  return {
    fields: {
      items,
      billing_cycle_anchor: old.trialEndAnchor === 'unchanged' ? old.billing_cycle_anchor : until,
      status: 'trialing',
      trial_start: old.trial_start ?? now,
      trial_end: until,
      trialEndAnnounced: false,
    },
    lines: trialing
      ? credits(account, old, old.items, change)
      : [
          ...credits(account, old, old.items, change),
          ...usage(account, old, old.items, change),
          ...items.flatMap((item) => periodLines(account, moved, item, { trial: true })),
        ],
    restarts: !trialing,
  }
}

function credits(
  account: Account,
  old: SubscriptionRow,
  items: readonly ItemRow[],
  { proration, at }: Pick<TermsChange, 'proration' | 'at'>,
): InvoiceLine[] {
  return proration === 'none' ? [] : items.flatMap((item) => unusedLines(account, old, item, at))
}

/**
 * What metered items have used until now. Flexible billing charges for it when they are removed or replaced, or when a
 * new period begins. Classic billing charges only for what is used later.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup#update-prices-mid-cycle
 */
function usage(
  account: Account,
  old: SubscriptionRow,
  items: readonly ItemRow[],
  { proration }: Pick<TermsChange, 'proration'>,
): InvoiceLine[] {
  if (proration === 'none' || old.billing_mode === 'classic') return []
  const now = account.nowOf(old.customer)
  return items.flatMap((item) => usageLines(account, old, item, now)).filter(({ amount }) => amount !== 0)
}

const isMetered = (account: Account, { price }: Pick<ItemRow, 'price'>): boolean =>
  account.prices.get(price).meter !== null

/** Whether the interval of all items changes, or the subscription changes from free to paid. */
function needsNewPeriod(
  account: Account,
  old: SubscriptionRow,
  wanted: readonly Pick<ItemRow, 'price' | 'quantity'>[],
): boolean {
  const [before, after] = [commonInterval(account, old.items), commonInterval(account, wanted)]
  if (before && after && !isSameInterval(before, after)) return true
  return amountOf(account, old, old.items) === 0 && amountOf(account, old, wanted) > 0
}

function amountOf(
  account: Account,
  { currency }: SubscriptionRow,
  items: readonly Pick<ItemRow, 'price' | 'quantity'>[],
): number {
  // A metered item isn't free, even if nothing has been used yet.
  return items.reduce((sum, { price: id, quantity }) => {
    const price = priceIn(account, id, currency)
    return sum + (price.meter === null ? priceAmount(price, quantity) : 1)
  }, 0)
}
