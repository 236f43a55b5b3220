import type { Faults } from './faults.ts'
import { onData, startWire, type Line } from './wire.ts'

export interface LossyPostgres extends AsyncDisposable {
  /** The same database, through this wire. */
  readonly url: string
}

/**
 * Stands between the server and PostgreSQL, and cuts the connection at the statements that the faults name: before
 * PostgreSQL sees the statement, or after it has run and while its answer is on its way. This includes `commit`.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function startLossyPostgres(databaseUrl: string, faults: Faults): Promise<LossyPostgres> {
  const url = new URL(databaseUrl)
  const target = { host: url.hostname, port: Number(url.port || 5432) }
  const wire = await startWire(target, (line) => passOn(line, faults))
  url.host = `127.0.0.1:${wire.port}`
  return { url: url.href, [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose]() }
}

/** Message types. QUERY and SYNC end a request of the client, and READY ends the answer of the server. */
const [QUERY, PARSE, SYNC, READY] = ['Q', 'P', 'S', 'Z']

function passOn(line: Line, faults: Faults): void {
  let isAnswerLost = false
  const requests = createReader({ hasStartup: true })
  let statement = ''
  let waiting: Buffer[] = []
  onData(line.client, (chunk) => {
    for (const { type, bytes } of requests(chunk)) {
      waiting.push(bytes)
      if (type === QUERY) statement = textAt(bytes, 5)
      // The statement's text comes after its name.
      if (type === PARSE) statement = textAt(bytes, bytes.indexOf(0, 5) + 1)
      const isRequest = type === QUERY || type === SYNC
      if (!isRequest && type !== '' && type !== 'p' && type !== 'X') continue

      const fault = isRequest ? faults.next(`sql ${statement.replaceAll(/\s+/g, ' ').slice(0, 80)}`) : null
      if (fault === 'before') {
        line.cut()
        return
      }
      isAnswerLost ||= fault === 'after'
      line.server.write(Buffer.concat(waiting))
      waiting = []
    }
  })

  const answers = createReader({ hasStartup: false })
  onData(line.server, (chunk) => {
    const isWhole = answers(chunk).some(({ type }) => type === READY)
    if (!isAnswerLost) line.client.write(chunk)
    else if (isWhole) line.cut()
  })
}

interface Message {
  /** One letter; empty for the first message of a connection. */
  type: string
  bytes: Buffer
}

/** Cuts a stream into messages, however the network has cut it. */
function createReader({ hasStartup }: { hasStartup: boolean }): (chunk: Buffer) => Message[] {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = hasStartup
  return (chunk) => {
    const messages: Message[] = []
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const typeLength = isFirst ? 0 : 1
      if (rest.length < typeLength + 4) return messages
      const length = typeLength + rest.readUInt32BE(typeLength)
      if (rest.length < length) return messages
      const bytes = rest.subarray(0, length)
      const type = isFirst ? '' : String.fromCodePoint(bytes[0] ?? 0)
      rest = rest.subarray(length)
      isFirst = false
      messages.push({ type, bytes })
    }
  }
}

const textAt = (bytes: Buffer, from: number): string => bytes.toString('utf8', from, bytes.indexOf(0, from))
