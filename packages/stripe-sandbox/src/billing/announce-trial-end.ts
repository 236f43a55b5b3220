import { emit } from '../events/emit.ts'
import { serializeSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'

/** Announces once that a trial is about to end: by default three days before, or at once if the trial is shorter. */
export function announceTrialEnd(account: Account, id: string): void {
  const { customer, trial_end, trialEndAnnounced } = account.subscriptions.get(id)
  if (trial_end === null || trialEndAnnounced) return
  if (account.nowOf(customer) < trial_end - account.settings.trialWillEndBefore) return
  const row = account.subscriptions.patch(id, { trialEndAnnounced: true })
  emit(account, 'customer.subscription.trial_will_end', serializeSubscription(account, row))
}
