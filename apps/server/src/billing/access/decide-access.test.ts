import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../platform/durations.ts'
import { decideAccess, type AccessFacts, type AccessReason } from './decide-access.ts'

const END = new Date('2026-12-01T00:00:00Z')
const POLICY = { pastDueGrace: 3 * DAY, renewalLeeway: 2 * HOUR }
const at = (ms: number) => new Date(END.getTime() + ms)
const facts = (changes: Partial<AccessFacts>): AccessFacts => ({
  status: 'active',
  currentPeriodEnd: END,
  cancelAtPeriodEnd: false,
  renews: true,
  pastDueSince: null,
  ...changes,
})

type Row = [what: string, facts: Partial<AccessFacts>, now: Date, reason: AccessReason, until: Date | null]

const ROWS: Row[] = [
  ['active, in the period', {}, at(-DAY), 'active', END],
  ['active, the last moment', {}, at(-1), 'active', END],
  ['active, its renewal is late', {}, at(0), 'active', at(2 * HOUR)],
  ['active, its renewal is too late', {}, at(2 * HOUR), 'ended', null],
  ['trialing', { status: 'trialing' }, at(-1), 'trialing', END],
  ['trialing, to be renewed', { status: 'trialing' }, at(HOUR), 'trialing', at(2 * HOUR)],
  ['ending, paid time left', { cancelAtPeriodEnd: true }, at(-1), 'ending', END],
  ['ending, over', { cancelAtPeriodEnd: true }, at(0), 'ended', null],
  ['ending in a trial', { status: 'trialing', cancelAtPeriodEnd: true }, at(-1), 'ending', END],
  ['a grant', { renews: false }, at(-1), 'active', END],
  ['a grant past its end', { renews: false }, at(0), 'ended', null],
  ['past due, in its grace', { status: 'past_due', pastDueSince: END }, at(3 * DAY - 1), 'past_due_grace', at(3 * DAY)],
  ['past due, grace over', { status: 'past_due', pastDueSince: END }, at(3 * DAY), 'past_due', null],
  ['past due, no invoice known', { status: 'past_due' }, at(DAY), 'past_due_grace', at(3 * DAY)],
  [
    'past due while ending',
    { status: 'past_due', cancelAtPeriodEnd: true, pastDueSince: END },
    at(3 * DAY),
    'past_due',
    null,
  ],
  ['pending', { status: 'pending' }, at(-DAY), 'pending', null],
  ['unpaid', { status: 'unpaid' }, at(-DAY), 'unpaid', null],
  ['paused', { status: 'paused' }, at(-DAY), 'paused', null],
  ['canceled, whatever date is stored', { status: 'canceled' }, at(-DAY), 'ended', null],
  ['a status nobody knows', { status: 'on_holiday' }, at(-DAY), 'pending', null],
]

describe('access', () => {
  test.each(ROWS)('%s', (_, changes, now, accessReason, accessUntil) => {
    expect(decideAccess(facts(changes), now, POLICY)).toEqual({
      hasAccess: accessUntil !== null,
      accessUntil,
      accessReason,
    })
  })
})
