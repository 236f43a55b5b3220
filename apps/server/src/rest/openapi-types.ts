// The parts of OpenAPI 3.1 that the document uses (https://spec.openapis.org/oas/v3.1.1).

/** A JSON Schema of draft 2020-12, or a reference to one. */
export type SchemaObject = Record<string, unknown>

export interface ReferenceObject {
  $ref: string
}

export interface MediaTypeObject {
  schema: SchemaObject
  example?: unknown
  examples?: Record<string, { summary: string; value: unknown }>
}

export interface ResponseObject {
  description: string
  headers?: Record<string, { description?: string; schema: SchemaObject }>
  content?: { 'application/json': MediaTypeObject }
}

export interface ParameterObject {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: SchemaObject
  example?: string | number
}

export interface OperationObject {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  /** Each of these is enough to call the operation. Without any, the operation is public. */
  security: Record<string, string[]>[]
  parameters?: ParameterObject[]
  requestBody?: { required: boolean; content: { 'application/json': MediaTypeObject } }
  responses: Record<number, ResponseObject | ReferenceObject>
}

export interface OpenApiDocument {
  openapi: '3.1.1'
  info: {
    title: string
    version: string
    description: string
    contact: { name: string; url: string; email?: string }
    license: { name: string; identifier: string }
  }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, OperationObject>>
  components: {
    securitySchemes: Record<string, Record<string, string>>
    schemas: Record<string, SchemaObject>
    responses: Record<string, ResponseObject>
  }
}
