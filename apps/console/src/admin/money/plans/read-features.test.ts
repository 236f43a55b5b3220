import { expect, test } from 'vitest'
import { readFeatures, type FeatureValue } from './read-features.ts'

/** A form with a row for each feature, as the dialog shows it. */
function formOf(features: Record<string, FeatureValue>, changed: Record<string, string> = {}) {
  const fields: Record<string, string> = { 'features.rows': String(Object.keys(features).length) }
  for (const [place, [name, value]] of Object.entries(features).entries()) {
    const { limit, per, overage } = value === true ? { limit: null, per: 'total' as const } : value
    const row = { name, allows: limit === null ? 'any' : 'limit', per, limit, unitPriceCents: overage?.unitPriceCents }
    for (const [field, each] of Object.entries(row)) fields[`features.${place}.${field}`] = String(each ?? '')
  }
  return (field: string) => ({ ...fields, ...changed })[field] ?? ''
}

const FEATURES: Record<string, FeatureValue> = {
  sso: true,
  projects: { limit: null, per: 'total' },
  exports: { limit: null, per: 'month' },
  seats: { limit: 0, per: 'day' },
  calls: { limit: 0, per: 'period', overage: { unitPriceCents: 0.000001 } },
}

test('features that the operator leaves alone stay exactly as they are', () => {
  expect(readFeatures(formOf(FEATURES, { 'features.3.limit': '5' }), FEATURES)).toEqual({
    ...FEATURES,
    seats: { limit: 5, per: 'day' },
  })
})

test('a limit may be as large as the server takes', () => {
  const largest: Record<string, FeatureValue> = { seats: { limit: Number.MAX_SAFE_INTEGER, per: 'day' } }
  expect(readFeatures(formOf(largest), largest)).toEqual(largest)
})

test.each([
  [{ 'features.0.name': ' ' }, 'Enter a name for each feature.'],
  [{ 'features.0.name': 'calls' }, 'calls is listed twice.'],
  [{ 'features.3.limit': '1,000' }, 'Enter the limit of seats as a whole number'],
  [{ 'features.3.limit': '9007199254740992' }, 'Enter the limit of seats as a whole number up to'],
  [{ 'features.4.unitPriceCents': '1,000' }, 'Enter the price of calls as a number above 0'],
  [{ 'features.4.unitPriceCents': '0' }, 'Enter the price of calls as a number above 0'],
])('%o is refused', (changed, words) => {
  expect(() => readFeatures(formOf(FEATURES, changed), FEATURES)).toThrow(words)
})
