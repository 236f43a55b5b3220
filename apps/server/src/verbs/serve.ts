import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from '../app.ts'
import { argon2Build } from '../argon2-build.ts'
import { checkShortcuts } from '../check-shortcuts.ts'
import type { Config } from '../config.ts'
import { createConsoleApp, findConsole } from '../console/index.ts'
import { createDeps, type Deps } from '../deps.ts'
import { SECOND } from '../platform/durations.ts'
import { createHttpServer } from '../platform/http/http-server.ts'
import { startSender, stopJobs } from '../platform/jobs/job-runner.ts'
import type { Log } from '../platform/log.ts'
import { untilStopped } from '../platform/until-stopped.ts'

/** How long `/readyz` says that this process is leaving before it closes its port, so that proxies notice. */
const NOTICE = 2 * SECOND
/** With the notice, this is less than 10 s, after which most systems send SIGKILL. */
const LONGEST_SHUTDOWN = 6 * SECOND

/**
 * `serve`: answers HTTP requests until it is stopped. It finishes requests in progress first. With `--console` it also
 * serves the console, on a port of its own.
 */
export async function serve(config: Config, log: Log, words: readonly string[]): Promise<number> {
  const hasConsole = words.includes('--console')
  const folder = hasConsole ? findConsole(config.CONSOLE_DIR) : undefined
  const boss = await startSender(config.DATABASE_URL, log, { isRegistered: true })
  const deps = await createDeps(config, log, boss)
  await deps.checkSessions()
  await checkShortcuts(deps)
  let stopping = false

  const servers: Server[] = []
  if (folder !== undefined) {
    const app = createConsoleApp({ folder, ...consoleSettings(deps), log })
    servers.push(await listen(createHttpServer(app), config.CONSOLE_PORT, config.HOST))
    log.info({ host: config.HOST, port: config.CONSOLE_PORT, folder }, 'console ready')
  }
  servers.push(await listen(createHttpServer(createApp(deps, () => stopping)), config.PORT, config.HOST))
  log.info({ host: config.HOST, port: config.PORT, argon2Build }, 'api ready')

  await untilStopped(log)
  stopping = true
  if (config.NODE_ENV === 'production') await sleep(NOTICE)
  await Promise.all(servers.map(closeServer))
  await stopJobs(boss)
  await deps.close()
  log.info('api stopped')
  return 0
}

const consoleSettings = ({ config, brand }: Deps) => ({
  apiUrl: config.API_URL,
  brand,
  isProduction: config.NODE_ENV === 'production',
})

async function listen(server: Server, port: number, host: string): Promise<Server> {
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection becomes idle when its last request has been answered, for example one that was waiting for news.
  const idle = setInterval(() => server.closeIdleConnections(), SECOND / 10)
  const cutOff = setTimeout(() => server.closeAllConnections(), LONGEST_SHUTDOWN)
  await closed
  clearInterval(idle)
  clearTimeout(cutOff)
}
