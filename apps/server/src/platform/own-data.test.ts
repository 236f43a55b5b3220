import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkOperatorsChange, checkOwnersChange, checkSignUp } from './own-data.ts'

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

test.each([
  ['any JSON', z.json()],
  ['anything', z.unknown()],
])('a field that takes %s refuses what is nested too deeply, from any caller', (_, schema) => {
  const names = new Set(['a'])
  const fields = { publicData: { a: schema }, privateData: { a: schema }, writable: names, signUp: names }
  for (const levels of [21, 3_000, 45_000]) {
    const a = nested(levels)
    const tooDeep = (field: string) =>
      expect.objectContaining({ reason: 'INVALID_INPUT', fieldErrors: { [field]: 'is nested too deeply' } })
    expect(() => checkSignUp(fields, { a })).toThrow(tooDeep('publicData.a'))
    expect(() => checkOwnersChange(fields, { a })).toThrow(tooDeep('publicData.a'))
    expect(() => checkOperatorsChange(fields, { privateData: { a } })).toThrow(tooDeep('privateData.a'))
  }
  expect(checkSignUp(fields, { a: nested(20) })).toEqual({ a: nested(20) })
})
