import superjson from 'superjson'
import { describe, expect, test } from 'vitest'
import { UnreadableRequest } from '../errors/errors.ts'
import { readInput } from './transformer.ts'

const sent = (input: unknown): unknown => JSON.parse(superjson.stringify(input))

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'x'],
  ['a date by itself', new Date(7)],
  [
    'dates, gaps and odd numbers at their places',
    { a: { b: [new Date(0), undefined, 1] }, c: undefined, d: Number.NaN, e: -Infinity, f: '2026' },
  ],
])('an input of %s is read as it was written', (_, input) => {
  expect(readInput(sent(input))).toEqual(input)
  expect(readInput(sent({ input }))).toStrictEqual({ input })
})

test('a value that an input has twice is read twice', () => {
  const one = { at: new Date(1) }
  expect(readInput(sent({ left: one, right: one }))).toEqual({ left: one, right: one })
})

describe('an expensive or invalid input is refused at once:', () => {
  const manySteps = Array.from({ length: 15_000 }, () => 'a').join('.')
  test.each<[string, unknown]>([
    [
      'a huge typed array',
      { json: { id: { length: 4e9 } }, meta: { values: { id: [['typed-array', 'Uint8Array']] } } },
    ],
    ['a sparse set', { json: { token: [] }, meta: { values: { token: ['set', { 4000000000: ['undefined'] }] } } }],
    ['a sparse list', { json: { token: [] }, meta: { values: { 'token.4000000000': ['undefined'] } } }],
    ['a regular expression', { json: '/(a+)+$/', meta: { values: ['regexp'] } }],
    ['a very long path', { json: {}, meta: { values: { [manySteps]: ['Date'] } } }],
    [
      'too many dates',
      {
        json: Array.from({ length: 101 }, () => 0),
        meta: { values: Object.fromEntries(Array.from({ length: 101 }, (_, place) => [place, ['Date']])) },
      },
    ],
    ['a date of an object', { json: { at: { toString: 1, valueOf: 1 } }, meta: { values: { at: ['Date'] } } }],
    [
      'a path into a prototype',
      JSON.parse('{"json":{"__proto__":{"x":1}},"meta":{"values":{"__proto__.x":["Date"]}}}'),
    ],
    ['an inherited path', { json: {}, meta: { values: { 'constructor.name': ['undefined'] } } }],
    ['an annotation that is none', { json: {}, meta: 7 }],
    ['no payload', null],
  ])('%s', (_, payload) => {
    const before = process.threadCpuUsage() // other work on the machine does not count
    expect(() => readInput(payload)).toThrow(UnreadableRequest)
    const { user, system } = process.threadCpuUsage(before)
    expect(user + system).toBeLessThan(100_000)
  })
})
