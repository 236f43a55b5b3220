import { expect, test } from 'vitest'
import { previousAttributes } from './diff.ts'

test.each([
  ['nothing changed', { a: 1 }, { a: 1 }, null],
  ['a value', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 }],
  ['in a hash, only the changed subkeys', { h: { a: 1, b: 2 } }, { h: { a: 1, b: 3 } }, { h: { b: 2 } }],
  ['of an array, all of the old one', { l: [1, 2] }, { l: [1, 3] }, { l: [1, 2] }],
  ['a key that is new was null', { m: {} }, { m: { k: 'v' } }, { m: { k: null } }],
  ['a hash that was null', { h: null }, { h: { a: 1 } }, { h: null }],
])('%s', (_, before, after, expected) => {
  expect(previousAttributes(before, after)).toEqual(expected)
})
