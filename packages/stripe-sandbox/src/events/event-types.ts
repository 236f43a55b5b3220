import type { ApiVersion } from '../api-versions.ts'

const ACACIA: ApiVersion = '2024-10-28.acacia'
/**
 * Since which version there are events of a type about what the sandbox has. Before, Stripe sent these only about refunds
 * without a charge.
 *
 * @see https://docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update
 */
const SINCE: ReadonlyMap<string, ApiVersion> = new Map([
  ['refund.created', ACACIA],
  ['refund.failed', ACACIA],
  ['refund.updated', ACACIA],
])

/** Whether an API version has events of a type. New types are in every version, unless they replace older ones. */
export function hasEventType(version: string, type: string): boolean {
  const since = SINCE.get(type)
  return since === undefined || version >= since
}
