import { describe, expect, test } from 'vitest'
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

describe('the configuration', () => {
  test('needs only what has no sensible default, and counts durations in milliseconds', () => {
    const config = readConfig(GOOD)
    expect(config).toMatchObject({
      ACCESS_TOKEN_TTL: 15 * MINUTE,
      REFRESH_TOKEN_TTL: 7 * DAY,
      RENEWAL_LEEWAY: 2 * HOUR,
      JWT_ISSUER: config.API_URL,
      CORS_ORIGINS: [config.WEB_URL],
      HOST: '127.0.0.1',
    })
  })

  test('is refused with every wrong and every missing value named at once', () => {
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

  test('takes a list of secrets, but no secret for two purposes', () => {
    const two = `${GOOD.ACCESS_TOKEN_SECRET},another access secret of 32 bytes or so`
    expect(readConfig({ ...GOOD, ACCESS_TOKEN_SECRET: two }).ACCESS_TOKEN_SECRET).toHaveLength(2)
    expect(problemsOf({ ...GOOD, ACCESS_TOKEN_SECRET: GOOD.REFRESH_TOKEN_SECRET })).toContain('must all be different')
  })

  test('wants both halves of what a log-in provider has given, or neither', () => {
    const { GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID } = readConfig(GOOD)
    expect([GOOGLE_CLIENT_ID, GITHUB_CLIENT_ID]).toEqual([undefined, undefined])
    expect(problemsOf({ ...GOOD, GOOGLE_CLIENT_ID: 'an id' })).toContain('GOOGLE_CLIENT_SECRET')
    expect(problemsOf({ ...GOOD, GITHUB_CLIENT_SECRET: 'a secret' })).toContain('GITHUB_CLIENT_ID')
  })

  test('never lets a live key go to a sandbox', () => {
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
  ])('does not start in production with %o', (setting) => {
    const production = { ...GOOD, NODE_ENV: 'production', API_URL: 'https://api.example.com' }
    expect(() => readConfig(production)).not.toThrow()
    expect(problemsOf({ ...production, ...setting })).toContain(Object.keys(setting)[0])
  })
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
