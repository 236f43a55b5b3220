#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { TIME_ZONES, type Region } from './dates.ts'
import { startPaymobSandbox, type PaymobSandbox } from './start-paymob-sandbox.ts'

const USAGE = `Usage: paymob-sandbox [--port 3006] [--host 127.0.0.1] [--state-file FILE] [--public-url URL] [--region EGY|SAU|ARE|OMN]
                      [--secret-key egy_sk_test_…] [--public-key egy_pk_test_…] [--api-key KEY] [--hmac-secret SECRET]
                      [--integration-3ds ID] [--integration-moto ID]
                      [--callback-url URL] [--return-url URL] [--clock-url URL]
                      [--merchant-name NAME] [--merchant-color #rrggbb]`

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
  // Printed last, because the parent process may send a signal as soon as it reads the URL.
  process.stdout.write(`${sandbox.url}\n${introduction(sandbox, values['state-file'])}\n`)
}

function introduction(sandbox: PaymobSandbox, stateFile: string | undefined): string {
  const { secretKey, publicKey, apiKey, hmacSecret, integrations } = sandbox
  return [
    'Open it in a browser to see and control everything. Its keys:',
    `  secret key ${secretKey}, public key ${publicKey}, API key ${apiKey}`,
    `  HMAC secret ${hmacSecret}, integrations ${integrations.card} (3-D Secure) and ${integrations.moto} (MOTO)`,
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
        port: { type: 'string', default: '3006' },
        host: { type: 'string' },
        'state-file': { type: 'string' },
        'public-url': { type: 'string' },
        region: { type: 'string' },
        'secret-key': { type: 'string' },
        'public-key': { type: 'string' },
        'api-key': { type: 'string' },
        'hmac-secret': { type: 'string' },
        'integration-3ds': { type: 'string' },
        'integration-moto': { type: 'string' },
        'callback-url': { type: 'string' },
        'return-url': { type: 'string' },
        'clock-url': { type: 'string' },
        'merchant-name': { type: 'string' },
        'merchant-color': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
    process.exit(1)
  }
}

async function start(port: number, values: ReturnType<typeof readArguments>): Promise<PaymobSandbox> {
  try {
    return await startPaymobSandbox({
      port,
      host: values.host,
      region: regionOf(values.region),
      stateFile: values['state-file'],
      publicUrl: values['public-url'],
      secretKey: values['secret-key'],
      publicKey: values['public-key'],
      apiKey: values['api-key'],
      hmacSecret: values['hmac-secret'],
      integrations: {
        ...(values['integration-3ds'] !== undefined && { card: Number(values['integration-3ds']) }),
        ...(values['integration-moto'] !== undefined && { moto: Number(values['integration-moto']) }),
      },
      callbackUrl: values['callback-url'],
      returnUrl: values['return-url'],
      clockUrl: values['clock-url'],
      merchantName: values['merchant-name'],
      merchantColor: values['merchant-color'],
    })
  } catch (error) {
    process.stderr.write(`${explain(error, port)}\n`)
    process.exit(1)
  }
}

function regionOf(text: string | undefined): Region | undefined {
  if (text === undefined || text in TIME_ZONES) return text as Region | undefined
  throw new Error(`--region must be one of ${Object.keys(TIME_ZONES).join(', ')}.`)
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_SOCKET_BAD_PORT')
    return `The Paymob sandbox can't start: the port must be a number from 0 to 65535.`
  if (code === 'EADDRINUSE') return `The Paymob sandbox can't start: port ${port} is already in use.`
  return `The Paymob sandbox can't start: ${error instanceof Error ? error.message : String(error)}`
}
