/** Where the job queue's statement for adding jobs takes them. */
const ITS_JOBS = '$1::text::json'

/**
 * The job queue's own statement for adding jobs, joined to one that inserts rows and returns their `id`: of the jobs,
 * those are added whose id is among them.
 *
 * Two statements would be two round trips, and between `begin` and `commit` four, which takes longer than the work itself
 * (decision 0015).
 *
 * @param adding takes its jobs as `$1`; in the outcome they come after the `parameters` of the inserting one.
 * @throws when the job queue's statement is no longer of the form that this knows.
 */
export function joinStatements(inserting: string, parameters: number, adding: string): string {
  const pieces = adding.split(ITS_JOBS)
  if (pieces.length !== 2 || pieces.some((piece) => /\$\d/.test(piece))) {
    throw new Error('The job queue adds jobs with another statement than is known here.')
  }
  const itsInserted = `(select json_agg(job) from json_array_elements($${parameters + 1}::text::json) as job
        where (job ->> 'id')::uuid in (select id from inserted))`
  const [, isWith, rest] = /^\s*(with\s)?(.*)$/is.exec(pieces.join(itsInserted)) ?? []
  return `with inserted as (${inserting})${isWith ? ', ' : ' '}${rest}`
}
