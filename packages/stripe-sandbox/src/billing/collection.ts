import { emit, emitUpdated } from '../events/emit.ts'
import { chargeCard, type ChargeOutcome } from '../payments/charge-card.ts'
import { HARD_DECLINES } from '../resources/charge.ts'
import { serializeInvoice, updateInvoice } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { Decline } from '../state/rows/payment.ts'
import { DAY } from '../time.ts'
import { defaultPayment, payWith } from './invoicing.ts'
import { paymentMethodFor } from './payment-method.ts'

export type CollectionOutcome = ChargeOutcome | { readonly kind: 'no_payment_method' }

interface CollectionOptions {
  /** Whether the retry schedule makes this attempt, not a person or the API. */
  readonly automatic: boolean
  /** The card to charge, instead of the invoice's own. */
  readonly paymentMethod?: string
  /** Whether the cardholder has just authenticated this payment. */
  readonly authenticated?: boolean
}

/**
 * Tries to collect an open invoice with one charge, and updates the invoice. The caller updates the subscription (see
 * `follow-payment.ts`), because a first invoice and a renewal differ there.
 */
export function collect(
  account: Account,
  id: string,
  { automatic, paymentMethod, authenticated = false }: CollectionOptions,
): CollectionOutcome {
  const invoice = account.invoices.get(id)
  const method = paymentMethod ?? paymentMethodFor(account, invoice)
  const payment = defaultPayment(account, id)
  const outcome: CollectionOutcome =
    method === null
      ? { kind: 'no_payment_method' }
      : chargeCard(account, payment.payment_intent, method, { authenticated })
  // The first attempt always counts; after that, only automatic ones do (Invoices.d.ts, attempt_count).
  const attempt_count = invoice.attempt_count + (automatic || invoice.attempt_count === 0 ? 1 : 0)

  if (outcome.kind === 'succeeded') {
    account.invoices.patch(id, { attempt_count })
    payWith(account, id, payment)
    return outcome
  }

  const before = serializeInvoice(account, account.invoices.get(id))
  const failed = serializeInvoice(
    account,
    account.invoices.patch(id, { attempt_count, attempted: true, ...(automatic && retry(account, id)) }),
  )
  emit(
    account,
    outcome.kind === 'requires_action' ? 'invoice.payment_action_required' : 'invoice.payment_failed',
    failed,
  )
  emitUpdated(account, 'invoice.updated', before, failed)
  return outcome
}

/** Counts a failed attempt. The account's retry schedule says when the next one is due, until it is used up. */
function retry(account: Account, id: string): { failedAttempts: number; next_payment_attempt: number | null } {
  const { failedAttempts, customer, collection_method } = account.invoices.get(id)
  const days =
    collection_method === 'charge_automatically' ? account.settings.retryAfterDays[failedAttempts] : undefined
  return {
    failedAttempts: failedAttempts + 1,
    next_payment_attempt: days === undefined ? null : account.nowOf(customer) + days * DAY,
  }
}

/** Skips an automatic attempt, which still counts in the retry schedule. */
export function postpone(account: Account, id: string): void {
  updateInvoice(account, id, retry(account, id))
}

/** Whether a retry is pointless: the bank declined the card permanently, and there is no other card since. */
export function isHopeless(account: Account, id: string): boolean {
  const { payment_intent } = defaultPayment(account, id)
  const { last_error } = account.paymentIntents.get(payment_intent)
  return (
    last_error !== null &&
    isHard(last_error) &&
    last_error.payment_method === paymentMethodFor(account, account.invoices.get(id))
  )
}

function isHard({ decline_code }: Decline): boolean {
  return decline_code !== null && HARD_DECLINES.has(decline_code)
}
