import { monthsOf } from '../../billing/anchor-config.ts'
import { nextBoundary } from '../../billing/periods.ts'
import { exclusiveParams, invalidRequest } from '../../http/errors.ts'
import {
  boolean,
  clearable,
  either,
  hash,
  integer,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import { billedUntil } from '../../state/billed-until.ts'
import type {
  AnchorConfig,
  BillingThresholds,
  ItemRow,
  PendingInterval,
  SubscriptionRow,
} from '../../state/rows/subscription.ts'

/** Whether to charge the customer's card or to send an invoice. */
export const COLLECTION_METHOD = oneOf('charge_automatically', 'send_invoice')

/** The day of the month that periods begin on. */
export const BILLING_CYCLE_ANCHOR_CONFIG = hash({
  day_of_month: required(integer({ min: 1, max: 31 })),
  hour: integer({ min: 0, max: 23 }),
  minute: integer({ min: 0, max: 59 }),
  month: integer({ min: 1, max: 12 }),
  second: integer({ min: 0, max: 59 }),
})

/**
 * Reads the anchor of a new subscription.
 *
 * @param within the parameter that holds it, such as `subscription_data`; empty for the request itself.
 * @throws {StripeApiError} 400 for a day of the month together with a time, or for prices by days or weeks.
 */
export function readAnchorConfig(
  account: Account,
  items: readonly { readonly price: string }[],
  {
    billing_cycle_anchor: time,
    billing_cycle_anchor_config: given,
  }: { billing_cycle_anchor?: unknown; billing_cycle_anchor_config?: ParamValue<typeof BILLING_CYCLE_ANCHOR_CONFIG> },
  within = '',
): AnchorConfig | null {
  if (given === undefined) return null
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  if (time !== undefined)
    throw exclusiveParams('billing_cycle_anchor', 'billing_cycle_anchor_config', name('billing_cycle_anchor_config'))
  const recurring = items.flatMap(({ price }) => account.prices.get(price).recurring ?? [])
  if (recurring.some((each) => monthsOf(each) === null))
    throw invalidRequest(
      '`billing_cycle_anchor_config` can only be used with prices that have a `month` or `year` interval.',
      { param: name('billing_cycle_anchor_config') },
    )
  const { day_of_month, hour = null, minute = null, month = null, second = null } = given
  return { day_of_month, hour, minute, month, second }
}

export const BILLING_MODE = hash({
  type: required(oneOf('classic', 'flexible')),
  flexible: hash({ proration_discounts: oneOf('included', 'itemized') }),
})

/** What a request says about the billing mode of a new subscription. */
export const readMode = (
  given: ParamValue<typeof BILLING_MODE> | undefined,
): Partial<Pick<SubscriptionRow, 'billing_mode' | 'prorationDiscounts'>> => ({
  ...(given && { billing_mode: given.type }),
  ...(given?.flexible?.proration_discounts === 'itemized' && { prorationDiscounts: 'itemized' as const }),
})

/** When to cancel. */
export const CANCEL_AT = either(['min_period_end', 'max_period_end', 'max_billed_until'], timestamp())

/** The time that a {@link CANCEL_AT} stands for. */
export function cancelTime(
  value: ParamValue<typeof CANCEL_AT>,
  items: readonly Pick<ItemRow, 'ahead' | 'current_period_end'>[],
): number {
  if (typeof value === 'number') return value
  if (value === 'max_billed_until') return Math.max(...items.map(billedUntil))
  const ends = items.map((item) => item.current_period_end)
  return value === 'min_period_end' ? Math.min(...ends) : Math.max(...ends)
}

/** Why a subscription is canceled, in the customer's words and as a choice. */
export const CANCELLATION_DETAILS = hash({
  comment: clearable(string()),
  feedback: clearable(
    oneOf(
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ),
  ),
})

/** What to do if the first payment of a subscription or of a change fails. */
export const PAYMENT_BEHAVIOR = oneOf(
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
)

export const PAYMENT_SETTINGS = hash({ save_default_payment_method: oneOf('off', 'on_subscription') })

/** Whether to invoice prorations at once, with the next invoice, or not at all. */
export const PRORATION_BEHAVIOR = oneOf('always_invoice', 'create_prorations', 'none')

/** What to do if a trial ends and the customer has no card. */
export const TRIAL_SETTINGS = hash({
  end_behavior: required(hash({ missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')) })),
})

/** The same for a subscription itself, with what becomes of its anchor. */
export const OWN_TRIAL_SETTINGS = hash({
  end_behavior: required(
    hash({
      billing_cycle_anchor: oneOf('now', 'unchanged'),
      missing_payment_method: oneOf('cancel', 'create_invoice', 'pause'),
    }),
  ),
})

/** What a request says about the end of a trial. */
export const trialEndFields = ({
  end_behavior: end,
}: ParamValue<typeof OWN_TRIAL_SETTINGS>): Partial<SubscriptionRow> => ({
  ...(end.billing_cycle_anchor && { trialEndAnchor: end.billing_cycle_anchor }),
  ...(end.missing_payment_method && { missing_payment_method: end.missing_payment_method }),
})

/** How often to bill pending invoice items. An empty value leaves them to the next invoice. */
export const PENDING_INTERVAL = clearable(
  hash({
    interval: required(oneOf('day', 'month', 'week', 'year')),
    interval_count: integer({ min: 1, max: 365 }),
  }),
)

/** How often a request asks for pending items to be billed. */
export const readPendingInterval = ({
  interval,
  interval_count = 1,
}: NonNullable<ParamValue<typeof PENDING_INTERVAL>>): PendingInterval => ({ interval, interval_count })

/** When pending items of a subscription are billed next, as seen from its anchor. */
export function pendingFields(
  given: ParamValue<typeof PENDING_INTERVAL> | undefined,
  { anchor, now }: { anchor: number; now: number },
): Pick<SubscriptionRow, 'nextPendingInvoice' | 'pendingInterval'> {
  if (given === undefined) return {}
  if (given === null) return { pendingInterval: undefined, nextPendingInvoice: undefined }
  const pendingInterval = readPendingInterval(given)
  return { pendingInterval, nextPendingInvoice: nextBoundary(anchor, pendingInterval, now) }
}

/** When to send an invoice before the period ends. An empty value removes the thresholds. */
export const BILLING_THRESHOLDS = clearable(
  hash({ amount_gte: integer({ min: 1 }), reset_billing_cycle_anchor: boolean() }),
)

export function readThresholds(given: ParamValue<typeof BILLING_THRESHOLDS> | undefined): BillingThresholds | null {
  if (!given) return null
  return {
    amount_gte: given.amount_gte ?? null,
    reset_billing_cycle_anchor: given.reset_billing_cycle_anchor ?? null,
  }
}
