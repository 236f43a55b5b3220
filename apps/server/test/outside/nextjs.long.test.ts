import { execFile, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCookieJar, type CookieJar } from '../cookie-jar.ts'
import { until } from '../inbox.ts'
import { freePort } from '../server-process.ts'
import { aServiceKey } from '../service-keys.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../../..')
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ACCESS_TOKEN_PRIVATE_KEY = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
/** The cookies that the browser gets from Next.js. */
const [REFRESH, ACCESS] = [/^(?:__\w+-)?refresh_token$/, /access/]

/** A page that a newcomer adds. Next.js prerenders it unless the layout says otherwise. */
const STATIC_PAGE = 'export default function About() { return <p>About</p> }'

/** The example outside of the workspace, with the packed packages and Next.js from the registry. */
const folder = mkdtempSync(join(tmpdir(), 'tollgate-nextjs-'))
const stack = new AsyncDisposableStack()
let app: TestApp
let url: string
beforeAll(async () => {
  app = stack.use(await createTestApp({ ACCESS_TOKEN_PRIVATE_KEY }, { worker: false }))
  cpSync(join(ROOT, 'examples/nextjs'), folder, { recursive: true })
  for (const name of ['client', 'server']) {
    const out = join(folder, `vendor/tollgate-${name}-0.1.0.tgz`)
    await run('npx', ['-y', 'pnpm@12.21.0', 'pack', '--out', out], { cwd: join(ROOT, 'packages', name) })
  }
  mkdirSync(join(folder, 'app/about'))
  writeFileSync(join(folder, 'app/about/page.tsx'), STATIC_PAGE)
  await inFolder('npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund')
  await inFolder('npx', 'next', 'build') // it checks the types, too
  url = await serve(app.url)
}, 900_000)
afterAll(async () => {
  await stack.disposeAsync()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const environment = (more: Record<string, string> = {}) => ({
  ...{ PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NEXT_TELEMETRY_DISABLED: '1' },
  ...more,
})

/** Runs a program in the folder. Compilers print their findings to stdout, which the error does not have. */
async function inFolder(program: string, ...args: string[]): Promise<void> {
  const done = run(program, args, { cwd: folder, env: environment() })
  await done.catch(({ stdout, stderr }: { stdout: string; stderr: string }) => {
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`)
  })
}

/** Starts the built example, and waits until it answers. */
async function serve(tollgate: string): Promise<string> {
  const port = await freePort()
  const env = environment({ TOLLGATE_URL: tollgate, TOLLGATE_SERVICE_KEY: await aServiceKey(app, 'introspect') })
  const next = join(folder, 'node_modules/next/dist/bin/next')
  const child = spawn(process.execPath, [next, 'start', '--port', String(port)], { cwd: folder, env, stdio: 'ignore' })
  const exit = once(child, 'exit')
  stack.defer(async () => {
    child.kill('SIGTERM')
    await exit
  })
  const address = `http://127.0.0.1:${port}`
  const isUp = async () => (await fetch(`${address}/login`).catch(() => null))?.ok === true
  await until('Next.js to answer', isUp, 60_000)
  return address
}

/** Opens a page. @returns its HTML, or where it leads. */
async function open(browser: CookieJar, path: string, site = url): Promise<string> {
  const response = await browser.fetch(`${site}${path}`)
  return response.headers.get('location')?.replace(site, '') ?? (await response.text()).replaceAll('<!-- -->', '')
}

/** Sends the form of a page as a browser without JavaScript does. @returns where that leads. */
async function submit(browser: CookieJar, path: string, values: Record<string, string> = {}): Promise<string | null> {
  const body = new FormData()
  const page = await open(browser, path)
  for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)) {
    body.set(name, value)
  }
  for (const [name, value] of Object.entries(values)) body.set(name, value)
  const response = await browser.fetch(`${url}${path}`, { method: 'POST', body, headers: { origin: url } })
  return response.headers.get('location')?.replace(url, '') ?? null
}

const named = (browser: CookieJar, name: RegExp) => browser.names().find((each) => name.test(each)) ?? ''

test('pages are for visitors and for users, and the session is refreshed in one place', async () => {
  const { email, password, username } = await app.aUser()
  const browser = createCookieJar()
  expect(await open(browser, '/')).toContain('Pro: $19.00')
  expect(await open(browser, '/account')).toBe('/login')
  expect(await submit(browser, '/login', { email, password: 'wrong password' })).toBe(
    '/login?error=INVALID_CREDENTIALS',
  )
  expect(await open(browser, '/login?error=INVALID_CREDENTIALS')).toContain('Wrong email address or password.')
  expect(await open(browser, '/login?error=call%200800%20now')).toContain('<p role="alert">Something went wrong on our')
  expect(await submit(browser, '/login', { email, password })).toBe('/account')
  expect(await open(browser, '/account')).toContain(`<h1>${username}</h1>`)

  // As after the access token's end: only the refresh cookie is left, and several pages are opened at once.
  const refresh = browser.get(named(browser, REFRESH)) ?? ''
  const tabs = Array.from({ length: 3 }, createCookieJar)
  for (const tab of tabs) tab.set(named(browser, REFRESH), refresh)
  const pages = await Promise.all(tabs.map((tab) => open(tab, '/account')))
  for (const page of pages) expect(page).toContain(`<h1>${username}</h1>`)
  for (const tab of tabs) expect(tab.get(named(tab, ACCESS))).toMatch(/^ey/)
  expect(tabs[0]?.get(named(browser, REFRESH))).not.toBe(refresh)

  // A cache must not give one visitor's cookies to the next one.
  let newest = tabs[0]?.get(named(browser, REFRESH)) ?? ''
  for (const path of ['/', '/login', '/about', '/nowhere']) {
    const visitor = createCookieJar()
    visitor.set(named(browser, REFRESH), newest)
    const { headers } = await visitor.fetch(`${url}${path}`)
    expect([path, visitor.get(named(visitor, ACCESS))]).toEqual([path, expect.stringMatching(/^ey/)])
    expect([path, headers.get('cache-control')]).toEqual([path, expect.stringContaining('no-store')])
    newest = visitor.get(named(browser, REFRESH)) ?? ''
  }

  // A made-up cookie opens nothing.
  const forger = createCookieJar()
  forger.set(named(browser, ACCESS), 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.')
  expect(await open(forger, '/account')).toBe('/login')

  const [tab = browser] = tabs
  expect(await submit(tab, '/account')).toBe('/')
  expect(await open(tab, '/account')).toBe('/login')
})

test('a route handler knows who sends an access token, and refuses it after the logout', async () => {
  const user = await app.aUser()
  const { api } = app.client()
  const { accessToken } = await api.auth.login.mutate({ email: user.email, password: user.password })
  const ask = async (headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/api/me`, { headers })
    return [response.status, await response.json()] as const
  }
  const authorization = `Bearer ${accessToken}`
  expect(await ask({ authorization })).toEqual([200, { userId: user.id, isVerified: true }])
  expect(await ask()).toEqual([401, { reason: 'TOKEN_MISSING' }])
  await api.auth.logout.mutate()
  await until('the session to be refused', async () => (await ask({ authorization }))[0] === 401)
  expect(await ask({ authorization })).toEqual([401, { reason: 'SESSION_ENDED' }])
})

test('what the client’s README says about Next.js and Expo fits the types of their packages', async () => {
  const expo = ['expo-secure-store', 'expo-web-browser', 'expo-linking']
  // Without React Native and the rest of Expo, which is larger than everything else here.
  const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-save']
  await inFolder('npm', 'install', '--prefer-offline', ...flags, ...expo)
  const readme = readFileSync(join(ROOT, 'packages/client/README.md'), 'utf8')
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code).join('\n')
  for (const name of expo) expect(examples).toContain(`from '${name}'`)
  writeFileSync(join(folder, 'readme.ts'), examples)
  const compilerOptions = { noEmit: true, incremental: false, exactOptionalPropertyTypes: true }
  const project = { extends: './tsconfig.json', compilerOptions, include: ['next-env.d.ts', 'readme.ts'] }
  writeFileSync(join(folder, 'tsconfig.readme.json'), JSON.stringify(project))
  await inFolder('npx', 'tsc', '-p', 'tsconfig.readme.json')
})

test('a backend that is down takes down no page that does not need it', async () => {
  const down = await serve(`http://127.0.0.1:${await freePort()}`)
  const browser = createCookieJar()
  browser.set('refresh_token', 'made.up.token')
  expect(await open(browser, '/login', down)).toContain('type="password"')
})
