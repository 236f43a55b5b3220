import Stripe from 'stripe'
import type { PaymentProvider } from '../payment-provider.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'
import { previewOf, withAllLines } from './invoice-lines.ts'
import { createOnce } from './keys.ts'
import { idOf, waitingItem } from './objects.ts'
import { isLastInvoice, readPeriod, UNUSED } from './period.ts'
import { endNow, hasEnded } from './subscriptions.ts'

/** The part of the port for the money of subscriptions that end early. */
export function createStripeCredit(
  call: CallStripe,
): Pick<PaymentProvider, 'stopCollecting' | 'cancelWithCredit' | 'returnBalance' | 'isPeriodPaid'> {
  return {
    stopCollecting: (subscription) =>
      call(async (stripe) => {
        // A subscription's draft cannot be deleted, but without `auto_advance` it stays a draft forever.
        for await (const { id, auto_advance } of stripe.invoices.list({ subscription, status: 'draft', limit: 100 })) {
          if (auto_advance) await stripe.invoices.update(id, { auto_advance: false })
        }
        for await (const { id } of stripe.invoices.list({ subscription, status: 'open', limit: 100 })) {
          await voidInvoice(stripe, id)
        }
      }).catch((error: unknown) => void nullIfMissing(error)),

    cancelWithCredit: (id) =>
      call(async (stripe) => {
        const subscription = await stripe.subscriptions.retrieve(id)
        if (hasEnded(subscription)) {
          await correctCredit(stripe, subscription)
          return
        }
        // Nothing was paid for a trial, or for a subscription that never started.
        const isPayable = subscription.status === 'active' || subscription.status === 'past_due'
        const { billed, kept } = isPayable ? await readPeriod(stripe, subscription) : { billed: 0, kept: 0 }
        const isPaidInFull = billed > 0 && kept >= billed
        const isPaidInPart = billed > 0 && !isPaidInFull
        await (isPaidInPart ? noteUnused(stripe, subscription) : forgetUnused(stripe, subscription))
        // A period that cost nothing leaves nothing to credit, but what was used in it is still billed.
        const isFree = isPayable && billed === 0
        await endNow(stripe, subscription, { credit: isPaidInFull, billsUse: isPaidInFull || isFree })
        if (isPaidInPart) await correctCredit(stripe, await stripe.subscriptions.retrieve(id))
      }),

    isPeriodPaid: (id) =>
      call(async (stripe) => {
        const { billed, kept } = await readPeriod(stripe, await stripe.subscriptions.retrieve(id))
        return billed <= 0 || kept > 0
      }),

    returnBalance: (id) =>
      call(async (stripe) => {
        const { status, customer, currency, starting_balance, ending_balance } = await stripe.invoices.retrieve(id)
        // For a voided invoice, Stripe returns the balance itself.
        if (status !== 'paid' || !customer) return
        await moveBalance(stripe, idOf(customer), {
          fact: `returned:${id}`,
          amount: starting_balance - (ending_balance ?? starting_balance),
          currency,
          description: 'Balance returned from a subscription that was undone',
        })
        // If the customer was deleted, so was their balance.
      }).catch((error: unknown) => void nullIfMissing(error)),
  }
}

async function voidInvoice(stripe: Stripe, id: string): Promise<void> {
  try {
    await stripe.invoices.voidInvoice(id)
  } catch (error) {
    // Someone else may have paid or voided it at the same time. Then it is no longer open.
    if ((await stripe.invoices.retrieve(id)).status === 'open') throw error
  }
}

/** Stores what the unused time was billed, because Stripe cannot compute it after the end. The credit needs it. */
async function noteUnused(stripe: Stripe, { id, metadata }: Stripe.Subscription): Promise<void> {
  if (metadata[UNUSED] !== undefined) return
  await stripe.subscriptions.update(id, { metadata: { [UNUSED]: String(await unusedOf(stripe, id)) } })
}

/** An earlier try may have stored it. Since then, all that was billed has been paid, so Stripe credits it. */
async function forgetUnused(stripe: Stripe, { id, metadata }: Stripe.Subscription): Promise<void> {
  if (metadata[UNUSED] !== undefined) await stripe.subscriptions.update(id, { metadata: { [UNUSED]: '' } })
}

/**
 * Corrects the credit for an ended subscription: it must equal the paid share of the unused time. Since the last call,
 * a payment may have been refunded or disputed, or a dispute may have been won.
 */
async function correctCredit(stripe: Stripe, subscription: Stripe.Subscription): Promise<void> {
  const { id, currency } = subscription
  const customer = idOf(subscription.customer)
  // If the customer was deleted, so was their balance.
  if ((await stripe.customers.retrieve(customer)).deleted) return
  const fact = `unused:${id}`
  let corrections = 0
  let given = await creditedAtEnd(stripe, subscription)
  const unused = given || Number(subscription.metadata[UNUSED] ?? 0)
  if (unused === 0) return
  for await (const { amount, metadata } of stripe.customers.listBalanceTransactions(customer, { limit: 100 })) {
    if (!metadata?.['fact']?.startsWith(`${fact}:`)) continue
    given -= amount
    corrections += 1
  }
  const { billed, kept } = await readPeriod(stripe, subscription)
  const share = billed > 0 ? Math.min(1, Math.max(0, kept / billed)) : 1
  await moveBalance(stripe, customer, {
    fact: `${fact}:${corrections}`,
    amount: given - Math.floor(unused * share),
    currency,
    description: 'Unused time of the previous subscription',
  })
}

/** What Stripe's own proration credited when the subscription ended. */
async function creditedAtEnd(stripe: Stripe, subscription: Stripe.Subscription): Promise<number> {
  if (!subscription.latest_invoice) return 0
  const last = await withAllLines(stripe, await stripe.invoices.retrieve(idOf(subscription.latest_invoice)))
  return isLastInvoice(last, subscription) ? creditIn(last) : 0
}

/** Changes a customer's balance once per `fact`, even if a repeat comes days later. A negative amount is a credit. */
export async function moveBalance(
  stripe: Stripe,
  customer: string,
  { fact, ...entry }: { fact: string; amount: number; currency: string; description: string },
): Promise<void> {
  if (entry.amount === 0) return
  const find = async () => {
    for await (const moved of stripe.customers.listBalanceTransactions(customer, { limit: 100 })) {
      if (moved.metadata?.['fact'] === fact) return moved
    }
    return null
  }
  // Stripe forgets idempotency keys after a day, but a job may be retried for longer.
  if (await find()) return
  await createOnce({
    key: `balance:${fact}`,
    make: async (idempotencyKey) =>
      stripe.customers.createBalanceTransaction(customer, { ...entry, metadata: { fact } }, { idempotencyKey }),
    find,
  })
}

/** What Stripe would credit if the subscription were canceled now. */
async function unusedOf(stripe: Stripe, subscription: string): Promise<number> {
  try {
    return creditIn(await previewOf(stripe, { subscription, subscription_details: { cancel_now: true } }))
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'invoice_upcoming_none') return 0
    throw error
  }
}

/**
 * What the prorations on a last invoice, or on the preview of one, credit. It also has those of members who have joined or
 * left since the last regular invoice: what has not been paid is not credited.
 */
function creditIn({ lines }: Stripe.Invoice): number {
  return Math.max(0, -sumOf(lines.data.filter(isProration)))
}

/**
 * What Stripe's own proration credits on this preview of a change, with the taxes of that time.
 *
 * @param withoutCredit a preview of the same change without prorations. Those on it have waited for the next invoice.
 */
export function unusedIn({ lines }: Stripe.Invoice, withoutCredit: Stripe.Invoice): number {
  const waiting = new Set(withoutCredit.lines.data.map(waitingItem))
  const isOwn = (line: Stripe.InvoiceLineItem) => waitingItem(line) === null || !waiting.has(waitingItem(line))
  return -sumOf(lines.data.filter((line) => line.amount < 0 && isProration(line) && isOwn(line)))
}

const isProration = ({ parent }: Stripe.InvoiceLineItem): boolean =>
  parent?.subscription_item_details?.proration === true

const sumOf = (lines: readonly Stripe.InvoiceLineItem[]): number => lines.reduce((sum, line) => sum + totalOf(line), 0)

/** What a line adds to its invoice's total: after discounts, with the taxes that are added to it. */
export function totalOf({ amount, discount_amounts, taxes }: Stripe.InvoiceLineItem): number {
  const added = (taxes ?? []).filter(({ tax_behavior }) => tax_behavior === 'exclusive')
  return amount - addedUp(discount_amounts) + addedUp(added)
}

const addedUp = (parts: readonly { amount: number }[] | null): number =>
  (parts ?? []).reduce((sum, { amount }) => sum + amount, 0)
