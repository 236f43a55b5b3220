import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { InboxPorts } from './inbox-server.ts'
import { urlOf } from './ports.ts'
import { makeScratchDir } from './scratch-dir.ts'

export interface InboxOptions {
  /** 0 or undefined: any free port. */
  smtpPort?: number
  /** 0 or undefined: any free port. */
  webPort?: number
  /** Where emails are stored. Without it, they are deleted when the inbox stops. */
  mailDirectory?: string
}

export interface RunningInbox extends AsyncDisposable {
  /** The web page and the REST API (`GET /api/email`, `/api/email/:id`). */
  url: string
  /** The same REST API without the page in front of it, which saves a hop. */
  apiUrl: string
  smtpUrl: string
  stop(): Promise<void>
}

/** The program to run with `inboxArguments`. */
export const INBOX_PROGRAM = fileURLToPath(new URL('inbox-server.ts', import.meta.url))

export function inboxArguments({ smtpPort = 0, webPort = 0, mailDirectory }: InboxOptions): string[] {
  const args = ['--smtp-port', String(smtpPort), '--web-port', String(webPort)]
  return mailDirectory === undefined ? args : [...args, '--mail-directory', mailDirectory]
}

/**
 * Starts a mail inbox on 127.0.0.1 in its own process, which ends with this one.
 *
 * @throws {Error} when the inbox does not start, because of a taken port for example. The message has its error output.
 */
export async function startInbox(options: InboxOptions = {}): Promise<RunningInbox> {
  const temporary = options.mailDirectory === undefined ? makeScratchDir('tollgate-mails-') : undefined
  const args = inboxArguments({ ...options, mailDirectory: options.mailDirectory ?? temporary })
  const child = fork(INBOX_PROGRAM, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))

  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    if (temporary) rmSync(temporary, { recursive: true, force: true })
  }

  const ports = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
  if (!ports) {
    await stop()
    throw new Error(`The mail inbox did not start:\n${complaint.trim()}`)
  }
  const { smtp, web, api } = ports[0] as InboxPorts
  return {
    url: urlOf(web),
    apiUrl: urlOf(api),
    smtpUrl: `smtp://127.0.0.1:${smtp}`,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
