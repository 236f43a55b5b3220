import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** The SMTP step that fails, and the server's answer to it; `drop` hangs up instead of answering. */
export interface Trouble {
  at: 'auth' | 'from' | 'rcpt' | 'data'
  answer: { code: number; text: string } | 'drop'
}

/** An accepted email, as the mail server sees it. */
export interface TakenMail {
  recipients: string[]
  /** The names of its headers, in lower case. */
  headers: string[]
  source: string
}

export interface TestMailServer extends AsyncDisposable {
  readonly smtpUrl: string
  /** How deliveries fail until this is set to undefined. */
  trouble: Trouble | undefined
  /** The Message-IDs of the accepted emails. */
  readonly taken: string[]
  /** The accepted emails. */
  readonly letters: TakenMail[]
  /** Number of connections opened so far. */
  connections: number
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts a mail server that can be stopped, hang up or refuse. It keeps its port when it restarts. */
export async function createTestMailServer(): Promise<TestMailServer> {
  let port = 0
  let running: SMTPServer | undefined
  const server: TestMailServer = {
    get smtpUrl() {
      return `smtp://tollgate:secret@127.0.0.1:${port}`
    },
    trouble: undefined,
    taken: [],
    letters: [],
    connections: 0,
    async start() {
      running = serve(server)
      running.listen(port, '127.0.0.1')
      await once(running.server, 'listening')
      port = (running.server.address() as AddressInfo).port
    },
    async stop() {
      const stopping = running
      running = undefined
      if (stopping) await new Promise<void>((resolve) => stopping.close(() => resolve()))
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
  await server.start()
  return server
}

function serve(state: TestMailServer): SMTPServer {
  const troubleAt = (at: Trouble['at']): Error | undefined => {
    if (state.trouble?.at !== at) return undefined
    const { answer } = state.trouble
    if (answer !== 'drop') return Object.assign(new Error(answer.text), { responseCode: answer.code })
    for (const connection of server.connections) connection.close()
    return new Error('hung up')
  }
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 50,
    onConnect(session, done) {
      state.connections += 1
      done()
    },
    onAuth: (auth, session, done) => {
      const error = troubleAt('auth')
      if (error) done(error)
      else done(null, { user: auth.username ?? '' })
    },
    onMailFrom: (address, session, done) => done(troubleAt('from')),
    onRcptTo: (address, session, done) => done(troubleAt('rcpt')),
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => {
        const error = troubleAt('data')
        if (!error) state.taken.push(/^Message-ID: (\S+)/im.exec(text)?.[1] ?? '')
        if (!error) state.letters.push(takenMail(text, session.envelope.rcptTo))
        done(error)
      })
    },
  })
  server.on('error', () => undefined) // some tests disconnect in the middle of a delivery
  return server
}

function takenMail(source: string, recipients: readonly { address: string }[]): TakenMail {
  const [head = ''] = source.split('\r\n\r\n')
  const headers = [...head.matchAll(/^([\w-]+):/gm)].map(([, name = '']) => name.toLowerCase())
  return { recipients: recipients.map(({ address }) => address), headers, source }
}
