import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../platform/durations.ts'
import { decideAccess, type AccessFacts, type AccessReason } from './decide-access.ts'

const END = new Date('2026-12-01T00:00:00Z')
const POLICY = { pastDueGrace: 3 * DAY, renewalLeeway: 2 * HOUR }
const at = (ms: number) => new Date(END.getTime() + ms)
const facts = (changes: Partial<AccessFacts>): AccessFacts => ({
  status: 'active',
  currentPeriodEnd: END,
  endsAt: null,
  pausedFrom: null,
  renews: true,
  isFollowed: false,
  pastDueSince: null,
  ...changes,
})

type Row = [what: string, facts: Partial<AccessFacts>, now: Date, reason: AccessReason, until: Date | null]

const ROWS: Row[] = [
  ['gives access to an active subscription during its period', {}, at(-DAY), 'active', END],
  ['gives access in the last millisecond of the period', {}, at(-1), 'active', END],
  ['gives access during the leeway when the renewal is late', {}, at(0), 'active', at(2 * HOUR)],
  ['gives no access when the renewal is later than the leeway', {}, at(2 * HOUR), 'ended', null],
  ['gives access during a trial', { status: 'trialing' }, at(-1), 'trialing', END],
  ['gives access during the leeway after a trial', { status: 'trialing' }, at(HOUR), 'trialing', at(2 * HOUR)],
  ['gives access to a canceled subscription until its period ends', { endsAt: END }, at(-1), 'ending', END],
  ['gives a canceled subscription no leeway after its period', { endsAt: END }, at(0), 'ended', null],
  ['gives access to a canceled trial until the trial ends', { status: 'trialing', endsAt: END }, at(-1), 'ending', END],
  ['gives access until the paid period ends, if it is paused then', { pausedFrom: END }, at(-1), 'active', END],
  ['gives a paused subscription no leeway', { pausedFrom: END }, at(0), 'paused', null],
  ['gives access until an end before the period does', { endsAt: at(-DAY) }, at(-DAY - 1), 'ending', at(-DAY)],
  ['gives no access from an end before the period does', { endsAt: at(-DAY) }, at(-DAY), 'ended', null],
  ['leaves a subscription alone that ends after its period', { endsAt: at(DAY) }, at(-1), 'active', END],
  ['gives leeway if it ends after its period', { endsAt: at(DAY) }, at(0), 'active', at(2 * HOUR)],
  ['gives no leeway beyond its end', { endsAt: at(HOUR) }, at(0), 'active', at(HOUR)],
  [
    'gives no grace beyond its end',
    { status: 'past_due', pastDueSince: at(-DAY), endsAt: END },
    at(-1),
    'past_due_grace',
    END,
  ],
  ['gives leeway if another plan begins at its end', { endsAt: END, isFollowed: true }, at(0), 'ending', at(2 * HOUR)],
  [
    'gives no more than the leeway if another plan begins at its end',
    { endsAt: at(-DAY), isFollowed: true },
    at(2 * HOUR - DAY),
    'ended',
    null,
  ],
  ['gives access to a grant until its end', { renews: false }, at(-1), 'active', END],
  ['gives a grant no leeway after its end', { renews: false }, at(0), 'ended', null],
  [
    'gives access during the grace period of a past-due subscription',
    { status: 'past_due', pastDueSince: END },
    at(3 * DAY - 1),
    'past_due_grace',
    at(3 * DAY),
  ],
  ['gives no access after the grace period', { status: 'past_due', pastDueSince: END }, at(3 * DAY), 'past_due', null],
  [
    'starts the grace period at the period end when no open invoice is known',
    { status: 'past_due' },
    at(DAY),
    'past_due_grace',
    at(3 * DAY),
  ],
  [
    'gives no access after the grace period of a canceled subscription',
    { status: 'past_due', endsAt: END, pastDueSince: END },
    at(3 * DAY),
    'past_due',
    null,
  ],
  ['gives no access while the first payment is pending', { status: 'pending' }, at(-DAY), 'pending', null],
  ['gives no access to an unpaid subscription', { status: 'unpaid' }, at(-DAY), 'unpaid', null],
  ['gives no access to a paused subscription', { status: 'paused' }, at(-DAY), 'paused', null],
  [
    'gives no access after the end, even if the stored period end is later',
    { status: 'canceled' },
    at(-DAY),
    'ended',
    null,
  ],
  ['gives no access for an unknown status', { status: 'on_holiday' }, at(-DAY), 'pending', null],
]

describe('decideAccess', () => {
  test.each(ROWS)('%s', (_, changes, now, accessReason, accessUntil) => {
    expect(decideAccess(facts(changes), now, POLICY)).toEqual({
      hasAccess: accessUntil !== null,
      accessUntil,
      accessReason,
    })
  })
})
