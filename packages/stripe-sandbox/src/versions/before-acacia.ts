import { serializeCharge, serializeRefund } from '../resources/charge.ts'
import { embeddedList } from '../wire.ts'
import { idIn, isHash, renamed, type VersionChange } from './version-change.ts'

/** @see https://docs.stripe.com/changelog/2024-04-10 */
export const featuresBecomeMarketingFeatures: VersionChange = {
  since: '2024-04-10',
  objects: { product: (product) => renamed({ marketing_features: [], ...product }, 'marketing_features', 'features') },
  params: [
    {
      routes: /^POST \/v1\/products(?:\/\{\})?$/,
      upgrade: (params) => renamed(params, 'features', 'marketing_features'),
    },
  ],
}

/** @see https://docs.stripe.com/changelog/2024-04-10 */
export const renderingOptionsMove: VersionChange = {
  since: '2024-04-10',
  objects: {
    invoice: (invoice) => ({
      ...invoice,
      rendering_options: isHash(invoice['rendering'])
        ? { amount_tax_display: invoice['rendering']['amount_tax_display'] ?? null }
        : null,
    }),
  },
  params: [
    {
      routes: /^POST \/v1\/invoices(?:\/\{\})?$/,
      upgrade: (params) => renamed(params, 'rendering_options', 'rendering'),
    },
  ],
}

/** @see https://docs.stripe.com/changelog/2022-11-15 */
export const chargesAndRefundsLeaveTheirObjects: VersionChange = {
  since: '2022-11-15',
  objects: {
    charge: (charge, account) => {
      const id = idIn(charge) ?? ''
      const refunds = account.refunds.by('charge', id).toReversed()
      return { refunds: embeddedList(`/v1/charges/${id}/refunds`, refunds.map(serializeRefund)), ...charge }
    },
    payment_intent: (intent, account) => {
      const id = idIn(intent) ?? ''
      const charges = account.charges.by('payment_intent', id).toReversed()
      const shown = charges.map((row) => ({ ...serializeCharge(account, row) }))
      return { ...intent, charges: embeddedList(`/v1/charges?payment_intent=${id}`, shown) }
    },
  },
}
