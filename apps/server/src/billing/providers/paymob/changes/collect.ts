import { PaymentFailed } from '../../../billing.errors.ts'
import type { PaymobTransaction } from '../api/answers.ts'
import { isRefused, providerError } from '../api/paymob-error.ts'
import { isReferenceUsed, NO_PHONE } from '../checkout.ts'
import type { Ledger } from '../ledger.ts'
import { writeNotes, type ChangeNote } from '../notes.ts'
import type { PaymobContext } from '../paymob-context.ts'
import { writeReference } from '../references.ts'

/** Maximum number of references to try. One is used up each time the answer to an intention is lost. */
const ATTEMPTS = 3

/**
 * Collects what a noted plan change costs from the card on file, without the customer. There are no idempotency keys, so
 * what Paymob says of the reference counts, and not the answer to the payment.
 *
 * @returns the payment.
 * @throws {PaymentFailed} if the card is declined. The note is dropped.
 * @throws {PaymentProviderError} if it is not known whether it was paid. The note stays.
 */
export async function collect(context: PaymobContext, ledger: Ledger, change: ChangeNote): Promise<PaymobTransaction> {
  const { api, settings } = context
  const { id: subscriptionId } = ledger.subscription
  const { operation, priceId, dueCents } = change
  const card = (await api.cardsOf(subscriptionId)).find(({ is_primary }) => is_primary)
  if (!card) throw providerError(`The subscription ${subscriptionId} has no card.`)
  for (let attempt = change.attempt; attempt < ATTEMPTS; attempt += 1) {
    const reference = writeReference({ kind: 'change', subscriptionId, priceId, operation, attempt })
    if (attempt > change.attempt) {
      await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, change: { ...change, attempt } }))
    }
    const key = await paymentKey(context, ledger, { reference, dueCents })
    if (key === null) continue
    await api.payWithCard(card.token, key).catch((error: unknown) => {
      if (!isRefused(error)) throw error
    })
    const payment = await api.inquire(reference)
    if (payment?.success) return payment
    if (!payment || payment.pending) throw providerError(`It is not known yet whether ${reference} is paid.`)
    await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, change: null, owed: null }))
    throw new PaymentFailed()
  }
  throw providerError(`Paymob has used up the references of the plan change ${operation}.`)
}

/** @returns null if the reference is used: the answer to an earlier intention was lost, so no one could pay that one. */
async function paymentKey(
  { api, settings }: PaymobContext,
  { subscription: { client_info }, first }: Ledger,
  { reference, dueCents: amount }: { reference: string; dueCents: number },
): Promise<string | null> {
  const [firstName = '', ...others] = (client_info?.full_name ?? '').trim().split(/\s+/)
  try {
    const { payment_keys } = await api.createIntention({
      amount,
      currency: first.currency.toUpperCase(),
      payment_methods: [settings.motoIntegration],
      items: [{ name: 'Plan change', amount, description: 'Plan change', quantity: 1 }],
      billing_data: {
        first_name: firstName || 'NA',
        last_name: others.join(' ') || 'NA',
        email: client_info?.email ?? 'NA',
        phone_number: client_info?.phone_number ?? NO_PHONE,
      },
      special_reference: reference,
      notification_url: settings.callbackUrl,
      redirection_url: settings.returnUrl,
    })
    const [usable] = payment_keys
    if (!usable) throw providerError('Paymob has returned no payment key.')
    return usable.key
  } catch (error) {
    if (isReferenceUsed(error)) return null
    throw error
  }
}
