import { isUpgrade, type PlanTerms } from '../plans/is-upgrade.ts'
import type { SubscriptionStatus } from '../providers/payment-provider.ts'

/** The plan of a subscription, and the terms on which it was bought. */
export interface HeldPlan extends PlanTerms {
  planId: string
}

/** The user's live subscription. */
export interface Standing {
  /** Null for an admin's grant. */
  providerSubscriptionId: string | null
  /** It is in another account or mode of the provider, where it can't be reached. */
  isForeign: boolean
  status: SubscriptionStatus
  held: HeldPlan
}

/** A subscription that runs at the provider and is not live here. */
export interface Incoming {
  /** Whether it has a row here, because it was live before and has ended. */
  isKnown: boolean
  status: SubscriptionStatus
  held: HeldPlan
  /** The subscription at the provider that it was bought to replace. */
  upgradeFrom: string | null
  /** Its owner had a trial before. The checkout page was opened before that, or beside it. */
  isSecondTrial: boolean
  isAccountOpen: boolean
}

/**
 * What becomes of an incoming subscription. A user has one live subscription at most, called the standing one here.
 *
 * - `begin`: it becomes the live one.
 * - `upgrade`: it replaces the standing one, from which it was bought as an upgrade. Unused time is credited.
 * - `replace`: it replaces the standing one, which is a grant, not paid yet, or in another account.
 * - `undo`: it should never have been bought. It is canceled and refunded.
 * - `supersede`: it had ended here, and another has come since. It never becomes live again.
 * - `not-yet`: it is not paid, and another stands. It gets no row yet.
 */
export type Entry = 'begin' | 'upgrade' | 'replace' | 'undo' | 'supersede' | 'not-yet'

/** Decides what becomes of a subscription that runs at the provider and is not live here. */
export function decideEntry(standing: Standing | null, incoming: Incoming): Entry {
  if (incoming.isKnown) return standing ? 'supersede' : 'begin'
  if (incoming.isSecondTrial || !incoming.isAccountOpen) return 'undo'
  if (!standing) return 'begin'
  if (incoming.status === 'pending') return 'not-yet'
  if (isStillUpgrade(standing, incoming)) return 'upgrade'
  if (standing.providerSubscriptionId === null || standing.isForeign) return 'replace'
  if (standing.status === 'pending') return 'replace'
  return 'undo'
}

/** The page may have been paid after the old subscription was moved to another plan. */
function isStillUpgrade(standing: Standing, { upgradeFrom, held }: Incoming): boolean {
  if (upgradeFrom === null || upgradeFrom !== standing.providerSubscriptionId) return false
  return standing.held.planId !== held.planId && isUpgrade(standing.held, held)
}
