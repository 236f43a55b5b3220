import { TollgateMisuse } from '../errors.ts'
import { time, type Settings } from '../options.ts'
import type { TollgateEvent } from './event.ts'
import { objectOf, parseEvent } from './parse-event.ts'
import { problemOf } from './signature.ts'
import { memoryVersionStore, type VersionStore } from './version-store.ts'

/** @param transaction what the store gives the handler to write with. */
export type EventHandler<Transaction = undefined> = (
  event: TollgateEvent,
  transaction: Transaction,
) => void | Promise<void>

interface Secrets {
  /** The secret of the webhook endpoint (`whsec_…`), or several while one replaces another. */
  readonly secret: string | readonly string[]
  /** How many seconds old or early a delivery may be. 300 by default. */
  readonly tolerance?: number | undefined
}

export interface ReceiveOptions extends Secrets {
  /** Remembers versions. By default in the memory of this process. */
  readonly store?: VersionStore | undefined
}

export interface ReceiveOptionsWith<Transaction> extends Secrets {
  readonly store: VersionStore<Transaction>
}

export interface EventReceiver {
  (request: Request, handler: EventHandler, options: ReceiveOptions): Promise<Response>
  <Transaction>(
    request: Request,
    handler: EventHandler<Transaction>,
    options: ReceiveOptionsWith<Transaction>,
  ): Promise<Response>
}

/** In bytes. */
const LARGEST_BODY = 1_048_576
const FIRST_SIZE = 16_384
const TOLERANCE = 300
/** How long a delivery waits for another one of the same object, which its runtime may have canceled. */
const LONGEST_WAIT = 5000

/** @param onEvent gets every genuine event, even an old one. */
export function createEventReceiver(settings: Settings, onEvent: (event: TollgateEvent) => void): EventReceiver {
  const memory = memoryVersionStore(settings.background ? {} : { longestWait: LONGEST_WAIT })

  async function receive(
    request: Request,
    handle: (event: TollgateEvent) => Promise<unknown>,
    { secret, tolerance = TOLERANCE }: Secrets,
  ): Promise<Response> {
    if (request.bodyUsed || request.body?.locked) {
      throw new TollgateMisuse('The body of the request was read before. The signature is of its exact bytes.')
    }
    if (request.method !== 'POST') return answer(405, 'Send events with POST.')
    const body = await readBody(request)
    if (body === 'cut off') return answer(400, 'The body could not be read.')
    if (body === 'too large') return answer(413, 'The event is too large.')
    const secrets = typeof secret === 'string' ? [secret] : secret
    const when = { now: settings.now(), tolerance: time('tolerance', tolerance) * 1000 }
    const problem = await problemOf({ headers: request.headers, body }, secrets, when)
    if (problem) return answer(401, `The delivery is refused: ${problem}.`)
    const event = parseEvent(parseJson(body))
    if (!event) return answer(400, 'The body is not an event.')
    if (isTest(event)) return new Response(null, { status: 204 })
    onEvent(event)
    try {
      await handle(event)
    } catch (error) {
      settings.onError(error)
      return answer(500, 'The event could not be handled. Send it again.')
    }
    return new Response(null, { status: 204 })
  }

  return <Transaction>(
    request: Request,
    handler: EventHandler<Transaction | undefined>,
    options: Secrets & { store?: VersionStore<Transaction> | undefined },
  ) => {
    const store: VersionStore<Transaction | undefined> = options.store ?? memory
    const handle = (event: TollgateEvent) =>
      store.advance(objectOf(event), event.version, async (transaction) => handler(event, transaction))
    return receive(request, handle, options)
  }
}

/** Whether an administrator only tests whether deliveries arrive here. */
function isTest({ type }: { readonly type: string }): boolean {
  return type === 'webhook.test'
}

async function readBody(request: Request): Promise<Uint8Array | 'too large' | 'cut off'> {
  // A list of chunks could take a hundred times as much memory: a chunk may be a single byte.
  let body = new Uint8Array(FIRST_SIZE)
  let size = 0
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader()
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      const chunk = part.value
      if (size + chunk.length > LARGEST_BODY) {
        await reader?.cancel()
        return 'too large'
      }
      if (size + chunk.length > body.length) {
        const larger = new Uint8Array(Math.max(size + chunk.length, 2 * body.length))
        larger.set(body)
        body = larger
      }
      body.set(chunk, size)
      size += chunk.length
    }
  } catch {
    return 'cut off'
  }
  return body.subarray(0, size)
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

function answer(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
