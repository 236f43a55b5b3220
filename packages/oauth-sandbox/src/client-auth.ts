import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** The fields of a posted form. */
export function formOf(req: Request): URLSearchParams {
  return new URLSearchParams(typeof req.body === 'string' ? req.body : '')
}

/** Whether a token request has the client's credentials, in HTTP Basic or in form fields. */
export function isClient(req: Request, { clientId, clientSecret }: ClientCredentials): boolean {
  const form = formOf(req)
  const basic = /^Basic (\S+)$/i.exec(req.get('authorization') ?? '')?.[1]
  const [id = '', secret = ''] = basic
    ? Buffer.from(basic, 'base64').toString().split(':', 2).map(decodeURIComponent)
    : [form.get('client_id') ?? '', form.get('client_secret') ?? '']
  return same(id, clientId) && same(secret, clientSecret)
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
