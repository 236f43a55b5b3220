import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeForm, type FormHash, type FormValue } from './form.ts'

test.each([
  ['a=1', { a: '1' }],
  ['a[b]=1&a[c][d]=2', { a: { b: '1', c: { d: '2' } } }],
  ['expand[]=x&expand[]=y', { expand: ['x', 'y'] }],
  [
    'items[0][price]=p&items[0][quantity]=2&items[1][price]=q',
    { items: [{ price: 'p', quantity: '2' }, { price: 'q' }] },
  ],
  ['a=', { a: '' }],
  ['name=J%C3%B6rg+%26+Co', { name: 'Jörg & Co' }],
  ['', {}],
])('decodes %j', (text, expected) => {
  expect(decodeForm(text)).toEqual(expected)
})

test('treats __proto__ and constructor as ordinary keys', () => {
  const form = decodeForm('__proto__[a]=1&constructor[prototype][b]=2')
  expect(Object.keys(form).toSorted()).toEqual(['__proto__', 'constructor'])
  expect({}).not.toHaveProperty('a')
  expect({}).not.toHaveProperty('b')
})

test('decodes any text without an error, and to a bounded depth', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(depth(decodeForm(text))).toBeLessThanOrEqual(11)
    }),
    { seed: 20261123, numRuns: 500 },
  )
  expect(depth(decodeForm(`a${'[b]'.repeat(5000)}=1`))).toBeLessThanOrEqual(11)
})

function depth(value: FormHash | FormValue): number {
  return typeof value === 'string' ? 0 : 1 + Math.max(0, ...Object.values(value).map((inner) => depth(inner)))
}
