import { createTollgateClient, type TokenStorage } from '@tollgate/client'
import { startOAuthSandbox, type OAuthSandbox } from '@tollgate/oauth-sandbox'
import { createCookieJar, type CookieJar } from './cookie-jar.ts'
import { createTestApp, type TestApp } from './test-app.ts'

export type Provider = 'google' | 'github'

/** The input on the provider's page. `decision` is `allow` by default. */
export type Choice = Partial<
  Record<'identity' | 'id' | 'login' | 'name' | 'email' | 'email_status' | 'decision', string>
>

export interface OAuthTestApp extends AsyncDisposable {
  readonly app: TestApp
  readonly sandbox: OAuthSandbox
}

/** Starts the whole server with the OAuth sandbox as Google and GitHub. */
export async function createOAuthApp(env: Record<string, string> = {}): Promise<OAuthTestApp> {
  await using stack = new AsyncDisposableStack()
  const sandbox = stack.use(await startOAuthSandbox())
  const app = stack.use(await createTestApp({ ...settingsFor(sandbox), ...env }, { worker: false }))
  const running = stack.move()
  return { app, sandbox, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

function settingsFor({ google, github }: OAuthSandbox): Record<string, string> {
  return {
    GOOGLE_CLIENT_ID: google.clientId,
    GOOGLE_CLIENT_SECRET: google.clientSecret,
    GOOGLE_ISSUER: google.issuer,
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
  }
}

/** Goes to the provider's page and submits it. @returns the callback's URL, which is not opened yet. */
export async function toCallback(
  app: TestApp,
  browser: CookieJar,
  provider: Provider,
  choice: Choice,
  begin = `${app.url}/${provider}/login`,
): Promise<string> {
  const page = locationOf(await browser.fetch(begin))
  const body = new URLSearchParams({ decision: 'allow', ...choice })
  return locationOf(await fetch(page, { method: 'POST', body, redirect: 'manual' }))
}

/** Logs in with a provider. @returns the path in the console where the browser ends. */
export async function logInWith(
  app: TestApp,
  browser: CookieJar,
  provider: Provider,
  choice: Choice,
  begin?: string,
): Promise<string> {
  return openCallback(app, browser, await toCallback(app, browser, provider, choice, begin))
}

/** Opens a callback. @returns the path in the console where the browser ends. */
export async function openCallback(app: TestApp, browser: CookieJar, callback: string): Promise<string> {
  const { webUrl } = app.deps.auth.settings
  const location = locationOf(await browser.fetch(callback))
  if (!location.startsWith(`${webUrl}/`)) throw new Error(`The browser was redirected to another site: ${location}`)
  return location.slice(webUrl.length)
}

/** A client in this browser, with the session of its refresh cookie. */
export async function clientOf(app: TestApp, browser: CookieJar) {
  const client = app.client({ fetch: browser.fetch })
  await client.session.restore()
  return client
}

/** @returns the user who is logged in in this browser; null when there is none. */
export async function whoIs(app: TestApp, browser: CookieJar) {
  return (await clientOf(app, browser)).session.current?.user ?? null
}

export const aBrowser = createCookieJar

/** An app on one device, which keeps its refresh token itself. Its storage outlives a restart. */
export function anApp({ url }: TestApp) {
  const stored = new Map<string, string>()
  const storage: TokenStorage = {
    get: async (key) => stored.get(key),
    set: async (key, value) => stored.set(key, value),
    remove: async (key) => stored.delete(key),
  }
  return { stored, start: () => createTollgateClient({ url, storage }) }
}

/** Goes through the provider's page in the browser that an app opens. @returns the address that leads back to the app. */
export async function backToApp(app: TestApp, url: string, choice: Choice): Promise<string> {
  const browser = aBrowser()
  const address = locationOf(await browser.fetch(await toCallback(app, browser, 'github', choice, url)))
  if (browser.get('refresh_token') !== undefined) throw new Error('The browser got the session of the app.')
  return address
}

function locationOf(response: Response): string {
  const location = response.headers.get('location')
  if (!location) throw new Error(`${response.url} answered ${response.status} without a redirect.`)
  return location
}
