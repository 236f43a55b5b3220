import type { Request, Response } from 'express'
import { z } from 'zod'
import { InvalidInput } from '../platform/errors/errors.ts'
import { readJsonBody } from '../platform/http/request-body.ts'
import type { BoundOperation } from './bind-operation.ts'

/** A time as JSON has it, with its time zone. */
const Moment = z.iso.datetime({ offset: true })

/**
 * Prepares reading an operation's input from a request: from path, query, and body. Texts become dates and numbers
 * where the schema wants them. A text that can't be converted stays a text, and the procedure's schema refuses it.
 *
 * @returns reads the input. It throws InvalidInput, UnsupportedMediaType, PayloadTooLarge, or UnreadableRequest.
 */
export function inputReader({
  input,
  source,
  choosesAccount,
}: BoundOperation): (req: Request, res: Response) => Promise<unknown> {
  if (!input) return async () => undefined
  const fieldsOf = (type: string) => Object.keys(input.shape).filter((field) => kindOf(input.shape[field]) === type)
  const dates = fieldsOf('date')
  const numbers = source === 'query' ? fieldsOf('number') : []

  return async (req, res) => {
    const isQuery = source === 'query'
    // An account in the wrong place would be ignored, and the call would be about the caller's own account.
    const body = !isQuery || (choosesAccount && hasBody(req)) ? objectOf(await readJsonBody(req, res)) : {}
    if (choosesAccount && 'accountId' in (isQuery ? body : req.query)) {
      throw new InvalidInput({ accountId: `must be in the ${source}` })
    }
    refuseBrackets(req.query, input.shape)
    const given = isQuery ? req.query : body
    const fields: Record<string, unknown> = { ...given, ...req.params }
    for (const name of dates) fields[name] = dateOf(fields[name])
    for (const name of numbers) fields[name] = numberOf(fields[name])
    return fields
  }
}

/**
 * Some programs write `accountId[]=…` or `accountId[0]=…` for a value. As an unknown name it would be ignored, and the
 * call would be about something else.
 *
 * @throws {InvalidInput}
 */
function refuseBrackets(query: Request['query'], shape: object): void {
  for (const name of Object.keys(query)) {
    const [field = ''] = name.split('[', 1)
    if (field !== name && Object.hasOwn(shape, field))
      throw new InvalidInput({ [field]: 'must be written without brackets' })
  }
}

/** The type of a schema without its optional, nullable, and default wrappers. */
function kindOf(schema: unknown): string {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return kindOf(schema.unwrap())
  }
  return schema instanceof z.ZodType ? schema.def.type : 'unknown'
}

const hasBody = ({ headers }: Request): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined

function objectOf(body: unknown): object {
  if (body === undefined) return {}
  if (typeof body === 'object' && body && !Array.isArray(body)) return body
  throw new InvalidInput({ '': 'must be a JSON object' })
}

const dateOf = (value: unknown): unknown => {
  const moment = Moment.safeParse(value)
  return moment.success ? new Date(moment.data) : value
}

const numberOf = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value
