import { expect, test } from 'vitest'
import { isForeign, isTestOnly, OTHER_ACCOUNT } from './provider-account.ts'

test.each([
  [null, 'acct_1:test', false, false],
  ['acct_1:test', null, false, false],
  ['acct_1:test', 'acct_1:test', false, false],
  ['acct_1:test', 'acct_2:test', true, false],
  ['acct_1:test', 'acct_1:live', true, true],
  ['acct_1:live', 'acct_1:test', true, false],
  ['acct_1:live', 'acct_2:live', true, false],
  [OTHER_ACCOUNT, 'acct_1:live', true, false],
  [OTHER_ACCOUNT, null, true, false],
])(
  'a row of %s under a key of %s is foreign: %s, and paid in test mode only: %s',
  (row, current, foreign, testOnly) => {
    expect([isForeign(row, current), isTestOnly(row, current)]).toEqual([foreign, testOnly])
  },
)
