import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { boolean, hash, isWithin, oneOf, required, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeSubscription } from '../../resources/subscription.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'
import { COLLECTION_METHOD } from './subscription-params.ts'

const STATUSES = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const
const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  created: timeRange(),
  current_period_end: timeRange(),
  current_period_start: timeRange(),
  customer: string(),
  automatic_tax: hash({ enabled: required(boolean()) }),
  plan: string(),
  price: string(),
  status: oneOf(...STATUSES),
  collection_method: COLLECTION_METHOD,
  test_clock: string(),
})

export const subscriptionListRoutes = [
  route('GET', '/subscriptions', LIST, ({ account, params }) => {
    const rows = (
      params.customer === undefined
        ? account.subscriptions.all()
        : account.subscriptions.by('customer', params.customer)
    ).filter(
      (row) =>
        hasStatus(row, params.status) &&
        (!params.plan || row.items.some((item) => item.price === params.plan)) &&
        (!params.automatic_tax || ((row.automatic_tax ?? null) !== null) === params.automatic_tax.enabled) &&
        (!params.price || row.items.some((item) => item.price === params.price)) &&
        (!params.collection_method || row.collection_method === params.collection_method) &&
        (params.test_clock === undefined
          ? params.customer !== undefined || row.test_clock === null
          : row.test_clock === params.test_clock) &&
        isWithin(row.created, params.created) &&
        row.items.some(
          (item) =>
            isWithin(item.current_period_end, params.current_period_end) &&
            isWithin(item.current_period_start, params.current_period_start),
        ),
    )
    return page('/v1/subscriptions', rows, params, (row) => serializeSubscription(account, row))
  }),
]

/**
 * Whether a subscription has the requested status. If none is requested, every status counts except the ended ones.
 *
 * @see https://docs.stripe.com/api/subscriptions/list#list_subscriptions-status
 */
function hasStatus({ status }: SubscriptionRow, requested: (typeof STATUSES)[number] | undefined): boolean {
  if (requested === 'all') return true
  if (requested === 'ended') return status === 'canceled' || status === 'incomplete_expired'
  return requested === undefined ? status !== 'canceled' && status !== 'incomplete_expired' : status === requested
}
