import { expect, test } from 'vitest'
import { describeTrial, trialDaysNow } from './trial.ts'

const ada = { kind: 'personal', name: 'ada' } as const
const team = { kind: 'organization', name: 'The team' } as const
const plan = { trialDays: 14 }

test.each([
  ['a visitor', null, null, 14, /for accounts that have not had one/],
  ['an account that still has it', { isAvailable: true, isUsed: false }, ada, 14, null],
  [
    'an account that had it',
    { isAvailable: false, isUsed: true },
    ada,
    0,
    /^You have already had .* charged right away/,
  ],
  [
    'an organization whose owner had it',
    { isAvailable: false, isUsed: true },
    team,
    0,
    /^The team or one of its owners/,
  ],
  ['an account with a live subscription', { isAvailable: false, isUsed: false }, ada, 0, null],
  ['an account of which nothing is known yet', undefined, ada, 0, null],
])('%s is promised only the trial that it gets', (_who, trial, account, days, note) => {
  expect(trialDaysNow(plan, trial)).toBe(days)
  expect(describeTrial(trial, account) ?? '').toMatch(note ?? /^$/)
})
