import { expect, test } from 'vitest'
import { firstOf } from '../../test/long.ts'
import { freePort, runVerb } from '../../test/server-process.ts'
import { createTestApp } from '../../test/test-app.ts'

test.each(
  firstOf(1, [
    [
      'does not answer',
      async () => ({ STRIPE_API_URL: `http://127.0.0.1:${await freePort()}`, BILLING_CLOCK_URL: '' }),
    ],
    ['refuses the key', async () => ({ STRIPE_SECRET_KEY: 'sk_test_of_somebody_else' })],
  ]),
)(
  'reconcile says in one sentence that Stripe %s',
  async (_what, env) => {
    await using app = await createTestApp({}, { worker: false })
    const { code, output } = await runVerb(app, 'reconcile', { ...(await env()), LOG_LEVEL: 'silent' })
    expect(output).toMatch(
      /^Not all was reconciled: a payment provider does not answer, or refuses the key \(.*\)\. `doctor` says which\.\n$/,
    )
    expect(code).toBe(1)
  },
  60_000,
)
