import { z } from 'zod'
import { html, type Html } from './html.ts'
import type { SchemaObject } from './openapi-types.ts'

/** The parts of a JSON Schema that are read here. */
const Node = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  get anyOf() {
    return z.array(Node).optional()
  },
  get items() {
    return Node.optional()
  },
  get properties() {
    return z.record(z.string(), Node).optional()
  },
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
})
type Node = z.infer<typeof Node>

/** Writes a schema as HTML: an object field by field, anything else in a line. */
export function schemaTable(schema: SchemaObject): Html {
  const node = Node.parse(schema)
  if (!node.properties) return html`<p class="type">${typeOf(node)}</p>`
  const fields = Object.entries(node.properties)
  if (fields.length === 0) return html`<p class="type">an empty object</p>`
  return html`<ul class="fields">
    ${fields.map(([name, field]) => fieldLine(name, field, node.required?.includes(name) ?? false))}
  </ul>`
}

function fieldLine(name: string, field: Node, isRequired: boolean): Html {
  const about = [
    typeOf(field),
    html`${isRequired ? '' : ', optional'}${field.default === undefined ? '' : `, ${JSON.stringify(field.default)} by default`}`,
    html`${bounds(field)}${field.description ? `. ${field.description.replaceAll('`', '')}` : ''}`,
  ]
  const inner = field.properties ? schemaTable(field) : html``
  return html`<li><code>${name}</code> ${about}${inner}</li>`
}

function typeOf(node: Node): Html {
  if (node.$ref) {
    const name = node.$ref.split('/').at(-1) ?? ''
    return html`<a href="#schema-${name}">${name}</a>`
  }
  if (node.anyOf) return join(node.anyOf.map(typeOf), ' or ')
  if (node.items) return html`list of ${typeOf(node.items)}`
  if (node.const !== undefined) return html`<code>${JSON.stringify(node.const)}</code>`
  if (node.enum)
    return join(
      node.enum.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    )
  return html`${node.format ?? [node.type ?? 'anything'].flat().join(' or ')}`
}

function bounds({ minimum, maximum, minLength, maxLength }: Node): string {
  const range = (least: number | undefined, most: number | undefined, unit: string) => {
    if (least !== undefined && most !== undefined) return `, ${least} to ${most}${unit}`
    if (most !== undefined) return `, at most ${most}${unit}`
    return least === undefined ? '' : `, at least ${least}${unit}`
  }
  return `${range(minimum, maximum, '')}${range(minLength, maxLength, ' characters')}`
}

const join = (parts: Html[], between: string): Html =>
  html`${parts.flatMap((part, index) => (index === 0 ? [part] : [html`${between}`, part]))}`
