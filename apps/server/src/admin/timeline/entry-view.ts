import { TimelineEntry } from '../timeline.schemas.ts'
import type { Subject } from './subject.ts'

/** A row of one of the sources. */
export interface TimelineRow {
  readonly source: string
  readonly rank: number
  readonly key: string
  readonly moment: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** What an entry is about, and where it leads. */
interface Draft {
  readonly kind: TimelineEntry['kind']
  readonly facts: Readonly<Record<string, unknown>>
  readonly target: { readonly type: string; readonly id: string }
}

/** Facts that are moments. JSON has them as text. */
const MOMENTS = ['expiresAt', 'endedAt', 'sentAt', 'endsAt', 'startsAt'] as const

/** Makes an entry of a source's row. */
export function entryOf({ source, rank, key, moment, facts }: TimelineRow, subject: Subject): TimelineEntry {
  const known = { ...facts, ...momentsOf(facts) }
  const draft = source === 'audit' ? ofAudit(known) : ofSource(source, key, known, subject)
  return TimelineEntry.parse({ id: `${draft.kind}:${rank}:${key}`, at: new Date(moment), ...draft })
}

function momentsOf(facts: Readonly<Record<string, unknown>>): Record<string, Date | null> {
  return Object.fromEntries(
    MOMENTS.filter((name) => name in facts).map((name) => {
      const value = facts[name]
      return [name, typeof value === 'string' ? new Date(value) : null]
    }),
  )
}

function ofSource(source: string, key: string, facts: Draft['facts'], { id }: Subject): Draft {
  switch (source) {
    case 'user':
      return { kind: 'sign_up', facts, target: { type: 'user', id } }
    case 'organization':
      return { kind: 'sign_up', facts, target: { type: 'account', id } }
    case 'identity':
      return { kind: 'login_method', facts, target: { type: 'user', id } }
    case 'session':
      return { kind: 'login', facts, target: { type: 'session', id: key } }
    case 'mail':
      return { kind: 'mail', facts, target: { type: 'mail', id: key } }
    case 'invitation':
      return { kind: 'invitation', facts, target: { type: 'account', id: idOf(facts['account']) } }
    case 'subscription':
      return { kind: 'subscription', facts, target: { type: 'subscription', id: key } }
    case 'switch': {
      const former = stringOr(facts['formerId'])
      const target = former ? { type: 'subscription', id: former } : { type: 'account', id }
      return { kind: 'switch', facts, target }
    }
    case 'payment':
      return { kind: 'payment', facts, target: { type: 'payment', id: key } }
    case 'refund':
      return { kind: 'refund', facts, target: { type: 'payment', id: String(facts['paymentId']) } }
    case 'event':
      return { kind: 'webhook_event', facts, target: { type: 'webhook_event', id: key } }
    default:
      throw new Error(`The timeline has no source ${source}.`)
  }
}

const MEMBERSHIP_STEPS: Readonly<Record<string, string>> = {
  'account.create': 'created',
  'account.rename': 'renamed',
  'account.delete': 'deleted',
  'member.set_role': 'role_changed',
  'member.remove': 'removed',
  'member.leave': 'left',
}
const INVITATION_STEPS: Readonly<Record<string, string>> = {
  'invitation.send': 'sent',
  'invitation.revoke': 'revoked',
  'invitation.accept': 'accepted',
}

function ofAudit(facts: Draft['facts']): Draft {
  const { action, user, subscription } = facts
  const target = { type: String(facts['targetType']), id: String(facts['targetId']) }
  const account = facts['account'] ?? { id: target.id, name: '' }
  const before = valuesOf(facts['before'])
  const after = valuesOf(facts['after'])
  const membership = MEMBERSHIP_STEPS[String(action)]
  const invitation = INVITATION_STEPS[String(action)]
  if (membership) return { kind: 'membership', facts: { ...facts, account, step: membership }, target }
  if (invitation) {
    const role = after['role'] ?? before['role'] ?? null
    const email = after['email'] ?? before['email'] ?? ''
    return { kind: 'invitation', facts: { ...facts, account, step: invitation, email, role }, target }
  }
  if (action === 'subscription.change_plan' && subscription) {
    const change = { step: 'plan_changed', formerPlanName: before['planName'] ?? null, endsAt: null, endedBy: null }
    return { kind: 'subscription', facts: { ...valuesOf(subscription), ...after, ...change }, target }
  }
  return { kind: 'audit', facts: { ...facts, label: nameOf(facts['account']) ?? emailOf(user) }, target }
}

const valuesOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
const idOf = (value: unknown): string => String(valuesOf(value)['id'])
const nameOf = (value: unknown): string | null => stringOr(valuesOf(value)['name'])
const emailOf = (value: unknown): string | null => stringOr(valuesOf(value)['email'])
const stringOr = (value: unknown): string | null => (typeof value === 'string' ? value : null)
