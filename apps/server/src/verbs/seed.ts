import { seedAccount } from '../auth/index.ts'
import { seedPlans } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { startSender } from '../platform/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** `seed`: adds what is missing of the first plans and of the accounts named by SEED_*. */
export async function seed(config: Config, log: Log): Promise<number> {
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  try {
    const scope = openScope(deps, { verb: 'seed' })
    const added = (await seedPlans(scope)).map((code) => `plan ${code}`)
    for (const account of accountsOf(config)) {
      if (await seedAccount(openScope(deps, { verb: 'seed' }), account)) added.push(account.email)
    }
    console.log(added.length > 0 ? `Seeded: ${added.join(', ')}.` : 'Nothing to seed: all is there.')
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
