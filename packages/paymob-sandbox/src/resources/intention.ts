import { stampOf, type Region } from '../dates.ts'
import type { IntentionRow } from '../state/rows.ts'

export function intentionObject(region: Region, row: IntentionRow) {
  return {
    payment_keys: row.paymentMethods.map((integration) => ({
      integration,
      key: row.paymentKey,
      order_id: row.id,
      redirection_url: row.redirectionUrl,
    })),
    intention_order_id: row.id,
    id: row.intentionId,
    intention_detail: { amount: row.amount, items: row.items, currency: row.currency, billing_data: row.billingData },
    amount: row.amount,
    currency: row.currency,
    client_secret: row.clientSecret,
    payment_methods: row.paymentMethods.map((integration) => ({ integration_id: integration, method_type: 'online' })),
    special_reference: row.specialReference,
    extras: { creation_extras: row.extras, confirmation_extras: null },
    confirmed: row.isPaid,
    status: row.isPaid ? 'processed' : 'intended',
    created: stampOf(region, row.createdAt, row.id),
    card_detail: null,
    card_tokens: row.cardTokens,
    redirection_url: row.redirectionUrl,
    object: 'paymentintention',
  }
}
