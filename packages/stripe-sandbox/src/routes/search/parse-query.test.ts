import { expect, test } from 'vitest'
import { matches, type Searchable } from './match-query.ts'
import { parseQuery } from './parse-query.ts'

const SEARCHABLE: Searchable = {
  resource: 'things',
  fields: {
    amount: 'number',
    canceled_at: 'number',
    name: 'string',
    metadata: 'map',
    last4: ['token', 'card.last4'],
  },
}
const THING = {
  amount: 1000,
  canceled_at: null,
  name: 'Jane "Doe" Roe',
  metadata: { order: '6735' },
  card: { last4: '4242' },
}

test.each([
  ['amount:1000', true],
  ['amount:"1000"', true],
  ['amount>999 AND amount<1001', true],
  ['amount>=1000 amount<=999', false],
  ['amount>1000 OR name~"doe"', true],
  ['name:"jane \\"doe\\" roe"', true],
  ["name~'oe\" R'", true],
  ['-name~"jane"', false],
  ['metadata["order"]:"6735"', true],
  ["metadata['order']:'6736'", false],
  ['metadata["other"]:null', true],
  ['-metadata["order"]:null', true],
  ['canceled_at:null', true],
  ['-canceled_at:null', false],
  ['last4:4242', true],
])('%s is %s', (text, expected) => {
  expect(matches(THING, parseQuery(text), SEARCHABLE)).toBe(expected)
})

test.each(['', 'name', 'name:', 'name:jane', 'name:"jane', '(amount:1)', 'amount:1 AND', 'amount:1 && amount:2'])(
  '%j is no query',
  (text) => {
    expect(() => parseQuery(text)).toThrow('We were unable to parse your search query.')
  },
)

test('AND and OR exclude each other, and ten clauses are the limit', () => {
  expect(() => parseQuery('amount:1 AND amount:2 OR amount:3')).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('not with both'),
      body: expect.objectContaining({ param: 'query' }),
    }),
  )
  expect(() => parseQuery(Array(11).fill('amount:1').join(' OR '))).toThrow('at most 10 clauses')
})
