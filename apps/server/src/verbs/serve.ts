import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createApp } from '../app.ts'
import type { Config } from '../config.ts'
import { createDeps } from '../deps.ts'
import { SECOND } from '../platform/durations.ts'
import { startSender, stopJobs } from '../platform/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { untilStopped } from '../platform/until-stopped.ts'

const LONGEST_SHUTDOWN = 9 * SECOND

/** `serve`: answers HTTP requests until it is told to stop; those in flight are finished first. */
export async function serve(config: Config, log: Log): Promise<number> {
  const boss = await startSender(config.DATABASE_URL, log)
  const deps = await createDeps(config, log, boss)
  let stopping = false

  const server = createServer(createApp(deps, () => stopping))
  server.headersTimeout = 10 * SECOND
  server.requestTimeout = 30 * SECOND
  server.listen(config.PORT, config.HOST)
  await once(server, 'listening')
  log.info({ host: config.HOST, port: config.PORT }, 'api ready')

  await untilStopped(log)
  stopping = true
  await closeServer(server)
  await stopJobs(boss)
  await deps.close()
  log.info('api stopped')
  return 0
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cutOff = setTimeout(() => server.closeAllConnections(), LONGEST_SHUTDOWN)
  await closed
  clearTimeout(cutOff)
}
