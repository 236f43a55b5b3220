import { replayEvent } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'

/** `replay-event ID`: applies a Stripe event again. ID is the row's id or Stripe's (`evt_…`). */
export async function replay(config: Config, log: Log, [id = '']: readonly string[]): Promise<number> {
  const which = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? { id } : { providerEventId: id }
  try {
    const event = await inScope({ config, log, verb: 'replay-event' }, (scope) => replayEvent(scope, OPERATOR, which))
    console.log(
      event.isQueued
        ? `Event ${event.id} (${event.type}) is queued; a worker applies it.`
        : `Event ${event.id} (${event.type}): nothing to do, as nothing here depends on it.`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${id}: ${error.message}`)
    return 1
  }
}
