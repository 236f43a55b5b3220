/** A reason of the server's errors, as apps/server/scripts/list-reasons.ts prints it. */
export interface Reason {
  reason: string
  code: string
  httpStatus: number
  when: string
}

/** Reads a JSON array of reasons. */
export function parseReasons(json: string): Reason[] {
  const parsed: unknown = JSON.parse(json)
  if (!Array.isArray(parsed) || !parsed.every(isReason)) throw new Error('The server printed no list of reasons.')
  return parsed
}

function isReason(value: unknown): value is Reason {
  const types = { reason: 'string', code: 'string', httpStatus: 'number', when: 'string' }
  return (
    value instanceof Object && Object.entries(types).every(([name, type]) => typeof Reflect.get(value, name) === type)
  )
}

const TABLE = /(<!-- reasons:begin -->\n)[\s\S]*?(<!-- reasons:end -->)/

/**
 * Replaces the table of reasons in a page of the contract.
 *
 * @throws {Error} when the page has no marks that say where the table is.
 */
export function withReasons(page: string, reasons: readonly Reason[]): string {
  if (!TABLE.test(page)) throw new Error('The page has no <!-- reasons:begin --> and <!-- reasons:end -->.')
  const rows = reasons.map(
    ({ reason, code, httpStatus, when }) => `| \`${reason}\` | \`${code}\` | ${httpStatus} | ${when} |\n`,
  )
  const table = ['| reason | code | HTTP | when |\n', '|---|---|---|---|\n', ...rows].join('')
  return page.replace(TABLE, (_, begin: string, end: string) => `${begin}${table}${end}`)
}
