/** A whole number as an operator has typed it. @returns null for anything else, and for more than the server takes. */
export function readWhole(written: string): number | null {
  const number = Number(written.trim())
  return /^\d+$/.test(written.trim()) && Number.isSafeInteger(number) ? number : null
}
