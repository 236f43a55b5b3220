import type { RunningStack } from '@tollgate/local/stack'
import type { Page } from 'playwright-core'
import { press } from './on-the-page.ts'

/** A customer tries promotion codes for a change of plan, and sees what it costs with one before they decide against it. */
export async function tryCodes(page: Page, { endpoints: { stripe, stripeKey } }: RunningStack): Promise<void> {
  const create = async (path: string, params: Record<string, string>) => {
    const headers = { authorization: `Bearer ${stripeKey}` }
    const response = await fetch(`${stripe}/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(params) })
    if (!response.ok) throw new Error(await response.text())
  }
  await create('coupons', { id: 'half', percent_off: '50', duration: 'once' })
  await create('promotion_codes', { code: 'HALF', 'promotion[type]': 'coupon', 'promotion[coupon]': 'half' })
  await page.getByLabel('Promotion code').fill('NOPE')
  await press(page, 'Apply code')
  await page.getByRole('alert').filter({ hasText: /code/i }).waitFor()
  await page.getByLabel('Promotion code').fill('HALF')
  await press(page, 'Apply code')
  await page.getByText('The code HALF is applied.').waitFor()
  await page.getByRole('button', { name: /^Pay \$\d\.\d\d and change$/ }).waitFor()
  await press(page, 'Remove')
  await page.getByRole('button', { name: /^Pay \$(19|20)\.\d\d and change$/ }).waitFor()
}
