import { expect, test } from 'vitest'
import { dataChanges } from './own-data-changes.ts'

const SEEN = { company: 'Acme', size: 3, tags: ['a', 'b'], address: { city: 'Cairo', country: 'eg' } }

test.each([
  ['nothing', SEEN, {}],
  ['the order of keys', { ...SEEN, address: { country: 'eg', city: 'Cairo' } }, {}],
  ['a value', { ...SEEN, size: 4 }, { size: 4 }],
  ['the order of a list', { ...SEEN, tags: ['b', 'a'] }, { tags: ['b', 'a'] }],
  [
    'a nested value',
    { ...SEEN, address: { city: 'Giza', country: 'eg' } },
    { address: { city: 'Giza', country: 'eg' } },
  ],
  ['a new field', { ...SEEN, plan: null, vip: true }, { plan: null, vip: true }],
  ['a field that is gone', { size: 3 }, { company: null, tags: null, address: null }],
])('only what an operator has changed is sent: %s', (_, written, changes) => {
  expect(dataChanges(SEEN, written)).toEqual(changes)
})

test('an object and a list with the same content are not the same', () => {
  expect(dataChanges({ a: {} }, { a: [] })).toEqual({ a: [] })
})
