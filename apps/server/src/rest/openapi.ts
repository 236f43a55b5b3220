import { z } from 'zod'
import type { BoundOperation } from './bind-operation.ts'
import { errorResponses, errorSchema, errorsOf } from './error-responses.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { openVerifyPageOperation, VERIFY_PATH } from './open-verify-page.ts'
import type {
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  ResponseObject,
  SchemaObject,
} from './openapi-types.ts'
import { TAGS } from './operation.ts'

type Components = OpenApiDocument['components']

const ABOUT = `Accounts, sessions, plans and subscriptions over plain JSON, for programs in any language. From TypeScript, the typed client says the same with less.

Bodies are JSON with \`Content-Type: application/json\`, up to 100 kB. Moments are ISO 8601 texts, ids are UUIDs, money is an integer in the smallest unit of its currency.

Log in with \`POST /login\`: send its \`accessToken\` as \`Authorization: Bearer\`, and keep the cookie \`refresh_token\` for \`POST /refresh-token\`. A browser's page may use that cookie only if its origin is on the server's list.

Every error is \`{ "error": { "code", "reason", "message" } }\`; go by \`reason\`. An unknown address is 404 \`NOT_FOUND\`, a wrong method 405 \`METHOD_NOT_ALLOWED\` with \`Allow\`. Calls are limited together with the typed API's: over a limit, 429 with \`Retry-After\`. Every response carries \`x-request-id\`.`

const TAG_DESCRIPTIONS: Record<(typeof TAGS)[number], string> = {
  Account: 'Opening, verifying and closing an account.',
  Session: 'Logging in and out, and staying logged in.',
  Password: 'Changing a password, and setting one that was forgotten.',
  Profile: 'What somebody says of himself.',
  Plans: 'What can be subscribed to. Making and changing plans is for administrators.',
  Subscription: 'The own subscription.',
  Payments: 'The own payments.',
}

/** Describes the REST operations as OpenAPI 3.1, from the operations and the schemas of their procedures. */
export function createOpenApiDocument(operations: readonly BoundOperation[], apiUrl: string): OpenApiDocument {
  const components: Components = { securitySchemes: SECURITY_SCHEMES, schemas: {}, responses: {} }
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation, components) }
  }
  paths[VERIFY_PATH] = { ...paths[VERIFY_PATH], get: openVerifyPageOperation }
  const reasons = operations.flatMap((operation) => errorsOf(operation).map(({ reason }) => reason))
  components.schemas['Error'] = errorSchema([...reasons, 'NOT_FOUND', 'METHOD_NOT_ALLOWED'])
  return {
    openapi: '3.1.1',
    info: { title: 'Tollgate', version: '1', description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: apiUrl }],
    tags: TAGS.map((name) => ({ name, description: TAG_DESCRIPTIONS[name] })),
    paths,
    components,
  }
}

const SECURITY_SCHEMES = {
  accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `accessToken` of a session.' },
  refreshCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'refresh_token',
    description:
      'Set by log-in and `POST /refresh-token`. In production also as `__Host-refresh_token`, or with a cookie domain as `__Secure-refresh_token`.',
  },
}

/** What an access token alone is not enough for. */
const WHO: Record<string, string | undefined> = {
  verified: 'For accounts with a verified address.',
  admin: 'For administrators.',
}

function describe(operation: BoundOperation, components: Components): OperationObject {
  const { procedure, tag, summary, description, meta, readsCookie } = operation
  const about = [description, WHO[meta.guard ?? 'public']].filter((text) => text !== undefined)
  return {
    operationId: procedure.replaceAll(/\.(\w)/g, (_match, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary,
    ...(about.length > 0 ? { description: about.join(' ') } : {}),
    security: readsCookie ? [{ refreshCookie: [] }] : meta.guard === 'public' ? [] : [{ accessToken: [] }],
    ...describeInput(operation, components.schemas),
    responses: {
      [operation.status ?? 200]: describeSuccess(operation, components.schemas),
      ...errorResponses(errorsOf(operation), components.responses),
    },
  }
}

function describeInput(
  { input, pathFields, source, example }: BoundOperation,
  schemas: Record<string, SchemaObject>,
): Pick<OperationObject, 'parameters' | 'requestBody'> {
  if (!input) return {}
  const inPath = (field: string) => pathFields.includes(field)
  const parameters = Object.entries(input.shape)
    .filter(([field]) => source === 'query' || inPath(field))
    .map(([name, schema]): ParameterObject => {
      const value = example.input?.[name]
      const { description, ...described } = withoutNull(jsonSchemaOf(schema, 'input', schemas))
      return {
        name,
        in: inPath(name) ? 'path' : 'query',
        required: inPath(name) || !schema.safeParse(undefined).success,
        ...(typeof description === 'string' ? { description } : {}),
        schema: described,
        ...(typeof value === 'string' || typeof value === 'number' ? { example: value } : {}),
      }
    })
  if (source === 'query') return { parameters }

  const body = z.object(Object.fromEntries(Object.entries(input.shape).filter(([field]) => !inPath(field))))
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: jsonSchemaOf(body, 'input', schemas),
          example: Object.fromEntries(Object.entries(example.input ?? {}).filter(([field]) => !inPath(field))),
        },
      },
    },
  }
}

const Choices = z.array(z.record(z.string(), z.unknown()))

/** A query has no null: what may be null in the typed API is left out here. */
function withoutNull(schema: SchemaObject): SchemaObject {
  const { anyOf, ...rest } = schema
  const choices = Choices.safeParse(anyOf)
  if (!choices.success) return schema
  return choices.data.filter(({ type }) => type !== 'null').reduce((merged, choice) => ({ ...merged, ...choice }), rest)
}

function describeSuccess(
  { status, output, none, meta, example }: BoundOperation,
  schemas: Record<string, SchemaObject>,
): ResponseObject {
  if (status === 204) return { description: 'Done.' }
  const inner = none && output instanceof z.ZodNullable ? output.unwrap() : output
  const answer = inner instanceof z.ZodType ? inner : output
  return {
    description: status === 201 ? 'Made.' : 'Done.',
    ...(meta.checksOrigin
      ? {
          headers: {
            'Set-Cookie': { description: 'The cookie `refresh_token`, HttpOnly.', schema: { type: 'string' } },
          },
        }
      : {}),
    content: { 'application/json': { schema: jsonSchemaOf(answer, 'output', schemas), example: example.output } },
  }
}
