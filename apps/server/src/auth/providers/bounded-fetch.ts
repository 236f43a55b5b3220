import type { CustomFetch } from 'openid-client'
import { SECOND } from '../../platform/durations.ts'

/** How long one call may take, up to the last byte of its answer. A login makes at most three calls. */
const PATIENCE = 4 * SECOND

/** Maximum size of an answer, in bytes. Keys and ID tokens are a few kilobytes. */
const LARGEST_ANSWER = 256 * 1024

/**
 * Fetches from a provider within limits of time and size, so that a slow or endless answer can't hold a request or fill
 * the memory. The size is that of the decompressed answer.
 *
 * @throws {DOMException} `TimeoutError` when the call takes too long.
 * @throws {Error} when the answer is too large, or there is none.
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
