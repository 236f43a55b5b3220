#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { startWebhookSandbox, type WebhookSandbox } from './start-webhook-sandbox.ts'

const USAGE = `Usage: webhook-sandbox [--port 3007] [--host 127.0.0.1] [--state-file FILE] [--secret whsec_…] [--forward-to URL]`

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
  process.stdout.write(
    `${sandbox.url}\nOpen it in a browser. Create a webhook endpoint with the URL ${sandbox.hookUrl}, and enter its secret on the page.\n`,
  )
}

/** Parses the command line. Exits with the error and the usage if it is invalid. */
function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '3007' },
        host: { type: 'string' },
        'state-file': { type: 'string' },
        secret: { type: 'string', multiple: true },
        'forward-to': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
    process.exit(1)
  }
}

async function start(port: number, values: ReturnType<typeof readArguments>): Promise<WebhookSandbox> {
  try {
    return await startWebhookSandbox({
      ...{ port, stateFile: values['state-file'], forwardTo: values['forward-to'] },
      ...(values.host !== undefined && { host: values.host }),
      ...(values.secret && { secrets: values.secret }),
    })
  } catch (error) {
    process.stderr.write(`${explain(error, port)}\n`)
    process.exit(1)
  }
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_SOCKET_BAD_PORT')
    return `The webhook receiver can't start: the port must be a number from 0 to 65535.`
  if (code === 'EADDRINUSE') return `The webhook receiver can't start: port ${port} is already in use.`
  return `The webhook receiver can't start: ${error instanceof Error ? error.message : String(error)}`
}
