import ajvFormats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { OpenApiDocument, OperationObject, ResponseObject, SchemaObject } from '../src/rest/openapi-types.ts'
import type { TestApp } from './test-app.ts'

/** An operation in the OpenAPI document. */
export interface DocumentedOperation {
  id: string
  method: string
  path: string
  operation: OperationObject
}

export async function readDocument(app: TestApp): Promise<OpenApiDocument> {
  return (await (await fetch(`${app.url}/openapi.json`)).json()) as OpenApiDocument
}

export function operationsOf(document: OpenApiDocument): DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
}

export interface Caller {
  token?: string
  cookie?: string
  headers?: Record<string, string>
}

/** Sends a request. A body that is not a string is sent as JSON. */
export function send(
  app: TestApp,
  method: string,
  path: string,
  caller: Caller = {},
  body?: unknown,
): Promise<Response> {
  const { token, cookie, headers } = caller
  return fetch(`${app.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(cookie ? { cookie } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

/**
 * Calls an operation with its documented example.
 *
 * @param own values that replace the example's, such as a token from a real email.
 */
export function callAsDocumented(
  app: TestApp,
  { method, path, operation: { parameters = [], requestBody } }: DocumentedOperation,
  caller: Caller,
  own: Record<string, string> = {},
): Promise<Response> {
  const url = new URL(app.url)
  url.pathname = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    String(own[name] ?? parameters.find((parameter) => parameter.name === name)?.example),
  )
  for (const { name, in: place, example } of parameters) {
    if (place === 'query' && example !== undefined) url.searchParams.set(name, String(own[name] ?? example))
  }
  const documented = requestBody?.content['application/json'].example
  const body = documented === undefined ? undefined : { ...(documented as object), ...own }
  return send(app, method, `${url.pathname}${url.search}`, caller, body)
}

/**
 * Returns a function that checks JSON against the document's schemas. Unlike the document, it rejects fields that no
 * schema describes. The function returns the problems as text, or null if there are none.
 */
export function schemaChecker(document: OpenApiDocument) {
  // Without the flag `u`, because many validators read patterns that way.
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false, unicodeRegExp: false })
  ajvFormats.default(ajv)
  // The components are compiled once, as a schema of their own.
  ajv.addSchema({ $id: COMPONENTS, components: strict({ schemas: document.components.schemas }) })
  ajv.addKeyword('components')
  const compiled = new Map<SchemaObject, ValidateFunction>()

  return (schema: SchemaObject, value: unknown): string | null => {
    const validate = compiled.get(schema) ?? ajv.compile(strict(schema) as object)
    compiled.set(schema, validate)
    return validate(value) ? null : ajv.errorsText(validate.errors)
  }
}

const COMPONENTS = 'tollgate:components'

function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === '$ref' ? `${COMPONENTS}${value}` : strict(value)]),
  )
  return copy['type'] === 'object' && copy['properties'] ? { additionalProperties: false, ...copy } : copy
}

/** Returns the response that the document describes for a status. */
export function responseOf(document: OpenApiDocument, { responses }: OperationObject, status: number): ResponseObject {
  const response = responses[status]
  if (!response)
    throw new Error(`The document has no response for ${status}, only for ${Object.keys(responses).join(', ')}.`)
  if (!('$ref' in response)) return response
  const named = document.components.responses[response.$ref.split('/').at(-1) ?? '']
  if (!named) throw new Error(`The document has no ${response.$ref}.`)
  return named
}
