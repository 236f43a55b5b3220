import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { formatDay, formatMoment } from '../../words/dates.ts'
import { describeDevice } from '../../words/device.ts'
import { describePayment } from '../../words/payment-status.ts'
import { formatPrice } from '../../words/price.ts'
import type { Role } from '../../words/rights.ts'
import { ROLES } from '../../words/role.ts'
import type { Tone } from '../../words/tone.ts'
import { actionInWords } from '../kit/action-in-words.ts'
import { t } from '../texts/catalogue.ts'

export type Entry = RouterOutputs['admin']['timeline']['items'][number]
type FactsOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>['facts']

export interface EntryWords {
  title: string
  details: readonly string[]
  badge?: { label: string; tone: Tone }
}

const PROVIDERS = { google: t.people.google, github: t.people.github }

/** What happened, in a few words. */
export function describeEntry(entry: Entry): EntryWords {
  switch (entry.kind) {
    case 'sign_up':
      return { title: signUpTitle(entry.facts), details: [] }
    case 'login':
      return describeLogin(entry.facts)
    case 'login_method': {
      const { provider, email } = entry.facts
      return { title: t.timeline.linked(PROVIDERS[provider]), details: email ? [email] : [] }
    }
    case 'mail': {
      const { template, recipient, sentAt } = entry.facts
      const detail = sentAt ? t.timeline.mailSent(recipient) : t.timeline.mailWaiting
      return { title: t.timeline.mail(spaced(template)), details: [detail] }
    }
    case 'invitation':
      return describeInvitation(entry.facts)
    case 'membership':
      return describeMembership(entry.facts)
    case 'subscription':
      return describeSubscription(entry.facts)
    case 'switch': {
      const { planName, formerPlanName, status, startsAt, ...price } = entry.facts
      return {
        title: formerPlanName ? t.timeline.switched(formerPlanName, planName) : t.timeline.boughtLater(planName),
        details: [formatPrice(price), t.timeline.begins(formatDay(startsAt))],
        badge: { label: t.timeline.switchStatuses[status], tone: status === 'undone' ? 'bad' : 'calm' },
      }
    }
    case 'payment': {
      const { amountCents, refundedCents, currency, status, planName } = entry.facts
      const refunded = refundedCents > 0 ? [t.timeline.paymentRefunded(formatMoney(refundedCents, currency))] : []
      return {
        title: t.timeline.payment(formatMoney(amountCents, currency)),
        details: [...(planName ? [planName] : []), ...refunded],
        badge: describePayment({ status }),
      }
    }
    case 'refund': {
      const { amountCents, currency, isFull, status } = entry.facts
      const open = status === 'requested' ? [t.timeline.refundOpen] : []
      return {
        title: t.timeline.refund(formatMoney(amountCents, currency)),
        details: [isFull ? t.timeline.refundFull : t.timeline.refundPart, ...open],
      }
    }
    case 'webhook_event': {
      const { type, status, attempts, lastError } = entry.facts
      return {
        title: t.timeline.event(type),
        details: [...(attempts > 1 ? [t.timeline.attempts(attempts)] : []), ...(lastError ? [lastError] : [])],
        badge: { label: t.timeline.eventStatuses[status], tone: status === 'failed' ? 'bad' : 'calm' },
      }
    }
    case 'audit':
      return describeAudit(entry.facts)
  }
}

function signUpTitle({ of, provider }: FactsOf<'sign_up'>): string {
  if (of === 'organization') return t.timeline.created
  return provider && provider !== 'local' ? t.timeline.signedUpWith(PROVIDERS[provider]) : t.timeline.signedUp
}

function describeLogin({ ip, userAgent, endedAt, endedReason }: FactsOf<'login'>): EntryWords {
  const why = t.timeline.sessionEnds[endedReason ?? ''] ?? ''
  return {
    title: t.timeline.loggedIn(describeDevice(userAgent)),
    details: [t.timeline.from(ip), ...(endedAt ? [t.timeline.ended(why, formatMoment(endedAt))] : [])],
  }
}

function describeInvitation({ step, email, role, account, actor }: FactsOf<'invitation'>): EntryWords {
  const as = role ? ROLES[role].asWhat : ''
  const words = t.timeline.invitation
  const title = {
    received: () => words.received(account.name, as),
    sent: () => words.sent(email, as),
    revoked: () => words.revoked(email),
    accepted: () => words.accepted(account.name),
  }[step]()
  const where = step === 'sent' || step === 'revoked' ? [t.timeline.inAccount(account.name)] : []
  return { title, details: [...where, ...by(actor)] }
}

function describeMembership({ step, account, member, before, after, actor }: FactsOf<'membership'>): EntryWords {
  const words = t.timeline.membership
  const who = member?.email ?? ''
  const name = (of: typeof before) => (typeof of?.['name'] === 'string' ? of['name'] : t.timeline.nameless)
  const title = {
    created: () => words.created(account.name),
    renamed: () => words.renamed(name(before), name(after)),
    deleted: () => words.deleted(account.name),
    role_changed: () => words.role_changed(who, roleIn(before), roleIn(after), account.name),
    removed: () => words.removed(who, account.name),
    left: () => words.left(who, account.name),
  }[step]()
  return { title, details: step === 'created' || step === 'left' ? [] : by(actor) }
}

const isRole = (value: unknown): value is Role => typeof value === 'string' && value in ROLES
const roleIn = (values: Readonly<Record<string, unknown>> | null): string => {
  const role = values?.['role']
  return isRole(role) ? ROLES[role].label : '?'
}

function describeSubscription(facts: FactsOf<'subscription'>): EntryWords {
  const { step, planName, formerPlanName, provider, endsAt, endedBy } = facts
  const words = t.timeline.subscription
  const title = {
    started: () => words.started(planName),
    plan_changed: () => words.plan_changed(formerPlanName ?? '?', planName),
    cancel_requested: () => words.cancel_requested(planName),
    ended: () => words.ended(planName),
  }[step]()
  if (step === 'ended') return { title, details: endedBy ? [t.timeline.endedBy[endedBy]] : [] }
  if (step === 'cancel_requested') return { title, details: endsAt ? [t.timeline.endsOn(formatDay(endsAt))] : [] }
  return { title, details: [provider === 'manual' ? t.timeline.granted : formatPrice(facts)] }
}

function describeAudit({ action, label, before, after, actor }: FactsOf<'audit'>): EntryWords {
  return {
    title: actionInWords(action),
    details: [...changesOf(before, after), ...(label ? [t.timeline.about(label)] : []), ...by(actor)],
  }
}

type Values = Readonly<Record<string, unknown>> | null

/** The flags that have changed, such as `disabled`. */
const changesOf = (before: Values, after: Values): string[] =>
  Object.entries(t.timeline.fields).flatMap(([field, [on, off]]) =>
    after && before && typeof after[field] === 'boolean' && after[field] !== before[field]
      ? [after[field] ? on : off]
      : [],
  )

const by = (actor: { email: string } | null): string[] => [t.timeline.by(actor?.email ?? t.timeline.system)]
const spaced = (name: string): string => name.replaceAll(/[-_.]/g, ' ')
