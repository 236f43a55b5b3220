import type * as tollgateModule from '@tollgate/client'
import type { RunningStack } from '@tollgate/local/stack'
import { takePicture } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveClientPage } from './client-page.ts'
import { alert, heading, logIn } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'

const ACCESS_TOKEN_TTL_MS = 3_000

/* What the page has: the module, its client, and the reasons that the client reported. */
declare global {
  var tollgate: typeof tollgateModule
  var client: tollgateModule.TollgateClient
  var ended: string[]
}

const started = new AsyncDisposableStack()
let browser: Browser
let stack: RunningStack
let port: number

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  port = started.use(await serveClientPage()).port
  stack = started.use(
    await startThrowawayStack({
      ACCESS_TOKEN_TTL: `${ACCESS_TOKEN_TTL_MS}ms`,
      WEB_URL: `http://localhost:${port}`,
    }),
  )
})

afterAll(() => started.disposeAsync())

/** A page with a client in it. */
async function aTab(context: BrowserContext, { host = '127.0.0.1' } = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`http://${host}:${port}/`)
  await openClient(page)
  return page
}

/** Creates the page's client, as a reload does. */
async function openClient(page: Page, more: { refreshTimeoutMs?: number } = {}): Promise<void> {
  await page.waitForFunction(() => 'tollgate' in globalThis)
  await page.evaluate(
    (options) => {
      globalThis.ended = []
      globalThis.client = tollgate.createTollgateClient({ ...options, onSessionEnd: (reason) => ended.push(reason) })
    },
    { url: stack.endpoints.api, ...more },
  )
}

const logInAs = (page: Page, account: { email: string; password: string }) =>
  page.evaluate(async (given) => {
    const { user } = await client.api.auth.login.mutate(given)
    return user.email
  }, account)

const endedIn = (page: Page) => page.evaluate(() => ended)

const restoredIn = (page: Page) => page.evaluate(async () => (await client.session.restore())?.user.email ?? null)

/** Changes the first name of the user who is logged in. Returns `done` or the error. */
const rename = (page: Page, firstName: string) =>
  page.evaluate(
    (name) =>
      client.api.profile.update.mutate({ firstName: name }).then(
        () => 'done',
        (error: unknown) => String(error),
      ),
    firstName,
  )

describe('two tabs with two people', () => {
  test('a tab whose access token has expired does nothing as the other person', async () => {
    const context = await browser.newContext()
    // Without a channel between the tabs, as in a browser from before 2022.
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'BroadcastChannel'))
    const [user, admin] = [await aTab(context), await aTab(context)]
    await logInAs(user, stack.endpoints.user)
    await logInAs(admin, stack.endpoints.admin)
    await rename(admin, 'Bob')
    await user.waitForTimeout(ACCESS_TOKEN_TTL_MS + 1_000)

    expect(await rename(user, 'Ada')).not.toBe('done')
    expect(await rename(user, 'Ada')).not.toBe('done')
    expect(await endedIn(user)).toEqual(['REPLACED'])
    const profile = await admin.evaluate(() => client.api.profile.get.query())
    expect([profile.firstName, await endedIn(admin)]).toEqual(['Bob', []])
    await context.close()
  })

  test('a login in one tab ends the session of another person in the other tab at once', async () => {
    const context = await browser.newContext()
    const [user, admin] = [await aTab(context), await aTab(context)]
    await logInAs(user, stack.endpoints.user)
    await logInAs(admin, stack.endpoints.admin)
    await expect.poll(() => endedIn(user)).toEqual(['REPLACED'])
    expect([await endedIn(admin), await restoredIn(admin)]).toEqual([[], stack.endpoints.admin.email])
    await context.close()
  })

  test('a logout in one tab logs out the other tab of the same person, and a login logs it in again', async () => {
    const context = await browser.newContext()
    const [one, other] = [await aTab(context), await aTab(context)]
    await logInAs(one, stack.endpoints.user)
    expect(await restoredIn(other)).toBe(stack.endpoints.user.email)
    await other.evaluate(() => client.api.auth.logout.mutate())
    await expect.poll(() => endedIn(one)).toEqual(['REFRESH_TOKEN_MISSING'])
    expect(await endedIn(other)).toEqual([])
    await logInAs(other, stack.endpoints.user)
    const isIn = () => one.evaluate(() => client.session.current?.user.email)
    await expect.poll(isIn).toBe(stack.endpoints.user.email)
    await context.close()
  })

  test('the console tells the person whom another one has replaced', async () => {
    const context = await browser.newContext({ baseURL: stack.endpoints.web, locale: 'en-US' })
    const page = await context.newPage()
    await page.goto('/profile')
    await logIn(page, stack.endpoints.user)
    await heading(page, 'Profile')
    await context.request.post(`${stack.endpoints.api}/login`, { data: stack.endpoints.admin })
    await page.waitForTimeout(ACCESS_TOKEN_TTL_MS + 1_000)
    await page.getByLabel('First name').fill('Ada')
    await page.getByRole('button', { name: 'Save' }).first().click()
    await heading(page, 'Log in')
    expect(await alert(page)).toContain('Another account has logged in in this browser')
    await context.close()
  })
})

test('the console tells a person that a login on another device has ended the session', async () => {
  const context = await browser.newContext({ baseURL: stack.endpoints.web, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto('/profile')
  await logIn(page, stack.endpoints.user)
  await heading(page, 'Profile')
  const phone = await browser.newContext()
  await phone.request.post(`${stack.endpoints.api}/login`, { data: stack.endpoints.user })
  await page.getByLabel('First name').fill('Ada')
  await page.getByRole('button', { name: 'Save' }).first().click()
  const question = page.getByRole('dialog', { name: 'Please log in again' })
  await question.getByText('You logged in on another device').waitFor()
  await takePicture(page, 'console/log-in-after-a-login-elsewhere')

  // A tab that was closed in the meantime says so, too.
  await page.goto('/profile')
  await heading(page, 'Log in')
  const reason = page.getByRole('status').filter({ hasText: 'You logged in on another device' })
  await reason.first().waitFor()
  expect(await reason.count()).toBe(1)
  await Promise.all([context.close(), phone.close()])
})

test.each(['localhost', '127.0.0.1'])('a page at %s stays logged in after a reload', async (host) => {
  const context = await browser.newContext()
  const page = await aTab(context, { host })
  await logInAs(page, stack.endpoints.user)
  await page.reload()
  await openClient(page)
  expect(await restoredIn(page)).toBe(stack.endpoints.user.email)
  await context.close()
})

test('a login with Google leads back to a page at localhost, with its session', async () => {
  const context = await browser.newContext({ locale: 'en-US' })
  const page = await aTab(context, { host: 'localhost' })
  await page.evaluate(() => location.assign(client.oauthUrl('google', '/?from=google')))
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await page.waitForURL(`http://localhost:${port}/?from=google`)
  await openClient(page)
  expect(await restoredIn(page)).toBe('ada@gmail.example')
  await context.close()
})

test("a tab whose refresh is never answered does not hold up the other tab's for longer than its limit", async () => {
  const refreshTimeoutMs = 1_000
  const context = await browser.newContext()
  const [hanging, other] = [await aTab(context), await aTab(context)]
  await logInAs(hanging, stack.endpoints.user)
  await hanging.route(/\/trpc\/auth\.(refresh|restore)/, () => {}) // never answered
  await Promise.all([openClient(hanging, { refreshTimeoutMs }), openClient(other, { refreshTimeoutMs })])
  const outcome = hanging.evaluate(() => client.session.restore().catch((error: unknown) => String(error)))
  await hanging.waitForFunction(async () => (await navigator.locks.query()).held?.length === 1)
  expect(await restoredIn(other)).toBe(stack.endpoints.user.email)
  expect(await outcome).toContain('did not answer within 1 seconds')
  await context.close()
})

test('the client warns once that the browser did not keep the cookie', async () => {
  const context = await browser.newContext()
  const page = await aTab(context)
  const said: string[] = []
  page.on('console', (message) => said.push(...(message.text().startsWith('Tollgate:') ? [message.text()] : [])))
  await logInAs(page, stack.endpoints.user)
  await context.clearCookies()
  for (let reload = 1; reload <= 2; reload += 1) {
    await page.reload()
    await openClient(page)
    expect(await restoredIn(page)).toBeNull()
  }
  expect(said).toEqual([expect.stringContaining('did not keep the refresh cookie')])
  await context.close()
})

test('a web worker logs in and restores the session with the cookie of the browser', async () => {
  const context = await browser.newContext()
  const page = await aTab(context)
  const email = await page.evaluate(
    (message) =>
      new Promise((resolve) => {
        const worker = new Worker('/worker.js', { type: 'module' })
        worker.addEventListener('message', (event) => resolve(event.data))
        worker.postMessage(message)
      }),
    { url: stack.endpoints.api, account: stack.endpoints.user },
  )
  expect(email).toBe(stack.endpoints.user.email)
  expect(await restoredIn(page)).toBe(stack.endpoints.user.email)
  await context.close()
})
