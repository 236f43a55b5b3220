/** Rows to insert. If jobs are added for them, the last statement returns the `id` of each row that it inserts. */
export interface Insertion {
  /** PostgreSQL keeps the prepared statement under a name made from this one. */
  readonly name: string
  /** Each with `$1`, `$2` … for the values, which all of them share. */
  readonly statements: readonly string[]
  readonly values: readonly unknown[]
}

/** Where the job queue's statement for adding jobs takes them. */
const ITS_JOBS = '$1::text::json'

/** One statement that carries out several insertions and returns the ids that the last one returns. */
export function joinInsertions(insertions: readonly Insertion[]): string {
  const { named, last } = namedInsertions(insertions)
  return `with ${named} select id from ${last}`
}

/**
 * One statement made of several insertions and the job queue's own statement for adding jobs. It adds the jobs whose id
 * the last insertion returns.
 *
 * @param adding takes its jobs as `$1`. In the result they come after all other values.
 * @returns null if the job queue's statement has a form that is not known here.
 */
export function joinStatements(insertions: readonly Insertion[], adding: string): string | null {
  const pieces = adding.split(ITS_JOBS)
  if (pieces.length !== 2 || pieces.some((piece) => /\$\d/.test(piece))) return null
  const { named, last, values } = namedInsertions(insertions)
  const inserted = `(select json_agg(job) from json_array_elements($${values + 1}::text::json) as job
        where (job ->> 'id')::uuid in (select id from ${last}))`
  const [, isWith, rest] = /^\s*(with\s)?(.*)$/is.exec(pieces.join(inserted)) ?? []
  return `with ${named}${isWith ? ', ' : ' '}${rest}`
}

function namedInsertions(insertions: readonly Insertion[]): { named: string; last: string; values: number } {
  const inserts: string[] = []
  let values = 0
  for (const insertion of insertions) {
    inserts.push(...insertion.statements.map((text) => renumbered(text, values)))
    values += insertion.values.length
  }
  const named = inserts.map((text, place) => `inserted_${place} as (${text})`).join(', ')
  return { named, last: `inserted_${inserts.length - 1}`, values }
}

/** A placeholder, or a piece of SQL in which `$1` is just text: a literal, a quoted name, or a comment. */
const PLACEHOLDER = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\$(\d+)/g

function renumbered(text: string, by: number): string {
  return text.replaceAll(PLACEHOLDER, (piece, number?: string) => (number ? `$${Number(number) + by}` : piece))
}
