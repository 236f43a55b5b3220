import { isHash, renamed, type VersionChange } from './version-change.ts'

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
