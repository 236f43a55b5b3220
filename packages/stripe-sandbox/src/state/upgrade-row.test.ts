import { expect, test } from 'vitest'
import { upgradeRow } from './upgrade-row.ts'

test('a subscription of an older state file gets the fields for discounts and tax rates, and so do its items', () => {
  expect(upgradeRow('subscriptions', { id: 'sub_1', items: [{ id: 'si_1' }] })).toEqual({
    id: 'sub_1',
    billing_thresholds: null,
    default_tax_rates: [],
    discounts: [],
    items: [{ id: 'si_1', discounts: [], tax_rates: [] }],
  })
})
test('a row that has all fields stays as it is', () => {
  const row = {
    id: 'sub_1',
    billing_thresholds: null,
    default_tax_rates: ['txr_1'],
    discounts: ['di_1'],
    items: [{ id: 'si_1', discounts: ['di_2'], tax_rates: [] }],
  }
  expect(upgradeRow('subscriptions', row)).toEqual(row)
  expect(upgradeRow('customers', { id: 'cus_1' })).toEqual({ id: 'cus_1' })
  expect(upgradeRow('subscriptions', null)).toBeNull()
})
test('a proration of an older state file is not discountable', () => {
  expect(upgradeRow('invoices', { lines: [{ proration: true }, { proration: false }] })).toMatchObject({
    lines: [{ discountable: false }, { discountable: true }],
  })
})
test('a price of an older state file has one currency, and neither tiers nor packages', () => {
  expect(upgradeRow('prices', { id: 'price_1', unit_amount: 900 })).toEqual({
    id: 'price_1',
    currency_options: {},
    meter: null,
    tiers: null,
    tiers_mode: null,
    transform_quantity: null,
    trial_period_days: null,
    unit_amount: 900,
    unit_amount_decimal: '900',
  })
})
