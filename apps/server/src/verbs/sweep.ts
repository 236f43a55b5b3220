import { expireSubscriptions } from '../billing/index.ts'
import type { Config } from '../config.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

/** `sweep`: ends the subscriptions whose time is over, now instead of at the next full hour. */
export async function sweep(config: Config, log: Log): Promise<number> {
  const { ended, asked, corrected, failures } = await inScope({ config, log, verb: 'sweep' }, expireSubscriptions)
  console.log(ended === 1 ? 'Ended 1 subscription.' : `Ended ${ended} subscriptions.`)
  if (asked > 0) console.log(`Asked Stripe about ${asked} with an overdue renewal; corrected ${corrected} rows.`)
  for (const failure of failures) console.error(`Not asked: ${failure}`)
  return failures.length > 0 ? 1 : 0
}
