#!/usr/bin/env node
import { parseArgs } from 'node:util'
import type { ClientCredentials, OAuthSandbox, OAuthSandboxOptions } from './options.ts'
import { startOAuthSandbox } from './start-oauth-sandbox.ts'

const USAGE = `Usage: oauth-sandbox [--port 3003] [--host 127.0.0.1] [--state-file FILE]
                     [--google-client-id ID --google-client-secret SECRET] [--github-client-id ID --github-client-secret SECRET]
                     [--github-callback-url URL] [--public-url URL]`

await main()

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const sandbox = await start({
    port: Number(values.port),
    host: values.host,
    stateFile: values['state-file'],
    google: clientOf(values['google-client-id'], values['google-client-secret']),
    github: clientOf(values['github-client-id'], values['github-client-secret']),
    githubCallbackUrl: values['github-callback-url'],
    publicUrl: values['public-url'],
  })
  // The channel to the process that started it closes when that process dies.
  for (const end of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
    process.once(end, () => {
      void sandbox[Symbol.asyncDispose]().then(() => process.exit(0))
    })
  }
  const { url, google, github } = sandbox
  // Printed last, because the parent process may send a signal as soon as it reads the URL. It is the first line.
  process.stdout.write(
    `${url}\nGoogle's issuer is ${google.issuer}. GitHub is at ${github.url}, its API at ${github.apiUrl}.\n`,
  )
}

/** Parses the command line. Exits with the error and the usage if it is invalid. */
function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '3003' },
        host: { type: 'string', default: '127.0.0.1' },
        'state-file': { type: 'string' },
        'google-client-id': { type: 'string' },
        'google-client-secret': { type: 'string' },
        'github-client-id': { type: 'string' },
        'github-client-secret': { type: 'string' },
        'github-callback-url': { type: 'string' },
        'public-url': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
    process.exit(1)
  }
}

function clientOf(clientId: string | undefined, clientSecret: string | undefined): ClientCredentials | undefined {
  return clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined
}

async function start(options: OAuthSandboxOptions): Promise<OAuthSandbox> {
  try {
    return await startOAuthSandbox(options)
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const why = isTaken ? `port ${options.port} is taken.` : error instanceof Error ? error.message : String(error)
    process.stderr.write(`The OAuth sandbox can't start: ${why}\n`)
    process.exit(1)
  }
}
