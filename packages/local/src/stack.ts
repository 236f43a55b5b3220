import { brandOf } from './brand.ts'
import { bundleIfChanged } from './console-sources.ts'
import { Crew, timed, type CrewEvents } from './crew.ts'
import { explainFileError, prepareDataDir } from './data-dir.ts'
import { openDatabase } from './database.ts'
import { removeEndpoints, writeEndpoints, type Endpoints } from './endpoints.ts'
import { startGuard } from './guard.ts'
import { urlOf } from './ports.ts'
import { DATABASE, lockDataDir } from './run-lock.ts'
import { keepSecrets } from './secrets.ts'
import { oauthClients, readBack, serverEnvironment } from './server-environment.ts'
import {
  apiService,
  consoleBundle,
  inboxService,
  migrations,
  oauthSandboxService,
  paymobSandboxService,
  seeds,
  stripeSandboxService,
  webhookSandboxService,
  workerService,
} from './services.ts'
import { claimPorts, type StackOptions } from './stack-options.ts'

export interface RunningStack extends AsyncDisposable {
  /** `pids` changes when the API or the worker restarts. */
  endpoints: Readonly<Endpoints>
}

interface Variant {
  /** Whether a guard deletes the data if this process is killed. */
  isThrowaway?: boolean
}

/**
 * Starts everything that the backend needs, each part in its own process on 127.0.0.1, and keeps it running until
 * disposed of. If a part can't start, the others are stopped before this rejects. If this process is killed, a guard
 * stops them, and deletes the data of a throwaway stack.
 *
 * @param env the caller's environment. The server gets the settings in it.
 * @throws {CannotStart} when a part can't start. Once `events.signal` is aborted, rejects with its reason instead.
 */
export async function startStack(
  options: StackOptions & Variant,
  env: NodeJS.ProcessEnv,
  events: CrewEvents,
): Promise<RunningStack> {
  const stack = new AsyncDisposableStack()
  try {
    const endpoints = await start(stack, options, env, events)
    return { endpoints, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw events.signal.aborted ? events.signal.reason : explainFileError(error, options.dataDir)
  }
}

/** Starts the parts. The stack stops them in reverse order. */
async function start(
  stack: AsyncDisposableStack,
  { dataDir, databaseUrl, ports: wanted, isThrowaway = false }: StackOptions & Variant,
  env: NodeJS.ProcessEnv,
  events: CrewEvents,
): Promise<Endpoints> {
  const { say, signal } = events
  prepareDataDir(dataDir)
  const lock = stack.use(await lockDataDir(dataDir, say))
  stack.use(startGuard(dataDir, { remove: isThrowaway }))
  signal.addEventListener('abort', () => lock.markStopping(), { once: true })
  removeEndpoints(dataDir)

  const ports = await claimPorts(wanted)
  const place = { dataDir, env }
  const urls = {
    api: urlOf(ports.api),
    web: urlOf(ports.web),
    stripe: urlOf(ports.stripe),
    oauth: urlOf(ports.oauth),
    paymob: urlOf(ports.paymob),
    webhooks: urlOf(ports.webhooks),
    mail: urlOf(ports.mailWeb),
  }
  const secrets = keepSecrets(dataDir)
  const settings = serverEnvironment(env, secrets, { ...urls, smtp: `smtp://127.0.0.1:${ports.mailSmtp}` })
  const { stripeKey, webhookSecret, admin, user } = readBack(settings)

  const opening = openDatabase(databaseUrl, dataDir, { say, onStart: (pid) => lock.remember(DATABASE, pid) })
  stack.defer(async () => (await opening.catch(() => undefined))?.[Symbol.asyncDispose]())
  const services = stack.use(new Crew(lock, events))
  const brand = brandOf(env)
  const stripe = services.add(
    stripeSandboxService(place, {
      ...{ port: ports.stripe, apiUrl: urls.api, stripeKey, webhookSecret },
      brand,
    }),
  )
  const paymob = services.add(
    paymobSandboxService(place, {
      ...{ port: ports.paymob, apiUrl: urls.api },
      ...{ clockUrl: `${urls.stripe}/_/clock`, keys: secrets.paymob, brand },
    }),
  )
  const bundled = bundleIfChanged(dataDir, () => services.finish(consoleBundle(place)))
  const others = Promise.all([
    stripe,
    paymob,
    bundled,
    services.add(inboxService(place, ports)),
    services.add(webhookSandboxService(place, { port: ports.webhooks, secret: secrets.receiverSecret })),
    services.add(oauthSandboxService(place, ports.oauth, oauthClients(secrets))),
  ])
  /** Waits for `work`, but rejects at once if one of the other parts can't start. */
  const besideOthers = <T>(work: Promise<T>) => Promise.race([work, others.then(() => work)])

  const database = await besideOthers(timed(DATABASE, opening, say))
  const serverPlace = { dataDir, env: { ...settings, DATABASE_URL: database.url } }
  lock.configure(serverPlace.env)
  const server = stack.use(new Crew(lock, events))
  await besideOthers(server.finish(migrations(serverPlace)))

  const endpoints: Endpoints = {
    ...urls,
    ...{ stripeKey, webhookSecret, databaseUrl: database.url, admin, user },
    oauthClients: oauthClients(secrets),
    pids: { api: 0, worker: 0 },
  }
  let complete = false
  const keepPid = (name: 'api' | 'worker') => (pid: number) => {
    endpoints.pids[name] = pid
    if (complete) writeEndpoints(dataDir, endpoints)
  }
  await Promise.all([
    others,
    Promise.all([stripe, paymob]).then(() => server.finish(seeds(serverPlace))),
    bundled.then(() => server.add(apiService(serverPlace, ports.api), keepPid('api'))),
    server.add(workerService(serverPlace), keepPid('worker')),
  ])

  complete = true
  writeEndpoints(dataDir, endpoints)
  stack.defer(() => {
    complete = false
    removeEndpoints(dataDir)
  })
  return endpoints
}
