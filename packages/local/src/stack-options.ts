import { join, resolve } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { freePorts, isPortFree } from './ports.ts'
import { ROOT } from './workspace.ts'

/** The variables of `npm start` that set a port, what listens on it, and the default. @see docs/contract/running.md */
const PORTS = {
  api: { variable: 'PORT', title: 'API', byDefault: 3000 },
  web: { variable: 'WEB_PORT', title: 'web console', byDefault: 3001 },
  stripe: { variable: 'STRIPE_SANDBOX_PORT', title: 'Stripe sandbox', byDefault: 3002 },
  oauth: { variable: 'OAUTH_SANDBOX_PORT', title: 'Google and GitHub sandbox', byDefault: 3003 },
  mailWeb: { variable: 'MAIL_WEB_PORT', title: 'web page of the mail inbox', byDefault: 3004 },
  mailSmtp: { variable: 'MAIL_SMTP_PORT', title: 'SMTP server of the mail inbox', byDefault: 3005 },
  paymob: { variable: 'PAYMOB_SANDBOX_PORT', title: 'Paymob sandbox', byDefault: 3006 },
  webhooks: { variable: 'WEBHOOK_SANDBOX_PORT', title: 'webhook receiver', byDefault: 3007 },
} as const

type PortName = keyof typeof PORTS
export type Ports = Record<PortName, number>

export interface StackOptions {
  dataDir: string
  /** Undefined: use the embedded PostgreSQL. */
  databaseUrl: string | undefined
  /** 0: any free port. */
  ports: Ports
}

const portNames = Object.keys(PORTS) as PortName[]

/**
 * Reads the options of `npm start` from the environment. An empty variable counts as missing.
 *
 * @throws {CannotStart} when a port is invalid; the message names all invalid ports.
 */
export function readStackOptions(env: NodeJS.ProcessEnv): StackOptions {
  const problems: string[] = []
  const portOf = (name: PortName) => {
    const { variable, byDefault } = PORTS[name]
    const port = Number(env[variable] || byDefault)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push(`${variable} must be a port (0 to 65535)`)
    return port
  }
  const ports = Object.fromEntries(portNames.map((name) => [name, portOf(name)])) as Ports
  if (problems.length > 0) throw new CannotStart(`${problems.join(', ')}.`)

  return { dataDir: dataDirOf(env), databaseUrl: env['DATABASE_URL'] || undefined, ports }
}

/** The directory of all local state: `DATA_DIR`, or `.data` in the project. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return env['DATA_DIR'] ? resolve(env['DATA_DIR']) : join(ROOT, '.data')
}

/** The variables that set a port, with their defaults, one a line. */
export const portLines = (): string[] =>
  Object.values(PORTS).map(({ variable, title, byDefault }) => `  ${variable.padEnd(21)}${byDefault}  ${title}`)

/**
 * Replaces each 0 by a free port, and checks that the other ports are free.
 *
 * @throws {CannotStart} when a port is taken; the message names all taken ports, and the variables that change them.
 */
export async function claimPorts(wanted: Ports): Promise<Ports> {
  const free = await freePorts(portNames.length)
  const ports = Object.fromEntries(portNames.map((name, index) => [name, wanted[name] || free[index]])) as Ports

  const problems: string[] = []
  for (const [index, name] of portNames.entries()) {
    const { variable, title } = PORTS[name]
    const port = ports[name]
    const twin = portNames.slice(0, index).find((other) => ports[other] === port)
    if (twin) problems.push(`${variable} and ${PORTS[twin].variable} are both ${port}: give them different ports`)
    else if (!(await isPortFree(port))) {
      problems.push(
        `port ${port} is taken, so the ${title} can't use it: stop the program that uses it, or set ${variable} to another port`,
      )
    }
  }
  if (problems.length > 0) throw new CannotStart(capitalized(`${problems.join('; ')}.`))
  return ports
}

const capitalized = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1)
