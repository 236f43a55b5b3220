/**
 * Writes a table as CSV (RFC 4180): a header, then a line a row, all ending in CRLF.
 *
 * A cell that a spreadsheet would take for a formula is preceded by an apostrophe, which makes it text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function writeCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

/** Also after spaces, which some programs cut off, and in the wide forms that they take for the same signs. */
const FORMULA = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/

function writeCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
