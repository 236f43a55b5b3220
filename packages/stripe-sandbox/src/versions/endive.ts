import { renamed, inside, type VersionChange } from './version-change.ts'

const anchor = (given: unknown): unknown => (given === 'now' || given === 'unchanged' ? { type: given } : given)

/** @see https://docs.stripe.com/changelog/endive/2026-09-30/polymorphic-billing-cycle-anchor */
export const anchorsBecomeHashes: VersionChange = {
  since: '2026-09-30.endive',
  params: [
    {
      routes: /^POST \/v1\/subscriptions\/\{\}(?:\/resume)?$/,
      upgrade: (params) => renamed(params, 'billing_cycle_anchor', 'billing_cycle_anchor', anchor),
    },
    {
      routes: /^(?:POST \/v1\/invoices\/create_preview|GET \/v1\/invoices\/upcoming(?:\/lines)?)$/,
      upgrade: (params) =>
        inside(params, 'subscription_details', (details) =>
          renamed(details, 'billing_cycle_anchor', 'billing_cycle_anchor', anchor),
        ),
    },
  ],
}

/** @see node_modules/stripe/CHANGELOG.md, 23.0.0 */
export const paymentMethodTypesAreRenamed: VersionChange = {
  since: '2026-09-30.endive',
  params: [
    {
      routes: /^POST \/v1\/(?:checkout\/sessions|payment_intents(?:\/\{\})?|setup_intents(?:\/\{\})?)$/,
      upgrade: (params) => renamed(params, 'payment_method_types', 'allowed_payment_method_types'),
    },
  ],
}
