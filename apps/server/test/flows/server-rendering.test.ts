import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTollgateServerClient } from '@tollgate/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCookieJar, type CookieJar } from '../cookie-jar.ts'
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts'

let app: TestApp
/** A website that is rendered on a server: one Node process for all visitors. */
const site = createServer((req, res) => void render(req, res))
let siteUrl: string

beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(async () => {
  site.close()
  await app[Symbol.asyncDispose]()
})

async function render(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { api } = createTollgateServerClient({
    url: app.url,
    cookies: { header: req.headers.cookie, set: (line) => res.appendHeader('set-cookie', line) },
  })
  const text = await Promise.all([api.auth.me.query(), api.profile.get.query()]).then(
    ([me, { firstName }]) => `${me.email} ${firstName}`,
    () => 'a stranger',
  )
  res.end(text)
}

const visit = async (browser: CookieJar) => (await browser.fetch(siteUrl)).text()

async function aVisitor(firstName: string): Promise<{ user: TestUser; browser: CookieJar }> {
  const [user, browser] = [await app.aUser(), createCookieJar()]
  const { api } = app.client({ fetch: browser.fetch })
  await api.auth.login.mutate({ email: user.email, password: user.password })
  await api.profile.update.mutate({ firstName })
  return { user, browser }
}

test('many visitors at once each see their own page, again and again, and strangers see none', async () => {
  const visitors = await Promise.all(['Ada', 'Grace', 'Katherine', 'Dorothy'].map(aVisitor))
  const expected = ['Ada', 'Grace', 'Katherine', 'Dorothy'].map((name, at) => `${visitors[at]?.user.email} ${name}`)
  for (let round = 0; round < 3; round += 1) {
    const pages = await Promise.all([...visitors.map(({ browser }) => visit(browser)), visit(createCookieJar())])
    expect(pages).toEqual([...expected, 'a stranger'])
  }
})

test('two pages of one visitor at once do not end the session', async () => {
  const { user, browser } = await aVisitor('Ada')
  const both = [`${user.email} Ada`, `${user.email} Ada`]
  expect(await Promise.all([visit(browser), visit(browser)])).toEqual(both)
  app.clock.advance(60_000)
  expect(await Promise.all([visit(browser), visit(browser)])).toEqual(both)
})
