/**
 * Writes a table as CSV (RFC 4180): a header, then one line for each row. Every line ends in CRLF.
 *
 * An apostrophe before a cell that a spreadsheet would take for a formula makes the cell text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function writeCsv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return writeRows([header, ...rows])
}

/** Writes further lines of a table whose header is written. */
export function writeRows(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')
}

/** Also after spaces, which some programs remove, and with full-width signs, which some treat like the usual ones. */
const FORMULA = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/

/** The same after a character that some programs take for the end of a cell, depending on the country. */
const HIDDEN_FORMULA = /([;\t|])(?=[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g

function writeCell(text: string): string {
  const harmless = (FORMULA.test(text) ? `'${text}` : text).replaceAll(HIDDEN_FORMULA, "$1'")
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
