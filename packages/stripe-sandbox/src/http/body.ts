import type { Request } from 'express'

/** A form's or a JSON body's fields, of whatever kind: who reads one checks it. */
export function fieldsOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
