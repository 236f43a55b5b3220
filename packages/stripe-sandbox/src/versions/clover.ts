import { serializeCoupon } from '../resources/coupon.ts'
import type { Account } from '../state/account.ts'
import { idIn, inside, isHash, renamed, type Json, type VersionChange } from './version-change.ts'

/** The entire coupon, which is no reference in older versions. */
const couponIn = (source: unknown, account: Account): unknown => {
  const given = isHash(source) ? source['coupon'] : null
  const row = account.coupons.find(idIn(given) ?? '')
  return isHash(given) ? given : row ? serializeCoupon(account, row) : null
}

function withCoupon(object: Json, key: 'promotion' | 'source', account: Account): Json {
  return Object.hasOwn(object, key) ? renamed(object, key, 'coupon', (source) => couponIn(source, account)) : object
}

/** @see https://docs.stripe.com/changelog/clover, node_modules/stripe/CHANGELOG.md, 19.0.0 */
export const couponsBecomeReferences: VersionChange = {
  since: '2025-09-30.clover',
  objects: {
    discount: (discount, account) => withCoupon(discount, 'source', account),
    promotion_code: (code, account) => withCoupon(code, 'promotion', account),
  },
  params: [
    {
      routes: /^POST \/v1\/promotion_codes$/,
      upgrade: (params) => renamed(params, 'coupon', 'promotion', (coupon) => ({ type: 'coupon', coupon })),
    },
  ],
}

const CLASSIC = { type: 'classic' }

/** The preview of something new. What exists has its own billing mode. */
function previewsAreClassic(params: Json): Json {
  if (params['subscription'] !== undefined || params['schedule'] !== undefined) return params
  if (params['schedule_details'] !== undefined)
    return inside(params, 'schedule_details', (details) => ({ billing_mode: CLASSIC, ...details }))
  return { ...params, subscription_details: withMode(params['subscription_details']) }
}

const withMode = (details: unknown): Json => ({ billing_mode: CLASSIC, ...(isHash(details) && details) })

/** @see https://docs.stripe.com/changelog/clover/2025-09-30/billing-mode-default-flexible */
export const flexibleBillingIsTheDefault: VersionChange = {
  since: '2025-09-30.clover',
  params: [
    {
      routes: /^POST \/v1\/subscriptions$/,
      upgrade: (params) => ({ billing_mode: CLASSIC, ...params }),
    },
    {
      routes: /^POST \/v1\/checkout\/sessions$/,
      upgrade(params) {
        const { mode, subscription_data: data = {} } = params
        return mode === 'subscription' && isHash(data)
          ? { ...params, subscription_data: { billing_mode: CLASSIC, ...data } }
          : params
      },
    },
    {
      routes: /^POST \/v1\/subscription_schedules$/,
      upgrade: (params) => (params['from_subscription'] === undefined ? { billing_mode: CLASSIC, ...params } : params),
    },
    {
      routes: /^(?:POST \/v1\/invoices\/create_preview|GET \/v1\/invoices\/upcoming(?:\/lines)?)$/,
      upgrade: previewsAreClassic,
    },
  ],
}
