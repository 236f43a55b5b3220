import express, { type Handler, type Request, type Response } from 'express'
import { PayloadTooLarge, UnreadableRequest, UnsupportedMediaType, type DomainError } from '../errors/errors.ts'
import { LARGEST_BODY } from './http.ts'

const parseJson = express.json({ limit: LARGEST_BODY })
const parseText = express.text({ limit: LARGEST_BODY, inflate: false, type: () => true })

/**
 * Reads a request's body as JSON.
 *
 * @returns undefined if there is no body.
 * @throws {UnsupportedMediaType}
 * @throws {PayloadTooLarge}
 * @throws {UnreadableRequest}
 */
export async function readJsonBody(req: Request, res: Response): Promise<unknown> {
  if (!isJsonOrEmpty(req)) throw new UnsupportedMediaType()
  return readBody(parseJson, req, res)
}

/** Whether a request has a body of the type JSON, or none. */
export function isJsonOrEmpty(req: Request): boolean {
  const hasBody = req.headers['content-length'] !== '0' // Express takes an empty body for a body
  return !hasBody || req.is('application/json') !== false
}

/**
 * Reads a request's body as text, whatever its type.
 *
 * @returns an empty text if there is no body.
 * @throws {UnsupportedMediaType} when the body is compressed.
 * @throws {PayloadTooLarge}
 * @throws {UnreadableRequest}
 */
export async function readTextBody(req: Request, res: Response): Promise<string> {
  const body = await readBody(parseText, req, res)
  return typeof body === 'string' ? body : ''
}

function readBody(parse: Handler, req: Request, res: Response): Promise<unknown> {
  return new Promise((resolve, reject) => {
    parse(req, res, (error?: unknown) => {
      if (!error) return resolve(req.body)
      reject(requestErrorOf(error) ?? (error instanceof Error ? error : new UnreadableRequest()))
    })
  })
}

/** @returns what an error of Express's body readers or router says about the request; undefined for other errors. */
export function requestErrorOf(error: unknown): DomainError | undefined {
  const status = typeof error === 'object' && error && 'status' in error ? Number(error.status) : 0
  if (status === 413) return new PayloadTooLarge()
  if (status === 415) return new UnsupportedMediaType()
  return status >= 400 && status < 500 ? new UnreadableRequest() : undefined
}
