import { gzipSync } from 'node:zlib'
import type { RunningStack } from '@tollgate/local/stack'
import type { Browser, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { unsteadyOf } from './layout-shift.ts'
import { aDevice, alert, heading, logIn, press } from './on-the-page.ts'

/** Tests of people who are not logged in. They share the stack of other tests, because each stack takes seconds to start. */
export function testVisitors(started: () => { browser: Browser; stack: RunningStack }): void {
  const endpoints = () => started().stack.endpoints
  const aVisitor = (): Promise<Page> => aDevice(started().browser, endpoints().web)

  test("a visitor's pages do not move while they load, and show no error in the browser's console", async () => {
    const page = await aVisitor()
    const errors: string[] = []
    page.on('console', (message) => errors.push(...(message.type() === 'error' ? [message.text()] : [])))
    const chosen = 'redirectTo=%2Fsubscribe%2Fpro'
    const pages = [
      '/plans',
      `/signup?${chosen}`,
      `/login?${chosen}`,
      '/',
      '/signup',
      '/login',
      '/forgot-password',
      '/none',
    ]
    expect(await unsteadyOf(page, pages)).toEqual([])
    await page.goto('/subscription')
    await heading(page, 'Log in')
    expect(errors).toEqual([])
  })

  test("a visitor's first page loads at most 150 kB of script", async () => {
    const page = await aVisitor()
    const scripts: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        scripts.push(response.body().then((code) => gzipSync(code, { level: 9 }).length))
    })
    await page.goto('/', { waitUntil: 'networkidle' })
    const sizes = await Promise.all(scripts)
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000)
  })

  test('a page whose files are gone after a deploy is loaded once from the new build, and never in a loop', async () => {
    const page = await aVisitor()
    let loads = 0
    page.on('request', (request) => (loads += Number(request.resourceType() === 'document')))
    const isGone = { plans: 1, 'log-in': Infinity }
    await page.route(/\/assets\/(plans|log-in)-[\w-]+\.js/, async (route) => {
      const name = route.request().url().includes('/plans-') ? 'plans' : 'log-in'
      isGone[name] -= 1
      await (isGone[name] >= 0 ? route.fulfill({ status: 404 }) : route.continue())
    })
    await page.goto('/')
    await page.getByRole('link', { name: 'See the plans' }).click()
    await page.getByText('$19.00').waitFor()
    expect([new URL(page.url()).pathname, loads]).toEqual(['/plans', 2])

    await page.getByRole('link', { name: 'Log in' }).click()
    await heading(page, 'Something went wrong')
    expect(loads).toBe(2)
  })

  test('after a deploy, a half-filled form stays until the user reloads it', async () => {
    const page = await aVisitor()
    await page.goto('/login?redirectTo=%2Fprofile')
    await logIn(page, endpoints().user)
    await page.getByLabel('First name').fill('Augusta')
    const refused = (reason: string) => {
      const data = { code: 'UNAUTHORIZED', httpStatus: 401, reason }
      return { error: { json: { message: 'Please log in.', code: -32001, data } } }
    }
    await page.route('**/trpc/profile.update**', (route) =>
      route.request().postData()?.includes('Augusta')
        ? route.fulfill({ status: 401, json: [refused('INVALID_TOKEN')] })
        : route.continue(),
    )
    await page.route('**/trpc/auth.refresh**', (route) =>
      route.fulfill({ status: 401, json: refused('REFRESH_TOKEN_INVALID') }),
    )
    await page.route('**/assets/log-in-again-*.js', (route) => route.fulfill({ status: 404 }))
    await press(page, 'Save')
    await page.getByText('there is a new version of this page').waitFor()
    expect(await page.getByLabel('First name').inputValue()).toBe('Augusta')
    await press(page, 'Reload')
    await heading(page, 'Profile')
    expect(await page.getByLabel('First name').inputValue()).toBe('')
  })

  test('the time to wait after too many tries counts down', async () => {
    const page = await aVisitor()
    const data = { code: 'TOO_MANY_REQUESTS', httpStatus: 429, reason: 'RATE_LIMITED', retryAfter: 3 }
    const answer = [{ error: { json: { message: 'Too many.', code: -32029, data } } }]
    await page.route('**/trpc/auth.register**', (route) => route.fulfill({ status: 429, json: answer }))
    await page.goto('/signup')
    await page.getByLabel('Email address').fill('eve@example.com')
    await page.getByLabel('Username').fill('eve')
    await page.getByLabel('Password').fill('correct horse battery')
    await press(page, 'Sign up')
    const seen = new Set<string>()
    await expect.poll(async () => seen.add(await alert(page)).size, { timeout: 10_000, interval: 100 }).toBe(4)
    expect([...seen]).toEqual(
      ['in 3 seconds', 'in 2 seconds', 'in a second', 'now'].map(
        (when) => `Too many attempts. Please try again ${when}.`,
      ),
    )
  })

  test('the page after checkout does not trust its URL', async () => {
    const page = await aVisitor()
    await page.goto('/checkout/success?session_id=cs_test_made_up')
    await logIn(page, endpoints().user)
    await heading(page, 'Your payment')
    expect(await alert(page)).toContain('We could not find this payment.')
  })

  test('the login page does not redirect to another site', async () => {
    const page = await aVisitor()
    await page.goto(`/login?redirectTo=${encodeURIComponent('/.//elsewhere.example/')}&error=OAUTH_DENIED`)
    expect(await alert(page)).toBe('You did not allow the login, so nothing has changed.')
    await logIn(page, endpoints().user)
    await page.getByRole('heading', { name: /^Hello, / }).waitFor()
    expect(page.url()).toBe(`${endpoints().web}/`)
  })

  test('a forged verification link verifies nothing and explains what to do', async () => {
    const page = await aVisitor()
    await page.goto('/verify-email?token=made.up.token')
    await press(page, 'Verify my address')
    expect(await alert(page)).toBe('This link is no longer valid.')
    await page.getByRole('link', { name: 'Log in' }).last().click()
    await logIn(page, endpoints().user)
    await page.getByText(/Your address .* is already verified/).waitFor()
  })
}
