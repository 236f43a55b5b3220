#!/usr/bin/env node
import { parseArgs } from 'node:util'
import type { Activity, StripeSandbox } from './options.ts'
import { isColor, type Settings } from './settings.ts'
import { startStripeSandbox } from './start-stripe-sandbox.ts'

const USAGE = `Usage: stripe-sandbox [--port 3002] [--host 127.0.0.1] [--state-file FILE] [--secret-key sk_test_…]… [--public-url URL]
                      [--merchant-name NAME] [--merchant-color #rrggbb]
                      [--webhook-url URL [--webhook-secret whsec_…]]… [--quiet]

It prints each event and each attempt to deliver it, as \`stripe listen\` does, unless it is --quiet.`

/** Lines about events that wait until the introduction is printed. Null afterwards. */
let held: string[] | null = []

await main()

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const sandbox = await start(Number(values.port), values)
  // The channel to the process that started it closes when that process dies.
  for (const end of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
    process.once(end, () => {
      void sandbox[Symbol.asyncDispose]().then(() => process.exit(0))
    })
  }
  // Printed last, because the parent process may send a signal as soon as it reads the URL. It is the first line.
  process.stdout.write(`${sandbox.url}\n${introduction(sandbox, values['state-file'])}\n`)
  for (const line of held ?? []) process.stdout.write(line)
  held = null
}

function introduction({ secretKey, webhookSecrets }: StripeSandbox, stateFile: string | undefined): string {
  return [
    `Open it in a browser to see and control everything. The API key is ${secretKey}.`,
    ...webhookSecrets.map((secret) => `Webhooks are signed with ${secret}.`),
    stateFile === undefined
      ? 'All data is lost when it stops, unless you start it with --state-file FILE.'
      : `All data is kept in ${stateFile}.`,
  ].join('\n')
}

/** Parses the command line. Exits with the error and the usage if it is invalid. */
function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '3002' },
        host: { type: 'string' },
        'state-file': { type: 'string' },
        'secret-key': { type: 'string', multiple: true, default: [] },
        'public-url': { type: 'string' },
        'merchant-name': { type: 'string' },
        'merchant-color': { type: 'string' },
        'webhook-url': { type: 'string', multiple: true, default: [] },
        'webhook-secret': { type: 'string', multiple: true, default: [] },
        quiet: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
    process.exit(1)
  }
}

interface Arguments {
  quiet?: boolean
  host?: string
  'state-file'?: string
  'secret-key': string[]
  'public-url'?: string
  'merchant-name'?: string
  'merchant-color'?: string
  'webhook-url': string[]
  'webhook-secret': string[]
}

async function start(port: number, values: Arguments): Promise<StripeSandbox> {
  try {
    return await startStripeSandbox({
      port,
      host: values.host,
      stateFile: values['state-file'],
      secretKey: values['secret-key'][0],
      otherSecretKeys: values['secret-key'].slice(1),
      publicUrl: values['public-url'],
      settings: merchantOf(values),
      onActivity: values.quiet ? undefined : (activity) => print(lineOf(activity)),
      webhookEndpoints: values['webhook-url'].map((url, index) => ({ url, secret: values['webhook-secret'][index] })),
    })
  } catch (error) {
    process.stderr.write(`${explain(error, port)}\n`)
    process.exit(1)
  }
}

function print(line: string): void {
  if (held) held.push(line)
  else process.stdout.write(line)
}

/** A line in the form of `stripe listen`. The time of an event is the sandbox's own. */
function lineOf(activity: Activity): string {
  if (activity.kind === 'event') {
    const time = new Date(activity.created * 1000).toISOString().slice(0, 19).replace('T', ' ')
    return `${time}  --> ${activity.type} [${activity.id}]\n`
  }
  const { responseStatus, status, url, event } = activity
  const answer = status === 'dropped' ? 'lost' : (responseStatus ?? 'no answer')
  const outlook = status === 'pending' ? ', will be sent again' : status === 'failed' ? ', given up' : ''
  return `${' '.repeat(19)}  <-- [${answer}] POST ${url} [${event}]${outlook}\n`
}

/** @throws {Error} if the color is none. */
function merchantOf({ 'merchant-name': name, 'merchant-color': color }: Arguments): Partial<Settings> {
  if (color !== undefined && !isColor(color)) throw new Error('--merchant-color must be a color such as #0b6b57.')
  return {
    ...(name !== undefined && { merchantName: name }),
    ...(color !== undefined && { merchantColor: color }),
  }
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_SOCKET_BAD_PORT')
    return `The Stripe sandbox can't start: the port must be a number from 0 to 65535.`
  if (code === 'EADDRINUSE') return `The Stripe sandbox can't start: port ${port} is already in use.`
  return `The Stripe sandbox can't start: ${error instanceof Error ? error.message : String(error)}`
}
