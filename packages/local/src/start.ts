import { relative } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { answerCommandLine } from './command-line.ts'
import { logDir } from './data-dir.ts'
import type { Endpoints } from './endpoints.ts'
import { portLines, readStackOptions } from './stack-options.ts'
import { startStack } from './stack.ts'
import { stopSignal } from './stop-signal.ts'

const say = (line: string) => console.log(`  ${line}`)

const USAGE = `Usage: npm start

Starts everything on this machine: PostgreSQL, the API, the worker, the web console, a mail inbox, a receiver of
webhooks, and sandboxes of Stripe, Paymob, Google and GitHub. Ctrl-C stops it. All data is kept for the next start.

It has no options. Environment variables set the ports (0: any free port):
${portLines().join('\n')}

  DATA_DIR             where the data is kept (.data)
  DATABASE_URL         a PostgreSQL of your own, in place of the embedded one
  CONFIG_FILE          the file with your own fields, procedures and jobs (tollgate.config.ts, if it exists)

All settings of the API work, too, such as WEB_URL=http://localhost:5173 for a frontend of your own:
docs/contract/configuration.md

Other programs: npm run demo, npm test, npm run bench, npm run tollgate -- --help, and each sandbox alone, such as
npm run stripe-sandbox -- --help`

process.umask(0o077) // only this user may read the emails, logs, and sandbox state
process.exit(await run())

async function run(): Promise<number> {
  const answered = answerCommandLine(process.argv.slice(2), USAGE)
  if (answered !== null) return answered
  const signal = stopSignal()
  try {
    const options = readStackOptions(process.env)
    console.log('Starting Tollgate on this machine …')
    await using stack = await startStack(options, process.env, { say, signal })
    console.log(summary(stack.endpoints, options.dataDir))
    console.log('ready')
    await aborted(signal)
    console.log('Stopping …')
  } catch (error) {
    if (!signal.aborted) {
      console.error(error instanceof CannotStart ? `\n${error.message}` : error)
      return 1
    }
  }
  console.log('Stopped.')
  return 0
}

function summary({ api, web, mail, stripe, paymob, webhooks, oauth, admin, user }: Endpoints, dataDir: string): string {
  return `
  API               ${api} (reference: ${api}/docs)
  Web console       ${web}
  Mail inbox        ${mail}
  Stripe sandbox    ${stripe}
  Paymob sandbox    ${paymob}
  Webhook receiver  ${webhooks}
  Google, GitHub    ${oauth} (sandbox; log in from the console)
  May call the API  pages of ${process.env['CORS_ORIGINS'] || web}, localhost and 127.0.0.1 (any port)

  Admin             ${admin.email}   password ${admin.password}
  User              ${user.email}   password ${user.password}

  Logs: ${relative(process.cwd(), logDir(dataDir))}. Press Ctrl-C to stop. All data is kept for the next start.
`
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
