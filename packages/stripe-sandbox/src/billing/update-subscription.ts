import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/** What an update asks for, read and checked. */
export interface SubscriptionChange {
  readonly fields: Partial<SubscriptionRow>
}

/** Changes a subscription's terms. */
export function updateSubscriptionTerms(account: Account, id: string, { fields }: SubscriptionChange): SubscriptionRow {
  return updateSubscription(account, id, fields)
}
