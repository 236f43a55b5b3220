import { replayEvent } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { createDeps, openScope } from '../deps.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { DomainError } from '../platform/errors/errors.ts'
import { startSender } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'

/** `replay-event ID`: has an event of Stripe's applied once more, by its row's id or by Stripe's own (`evt_…`). */
export async function replay(config: Config, log: Log, [id = '']: readonly string[]): Promise<number> {
  const which = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? { id } : { providerEventId: id }
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  try {
    const event = await replayEvent(openScope(deps, { verb: 'replay-event' }), OPERATOR, which)
    console.log(
      event.isQueued
        ? `Event ${event.id} (${event.type}) is queued; a worker applies it.`
        : `Event ${event.id} (${event.type}) is none that anything depends on: nothing to do.`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${id}: ${error.message}`)
    return 1
  } finally {
    await boss.stop({ graceful: false })
    await deps.close()
  }
}
