import Stripe from 'stripe'
import type { PaymentProvider } from './payment-provider.ts'
import { asked, orNull } from './stripe-calls.ts'
import { madeOnce } from './stripe-keys.ts'
import { idOf } from './stripe-objects.ts'
import { readPeriod } from './stripe-period.ts'
import { endNow } from './stripe-subscriptions.ts'

/** The side of the port that settles up with a customer for a subscription that comes to its end before its time. */
export function createStripeCredit(
  stripe: Stripe,
): Pick<PaymentProvider, 'stopCollecting' | 'cancelWithCredit' | 'returnBalance'> {
  return {
    stopCollecting: (subscription) =>
      asked(async () => {
        // A subscription's draft can't be deleted, but without `auto_advance` it stays a draft for ever.
        for await (const { id, auto_advance } of stripe.invoices.list({ subscription, status: 'draft', limit: 100 })) {
          if (auto_advance) await stripe.invoices.update(id, { auto_advance: false })
        }
        for await (const { id } of stripe.invoices.list({ subscription, status: 'open', limit: 100 })) {
          await voidInvoice(stripe, id)
        }
      }),

    cancelWithCredit: (id) =>
      asked(async () => {
        const subscription = await stripe.subscriptions.retrieve(id)
        // Nothing was paid for a trial, nor for one that never began.
        const isPayable = subscription.status === 'active' || subscription.status === 'past_due'
        const { billed, kept } = isPayable ? await readPeriod(stripe, subscription) : { billed: 0, kept: 0 }
        const isWhole = kept > 0 && kept >= billed
        if (kept > 0 && !isWhole) await creditShare(stripe, subscription, kept / billed)
        await endNow(stripe, subscription, { credit: isWhole })
      }),

    returnBalance: (id) =>
      asked(async () => {
        const { status, customer, currency, starting_balance, ending_balance } = await stripe.invoices.retrieve(id)
        // Of one that is voided, Stripe gives it back by itself.
        if (status !== 'paid' || !customer) return
        await moveBalance(stripe, idOf(customer), {
          fact: `returned:${id}`,
          amount: starting_balance - (ending_balance ?? starting_balance),
          currency,
          description: 'Balance used for a subscription that was undone',
        })
        // With the customer his balance is gone, too.
      }).catch((error: unknown) => void orNull(error)),
  }
}

async function voidInvoice(stripe: Stripe, id: string): Promise<void> {
  try {
    await stripe.invoices.voidInvoice(id)
  } catch (error) {
    // Paid or voided by somebody else in this very moment: then it is not open any more.
    if ((await stripe.invoices.retrieve(id)).status === 'open') throw error
  }
}

/**
 * Credits a share of what Stripe's own proration would, which goes by what was billed, whatever became of the payment.
 *
 * @see https://docs.stripe.com/billing/subscriptions/prorations#unpaid-invoices
 */
async function creditShare(stripe: Stripe, subscription: Stripe.Subscription, share: number): Promise<void> {
  const amount = Math.floor((await unusedOf(stripe, subscription.id)) * share)
  await moveBalance(stripe, idOf(subscription.customer), {
    fact: `unused:${subscription.id}`,
    amount: -amount,
    currency: subscription.currency,
    description: 'Unused time of the subscription before',
  })
}

/** Changes a customer's balance (negative: credit) once for each fact, however late a repeat comes. */
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
  // Idempotency keys live for a day, a job may be tried for longer.
  if (await find()) return
  await madeOnce({
    key: `balance:${fact}`,
    make: async (idempotencyKey) =>
      stripe.customers.createBalanceTransaction(customer, { ...entry, metadata: { fact } }, { idempotencyKey }),
    find,
  })
}

/** What Stripe would credit if the subscription were canceled now. */
async function unusedOf(stripe: Stripe, subscription: string): Promise<number> {
  try {
    return unusedIn(await stripe.invoices.createPreview({ subscription, subscription_details: { cancel_now: true } }))
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && error.code === 'invoice_upcoming_none') return 0
    throw error
  }
}

/** What an invoice credits for unused time. */
export function unusedIn({ lines }: Stripe.Invoice): number {
  const credits = lines.data.filter(
    ({ amount, parent }) => amount < 0 && parent?.subscription_item_details?.proration === true,
  )
  return credits.reduce((sum, { amount }) => sum - amount, 0)
}
