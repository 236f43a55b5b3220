import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import type { ClientCredentials } from './options.ts'

/** The fields of a posted form, or of posted JSON, which some clients send. Invalid JSON has none. */
export function formOf(req: Request): URLSearchParams {
  const body = typeof req.body === 'string' ? req.body : ''
  return new URLSearchParams(req.is('json') ? fieldsIn(body) : body)
}

function fieldsIn(json: string): Record<string, string> {
  try {
    const fields = Object.entries((JSON.parse(json) ?? {}) as Record<string, unknown>)
    return Object.fromEntries(fields.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
  } catch {
    return {}
  }
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
