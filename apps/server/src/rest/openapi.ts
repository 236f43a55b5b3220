import { z } from 'zod'
import type { Brand } from '../platform/brand/brand.ts'
import { REQUEST_TIMEOUT } from '../platform/http/http-server.ts'
import type { BoundOperation } from './bind-operation.ts'
import { errorResponses, errorSchema, errorsOf, timeoutResponse } from './error-responses.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { describeVerifyPage, VERIFY_PATH } from './open-verify-page.ts'
import type {
  OpenApiDocument,
  OperationObject,
  ParameterObject,
  ResponseObject,
  SchemaObject,
} from './openapi-types.ts'
import { TAGS } from './operation.ts'

type Components = OpenApiDocument['components']

const ABOUT = `Accounts, sessions, plans, and subscriptions over plain JSON, for programs in any language. In TypeScript, use the typed client instead.

Request bodies are JSON with \`Content-Type: application/json\`, up to 100 kB. Times are ISO 8601 strings, ids are UUIDs, and money is an integer in the smallest unit of its currency.

Log in with \`POST /login\`. Send its \`accessToken\` as \`Authorization: Bearer\`, and keep the cookie \`refresh_token\` for \`POST /refresh-token\`. A page in a browser can use that cookie only if the server lists its origin.

Every error is \`{ "error": { "code", "reason", "message" } }\`; decide by \`reason\`. An unknown path is 404 \`NOT_FOUND\`, and a wrong method is 405 \`METHOD_NOT_ALLOWED\` with \`Allow\`. These calls share their rate limits with the typed API; a call over the limit is a 429 with \`Retry-After\`. A request must arrive within 30 s, its headers within 10 s and in 16 kB. Every response has \`x-request-id\`.`

const TAG_DESCRIPTIONS: Record<(typeof TAGS)[number], string> = {
  Account: 'Open, verify, change, and close an account, and link Google or GitHub to it.',
  Session: 'Log in, log out, stay logged in, and see where you are logged in.',
  Password: 'Change or reset a password.',
  Profile: 'Personal data of the user.',
  Accounts: 'Who pays: personal accounts and organizations, with members and invitations.',
  Plans: 'Plans to subscribe to. Only administrators can create and change them.',
  Subscription: 'Your own subscription.',
  Payments: 'Your own payments, cards, and billing details.',
  Services: 'For other programs, with a service key.',
}

/** Describes the REST operations as OpenAPI 3.1, from the operations and the schemas of their procedures. */
export function createOpenApiDocument(
  operations: readonly BoundOperation[],
  { apiUrl, webUrl, brand }: { apiUrl: string; webUrl: string; brand: Brand },
): OpenApiDocument {
  const components: Components = { securitySchemes: SECURITY_SCHEMES, schemas: {}, responses: {} }
  const paths: OpenApiDocument['paths'] = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation, components) }
  }
  paths[VERIFY_PATH] = { ...paths[VERIFY_PATH], get: describeVerifyPage(components.responses) }
  const reasons = operations.flatMap((operation) => errorsOf(operation).map(({ reason }) => reason))
  components.schemas['Error'] = errorSchema([...reasons, 'NOT_FOUND', 'METHOD_NOT_ALLOWED'])
  return {
    openapi: '3.1.1',
    info: {
      title: brand.name,
      version: '1',
      description: ABOUT,
      contact: {
        name: new URL(webUrl).host,
        url: webUrl,
        ...(brand.supportEmail === null ? {} : { email: brand.supportEmail }),
      },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: apiUrl }],
    tags: TAGS.map((name) => ({ name, description: TAG_DESCRIPTIONS[name] })),
    paths,
    components,
  }
}

const SECURITY_SCHEMES = {
  accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `accessToken` of a session.' },
  serviceKey: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A service key: `tgsk_…`. An administrator makes it, with scopes. It works below `/v1` only, where access tokens don’t.',
  },
  refreshCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'refresh_token',
    description:
      'Set by a login and by `POST /refresh-token`. In production it is also set as `__Host-refresh_token`, or with a cookie domain as `__Secure-refresh_token`.',
  },
}

/** Of every operation that opens, renews or ends a session. They have no other parameters. */
const TRANSPORT_PARAMETER: ParameterObject = {
  name: 'x-tollgate-transport',
  in: 'header',
  required: false,
  description:
    'How the refresh token is exchanged. `body` is for apps that keep it themselves: it is sent and returned in the body, and no cookie is set. A browser can’t use it.',
  schema: { type: 'string', enum: ['cookie', 'body'], default: 'cookie' },
}

const BODY_ONLY: ParameterObject = {
  ...TRANSPORT_PARAMETER,
  required: true,
  description: 'Says that this is an app, which keeps its refresh token itself. A browser can’t call this.',
  schema: { type: 'string', enum: ['body'] },
  example: 'body',
}

/** Who may call an operation that requires more than an access token. */
const WHO: Record<string, string | undefined> = {
  verified: 'Requires a verified email address.',
  admin: 'Only for administrators.',
}

function describe(operation: BoundOperation, components: Components): OperationObject {
  const { procedure, tag, summary, description, meta, readsCookie, byBody } = operation
  const needs = meta.scope && `Requires the scope \`${meta.scope}\`.`
  const about = [description, WHO[meta.guard ?? 'public'], needs].filter((text) => text !== undefined)
  return {
    operationId: procedure.replaceAll(/\.(\w)/g, (_match, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary,
    ...(about.length > 0 ? { description: about.join(' ') } : {}),
    security: readsCookie ? [{ refreshCookie: [] }] : securityOf(meta),
    ...describeInput(operation, components.schemas),
    ...(byBody ? { parameters: [BODY_ONLY] } : meta.checksOrigin ? { parameters: [TRANSPORT_PARAMETER] } : {}),
    responses: {
      [operation.status ?? 200]: describeSuccess(operation, components.schemas),
      ...errorResponses(errorsOf(operation), components.responses),
      [REQUEST_TIMEOUT.httpStatus]: timeoutResponse(components.responses),
    },
  }
}

function securityOf({ guard, scope }: BoundOperation['meta']): OperationObject['security'] {
  if (guard === 'service') return [{ serviceKey: scope ? [scope] : [] }]
  return guard === 'public' ? [] : [{ accessToken: [] }]
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
      required: !body.safeParse({}).success,
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

/** Removes null, which a query string can't express. Leave such a parameter out instead. */
function withoutNull(schema: SchemaObject): SchemaObject {
  const { anyOf, ...rest } = schema
  const choices = Choices.safeParse(anyOf)
  if (!choices.success) return schema
  return choices.data.filter(({ type }) => type !== 'null').reduce((merged, choice) => ({ ...merged, ...choice }), rest)
}

function describeSuccess(
  { status, output, none, meta, byBody, example }: BoundOperation,
  schemas: Record<string, SchemaObject>,
): ResponseObject {
  if (status === 204) return { description: 'Done.' }
  const inner = none && output instanceof z.ZodNullable ? output.unwrap() : output
  const answer = inner instanceof z.ZodType ? inner : output
  return {
    description: status === 201 ? 'Created.' : 'Done.',
    ...(meta.checksOrigin && !byBody
      ? {
          headers: {
            'Set-Cookie': { description: 'The cookie `refresh_token`, HttpOnly.', schema: { type: 'string' } },
          },
        }
      : {}),
    content: { 'application/json': { schema: jsonSchemaOf(answer, 'output', schemas), example: example.output } },
  }
}
