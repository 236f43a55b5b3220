import type Stripe from 'stripe'
import type { PaymentProvider, ProviderPaymentMethod } from '../payment-provider.ts'
import { nullIfMissing, type CallStripe } from './calls.ts'

/** The part of the port for what is on file to charge. */
export function createStripePaymentMethods(call: CallStripe): Pick<PaymentProvider, 'fetchPaymentMethod'> {
  return {
    fetchPaymentMethod: (id) =>
      call(async (stripe) => {
        const { customer, default_payment_method: own } = await stripe.subscriptions.retrieve(id, {
          expand: ['default_payment_method', 'customer.invoice_settings.default_payment_method'],
        })
        const shared =
          typeof customer === 'string' || customer.deleted ? null : customer.invoice_settings.default_payment_method
        return readMethod(own ?? shared)
      }).catch(nullIfMissing),
  }
}

function readMethod(method: string | Stripe.PaymentMethod | null): ProviderPaymentMethod | null {
  if (method === null || typeof method === 'string') return null
  const { type, card } = method
  const bank = method.sepa_debit ?? method.us_bank_account ?? method.bacs_debit ?? method.au_becs_debit
  return {
    type,
    brand: card?.brand ?? null,
    last4: card?.last4 ?? bank?.last4 ?? null,
    expMonth: card?.exp_month ?? null,
    expYear: card?.exp_year ?? null,
  }
}
