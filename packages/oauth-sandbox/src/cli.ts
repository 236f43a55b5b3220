import { parseArgs } from 'node:util'
import { startOAuthSandbox, type OAuthSandbox } from './start-oauth-sandbox.ts'

const USAGE = 'Usage: oauth-sandbox [--port 3003] [--host 127.0.0.1] [--state-file FILE]'

await main()

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3003' },
      host: { type: 'string', default: '127.0.0.1' },
      'state-file': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const sandbox = await start(Number(values.port), values.host, values['state-file'])
  process.stdout.write(`${sandbox.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void sandbox[Symbol.asyncDispose]().then(() => process.exit(0))
    })
  }
}

async function start(port: number, host: string, stateFile: string | undefined): Promise<OAuthSandbox> {
  try {
    return await startOAuthSandbox({ port, host, stateFile })
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const why = isTaken ? `port ${port} is taken.` : error instanceof Error ? error.message : String(error)
    process.stderr.write(`The OAuth sandbox can't start: ${why}\n`)
    process.exit(1)
  }
}
