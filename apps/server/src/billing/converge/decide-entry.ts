import { isUpgrade, type PlanTerms } from '../plans/is-upgrade.ts'
import type { SubscriptionStatus } from '../providers/payment-provider.ts'

/** A plan with the terms on which a subscription has it. */
export interface HeldPlan extends PlanTerms {
  planId: string
}

/** The user's live subscription. */
export interface Standing {
  /** Null for a grant. */
  providerSubscriptionId: string | null
  status: SubscriptionStatus
  held: HeldPlan
}

/** A subscription that runs at the provider and is not live here. */
export interface Incoming {
  /** Whether it has a row: it has been live here and has ended. */
  isKnown: boolean
  status: SubscriptionStatus
  held: HeldPlan
  /** The subscription at the provider that it was bought to take the place of. */
  upgradeFrom: string | null
  /** Its owner has had the one trial. The page was opened before, or beside, the first one. */
  isSecondTrial: boolean
  isAccountOpen: boolean
}

/**
 * What becomes of an incoming subscription. A user has one live subscription at most.
 *
 * - `begin`: nothing stands in the way, so it becomes the live one.
 * - `upgrade`: it takes the place of the one that it was bought from, whose unused time is credited.
 * - `replace`: it takes the place of a grant, or of one that is not paid yet.
 * - `undo`: it should never have been bought. It is canceled and paid back.
 * - `supersede`: it had ended here, and another has come since. It never becomes live again.
 * - `not-yet`: it is not paid and another stands. It has no row yet.
 */
export type Entry = 'begin' | 'upgrade' | 'replace' | 'undo' | 'supersede' | 'not-yet'

/** Decides what becomes of a subscription that runs at the provider and is not live here. */
export function decideEntry(standing: Standing | null, incoming: Incoming): Entry {
  if (incoming.isKnown) return standing ? 'supersede' : 'begin'
  if (incoming.isSecondTrial || !incoming.isAccountOpen) return 'undo'
  if (!standing) return 'begin'
  if (incoming.status === 'pending') return 'not-yet'
  if (isStillUpgrade(standing, incoming)) return 'upgrade'
  if (standing.providerSubscriptionId === null || standing.status === 'pending') return 'replace'
  return 'undo'
}

/** The page may have been paid after the old subscription was moved to another plan. */
function isStillUpgrade(standing: Standing, { upgradeFrom, held }: Incoming): boolean {
  if (upgradeFrom === null || upgradeFrom !== standing.providerSubscriptionId) return false
  return standing.held.planId !== held.planId && isUpgrade(standing.held, held)
}
