import type { CustomFetch } from 'openid-client'
import { SECOND } from '../../platform/durations.ts'

/** For one call, its answer's last byte included. A log-in makes three calls at most. */
const PATIENCE = 4 * SECOND

/** Some keys or an ID token are a few kilobytes; a provider that sends more than this has something else in mind. */
const LARGEST_ANSWER = 256 * 1024

/**
 * Fetches for a provider's log-in, so that one that is slow, or sends without end, holds neither a request nor memory.
 * The size is that of the unpacked answer: a small compressed one may be a very large one.
 *
 * @throws {DOMException} `TimeoutError`. {Error} too large an answer, or none.
 */
export const boundedFetch: CustomFetch = async (url, { signal, ...options }) => {
  const deadline = AbortSignal.timeout(PATIENCE)
  const response = await fetch(url, { ...options, signal: signal ? AbortSignal.any([signal, deadline]) : deadline })
  const body = await readWithin(response, LARGEST_ANSWER)
  const { status, headers } = response
  return new Response(body.length > 0 ? body : null, { status, headers })
}

async function readWithin(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const body: ReadableStream<Uint8Array> | null = response.body
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > limit) throw new Error('The answer is too large.') // leaving the loop cancels the stream
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
