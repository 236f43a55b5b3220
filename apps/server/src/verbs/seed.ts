import { seedAccount } from '../auth/index.ts'
import { seedPlans } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { seedEndpoint } from '../events/index.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

const PLANS = '--plans'

/**
 * `seed [--plans]`: adds the accounts and the webhook endpoint named by SEED_* and, outside production or with
 * `--plans`, the default plans of the payment providers that are set up. Leaves existing plans alone.
 *
 * Outside production, the accounts can always log in with the passwords in SEED_*, even if the database had others.
 */
export async function seed(config: Config, log: Log, words: readonly string[] = []): Promise<number> {
  const isProduction = config.NODE_ENV === 'production'
  const addsPlans = !isProduction || words.includes(PLANS)
  const { added, restored } = await inScope({ config, log, verb: 'seed' }, async (scope) => {
    const providers = new Set(scope.billing.providers.keys())
    const added = addsPlans ? (await seedPlans(scope, providers)).map((code) => `plan ${code}`) : []
    const restored: string[] = []
    for (const account of accountsOf(config)) {
      const outcome = await seedAccount(scope, account, { restore: !isProduction })
      if (outcome === 'added') added.push(account.email)
      if (outcome === 'restored') restored.push(account.email)
    }
    const { SEED_WEBHOOK_URL: url, SEED_WEBHOOK_SECRET: secret } = config
    if (url && secret && (await seedEndpoint(scope, { url, secret })))
      added.push(`webhook endpoint ${new URL(url).host}`)
    return { added, restored }
  })
  if (added.length > 0) console.log(`Added: ${added.join(', ')}.`)
  if (restored.length > 0) console.log(`Reset to the passwords in SEED_*: ${restored.join(', ')}.`)
  if (added.length + restored.length === 0) console.log('Nothing to add.')
  if (!addsPlans) console.log(`In production, the default plans are added only by \`seed ${PLANS}\`.`)
  return 0
}

function accountsOf(config: Config) {
  const { SEED_ADMIN_EMAIL, SEED_ADMIN_PASSWORD, SEED_USER_EMAIL, SEED_USER_PASSWORD } = config
  return [
    { email: SEED_ADMIN_EMAIL, password: SEED_ADMIN_PASSWORD, username: 'admin', isAdmin: true },
    { email: SEED_USER_EMAIL, password: SEED_USER_PASSWORD, username: 'user', isAdmin: false },
  ].flatMap(({ email, password, ...account }) => (email && password ? [{ ...account, email, password }] : []))
}
