import { isDeepStrictEqual } from 'node:util'
import { intervalOf } from '../plans/billing-interval.ts'
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
  hasAccess: boolean
  held: HeldPlan
}

/** A subscription that runs at the provider and is not live here. */
export interface Incoming {
  /** Whether it has a row here, because it was live before and has ended. */
  isKnown: boolean
  status: SubscriptionStatus
  /** Whether it would give access. */
  hasAccess: boolean
  held: HeldPlan
  /** Whether it was bought on our checkout page. Otherwise an operator made it at the provider, on purpose. */
  isFromCheckout: boolean
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
 * - `replace`: it replaces the standing one, which is a grant, in another account, or gives no access. An operator's
 *   subscription does so only if it gives access itself.
 * - `undo`: it should never have been bought on our checkout page. It is canceled and refunded.
 * - `beside`: an operator made it beside the standing one. Both stay at the provider, and it begins when the standing
 *   one ends or loses its access. It gets no row yet.
 * - `supersede`: it had ended here, and another has come since. It never becomes live again.
 * - `not-yet`: it is not paid, and another stands. It gets no row yet.
 */
export type Entry = 'begin' | 'upgrade' | 'replace' | 'undo' | 'beside' | 'supersede' | 'not-yet'

/** Decides what becomes of a subscription that runs at the provider and is not live here. */
export function decideEntry(standing: Standing | null, incoming: Incoming): Entry {
  if (!incoming.isKnown && incoming.isFromCheckout && breaksRule(incoming)) return 'undo'
  if (!standing) return 'begin'
  // What a user pays for gives access, whatever else stands.
  const isNeeded = incoming.hasAccess && !standing.hasAccess
  if (incoming.isKnown) return isNeeded ? 'replace' : 'supersede'
  if (incoming.status === 'pending') return 'not-yet'
  if (isStillUpgrade(standing, incoming)) return 'upgrade'
  if (isNeeded) return 'replace'
  const isUnreachable = standing.providerSubscriptionId === null || standing.isForeign
  if (!incoming.isFromCheckout) return isUnreachable && incoming.hasAccess ? 'replace' : 'beside'
  return isUnreachable || GIVES_NOTHING.has(standing.status) ? 'replace' : 'undo'
}

/** One of our rules that a subscription breaks. An operator's subscription stays all the same. */
export type BrokenRule = 'second_trial' | 'closed_account' | 'second_subscription'

/** Which of our rules an operator's subscription breaks; null if it breaks none, or was bought on our checkout page. */
export function brokenRule(standing: Standing | null, incoming: Incoming): BrokenRule | null {
  if (incoming.isKnown || incoming.isFromCheckout) return null
  return breaksRule(incoming) ?? (decideEntry(standing, incoming) === 'beside' ? 'second_subscription' : null)
}

function breaksRule({ isSecondTrial, isAccountOpen }: Incoming): BrokenRule | null {
  if (!isAccountOpen) return 'closed_account'
  return isSecondTrial ? 'second_trial' : null
}

/** These give no access, and the current period is not paid. */
const GIVES_NOTHING: ReadonlySet<SubscriptionStatus> = new Set(['pending', 'paused', 'unpaid'])

/** The page may have been paid after the old subscription was moved to another plan. */
function isStillUpgrade(standing: Standing, { upgradeFrom, held }: Incoming): boolean {
  if (upgradeFrom === null || upgradeFrom !== standing.providerSubscriptionId) return false
  const isSame = standing.held.planId === held.planId && isDeepStrictEqual(intervalOf(standing.held), intervalOf(held))
  return !isSame && isUpgrade(standing.held, held)
}
