import { expect, test } from 'vitest'
import { countryOptions } from './countries.ts'
import { describeTaxIdStatus, describeTaxIdType, likelyTaxIdType, taxIdTypeOptions } from './tax-ids.ts'

test('a type of tax id says where it is from', () => {
  expect(['eu_vat', 'us_ein', 'ca_pst_bc', 'eu_oss_vat'].map(describeTaxIdType)).toEqual([
    'European Union: VAT',
    'United States: EIN',
    'Canada: PST BC',
    'European Union: OSS VAT',
  ])
  const labels = taxIdTypeOptions().map(({ label }) => label)
  expect(new Set(labels).size).toBe(labels.length)
  expect(labels.filter((label) => !/^\p{Lu}.*\p{Ll}.*: [A-Z ]+$/u.test(label))).toEqual([])
})

test('the likely type follows the country', () => {
  expect(['DE', 'GB', 'CH', 'US', 'AQ', undefined].map(likelyTaxIdType)).toEqual([
    ...['eu_vat', 'gb_vat', 'ch_vat', 'us_ein', 'eu_vat', 'eu_vat'],
  ])
})

test('a number that no registry verifies has no status', () => {
  const vat = { type: 'eu_vat', value: 'DE123456789' }
  expect(describeTaxIdStatus({ ...vat, status: null })).toBeNull()
  expect(describeTaxIdStatus({ ...vat, status: 'unverified' })?.badge).toEqual({ tone: 'bad', label: 'Not confirmed' })
})

test('all countries have names, and a chosen one is never lost', () => {
  const options = countryOptions('XK')
  expect(options.length).toBe(250)
  expect(options.filter(({ value, label }) => value === label)).toEqual([])
  expect(options.map(({ label }) => label)).toContain('Kosovo')
})
