import { CancelSuperseded, ExpireCheckouts, ReverseSubscription } from '../billing.queues.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { queuePlanChangedMail } from '../mails/queue-plan-changed-mail.ts'
import { Plan } from '../plan.entity.ts'
import { isUpgrade } from '../plans/is-upgrade.ts'
import type { ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'

interface Entry {
  customer: LockedCustomer
  truth: ProviderSubscription
  /** The plan that its price belongs to. */
  planId: string
  /** Its row, if it had ended here before. */
  known: Subscription | null
  /** Its owner has had his one trial: the page was opened before, or beside, the first one. */
  isSecondTrial: boolean
  /** Makes the row say what the provider says, but for these changes. */
  write(changes?: { status: 'canceled' }): Promise<Subscription>
}

/**
 * A subscription begins to live here: there is one at most, so whatever stands already has to make room, or the new
 * one is undone. All in the transaction that writes it; what is to be done at the provider follows as jobs.
 *
 * - An upgrade takes the place of the one it was bought from, if it still is one: the page may have been paid after the
 *   old one was moved to another plan. A paid one ends a grant.
 * - A second one, a second trial, or one for a closed account, is canceled and paid back.
 * - One that had ended here and lives again at the provider does so here, unless another has come meanwhile.
 *
 * @returns null for one that is not paid yet while another stands: it has not begun.
 */
export async function enterSubscription(scope: LockedScope, entry: Entry): Promise<Subscription | null> {
  const { em, jobs } = scope
  const { customer, truth, known, isSecondTrial } = entry
  const standing = await em.findOne(Subscription, { user: customer.user.id, status: { $ne: 'canceled' } }, LOCKED_ROW)
  if (known && standing) return retire(scope, known, truth.startedAt)
  if (isSecondTrial || (!known && !customer.user.$.isActive)) return reverse(scope, entry)
  if (!standing) return begin(scope, entry)
  if (truth.status === 'pending') return null

  const isFromStanding = truth.upgradeFrom !== null && truth.upgradeFrom === standing.providerSubscriptionId
  const upgrades = isFromStanding && (await isStillUpgrade(scope, standing, entry))
  const makesRoom = upgrades || standing.provider === 'manual' || standing.status === 'pending'
  if (!makesRoom) return reverse(scope, entry)

  standing.supersede(truth.startedAt)
  // By itself, or the new row would come first and meet the one-live index.
  await em.flush()
  if (standing.providerSubscriptionId) await jobs.send(em, CancelSuperseded, { subscriptionId: standing.id })
  const subscription = await begin(scope, entry)
  if (upgrades) await queuePlanChangedMail(scope, subscription, truth.id)
  return subscription
}

async function isStillUpgrade({ em }: LockedScope, standing: Subscription, { planId, truth }: Entry): Promise<boolean> {
  if (standing.plan.id === planId) return false
  const { tier: from } = await em.findOneOrFail(Plan, { id: standing.plan.id })
  const { tier: to } = await em.findOneOrFail(Plan, { id: planId })
  const { priceCents, billingPeriod } = truth
  const present = { tier: from, priceCents: standing.priceCents, billingPeriod: standing.billingPeriod }
  return isUpgrade(present, { tier: to, priceCents, billingPeriod })
}

async function begin({ em, jobs }: LockedScope, { customer, write }: Entry): Promise<Subscription> {
  const subscription = await write()
  await jobs.send(em, ExpireCheckouts, { customerId: customer.id })
  return subscription
}

async function reverse({ em, jobs }: LockedScope, { customer, truth, write }: Entry): Promise<Subscription> {
  // Written as ended from the start: it never counts beside the one that stands.
  const subscription = await write({ status: 'canceled' })
  subscription.supersede(truth.startedAt)
  subscription.reversedAt = truth.startedAt
  await em.flush()
  await jobs.send(em, ReverseSubscription, { subscriptionId: subscription.id })
  await jobs.send(em, ExpireCheckouts, { customerId: customer.id })
  return subscription
}

async function retire({ em, jobs }: LockedScope, known: Subscription, at: Date): Promise<Subscription> {
  known.supersededAt = at
  await em.flush()
  await jobs.send(em, CancelSuperseded, { subscriptionId: known.id })
  return known
}
