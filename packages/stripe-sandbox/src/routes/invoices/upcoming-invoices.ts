import { currencyCode } from '../../http/currency-params.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, clearable, either, hash, oneOf, string, timestamp } from '../../http/params.ts'
import { route, until } from '../../http/route.ts'
import { DISCOUNTS } from '../discount-params.ts'
import { CANCEL_AT, PRORATION_BEHAVIOR } from '../subscriptions/subscription-params.ts'
import { TERMS } from '../subscriptions/subscription-update.ts'
import { AUTOMATIC_TAX, TAX_RATES } from '../tax-params.ts'
import { preview, PREVIEW_PARAMS } from './invoice-previews.ts'

const PARAMS = {
  automatic_tax: AUTOMATIC_TAX,
  coupon: string(),
  currency: currencyCode(),
  customer: string(),
  customer_details: PREVIEW_PARAMS.customer_details,
  discounts: DISCOUNTS,
  invoice_items: PREVIEW_PARAMS.invoice_items,
  preview_mode: oneOf('next', 'recurring'),
  subscription: string(),
  subscription_billing_cycle_anchor: either(['now', 'unchanged'], timestamp()),
  subscription_cancel_at: clearable(CANCEL_AT),
  subscription_cancel_at_period_end: boolean(),
  subscription_cancel_now: boolean(),
  subscription_default_tax_rates: TAX_RATES,
  subscription_details: PREVIEW_PARAMS.subscription_details,
  subscription_items: TERMS.items,
  subscription_proration_behavior: PRORATION_BEHAVIOR,
  subscription_proration_date: timestamp(),
  subscription_trial_end: either(['now'], timestamp()),
}
const UPCOMING = hash(PARAMS)
type Upcoming = ReturnType<typeof UPCOMING.read>

/** The first version without these routes: `create_preview` has replaced them. */
const REMOVED = '2025-03-31.basil'

/**
 * The upcoming invoice as older versions have it: a preview whose parameters have other names.
 *
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/invoice-preview-api-deprecations
 */
export const upcomingInvoiceRoutes = [
  until(
    REMOVED,
    route('GET', '/invoices/upcoming', UPCOMING, ({ account, params }) => preview(account, asPreview(params))),
  ),
  until(
    REMOVED,
    route('GET', '/invoices/upcoming/lines', hash({ ...PARAMS, ...PAGE }), ({ account, params }) => {
      const { limit, starting_after, ending_before, ...given } = params
      const { data } = preview(account, asPreview(given)).lines
      const cursors = { limit, starting_after, ending_before }
      return page('/v1/invoices/upcoming/lines', data.toReversed(), cursors, (line) => line)
    }),
  ),
]

/** The same as parameters of a preview. */
function asPreview({
  coupon,
  discounts,
  subscription_billing_cycle_anchor: anchor,
  subscription_cancel_at: cancel_at,
  subscription_cancel_at_period_end: cancel_at_period_end,
  subscription_cancel_now: cancel_now,
  subscription_default_tax_rates: default_tax_rates,
  subscription_details = {},
  subscription_items: items,
  subscription_proration_behavior: proration_behavior,
  subscription_proration_date: proration_date,
  subscription_trial_end: trial_end,
  ...params
}: Upcoming): Parameters<typeof preview>[1] {
  const given = {
    billing_cycle_anchor: anchor === 'now' || anchor === 'unchanged' ? { type: anchor } : undefined,
    ...{ cancel_at, cancel_at_period_end, cancel_now, default_tax_rates, items },
    ...{ proration_behavior, proration_date, trial_end },
  }
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as typeof given
  return {
    ...params,
    ...(discounts !== undefined ? { discounts } : coupon !== undefined && { discounts: [{ coupon }] }),
    subscription_details: { ...subscription_details, ...named },
  }
}
