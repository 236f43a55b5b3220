import { z } from 'zod'
import type { Page } from '../../platform/database/page.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { ExportScope } from '../admin-scope.ts'

/** A list that operators can download as a file. */
export interface ExportList {
  /** The file's name below `/admin/export/`, and the list's in the audit log. */
  readonly name: string
  readonly header: readonly string[]
  /**
   * Reads the filters of a URL.
   *
   * @throws {InvalidInput}
   */
  readFilters(query: Readonly<Record<string, unknown>>): object
  /**
   * Reads all rows that match, a page at a time.
   *
   * @param openScope gives each page a unit of work of its own, so that no row stays in memory. It throws once the
   *   caller may no longer read the list.
   */
  rows(openScope: () => Promise<ExportScope>, filters: object): AsyncIterable<readonly (readonly string[])[]>
}

/** Rows of a page. More make it no faster. */
const PAGE_SIZE = 500

interface Definition<Filters extends z.ZodType<object>, Item> {
  name: string
  /** The filters of the list's procedure, without `cursor` and `limit`. */
  filters: Filters
  header: readonly string[]
  /** The list's use case. */
  list(scope: ExportScope, input: z.infer<Filters> & { cursor: string | null; limit: number }): Promise<Page<Item>>
  /** A row's cells, in the order of the header. */
  cells(item: Item): readonly string[]
}

/** Describes a list that operators can download. Add it to `exports.ts`. */
export function defineExport<Filters extends z.ZodType<object>, Item>(
  definition: Definition<Filters, Item>,
): ExportList {
  const { name, header, filters: schema } = definition
  return {
    name,
    header,
    readFilters: (query) => parse(schema, fromTexts(schema, query), Object.keys(query)),
    async *rows(openScope, given) {
      const filters = schema.parse(given)
      let cursor: string | null = null
      do {
        const page: Page<Item> = await definition.list(await openScope(), { ...filters, cursor, limit: PAGE_SIZE })
        yield page.items.map(definition.cells)
        cursor = page.nextCursor
      } while (cursor)
    },
  }
}

/** A misspelled filter would otherwise export everything. */
function parse(schema: z.ZodType<object>, values: object, names: readonly string[]): object {
  const shape = schema instanceof z.ZodObject ? schema.shape : {}
  const unknown = names.filter((name) => !Object.hasOwn(shape, name))
  if (unknown.length > 0)
    throw new InvalidInput(Object.fromEntries(unknown.map((name) => [name, 'is not a filter of this list'])))
  const parsed = schema.safeParse(values)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => [path.join('.'), message] as const)
  throw new InvalidInput(Object.fromEntries(fields))
}

/** Makes dates, numbers and flags of the texts of a URL. A text that is none stays one, and the schema refuses it. */
function fromTexts(schema: z.ZodType, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shape: Readonly<Record<string, unknown>> = schema instanceof z.ZodObject ? schema.shape : {}
  const entries = Object.entries(query).map(([name, text]) => [name, valueOf(kindOf(shape[name]), text)] as const)
  return Object.fromEntries(entries)
}

function kindOf(schema: unknown): string {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return kindOf(schema.unwrap())
  return schema instanceof z.ZodType ? schema.def.type : 'unknown'
}

const Moment = z.iso.datetime({ offset: true })

function valueOf(kind: string, text: unknown): unknown {
  if (typeof text !== 'string') return text
  if (kind === 'date' && Moment.safeParse(text).success) return new Date(text)
  if (kind === 'number' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
