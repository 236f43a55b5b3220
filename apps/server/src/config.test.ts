import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { brandOf, senderOf } from './brand.ts'
import { ConfigError, readConfig } from './config.ts'
import { DAY, HOUR, MINUTE } from './platform/durations.ts'

const GOOD = {
  DATABASE_URL: 'postgres://tollgate@127.0.0.1:5432/tollgate',
  ACCESS_TOKEN_SECRET: 'an access secret that is 32 bytes long',
  REFRESH_TOKEN_SECRET: 'a refresh secret that is 32 bytes long',
  VALIDATION_TOKEN_SECRET: 'a validation secret of 32 bytes or so',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  STRIPE_SECRET_KEY: 'sk_test_123',
  STRIPE_WEBHOOK_SECRET: 'whsec_123',
}

const WHSEC = 'whsec_Xk4vRq9ZmT7wYb2NcF5jLs8HdP3gVn6B'
const PRODUCTION = {
  ...GOOD,
  NODE_ENV: 'production',
  API_URL: 'https://api.example.com',
  WEB_URL: 'https://app.example.com',
  STRIPE_WEBHOOK_SECRET: WHSEC,
}

describe('the configuration', () => {
  test('requires only settings without a sensible default, and reads durations as milliseconds', () => {
    const config = readConfig(GOOD)
    expect(config).toMatchObject({
      ACCESS_TOKEN_TTL: 15 * MINUTE,
      REFRESH_TOKEN_TTL: 7 * DAY,
      RENEWAL_LEEWAY: 2 * HOUR,
      PROMOTION_CODES: false,
      JWT_ISSUER: config.API_URL,
      CORS_ORIGINS: [config.WEB_URL],
      HOST: '127.0.0.1',
    })
  })

  test('has a brand: a readable form of its color, and a name that MAIL_FROM lends', () => {
    const brand = (env: Record<string, string>) => brandOf(readConfig({ ...GOOD, ...env }))
    expect(brand({})).toMatchObject({ name: 'Tollgate', logoUrl: null, supportEmail: null })
    expect(brand({ MAIL_FROM: 'Acme <mail@acme.example>' }).name).toBe('Acme')
    expect(brand({ MAIL_FROM: 'mail@acme.example', WEB_URL: 'http://app.test:8080' }).name).toBe('app.test:8080')
    expect(brand({ BRAND_NAME: 'Acme Ltd', MAIL_FROM: 'Other <mail@acme.example>' }).name).toBe('Acme Ltd')
    expect(brand({ BRAND_COLOR: '#15A' }).tones.light.accent).toBe('#1155aa')
  })

  test.each([
    [{}, 'Tollgate <no-reply@tollgate.local>'],
    [{ BRAND_NAME: 'Bits & "Pieces", Ltd.' }, String.raw`"Bits & \"Pieces\", Ltd." <no-reply@tollgate.local>`],
    [{ BRAND_NAME: 'Acme', MAIL_FROM: 'mail@acme.example' }, '"Acme" <mail@acme.example>'],
    [{ BRAND_NAME: 'Acme', MAIL_FROM: 'Acme Billing <mail@acme.example>' }, 'Acme Billing <mail@acme.example>'],
    [{ MAIL_FROM: 'mail@acme.example' }, 'mail@acme.example'],
  ])('with %j, mails are sent by %s', (env, sender) => {
    expect(senderOf(readConfig({ ...GOOD, ...env }))).toBe(sender)
  })

  test.each([
    ['BRAND_COLOR', 'green'],
    ['BRAND_NAME', 'two\nlines'],
    ['BRAND_NAME', 'x'.repeat(61)],
    ['BRAND_LOGO_URL', 'http://acme.example/logo.png'],
    ['SUPPORT_EMAIL', 'help'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ ...GOOD, [name]: value })).toContain(`${name} must`)
  })

  test('names the variable that is probably a misspelled one if a setting is missing', () => {
    const { SMTP_URL, ...rest } = GOOD
    expect(problemsOf({ ...rest, SMTP_URI: SMTP_URL })).toContain('SMTP_URL is missing; is SMTP_URI misspelled?')
  })

  test('is refused with every wrong and missing value named at once', () => {
    const { SMTP_URL: _, ...rest } = GOOD
    const problems = problemsOf({
      ...rest,
      ACCESS_TOKEN_SECRET: 'short',
      ACCESS_TOKEN_TTL: 'soon',
      PORT: '99999',
      SESSION_POLICY: 'several',
      DATABASE_URL: 'mysql://localhost/x',
    })
    for (const name of [
      'SMTP_URL',
      'ACCESS_TOKEN_SECRET',
      'ACCESS_TOKEN_TTL',
      'PORT',
      'SESSION_POLICY',
      'DATABASE_URL',
    ]) {
      expect(problems).toContain(name)
    }
    expect(problems).not.toContain('mysql://localhost/x')
  })

  test('accepts a list of secrets, but no secret for two purposes', () => {
    const two = `${GOOD.ACCESS_TOKEN_SECRET},another access secret of 32 bytes or so`
    expect(readConfig({ ...GOOD, ACCESS_TOKEN_SECRET: two }).ACCESS_TOKEN_SECRET).toHaveLength(2)
    expect(problemsOf({ ...GOOD, ACCESS_TOKEN_SECRET: GOOD.REFRESH_TOKEN_SECRET })).toContain('must all be different')
  })

  test('needs no secret for access tokens if a key signs them', () => {
    const { ACCESS_TOKEN_SECRET, ...rest } = GOOD
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const text = key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    const config = readConfig({ ...rest, ACCESS_TOKEN_PRIVATE_KEY: text })
    expect([config.ACCESS_TOKEN_SECRET, config.ACCESS_TOKEN_PRIVATE_KEY?.keys.length]).toEqual([[], 1])
    expect(problemsOf(rest)).toContain('ACCESS_TOKEN_SECRET is missing')
    expect(problemsOf({ ...rest, ACCESS_TOKEN_PRIVATE_KEY: `hmac,${text}` })).toContain(
      'ACCESS_TOKEN_SECRET is missing',
    )
    const both = { ...rest, ACCESS_TOKEN_SECRET, ACCESS_TOKEN_PRIVATE_KEY: `hmac,${text}` }
    expect(readConfig(both).ACCESS_TOKEN_PRIVATE_KEY?.onlyVerify).toBe(true)
    expect(problemsOf({ ...rest, ACCESS_TOKEN_PRIVATE_KEY: `${text},${text}` })).toMatch(
      /ACCESS_TOKEN_PRIVATE_KEY must not have a key twice, but keys 1 and 2 are the same/,
    )
  })

  test('requires both the id and the secret of a login provider, or neither', () => {
    const { GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID } = readConfig(GOOD)
    expect([GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID]).toEqual([undefined, undefined])
    expect(problemsOf({ ...GOOD, GOOGLE_CLIENT_ID: 'an id' })).toContain('GOOGLE_CLIENT_SECRET')
    expect(problemsOf({ ...GOOD, GITHUB_CLIENT_SECRET: 'a secret' })).toContain('GITHUB_CLIENT_ID')
  })

  test('never sends a live key to a sandbox', () => {
    const env = { ...GOOD, STRIPE_SECRET_KEY: 'sk_live_123', STRIPE_API_URL: 'http://127.0.0.1:3002' }
    expect(problemsOf(env)).toContain('STRIPE_SECRET_KEY')
  })

  test.each<Record<string, string>>([
    { STRIPE_API_URL: 'http://127.0.0.1:3002' },
    { ACCESS_TOKEN_SECRET: 'abababababababababababababababababab' },
    { REFRESH_TOKEN_SECRET: 'please-change-me-please-change-me-0123' },
    { METRICS_TOKEN: 'a default token for metrics' },
    { BILLING_CLOCK_URL: 'http://127.0.0.1:3002/_/clock' },
    { CORS_ORIGINS: '*' },
    { API_URL: 'http://api.example.com' },
    { GOOGLE_ISSUER: 'http://127.0.0.1:3003/google' },
    { GITHUB_URL: 'http://127.0.0.1:3003/github' },
    { GITHUB_API_URL: 'http://127.0.0.1:3003/github/api' },
    { GOOGLE_ISSUER: 'https://127.0.0.1:3003/google' },
    { API_URL: '' },
    { API_URL: 'https://localhost:3000' },
    { WEB_URL: '' },
    { WEB_URL: 'http://app.example.com' },
    { WEB_URL: 'https://[::1]:3001' },
    { CORS_ORIGINS: 'https://app.example.com,http://app.example.com' },
    { STRIPE_WEBHOOK_SECRET: 'whsec_' },
    { STRIPE_WEBHOOK_SECRET: `${WHSEC},whsec_test` },
    { STRIPE_WEBHOOK_SECRET: `whsec_${'example'.repeat(5)}` },
    { ACCESS_TOKEN_SECRET: '0123456789'.repeat(4) },
    { ACCESS_TOKEN_SECRET: 'abcdefghijklmnopqrstuvwxyz0123456789' },
    { ACCESS_TOKEN_SECRET: 'my-super-secret-key-for-access-tokens' },
    { ACCESS_TOKEN_SECRET: 'Xk4vRq9ZmT7w'.repeat(4) },
    { METRICS_TOKEN: '0123456789abcdef' },
    { SEED_ADMIN_PASSWORD: 'password1' },
    { WEBHOOK_NETWORKS: '10.0.0.0/8,127.0.0.0/8' },
    { WEBHOOK_NETWORKS: '0.0.0.0/0' },
    { WEBHOOK_NETWORKS: '169.254.169.254' },
    { WEBHOOK_NETWORKS: '::1' },
  ])('does not start in production with %o', (setting) => {
    expect(() => readConfig(PRODUCTION)).not.toThrow()
    expect(problemsOf({ ...PRODUCTION, ...setting })).toContain(Object.keys(setting)[0])
  })

  test('accepts any random secret in production', () => {
    for (let n = 0; n < 300; n++) {
      const secret = () => randomBytes(48).toString(n % 2 ? 'hex' : 'base64url')
      const secrets = {
        ACCESS_TOKEN_SECRET: secret(),
        METRICS_TOKEN: secret(),
        STRIPE_WEBHOOK_SECRET: `whsec_${secret()}`,
      }
      expect(problemsOf({ ...PRODUCTION, ...secrets })).toBe('')
    }
  })

  test('accepts a random secret in hex that happens to contain a run', () => {
    const secret = '549c1077e947a6735ea9876543ddd4898651015dfd4b10f05af19ead2c22b431e5edae1ab975d22200d3b24bcd212d5e'
    expect(problemsOf({ ...PRODUCTION, ACCESS_TOKEN_SECRET: secret })).toBe('')
  })

  test('of production is refused with every wrong value named at once', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: 'abc',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
      GOOGLE_CLIENT_ID: 'x',
    })
    for (const name of [
      'DATABASE_URL',
      'PORT must',
      'API_URL is missing',
      'WEB_URL is missing',
      'GOOGLE_CLIENT_SECRET',
    ])
      expect(problems).toContain(name)
    expect(problems.match(/STRIPE_WEBHOOK_SECRET/g)).toHaveLength(1)
    expect(problems).not.toContain('must all be different')
    // One name may be the end of another.
    const both = problemsOf({ ...PRODUCTION, API_URL: 'nowhere', STRIPE_API_URL: 'http://127.0.0.1:3002' })
    expect(both).toContain('API_URL must be an absolute URL')
    expect(both).toContain('STRIPE_API_URL is set to a sandbox')
  })

  test.each<Record<string, string>>([
    { CORS_ORIGINS: 'null' },
    { CORS_ORIGINS: 'https://*' },
    { CORS_ORIGINS: 'https://app.example.com/' },
    { WEB_URL: 'javascript:alert(1)' },
    { TRUST_PROXY: 'nonsense' },
    { TRUST_PROXY: '10.0.0.1,10.0.0.0/99' },
    { COOKIE_DOMAIN: 'x.io;Path=/evil' },
    { SESSION_MAX_AGE: '99999999d' },
    { SESSION_POLICY: 'several' },
    { PORT: '3000x' },
    { MAX_BATCH: '0' },
    { WEBHOOK_NETWORKS: '10.0.0.0/33' },
    { WEBHOOK_NETWORKS: 'loopback' },
    { SEED_WEBHOOK_URL: 'ftp://example.com' },
    { SEED_WEBHOOK_SECRET: 'whsec_short' },
    { APP_REDIRECT_URIS: 'com.example.app' },
    { APP_REDIRECT_URIS: 'com.example.app:/login,/login' },
    { APP_REDIRECT_URIS: 'https://*.example.com/login' },
    { APP_REDIRECT_URIS: 'https://user@app.example.com/login' },
    { APP_REDIRECT_URIS: 'com.example.app:/login#' },
    { APP_REDIRECT_URIS: 'com.example.app:/login?code=1' },
    { APP_REDIRECT_URIS: 'com.example.app:/login?x=1&error=1' },
  ])('explains why %o is refused', (setting) => {
    expect(problemsOf({ ...GOOD, ...setting })).toContain(`${Object.keys(setting)[0]} must be`)
  })

  test.each<Record<string, string>>([
    { TRUST_PROXY: 'loopback,10.0.0.0/8,::1,fd00::/8' },
    { COOKIE_DOMAIN: '.example.co.uk' },
    { COOKIE_DOMAIN: 'localhost' },
    { CORS_ORIGINS: 'https://app.example.com,http://localhost:5173' },
    { WEBHOOK_NETWORKS: '10.0.0.0/8, 192.168.1.7,fd00::/8' },
    { APP_REDIRECT_URIS: '' },
    { APP_REDIRECT_URIS: 'com.example.app:/login, https://app.example.com/login?from=phone' },
    { APP_REDIRECT_URIS: 'http://127.0.0.1/done,http://[::1]:8080/done' },
  ])('accepts %o', (setting) => {
    expect(() => readConfig({ ...GOOD, ...setting })).not.toThrow()
  })
})

test.each([
  ['javascript:alert(1)', 'must not use javascript:'],
  ['JavaScript:alert(1)', 'must not use javascript:'],
  ['data:text/html', 'must not use data:'],
  ['intent://login', 'must not use intent:'],
  ['http://app.example.com/login', 'must use https'],
  ['http://localhost/login', 'must use https'],
  ['http://127.0.0.1.example.com/login', 'must use https'],
])('a login never leads back to %s', (uri, problem) => {
  expect(problemsOf({ ...GOOD, APP_REDIRECT_URIS: `com.example.app:/login,${uri}` })).toContain(problem)
})

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
    return ''
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return String(error)
  }
}
