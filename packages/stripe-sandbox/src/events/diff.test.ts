import { expect, test } from 'vitest'
import { previousAttributes } from './diff.ts'

test.each([
  ['are null when nothing changed', { a: 1 }, { a: 1 }, null],
  ['have the old value of a changed key', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 2 }],
  ['have only the changed subkeys of a hash', { h: { a: 1, b: 2 } }, { h: { a: 1, b: 3 } }, { h: { b: 2 } }],
  ['have the entire old array of a changed array', { l: [1, 2] }, { l: [1, 3] }, { l: [1, 2] }],
  ['have null for a new key', { m: {} }, { m: { k: 'v' } }, { m: { k: null } }],
  ['have null for a hash that was null', { h: null }, { h: { a: 1 } }, { h: null }],
])('previous attributes %s', (_, before, after, expected) => {
  expect(previousAttributes(before, after)).toEqual(expected)
})
