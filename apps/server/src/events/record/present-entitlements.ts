import { readManyEntitlements, type BillingScope } from '../../billing/index.ts'
import { digestOf } from './digest.ts'
import type { PresentedEvent, WaitingEvent } from './waiting-event.ts'

const NOTHING = { tier: 'free', planCode: null, until: null, features: {} } as const

/**
 * Presents what accounts may use now. What they have used meanwhile makes no difference: an event is told only if the
 * tier, the plan, the end of access, or a limit has changed.
 */
export async function presentEntitlements(
  scope: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  events: readonly WaitingEvent[],
  billingNow: Date,
): Promise<PresentedEvent[]> {
  const accountIds = [...new Set(events.map(({ object_id }) => object_id))]
  const states = await readManyEntitlements(scope, { accountIds, billingNow })
  return events.map((event) => {
    const { object_id: id } = event
    const state = states.get(id)
    if (!state) return { event, data: { id, ...NOTHING }, digest: digestOf(NOTHING), dueAt: null }
    const { view, terms, mayChangeAt } = state
    const allowed = [...terms].filter(([, { limit, isBilled }]) => limit !== 0 || isBilled)
    const digest = digestOf([view.tier, view.planCode, view.until, allowed])
    return { event, data: { id, ...view }, digest, dueAt: mayChangeAt }
  })
}
