import type { Explanation } from '../billing/index.ts'
import { formatMoney } from '../platform/money.ts'

type Told = Explanation['whatIf'] & object
type Cause = (Explanation['since'] & object)['cause']

const minute = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** What `explain` prints about an account, line by line. */
export function explanationText(name: string, told: Explanation, grace?: string): string[] {
  const { at, since, next, whatIf, payments, closedAt, historyFrom } = told
  return [
    `${name} at ${minute(at)}`,
    `  Access: ${access(told)}`,
    ...subscription(told),
    ...(since
      ? [`  Since ${since.isOpenBefore ? 'at the latest ' : ''}${minute(since.at)}: ${cause(since.cause)}`]
      : []),
    ...(told.reason === 'unknown'
      ? [`  The history ${historyFrom ? `begins at ${minute(historyFrom)}` : 'is empty'}, so this is not known.`]
      : []),
    next
      ? `  Next: ${minute(next.at)}: ${access(next.access)} (${next.by === 'time' ? 'because time passed' : cause(next.cause)})`
      : '  Next: nothing has changed it since.',
    ...(whatIf && grace ? [`  With a grace of ${grace}: ${access(whatIf)}`] : []),
    ...(closedAt ? [`  The account was closed at ${minute(closedAt)}.`] : []),
    ...payments.map(
      ({ createdAt, amountCents, currency, status, invoiceNumber }) =>
        `  Payment of ${minute(createdAt)}: ${formatMoney(amountCents, currency, 'en-US')}, ${status} today${invoiceNumber ? `, invoice ${invoiceNumber}` : ''}`,
    ),
  ]
}

function access({ hasAccess, reason, until, tier, planCode }: Told | Explanation): string {
  if (reason === 'unknown') return 'not known'
  if (!hasAccess) return `no (${reason})`
  return `yes (${reason})${until ? `, until ${minute(until)}` : ''}; plan ${planCode}, tier ${tier}`
}

function subscription({ subscription: held }: Explanation): string[] {
  if (!held) return []
  const { planName, provider, status, currentPeriodEnd, isPeriodOver } = held
  const facts = [
    `${planName} (${provider}), ${status}`,
    `period ${isPeriodOver ? 'ended' : 'ends'} ${minute(currentPeriodEnd)}`,
    ...(held.endsAt ? [`set to end ${minute(held.endsAt)}`] : []),
    ...(held.pausedFrom ? [`paused from ${minute(held.pausedFrom)}`] : []),
    ...(held.pastDueSince ? [`past due since ${minute(held.pastDueSince)}`] : []),
    ...(held.graceEndsAt ? [`grace until ${minute(held.graceEndsAt)}`] : []),
  ]
  return [`  Subscription: ${facts.join('; ')}`]
}

function cause(by: Cause): string {
  switch (by?.kind) {
    case 'event':
      return by.what ? `event ${by.what} (${by.providerEventId})` : 'an event that is deleted by now'
    case 'call':
      return `${by.what} by ${by.by ?? 'a user who was deleted'}`
    case 'comparison':
      return 'a comparison with the provider'
    case 'sweep':
      return 'the expiry sweep'
    case 'upgrade':
      return 'another subscription took its place'
    case 'reversal':
      return 'it was undone and refunded'
    default:
      return 'what did it is not recorded'
  }
}
