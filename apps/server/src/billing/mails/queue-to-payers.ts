import { readPayers, type Payer } from '../../accounts/index.ts'
import { plainName, queueMails, type MailContent, type MailOfFact } from '../../mail/index.ts'
import { runWithin } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import { Plan } from '../plan.entity.ts'
import type { Subscription } from '../subscription.entity.ts'

/** How a mail addresses its recipient and names the plan. */
export interface Names {
  username: string
  planName: string
  /** The organization whose pages it links to; not set for a personal account. */
  accountId?: string
  /** In which the provider counts days; not set if it does not. */
  timeZone?: string
}

/**
 * Queues an email about a subscription for everyone who gets the mails about its account's billing.
 *
 * @param fact what the email is about. Each recipient gets one email about it.
 */
export async function queueToPayers(
  scope: BillingScope,
  subscription: Pick<Subscription, 'account' | 'plan' | 'provider'>,
  fact: string,
  compose: (names: Names) => MailContent,
): Promise<void> {
  const { em } = scope
  const accountId = subscription.account.id
  const payers = (await readPayers(em, [accountId])).get(accountId) ?? []
  const { name } = await em.findOneOrFail(Plan, { id: subscription.plan.id })
  const { timeZones } = scope.billing.settings
  const plan = { accountId, planName: name, timeZone: timeZones.get(subscription.provider) }
  const mails = payers.map((payer) => mailTo(payer, fact, compose(namesFor(payer, plan))))
  await queueMails(runWithin(em), scope, mails)
}

/** An email to one of an account's payers. */
export function mailTo({ email, userId, organization }: Payer, fact: string, content: MailContent): MailOfFact {
  // The fact alone, for the only payer of a personal account: this is how the previous version calls it.
  return { fact: organization === null ? fact : `${fact}:${userId}`, to: email, userId, ...content }
}

/**
 * A recipient may pay for several accounts, so the name of an organization follows the plan's. Users choose that name, so
 * it is not trusted.
 */
export function namesFor(
  { username, organization }: Payer,
  { accountId, planName, timeZone }: { accountId: string; planName: string; timeZone: string | undefined },
): Names {
  const names = { username, ...(timeZone !== undefined && { timeZone }) }
  return organization === null
    ? { ...names, planName }
    : { ...names, planName: `${planName} (${plainName(organization)})`, accountId }
}
