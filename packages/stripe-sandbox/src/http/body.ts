import type { Request } from 'express'

/** The fields of a form or JSON body, unchecked: the caller checks the type of each field it reads. */
export function fieldsOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
