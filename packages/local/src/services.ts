import { join } from 'node:path'
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
  }: { port: number; apiUrl: string; stripeKey: string; webhookSecret: string },
): Service {
  const options = {
    '--port': String(port),
    '--state-file': join(dataDir, 'stripe-sandbox.json'),
    '--secret-key': stripeKey,
    '--webhook-url': `${apiUrl}/billing/stripe/webhook`,
    '--webhook-secret': webhookSecret,
  }
  return {
    title: 'Stripe sandbox',
    args: [STRIPE_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'stripe-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/_/clock`),
  }
}

/** The local Paymob sandbox. It calls the API's callback route, and follows the Stripe sandbox's clock. */
export function paymobSandboxService(
  { dataDir, env }: Place,
  { port, apiUrl, clockUrl, keys }: { port: number; apiUrl: string; clockUrl: string; keys: PaymobKeys },
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
  }
  return {
    title: 'Paymob sandbox',
    args: [PAYMOB_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'paymob-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/_/clock`),
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

interface ConsoleOptions {
  port: number
  apiUrl: string
  /** Whether `consoleBundle` has run, and its files are served. Otherwise, the console is served from source. */
  isBundled: boolean
}

/** The web console. */
export function consoleService({ dataDir, env }: Place, { port, apiUrl, isBundled }: ConsoleOptions): Service {
  const how = isBundled ? ['preview', '--outDir', bundleDir(dataDir)] : []
  return {
    title: 'web console',
    args: [VITE, ...how, '--port', String(port), '--strictPort', '--host', '127.0.0.1', '--clearScreen', 'false'],
    cwd: CONSOLE_DIR,
    env: { VITE_API_URL: apiUrl, ...env },
    logFile: join(logDir(dataDir), 'console.log'),
    isReady: answersAt(`${urlOf(port)}/`),
  }
}

/** Bundles the web console, as for a deployment. */
export function consoleBundle({ dataDir, env }: Place, apiUrl: string): Task {
  return {
    title: 'console bundle',
    args: [VITE, 'build', '--outDir', bundleDir(dataDir), '--emptyOutDir'],
    cwd: CONSOLE_DIR,
    env: { VITE_API_URL: apiUrl, ...env },
    logFile: join(logDir(dataDir), 'console-bundle.log'),
  }
}

const bundleDir = (dataDir: string) => join(dataDir, 'console')

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

/** The API. `env` must come from `serverEnvironment`. */
export function apiService({ dataDir, env }: Place, port: number): Service {
  return {
    title: 'API',
    args: [SERVER_PROGRAM, 'serve'],
    env,
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
