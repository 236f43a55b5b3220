import { expect, test } from 'vitest'
import { withoutRows } from './without-rows.ts'

const STACK = '\n    at run (file.ts:1:2)\n    at main (file.ts:3:4)'

test.each([
  [
    `null value in column "a" violates not-null constraint\n - detail: Failing row contains (1, ada@example.com, hush).${STACK}`,
    `null value in column "a" violates not-null constraint${STACK}`,
  ],
  ['Failing row contains (1, (x), hush).', 'Failing row contains (…).'],
  ['Key (email)=(ada@example.com) already exists.', 'Key (email)= (…) already exists.'],
  [
    `Value for User.createdAt is required, 'undefined' found\nentity: User {\n  email: 'ada@example.com',\n  username: 'hush'\n}${STACK}`,
    `Value for User.createdAt is required, 'undefined' found${STACK}`,
  ],
  [`connect ECONNREFUSED 127.0.0.1:5432${STACK}`, `connect ECONNREFUSED 127.0.0.1:5432${STACK}`],
])('a message keeps what happened, and no row: %j', (message, expected) => expect(withoutRows(message)).toBe(expected))
