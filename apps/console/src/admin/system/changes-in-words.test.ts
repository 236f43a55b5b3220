import { expect, test } from 'vitest'
import { changesInWords } from './changes-in-words.ts'

const said = (before: object | null, after: object | null) =>
  changesInWords(before && { ...before }, after && { ...after }).map(
    ({ label, before: was, after: is }) => `${label}: ${was === null ? '' : `${was} → `}${is ?? ''}`,
  )

test('a change is said in words: labels, amounts, roles and states', () => {
  expect(said({ isActive: true, isAdmin: false }, { isActive: false, isAdmin: false })).toEqual(['Enabled: yes → no'])
  expect(said({ role: 'member' }, { role: 'admin' })).toEqual(['Role: Member → Admin'])
  const payment = { currency: 'usd', status: 'succeeded', refundedCents: 0, providerInvoiceId: 'in_1' }
  const refunded = {
    ...payment,
    status: 'partially_refunded',
    refundedCents: 700,
    refund: { id: 'x', amountCents: 700 },
  }
  expect(said(payment, refunded)).toEqual([
    ...['Status: Paid → Partly refunded', 'Refunded so far: $0.00 → $7.00', 'This refund: $7.00'],
  ])
})

test('a plan is named once, and an amount without a currency is left to the fields', () => {
  const [pro, vip] = ['Pro', 'VIP'].map((name) => ({ planCode: name.toLowerCase(), planName: name }))
  expect(said({ ...pro }, { ...vip })).toEqual(['Plan: Pro → VIP'])
  expect(said(null, { toPlanCode: 'vip', priceCents: 4_900 })).toEqual(['To plan: vip'])
})

test('something new is described without its empty fields, and without fields that have no label', () => {
  expect(said(null, { planCode: 'vip', cancelAt: null, unheard: ['x'] })).toEqual(['Plan: vip'])
  expect(said(null, { scopes: ['users:read', 'usage:write'] })).toEqual(['Scopes: users:read, usage:write'])
  expect(said(null, { rule: 'second_trial' })).toEqual(['Rule: a second trial for the same customer'])
})
