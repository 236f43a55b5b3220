import { join, resolve } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { freePorts, isPortFree } from './ports.ts'
import { ROOT } from './workspace.ts'

/** The variables of `npm start` that name a port, what listens there and where it is by default. @see docs/contract.md §1 */
const PORTS = {
  api: { variable: 'PORT', title: 'API', byDefault: 3000 },
  web: { variable: 'WEB_PORT', title: 'web console', byDefault: 3001 },
  stripe: { variable: 'STRIPE_SANDBOX_PORT', title: 'Stripe sandbox', byDefault: 3002 },
  oauth: { variable: 'OAUTH_SANDBOX_PORT', title: 'sandbox of Google and GitHub', byDefault: 3003 },
  mailWeb: { variable: 'MAIL_WEB_PORT', title: 'page of the mail inbox', byDefault: 3004 },
  mailSmtp: { variable: 'MAIL_SMTP_PORT', title: 'SMTP server of the mail inbox', byDefault: 3005 },
} as const

type PortName = keyof typeof PORTS
export type Ports = Record<PortName, number>

export interface StackOptions {
  dataDir: string
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl: string | undefined
  /** 0: a free one. */
  ports: Ports
}

const portNames = Object.keys(PORTS) as PortName[]

/**
 * Reads what `npm start` takes from the environment; an empty variable counts as missing.
 *
 * @throws {CannotStart} naming every wrong port at once.
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

/** Where the local state is: `DATA_DIR`, or `.data` in the project. */
export function dataDirOf(env: NodeJS.ProcessEnv): string {
  return env['DATA_DIR'] ? resolve(env['DATA_DIR']) : join(ROOT, '.data')
}

/**
 * Chooses a port wherever 0 stands, and makes sure that the others can be had.
 *
 * @throws {CannotStart} naming every taken port at once, and the variable that changes it.
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
        `port ${port} is taken, so the ${title} can't have it: stop what uses it, or set ${variable} to another port`,
      )
    }
  }
  if (problems.length > 0) throw new CannotStart(capitalized(`${problems.join('; ')}.`))
  return ports
}

const capitalized = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1)
