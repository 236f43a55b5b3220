import { join } from 'node:path'
import type { Task } from './crew.ts'
import { logDir } from './data-dir.ts'
import { INBOX_PROGRAM, inboxArguments } from './inbox.ts'
import type { OAuthClients } from './server-environment.ts'
import { answersAt, prints, type Service } from './supervisor.ts'
import { CONSOLE_DIR, OAUTH_SANDBOX_PROGRAM, SERVER_PROGRAM, STRIPE_SANDBOX_PROGRAM } from './workspace.ts'

const urlOf = (port: number) => `http://127.0.0.1:${port}`

/** With an equals sign, or a random secret that begins with a dash would be taken for an option. */
const asArguments = (options: Record<string, string>) =>
  Object.entries(options).map(([name, value]) => `${name}=${value}`)

interface Place {
  dataDir: string
  env: NodeJS.ProcessEnv
}

/** The inbox keeps its mails in `mails`, so that they survive a restart. */
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

/** A Stripe that only this machine knows; it calls the API's webhook. */
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

/** A Google and a GitHub that only this machine knows; they keep the accounts that people make there. */
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
    title: 'sandbox of Google and GitHub',
    args: [OAUTH_SANDBOX_PROGRAM, ...asArguments(options)],
    env,
    logFile: join(logDir(dataDir), 'oauth-sandbox.log'),
    isReady: answersAt(`${urlOf(port)}/google/.well-known/openid-configuration`),
  }
}

/** The web console, served from its sources. */
export function consoleService({ dataDir, env }: Place, { port, apiUrl }: { port: number; apiUrl: string }): Service {
  const vite = join(CONSOLE_DIR, 'node_modules/vite/bin/vite.js')
  return {
    title: 'web console',
    args: [vite, '--port', String(port), '--strictPort', '--host', '127.0.0.1', '--clearScreen', 'false'],
    cwd: CONSOLE_DIR,
    env: { VITE_API_URL: apiUrl, ...env },
    logFile: join(logDir(dataDir), 'console.log'),
    isReady: answersAt(`${urlOf(port)}/`),
  }
}

/** Brings the database's tables and queues up to this version. */
export function migrations({ dataDir, env }: Place): Task {
  return { title: 'migrations', args: [SERVER_PROGRAM, 'migrate'], env, logFile: join(logDir(dataDir), 'migrate.log') }
}

/** Adds the first plans and the two accounts. */
export function seeds({ dataDir, env }: Place): Task {
  return {
    title: 'plans and accounts',
    args: [SERVER_PROGRAM, 'seed'],
    env,
    logFile: join(logDir(dataDir), 'seed.log'),
  }
}

/** `env` is the server's, see `serverEnvironment`. */
export function apiService({ dataDir, env }: Place, port: number): Service {
  return {
    title: 'API',
    args: [SERVER_PROGRAM, 'serve'],
    env,
    logFile: join(logDir(dataDir), 'api.log'),
    isReady: answersAt(`${urlOf(port)}/readyz`),
  }
}

/** The worker opens no port, so its log line tells when it takes jobs. */
export function workerService({ dataDir, env }: Place): Service {
  return {
    title: 'worker',
    args: [SERVER_PROGRAM, 'work'],
    env,
    logFile: join(logDir(dataDir), 'worker.log'),
    isReady: prints('"msg":"worker ready"'),
  }
}
