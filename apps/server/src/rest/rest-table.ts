import type { LeftOut } from './left-out.ts'
import { TAGS, type Operation } from './operation.ts'

/** What is compared with the procedures that there are. */
export interface RestTables {
  readonly operations: readonly Operation<string>[]
  readonly leftOut: readonly (Omit<LeftOut, 'procedures'> & { readonly procedures: readonly string[] })[]
}

/**
 * Compares all procedures with those that are in REST and those that are left out on purpose.
 *
 * @returns a sentence about each procedure that is in neither or in both, and about each name of no procedure.
 */
export function restProblems(procedures: readonly string[], { operations, leftOut }: RestTables): string[] {
  const known = new Set(procedures)
  const served = new Set(operations.map(({ procedure }) => procedure))
  const excused = leftOut.flatMap((group) => group.procedures)
  return [
    ...[...known]
      .filter((name) => !served.has(name) && !excused.includes(name))
      .map((name) => `${name} is not in REST. Add an operation, or a reason to rest/left-out.ts.`),
    ...excused
      .filter((name) => served.has(name))
      .map((name) => `${name} is in REST. Remove its reason from rest/left-out.ts.`),
    ...excused
      .filter((name, index) => excused.indexOf(name) !== index)
      .map((name) => `${name} has two reasons in rest/left-out.ts.`),
    ...[...served, ...excused].filter((name) => !known.has(name)).map((name) => `There is no procedure ${name}.`),
  ]
}

/** Writes the page of the contract that has every procedure with its route, or with the reason why it has none. */
export function restPage({ operations, leftOut }: RestTables): string {
  const sections = TAGS.map((tag) => ({ tag, rows: operations.filter((operation) => operation.tag === tag) }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ tag, rows }) => [`## ${tag}`, '', '| route | procedure |', '|---|---|', ...rows.map(row), ''].join('\n'))
  const reasons = leftOut.map(({ because, procedures }) =>
    [because, '', ...procedures.map((name) => `- \`${name}\``), ''].join('\n'),
  )
  return `${[
    '# REST: every procedure',
    '',
    '`npm run generate` writes this page. A route shows its status where success is not 200. [REST](rest.md) has the rules.',
    '',
    ...sections,
    '## Not in REST',
    '',
    ...reasons,
  ]
    .join('\n')
    .trimEnd()}\n`
}

const row = ({ method, path, status, procedure }: Operation<string>): string =>
  `| \`${method.toUpperCase()} ${path}\`${status ? ` (${status})` : ''} | \`${procedure}\` |`
