import { expireSubscriptions } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** `sweep`: ends the subscriptions whose time has run out, now and not at the next full hour. */
export async function sweep(config: Config, log: Log): Promise<number> {
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  try {
    const { ended, asked, corrected, failures } = await expireSubscriptions(openScope(deps, { verb: 'sweep' }))
    console.log(ended === 1 ? 'Ended 1 subscription.' : `Ended ${ended} subscriptions.`)
    if (asked > 0)
      console.log(`Asked Stripe about ${asked} that should have been renewed; corrected ${corrected} rows.`)
    for (const failure of failures) console.error(`Not asked: ${failure}`)
    return failures.length > 0 ? 1 : 0
  } finally {
    await boss.stop({ graceful: false })
    await deps.close()
  }
}
