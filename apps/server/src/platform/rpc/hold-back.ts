import type { Response } from 'express'

/**
 * Keeps everything that is written to a response until it ends, and only then sends it with its headers.
 *
 * tRPC answers `httpBatchStreamLink` in pieces and sends the headers before the calls have run. A login in such a batch
 * would open a session but could no longer set its cookie.
 */
export function holdBack(res: Response): void {
  const chunks: Uint8Array[] = []
  const end = res.end.bind(res)
  Object.assign(res, {
    write(chunk: string | Uint8Array) {
      chunks.push(Buffer.from(chunk))
      return true
    },
    end(last?: string | Uint8Array) {
      if (last !== undefined) chunks.push(Buffer.from(last))
      return end(Buffer.concat(chunks))
    },
  })
}
