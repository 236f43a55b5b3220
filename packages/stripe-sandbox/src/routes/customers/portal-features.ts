import { missingParam } from '../../http/errors.ts'
import { boolean, clearable, hash, integer, list, oneOf, required, string, type ParamValue } from '../../http/params.ts'
import type { PauseDuration, PlanChanges, PortalConfigurationRow } from '../../state/rows/checkout.ts'
import { PRORATION_BEHAVIOR } from '../subscriptions/subscription-params.ts'

/** What a configuration lets customers do. */
export const FEATURES = hash({
  customer_update: hash({
    allowed_updates: clearable(list(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id'))),
    enabled: boolean(),
  }),
  invoice_history: hash({ enabled: required(boolean()) }),
  payment_method_update: hash({ enabled: required(boolean()) }),
  subscription_cancel: hash({
    enabled: boolean(),
    mode: oneOf('at_period_end', 'immediately'),
    proration_behavior: PRORATION_BEHAVIOR,
  }),
  subscription_pause: hash({
    duration: hash({
      interval_options: clearable(
        list(
          hash({
            interval: required(oneOf('day', 'month', 'week', 'year')),
            interval_count: integer({ min: 1, max: 1096 }),
          }),
        ),
      ),
      type: required(oneOf('indefinite', 'interval_options')),
    }),
    enabled: boolean(),
  }),
  subscription_update: hash({
    enabled: boolean(),
    billing_cycle_anchor: oneOf('now', 'unchanged'),
    default_allowed_updates: clearable(list(oneOf('price', 'promotion_code', 'quantity'))),
    products: clearable(
      list(
        hash({
          adjustable_quantity: hash({
            enabled: required(boolean()),
            maximum: integer({ min: 1 }),
            minimum: integer({ min: 0 }),
          }),
          product: required(string()),
          prices: required(list(string())),
        }),
      ),
    ),
    proration_behavior: PRORATION_BEHAVIOR,
    schedule_at_period_end: hash({
      conditions: clearable(
        list(hash({ type: required(oneOf('decreasing_item_amount', 'shortening_interval')) }), { max: 2 }),
      ),
    }),
    trial_update_behavior: oneOf('continue_trial', 'end_trial'),
  }),
})
/**
 * Reads what a configuration lets customers do. What the request doesn't name stays.
 *
 * @throws {StripeApiError} 400 for pauses of a certain time without the times to choose from.
 */
export function readFeatures(
  given: ParamValue<typeof FEATURES>,
  old: PortalConfigurationRow['features'],
  known: PlanChanges,
): PortalConfigurationRow['features'] {
  const { invoice_history, payment_method_update, subscription_cancel: cancel, subscription_update: update } = given
  const { customer_update: person, subscription_pause: pause } = given
  const conditions = update?.schedule_at_period_end?.conditions
  return {
    invoice_history: invoice_history?.enabled ?? old.invoice_history,
    payment_method_update: payment_method_update?.enabled ?? old.payment_method_update,
    ...((person ?? old.customer_update) && {
      customer_update: {
        enabled: person?.enabled ?? old.customer_update?.enabled ?? false,
        allowed_updates:
          person?.allowed_updates === undefined
            ? (old.customer_update?.allowed_updates ?? [])
            : (person.allowed_updates ?? []),
      },
    }),
    ...((pause ?? old.subscription_pause) && {
      subscription_pause: {
        enabled: pause?.enabled ?? old.subscription_pause?.enabled ?? false,
        duration: pause?.duration
          ? readDuration(pause.duration)
          : (old.subscription_pause?.duration ?? {
              type: 'interval_options',
              interval_options: [{ interval: 'month', interval_count: 1 }],
            }),
      },
    }),
    subscription_cancel: {
      enabled: cancel?.enabled ?? old.subscription_cancel.enabled,
      mode: cancel?.mode ?? old.subscription_cancel.mode,
      proration_behavior: cancel?.proration_behavior ?? old.subscription_cancel.proration_behavior ?? 'none',
    },
    subscription_update: update
      ? {
          allowed_updates:
            update.default_allowed_updates === undefined
              ? (known.allowed_updates ?? [])
              : (update.default_allowed_updates ?? []),
          enabled: update.enabled ?? known.enabled,
          products: update.products?.map(readProduct) ?? known.products,
          proration_behavior: update.proration_behavior ?? known.proration_behavior ?? 'none',
          billing_cycle_anchor: update.billing_cycle_anchor ?? known.billing_cycle_anchor ?? 'unchanged',
          trial_update_behavior: update.trial_update_behavior ?? known.trial_update_behavior ?? 'continue_trial',
          atPeriodEnd:
            conditions === undefined ? (known.atPeriodEnd ?? []) : (conditions?.map(({ type }) => type) ?? []),
        }
      : old.subscription_update,
  }
}

type Offered = NonNullable<NonNullable<ParamValue<typeof FEATURES>['subscription_update']>['products']>[number]

const readProduct = ({ adjustable_quantity: adjustable, ...product }: Offered): PlanChanges['products'][number] => ({
  ...product,
  ...(adjustable && { adjustable_quantity: { maximum: null, minimum: 1, ...adjustable } }),
})

type GivenDuration = NonNullable<NonNullable<ParamValue<typeof FEATURES>['subscription_pause']>['duration']>

function readDuration({ interval_options: options, type }: GivenDuration): PauseDuration {
  if (type === 'indefinite') return { type, interval_options: [] }
  if (!options || options.length === 0) throw missingParam('features[subscription_pause][duration][interval_options]')
  return { type, interval_options: options.map((option) => ({ interval_count: 1, ...option })) }
}
