import express, { type Request, type Response } from 'express'
import { PayloadTooLarge, UnreadableRequest, UnsupportedMediaType, type DomainError } from './errors.ts'
import { LARGEST_BODY } from './http.ts'

const parseJson = express.json({ limit: LARGEST_BODY })

/**
 * Reads a request's body as JSON, or as nothing if there is none.
 *
 * @throws {UnsupportedMediaType} {PayloadTooLarge} {UnreadableRequest}
 */
export async function readJsonBody(req: Request, res: Response): Promise<unknown> {
  const hasBody = req.headers['content-length'] !== '0' // to Express, an empty one is one
  if (hasBody && req.is('application/json') === false) throw new UnsupportedMediaType()
  await new Promise<void>((resolve, reject) => {
    parseJson(req, res, (error?: Error) => (error ? reject(requestErrorOf(error) ?? error) : resolve()))
  })
  return req.body
}

/** What an error of Express's own body readers and router says of the request; they carry the status they stand for. */
export function requestErrorOf(error: unknown): DomainError | undefined {
  const status = typeof error === 'object' && error && 'status' in error ? Number(error.status) : 0
  if (status === 413) return new PayloadTooLarge()
  if (status === 415) return new UnsupportedMediaType()
  return status >= 400 && status < 500 ? new UnreadableRequest() : undefined
}
