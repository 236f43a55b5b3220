import { seedAccount } from '../auth/index.ts'
import { seedPlans } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/**
 * `seed`: adds what is missing of the first plans and of the accounts named by SEED_*. Outside production these
 * accounts can always log in with the passwords in SEED_*: a database that was used before may know others.
 */
export async function seed(config: Config, log: Log): Promise<number> {
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  const restore = config.NODE_ENV !== 'production'
  try {
    const added = (await seedPlans(openScope(deps, { verb: 'seed' }))).map((code) => `plan ${code}`)
    const restored: string[] = []
    for (const account of accountsOf(config)) {
      const outcome = await seedAccount(openScope(deps, { verb: 'seed' }), account, { restore })
      if (outcome === 'added') added.push(account.email)
      if (outcome === 'restored') restored.push(account.email)
    }
    if (added.length > 0) console.log(`Seeded: ${added.join(', ')}.`)
    if (restored.length > 0) console.log(`Made ready again, with the password in SEED_*: ${restored.join(', ')}.`)
    if (added.length + restored.length === 0) console.log('Nothing to seed: all is there.')
    return 0
  } finally {
    await boss.stop({ graceful: false })
    await deps.close()
  }
}

function accountsOf(config: Config) {
  const { SEED_ADMIN_EMAIL, SEED_ADMIN_PASSWORD, SEED_USER_EMAIL, SEED_USER_PASSWORD } = config
  return [
    { email: SEED_ADMIN_EMAIL, password: SEED_ADMIN_PASSWORD, username: 'admin', isAdmin: true },
    { email: SEED_USER_EMAIL, password: SEED_USER_PASSWORD, username: 'user', isAdmin: false },
  ].flatMap(({ email, password, ...account }) => (email && password ? [{ ...account, email, password }] : []))
}
