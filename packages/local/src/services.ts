import { join } from 'node:path'
import type { LocalBrand } from './brand.ts'
import { bundleDir } from './console-sources.ts'
import type { Task } from './crew.ts'
import { logDir } from './data-dir.ts'
import { INBOX_PROGRAM, inboxArguments } from './inbox.ts'
import { urlOf } from './ports.ts'
import type { PaymobKeys } from './secrets.ts'
import { PAYMOB_INTEGRATIONS, type OAuthClients } from './server-environment.ts'
import { answersAt, prints, type Service } from './supervisor.ts'
import {
  CONSOLE_DIR,
  OAUTH_SANDBOX_PROGRAM,
  PAYMOB_SANDBOX_PROGRAM,
  SERVER_PROGRAM,
  STRIPE_SANDBOX_PROGRAM,
  WEBHOOK_SANDBOX_PROGRAM,
} from './workspace.ts'

/** Joins with an equals sign. Otherwise a random secret that starts with a dash would look like an option. */
const asArguments = (options: Record<string, string>) =>
  Object.entries(options).map(([name, value]) => `${name}=${value}`)

interface Place {
  dataDir: string
  env: NodeJS.ProcessEnv
}

/** The mail inbox. It stores its emails in `mails`, so that they survive a restart. */
export function inboxService({ dataDir, env }: Place, ports: { mailWeb: number; mailSmtp: number }): Service {
  const mailDirectory = join(dataDir, 'mails')
  return {
    title: 'mail inbox',
    args: [INBOX_PROGRAM, ...inboxArguments({ smtpPort: ports.mailSmtp, webPort: ports.mailWeb, mailDirectory })],
    env,
    logFile: join(logDir(dataDir), 'inbox.log'),
    isReady: answersAt(`${urlOf(ports.mailWeb)}/api/email`),
  }
}

/** The local Stripe sandbox. It calls the API's webhook endpoint. */
export function stripeSandboxService(
  { dataDir, env }: Place,
  {
    port,
    apiUrl,
    stripeKey,
    webhookSecret,
    brand,
  }: { port: number; apiUrl: string; stripeKey: string; webhookSecret: string; brand: LocalBrand },
): Service {
  const options = {
    '--port': String(port),
    '--state-file': join(dataDir, 'stripe-sandbox.json'),
    '--secret-key': stripeKey,
    '--webhook-url': `${apiUrl}/billing/stripe/webhook`,
    '--webhook-secret': webhookSecret,
    ...merchantOptions(brand),
  }
  return {
    title: 'Stripe sandbox',
    args: [STRIPE_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'stripe-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/_/clock`),
  }
}

/** What both payment sandboxes show of the brand. */
const merchantOptions = ({ name, color }: LocalBrand) => ({
  '--merchant-name': name,
  ...(color !== undefined && { '--merchant-color': color }),
})

/** The local Paymob sandbox. It calls the API's callback route, and follows the Stripe sandbox's clock. */
export function paymobSandboxService(
  { dataDir, env }: Place,
  {
    port,
    apiUrl,
    clockUrl,
    keys,
    brand,
  }: { port: number; apiUrl: string; clockUrl: string; keys: PaymobKeys; brand: LocalBrand },
): Service {
  const options = {
    '--port': String(port),
    '--state-file': join(dataDir, 'paymob-sandbox.json'),
    '--secret-key': keys.secretKey,
    '--public-key': keys.publicKey,
    '--api-key': keys.apiKey,
    '--hmac-secret': keys.hmacSecret,
    '--integration-3ds': PAYMOB_INTEGRATIONS.card,
    '--integration-moto': PAYMOB_INTEGRATIONS.moto,
    '--callback-url': `${apiUrl}/billing/paymob/callback`,
    '--return-url': `${apiUrl}/billing/paymob/return`,
    '--clock-url': clockUrl,
    ...merchantOptions(brand),
  }
  return {
    title: 'Paymob sandbox',
    args: [PAYMOB_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'paymob-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/_/clock`),
  }
}

/** The local receiver of webhooks. The database is seeded with an endpoint that leads to it. */
export function webhookSandboxService(
  { dataDir, env }: Place,
  { port, secret }: { port: number; secret: string },
): Service {
  const options = {
    '--port': String(port),
    '--state-file': join(dataDir, 'webhook-sandbox.json'),
    '--secret': secret,
  }
  return {
    title: 'webhook receiver',
    args: [WEBHOOK_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'webhook-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/_/state`),
  }
}

/** The local Google and GitHub sandbox. It keeps the accounts that people create in it. */
export function oauthSandboxService({ dataDir, env }: Place, port: number, clients: OAuthClients): Service {
  const options = {
    '--port': String(port),
    '--state-file': join(dataDir, 'oauth-sandbox.json'),
    '--google-client-id': clients.google.id,
    '--google-client-secret': clients.google.secret,
    '--github-client-id': clients.github.id,
    '--github-client-secret': clients.github.secret,
  }
  return {
    title: 'Google and GitHub sandbox',
    args: [OAUTH_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'oauth-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/google/.well-known/openid-configuration`),
  }
}

const VITE = join(CONSOLE_DIR, 'node_modules/vite/bin/vite.js')

/** Bundles the web console, as for a deployment. */
export function consoleBundle({ dataDir, env }: Place): Task {
  return {
    title: 'console bundle',
    args: [VITE, 'build', '--mode', 'uncompressed', '--outDir', bundleDir(dataDir), '--emptyOutDir'],
    cwd: CONSOLE_DIR,
    env,
    logFile: join(logDir(dataDir), 'console-bundle.log'),
  }
}

/** Migrates the database's tables and queues to this version. */
export function migrations({ dataDir, env }: Place): Task {
  return { title: 'migrations', args: [SERVER_PROGRAM, 'migrate'], env, logFile: join(logDir(dataDir), 'migrate.log') }
}

/** Creates the first plans and the two accounts. */
export function seeds({ dataDir, env }: Place): Task {
  return {
    title: 'plans and accounts',
    args: [SERVER_PROGRAM, 'seed'],
    env,
    logFile: join(logDir(dataDir), 'seed.log'),
  }
}

/** The API, and the bundled console. `env` must come from `serverEnvironment`. */
export function apiService({ dataDir, env }: Place, port: number): Service {
  return {
    title: 'API and console',
    args: [SERVER_PROGRAM, 'serve', '--console'],
    env: { CONSOLE_DIR: bundleDir(dataDir), ...env },
    logFile: join(logDir(dataDir), 'api.log'),
    isReady: answersAt(`${urlOf(port)}/readyz`),
  }
}

/** The worker. It has no port, so a log line shows when it is ready. */
export function workerService({ dataDir, env }: Place): Service {
  return {
    title: 'worker',
    args: [SERVER_PROGRAM, 'work'],
    env,
    logFile: join(logDir(dataDir), 'worker.log'),
    isReady: prints('"msg":"worker ready"'),
  }
}
