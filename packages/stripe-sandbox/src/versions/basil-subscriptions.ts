import { serializeDiscount } from '../resources/coupon.ts'
import type { Account } from '../state/account.ts'
import { hashes, idIn, inside, isHash, type Json, type VersionChange } from './version-change.ts'

/** @see https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end */
export const periodsMoveToItems: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    subscription(subscription) {
      const items = itemsOf(subscription)
      const [first] = items
      const only = items.length === 1 ? first : undefined
      return {
        ...subscription,
        ...(first && {
          current_period_start: first['current_period_start'],
          current_period_end: first['current_period_end'],
        }),
        // Neither is documented, but old versions have them if there is only one item.
        plan: only?.['plan'] ?? null,
        quantity: only?.['quantity'] ?? null,
      }
    },
    subscription_item: ({ current_period_start: _start, current_period_end: _end, ...item }) => item,
  },
}

const itemsOf = ({ items }: Json): Json[] => (isHash(items) ? hashes(items['data']) : [])

/** The discount, if there is exactly one. */
export function onlyDiscount(account: Account, discounts: unknown): unknown {
  if (!Array.isArray(discounts) || discounts.length !== 1) return null
  const row = account.discounts.find(idIn(discounts[0]) ?? '')
  return row ? serializeDiscount(row) : null
}

/** `coupon` or `promotion_code` as the only discount. An empty value removes all. */
function toDiscounts(params: Json): Json {
  const { coupon, promotion_code, ...rest } = params
  if (coupon === undefined && promotion_code === undefined) return params
  const given = Object.entries({ coupon, promotion_code }).filter(([, id]) => id !== undefined && id !== '')
  return { discounts: given.length === 0 ? '' : [Object.fromEntries(given)], ...rest }
}

/** @see https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-singular-coupon-promotion-code */
export const couponsBecomeDiscounts: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    subscription: (subscription, account) => ({
      ...subscription,
      discount: onlyDiscount(account, subscription['discounts']),
    }),
    subscription_schedule: (schedule) =>
      inside(schedule, 'phases', (phase) => {
        const discounts = hashes(phase['discounts'])
        return { ...phase, coupon: discounts.length === 1 ? (discounts[0]?.['coupon'] ?? null) : null }
      }),
  },
  params: [
    {
      routes:
        /^(?:POST \/v1\/subscriptions(?:\/\{\})?|POST \/v1\/invoices\/create_preview|GET \/v1\/invoices\/upcoming.*)$/,
      upgrade: toDiscounts,
    },
    {
      routes: /^POST \/v1\/subscription_schedules(?:\/\{\})?$/,
      upgrade: (params) => inside(params, 'phases', toDiscounts),
    },
  ],
  removedParams: {
    'POST /v1/customers': ['coupon', 'promotion_code'],
    'POST /v1/customers/{}': ['coupon', 'promotion_code'],
  },
  references: { subscription_schedule: { 'phases.coupon': 'coupon' } },
}

/** @see https://docs.stripe.com/changelog/basil */
export const aggregateUsageIsRemoved: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    plan: (plan) => ({ ...plan, aggregate_usage: null }),
    price: (price) => inside(price, 'recurring', (recurring) => ({ ...recurring, aggregate_usage: null })),
  },
}

/** @see https://docs.stripe.com/changelog/basil */
export const shippingDetailsMove: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    'checkout.session': (session) => {
      const collected = session['collected_information']
      return { ...session, shipping_details: isHash(collected) ? (collected['shipping_details'] ?? null) : null }
    },
  },
}
