/** Rows to insert. If jobs are added for them, the last statement returns the `id` of each row that it inserts. */
export interface Insertion {
  /** The name under which PostgreSQL keeps the statement that is made of this. */
  readonly name: string
  /** Each with `$1`, `$2` … for the values, which are the same for all. */
  readonly statements: readonly string[]
  readonly values: readonly unknown[]
}

/** Where the job queue's statement for adding jobs takes them. */
const ITS_JOBS = '$1::text::json'

/**
 * One statement of several insertions and of the job queue's own statement for adding jobs: of the jobs, those are added
 * whose id the last insertion returns.
 *
 * As statements of their own they would be as many round trips, and two more for `begin` and `commit`, which takes longer
 * than the work itself (decision 0015).
 *
 * @param adding takes its jobs as `$1`; in the outcome they come after all other values.
 * @throws when the job queue's statement is no longer of the form that this knows.
 */
export function joinStatements(insertions: readonly Insertion[], adding: string): string {
  const pieces = adding.split(ITS_JOBS)
  if (pieces.length !== 2 || pieces.some((piece) => /\$\d/.test(piece))) {
    throw new Error('The job queue adds jobs with another statement than is known here.')
  }
  const inserts: string[] = []
  let values = 0
  for (const insertion of insertions) {
    inserts.push(...insertion.statements.map((text) => renumbered(text, values)))
    values += insertion.values.length
  }
  const named = inserts.map((text, place) => `inserted_${place} as (${text})`)
  const itsInserted = `(select json_agg(job) from json_array_elements($${values + 1}::text::json) as job
        where (job ->> 'id')::uuid in (select id from inserted_${inserts.length - 1}))`
  const [, isWith, rest] = /^\s*(with\s)?(.*)$/is.exec(pieces.join(itsInserted)) ?? []
  return `with ${named.join(', ')}${isWith ? ', ' : ' '}${rest}`
}

function renumbered(text: string, by: number): string {
  return text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + by}`)
}
