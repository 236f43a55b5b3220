import { expect, test } from 'vitest'
import { z } from 'zod'
import { issueWords } from './issue-words.ts'

test.each([
  [z.string(), undefined, 'is missing'],
  [z.string(), 5, 'must be a string'],
  [z.boolean(), 'yes', 'must be true or false'],
  [z.array(z.string()), {}, 'must be a list'],
  [z.strictObject({}), [], 'must be an object'],
  [z.enum(['pro', 'vip']), 'vpi', 'must be one of pro, vip'],
  [z.enum(['pro', 'vip']), undefined, 'must be one of pro, vip'],
  [z.literal('pro'), 'vip', 'must be pro'],
  [z.int('must be a whole number'), undefined, 'must be a whole number'],
  [z.string().min(2, 'is too short'), 'a', 'is too short'],
  [z.record(z.string().max(2, 'is too long'), z.int()), { abc: 1 }, 'is too long'],
])('what is wrong with a value is said in plain words, unless the schema says it', (schema, value, words) => {
  expect(schema.safeParse(value).error?.issues.map(issueWords)).toEqual([words])
})
