import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { paymobKeys } from './paymob-settings.ts'

const WITHOUT = {
  DATABASE_URL: 'postgres://tollgate@127.0.0.1:5432/tollgate',
  ACCESS_TOKEN_SECRET: 'an access secret that is 32 bytes long',
  REFRESH_TOKEN_SECRET: 'a refresh secret that is 32 bytes long',
  VALIDATION_TOKEN_SECRET: 'a validation secret of 32 bytes or so',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  STRIPE_SECRET_KEY: 'sk_test_123',
  STRIPE_WEBHOOK_SECRET: 'whsec_123',
}
const GOOD = {
  ...WITHOUT,
  PAYMOB_SECRET_KEY: 'egy_sk_test_123',
  PAYMOB_PUBLIC_KEY: 'egy_pk_test_123',
  PAYMOB_API_KEY: 'ZXlKaGJHY2lPaUpJVXpVeE1pSXNJblI1Y0NJNklrcFhWQ0o5',
  PAYMOB_HMAC_SECRET: 'F1A2B9C84D7E6053',
  PAYMOB_INTEGRATION_3DS: '4097558',
  PAYMOB_INTEGRATION_MOTO: '4097559',
}
const LIVE = {
  ...GOOD,
  STRIPE_SECRET_KEY: 'sk_live_123',
  PAYMOB_SECRET_KEY: 'egy_sk_live_123',
  PAYMOB_PUBLIC_KEY: 'egy_pk_live_123',
}

describe('the settings of Paymob', () => {
  test('are off while none is set, and complete otherwise', () => {
    expect(paymobKeys(readConfig(WITHOUT))).toBeNull()
    expect(paymobKeys(readConfig(GOOD))).toMatchObject({
      ...{ cardIntegration: 4_097_558, motoIntegration: 4_097_559, apiUrl: 'https://accept.paymob.com' },
    })
    expect(
      paymobKeys(readConfig({ ...LIVE, PAYMOB_URL: 'https://ksa.paymob.com/', PAYMOB_MODE: 'live' })),
    ).toMatchObject({ apiUrl: 'https://ksa.paymob.com' })
  })

  test.each(Object.keys(GOOD).filter((name) => name.startsWith('PAYMOB_')))(
    'without %s stop the start, and the error names it',
    (name) => {
      expect(problemsOf({ ...GOOD, [name]: '' })).toContain(`${name} missing: Paymob needs`)
    },
  )

  test('name all that is missing at once', () => {
    expect(problemsOf({ ...WITHOUT, PAYMOB_API_KEY: 'key' })).toContain(
      'PAYMOB_SECRET_KEY, PAYMOB_PUBLIC_KEY, PAYMOB_HMAC_SECRET, PAYMOB_INTEGRATION_3DS, PAYMOB_INTEGRATION_MOTO missing',
    )
  })

  test.each<[string, Record<string, string>, string]>([
    ['a public key of the other mode', { PAYMOB_PUBLIC_KEY: 'egy_pk_live_1' }, 'must both be test keys'],
    ['a secret key of another mode than meant', { PAYMOB_MODE: 'live' }, 'PAYMOB_MODE is live, but'],
    [
      'a live key of Stripe beside test keys',
      { STRIPE_SECRET_KEY: 'sk_live_1' },
      'STRIPE_SECRET_KEY and PAYMOB_SECRET_KEY',
    ],
    ['a live key for a sandbox', { ...LIVE, PAYMOB_URL: 'http://127.0.0.1:3006' }, 'must not be sent to the sandbox'],
    ['a live key for a look-alike', { ...LIVE, PAYMOB_URL: 'https://paymob.com.evil.test' }, 'must not be sent'],
    ['one integration for both', { PAYMOB_INTEGRATION_MOTO: '4097558' }, 'must be two integrations'],
    ['what is no integration', { PAYMOB_INTEGRATION_MOTO: 'moto' }, 'must be the number of an integration'],
    ['a public key as the secret one', { PAYMOB_SECRET_KEY: 'egy_pk_test_1' }, 'must be a Paymob secret key'],
    ['another mode', { PAYMOB_MODE: 'sandbox' }, 'PAYMOB_MODE must be test or live'],
  ])('refuse %s', (_what, changes, problem) => {
    expect(problemsOf({ ...GOOD, ...changes })).toContain(problem)
  })

  test('refuse a mode without keys', () => {
    expect(problemsOf({ ...WITHOUT, PAYMOB_MODE: 'test' })).toContain('the keys of Paymob are not')
  })

  test('of production refuse a sandbox, and an HMAC secret that can be guessed', () => {
    const problems = problemsOf({
      ...GOOD,
      ...{ NODE_ENV: 'production', PAYMOB_URL: 'http://127.0.0.1:3006', PAYMOB_HMAC_SECRET: 'change-me-secret' },
    })
    expect(problems).toContain('PAYMOB_URL is set to a sandbox')
    expect(problems).toContain('PAYMOB_HMAC_SECRET can be guessed')
  })
})

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
