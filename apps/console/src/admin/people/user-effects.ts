import type { RouterInputs, RouterOutputs } from '@tollgate/client'
import { api } from '../../api.ts'
import { formatDay } from '../../words/dates.ts'
import { t } from '../texts/catalogue.ts'

export type User = RouterOutputs['admin']['users']['get']
type Preview = RouterOutputs['admin']['users']['previewUpdate']
type Change = Omit<RouterInputs['admin']['users']['update'], 'id'>

/** Asks the server what a change of a user would do, or why it would refuse it. */
export async function effectsOf(user: User, change: Change): Promise<string[]> {
  const preview = await api.admin.users.previewUpdate.query({ id: user.id, ...change })
  if (preview.refusal) return [t.people.effects.refusals[preview.refusal]]
  return preview.changes.length === 0
    ? [t.people.effects.nothing]
    : preview.changes.flatMap((one) => effectOf(one, preview, user))
}

function effectOf(change: Preview['changes'][number], preview: Preview, user: User): string[] {
  const words = t.people.effects
  switch (change) {
    case 'disable':
      return [words.disable, ...endings(preview)]
    case 'enable':
      return [words.enable, ...resumable(preview)]
    case 'make_admin':
      return [words.makeAdmin, ...(user.isVerified ? [] : [words.makeAdminUnverified])]
    case 'remove_admin':
      return [words.removeAdmin, ...preview.moves.map(({ from, to }) => words.moveGoesOn(from, to))]
    case 'verify':
      return [words.verify]
    case 'unverify':
      return [words.unverify]
  }
}

function endings({ sessions, links, checkouts, subscription, organizations, moves }: Preview): string[] {
  const words = t.people.effects
  return [
    sessions > 0 ? words.sessions(sessions) : words.noSessions,
    ...(links > 0 ? [words.links(links)] : []),
    ...(checkouts > 0 ? [words.checkouts(checkouts)] : []),
    subscriptionEnd(subscription),
    ...(organizations.length > 0 ? [words.memberships(organizations.length)] : []),
    ...organizations
      .filter(({ losesLastOwner }) => losesLastOwner)
      .map(({ name, members }) => words.losesLastOwner(name, members)),
    ...moves.map(({ from, to }) => words.moveGoesOn(from, to)),
  ]
}

function subscriptionEnd(subscription: Preview['subscription']): string {
  const words = t.people.effects
  if (!subscription) return words.noSubscription
  const { planName, effect, currentPeriodEnd, cancelAt } = subscription
  if (effect === 'ends_now') return words.endsNow(planName)
  // An earlier end stays.
  const end = cancelAt && cancelAt < currentPeriodEnd ? cancelAt : currentPeriodEnd
  return words.endsWithPeriod(planName, formatDay(end))
}

function resumable({ subscription }: Preview): string[] {
  if (subscription?.effect !== 'can_be_resumed') return []
  const day = formatDay(subscription.cancelAt ?? subscription.currentPeriodEnd)
  return [t.people.effects.canBeResumed(subscription.planName, day)]
}
